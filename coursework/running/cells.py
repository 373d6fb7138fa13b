"""What Jupyter runs of a cell: its statements, with IPython's own syntax written out as Python."""

from __future__ import annotations

import ast
import re
import shlex
import warnings
from collections.abc import Container

__all__ = ["NOTHING", "RUN", "defines", "is_check", "statements"]

RUN = ("time", "capture", "prun")  # magics that run what they hold
# Magics that do nothing that a mark could depend on; `magic` in `kernel` does what is left.
NOTHING = {
    "alias", "autoawait", "autocall", "automagic", "autosave", "bash", "bookmark", "cat", "cd", "clear",
    "code_wrap", "colors", "conda", "config", "cp", "debug", "dhist", "dirs", "doctest_mode", "ed", "edit",
    "env", "gui", "history", "html", "HTML", "javascript", "js", "latex", "less", "load", "load_ext", "loadpy",
    "logoff", "logon", "logstart", "logstate", "logstop", "ls", "lsmagic", "macro", "magic", "man", "markdown",
    "matplotlib", "mamba", "micromamba", "mkdir", "mv", "notebook", "page", "pastebin", "pdb", "pdef", "pdoc",
    "perl", "pfile", "pinfo", "pinfo2", "pip", "popd", "pprint", "precision", "psearch", "psource", "pushd",
    "pwd", "pycat", "pylab", "pypy", "python", "python2", "python3", "quickref", "recall", "rehashx",
    "reload_ext", "rep", "rerun", "reset", "reset_selective", "rm", "rmdir", "ruby", "run", "save", "sc",
    "script", "set_env", "sh", "store", "subshell", "sx", "svg", "SVG", "system", "tb", "timeit", "unalias",
    "unload_ext", "uv", "who", "who_ls", "whos", "xdel", "xmode", "capture", "time", "prun", "writefile",
    "file", "!", "autoreload", "aimport",
}  # fmt: skip
PROMPT = re.compile(r"^\s*In \[\d+\]: ", re.MULTILINE)  # copied with the code, and IPython leaves it out
SHELL = re.compile(r"\s*%?(\w+)(\s+(?![=.,(\[]).*)?\s*")


def statements(source: str, taken: Container[str] = ()) -> list[ast.stmt]:
    """The statements of a cell. A magic that runs what it holds stands there as what it holds.

    `taken` are the names that are defined: a line that is one of them is no magic.

    Raises:  SyntaxError, ValueError, RecursionError or MemoryError for what neither Python nor IPython understands
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if PROMPT.search(source):
            return _written_out(source, SyntaxError("prompts"))
        try:
            found = ast.parse(source).body
        except SyntaxError as error:
            return _written_out(source, error)
    alone = source.strip()
    return [] if alone in NOTHING and alone not in taken else found  # IPython takes one line without its % too


def is_check(statement: ast.stmt) -> bool:
    """Whether this is a call of the visible check, which gives no mark."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"


def defines(statement: ast.stmt) -> bool:
    """Whether a statement only imports, defines, or names a constant: nothing in it is called or counted through."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if isinstance(statement, ast.If | ast.Try):
        inner = [*statement.body, *statement.orelse, *getattr(statement, "finalbody", [])]
        inner += [line for handler in getattr(statement, "handlers", []) for line in handler.body]
        tested = not isinstance(statement, ast.If) or _constant(statement.test)
        return tested and all(isinstance(line, ast.Pass) or defines(line) for line in inner)
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return statement.value is None or _constant(statement.value)
    return False


BUSY = (ast.Call, ast.Await, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _constant(value: ast.expr) -> bool:
    """Whether a value can be had at once. What stands in a function is not run."""
    if isinstance(value, ast.Lambda):
        return True
    if isinstance(value, BUSY):
        return False
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Pow | ast.LShift):
        return _small(value.left) and _small(value.right)
    return all(_constant(child) for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr))


def _small(side: ast.expr) -> bool:
    """Whether it is a side of a power that is had at once: 2**10 is, and 10**10**10 is not."""
    if isinstance(side, ast.UnaryOp):
        return _small(side.operand)
    if isinstance(side, ast.Constant):
        return isinstance(side.value, int | float) and abs(side.value) <= 10_000
    return False


def _written_out(source: str, error: SyntaxError) -> list[ast.stmt]:
    from IPython.core.inputtransformer2 import TransformerManager  # takes long, and few notebooks need it

    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, RuntimeError):
        alone = SHELL.fullmatch(source)  # without its %, see above
        if not alone or alone[1] not in NOTHING:
            raise error from None
        tree = ast.parse(f"get_ipython().run_line_magic({alone[1]!r}, {(alone[2] or '').strip()!r})")
    lines = source.split("\n")
    empty = next((k for k, line in enumerate(lines) if line.strip()), 0)  # which IPython leaves out
    ast.increment_lineno(tree, empty)
    return [inner for statement in tree.body for inner in _opened(statement)]


def _opened(statement: ast.stmt) -> list[ast.stmt]:
    """What a magic holds, in its place."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return [statement]
    if ast.unparse(call.func) not in ("get_ipython().run_cell_magic", "get_ipython().run_line_magic"):
        return [statement]
    name, line, *body = [str(value.value) for value in call.args if isinstance(value, ast.Constant)]
    if name not in RUN or (not body and name == "capture"):
        return [statement]
    held = statements(body[0] if body else without_options(line))
    for inner in held:
        ast.increment_lineno(inner, statement.lineno - 1 + len(body))
    if name != "capture":
        return held
    begin = ast.parse("get_ipython().capture()").body
    named = [word for word in shlex.split(line) if not word.startswith("-") and word.isidentifier()]
    end = ast.parse(f"{named[0] if named else '_captured'} = get_ipython().captured()").body
    return [ast.increment_lineno(inner, statement.lineno - 1) for inner in begin] + held + end


def without_options(line: str) -> str:
    """The statement of %time or %prun, without the options before it."""
    return re.sub(r"^(\s*-{1,2}[\w-]+(\s+\d+)?)*\s*", "", line) if line.lstrip().startswith("-") else line
