"""What a package hands on from its modules, and what others take of it: found in the text, without running it.

An `__init__.py` that does nothing but hand on (a docstring, `from its.module import names`, constants) is transparent.
Whoever takes a name from it depends on the module that defines the name, and on no other module of the package: the
others are imported, too, but that changes nothing for anybody, as long as they are inert, which is decided here as
well. Where any of that cannot be told, the answer is no.
"""

import ast
import re
from collections.abc import Iterator

PACKAGES = ("seqlib", "coursework")  # whose functions may do anything, when a module that is imported calls them
KEPT = ("__all__", "__version__")  # of names with two underscores, those that mean nothing to Python
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Whoever uses one of these may come by modules that no text names; the second are about the names of a file.
ROAMING = ("import_module", "__import__", "pkgutil", "__subclasses__", "run_module", "get_objects")
WORDS = re.compile("|".join(ROAMING))
ROAMS = re.compile("|".join((*ROAMING, "modules", "__init_subclass__")))
HOOKS = re.compile("metaclass|__init_subclass__|__set_name__")
FIELDS = {ast.alias: "name", ast.Name: "id", ast.Attribute: "attr", ast.Constant: "value"}
MAIN = "__name__ == '__main__'"
NAMES = ("eval", "exec", "globals", "locals")


def source(node: ast.ImportFrom, file: str) -> str:
    """The module of `from module import ...`, with all packages above it."""
    package = file.split("/")[: -node.level] if node.level else []
    return ".".join([*package, *filter(None, [node.module])])


def handed_on(tree: ast.Module, file: str) -> dict[str, tuple[str, str]] | None:
    """Name -> its module, and what it is called there; a constant has no module. None: the package is not transparent.

    The docstring is nothing that a name depends on.
    """
    found, here = dict[str, tuple[str, str]](), ".".join(file.split("/")[:-1])
    for node in tree.body[ast.get_docstring(tree) is not None :]:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            module = source(node, file)
            new = [(alias.asname or alias.name, (module, alias.name)) for alias in node.names]
            if module == here or any(alias.name == "*" for alias in node.names):
                return None
        elif isinstance(node, ast.Assign) and constant(node.value):
            names = [target.id if isinstance(target, ast.Name) else "" for target in node.targets]
            new = [(name, ("", ast.dump(node.value))) for name in names]
        else:
            return None
        for name, origin in new:
            if not name or name in found or (name.startswith("__") and name not in KEPT):
                return None
            found[name] = origin
    return {name: origin for name, origin in found.items() if name != "__all__"}  # it stands for all


def constant(node: ast.expr) -> bool:
    """Whether it is written out."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(map(constant, node.elts))
    if isinstance(node, ast.UnaryOp):
        return constant(node.operand)
    return isinstance(node, ast.Constant)


def evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is evaluated when a module is imported: of functions their decorators and defaults."""
    if isinstance(node, FUNCTIONS):
        arguments = node.args
        inner = [*getattr(node, "decorator_list", ()), *arguments.defaults, *filter(None, arguments.kw_defaults)]
    else:
        inner = list(ast.iter_child_nodes(node))
        yield node
    for each in inner:
        yield from evaluated(each)


def owner(node: ast.AST) -> str:
    """The name with which `a.b[c](d)` begins."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def inert(tree: ast.Module) -> bool:
    """Whether a module that is imported makes names of its own and nothing else, without a call to this project."""
    own = {node.name for node in tree.body if isinstance(node, (*FUNCTIONS[:2], ast.ClassDef))}
    imported = set[str]()
    for module, _, name in taken(tree, f"{PACKAGES[0]}/this.py"):  # what is relative is this project's
        imported.add(name)
        if module.split(".")[0] in PACKAGES:
            own.add(name)
    for node in tree.body:
        if isinstance(node, ast.Expr | ast.If):
            if not (constant(node.value) if isinstance(node, ast.Expr) else ast.unparse(node.test) == MAIN):
                return False
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            parts = [part for target in targets for part in ast.walk(target)]
            if isinstance(node, ast.AugAssign) and owner(node.target) in imported:
                return False
            if not all(isinstance(part, ast.Name | ast.Tuple | ast.expr_context) for part in parts):
                return False
        elif not isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef, *FUNCTIONS)):
            return False
        for part in evaluated(node):
            if isinstance(part, ast.Call) and owner(part) in own:
                return False
        for part in ast.walk(node):
            if {owner(each) for each in getattr(part, "decorator_list", ())} & own:
                return False
    return True


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Everything in a tree -> what it stands in."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def used(tree: ast.AST, name: str) -> list[list[str]] | None:
    """What is taken of an object by attributes, `name.a.b` as [a, b]; None where it is used in any other way."""
    above, found = parents(tree), list[list[str]]()
    for node in above:
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return None
        if not isinstance(node, ast.Name):
            continue
        if node.id in NAMES:
            return None
        if node.id == name:
            chain, outer = list[str](), above[node]
            while isinstance(outer, ast.Attribute):
                chain.append(outer.attr)
                if not isinstance(outer.ctx, ast.Load):
                    return None
                outer = above[outer]
            if not chain or not isinstance(node.ctx, ast.Load):
                return None
            found.append(chain)
    return found


def taken(tree: ast.AST, file: str) -> Iterator[tuple[str, str, str]]:
    """Yield of each import the module that is imported, the path of the object, and the name it gets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                yield alias.name, alias.name if alias.asname else first, alias.asname or first
        elif isinstance(node, ast.ImportFrom):
            module = source(node, file)
            for alias in node.names:
                yield module, f"{module}.{alias.name}", alias.asname or alias.name


def roams(tree: ast.AST) -> bool:
    """Whether a file may come by modules that it does not name."""
    above = parents(tree)
    for node in above:
        if isinstance(node, ast.alias | ast.Name | ast.Attribute | ast.Constant):
            name = getattr(node, FIELDS[type(node)])
            if isinstance(name, str) and WORDS.search(name):
                return True
            if name == "sys" and getattr(node, "asname", None):
                return True
            asked = name == "modules" and isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("sys")
            if asked and not told(node, above):
                return True
        if isinstance(node, ast.ImportFrom) and node.module in ("sys", "pkgutil"):
            return True
        if isinstance(node, ast.FunctionDef) and node.name == "__init_subclass__" and keeps(node):
            return True
    return False


def told(node: ast.Attribute, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether sys.modules is asked for what is named there, or only told."""
    outer = above[node]
    if isinstance(outer, ast.Subscript):
        return not isinstance(outer.ctx, ast.Load) or isinstance(outer.slice, ast.Constant)
    if isinstance(outer, ast.Compare):
        return outer.left is not node and isinstance(outer.left, ast.Constant)
    if isinstance(outer, ast.Call):
        return isinstance(outer.func, ast.Attribute) and outer.func.attr in ("setitem", "delitem")
    call = above.get(outer)
    asked = isinstance(outer, ast.Attribute) and outer.attr in ("get", "pop", "setdefault")
    return asked and isinstance(call, ast.Call) and bool(call.args) and isinstance(call.args[0], ast.Constant)


def keeps(function: ast.FunctionDef) -> bool:
    """Whether it may keep what it is given: it assigns, or calls a method for the sake of what that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            return True
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr != "__init_subclass__":
                return True
    return False


def hooks(tree: ast.AST) -> bool:
    """Whether classes that are made of those here run what stands here."""
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    metaclass = any(isinstance(node, ast.keyword) and node.arg == "metaclass" for node in ast.walk(tree))
    return metaclass or bool(defined & {"__init_subclass__", "__set_name__"})
