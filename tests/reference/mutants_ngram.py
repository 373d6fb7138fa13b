"""Planted bugs of seqlib/reference/ngram.py."""

FILE = "seqlib/reference/ngram.py"
TESTS = ["tests/reference/test_ngram.py"]
MUTANTS = {
    "ngram-denominator": ("counts.sum() + self.alpha * self.V", "counts.sum() + self.alpha"),
}
