// Makes formulas and tables that are wider than their room smaller, and says what is still too wide after that.
// A formula or a table is never cut; code and text wrap by themselves.
() => {
  const smallest = 0.55;
  const wide = (element) => {
    const boxes = [element, ...element.querySelectorAll("*")].map((e) => e.getBoundingClientRect()).filter((b) => b.width);
    return Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left));
  };
  const room = (element) => {
    const place = element.parentElement, look = getComputedStyle(place);
    if (place.matches("div.math")) return element.getBoundingClientRect().width;
    const block = element.closest("p, li, dd, td, th, div, section, figcaption"), style = getComputedStyle(block);
    return block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  for (const element of document.querySelectorAll("math, table")) {
    const available = room(element);
    for (let size = 1; size > smallest && wide(element) > available + 0.5; size -= 0.05)
      element.style.fontSize = `${(size - 0.05) * (element.matches("table") ? 0.88 : 1)}em`;
  }
  const edge = document.body.getBoundingClientRect().right + 1;
  const stands_out = (e) => e.getBoundingClientRect().right > edge || (e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  return [...document.body.querySelectorAll(":scope > :not(.cover), :scope > :not(.cover) *")]
    .filter((e) => e.getBoundingClientRect().width && !e.closest("math *") && stands_out(e))
    .map((e) => `${e.closest("[id]").id}: <${e.localName} class="${e.className}"> ${e.textContent.slice(0, 60)}`);
};
