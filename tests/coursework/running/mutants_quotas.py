"""Bugs planted in the watch over a submission as a whole."""

FILE = "coursework/running/quotas.py"
TESTS = ["tests/coursework/running/test_quotas.py"]
MUTANTS = {
    "one-process-alone": ("waiting += map(int,", "_ = map(int,", "memory_of_many and without"),
    "shared-counted-by-each": ("and sum(map(_proportional, below)) + sockets > self.memory", "", "honest_children"),
    "sockets-cost-nothing": ("        memory += sockets", "        sockets = 0", "sockets"),
    "sockets-of-the-machine": ('!= os.readlink("/proc/self/ns/net")', "", "others_have"),
    "tasks-unbounded": ("if tasks > self.tasks + MARGIN:", "if False:", "threads"),
    "threads-are-no-tasks": ("tasks, seconds = tasks + threads,", "tasks, seconds = tasks + 1,", "threads"),
    "time-unbounded": ("if seconds > self.seconds:", "if False:", "processor_time"),
    "ended-children-cost-nothing": ("map(int, words[11:15])", "map(int, words[11:13])", "processor_time"),
    "files-unbounded": ("reversed(below))), 0) > MOST_FILES", "reversed(below))), 0) > 10**9", "files_without"),
    "looks-all-the-time": ("self._next = time.monotonic() + PERIOD", "pass", "twenty"),
    "never-starved": ("self.used < 0.9 * gone and self.lost > LOST * gone", "False", "much_of_ten"),
    "waits-for-its-own": ("max(waits, default=0.0) - seconds", "max(waits, default=0.0)", "of_its_own"),
    "hog-is-a-victim": ("self.used < 0.9 * gone and ", "", "much_of_ten"),
    "left-running": ("os.killpg(self.process, signal.SIGKILL)", "pass", "the_end_is"),
}
