"""Bugs planted in the checker of the practice exercises."""

FILE = "seqlib/exercises/checker.py"
TESTS = ["tests/exercises/test_checker.py"]
MUTANTS = {
    "names-of-too-few": ("if len(found) == count > 1", "if count > 1"),
    "first-case-only": ("zip(known, outcomes, strict=True)", "zip(known[:1], outcomes[:1])"),
    "last-case-left-out": ("zip(known, outcomes, strict=True)", "zip(known[:-1], outcomes)"),
    "any-error-is-the-known-one": ("if _kind(a.error) is not _kind(b.error):", "if False:"),
    "torch-stops-in-a-way-of-its-own": (
        "return ValueError if type(error) is RuntimeError else type(error)",
        "return type(error)",
    ),
    "every-runtime-error-is-of-shapes": ("if type(error) is RuntimeError", "if isinstance(error, Exception)"),
    "first-function-only": ("for function in made]", "for function in made[:1]]"),
    "mistakes-at-double-precision": ("if _agree(known, outcomes, self.tol):", "if _agree(known, outcomes, 0.0):"),
    "right-wins-nothing": ("if _agree(self._right, outcomes, self.tol):", "if _agree(self._right, outcomes, 0.0):"),
    "in-place-allowed": ("if difference(case, used, tol=0) is not None:", "if False:"),
    "cases-not-copied": ("given = copy.deepcopy(self.cases)", "given = self.cases"),
    "none-is-a-stub": ("if all(outcome is None for outcome in outcomes):", "if False:"),
    "every-function-is-a-stub": (
        'step.opname in EMPTY and (step.opname == "RESUME" or step.argval in (None, ...))',
        "step.argval is not False",
    ),
    "stub-by-its-steps-alone": (' and (step.opname == "RESUME" or step.argval in (None, ...))', ""),
    "warnings-are-errors": (
        'with warnings.catch_warnings(), np.errstate(all="ignore"):',
        'with np.errstate(all="raise"):',
    ),
    "same-answer-twice": ("if other != id and _agree(others, outcomes, max(self.tol, SINGLE)):", "if False:"),
    "apart-in-float64-only": ("max(self.tol, SINGLE)", "self.tol"),
    "a-missing-return-is-other": ('"no-return" if outcome is None else "other"', '"other"'),
}
