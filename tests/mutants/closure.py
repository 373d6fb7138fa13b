"""What a file of the tree may read while it runs, itself and by what it reads: found in its text, without running it.

Too much is no harm, too little is. A module that is imported counts with all above it; so does what a string names: a
file, a folder with all in it, a module, code with imports. Of a name that is put together, what is not known stands
for anything. What is above a file counts, conftest.py and __init__.py; so does what lies beside it and is not Python;
and what starts another process may read all that can be imported.

What a test has read all the same, and could not be found here, is seen when it runs (session.notice).
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

IMPORTED = re.compile(r"\b(?:import|from) +([\w.]+)(?: +import +\(?([\w, ]+))?")
NAMED = re.compile(r"[\w/-]+\.[\w.-]+")
PROCESS = re.compile(r"\b(subprocess|multiprocessing|os\.fork)\b")
PACKAGES = ("seqlib", "coursework")  # what another process may import
ABOVE = ("conftest.py", "__init__.py")
APART = "tests/mutants"  # whose tests have tiny trees of their own, in other folders: what they name is there
MODULE = re.compile(r"\w+(\.\w+)+")


class Tree:
    """The files below a folder: `files` are their names, with / between the parts."""

    def __init__(self, root: Path, files: set[str]) -> None:
        self.root, self.files = root, files
        self.closures: dict[str, frozenset[str]] = {}
        self.direct: dict[str, frozenset[str]] = {}

    @cached_property
    def ends(self) -> dict[str, set[str]]:
        """Every end of a name, `nn/rnn.py` as well as `rnn.py`, and which files end so."""
        found: dict[str, set[str]] = {}
        for file in self.files:
            parts = file.split("/")
            for begin in range(len(parts)):
                found.setdefault("/".join(parts[begin:]), set()).add(file)
        return found

    @cached_property
    def below(self) -> dict[str, set[str]]:
        """Every folder, and all files in it and in its folders."""
        found: dict[str, set[str]] = {}
        for file in self.files:
            for folder in PurePosixPath(file).parents:
                found.setdefault(str(folder), set()).add(file)
        return found

    def module(self, name: str) -> set[str]:
        """The files of a module and of the packages above it; where there are none, all that bear its name."""
        parts = name.split(".")
        begun = ["/".join(parts[:k]) for k in range(1, len(parts) + 1)]
        found = {f"{name}{end}" for name in begun for end in (".py", "/__init__.py")} & self.files
        return found if found else set(self.ends.get(f"{parts[0]}.py", ()))

    def named(self, text: str, file: str) -> set[str]:
        """The files that a string names, which stands in a file."""
        if re.search(r"\s", text):  # code, or prose
            return set().union(
                *(self.ends.get(name, ()) for name in NAMED.findall(text)), *map(self.module, imported(text))
            )
        name, folder = text.removeprefix("./").strip("/").split("::")[0], str(PurePosixPath(file).parent)
        if "*" in name:
            within = self.files if "/" in name else self.below.get(folder, set())
            known = re.search(r"\w{2}", name.rpartition(".")[0])
            last = name.rpartition("**/")[2]
            return {f for f in within if PurePosixPath(f).match(last)} if known else set()
        found = {f"{folder}/{name}.py"} & self.files
        if "." in name and name not in ABOVE:
            found |= self.ends.get(name, set())
            found |= self.module(name) if MODULE.fullmatch(name) else set()
        return found.union(self.below.get(f"{folder}/{name}", ()), self.below.get(name, ()) if "/" in name else ())

    def read_by(self, file: str) -> frozenset[str]:
        """What one file may read itself."""
        if file not in self.direct:
            self.direct[file] = frozenset(self.look(file)) - {file}
        return self.direct[file]

    def look(self, file: str) -> set[str]:
        """Find it."""
        folders = [str(folder) for folder in PurePosixPath(file).parents]
        found = {f"{folder}/{name}" for folder in folders for name in ABOVE} & self.files
        beside = {f for f in self.below.get(folders[0], ()) if f.rpartition("/")[0] == folders[0]}
        found |= {f for f in beside if not f.endswith(".py")}
        if not file.endswith((".py", ".ipynb")):
            return found
        text = (self.root / file).read_text(encoding="utf8")
        if file.endswith(".ipynb"):
            return found.union(*map(self.module, imported(text)))
        tree = ast.parse(text)
        modules = set[str]().union(*(self.module(name) for name in imports(tree, file)))
        named = set[str]().union(*(self.named(name, file) for name in strings(tree)))
        if file.startswith(f"{APART}/"):
            named &= self.below[APART]
        elif PROCESS.search(text):
            modules.update(*(self.below.get(package, ()) for package in PACKAGES))
        return found | modules | named

    def closure(self, file: str) -> frozenset[str]:
        """What a file may read, by whatever way; with itself."""
        if file not in self.closures:
            found, new = set[str](), {file}
            while new:
                found |= new
                new = set[str]().union(*map(self.read_by, new)) - found
            self.closures[file] = frozenset(found)
        return self.closures[file]


def imported(text: str) -> Iterator[str]:
    """Yield the modules that code in a string imports."""
    for module, names in IMPORTED.findall(text):
        yield module
        yield from (f"{module}.{name.strip()}" for name in names.split(",") if name.strip())


def imports(tree: ast.AST, file: str) -> Iterator[str]:
    """Yield the modules that a file may import; what is imported from a package may be one, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = file.split("/")[: -node.level] if node.level else []
            module = ".".join([*package, *filter(None, [node.module])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a file, but no docstring; of `a / "b" / "c"` the path; * for what is put in."""
    inside = set[ast.AST]()
    for node in ast.walk(tree):  # what stands outside comes before what is in it
        if node in inside:
            inside |= set(ast.iter_child_nodes(node)) if isinstance(node, ast.BinOp | ast.JoinedStr) else set()
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(node.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield path(node)
            inside |= {child for child in ast.iter_child_nodes(node) if isinstance(child, ast.BinOp) or part(child)}
        elif part(node):
            inside |= set(ast.iter_child_nodes(node))
            yield part(node)


def part(node: ast.AST) -> str:
    """A string, with * for what is put in; nothing, of what is none."""
    if isinstance(node, ast.JoinedStr):
        return re.sub(r"\*+", "*", "".join(part(value) or "*" for value in node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def path(node: ast.AST) -> str:
    """The end of a path that is put together by /, as far as it is known."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        right = part(node.right)
        return f"{path(node.left)}/{right}".strip("/") if right else path(node.left)
    return part(node)
