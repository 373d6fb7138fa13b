// Python in the page: one worker, started by the first question, from scripts that lie beside the page. Nothing is
// loaded before; nothing comes from another host; a page that was opened from a disk can do the same.
//
//   seqPython.run(request, say)  answers a request as book/_pyodide/in_page.py does; say(words, running) tells how far it is
//   seqPython.stop()             ends whatever runs, by ending the worker; the next request starts another one
(() => {
  "use strict";
  const PARTS = ["seqlib", "pyodide", "stdlib", "numpy", "wasm"];
  const STOPPED = Object.assign(new Error("Stopped."), { stopped: true });
  const loaded = {}; // path -> the promise of a script
  const here = new Set(); // the parts that have come
  let worker = null;
  let started = null; // the promise that Python answers
  let waiting = new Map(); // what the worker owes an answer to
  let last = 0;
  let stops = 0;

  // A script is asked for once; one that did not come is asked for again by the next request.
  const load = path =>
    (loaded[path] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`${document.documentElement.dataset.content_root}_static/python/${path}.js`, location.href);
      script.onload = () => resolve(here.add(path));
      script.onerror = () => {
        delete loaded[path];
        script.remove();
        reject(new Error("A part of Python could not be loaded. Is there a network? Press Run to try again."));
      };
      document.head.append(script);
    }));

  const end = why => {
    worker?.terminate();
    const all = [...waiting.values()];
    [worker, started, waiting] = [null, null, new Map()];
    for (const { reject } of all) reject(why);
  };

  const ask = (id, message) =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage(message);
    });

  const heard = ({ id = "start", result, broken }) => {
    if (broken) return end(new Error(`Python broke down; press Run to start it anew. It said: ${broken}`));
    waiting.get(id)?.resolve(result);
    waiting.delete(id);
  };

  const start = () => {
    const source = URL.createObjectURL(new Blob([seqPythonWorker], { type: "text/javascript" }));
    const made = (worker = new Worker(source));
    made.onmessage = ({ data }) => made === worker && heard(data);
    made.onerror = event => made === worker && heard({ broken: event.message });
    return ask("start", { files: seqPythonFiles }).finally(() => URL.revokeObjectURL(source));
  };

  const run = async ({ chapter, exercise, text }, say = () => {}) => {
    const before = stops;
    const unlessStopped = () => {
      if (stops !== before) throw STOPPED;
    };
    const count = () => {
      const come = PARTS.filter(part => here.has(part)).length;
      if (stops === before && come < PARTS.length) say(`Loading Python, 12 MB: ${come} of ${PARTS.length} parts are here …`);
    };
    count();
    await Promise.all([load(`chapters/${chapter}`), ...PARTS.map(part => load(part).then(count))]);
    unlessStopped();
    if (!started) say("Starting Python …");
    await (started ??= start());
    unlessStopped();
    say("Running …", true);
    const { setup, absent } = seqPythonChapters[chapter];
    last += 1;
    return ask(last, { id: last, request: { chapter, setup, absent, exercise, text } });
  };

  const stop = () => {
    stops += 1;
    end(STOPPED);
  };

  self.seqPython = { run, stop };
})();
