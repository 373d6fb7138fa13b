"""Planted bugs of seqlib/metrics/likelihood.py."""

FILE = "seqlib/metrics/likelihood.py"
TESTS = ["tests/metrics/test_likelihood.py"]
MUTANTS = {
    "padding-counted": ("int(n.sum())", "n.size"),
    "padding-added": ("kept = np.where(n > 0, losses, 0.0)", "kept = losses"),
    "batches-weighted-alike": ("float((kept * n).sum()), int(n.sum())", "float(kept[n > 0].sum()), int((n > 0).sum())"),
    "mean-of-exp": ("float(np.exp(mean_loss(losses, mask=mask, counts=counts)))", "float(np.mean(np.exp(losses)))"),
    "base-2-for-e": ("float(np.exp(mean_loss", "float(np.exp2(mean_loss"),
    "nats-for-bits": ("counts=counts) / float(np.log(2))", "counts=counts)"),
    "nats-for-bits-of-a-text": ("[0] / float(np.log(2))", "[0]"),
    "per-symbol-for-per-character": ("/ len(_text(text))\n", "/ _total(losses, mask, counts)[1]\n"),
    "characters-for-bytes": ('len(_text(text).encode("utf8"))', "len(_text(text))"),
    "utf-16": ('text).encode("utf8"))\n', 'text).encode("utf-16-le"))\n'),
    "log-probabilities-taken-for-losses": ("(kept < -ROUNDING).any()", "False"),
    "nan-passed-on": ("if np.isnan(kept).any() or", "if"),
    "overflow-warns": ('np.errstate(over="ignore")', 'np.errstate(over="warn")'),
}
