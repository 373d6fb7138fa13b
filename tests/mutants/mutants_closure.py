"""Planted bugs of tests/mutants/closure.py: a way to name a file is not seen."""

FILE = "tests/mutants/closure.py"
TESTS = ["tests/mutants/test_closure.py"]
MUTANTS = {
    "no-packages-above": ("for k in range(1, len(parts) + 1)}", "for k in range(len(parts), len(parts) + 1)}"),
    "no-bare-names": ('return found if found else set(self.ends.get(f"{parts[0]}.py", ()))', "return found"),
    "code-in-strings-imports-nothing": (", *map(self.module, imported(text))\n", "\n"),
    "prose-names-nothing": ("*(self.ends.get(name, ()) for name in NAMED.findall(text)), ", ""),
    "names-of-tests-are-no-files": ('.split("::")[0]', ""),
    "what-stands-for-anything-is-nothing": ('        if "*" in name:\n', '        if "*" in name and set():\n'),
    "anything-is-everything": ("if known else set()", "if True else set()"),
    "anything-in-this-folder": ('name if "/" in name else ', ""),
    "no-siblings-by-stem": ('found = {f"{folder}/{name}.py"} & self.files', "found = set()"),
    "no-names-of-files": ("found |= self.ends.get(name, set())", "pass"),
    "no-names-of-modules": ("found |= self.module(name) if MODULE", "found |= set() if MODULE"),
    "no-folders": ("{f for f in self.files if f.startswith(tuple(inside))}", "set()"),
    "no-folders-beside": ('inside = [f"{folder}/{name}/", *', "inside = [*"),
    "no-folders-from-the-root": ('*([f"{name}/"] if "/" in name else [])', ""),
    "no-conftest": ('above = ("conftest.py", ', "above = ("),
    "no-package-above": ('above = ("conftest.py", "__init__.py")', 'above = ("conftest.py",)'),
    "nearest-conftest": ("for folder in folders for", "for folder in folders[:1] for"),
    "nothing-beside": (' and not f.endswith(".py")}', " and not f}"),
    "notebooks-import-nothing": ('if not file.endswith((".py", ".ipynb"))', 'if not file.endswith(".py")'),
    "processes-import-nothing": ("if PROCESS.search(text)", "if not text"),
    "one-step-far": ("            while new:\n", "            for _ in range(2):\n"),
    "names-of-packages-alone": ('        yield from (f"{module}.{name.strip()}"', '        yield from (f"{module}"'),
    "imported-from-a-package": ('yield from (f"{module}.{alias.name}"', 'yield from (f"{module}"'),
    "one-level-up": ("[: -node.level]", "[:-1]"),
    "docstrings-name-files": ("            inside.add(node.value)\n", "            pass\n"),
    "the-end-of-a-path": ('return f"{path(node.left)}/{right}".strip("/") if right', "return right if right"),
    "the-start-of-a-path": ("            yield path(node)\n", "            yield path(node.left)\n"),
    "put-in-is-nothing": ('part(value) or "*"', "part(value)"),
}
