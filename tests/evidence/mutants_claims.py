"""Planted bugs of seqlib/evidence/claims.py and the statistics under it."""

FILE = "seqlib/evidence/claims.py"
TESTS = ["tests/evidence/test_claims.py"]
MUTANTS = {
    "median-decides": (
        "if sign_test(bound.met(self.values), len(self.values)) < SIGNIFICANT:",
        "if bound.met(np.array([np.median(self.values)])):",
    ),
    "one-measure-is-enough": (
        '"undecided" if "undecided" in found else "supported"',
        '"supported" if "supported" in found else "undecided"',
    ),
    "conditions-without-refuted": ('if found >= {"supported", "refuted"}', 'if "supported" in found'),
    "undecided-forgotten": ('if found == {"refuted"}:', 'if "supported" not in found:'),
    "bounds-may-overlap": ("if self.supports.overlaps(self.refutes):", "if False:"),
}
