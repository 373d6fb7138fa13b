"""Bugs planted in the cgroups of runs."""

FILE = "coursework/running/groups.py"
TESTS = ["tests/coursework/running/test_groups.py"]
MUTANTS = {
    "memory-unbounded": ('("memory.max", "memory.limit_in_bytes")', '("memory.min",)'),
    "swap-unbounded": ('("memory.swap.max",), 0', '("memory.swap.max",), memory'),
    "tasks-unbounded": ('_write(folder, ("pids.max",), tasks)', "pass"),
    "the-whole-group-is-not-ended": ('("memory.oom.group",), 1', '("memory.oom.group",), 0'),
    "a-folder-that-is-not-ours": ("if os.access(folder, os.W_OK) and set(NEEDED)", "if set(NEEDED)"),
    "a-folder-that-hands-nothing-down": (" and set(NEEDED) <= set(_handed_down(folder)):", ":"),
    "groups-are-left": ("for folder in folders:\n            _remove(folder)", "pass"),
    "others-swept": ('if not Path(f"/proc/{owner}").exists():', "if True:"),
    "entered-or-not": ("|| exit 125", "|| true"),
    "not-tried": ("if found and _works(found):", "if found:"),
    "half-of-version-1": ("if set(NEEDED) <= set(names) else None", "if names else None"),
    "the-grader-stays": ('(own / "grader" / "cgroup.procs").write_text(mine', '(own / "x").write_text(mine'),
}
