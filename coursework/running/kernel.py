"""The place of a Jupyter kernel: runs the cells of a notebook one statement after the other, in spite of each other."""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import io
import linecache
import re
import sys
import time
import types
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from coursework.running import cells
from coursework.running.patience import CELLS, OutOfTime, Watch
from coursework.trouble import FILE, Trouble, kind_of, place_of

__all__ = ["Kernel", "described"]

COROUTINE = 0x80  # inspect.CO_COROUTINE
LOOP = re.compile(r"create_task|get_running_loop|ensure_future|gather")  # want the loop that runs in a kernel


class Kernel:
    """A name space, and what has happened in it. `note(trouble, starved)` is called with what goes wrong."""

    def __init__(self, watch: Watch, seconds: float, note: Callable[[Trouble, bool], None]):
        self.watch, self.seconds, self.note = watch, seconds, note
        self.flags, self.count, self.place = 0, 0, (0, 0)
        self.loop: Any = None
        self.cut = False  # whether it has been said that the cell at hand took too long
        main = types.ModuleType("__main__")  # pickle, dataclasses and typing look there for what a cell defines
        sys.modules["__main__"], self.space = main, main.__dict__
        self.shown: tuple[Any, ...] = ("", "", "")
        shell = Shell(self)
        self.ours: dict[str, Any] = {"get_ipython": lambda: shell, "display": display}
        self.space |= {"In": [""], "Out": {}, **self.ours}
        vars(builtins).update(self.ours)
        sys.path.insert(0, "")
        sys.argv = ["ipykernel_launcher.py"]

    def run(self, sources: list[str], definitions_only: bool) -> None:
        """Run the statements of all cells; what lacked a name is tried again.

        A cell may take as long as a call, and all cells `CELLS` times as long; then only definitions are run.
        """
        self._stand_in(sources)
        again, patience, told = [], time.monotonic() + CELLS * self.seconds, False
        for cell, source in enumerate(sources, 1):
            if source.strip():
                self.count += 1
                self.space["In"].append(source)
            file = FILE.format(cell)
            linecache.cache[file] = (len(source), None, [line + "\n" for line in source.split("\n")], file)
            statements = self._read(source, cell)
            until = time.monotonic() + self.seconds
            self.cut = False
            for k, statement in enumerate(statements):
                now = time.monotonic()
                quick = cells.defines(statement)
                if cells.is_check(statement) or (definitions_only and not quick):
                    continue
                if now > min(until, patience) and not quick:
                    if now > patience and not told:
                        told = True
                        self.note(Trouble("late", cell, statement.lineno), False)
                    elif now <= patience and not self.cut:
                        self.cut = True
                        self.note(Trouble("slow", cell, statement.lineno), False)
                    continue
                most = self.seconds if quick else max(0.1, until - now)
                again += self._tried(statement, cell, most, k == len(statements) - 1)
        for statement, cell in again:
            if time.monotonic() < patience or cells.defines(statement):
                self._tried(statement, cell, self.seconds, False, noted=True)

    def _tried(self, statement: ast.stmt, cell: int, most: float, last: bool, noted: bool = False) -> list:
        """Run a statement; return it with its cell if it is to be tried again."""
        self.place = cell, statement.lineno
        self.watch.last_word = lambda: self.note(Trouble("slow", *self.place), self.watch.starved())
        try:
            with self.watch(most):
                self.execute(statement, cell, last)
        except OutOfTime:
            self.cut = True
            self.note(Trouble("slow", *self.place), self.watch.starved())
        except BaseException as error:
            trouble = described(error)
            if trouble.kind == "NameError" and not noted:
                return [(statement, cell)]
            self.note(Trouble(trouble.kind, *((trouble.cell, trouble.line) if trouble.cell else self.place)), False)
        return []

    def _read(self, source: str, cell: int) -> list[ast.stmt]:
        try:
            with self.watch(self.seconds):
                return cells.statements(source, self.space)
        except OutOfTime:
            self.note(Trouble("slow", cell, 1), self.watch.starved())
        except Exception as error:
            self.note(Trouble(kind_of(error), cell, getattr(error, "lineno", None) or 1), False)
        return []

    def execute(self, statement: ast.stmt, cell: int, last: bool = False) -> Any:
        """Run one statement, as IPython runs it: with `await`, future statements that stay, and `_`."""
        node: Any = ast.Module([statement], [])
        shown = last and isinstance(statement, ast.Expr)
        if shown:
            node = ast.Expression(statement.value)  # type: ignore[attr-defined]
        flags = self.flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(node, FILE.format(cell), "eval" if shown else "exec", flags, dont_inherit=True)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for name in statement.names:
                self.flags |= getattr(__future__, name.name).compiler_flag
        if code.co_flags & COROUTINE or ("asyncio" in sys.modules and LOOP.search(self.space["In"][-1])):
            value = self._in_loop(code)
        else:
            value = eval(code, self.space)
        if shown and value is not None:
            self._show(value)
        return value

    def source(self, text: str) -> Any:
        """Run what a magic holds; the value of its last expression."""
        value = None
        for statement in cells.statements(text):
            shown = isinstance(statement, ast.Expr)
            node: Any = ast.Expression(statement.value) if isinstance(statement, ast.Expr) else None
            node = node or ast.Module([statement], [])
            mode = "eval" if shown else "exec"
            value = eval(compile(node, "<magic>", mode, self.flags, dont_inherit=True), self.space)
        return value

    def _in_loop(self, code: types.CodeType) -> Any:
        import asyncio

        async def inside() -> Any:
            value = eval(code, self.space)
            return await value if code.co_flags & COROUTINE and isinstance(value, Coroutine) else value

        self.loop = self.loop or asyncio.new_event_loop()
        return self.loop.run_until_complete(inside())

    def _show(self, value: Any) -> None:
        """`_`, `__`, `___` and `Out`; a name that the student took for something else stays."""
        names = ("_", "__", "___")
        if all(self.space.get(name, "") is old for name, old in zip(names, self.shown, strict=True)):
            self.shown = (value, *self.shown[:2])
            self.space |= dict(zip(names, self.shown, strict=True))
        self.space["Out"][self.count] = self.space[f"_{self.count}"] = value

    def _stand_in(self, sources: list[str]) -> None:
        """Give our own check and get_ipython to those who import them."""
        import coursework.visible

        for module in (coursework, coursework.visible):
            module.check = lambda *_, **__: None  # type: ignore[attr-defined]
        if any("IPython" in source and "get_ipython" in source for source in sources):
            with contextlib.suppress(ImportError):
                import IPython
                import IPython.core.getipython

                IPython.get_ipython = IPython.core.getipython.get_ipython = self.ours["get_ipython"]


