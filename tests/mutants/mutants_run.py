"""Planted bugs of tests/mutants/run.py: a mutant leaks into the next, or what nobody reads is written at length."""

FILE = "tests/mutants/run.py"
TESTS = ["tests/mutants/test_run.py"]
MUTANTS = {
    "bed-not-cleared": ("                child.bed.clear(mutant)\n", "", "nothing_of_a_mutant"),
    "one-bed-for-all": ("for k in range(min(jobs, len(chosen)))", "for k in [0] * 2", "not_end or only_a_test"),
}
