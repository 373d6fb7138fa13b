"""Planted bugs of seqlib/evidence/equations.py."""

FILE = "seqlib/evidence/equations.py"
TESTS = ["tests/evidence/test_equations.py"]
MUTANTS = {
    "tolerance-absolute": (
        "float(np.abs(left - right).max()) / scale if scale",
        "float(np.abs(left - right).max()) if scale",
    ),
    "near-miss-ignored": ("if _distance(one, other) <= max(10 * tol, NEAREST):", "if False:"),
    "near-miss-of-rounding": (
        '<= max(10 * tol, NEAREST):\n            raise EvidenceError(f"{label}: the near',
        '<= tol:\n            raise EvidenceError(f"{label}: the near',
    ),
    "zeros-confirm": ("if _scale(left, right) == 0:", "if False:"),
    "bound-never-reached": ("if reached < sharp:", "if False:"),
    "loose-bound-is-near": ("if not (one > other * (1 + max(10 * tol, NEAREST))).any():", "if False:"),
}
