"""Planted bugs of seqlib/arguments.py."""

FILE = "seqlib/arguments.py"
TESTS = ["tests/test_arguments.py", "tests/reference/test_losses.py"]
MUTANTS = {
    "nan-is-right": (" and math.isfinite(np.vdot(array, array)):", ":"),
    "large-is-wrong": ("    finite = np.isfinite(array)\n", "    finite = np.isfinite(array**2)\n"),
    "any-size-per-name": ("if have != (sizes.setdefault(want, have) if", "if have != (have if"),
    "axes-are-not-counted": ("    if len(got) != len(wanted):\n        return False\n", ""),
    "ids-mask-unread": ("if mask is not None and array.shape == mask.shape:", "if False:"),
    "negative-ids-taken": ("(array < 0) | (array >= size)", "array >= size"),
}
