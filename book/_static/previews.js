// What a link leads to, shown beside it: a term of the glossary, an equation, a figure, an entry of the bibliography. With
// the mouse or by keyboard it is a tooltip; at the first tap it is a small dialog with a link that leads there.
(() => {
  const DELAY = 300; // milliseconds, so that a pointer that passes by opens nothing, and one that moves over closes nothing
  const EDGE = 8; // pixels that stay free at the edges of the window
  const GAP = 4; // pixels between the link and its preview
  let box, shown, timer;

  const templates = new Map();

  // Of a place on this page: a copy, without what would be there twice.
  const copied = (id) => {
    const target = document.getElementById(id);
    const made = document.createElement("div");
    if (target?.matches("div.math")) {
      made.append(target.cloneNode(true));
    } else if (target?.matches("figure")) {
      const image = [...target.querySelectorAll("img")].find((each) => each.checkVisibility());
      if (image) made.append(image.cloneNode(true));
      made.append(...[...target.querySelectorAll("figcaption > p")].map((each) => each.cloneNode(true)));
    } else {
      return null;
    }
    made.querySelectorAll(".headerlink, .confirmed").forEach((each) => each.remove());
    made.querySelectorAll("a").forEach((each) => each.replaceWith(...each.childNodes));
    [made, ...made.querySelectorAll("[id]")].forEach((each) => each.removeAttribute("id"));
    made.querySelectorAll("[tabindex]").forEach((each) => each.removeAttribute("tabindex"));
    return made;
  };

  const content = (link) => {
    const address = link.getAttribute("href");
    if (templates.has(address)) {
      const made = document.createElement("div");
      made.append(templates.get(address).content.cloneNode(true));
      return made;
    }
    return address.startsWith("#") ? copied(decodeURIComponent(address.slice(1))) : null;
  };

  const has = (link) => {
    const address = link.getAttribute("href");
    if (templates.has(address)) return true;
    return /^#(equation-|fig-)/.test(address) && !link.matches(".headerlink");
  };

  // Below the link, or above it where there is more room; never beyond the window.
  const place = (link) => {
    const lines = [...link.getClientRects()];
    const above = lines[0].top - 2 * EDGE;
    const below = innerHeight - lines.at(-1).bottom - 2 * EDGE;
    box.style.maxHeight = "";
    const under = box.offsetHeight <= below || below >= above;
    box.style.maxHeight = `${Math.min(box.offsetHeight, Math.max(under ? below : above, 80))}px`;
    const left = Math.max(EDGE, Math.min(lines[0].left, document.documentElement.clientWidth - box.offsetWidth - EDGE));
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(under ? lines.at(-1).bottom + GAP : lines[0].top - box.offsetHeight - GAP) + scrollY}px`;
  };

  const close = (back = false) => {
    clearTimeout(timer);
    if (!shown) return;
    const link = shown;
    const inside = box.contains(document.activeElement);
    shown = null;
    link.removeAttribute("aria-describedby");
    box.hidden = true;
    if (back && inside) link.focus({ preventScroll: true });
  };

  const button = () => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = "Close";
    made.addEventListener("click", () => close(true));
    return made;
  };

  const open = (link, tapped) => {
    clearTimeout(timer);
    if (shown === link && tapped === (box.getAttribute("role") === "dialog")) return;
    close();
    const made = content(link);
    if (!made) return;
    shown = link;
    box.replaceChildren(made);
    box.hidden = false;
    if (tapped) {
      const go = document.createElement("a");
      go.href = link.getAttribute("href");
      go.textContent = "Go there";
      go.addEventListener("click", () => close());
      const line = document.createElement("p");
      line.className = "seq-go";
      line.append(go, button());
      box.append(line);
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", `Preview: ${link.textContent.trim()}`);
    } else {
      box.setAttribute("role", "tooltip");
      box.removeAttribute("aria-label");
      link.setAttribute("aria-describedby", box.id);
    }
    place(link);
    if (tapped) box.focus({ preventScroll: true });
  };

  const later = (what) => {
    clearTimeout(timer);
    timer = setTimeout(what, DELAY);
  };

  const begin = () => {
    const article = document.querySelector("article");
    if (!article) return;
    for (const each of document.querySelectorAll("template.seq-preview")) templates.set(each.dataset.for, each);
    const links = new Set([...article.querySelectorAll("a[href*='#']")].filter(has));
    if (!links.size) return;
    for (const link of links) link.removeAttribute("title"); // the preview says it
    box = document.createElement("div");
    box.id = "seq-preview";
    box.hidden = true;
    box.tabIndex = -1;
    document.body.append(box);

    const of = (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      return links.has(link) ? link : null;
    };
    let touched = false;
    const mouse = (event) => event.pointerType !== "touch";
    article.addEventListener("pointerover", (event) => mouse(event) && of(event) && later(() => open(of(event), false)));
    article.addEventListener("pointerout", (event) => mouse(event) && of(event) && later(() => close()));
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", (event) => {
      if (mouse(event) && box.getAttribute("role") === "tooltip") later(() => close());
    });
    article.addEventListener("focusin", (event) => of(event)?.matches(":focus-visible") && open(of(event), false));
    article.addEventListener("focusout", (event) => of(event) === shown && box.getAttribute("role") === "tooltip" && close());
    document.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch";
      if (shown && !box.contains(event.target) && of(event) !== shown) close();
    });
    article.addEventListener("click", (event) => {
      const link = of(event);
      if (!link || !touched || (shown === link && box.getAttribute("role") === "dialog")) return;
      event.preventDefault();
      open(link, true);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !shown) return;
      close(true);
      event.stopPropagation();
    });
    addEventListener("resize", () => close());
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
