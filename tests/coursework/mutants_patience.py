"""Bugs planted in the alarms."""

FILE = "coursework/patience.py"
TESTS = ["tests/coursework/test_patience.py", "tests/coursework/test_worker.py"]
MUTANTS = {
    "one-ring": ("seconds, GRACE / 3)", "seconds)", "hears_it_again"),
    "rings-on": ("            signal.setitimer(signal.ITIMER_REAL, 0)\n", "            pass\n", "nothing_afterwards"),
    "caught-for-ever": ("if self.rings > 3:", "if False:", "catches_every_alarm"),
    "always-busy": (">= 0.9 * (time.monotonic() - wall)", ">= 0 * wall", "too_long"),
    "an-exception": ("class OutOfTime(BaseException)", "class OutOfTime(Exception)", "no_exception"),
}
