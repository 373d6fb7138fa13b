"""Planted bugs of seqlib.metrics.alignments."""

FILE = "seqlib/metrics/alignments.py"
TESTS = ["tests/metrics/test_alignments.py"]
MUTANTS = {
    "sure-and-possible-swapped": ("n += len(A) + len(S)", "n += len(A) + len(P)"),
    "possible-alone": ("P = S if possible is None else S | _links", "P = S if possible is None else _links"),
    "possible-ignored": ("agreed += len(A & S) + len(A & P)", "agreed += 2 * len(A & S)"),
    "sure-ignored": ("agreed += len(A & S) + len(A & P)", "agreed += 2 * len(A & P)"),
    "missing-links-are-free": ("n += len(A) + len(S)", "n += 2 * len(A)"),
    "wrong-links-are-free": ("n += len(A) + len(S)", "n += len(A & P) + len(S)"),
    "agreement-for-error": ("return 1 - agreed / n", "return agreed / n"),
    "one-way-round": ("found.add((i, j))", "found.add((min(i, j), max(i, j)))"),
    "transposed": ("frozenset((int(i), int(j)) for", "frozenset((int(j), int(i)) for"),
    "union": ("len(A & S)", "len(A | S)"),
    "half-of-the-links": ("agreed += len(A & S) + len(A & P)", "agreed += len(A & P)"),
    "first-sentence-alone": ("for k in range(len(alignments)):", "for k in range(min(1, len(alignments))):"),
    "no-links-no-error": ("    if not n:\n", "    if n < 0:\n"),
    "lengths-uncompared": ("if len(value) != len(alignments):", "if False:"),
    "negative-links": ("end, low=0) for end", "end) for end"),
}
