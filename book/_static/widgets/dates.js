// The translator of chapter 12: English dates into Somali, greedily, with what its attention looks at.
(() => {
  const [PAD, BOS, EOS, UNK] = [0, 1, 2, 3];
  const LONGEST = 12; // tokens that are written; then it is stopped
  const read = english => english.match(/\d|\p{L}+|\S/gu) ?? [];
  // the tokens of Somali as they are written: a space behind a comma, and between a word and a number
  const written = tokens => tokens.join("").replaceAll(",", ", ").replace(/(\p{L})(?=\d)/gu, "$1 ");

  const translate = (weights, source, mask) => {
    const [steps, ids] = [[], []];
    let state = { ...nets.encode(nets.gru, weights, source), mask };
    while (ids.length < LONGEST && ids.at(-1) !== EOS) {
      state = nets.decode(nets.gru, weights, ids.at(-1) ?? BOS, state);
      steps.push(state.weights);
      ids.push(nets.argmax(state.logits));
    }
    return { ids, weights: steps };
  };

  const draw = ({ vocabulary, weights }, { english, hidden }) => {
    const tokens = read(english);
    const known = word => vocabulary.source.indexOf(word, UNK + 1);
    const source = [...tokens.map(word => Math.max(known(word), UNK)), EOS].map(id => (id < UNK && id !== EOS ? UNK : id));
    const off = new Set(hidden.split(",").filter(Boolean).map(Number));
    const found = translate(weights, source, source.map((_, s) => !off.has(s)));
    const words = found.ids.map(id => vocabulary.target[id]);
    const ends = found.ids.at(-1) === EOS;
    const strange = tokens.filter(word => known(word) < 0).map(word => `“${word}”`);

    let said = `Somali: ${written(ends ? words.slice(0, -1) : words)}${ends ? "" : " …"}`;
    if (!ends) said += ` (it has not ended after ${LONGEST} tokens, and was stopped)`;
    if (tokens.length === 0) said += ". It has read nothing but EOS, the end of the sentence; it never met that in training";
    if (strange.length) said += `. It knows no ${[...new Set(strange)].join(", ")}, and reads UNK instead, which it never met in training: what it makes of that means nothing`;
    if (off.size === source.length) said += ". It may look nowhere: all weights are 0";
    const columns = [...tokens, "EOS"].map((word, s) => {
      const after = off.has(s) ? [...off].filter(k => k !== s) : [...off, s];
      return `<button type="button"${word.length > 2 ? ' class="upright"' : ""} data-key="word-${s}" aria-pressed="${off.has(s)}" aria-label="hide ${live.escape(word)}, word ${s + 1}" data-set="${
        live.escape(JSON.stringify({ hidden: after.join() }))}">${live.escape(word)}</button>`;
    });
    const rows = words.map((word, t) => [live.escape(word.replace("<eos>", "EOS")), found.weights[t]]);
    return { said: `${said}.`, picture: live.table({ caption: "Attention in percent: a row for each token that it writes", columns, rows, percent: true }) };
  };

  const controls = [
    { kind: "text", name: "english", label: "A date in English", value: "Wednesday, 16 August 2023", maxlength: 60, "data-clears": "hidden" },
    { kind: "hidden", name: "hidden", value: "" },
    ...["August 16, 2023", "8/16/23", "31 February 2023", "16 Brumaire 2023"].map(english => ({ kind: "button", label: english, set: { english, hidden: "" } })),
    { kind: "button", label: "Hide no word", set: { hidden: "" } },
  ];
  live.widgets.dates = { controls, draw, read, written, translate };
})();
