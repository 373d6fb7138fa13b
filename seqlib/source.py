"""Show the tested source in a chapter, so that no chapter holds a copy of it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

__all__ = ["Source", "show"]


class Source:
    """Source text that displays itself: highlighted in a notebook and on the site, plain elsewhere."""

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text

    def __repr__(self) -> str:
        return f"# {self.title}\n{self.text}"

    def _repr_markdown_(self) -> str:
        return f"```python\n# {self.title}\n{self.text}\n```"


def show(obj: Any, *, docstring: bool = False) -> Source:
    """The source of a function, class or method of this package, without its docstring unless asked for.

    Raises:  TypeError for an object that has no Python source
    """
    try:
        text = textwrap.dedent(inspect.getsource(obj)).rstrip()
    except (TypeError, OSError) as error:
        raise TypeError(f"obj must be a function, class or method written in Python, got {obj!r}") from error
    if not docstring:
        text = _without_docstrings(text)
    module = inspect.getmodule(obj)
    place = module.__name__.replace(".", "/") + ".py" if module else "here"
    return Source(f"{place}: {getattr(obj, '__qualname__', obj)}", text)


def _without_docstrings(text: str) -> str:
    lines = text.split("\n")
    cut: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            first = node.body[0]
            if len(node.body) > 1:
                cut.update(range(first.lineno - 1, first.end_lineno or first.lineno))
    kept = [line for number, line in enumerate(lines) if number not in cut]
    # one empty line where the docstring left several
    return "\n".join(line for i, line in enumerate(kept) if line.strip() or (i and kept[i - 1].strip())).rstrip()
