"""Bugs planted in the process in which a student's code runs, and in its patience."""

FILE = "coursework/running/worker.py"
TESTS = ["tests/coursework/running/test_worker.py"]
MUTANTS = {
    "slow-calls-one-after-the-other": ("            self.spent = error\n", "            pass\n", "slow_call"),
    "large-answers-one-after-the-other": ('in ("slow", "large"):', 'in ("slow",):', "far_too_large"),
    "all-parts-skipped": ('self.number = problem.get("first", 0)', "self.number = 0", "slow_call"),
    "missing-is-a-name-error": ('raise Unsuitable("missing")', "raise NameError", "no_answer"),
    "errors-of-encoding-told": ('raise Unsuitable("unsuitable") from None', "raise", "no_answer"),
    "texts-told": ("error = said(described(raised), False)", "error = str(raised)", "no_answer or each_call"),
    "no-patience": ("with self.watch(self.seconds):", "with self.watch(self.seconds / 2):", "stated"),
}
