// Python in a worker, so that the page stays alive and an endless loop can be ended. The page hands in every file: nothing
// is fetched, for a page that was opened from a disk may fetch nothing.
"use strict";

const files = {};

const unpacked = async base64 => {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// Pyodide asks for its files by address. It gets those that were handed in, and no others.
self.fetch = async request => {
  const name = String(request.url ?? request).split("/").pop();
  if (!(name in files)) throw new TypeError(`${name} is not in this page`);
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(files[name], { headers: { "Content-Type": type } });
};

let judge;

const start = async packed => {
  for (const [name, base64] of Object.entries(packed)) files[name] = await unpacked(base64);
  const text = name => new TextDecoder().decode(files[name]);
  (0, eval)(text("pyodide.js"));
  (0, eval)(text("pyodide.asm.js")); // loadPyodide would import it by its address
  const python = await loadPyodide({ indexURL: "file:///python/", stdin: () => null, stdout: () => {}, stderr: () => {} });
  await python.loadPackage("numpy", { messageCallback: () => {} });
  python.unpackArchive(files["seqlib.zip"], "zip");
  python.FS.writeFile("in_page.py", files["in_page.py"]);
  for (const name of Object.keys(files)) delete files[name];
  judge = python.pyimport("in_page").answer;
};

self.onmessage = async ({ data }) => {
  try {
    if (data.files) {
      await start(data.files);
      postMessage({ ready: true });
    } else {
      postMessage({ id: data.id, result: JSON.parse(judge(JSON.stringify(data.request))) });
    }
  } catch (error) {
    // Python itself has broken down, by too deep a recursion, say: this worker is of no more use
    postMessage({ id: data.id, broken: String(error.message || error).trim().split("\n").pop() });
  }
};
