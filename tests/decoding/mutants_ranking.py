"""Planted bugs of seqlib.decoding.ranking."""

FILE = "seqlib/decoding/ranking.py"
TESTS = ["tests/decoding/test_ranking.py", "tests/decoding/test_beam.py"]
MUTANTS = {
    "length-the-wrong-way": (
        "totals / _divisor(lengths, self.alpha, self.norm)",
        "totals * _divisor(lengths, self.alpha, self.norm)",
    ),
    "length-not-at-all": ("totals / _divisor(lengths, self.alpha, self.norm)", "totals / 1"),
    "hope-of-the-next-length": ("_divisor(np.array(self.max_length), self.alpha", "_divisor(lengths + 1, self.alpha"),
    "hope-the-wrong-way": ("np.asarray(totals / largest)", "np.asarray(totals * largest)"),
    "hope-of-no-length": ("np.asarray(totals / largest)", "np.asarray(totals)"),
    "five-forgotten": ("((5 + n) / 6 if", "(n / 6 if"),
    "divided-by-five": ("((5 + n) / 6 if", "((5 + n) / 5 if"),
    "norms-swapped": ('if norm == "gnmt" else', 'if norm != "gnmt" else'),
    "alpha-outside": ("np.maximum(n, 1)) ** alpha", "np.maximum(n, 1)) * alpha"),
    "length-zero": ("np.maximum(n, 1)", "n"),
    "coverage-sign": ("np.asarray(beta * np.log", "np.asarray(-beta * np.log"),
    "coverage-subtracted": ("scores + _uncovered(*seen, self.beta)", "scores - _uncovered(*seen, self.beta)"),
    "coverage-not-cut": ("np.minimum(np.where(real, sums, 1.0), 1.0)", "np.where(real, sums, 1.0)"),
    "coverage-of-padding": ("np.where(real, sums, 1.0)", "np.where(real | (sums > 0), sums, 1.0)"),
    "padding-uncovered": ("np.where(real, sums, 1.0)", "np.where(real, sums, 0.5)"),
    "coverage-mean": (".sum(1))", ".mean(1))"),
    "coverage-cut-from-below": ("np.minimum(np.where", "np.maximum(np.where"),
    "coverage-unweighted": ("beta * np.log", "np.log"),
    "negative-attention": ("if (sums < 0).any():", "if False:"),
    "numbers-for-truth": ('if real.dtype.kind != "b" or real.shape', "if real.shape"),
    "alpha-from-anywhere": (
        'check_number("length_penalty", length_penalty, low=0,',
        'check_number("length_penalty", length_penalty,',
    ),
}
