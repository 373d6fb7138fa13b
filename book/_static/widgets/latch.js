// The LSTM of chapter 5 at its latch: what it answers at every step, and all its gates at one of them.
(() => {
  const SYMBOLS = 4; // the first ones of the alphabet are those to be kept
  const GATES = ["i", "f", "g", "o", "c", "h"];
  const draw = ({ alphabet, weights }, { symbols, step }) => {
    const typed = symbols.replace(/\s/g, "").split("");
    const read = typed.filter(symbol => alphabet.includes(symbol));
    const strange = [...new Set(typed.filter(symbol => !alphabet.includes(symbol)))];
    const left = strange.length ? ` It has no ${strange.map(symbol => `“${symbol}”`).join(", ")}: left out.` : "";
    if (read.length === 0) return { said: `Nothing is read yet.${left}`, picture: "", limits: { step: 1 } };
    const { states, logits } = nets.sequence(nets.lstm, nets.fromBook(weights), read.map(symbol => alphabet.indexOf(symbol)));
    const answers = logits.map(z => nets.softmax(z));
    const t = Math.min(Number(step), read.length) - 1;
    const said = alphabet[nets.argmax(answers[t])];
    const last = read.slice(0, t + 1).findLast(symbol => alphabet.indexOf(symbol) < SYMBOLS);
    const truth = last === undefined ? "no symbol has come, so that it can only guess" : last === said ? "right" : `wrong, it was ${last}`;

    const columns = read.map((symbol, k) => `<span${k === t ? ' class="now"' : ""}>${symbol}</span>`);
    const rows = alphabet.slice(0, SYMBOLS).map((symbol, k) => [symbol, answers.map(p => p[k])]);
    const units = states[t].h.map((_, k) => [`${k + 1}`, GATES.map(gate => states[t][gate][k])]);
    return {
      said: `Step ${t + 1}, ${read[t]} is read: it answers ${said} with ${Math.round(100 * Math.max(...answers[t]))} %: ${truth}.${left}`,
      picture: live.table({ caption: "What it answers at each step, in percent", columns, rows, percent: true }) +
        live.table({ caption: `Step ${t + 1}: a row for each of its eight units`, columns: GATES, rows: units }),
      limits: { step: read.length },
    };
  };
  const first = "AxwBywyCz";
  const controls = [
    { kind: "text", name: "symbols", label: "Symbols A, B, C, D; distractors w, x, y, z", value: first, maxlength: 40 },
    { kind: "range", name: "step", label: "Look at step", value: first.length, min: 1, max: first.length, step: 1 },
    ...["A", "B", "x", "y"].map(symbol => ({ kind: "button", label: `read ${symbol}`, append: { symbols: symbol } })),
    { kind: "button", label: "Begin anew", set: { symbols: "" } },
  ];
  live.widgets.latch = { controls, draw };
})();
