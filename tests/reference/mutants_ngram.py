"""Planted bugs of seqlib/reference/ngram.py."""

FILE = "seqlib/reference/ngram.py"
TESTS = ["tests/reference/test_ngram.py"]
MUTANTS = {
    "ngram-denominator": ("counts.sum() + self.alpha * self.V", "counts.sum() + self.alpha"),
    "dense": ("setdefault(context, {})", "setdefault(context, dict.fromkeys(range(200), 0))", "take_memory"),
    "counted-once": ("after.get(symbol, 0) + 1", "1"),
}
