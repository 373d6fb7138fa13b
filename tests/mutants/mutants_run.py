"""Planted bugs of tests/mutants/run.py: a mutant leaks into the next, or what nobody reads is written at length."""

FILE = "tests/mutants/run.py"
TESTS = ["tests/mutants/test_run.py", "tests/mutants/test_control.py", "tests/mutants/test_verdicts.py"]
MUTANTS = {
    "bed-not-cleared": ("                child.bed.clear(mutant)\n", "", "nothing_of_a_mutant"),
    "one-bed-for-all": ("for k in range(min(jobs, len(chosen)))", "for k in [0] * 2", "not_end or only_a_test"),
    "caught-by-none": ("TESTS_FAILED and failed:", "TESTS_FAILED:", "ends_as_if"),
    "what-caught-nothing-is-remembered": (
        "                del caught_by[place]\n",
        "                pass\n",
        "not_remembered",
    ),
    "what-caught-nothing-counts": (
        "{meant - escaped} of",
        "{meant - escaped + len(uncaught)} of",
        "counts_for_nothing",
    ),
    "ends-well": ("int(escaped > 0)", "int(escaped > len(uncaught))", "of_the_record"),
    "control-plants": ("            if arguments.control:\n", "            if False:\n", "of_the_record"),
    "stale-records-are-run": (" if catchers.known(mutant, caught_by)]", "]", "of_the_record"),
    "drawn-are-tried-again": (
        " and mutant.place not in drawn:\n                    caught_by.pop",
        ":\n                    caught_by.pop",
        "another_test",
    ),
    "drawn-and-uncaught-is-no-matter": ("meant - escaped} of", "meant} of", "says_too_much"),
    "the-record-is-always-right": ("    if stale:\n", "    if not stale:\n", "says_too_much"),
    "what-caught-nothing-is-as-before": (
        "    stale = drawn - {",
        "    stale = drawn - uncaught - {",
        "without_a_bug_too",
    ),
    "the-drawn-are-left-out": (
        "{mutant.place for mutant in sure} - drawn",
        "{mutant.place for mutant in sure}",
        "is_drawn_runs",
    ),
    "none-is-left-out": ("if mutant.place not in left_out]", "if True]", "is_drawn_runs"),
    "all-are-not-all": ("arguments.names or arguments.all or", "arguments.names or", "write_what_is_true"),
    "named-but-known": ("if not (arguments.names or ", "if not (", "is_drawn_runs"),
    "remembered-unasked": ("if arguments.remember and not arguments.control:", "if not arguments.control:", "is_added"),
    "known-by-all-its-tests": ("if child.alone == failed:", "if failed:", "only_all_its_tests"),
    "another-seed-than-said": ("sample(sure, seed)}", "sample(sure, seed + seed)}", "is_drawn_runs"),
    "all-forget-nothing": ("known.write(arguments.all)", "known.write(False)", "write_what_is_true"),
}
