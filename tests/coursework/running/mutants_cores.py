"""Bugs planted in the cores: one for each run, and for no other meanwhile."""

FILE = "coursework/running/cores.py"
TESTS = ["tests/coursework/running/test_cores.py"]
MUTANTS = {
    "claimed-by-several": ('core {core}")', 'core {core} {time.monotonic_ns()}")'),
    "waits-too-long": ("end = time.monotonic() + patience", "end = time.monotonic() + patience + 1"),
    "not-held": ("os.sched_setaffinity(0, {core})", "pass"),
    "holds-the-grader": ("os.sched_setaffinity(0, before)", "pass"),
}
