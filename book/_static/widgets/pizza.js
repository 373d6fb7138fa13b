// The bidirectional GRU of chapter 7 fills the pizza blank from both sides.
(() => {
  const [UNK, BLANK, ANSWERS] = [3, "___", ["not", "slightly", "quite", "very"]];
  const read = sentence => sentence.toLowerCase().match(/_+|[\p{L}\d'-]+|[^\s\p{L}\d]/gu)?.map(word => (word[0] === "_" ? BLANK : word)) ?? [];
  const draw = ({ vocabulary, weights }, { sentence }) => {
    const words = read(sentence);
    const blank = words.indexOf(BLANK);
    if (blank < 0) return { said: "Where is the blank? Type ___ for it.", picture: "" };
    const ids = words.map(word => vocabulary.indexOf(word, UNK + 1)).map(id => (id < 0 ? UNK : id));
    const { forward, backward, logits } = nets.bidirectional(nets.gru, weights, ids);
    const p = nets.softmax(logits[blank]);
    const best = nets.argmax(p);
    const strange = [...new Set(words.filter((_, k) => ids[k] === UNK))].map(word => `“${word}”`);
    const states = way => words.map((word, t) => [word, way[t].h]);
    return {
      said: `In the blank: ${vocabulary[best]}, with ${Math.round(100 * p[best])} %.` +
        (strange.length ? ` It knows no ${strange.join(", ")}, and reads UNK instead, which it never met in training.` : ""),
      picture: live.table({ caption: "The blank, in percent", columns: ANSWERS, percent: true,
        rows: [["the network", ANSWERS.map(word => p[vocabulary.indexOf(word)])]] }) +
        live.strip("The reader from the left, after each word: eight units, blue above 0, orange below", states(forward)) +
        live.strip("The reader from the right, after each word that it has come to from the end", states(backward)),
    };
  };
  const [cue, meal] = [["breakfast", "work", "football"], ["1 small pizza", "2 large pizzas", "3 large pizzas"]];
  const whole = (when, what) => `after ${when} i'm ___ hungry , and i can eat ${what}`;
  const controls = [
    { kind: "text", name: "sentence", label: "A sentence with its blank", value: whole("work", "2 large pizzas"), maxlength: 120 },
    ...cue.map(when => ({ kind: "button", label: when, set: { sentence: whole(when, "2 large pizzas") } })),
    ...meal.map(what => ({ kind: "button", label: what, set: { sentence: whole("work", what) } })),
  ];
  live.widgets.pizza = { controls, draw, read };
})();
