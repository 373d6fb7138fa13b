"""Planted bugs of tests/mutants/session.py."""

FILE = "tests/mutants/session.py"
TESTS = ["tests/mutants/test_run.py", "tests/mutants/test_control.py"]
MUTANTS = {
    "in-pytests-own-words": ("--tb=native", "--tb=short", "how_a_test_failed"),
    "one-after-another": (
        """\
            pid = os.fork()
            if pid:
                os.waitpid(pid, 0)
                continue
            try:
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                self.tell(item.nodeid, self.end)
            finally:
                os._exit(0)
""",
        """\
            self.end = PASSED
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            self.tell(item.nodeid, self.end)
""",
        "does_not_pass",
    ),
    "others-too": (" if item.nodeid in self.names]", "]", "one_file_leaves"),
    "not-told-before": ('            self.tell(item.nodeid, "does not end")\n', "", "does_not_pass"),
    "skipped-is-good": ("elif report.skipped and", "elif False and", "does_not_pass"),
    "only-the-call": ("if report.failed:\n", 'if report.failed and report.when == "call":\n', "does_not_pass"),
    "fixtures-stay": ("nextitem=None)", "nextitem=item)", "does_not_pass"),
}
