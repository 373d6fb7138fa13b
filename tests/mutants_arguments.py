"""Planted bugs of seqlib/arguments.py."""

FILE = "seqlib/arguments.py"
TESTS = ["tests/test_arguments.py", "tests/reference/test_losses.py"]
MUTANTS = {
    "nan-is-right": (" and math.isfinite(np.vdot(value, value)):", ":"),
    "large-is-wrong": (
        "math.isfinite(np.vdot(value, value)):\n            return value\n",
        "True:\n            check_finite(name, np.vdot(value, value)[None])\n            return value\n",
    ),
    "any-size-per-name": ("if have != (sizes.setdefault(want, have) if", "if have != (have if"),
    "axes-are-not-counted": ("    if len(got) != len(wanted):\n        return False\n", ""),
    "ids-mask-unread": ("if mask is not None and array.shape == mask.shape:", "if False:"),
    "negative-ids-taken": ("(array < 0) | (array >= size)", "array >= size"),
}
