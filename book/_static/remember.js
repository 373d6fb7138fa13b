// What was read and solved, kept by this browser on this device, and by nobody else. A section counts as read when its
// end has been on the screen, and the section itself as long as it takes to skim it; a chapter when its sections were,
// but for the practice and the further reading. `seq:solved` tells of a right answer in the page.
(() => {
  const CHAPTER = "seq:chapter:";
  const LAST = "seq:last"; // the chapter that was opened last
  const SKIMMED = 15; // words in a second
  const AT_LEAST = 2; // seconds
  const ROUNDED = 8; // pixels: an end that is all but on the screen
  const OPTIONAL = /^(practice|further-reading)$/;

  // A browser may keep nothing for a file, or for anybody: then this page remembers nothing, and all else works.
  const kept = (() => {
    try {
      localStorage.setItem("seq:try", "1");
      localStorage.removeItem("seq:try");
      return localStorage;
    } catch {
      return null;
    }
  })();

  const named = (address) => (/\/chapters\/(\d\d_\w+)\.html/.exec(new URL(address, location.href).pathname) || [])[1];
  const here = named(location.href);

  const recall = (chapter) => {
    let found = null;
    try {
      found = JSON.parse(kept.getItem(CHAPTER + chapter));
    } catch {
      // nothing can be kept, or something else has written there
    }
    const list = (value) => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);
    return {
      read: found?.read === true,
      sections: list(found?.sections),
      solved: list(found?.solved),
      next: typeof found?.next === "string" ? found.next : "",
    };
  };

  const note = (chapter, change) => {
    const known = recall(chapter); // anew: another tab may have written
    change(known);
    try {
      kept.setItem(CHAPTER + chapter, JSON.stringify(known));
    } catch {
      // full, or denied
    }
    show();
  };

  const forget = () => {
    for (const key of Object.keys(kept || {})) if (key.startsWith("seq:")) kept.removeItem(key);
    document.dispatchEvent(new CustomEvent("seq:forgotten"));
    show();
  };

  const make = (tag, name, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const hidden = (text) => make("span", "seq-unseen", text);

  // A tick for the eye and a word for the ear, at the end of a link.
  const tick = (place, word) => {
    const old = place.querySelector(":scope > .seq-tick");
    if (!word) return old?.remove();
    if (old) return;
    const made = make("span", "seq-tick");
    const sign = make("span", "", " ✓");
    sign.setAttribute("aria-hidden", "true");
    made.append(sign, hidden(` ${word}`));
    place.append(made);
  };

  const add = (place, words) => {
    place.querySelector(":scope > .seq-said")?.remove();
    if (words) place.append(make("span", "seq-said", ` · ${words}`));
  };

  const sections = () => [...document.querySelectorAll("article > section > section[id]")];
  const wanted = () => sections().filter((section) => !OPTIONAL.test(section.id));

  // The cell of each exercise, by its name.
  const exercises = () => {
    const found = new Map();
    for (const cell of document.querySelectorAll("#practice .cell_input")) {
      const name = /^practice\.(\w+)\(/m.exec(cell.textContent);
      if (name) found.set(name[1], cell.closest("div.cell"));
    }
    return found;
  };

  const box = (name, words, rest, change) => {
    const label = make("label", name);
    const made = document.createElement("input");
    made.type = "checkbox";
    made.addEventListener("change", () => change(made.checked));
    label.append(made, ` ${words}`, hidden(rest));
    return label;
  };

  const readOrNot = (yes) =>
    note(here, (known) => {
      known.read = yes;
      known.sections = yes ? wanted().map((section) => section.id) : [];
      known.next = "";
    });

  const solvedOrNot = (chapter, exercise, yes) =>
    note(chapter, (known) => {
      known.solved = known.solved.filter((name) => name !== exercise);
      if (yes) known.solved.push(exercise);
    });

  const seen = (id) =>
    note(here, (known) => {
      if (!known.sections.includes(id)) known.sections.push(id);
      const left = wanted().filter((section) => !known.sections.includes(section.id));
      known.read ||= left.length === 0;
      known.next = left.length ? left[0].id : "";
    });

  // Once a second: which sections are on the screen, for how long, and whose ends.
  const watch = () => {
    const watched = sections().map((section) => {
      const words = [...section.querySelectorAll("p")].reduce((sum, p) => sum + p.textContent.split(/\s+/).length, 0);
      return { section, needed: Math.max(AT_LEAST, words / SKIMMED), seconds: 0, ended: false };
    });
    setInterval(() => {
      if (document.hidden) return;
      const known = recall(here).sections;
      for (const each of watched) {
        if (known.includes(each.section.id)) continue;
        const { top, bottom } = each.section.getBoundingClientRect();
        if (bottom <= 0 || top >= innerHeight) continue;
        each.seconds += 1;
        each.ended ||= bottom <= innerHeight + ROUNDED;
        if (each.ended && each.seconds >= each.needed) seen(each.section.id);
      }
    }, 1000);
  };

  // Cards, parts and the way on, on the first page.
  const showCards = () => {
    const cards = [...document.querySelectorAll(".chapter-card:not(.to-come)")].map((card) => {
      const link = card.querySelector("a");
      const facts = card.querySelector(".chapter-facts");
      const known = recall(named(link.href));
      const all = (/(\d+) exercises/.exec(facts.textContent) || [])[1];
      const done = known.solved.length ? `${known.solved.length} of ${all} solved` : "";
      add(facts, [known.read ? "✓ read" : "", done].filter(Boolean).join(" · "));
      return { card, link, known };
    });
    for (const part of document.querySelectorAll(".book-part")) {
      const inside = cards.filter(({ card }) => part.contains(card));
      const read = inside.filter(({ known }) => known.read).length;
      add(part.querySelector(".part-facts"), read ? `${read} of ${inside.length} read` : "");
    }
    const start = document.querySelector(".start a");
    if (!start || !cards.length) return;
    start.dataset.first ||= JSON.stringify([start.getAttribute("href"), start.textContent]);
    const facts = document.querySelector(".start-facts");
    facts.dataset.first ||= facts.textContent;
    [start.href, start.textContent] = JSON.parse(start.dataset.first);
    facts.textContent = facts.dataset.first;
    const last = cards.findIndex(({ link }) => named(link.href) === kept?.getItem(LAST));
    const onward = last < 0 ? undefined : cards.slice(last).find(({ known }) => !known.read);
    if (!onward) return;
    const [number, title] = onward.link.textContent.split(" · ");
    start.href = onward.link.href + (onward.known.next ? `#${onward.known.next}` : "");
    start.textContent = `Continue with chapter ${number}`;
    facts.textContent = title;
  };

  // The list of what is remembered, where it can be forgotten.
  const showAll = () => {
    const place = document.querySelector(".remembered");
    if (!place) return;
    const lines = [...document.querySelectorAll(".bd-docs-nav a")].flatMap((link) => {
      const known = named(link.href) ? recall(named(link.href)) : null;
      const said = known && [
        known.read ? "read" : known.sections.length ? `sections read: ${known.sections.length}` : "",
        known.solved.length ? `exercises solved: ${known.solved.length}` : "",
      ].filter(Boolean).join("; ");
      return said ? [`${link.firstChild.textContent.trim()}: ${said}`] : [];
    });
    place.querySelector("ul, p").replaceWith(make(lines.length ? "ul" : "p", ""));
    if (lines.length) place.querySelector("ul").append(...lines.map((line) => make("li", "", line)));
    else place.querySelector("p").textContent = kept ? "Nothing yet." : "This browser keeps nothing for this page.";
  };

  const show = () => {
    for (const link of document.querySelectorAll(".bd-docs-nav a")) {
      const chapter = named(link.href);
      if (chapter) tick(link, recall(chapter).read ? "read" : "");
    }
    showCards();
    showAll();
    if (!here) return;
    const known = recall(here);
    for (const link of document.querySelectorAll("nav.page-toc > ul > li > a")) {
      tick(link, known.sections.includes(decodeURIComponent(link.hash.slice(1))) ? "read" : "");
    }
    for (const made of document.querySelectorAll(".seq-solved")) {
      made.firstChild.checked = known.solved.includes(made.dataset.exercise);
    }
    const made = document.querySelector(".seq-read input");
    if (made) made.checked = known.read;
  };

  const begin = () => {
    const place = document.querySelector(".remembered");
    if (place && kept) {
      const button = make("button", "btn btn-sm seq-forget", "Forget everything");
      const said = make("p", "seq-forgotten");
      said.setAttribute("role", "status");
      button.type = "button";
      button.addEventListener("click", () => {
        forget();
        said.textContent = "Forgotten.";
      });
      place.append(button, said);
    }
    const how = document.querySelector(".bd-docs-nav a[href$='how_to_use.html']");
    const link = make("a", "", "What is remembered on this device");
    link.href = `${how ? how.getAttribute("href") : ""}#what-is-remembered`;
    const line = make("p", "seq-footer");
    line.append(link);
    document.querySelector(".bd-footer-content .extra_footer")?.append(line);
    if (here && kept) {
      try {
        kept.setItem(LAST, here);
      } catch {
        // full
      }
      for (const [name, cell] of exercises()) {
        const made = box("seq-solved", "Solved", `: exercise ${name}`, (yes) => solvedOrNot(here, name, yes));
        made.dataset.exercise = name;
        cell.after(made);
      }
      const article = document.querySelector("article");
      article?.append(box("seq-read", "I have read this chapter", "", readOrNot));
      watch();
    }
    show();
  };

  document.addEventListener("seq:solved", ({ detail }) => solvedOrNot(detail.chapter, detail.exercise, true));
  addEventListener("storage", show);
  addEventListener("pageshow", (event) => event.persisted && show());
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
