"""Bugs planted in how cells are read."""

FILE = "coursework/running/cells.py"
TESTS = ["tests/coursework/running/test_cells.py"]
MUTANTS = {
    "magics-do-not-run": ('RUN = ("time", "capture", "prun")', "RUN = ()"),
    "check-by-any-name": ('call.func.id == "check"', "True"),
    "lambdas-are-run": ("if isinstance(value, ast.Lambda):", "if False:"),
    "towers-of-powers": ("return _small(value.left) and _small(value.right)", "return True"),
    "handlers-forgotten": ("for line in handler.body]", "for line in []]"),
    "tests-forgotten": ("return tested and all(", "return all("),
    "calls-are-constants": ("    if isinstance(value, BUSY):\n        return False\n", ""),
    "lines-of-empty-ones-lost": ("ast.increment_lineno(tree, empty)", "pass"),
    "lines-of-magics-lost": ("statement.lineno - 1 + len(body)", "0"),
    "names-that-are-taken": ("and alone not in taken", ""),
    "options-are-code": ("without_options(line))", "line)"),
    "always-written-out": (
        "            found = ast.parse(source).body\n",
        "            return _written_out(source, SyntaxError())\n",
    ),
}