class Nothing:
    """Whatever is asked of it, it is nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())


class Lines(list):
    """What a command of the shell said, which is not run: nothing."""

    n, s, p, l = property("\n".join), property(" ".join), property(list), property(list)  # IPython's names

    def grep(self, *_: Any, **__: Any) -> Lines:
        return self

    fields = grep


class Shell(Nothing):
    """get_ipython() of a cell: magics that run what they hold do so, %%writefile writes, the others do nothing."""

    def __init__(self, kernel: Kernel):
        self.kernel, self.user_ns = kernel, kernel.space
        self.kept: list[tuple[Any, Any]] = []

    def run_line_magic(self, name: str, line: str = "", *_: Any, **__: Any) -> Any:
        if name in ("time", "prun"):
            return self.kernel.source(cells.without_options(line))
        if name in ("sx", "system", "!"):
            return Lines()
        if name == "timeit" and "-o" in line.split():
            return types.SimpleNamespace(**dict.fromkeys(("best", "worst", "average", "stdev"), 0.0), all_runs=[])
        return self._known(name)

    def run_cell_magic(self, name: str, line: str, cell: str = "") -> Any:
        if name in ("time", "prun", "capture"):
            return self.kernel.source(cell)
        if name in ("writefile", "file"):
            *options, path = line.split()
            with Path(path.strip("'\"")).open("a" if options else "w", encoding="utf8") as file:
                file.write(cell)
            return None
        return self._known(name)

    def run_cell(self, source: str, *_: Any, **__: Any) -> Any:
        return self.kernel.source(source)

    ex = ev = run_cell

    def magic(self, line: str) -> Any:
        return self.run_line_magic(*line.lstrip("%").split(maxsplit=1))

    def getoutput(self, *_: Any, **__: Any) -> Lines:
        return Lines()

    def system(self, *_: Any, **__: Any) -> None:
        return None

    def capture(self) -> None:
        """Begin of %%capture."""
        self.kept.append((sys.stdout, sys.stderr))
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def captured(self) -> Any:
        """End of %%capture, with what was written meanwhile."""
        out, err = (getattr(file, "getvalue", str)() for file in (sys.stdout, sys.stderr))
        sys.stdout, sys.stderr = self.kept.pop()
        return types.SimpleNamespace(stdout=out, stderr=err, outputs=[], show=lambda: None)

    def _known(self, name: str) -> None:
        if name not in cells.NOTHING:
            self.kernel.note(Trouble("magic", *self.kernel.place), False)


def display(*_: Any, **options: Any) -> Any:
    """Shows nothing."""
    return Nothing() if options.get("display_id") else None


def described(error: BaseException) -> Trouble:
    """The kind and the place of an error of a student's, who may have written its class."""
    try:
        return Trouble(kind_of(error), *place_of(error.__traceback__))
    except BaseException:
        return Trouble("Exception")
