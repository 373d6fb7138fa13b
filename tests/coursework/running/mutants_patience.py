"""Bugs planted in the alarms."""

FILE = "coursework/running/patience.py"
TESTS = ["tests/coursework/running/test_patience.py", "tests/coursework/running/test_worker.py"]
MUTANTS = {
    "one-ring": ("seconds, GRACE / 3)", "seconds)", "hears_it_again"),
    "rings-on": ("            signal.setitimer(signal.ITIMER_REAL, 0)\n", "            pass\n", "nothing_afterwards"),
    "caught-for-ever": ("if self.rings > 3:", "if False:", "catches_every_alarm"),
    "never-starved": ("waited() - wait > LOST * gone", "False", "much_of_ten"),
    "hog-is-a-victim": ("processor < 0.9 * gone and ", "processor < 9 * gone and ", "much_of_ten"),
    "sleep-is-hunger": (" and waited() - wait > LOST * gone", "", "much_of_ten"),
    "an-exception": ("class OutOfTime(BaseException)", "class OutOfTime(Exception)", "no_exception"),
}
