"""Bugs planted in the practice of chapter 12: the alignment error rate."""

FILE = "seqlib/exercises/attention_alignment.py"
TESTS = ["tests/exercises/test_attention_alignment.py"]
MUTANTS = {
    "of-columns": (
        "for t, i in enumerate(weights.argmax(1))}\n\n\ndef _of_columns",
        "for t, i in enumerate(weights.T.argmax(0)[::-1])}\n\n\ndef _of_columns",
    ),
    "second-best": (
        "return {(int(i), t) for t, i in enumerate(weights.argmax(1))}",
        "return {(int(i), t) for t, i in enumerate(weights.argsort(1)[:, -2])}",
    ),
    "sure-counted-twice": ("return float(1 - (AS + AP) / (A + S))", "return float(1 - (2 * AS + AP) / (A + 2 * S))"),
    "last-sentence-left-out": ("A, S, _, AS, AP = counts.sum(0)", "A, S, _, AS, AP = counts[:2].sum(0)"),
    "columns-of-rows": (
        "for i, t in enumerate(weights.argmax(0))}\n\n\ndef _where",
        "for i, t in enumerate(weights.argmin(0))}\n\n\ndef _where",
    ),
    "not-turned": ("return {(t, i) for i, t in links}", "return {(t + 1, i) for i, t in links}"),
    "sure-and-not-possible": ("possible.append(wider)", "possible.append(wider - {(i, 0) for i in range(words)})"),
    "target-first": (
        "return {(int(i), t) for t, i in enumerate(weights.argmax(1))}",
        "return {(t, int(i)) for t, i in enumerate(weights.argmax(1)[::-1])}",
    ),
    "one-set-without-the-first": ("set().union(*sure), set()", "set().union(*sure[1:]), set()"),
    "a-higher-threshold": ("_where(weights > 0.5)", "_where(weights > 0.6)"),
    "sure-once": ("len(P), len(A & S), len(A & P)])", "len(P), len(A & S & P) / 2, len(A & P)])"),
}
