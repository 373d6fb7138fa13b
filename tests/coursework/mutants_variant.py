"""Bugs planted in what a secret draws, and in how templates are filled with it."""

FILE = "coursework/variant.py"
TESTS = ["tests/coursework/test_variant.py"]
MUTANTS = {
    "filled-once": ("while PLACE.search(template):", "if PLACE.search(template):"),
    "noise-of-floats": ("DIGITS = 12 ", "DIGITS = 17 "),
    "own-other-forgotten": ('and not hasattr(form, "other")', ""),
    "after-the-last-comes-nothing": (" % len(others)]", "]"),
    "before-for-after": ("others.index(value) + 1", "others.index(value) - 1"),
    "numbers-become-text": ("type(self._drawn[name])(filled[name])", "filled[name]"),
    "changed-in-place": ("self._drawn | filled)", "self._drawn.update(filled) or self._drawn)"),
    "any-form": ("if name in self._tables and filled[name] not in self._tables[name]:", "if False:"),
    "one-range": ("np.concatenate(ranges)", "ranges[0]"),
    "not-divided": ("np.concatenate(ranges))) / per", "np.concatenate(ranges)))"),
}
