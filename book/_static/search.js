// The search: opened with /, Ctrl+K or its button, and a page of its own. The index is a script, asked for when somebody
// searches, so that it comes from a file as from a server.
(() => {
  const root = document.documentElement.dataset.content_root || "";
  const FEW = 8;
  let ready = null; // the promise of an index, once somebody searches

  function load() {
    ready ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}_static/search_index.js`;
      script.onload = () => resolve(searchRank.prepare(window.searchIndex));
      script.onerror = () => reject(new Error("search_index.js is not there"));
      document.head.append(script);
    });
    return ready;
  }

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  const marked = (parts) => parts.map(([words, hit]) => (hit ? make("mark", "", words) : words));

  // What stands above a result: the page that it is on, and what it is.
  function where(page, kind) {
    if (kind === "page") return page[2] ? `Chapter ${page[2]}` : "";
    const place = page[2] ? `Chapter ${page[2]} · ${page[1]}` : page[1];
    return { term: "Glossary", name: place, source: "Bibliography", exercise: `${place} · Practice` }[kind] || place;
  }

  function result(index, { i }, stems) {
    const [page, kind, anchor, title, text] = index.entries[i];
    const link = make("a", "search-link", make("span", "search-title", title));
    link.href = root + index.pages[page][0] + (anchor ? `#${anchor}` : "");
    if (kind === "name") link.firstChild.classList.add("search-code");
    const item = make("li", `search-${kind}`, link, make("span", "search-where", where(index.pages[page], kind)));
    if (text) item.append(make("p", "search-snippet", ...marked(searchRank.snippet(text, stems))));
    return item;
  }

  // A field with its results: `limit` of them, with a link to all; and how many there are, said aloud.
  function connect(input, box, limit) {
    const count = make("p", "search-count");
    count.setAttribute("role", "status");
    const list = make("ol", "search-found");
    list.setAttribute("aria-label", "Search results");
    const all = make("a", "search-all");
    box.replaceChildren(count, list);
    let latest = 0;

    async function show() {
      const query = input.value.trim(), turn = ++latest;
      if (!query) {
        count.textContent = "";
        list.replaceChildren();
        all.remove();
        return;
      }
      let index;
      try {
        index = await load();
      } catch (error) {
        count.textContent = `The search does not work: ${error.message}.`;
        return;
      }
      if (turn !== latest) return; // somebody has typed on
      const { results, stems } = searchRank.rank(index, query);
      list.replaceChildren(...results.slice(0, limit).map((found) => result(index, found, stems)));
      const many = results.length === 1 ? "1 result" : `${results.length || "No"} results`;
      count.textContent = results.length ? `${many} for “${query}”` : `${many} for “${query}”. Try other words, or fewer.`;
      all.remove();
      if (results.length > limit) {
        all.href = `${root}search.html?q=${encodeURIComponent(query)}`;
        all.textContent = `All ${results.length} results`;
        box.append(all);
      }
      box.dataset.query = query; // what is shown now
    }

    // Up and down go from result to result, and back to the field.
    function move(event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [input, ...box.querySelectorAll("a")];
      const at = stops.indexOf(document.activeElement), next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (at < 0 || !next) return;
      event.preventDefault();
      next.focus();
    }

    input.addEventListener("focus", () => load().catch(() => {}));
    input.addEventListener("input", show);
    input.addEventListener("keydown", move);
    box.addEventListener("keydown", move);
    return show;
  }

  function open() {
    const page = document.querySelector("#search-results"), dialog = document.getElementById("pst-search-dialog");
    if (!page && dialog && !dialog.open) dialog.showModal();
    const input = page ? document.querySelector(".bd-search-container input") : dialog?.querySelector("input");
    input?.focus();
    input?.select();
  }

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable='false'])");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });

  function start() {
    const dialog = document.getElementById("pst-search-dialog");
    if (dialog) {
      dialog.setAttribute("aria-label", "Search");
      const box = make("div", "search-results");
      dialog.append(box);
      connect(dialog.querySelector("input"), box, FEW);
    }
    const page = document.getElementById("search-results");
    if (!page) return;
    page.className = "search-results";
    const input = document.querySelector(".bd-search-container input");
    const show = connect(input, page, Infinity);
    input.value = new URLSearchParams(location.search).get("q") || "";
    show();
    input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      show();
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
