// The GRU of chapter 10 goes on writing, character by character, with a temperature, with top-p, and with a seed.
(() => {
  const UNK = 3;
  const LENGTH = 120; // characters that are written
  const SHOWN = 10; // of the next character
  const write = (weights, ids, temperature, topP, seed, length = LENGTH) => {
    const uniform = nets.uniform(seed);
    let { states, logits } = nets.sequence(nets.gru, weights, ids);
    const first = logits.at(-1);
    const written = [];
    while (written.length < length) {
      written.push(nets.draw(nets.distribution(logits.at(-1), temperature, topP), uniform()));
      ({ states, logits } = nets.sequence(nets.gru, weights, written.slice(-1), states.at(-1)));
    }
    return { first, written };
  };
  const name = sign => ({ " ": "␣", "\n": "¶" })[sign] ?? sign;
  const draw = ({ vocabulary, weights }, { beginning, temperature, topP, seed }) => {
    const signs = [...(beginning || "\n")];
    const ids = signs.map(sign => vocabulary.indexOf(sign)).map(id => (id < 0 ? UNK : id));
    const [tau, mass] = [Number(temperature), Number(topP)];
    const { first, written } = write(weights, ids, tau, mass, Number(seed));
    const [p, q] = [nets.softmax(first), nets.distribution(first, tau, mass)];
    const order = [...p.keys()].sort((a, b) => p[b] - p[a] || a - b).slice(0, SHOWN);
    const strange = [...new Set(signs.filter((_, k) => ids[k] === UNK))].map(sign => `“${sign}”`);
    const possible = q.filter(v => v > 0).length;
    const said = `Next comes one of ${possible} character${possible === 1 ? "" : "s"}, most likely “${name(vocabulary[nets.argmax(p)])}”.` +
      (beginning ? "" : " Nothing is typed, so it begins after the end of a line.") +
      (strange.length ? ` It has never seen ${strange.join(", ")}, and reads UNK instead.` : "");
    const text = written.map(id => vocabulary[id]).join("");
    return {
      said,
      picture: `<p class="live-written"><b>${live.escape(beginning)}</b>${live.escape(text)}</p>` + live.table({
        caption: "The next character, in percent: what the model gives it, and with what probability it is drawn",
        columns: ["model", "drawn"],
        rows: order.map(id => [live.escape(name(vocabulary[id])), [p[id], q[id]]]),
        percent: true,
      }),
    };
  };
  const controls = [
    { kind: "text", name: "beginning", label: "A beginning", value: "The value of the ", maxlength: 80 },
    { kind: "range", name: "temperature", label: "Temperature", value: 0.7, min: 0, max: 2, step: 0.1 },
    { kind: "range", name: "topP", label: "Top-p", value: 1, min: 0.05, max: 1, step: 0.05 },
    { kind: "number", name: "seed", label: "Seed", value: 1, min: 0, max: 999999, step: 1 },
    { kind: "button", label: "Next seed", add: { seed: 1 } },
    { kind: "button", label: "Greedy", set: { temperature: 0 } },
  ];
  live.widgets.characters = { controls, draw, write };
})();
