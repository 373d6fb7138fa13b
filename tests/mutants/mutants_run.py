"""Planted bugs of tests/mutants/run.py: a mutant leaks into the next, or what nobody reads is written at length."""

FILE = "tests/mutants/run.py"
TESTS = ["tests/mutants/test_run.py", "tests/mutants/test_control.py"]
MUTANTS = {
    "bed-not-cleared": ("                child.bed.clear(mutant)\n", "", "nothing_of_a_mutant"),
    "one-bed-for-all": ("for k in range(min(jobs, len(chosen)))", "for k in [0] * 2", "not_end or only_a_test"),
    "caught-by-none": ("TESTS_FAILED and failed:", "TESTS_FAILED:", "ends_as_if"),
    "what-caught-nothing-is-remembered": (
        "                del caught_by[place]\n",
        "                pass\n",
        "not_remembered",
    ),
    "what-caught-nothing-counts": ("bugs: {len(caught) - len(uncaught)}", "bugs: {len(caught)}", "counts_for_nothing"),
    "ends-well": ("int(len(caught) - len(uncaught) <", "int(len(caught) <", "of_the_record"),
    "control-plants": ("            if arguments.control:\n", "            if False:\n", "of_the_record"),
    "stale-records-are-run": (" if catchers.known(mutant, caught_by)]", "]", "of_the_record"),
}
