"""Planted bugs of tests/mutants/session.py."""

FILE = "tests/mutants/session.py"
TESTS = ["tests/mutants/test_run.py", "tests/mutants/test_control.py", "tests/mutants/test_verdicts.py"]
TESTS += ["tests/mutants/test_verdicts_of_packages.py"]
MUTANTS = {
    "in-pytests-own-words": ("--tb=native", "--tb=short", "how_a_test_failed"),
    "all-share": ("for item in session.items if shares(item)]", "for item in session.items]", "does_not_pass"),
    "none-share": ('scope != "function" and', 'scope == "none" and', "is_dear"),
    "pytests-own-fixtures-are-shared": ('"function" and fixtures[-1].baseid', '"function"', "does_not_pass"),
    "those-who-share-run-twice": ("if item not in shared:", "if True:", "is_dear"),
    "others-too": (" if item.nodeid in self.names]", "]", "one_folder_leaves"),
    "not-told-before": ('                self.tell(item, "does not end")\n', "", "does_not_pass"),
    "skipped-is-good": ("elif report.skipped and", "elif False and", "does_not_pass"),
    "only-the-call": ("if report.failed:\n", 'if report.failed and report.when == "call":\n', "does_not_pass"),
    "fixtures-stay": ("nextitem=following)", "nextitem=item)", "does_not_pass"),
    "the-first-line-counts": ("for line in lines)", "for line in reversed(lines))", "does_not_pass"),
    "what-is-read-is-not-noticed": ("                found.add(", "                (", "nobody_can_tell"),
    "names-within-the-tree-are-not-known": (
        "path = os.path.abspath(os.fsdecode(details[0]))",
        "path = str(details[0])",
        "nobody_can_tell",
    ),
    "what-was-compiled-is-read": ('if folder.endswith("__pycache__")', 'if folder == "__pycache__"', "nobody_can_tell"),
    "a-package-that-is-opened-is-imported": ("{file} if imported and file", "{file} if file", "no_affair"),
    "a-package-does-not-import-itself": (
        "{file} if imported and file",
        "{file} if False and file",
        "changes_for_a_test",
    ),
    "no-package-imports": (
        'found |= {name} if name.endswith("/__init__.py")',
        "found |= {name} if False",
        "changes_for_a_test",
    ),
}
