// A formula in TeX as MathML Core, which browsers draw by themselves. Runs in V8 when the site is built, after MathJax.
//
// MathJax reads the formula; what it makes is written so that a browser sets it as TeX would: the spaces between symbols
// are those that MathJax computes, tables carry their alignment as styles, letters of other alphabets are the letters that
// Unicode has for them. What this file does not know is an error, so that no formula loses a part in silence.
"use strict";

const { mathjax } = MathJax._.mathjax;
const { TeX } = MathJax._.input.tex_ts;
const { liteAdaptor } = MathJax._.adaptors.liteAdaptor;
const { RegisterHTMLHandler } = MathJax._.handlers.html_ts;
const { STATE } = MathJax._.core.MathItem;
const { BIN, REL, OPEN, CLOSE } = MathJax._.core.MmlTree.MmlNode.TEXCLASS;

RegisterHTMLHandler(liteAdaptor());
const reader = mathjax.document("", { InputJax: new TeX({ packages: ["base", "ams", "boldsymbol"] }) });

const EM = { thinmathspace: 3 / 18, mediummathspace: 4 / 18, thickmathspace: 5 / 18 };
const PLAIN = { "=": 5 / 18, "+": 4 / 18, "\u2212": 4 / 18 }; // the space that browsers leave at both sides of these
const TIGHT = /^[()[\]{}\u2032\u2061]$/; // and none here
const STRUT = 0.1; // em between rows beside what a formula asks for: letters without ascenders leave as much in TeX
const STRETCHES = /^[()[\]{}|^_~\u00af\u2016\u2190-\u21ff\u2223\u2225\u2308-\u230b\u23b4-\u23e1\u27e6-\u27ef\u27f5-\u27ff]$/;
const ACCENTS = { "^": "\u02c6", "~": "\u02dc", "\u00af": "\u203e" };

