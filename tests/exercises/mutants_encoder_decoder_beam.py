"""Bugs planted in the practice of chapter 11: a step of the beam."""

FILE = "seqlib/exercises/encoder_decoder_beam.py"
TESTS = ["tests/exercises/test_encoder_decoder_beam.py"]
MUTANTS = {
    "symbols-backwards": (
        "parents, tokens = np.divmod(order(totals.ravel())[:width], totals.shape[1])",
        "parents, tokens = np.divmod(order(totals[:, ::-1].ravel())[:width], totals.shape[1])",
    ),
    "best-left-out": ("order(totals.ravel())[:width]", "order(totals.ravel())[1 : width + 1]"),
    "the-symbol-before-the-end": (
        "totals[parents, tokens], tokens == eos",
        "totals[parents, tokens], tokens == eos - 1",
    ),
    "half-the-past": (
        "_best(scores[:, None] + log_p, eos, width)\n\n\ndef _greedy",
        "_best(scores[:, None] / 2 + log_p, eos, width)\n\n\ndef _greedy",
    ),
    "scores-beside": ("totals[parents, tokens], tokens == eos", "totals[parents, tokens - 1], tokens == eos"),
    "no-square-table": ("        _beam([-0.8, -1.1, -1.3, -1.5], 1, 3, V=4),", "#"),
    "the-least-probable-symbols": ("return _best(scores + log_p,", "return _best(scores - log_p,"),
    "the-worst-alone": ("== scores.argmax(), scores", "== scores.argmin(), scores"),
    "the-first-alone": ("== scores.argmax(), scores", "== 0, scores"),
    "no-first-step": ("_beam([-0.4], 0, 2, V=4)", "_beam([-0.4, -0.9], 0, 2, V=4)"),
}
