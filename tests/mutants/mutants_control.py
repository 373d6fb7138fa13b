"""Planted bugs of tests/mutants/control.py."""

FILE = "tests/mutants/control.py"
TESTS = ["tests/mutants/test_control.py"]
MUTANTS = {
    "every-end-is-good": ("if end != session.PASSED", "if False"),
    "what-is-not-told-passed": ("ends.get(catcher.test, missing)", "ends.get(catcher.test, session.PASSED)"),
    "late-is-an-exit-code": ("    if code is None:", "    if False:"),
    "others-were-collected": ("(0, 5)", "(0, 2, 5)"),
    "none-was-collected": ("(0, 5)", "(0,)"),
    "without-options": ("list(tests[0].options)", "[]"),
    "bed-not-tidied": ("                child.bed.tidy()\n", ""),
    "the-last-relied": (
        "relied.setdefault(catcher, []).append(mutant.place)",
        "relied[catcher] = [mutant.place]",
    ),
    "said-but-caught": ("{place for catcher in failed for place in relied[catcher]}", "set()"),
    "no-second-try": ("    failed, more = run(list(failed), beds[:1], limit)\n    seconds += more\n", ""),
    "not-said": ("    for catcher, end in failed.items():", "    for catcher, end in ():"),
}
