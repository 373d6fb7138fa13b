"""Bugs planted in the alarms."""

FILE = "coursework/patience.py"
TESTS = ["tests/coursework/test_patience.py", "tests/coursework/test_worker.py"]
MUTANTS = {
    "one-ring": ("seconds, GRACE / 3)", "seconds)", "hears_it_again"),
    "rings-on": ("            signal.setitimer(signal.ITIMER_REAL, 0)\n", "            pass\n", "nothing_afterwards"),
    "caught-for-ever": ("if self.rings > 3:", "if False:", "no_alarm_ends"),
    "always-busy": ("return time.process_time() - processor >= 0.9", "return 1 >= 0 *", "too_long"),
    "an-exception": ("class OutOfTime(BaseException)", "class OutOfTime(Exception)", "no_exception"),
}
