"""Bugs planted in the practice of chapter 12: the way back."""

FILE = "seqlib/exercises/attention_gradient.py"
TESTS = ["tests/exercises/test_attention_gradient.py"]
MUTANTS = {
    "half-the-mean": (
        "return weights * (dweights - (weights * dweights).sum(-1, keepdims=True))",
        "return weights * (dweights - 0.5 * (weights * dweights).sum(-1, keepdims=True))",
    ),
    "weights-squared": ("return weights * (dweights - (weights", "return weights**2 * (dweights - (weights"),
    "values-of-the-sentence-before": (
        "return dcontext @ values.swapaxes(1, 2)",
        "return dcontext @ np.roll(values, 1, 0).swapaxes(1, 2)",
    ),
    "twice-the-values": ("return weights.swapaxes(1, 2) @ dcontext", "return 2 * weights.swapaxes(1, 2) @ dcontext"),
    "queries-backwards": (
        "return weights.swapaxes(1, 2) @ dcontext",
        "return weights.swapaxes(1, 2) @ dcontext[:, ::-1]",
    ),
    "no-padding": ("(np.arange(S) < np.reshape(lengths, (-1, 1, 1)))", "(np.arange(S) < S)"),
    "rows-not-divided": ("p / p.sum(-1, keepdims=True), values.round(2)", "p / p.sum(), values.round(2)"),
    "sum-of-nothing": ("_scores(lambda a, da: a * da),", "_scores(lambda a, da: a * da * 2),"),
    "log-softmax-without-a-sum": ("da - a * da.sum(-1, keepdims=True)", "da - a * da.mean(-1, keepdims=True)"),
    "a-lost-axis-elsewhere": ("(a * da).sum(-1)[:, None]", "(a * da).sum(-1)[None]"),
    "sum-over-two": ("da - (a * da).sum(axis, keepdims=keepdims)", "da - 2 * (a * da).sum(axis, keepdims=keepdims)"),
    "no-cube": ("_case(3, 3, 3, 3, [3, 2, 3])", "_case(1, 3, 3, 3, [2])"),
}
