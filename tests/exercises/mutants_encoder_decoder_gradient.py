"""Bugs planted in the practice of chapter 11: the gradient of the context."""

FILE = "seqlib/exercises/encoder_decoder_gradient.py"
TESTS = ["tests/exercises/test_encoder_decoder_gradient.py"]
MUTANTS = {
    "start-counted-twice": ("return W_ss.T @ da[0] +", "return 2 * W_ss.T @ da[0] +"),
    "fourth-power": ("return 1 - s**2", "return 1 - s**4"),
    "half-is-carried": ("* (ds[t] + W.T @ after) if", "* (ds[t] + 0.5 * W.T @ after) if"),
    "something-after-the-last-step": (
        "np.zeros_like(s), np.zeros(s.shape[1])",
        "np.zeros_like(s), np.ones(s.shape[1])",
    ),
    "half-the-square": ("return 1 - s**2", "return 1 - s**2 / 2"),
    "two-uses-too-many": ("/ (len(given[0]) + 1)", "/ (len(given[0]) + 2)"),
    "mean-over-units": ("/ len(given[0]),", "/ len(given[0].T),"),
    "begins-with-the-second": ("return W_ss.T @ da[start]", "return W_ss.T @ da[start + 1]"),
    "walks-two-ways": ("_back(ds[::-1], s[::-1], W_ss)[::-1]", "_back(ds, s[::-1], W_ss)[::-1]"),
    "first-step-not-told": ("+ W_sv.T @ da.sum(0)\n\n\ndef _right", "+ W_sv.T @ da[1:].sum(0)\n\n\ndef _right"),
}
