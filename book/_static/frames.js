// A figure that moves, as one slider instead of a row of radio buttons: arrow keys, Home and End, drag or tap, and a
// button that plays it. The radio buttons stay the ones that choose what is shown; without this script they are seen.
(() => {
  const PACE = 1200; // milliseconds for each picture

  const enhance = (figure, number) => {
    const radios = [...figure.querySelectorAll(":scope > input[type=radio]")];
    const legend = figure.querySelector("legend");
    if (radios.length < 2 || !legend) return;
    const name = legend.textContent.replace(/: choose a frame$/, "");
    const labels = radios.map((radio) => radio.getAttribute("aria-label"));
    const bar = document.createElement("div");
    const slider = document.createElement("input");
    const said = document.createElement("output");
    const play = document.createElement("button");
    let timer = 0;

    const call = (word) => {
      play.textContent = word;
      play.setAttribute("aria-label", `${word}: ${name}`);
    };
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      call("Play");
    };
    const show = (step) => {
      radios[step].checked = true;
      slider.value = step + 1;
      const words = `step ${step + 1} of ${radios.length}`;
      slider.setAttribute("aria-valuetext", `${words}: ${labels[step]}`);
      said.textContent = words;
    };
    const chosen = () => radios.findIndex((radio) => radio.checked);

    bar.className = "seq-slider";
    slider.type = "range";
    slider.min = slider.step = 1;
    slider.max = radios.length;
    slider.id = `seq-slider-${number}`;
    slider.setAttribute("aria-label", name);
    slider.addEventListener("input", () => {
      stop();
      show(slider.value - 1);
    });
    said.htmlFor.add(slider.id);
    said.setAttribute("aria-hidden", "true"); // the slider says it
    play.type = "button";
    play.className = "btn btn-sm";
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (chosen() === radios.length - 1) show(0);
      call("Pause");
      timer = setInterval(() => {
        show(chosen() + 1);
        if (chosen() === radios.length - 1) stop();
      }, PACE);
    });

    legend.textContent = name;
    bar.append(slider, said);
    // Who wants no motion moves it by hand.
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) bar.append(play);
    legend.after(bar);
    figure.classList.add("seq-sliding");
    stop();
    show(Math.max(chosen(), 0));
  };

  const begin = () => document.querySelectorAll("fieldset.seq-frames").forEach(enhance);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
