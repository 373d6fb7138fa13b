"""Bugs planted in the practice of chapter 14: what goes into the encoder."""

FILE = "seqlib/exercises/bert_input.py"
TESTS = ["tests/exercises/test_bert_input.py"]
MUTANTS = {
    "begins-elsewhere": ("ids[:, 0], ids[:, -1] = CLS, SEP", "ids[:, 0], ids[:, -1] = 8, SEP"),
    "another-sep": ("CLS, SEP = 4, 5", "CLS, SEP = 4, 6"),
    "segments-the-same": ("seen = (ids == SEP).cumsum(1)\n", "seen = (ids == CLS).cumsum(1)\n"),
    "places-from-the-end": ("return E[ids] + P[: ids.shape[1]] + S", "return E[ids] + P[-ids.shape[1] :] + S"),
    "twice-the-segment": ("+ S[_segments(ids)]\n\n\ndef _norm", "+ 2 * S[_segments(ids)]\n\n\ndef _norm"),
    "half-an-eps": ("ddof=ddof) + eps)", "ddof=ddof) + eps / 2)"),
    "no-more-places": ("(T + more, D)", "(T, D)"),
    "pairs-alone": ("[2, None, 1, 4]", "[2, 3, 1, 4]"),
    "no-cube": ("_case(5, 5, 5, 9, [2, 2, None, 3, 1], 0.2", "_case(4, 5, 5, 9, [2, 2, None, 3], 0.2"),
    "a-small-eps": ("_case(4, 6, 6, 10, [2, None, 1, 4], 0.03", "_case(4, 6, 6, 10, [2, None, 1, 4], 0.003"),
    "a-sum-of-halves": ("_sum(ids, E, P, S) / 3", "_sum(ids, E, P, S) / 2"),
    "root-of-the-next": ("(E.shape[1] ** 0.5 - 1)", "((E.shape[1] + 1) ** 0.5 - 1)"),
    "places-anew-from-1": ("[:, None] - 1, t)", "[:, None], t)"),
    "every-third": ("(ids == SEP).cumsum(1) % 2", "(ids == SEP).cumsum(1) % 3 // 2"),
    "over-all-but-one": ("(0, 1, (0, 1), (1, 2), None)", "(0, 1, (0, 1), (0, 2), None)"),
    "bias-once-more": (
        "gain * (_norm(_sum(ids, E, P, S), eps) + bias)",
        "gain * (_norm(_sum(ids, E, P, S), eps) - bias)",
    ),
}
