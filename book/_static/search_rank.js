// Finds what a reader asks for: which entries of the index suit a query, in which order, and the words that show it.
// Pure functions of the index and the query, without a page.
const searchRank = (() => {
  const STOP = new Set(
    ("a about an and are as at be by can do does for from has have how i in is it its me my not of on or so that the their " +
      "then there these this to was we versus vs what when where which who why will with you your").split(" "),
  );
  const WEIGHT = { title: 6, page: 2, text: 1 };
  // what a reader more probably looks for, if all else is equal
  const KIND = { page: 1, section: 1, exercise: 0.65, aside: 0.6, term: 0.4, name: 0.5, source: 0.45 };
  const EXACT = { page: 1.8, section: 1.5, exercise: 1, aside: 1, term: 1.2, name: 1.5, source: 1 };
  const APART = 0.6; // of pages that are no chapter
  const SHOWN_OF_A_PAGE = 4;

  const ASCII = /^[\x20-\x7e]*$/;
  const bare = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\u20d0-\u20ff]/g, "").toLowerCase();
  const plain = (text) => (ASCII.test(text) ? text.toLowerCase() : bare(text));

  // The words of a text, with where they begin and end. A name such as step_backward counts as one word and as its parts.
  function words(text) {
    const found = [];
    for (const match of text.matchAll(/[\p{L}\p{N}\p{M}_]+/gu)) {
      const [start, end] = [match.index, match.index + match[0].length];
      const whole = plain(match[0]);
      if (!/_|[a-z][A-Z]/.test(match[0])) {
        found.push({ word: whole, start, end });
        continue;
      }
      const parts = match[0].split("_").flatMap((part) => part.split(/(?<=[a-z])(?=[A-Z])/)).map(plain);
      const said = new Set([whole.replaceAll("_", ""), ...parts].filter(Boolean));
      for (const word of said) found.push({ word, start, end });
    }
    return found;
  }

  // A word without its ending: gates, gate and gating are one.
  function stem(word) {
    if (word.length < 4 || /\d/.test(word)) return word;
    word = word.replace(/(ss|us|as|sh|ch|x)es$/, "$1").replace(/ies$/, "y");
    if (!/(ss|us|is|as)$/.test(word)) word = word.replace(/s$/, "");
    const cut = word.replace(/(?:ing|ed)$/, "");
    if (cut !== word && cut.length > 2 && /[aeiouy]/.test(cut)) word = cut.replace(/([^aeiouylsz])\1$/, "$1");
    return word.length > 3 ? word.replace(/e$/, "") : word;
  }

  // How many letters are added, left out, wrong or swapped with the next; Infinity above the limit.
  function distance(a, b, limit) {
    if (Math.abs(a.length - b.length) > limit) return Infinity;
    let before, last, row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      [before, last, row] = [last, row, [i]];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > limit) return Infinity;
    }
    return row[b.length] <= limit ? row[b.length] : Infinity;
  }

  // The index, ready to be asked: for each stem the entries that have it, and how much of it.
  function prepare({ pages, entries }) {
    const index = { pages, entries, stems: new Map(), words: new Map(), sequences: [], lengths: [] };
    const count = (text, i, weight, sequence) => {
      for (const { word } of words(text)) {
        if (!index.words.has(word)) index.words.set(word, stem(word));
        const root = index.words.get(word);
        if (!index.stems.has(root)) index.stems.set(root, new Map());
        const list = index.stems.get(root);
        list.set(i, (list.get(i) || 0) + weight);
        if (sequence) sequence.push(root);
      }
    };
    entries.forEach(([page, kind, , title, text, also = ""], i) => {
      const sequence = [];
      count(kind === "name" ? title.split(".").slice(-2).join(" ") : title, i, WEIGHT.title, sequence);
      sequence.push("");
      count(also, i, WEIGHT.title, sequence);
      sequence.push("");
      if (kind === "name") count(title, i, WEIGHT.text);
      else if (kind !== "source") count(pages[page][1], i, WEIGHT.page);
      count(text, i, WEIGHT.text, sequence);
      index.sequences.push(` ${sequence.join(" ")} `);
      index.lengths.push(sequence.length);
    });
    index.mean = index.lengths.reduce((a, b) => a + b, 0) / index.lengths.length;
    return index;
  }

  // stem -> how well it stands for a word of the query: itself, a longer word that begins so, one that is nearly so written.
  function meant(index, word, last) {
    const root = stem(word), found = new Map();
    if (index.stems.has(root)) found.set(root, 1);
    if (last && word.length > 2) {
      for (const [known, its] of index.words) if (known.startsWith(word) && !found.has(its)) found.set(its, 0.5);
    }
    if (found.size || word.length < 4) return found;
    for (let limit = 1; limit <= (word.length < 7 ? 1 : 2) && !found.size; limit++) {
      for (const [known, its] of index.words) {
        if (known.length > 2 && distance(word, known, limit) === limit) found.set(its, 0.6 ** limit);
      }
    }
    return found;
  }

  // The words of a query that say something; all of them, if none does.
  function asked(query) {
    const all = words(query).map(({ word }) => word);
    const telling = all.filter((word) => !STOP.has(word));
    return [...new Set(telling.length ? telling : all)];
  }

  // [{entry, score}], the best first, and the stems that were looked for.
  function rank(index, query) {
    const said = asked(query), n = index.entries.length;
    const looked = said.map((word, i) => meant(index, word, i === said.length - 1));
    const scores = new Map(), matched = new Map();
    for (const stems of looked) {
      const best = new Map();
      for (const [root, part] of stems) {
        const list = index.stems.get(root), rare = Math.log(1 + (n - list.size + 0.5) / (list.size + 0.5));
        for (const [i, much] of list) {
          const long = 0.4 + 0.6 * Math.min(3, index.lengths[i] / index.mean);
          best.set(i, Math.max(best.get(i) || 0, (part * rare * much) / (much + 1.5 * long)));
        }
      }
      for (const [i, score] of best) {
        scores.set(i, (scores.get(i) || 0) + score);
        matched.set(i, (matched.get(i) || 0) + 1);
      }
    }
    const roots = said.map(stem), phrase = roots.length > 1 ? ` ${roots.join(" ")} ` : null;
    // seqlib.nn.LSTM is asked for by that name, and stands in seqlib.nn.lstm
    const typed = plain(query).replace(/[()\s]/g, ""), last = typed.split(".").at(-1), place = typed.slice(0, -last.length - 1);
    const named = (name) => name === last || (name.endsWith(`.${last}`) && (!place || name.startsWith(place) || name.endsWith(`.${typed}`)));
    const pageBest = new Map();
    for (const [i, score] of scores) {
      const [page, kind, , title, text, also = ""] = index.entries[i];
      let all = score * (matched.get(i) / said.length) ** 2 * KIND[kind] * (index.pages[page][2] || kind === "term" || kind === "name" ? 1 : APART);
      if (!text) all *= 0.5; // a heading over headings
      if (phrase && index.sequences[i].includes(phrase)) all *= 1.35;
      const name = kind === "name" ? plain(title) : words(title).map(({ word }) => stem(word)).join(" ");
      if (kind === "name" ? named(name) : name === roots.join(" ") || plain(also).split(", ").includes(plain(query).trim())) all *= place && kind === "name" ? 4 : EXACT[kind];
      scores.set(i, all);
      pageBest.set(page, [...(pageBest.get(page) || []), all]);
    }
    // a page that says much about it lifts what it says
    const lift = new Map();
    for (const [page, list] of pageBest) {
      list.sort((a, b) => b - a);
      lift.set(page, index.pages[page][2] ? list.slice(1, 5).reduce((a, b) => a + b, 0) * 0.12 : 0);
    }
    const order = [...scores].map(([i, score]) => ({ i, score: score + (score > 0 ? lift.get(index.entries[i][0]) : 0) }));
    order.sort((a, b) => b.score - a.score || a.i - b.i);
    const shown = new Map();
    const results = order.filter(({ i }) => {
      const page = index.entries[i][0];
      shown.set(page, (shown.get(page) || 0) + 1);
      return shown.get(page) <= SHOWN_OF_A_PAGE;
    });
    return { results, stems: new Set(looked.flatMap((stems) => [...stems.keys()])) };
  }

  // Where in a text the stems are found: [[start, end]], in order.
  function places(text, stems) {
    const found = [];
    for (const { word, start, end } of words(text)) {
      if (stems.has(stem(word)) && (!found.length || found.at(-1)[0] !== start)) found.push([start, end]);
    }
    return found;
  }

  // The part of a text in which most of what was asked for stands, as [text, is it a hit] by turns.
  function snippet(text, stems, size = 180) {
    const found = places(text, stems);
    let begin = 0, most = 0;
    for (const [start] of found) {
      const inside = found.filter(([s, e]) => s >= start && e <= start + size * 0.75);
      const kinds = new Set(inside.map(([s, e]) => stem(plain(text.slice(s, e))))).size + inside.length / 100;
      if (kinds > most) [most, begin] = [kinds, Math.max(0, start - 40)];
    }
    if (begin < 20) begin = 0;
    const sentence = text.lastIndexOf(". ", begin + 40);
    if (begin && sentence >= Math.max(0, begin - 30)) begin = sentence + 2;
    else if (begin) begin = text.indexOf(" ", begin) + 1;
    let end = Math.min(text.length, begin + size);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), begin + size / 2);
    const parts = [[begin && text.slice(begin - 2, begin) !== ". " ? "… " : "", false]];
    let at = begin;
    for (const [s, e] of found.filter(([s, e]) => s >= begin && e <= end)) {
      parts.push([text.slice(at, s), false], [text.slice(s, e), true]);
      at = e;
    }
    parts.push([text.slice(at, end) + (end < text.length ? " …" : ""), false]);
    return parts.filter(([words]) => words);
  }

  return { words, stem, distance, prepare, rank, places, snippet };
})();
