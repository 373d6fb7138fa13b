"""Planted bugs of seqlib/gradcheck/derivatives.py."""

FILE = "seqlib/gradcheck/derivatives.py"
TESTS = ["tests/gradcheck/test_derivatives.py"]
MUTANTS = {
    "central-not-halved": (
        "_scalar(call(_moved(x, i, -eps))).real) / (2 * eps)",
        "_scalar(call(_moved(x, i, -eps))).real) / eps",
    ),
    "step-of-one-size": ("for n in (abs(float(x[i])), float(np.abs(x).max()), 1.0) if n)", "for n in (1.0,))"),
    "step-of-the-largest": ("(abs(float(x[i])), float(np.abs(x).max()), 1.0)", "(float(np.abs(x).max()), 1.0)"),
    "first-step-taken": ("min(tried, key=lambda entry: entry.error)", "tried[0]"),
    "rounding-forgotten": ("error + rounding", "error"),
    "complex-step-absolute": ("max(1e-200 * (abs(float(x[i])) or 1.0), 1e-305)", "1e-200"),
    "lost-part-unseen": ("not np.iscomplexobj(value) and any(", "False and any("),
    "unused-refused": ("any(entry.moves for entry in entries(call, x, [i]))", "True"),
    "writing-unseen": ("    if len(changed):", "    if False:"),
    "drawing-unseen": ("if _scalar(f(x.copy())) != middle:", "if False:"),
    "smooth-is-kink": ("far_turn < 1.25 * turn", "far_turn < 2.5 * turn"),
    "kink-is-smooth": ("far_turn < 1.25 * turn", "far_turn < 0.1 * turn"),
    "jump-is-kink": ("if kink and far_turn < 0.75 * turn:", "if False:"),
    "leaves-the-domain": ("if not np.isfinite(value):", "if False:"),
}
