"""Planted bugs of seqlib/bpe/byte_level.py."""

FILE = "seqlib/bpe/byte_level.py"
TESTS = ["tests/bpe/test_byte_level.py"]
MUTANTS = {
    "ids-of-bytes-by-value": ("[self.ids[bytes([byte])] for byte in range(256)]", "list(range(256))"),
    "merges-across-pieces": (
        "for piece in pieces(text):\n            known",
        "for piece in [text]:\n            known",
    ),
    "last-merge-first": ("(rules[pair][0], i)", "(-rules[pair][0], i)"),
    "rightmost-first": (
        "heap = [(rules[pair][0], i) for i, pair in enumerate(pairwise(row)) if pair in rules]",
        "heap = [(rules[pair][0], i) for i, pair in enumerate(pairwise(row)) if pair in rules][-1:]",
    ),
    "what-is-gone-is-merged-again": ("(-1,))[0] != rank", "(rank,))[0] == -1"),
    "neighbour-before-not-told": ("                before[after[i]] = i\n", "                pass\n"),
    "new-pairs-before-not-tried": ("in ((before[i], i), (i, after[i])):", "in ((i, after[i]),):"),
    "new-pairs-after-not-tried": ("in ((before[i], i), (i, after[i])):", "in ((before[i], i),):"),
    "zero-is-gone": ("return [i for i in row if i >= 0]", "return [i for i in row if i > 0]"),
    "long-ones-cut": ("for byte in piece.encode()]", "for byte in piece[:LONG].encode()]"),
    "remembered-by-length": ("self._known[piece] = known", "self._known[piece[:1]] = known"),
    "remembered-list-grows": (
        "    ids: list[int] = []\n        for piece",
        "    ids = self._known.setdefault('', [])\n        for piece",
    ),
    "strict-decoding": ('.decode(errors="replace")', ".decode()"),
    "bad-bytes-left-out": ('errors="replace"', 'errors="ignore"'),
    "halves-of-pairs-decoded": ('errors="replace"', 'errors="surrogatepass"'),
    "special-first": (
        "cls([*BYTES, *(a + b for a, b in merges), *last]",
        "cls([*last, *BYTES, *(a + b for a, b in merges)]",
    ),
    "special-beyond-the-size": ("size - len(last), min_count", "size, min_count"),
    "special-as-bytes": (
        "*(a + b for a, b in merges), *last], merges",
        "*(a + b for a, b in merges), *(s.encode() for s in last)], merges",
    ),
    "min-count-lost": (", min_count=min_count)", ")"),
    "each-piece-once": (
        "Counter(piece for text in texts for piece in pieces(text))",
        "dict.fromkeys((piece for text in texts for piece in pieces(text)), 2)",
    ),
    "tokens-twice": ("        if token in ids:\n", "        if False:\n"),
    "empty-tokens": ("        if not token:\n", "        if False:\n"),
    "bytes-missing": ("    if missing:\n", "    if False:\n"),
    "merges-twice": ("if key in self._rules:", "if False:"),
    "result-not-looked-for": ("for token in (a, b, a + b):", "for token in (a, b):"),
    "parts-not-looked-for": ("for token in (a, b, a + b):", "for token in (a + b,):"),
    "half-a-pair-is-special": ("            pieces(token)  # raises where it has no UTF-8\n", "            pass\n"),
    "any-id": ('check_ids("ids", ids, len(self), ("T",))', 'check_ids("ids", ids, 10**6, ("T",))'),
    "any-shape": ('len(self), ("T",))', "len(self)).ravel()"),
}
