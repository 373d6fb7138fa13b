"""Bugs planted in the place of a kernel."""

FILE = "coursework/running/kernel.py"
TESTS = ["tests/coursework/running/test_kernel.py"]
TABLE = "jupyter_runs"
MUTANTS = {
    "await-is-no-python": ("self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT", "self.flags", TABLE),
    "future-forgotten": ("self.flags |= getattr(__future__, name.name).compiler_flag", "pass", TABLE),
    "own-future": ("flags, dont_inherit=True)\n        if", "flags)\n        if", TABLE),
    "no-main": ('sys.modules["__main__"], self.space = main', "_, self.space = main", TABLE),
    "no-source": ("linecache.cache[file] =", "_ =", TABLE),
    "no-place-for-files": ('sys.path.insert(0, "")', "pass", TABLE),
    "last-value-forgotten": ("self._show(value)", "pass", TABLE),
    "last-value-of-all": ("k == len(statements) - 1)", "True)", "random_notebooks or jupyter_runs"),
    "taken-name-lost": ('self.space.get(name, "") is old', "True", TABLE),
    "check-runs": ("if cells.is_check(statement) or", "if", "costs_what_failed"),
    "check-imported-runs": ("module.check = lambda *_, **__: None", "module.checked = None", "costs_what_failed"),
    "names-not-tried-again": ('trouble.kind == "NameError" and not noted', "False", "costs_what_failed"),
    "magic-not-noted": ("if name not in cells.NOTHING:", "if False:", "costs_what_failed"),
    "everything-is-run": ("(definitions_only and not quick)", "False", "definitions_alone"),
    "cells-without-end": (
        "if now > min(until, patience) and not quick:",
        "if now > until and not quick:",
        "time_of_a_cell",
    ),
    "capture-forgets": ("sys.stdout, sys.stderr = io.StringIO(), io.StringIO()", "pass", TABLE),
    "time-does-nothing": ('if name in ("time", "prun"):', "if False:", TABLE),
    "files-not-written": ("file.write(cell)", "pass", TABLE),
}
