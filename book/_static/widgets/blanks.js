// The RNN of chapter 1 fills the blank behind what is typed, and shows what it would say after each word.
(() => {
  const UNK = 3;
  const read = sentence => sentence.toLowerCase().split("_")[0].match(/[\p{L}\d'-]+|[^\s\p{L}\d]/gu) ?? [];
  const draw = ({ vocabulary, answers, weights }, { sentence }) => {
    const words = read(sentence);
    if (words.length === 0) return { said: "Nothing is read yet.", picture: "" };
    const ids = words.map(word => vocabulary.indexOf(word, UNK + 1)).map(id => (id < 0 ? UNK : id));
    const { states, logits } = nets.sequence(nets.rnn, weights, ids);
    const p = logits.map(z => nets.softmax(z));
    const best = nets.argmax(p.at(-1));
    const strange = [...new Set(words.filter((_, k) => ids[k] === UNK))].map(word => `“${word}”`);
    const columns = answers.map(live.escape);
    const rows = words.map((word, t) => [live.escape(word), answers.map(answer => p[t][vocabulary.indexOf(answer)])]);
    return {
      said: `In the blank: ${vocabulary[best]}, with ${Math.round(100 * p.at(-1)[best])} %.` +
        (strange.length ? ` It knows no ${strange.join(", ")}, and reads UNK instead, which it never met in training.` : ""),
      picture: live.table({ caption: "If the blank came after this word, in percent", columns, rows, percent: true }) +
        live.strip(`The state after each word: ${states[0].h.length} units, blue above 0, orange below, faint near 0`,
          words.map((word, t) => [word, states[t].h])),
    };
  };
  const controls = [
    { kind: "text", name: "sentence", label: "A sentence, up to its blank", value: "I like ice-cream so very my favourite is ___", maxlength: 400 },
    ...["tea", "cake", "jam", "pizza"].map(food => ({ kind: "button", label: food, set: { sentence: `I like ${food} so very my favourite is ___` } })),
  ];
  live.widgets.blanks = { controls, draw, read };
})();