// where the letters A, a, Α, α and 0 of an alphabet begin, and the few that are elsewhere
const ALPHABETS = {
  bold: { A: 0x1d400, a: 0x1d41a, Α: 0x1d6a8, α: 0x1d6c2, 0: 0x1d7ce },
  italic: { A: 0x1d434, a: 0x1d44e, Α: 0x1d6e2, α: 0x1d6fc, elsewhere: { h: "ℎ" } },
  "bold-italic": { A: 0x1d468, a: 0x1d482, Α: 0x1d71c, α: 0x1d736, 0: 0x1d7ce },
  "double-struck": { A: 0x1d538, a: 0x1d552, 0: 0x1d7d8, elsewhere: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" } },
  script: { A: 0x1d49c, a: 0x1d4b6, elsewhere: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ", e: "ℯ", g: "ℊ", o: "ℴ" } },
};
ALPHABETS["-tex-calligraphic"] = ALPHABETS.script;
ALPHABETS["-tex-mathit"] = ALPHABETS.italic;

function inAlphabet(text, name) {
  const alphabet = ALPHABETS[name];
  if (!alphabet) throw Error(`letters in ${name} are not known here`);
  return [...text].map((letter) => {
    for (const [first, last] of ["AZ", "az", "ΑΩ", "αω", "09"]) {
      if (letter < first || letter > last) continue;
      if (!(first in alphabet)) break;
      return alphabet.elsewhere?.[letter] ?? String.fromCodePoint(alphabet[first] + letter.codePointAt() - first.codePointAt());
    }
    throw Error(`${letter} is not known in ${name}`);
  }).join("");
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const length = (em) => `${+em.toFixed(4)}em`.replace(/^0em$/, "0");
const inEm = (text) => (/pt$/.test(text) ? parseFloat(text) / 10 : parseFloat(text));

function element(name, attributes, inner) {
  const said = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return `<${name}${said.map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join("")}>${inner}</${name}>`;
}

// The attributes of a node that the formula itself sets, of those that browsers know.
function given(node, ...names) {
  return Object.fromEntries(names.map((name) => [name, node.attributes.getExplicit(name)]));
}

// ---- the space before and after each operator, as TeX has it

const isRow = (node) => ["mrow", "inferredMrow", "TeXAtom", "mstyle", "mtd", "math", "mpadded", "msqrt"].includes(node.kind);
// The operator that a node is; what has limits or an accent is none, for Chromium leaves it no space.
function core(node) {
  if (node.kind === "mo") return node;
  return ["mrow", "inferredMrow", "TeXAtom"].includes(node.kind) && node.childNodes.length === 1 ? core(node.childNodes[0]) : null;
}

function space(node, spaces) {
  let before = null;
  for (const child of node.childNodes) {
    if (!child || child.kind === "text") continue;
    const em = EM[child.texSpacing()] ?? 0;
    if (em && isRow(node)) {
      const sign = before && core(before);
      if (sign && !(core(child) && before.texClass === CLOSE)) at(spaces, sign).after = em;
      else if (core(child)) at(spaces, core(child)).before = em;
      else at(spaces, child).before = em;
    }
    space(child, spaces);
    before = child;
  }
}

function at(spaces, node) {
  if (!spaces.has(node)) spaces.set(node, { before: 0, after: 0 });
  return spaces.get(node);
}

// ---- each kind of node

function writer(spaces) {
  const row = (node) => node.childNodes.map((child) => child && spaced(child)).join("");

  function spaced(node) {
    const em = core(node) ? 0 : (spaces.get(node)?.before ?? 0);
    return (em ? `<mspace width="${length(em)}"></mspace>` : "") + write(node);
  }

  // As one of a fixed number of children: a row of several, or of none, is held together.
  function one(node) {
    if (node.kind !== "inferredMrow" && node.kind !== "TeXAtom" && node.kind !== "mrow") return spaced(node);
    const inner = node.childNodes.length === 1 ? node.childNodes[0] : null;
    return inner ? one(inner) : element("mrow", {}, row(node));
  }

  const scripts = (name, attributes = () => ({})) => (node) => element(name, attributes(node), node.childNodes.map(one).join(""));

  function token(node) {
    const text = node.getText(), variant = node.attributes.get("mathvariant");
    if (node.kind === "mtext") return element("mtext", {}, escaped(text.replace(/ /g, "\u00a0")));
    if (node.kind === "mi" && variant === "italic" && [...text].length === 1) return element("mi", {}, escaped(text));
    if (variant === "normal") {
      const upright = node.kind === "mi" && [...text].length === 1 ? "normal" : undefined;
      return element(node.kind, { mathvariant: upright }, escaped(text));
    }
    return element(node.kind, {}, escaped(inAlphabet(text, variant)));
  }

  function operator(node) {
    const text = node.getText(), stretches = node.attributes.get("stretchy");
    if (!text) return ""; // the side of \left and \right that is a dot
    const { before, after } = spaces.get(node) ?? { before: 0, after: 0 };
    const said = given(node, "minsize", "maxsize", "movablelimits", "largeop", "symmetric");
    if (STRETCHES.test(text)) said.stretchy = stretches;
    else if (stretches) throw Error(`${text} is to be stretched, which is not known here`);
    const usual = TIGHT.test(text) ? 0 : PLAIN[text];
    if (before !== usual || after !== usual) Object.assign(said, { lspace: length(before), rspace: length(after) });
    return element("mo", said, escaped(text));
  }

  // An accent is as large as its letter's own size asks; what `\overset` puts above is smaller.
  function over(node) {
    const mark = one(node.childNodes.at(-1)), accent = node.attributes.get("accent");
    const sign = accent ? mark.replace(/>([^<]+)</, (whole, text) => `>${ACCENTS[text] ?? text}<`) : mark;
    return element("mover", { accent: accent ? "true" : undefined }, one(node.childNodes[0]) + sign);
  }

  function table(node) {
    const lists = Object.fromEntries(["columnalign", "columnspacing", "rowspacing"].map((name) => [name, node.attributes.get(name).split(" ")]));
    const of = (name, i) => lists[name][Math.min(i, lists[name].length - 1)];
    const rows = node.childNodes.map((tr, r) => {
      if (tr.kind !== "mtr") throw Error("a \\tag is not known here: give the equation a label");
      const cells = tr.childNodes.map((td, c) => {
        const gap = (name, i, last) => (i < 0 || i >= last ? 0 : inEm(of(name, i)) / 2 + (name === "rowspacing" ? STRUT : 0));
        const sides = [
          gap("rowspacing", r - 1, node.childNodes.length - 1), gap("columnspacing", c, tr.childNodes.length - 1),
          gap("rowspacing", r, node.childNodes.length - 1), gap("columnspacing", c - 1, tr.childNodes.length - 1),
        ];
        const align = of("columnalign", c);
        const style = [align === "center" ? "" : `text-align:${align};`, `padding:${sides.map(length).join(" ")}`].join("");
        return element("mtd", { style }, row(td.childNodes[0]));
      });
      return element("mtr", {}, cells.join(""));
    });
    return element("mtable", { displaystyle: node.attributes.getExplicit("displaystyle") }, rows.join(""));
  }

  // Browsers take a negative width for none, and a negative margin as it is meant.
  function gap(node) {
    const width = node.attributes.get("width"), em = EM[width] ?? inEm(width);
    return em < 0 ? element("mspace", { style: `margin-left:${length(em)}` }, "") : element("mspace", { width: length(em) }, "");
  }

  const KINDS = {
    inferredMrow: row,
    mrow: (node) => (node.childNodes.length === 1 ? row(node) : element("mrow", {}, row(node))),
    mstyle: (node) => element("mstyle", given(node, "displaystyle", "scriptlevel"), row(node.childNodes[0])),
    TeXAtom: (node) => (node.childNodes[0].childNodes.length === 1 ? row(node.childNodes[0]) : element("mrow", {}, row(node.childNodes[0]))),
    mi: token, mn: token, mtext: token, mo: operator, mspace: gap,
    mfrac: scripts("mfrac", (node) => given(node, "linethickness")),
    msqrt: (node) => element("msqrt", {}, row(node.childNodes[0])),
    mroot: scripts("mroot"), msub: scripts("msub"), msup: scripts("msup"), msubsup: scripts("msubsup"),
    munder: scripts("munder", (node) => ({ accentunder: node.attributes.get("accentunder") ? "true" : undefined })),
    munderover: scripts("munderover"), mover: over, mtable: table,
  };

  function write(node) {
    if (node.kind === "merror") throw Error(node.attributes.get("data-mjx-error"));
    if (!KINDS[node.kind]) throw Error(`the element ${node.kind} is not known here`);
    return KINDS[node.kind](node);
  }
  return spaced;
}

// ---- a long formula in the text, in pieces between which a line may end: after a sign, outside brackets

const LONG = 22; // letters; twice as many as a narrow line has room for
const letters = (node) => (node.isToken ? [...node.getText()].length : total(node.childNodes.filter(Boolean)));

const total = (nodes) => nodes.reduce((sum, node) => sum + letters(node), 0);

function pieces(nodes, signs) {
  if (total(nodes) <= LONG || !signs.length) return [nodes];
  const found = [[]];
  let depth = 0;
  for (const [i, node] of nodes.entries()) {
    depth += (node.texClass === OPEN) - (node.texClass === CLOSE);
    found.at(-1).push(node);
    if (i && i < nodes.length - 1 && depth === 0 && node.isEmbellished && node.texClass === signs[0]) found.push([]);
  }
  const shorter = found.flatMap((piece) => pieces(piece, signs.slice(1)));
  return shorter.reduce((joined, piece) => {
    const last = joined.at(-1);
    if (last && total(last) + total(piece) <= LONG) last.push(...piece);
    else joined.push([...piece]);
    return joined;
  }, []);
}

// What one formula becomes: {"mathml": …} or {"error": …}, as JSON.
function convert(tex, display) {
  try {
    const root = reader.convert(tex, { display, end: STATE.CONVERT });
    root.setTeXclass(null);
    const spaces = new Map();
    space(root, spaces);
    const write = writer(spaces), nodes = root.childNodes[0].childNodes;
    const said = { xmlns: "http://www.w3.org/1998/Math/MathML", display: display ? "block" : undefined };
    const parts = display ? [nodes] : pieces(nodes, [REL, BIN]);
    return JSON.stringify({ mathml: parts.map((part) => element("math", said, part.map(write).join(""))).join("<wbr/>") });
  } catch (error) {
    return JSON.stringify({ error: error.message });
  }
}
("ready");
