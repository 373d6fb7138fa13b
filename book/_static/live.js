// Live models. Each stands in its page as a still: controls, a sentence, a picture, as tests/tools/test_live.py and the
// extension live make them. When a reader first touches one, its scripts are loaded, once, and it answers from then on.
// All comes as scripts, for a page that was opened as a file cannot fetch anything.
(() => {
  const here = new URL(".", document.currentScript.src);
  const loaded = new Map();
  const load = file => {
    if (!loaded.has(file)) {
      loaded.set(file, new Promise((done, failed) => {
        const script = Object.assign(document.createElement("script"), { src: new URL(file, here), onload: done });
        script.onerror = () => failed(new Error(`${file} cannot be loaded`));
        document.head.append(script);
      }));
    }
    return loaded.get(file);
  };
  const settings = form => Object.fromEntries(new FormData(form));
  globalThis.live = { models: {}, widgets: {} };

  // The widget of a box, with all that it needs loaded.
  const wake = async box => {
    const { widget, model } = box.dataset;
    await load("nets.js");
    await load("widgets/pictures.js");
    if (model) await load(`live/${model}.js`);
    await load(`widgets/${widget}.js`);
    box.dataset.awake = "";
    return live.widgets[widget];
  };

  // A slider never goes beyond what there is, and stays at the end where it is at the end; was one moved by that?
  const fit = (form, limits) => Object.entries(limits ?? {}).some(([name, most]) => {
    const field = form.elements[name];
    const [before, atEnd] = [field.value, field.value === field.max];
    field.max = most;
    if (atEnd) field.value = most;
    return field.value !== before;
  });
  // What the model makes of the settings; a button of the old picture that had the focus has it in the new one.
  const draw = async box => {
    const widget = await wake(box);
    const form = box.querySelector("form");
    const drawn = () => widget.draw(live.models[box.dataset.model], settings(form));
    let { said, picture, limits } = drawn();
    if (fit(form, limits)) ({ said, picture } = drawn());
    const focus = document.activeElement?.dataset.key;
    box.querySelector(".live-said").textContent = said;
    box.querySelector(".live-picture").innerHTML = picture;
    if (focus) box.querySelector(`[data-key="${focus}"]`)?.focus();
    for (const shown of form.querySelectorAll("[data-shows]")) shown.textContent = form.elements[shown.dataset.shows].value;
  };
  const answer = box => draw(box).catch(error => {
    box.querySelector(".live-said").textContent = `This model cannot run here: ${error.message}.`;
  });

  const boxOf = event => event.target.closest?.(".live");
  const put = (form, values, how = (_, value) => value) => {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = how(form.elements[name].value, value);
  };
  for (const kind of ["focusin", "pointerdown"]) {
    document.addEventListener(kind, event => {
      const box = boxOf(event);
      if (box && !("awake" in box.dataset)) wake(box).catch(() => {}); // said when it is asked to answer
    });
  }
  document.addEventListener("input", event => {
    const box = boxOf(event);
    if (!box) return;
    if (event.target.dataset.clears) put(box.querySelector("form"), { [event.target.dataset.clears]: "" });
    answer(box);
  });
  document.addEventListener("click", event => {
    const box = boxOf(event);
    const button = event.target.closest?.("[data-set], [data-append], [data-add]");
    if (!box || !button) return;
    const { set = "{}", append = "{}", add = "{}" } = button.dataset;
    const form = box.querySelector("form");
    put(form, JSON.parse(set));
    put(form, JSON.parse(append), (before, more) => before + more);
    put(form, JSON.parse(add), (before, more) => Number(before) + more);
    answer(box);
  });
  document.addEventListener("submit", event => {
    const box = boxOf(event);
    if (!box) return;
    event.preventDefault();
    answer(box);
  });
})();
