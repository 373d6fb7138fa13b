// An editor in place of the cell of each exercise: the reader's answer, the checker's word, and what was right before.
// Without scripts the cell stands as it is, and the page loads nothing until Run is pressed.
(() => {
  "use strict";
  const INDENT = "    ";
  const SLOW = 8000; // after so many milliseconds the way out of an endless loop is told
  const MARKS = { right: "✓", wrong: "✗", error: "✗", empty: "✎", absent: "✎" };
  let count = 0;

  // Some browsers refuse to remember anything for a page from a disk.
  const memory = {
    get: key => {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value);
      } catch {
        // what is not remembered can be written again
      }
    },
  };

  const element = (tag, attributes = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...inside);
    return made;
  };

  // The cell without the call of the checker; a body that is to be written gets a line of its own.
  const stubOf = cell => {
    const source = cell.querySelector(".cell_input pre").textContent;
    return source.slice(0, source.lastIndexOf("practice.")).trimEnd().replace(/: \.\.\.$/, `:\n${INDENT}...`);
  };

  // As if typed, so that Ctrl+Z takes it back.
  const type = (area, text) => {
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  };

  const indent = (area, back) => {
    const { value, selectionStart: from, selectionEnd: to } = area;
    const first = value.lastIndexOf("\n", from - 1) + 1;
    if (!back && from === to) return type(area, " ".repeat(INDENT.length - ((from - first) % INDENT.length)));
    const lines = value.slice(first, to).split("\n");
    const moved = lines.map(line => (back ? line.replace(/^ {1,4}/, "") : INDENT + line)).join("\n");
    if (moved === value.slice(first, to)) return;
    area.setSelectionRange(first, to);
    type(area, moved);
    if (from === to) area.setSelectionRange(Math.max(first, to + moved.length - (to - first)), first + moved.length);
    else area.setSelectionRange(first, first + moved.length);
  };

  const newLine = area => {
    const line = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
    type(area, `\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? INDENT : ""}`);
  };

  const lively = place => {
    const { chapter, exercise } = place.dataset;
    const key = `seq:answer:${chapter}:${exercise}`;
    const stub = stubOf(place);
    const id = `practice-${(count += 1)}`;
    const area = element("textarea", { id, value: memory.get(key) ?? stub, spellcheck: false, autocomplete: "off" });
    area.setAttribute("autocapitalize", "off");
    area.setAttribute("autocorrect", "off");
    area.setAttribute("aria-describedby", `${id}-keys`);
    const run = element("button", { type: "button", className: "practice-run" }, "Run");
    const stop = element("button", { type: "button", hidden: true }, "Stop");
    const reset = element("button", { type: "button" }, "Reset to stub");
    const said = element("p", { className: "practice-said" });
    said.setAttribute("role", "status");
    const lines = element("pre", { hidden: true, className: "practice-lines" });
    const heading = element("p", { hidden: true, className: "practice-keys" }, "Printed:");
    const printed = element("pre", { hidden: true, className: "practice-printed" });
    const keys = "Tab indents; Esc, then Tab, leaves. Ctrl+Enter runs. The first run loads Python into this page, 12 MB.";
    let leaving = false;
    let running = false;

    const fit = () => (area.rows = Math.max(3, area.value.split("\n").length + 1));
    const show = (status, words, more = {}) => {
      said.className = `practice-said ${status}`;
      said.textContent = words;
      for (const [box, text] of [[lines, more.lines], [printed, more.printed]]) {
        box.hidden = !text;
        box.textContent = text ?? "";
      }
      heading.hidden = printed.hidden;
    };
    const work = now => {
      running = now;
      stop.hidden = !now;
      run.disabled = now;
      if (!now && document.activeElement === stop) run.focus();
    };
    const wordsOf = ({ status, message }) => {
      if (status !== "absent") return `${MARKS[status]} ${exercise}: ${message}`;
      const what = `${MARKS.absent} ${exercise}: your text uses ${message}. This page runs Python with NumPy alone, and the exercise`;
      return `${what} can be solved with it. The whole chapter runs in JupyterLab or Colab: see the rocket at the top.`;
    };

    const go = async () => {
      if (running) return;
      work(true);
      let slow;
      const say = (words, started) => {
        show("waiting", words);
        if (started) slow = setTimeout(() => show("waiting", "Still running. If your loop never ends, press Stop."), SLOW);
      };
      try {
        const result = await seqPython.run({ chapter, exercise, text: area.value }, say);
        show(result.status, wordsOf(result), result);
        if (result.status === "right")
          document.dispatchEvent(new CustomEvent("seq:solved", { detail: { chapter, exercise } }));
      } catch (error) {
        show("error", error.stopped ? "Stopped. Python starts anew when you press Run." : error.message);
      }
      clearTimeout(slow);
      work(false);
    };

    area.addEventListener("input", () => {
      fit();
      memory.set(key, area.value === stub ? null : area.value);
    });
    area.addEventListener("keydown", event => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === "Tab" && plain && !leaving) {
        event.preventDefault();
        indent(area, event.shiftKey);
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        go();
      } else if (event.key === "Enter" && plain && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        newLine(area);
      }
      leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    });
    area.addEventListener("blur", () => (leaving = false));
    run.addEventListener("click", go);
    stop.addEventListener("click", () => seqPython.stop());
    reset.addEventListener("click", () => {
      area.focus();
      area.select();
      type(area, stub);
      show("", "");
    });

    fit();
    place.querySelector(".cell").after(
      element(
        "div",
        { className: "practice-editor" },
        element("label", { htmlFor: id }, "Your answer: ", element("code", {}, exercise)),
        area,
        element("p", { id: `${id}-keys`, className: "practice-keys" }, keys),
        element("div", { className: "practice-buttons" }, run, stop, reset),
        said,
        lines,
        heading,
        printed,
      ),
    );
    place.classList.add("lively");
  };

  for (const place of document.querySelectorAll(".practice[data-exercise]")) lively(place);
})();
