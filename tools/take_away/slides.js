// One slide at a time: arrows, space, Page Up and Down, Home, End, or a tap on the left or right third; n for the notes.
const slides = [...document.querySelectorAll(".slide")];
const root = document.documentElement;
let now = 0;

function show(number, remember = true) {
  now = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, i) => slide.classList.toggle("now", i === now));
  slides[now].tabIndex = -1;
  slides[now].focus({ preventScroll: true });
  if (remember) history.replaceState(null, "", `#slide-${now + 1}`);
}

// What does not fit its slide gets a smaller type. Measured while all slides are shown.
function fit() {
  const turned = root.classList.contains("turn");
  root.classList.remove("turn");
  for (const content of document.querySelectorAll(".slide .content"))
    for (let size = 1; size > 0.4; size -= 0.04) {
      content.style.fontSize = `${size}em`;
      if (content.scrollHeight <= content.clientHeight + 1 && content.scrollWidth <= content.clientWidth + 1) break;
    }
  root.classList.toggle("turn", turned);
}

function from_address() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const slide = target && target.closest(".slide");
  show(slide ? slides.indexOf(slide) : 0, false);
}

const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("a")) return;
  if (event.key in steps) show(now + steps[event.key] * (event.key === " " && event.shiftKey ? -1 : 1));
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key === "n") root.classList.toggle("noted");
  else return;
  event.preventDefault();
});
addEventListener("click", (event) => {
  if (event.target.closest("a, .notes") || String(getSelection())) return;
  const third = event.clientX / innerWidth;
  if (third < 1 / 3) show(now - 1);
  else if (third > 2 / 3) show(now + 1);
});
addEventListener("hashchange", from_address);
addEventListener("resize", fit);
document.fonts.ready.then(() => {
  fit();
  root.classList.add("turn");
  from_address();
  root.dataset.ready = "";
});
