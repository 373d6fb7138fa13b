"""Bugs planted in the comparison of answers."""

FILE = "seqlib/answers.py"
TESTS = ["tests/test_answers.py"]
MUTANTS = {
    "rows-for-values": ("if isinstance(have, np.ndarray) and have.ndim > 1 and any(", "if False and any("),
    "tolerance-absolute": ("tol * size + tol / 10 * (size.max(initial=0.0) or 1.0)", "tol"),
    "tolerance-of-the-largest": ("<= tol * size + tol / 10 *", "<= tol *"),
    "zero-must-be-exact": ("tol * size + tol / 10 * (size.max(initial=0.0) or 1.0)", "tol * size"),
    "shape-ignored": ("if got.shape != want.shape:", "if got.size != want.size:"),
    "float32-as-float64": ("max(tol, _precision(got)) if tol", "tol if tol"),
    "float32-by-dtype-only": (
        "return SINGLE if bool(((low == got) | np.isnan(got)).all()) else 0.0",
        "return SINGLE if got.dtype == np.float32 else 0.0",
    ),
    "everything-as-float32": (
        "return SINGLE if bool(((low == got) | np.isnan(got)).all()) else 0.0",
        "return SINGLE",
    ),
    "whole-numbers-roughly": ("tol = min(tol, WHOLE)", "tol = max(tol, WHOLE)"),
    "bool-is-a-number": (
        'held = "True and False" if _holds_bool(have) else HELD.get(got.dtype.kind, "numbers")',
        'held = HELD.get(got.dtype.kind, "numbers").replace("True and False", "numbers")',
    ),
    "nan-agrees-with-everything": ("(w == g) | (np.isnan(w) & np.isnan(g))", "(w == g) | np.isnan(g)"),
    "nan-never-agrees": ("(w == g) | (np.isnan(w) & np.isnan(g))", "w == g"),
    "infinity-agrees-with-its-negative": ("(w == g) | (np.isnan(w)", "(abs(w) == abs(g)) | (np.isnan(w)"),
    "last-entry-named": (
        "np.argwhere(lost if lost.any() else wrong)[0]",
        "np.argwhere(lost if lost.any() else wrong)[-1]",
    ),
    "lost-entry-not-named": ("np.argwhere(lost if lost.any() else wrong)[0]", "np.argwhere(wrong)[0]"),
    "right-entries-counted": ("{int(wrong.sum())} of", "{int((~wrong).sum())} of"),
    "shorter-tuples-pass": ("if len(have) != len(want):", "if len(have) > len(want):"),
    "last-part-not-compared": ("zip(want, have, names, strict=True)", "zip(want[:-1], have, names)"),
    "more-keys-pass": ("for key in have if key not in want)", "for key in have if key is want)"),
    "numbers-told": ('if self.tell else f"{where} {unsaid}"', 'if True else f"{where} {unsaid}"'),
    "graph-not-left": ("value.detach().cpu()", "value.cpu()"),
    "same-digits": ("for digits in (3, 4, 6, 9):", "for digits in (3,):"),
    "keys-told": ("if not self.tell and (have.keys() != want.keys()):", "if False:", "speak"),
    "shapes-told": ('f" of shape {shape}" if self.tell else ""', 'f" of shape {shape}"', "speak"),
    "lengths-told": (
        '            if not self.tell:\n                return f"{name} has too',
        '            if False:\n                return f"{name} has too',
        "speak",
    ),
    "places-told": ("if got.ndim and not self.tell:", "if False:", "speak or changed_entry"),
    "types-told": (
        "shown(value) if self.tell else _kind(value)",
        "shown(value) if self.tell else _form(value)",
        "speak",
    ),
}
