"""Planted bugs of seqlib/gradcheck/report.py."""

FILE = "seqlib/gradcheck/report.py"
TESTS = ["tests/gradcheck/test_report.py"]
MUTANTS = {
    "kinks-unreported": ("if entry.kink:", "if False:"),
    "kinks-take-all": ("min(max(gradient[i], low), high)", "gradient[i]"),
    "jumps-take-all": ("if np.isfinite(high - low):", "if True:"),
    "complex-alone-sees-no-kink": ("indices = [i for i in indices if not", "indices = [i for i in [] if not"),
    "writing-unseen-in-check": ("        check_unwritten(other, array, before[other])", "        pass"),
    "arguments-lent": ("array.copy() for other, array", "array for other, array"),
    "unsigned-difference": ("float(np.abs(got - wanted).max() / scale)", "float((got - wanted).max() / scale)"),
    "difference-overflows": ("if scale > 1e300:", "if False:"),
}
