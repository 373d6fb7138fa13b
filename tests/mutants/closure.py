"""What a file of the tree may read while it runs, itself and by what it reads: found in its text, without running it.

Too much is no harm, too little is. A module that is imported counts with all above it; so does what a string names: a
file, a folder with all in it, a module, code with imports. Of a name that is put together, what is not known stands
for anything. What is above a file counts, conftest.py and __init__.py; so does what lies beside it and is not Python;
and what starts another process may read all that can be imported, all of PACKAGES.

Of a package that only hands on (exports.py) a part counts, with a name of its own: `seqlib/nn/__init__.py:LSTM` is
where LSTM comes from, and `seqlib/nn/__init__.py:` that the package is imported, for which only those of its modules
count that are not inert. As soon as it is used as anything but the owner of these names, all of it counts; and so
it does where a file is read that may come by modules that it does not name.

What a test has read all the same, and could not be found here, is seen when it runs (session.notice).
"""

import ast
import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path, PurePosixPath

import exports
from exports import PACKAGES

IMPORTED = re.compile(r"\b(?:import|from) +([\w.]+)(?: +import +\(?([\w, ]+))?")
NAMED = re.compile(r"[\w/-]+\.[\w.-]+")
PROCESS = re.compile(r"\b(subprocess|multiprocessing|os\.fork)\b")
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

    @lru_cache(16)  # noqa: B019
    def parsed(self, file: str) -> ast.Module:
        """The syntax of a file."""
        return ast.parse(self.text(file))

    @cache  # noqa: B019
    def text(self, file: str) -> str:
        """What stands in it."""
        return (self.root / file).read_text(encoding="utf8")

    @cache  # noqa: B019
    def handed_on(self, init: str) -> dict[str, tuple[str, str]] | None:
        """What a package hands on from modules of this tree, if it does nothing else.

        A name that a module of it has, too, would be the one or the other, as they happen to be imported.
        """
        folder = init.removesuffix("/__init__.py")
        if init not in self.files or f"{folder}.py" in self.files:
            return None
        found = exports.handed_on(self.parsed(init), init)
        for name, (module, _) in (found or {}).items():
            itself = f"{folder.replace('/', '.')}.{name}"
            if (module and not self.exact(module)) or (self.exact(itself) and module != itself):
                return None
        return found

    def exact(self, name: str) -> set[str]:
        """The file of a module."""
        path = name.replace(".", "/")
        return {f"{path}.py", f"{path}/__init__.py"} & self.files

    def entered(self, init: str) -> str:
        """What counts of a package when a module of it, or one of its names, is imported."""
        return init if self.handed_on(init) is None else f"{init}:"

    def module(self, name: str) -> set[str]:
        """The file of a module; of what is above it `look` knows. Where there is none, all that bear its name."""
        parts = name.split(".")
        for k in range(len(parts), 0, -1):
            if there := self.exact(".".join(parts[:k])):
                return there
        return set(self.ends.get(f"{parts[0]}.py", ()))

    def taken(self, path: str) -> tuple[set[str], bool]:
        """What counts when an object is taken from its module or package; and whether it is a package."""
        parts, found = path.split("."), set[str]()
        for k in range(1, len(parts) + 1):
            init = f"{'/'.join(parts[:k])}/__init__.py"
            if init not in self.files:
                return found | self.module(path), False
            names = self.handed_on(init)
            found |= self.exact(".".join(parts[:k])) if names is None else {f"{init}:"}
            if k == len(parts):
                return found, names is not None
            handed, is_module = parts[k] in (names or ()), self.exact(".".join(parts[: k + 1]))
            found |= {f"{init}:{parts[k]}"} if handed else set()
            if not is_module:  # a name that a module has, too, may be either
                return found if handed else found | {init}, False
        return found, False

    def whole(self, path: str) -> set[str]:
        """The same, and all of it if it is a package."""
        found, is_package = self.taken(path)
        return found | self.exact(path) if is_package else found

    def imports(self, file: str) -> Iterator[str]:
        """Yield what counts of what a file imports. Only from a test nobody takes the packages that it has imported."""
        tree = self.parsed(file)
        for module, path, name in exports.taken(tree, file):
            found, is_package = self.taken(module)
            yield from found
            found, is_package = self.taken(path)
            yield from found
            if is_package:
                chains = exports.used(tree, name) if PurePosixPath(file).name.startswith("test_") else None
                for chain in [[]] if chains is None else chains:
                    yield from self.whole(".".join([path, *chain]))

    @cache  # noqa: B019
    def not_inert(self, init: str) -> frozenset[str]:
        """What is not inert of all that is imported with a package."""
        found, new = set[str](), {init}
        while new:
            found |= new
            names = {name for f in new for name in chain(*(t[:2] for t in exports.taken(self.parsed(f), f)))}
            parts = [name.split(".") for name in names]
            new = set[str]().union(*(self.exact(".".join(p[:k])) for p in parts for k in range(1, len(p) + 1))) - found
        return frozenset(f for f in found if self.entered(f) == f and not exports.inert(self.parsed(f)))

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
        found = {f"{folder}/{name}.py"} & self.files - {f"{folder}/__init__.py"}  # so methods are called, too
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
        file, part, name = file.partition(":")
        if part:
            module, there = (self.handed_on(file) or {}).get(name, ("", ""))
            return set(self.not_inert(file)).union(self.whole(f"{module}.{there}") if module else ())
        folders = [str(folder) for folder in PurePosixPath(file).parents]
        above = {f"{folder}/{name}" for folder in folders for name in ABOVE} & self.files
        found = {self.entered(f) if f.endswith("/__init__.py") else f for f in above}
        beside = {f for f in self.below.get(folders[0], ()) if f.rpartition("/")[0] == folders[0]}
        found |= {f for f in beside if not f.endswith(".py")}
        if not file.endswith((".py", ".ipynb")):
            return found
        text = self.text(file)
        if file.endswith(".ipynb"):
            return found.union(*map(self.module, imported(text)))
        modules = set(self.imports(file))
        named = set[str]().union(*(self.named(name, file) for name in strings(self.parsed(file))))
        if file.startswith(f"{APART}/"):
            named &= self.below[APART]
        elif PROCESS.search(text):
            modules.update(*(self.below.get(package, ()) for package in PACKAGES))
        return found | modules | named

    def closure(self, *files: str) -> frozenset[str]:
        """What files may read together, by whatever way; with themselves."""
        found = frozenset[str]().union(*map(self.reach, files))
        hooks = any(self.hooks(file) for file in files)
        while hooks or any(map(self.roams, found)):
            new = {file.partition(":")[0] for file in found} - found
            if not new:
                break
            found = found.union(*map(self.reach, new))
        return found

    def reach(self, file: str) -> frozenset[str]:
        """What one file may read, by whatever way, if neither it nor another comes by modules that it does not name."""
        if file not in self.closures:
            found, new = set[str](), {file}
            while new:
                found |= new
                new = set[str]().union(*map(self.read_by, new)) - found
            self.closures[file] = frozenset(found)
        return self.closures[file]

    @cache  # noqa: B019
    def roams(self, file: str) -> bool:
        """Whether this one may."""
        here = file.endswith(".py") and not file.startswith(f"{APART}/")
        return here and exports.ROAMS.search(self.text(file)) is not None and exports.roams(self.parsed(file))

    @cache  # noqa: B019
    def hooks(self, file: str) -> bool:
        """Whether classes that are made of those of this file run what stands there."""
        here = file.endswith(".py") and exports.HOOKS.search(self.text(file)) is not None
        return here and exports.hooks(self.parsed(file))

    def part(self, file: str) -> str:
        """What stands in a part of a package."""
        init, _, name = file.partition(":")
        return " ".join((self.handed_on(init) or {}).get(name, ()))


def imported(text: str) -> Iterator[str]:
    """Yield the modules that code in a string imports."""
    for module, names in IMPORTED.findall(text):
        yield module
        yield from (f"{module}.{name.strip()}" for name in names.split(",") if name.strip())


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
