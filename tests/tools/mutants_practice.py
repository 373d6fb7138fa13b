"""Planted bugs of the extension that tells a page what runs before an exercise."""

FILE = "book/_ext/practice.py"
TESTS = ["tests/tools/test_practice_scripts.py", "tests/tools/test_practice_in_page.py"]
MUTANTS = {
    "all-is-here": ("return not any(module == name", "return True or not any(module == name"),
    "parts-of-torch-are-here": (' or module.startswith(f"{name}.")', ""),
    "names-like-torch": ('module.startswith(f"{name}.")', "module.startswith(name[0])"),
    "of-a-package-nothing-is-left-out": (
        'names = [statement.module, f"{statement.module}.{alias.name}"]',
        "names = [statement.module]",
    ),
    "absent-by-its-own-name": ("absent.add((alias.asname or alias.name)", "absent.add((alias.name)"),
    "all-names-or-none": ("    if not kept:\n", "    if absent:\n"),
    "built-in-names-are-free": (" - set(dir(builtins))", ""),
    "bodies-unread": ("        tables += table.get_children()\n", ""),
    "every-function": ("if free(statement) <= present | {statement.name} else set()", "if True else set()"),
    "no-function-calls-itself": ("present | {statement.name} else", "present else"),
    "values-do-not-hide-names": ("            present -= {node.id for", "            {node.id for"),
    "functions-do-not-hide-names": ("            present -= {statement.name}\n", ""),
    "classes-are-values": (
        "elif isinstance(statement, ast.FunctionDef | ast.ClassDef):",
        "elif isinstance(statement, ast.FunctionDef):",
    ),
    "absent-though-made-anew": ("sorted(absent - present)", "sorted(absent)"),
    "nothing-absent": ("            absent |= gone\n", ""),
    "imports-are-not-there": (
        "for a in statement.names} if statement else set()",
        "for a in statement.names} if False else set()",
    ),
    "exercises-are-set-up": ('if not asked(source) and "colab" not in source]', 'if "colab" not in source]'),
    "colab-is-set-up": (' and "colab" not in source]', "]"),
    "pages-without-exercises": ("    if not names:\n        return None\n", ""),
    "any-call": (r"^practice\.(\w+)\(\1\)$", r"^practice\.(\w+)\((\w+)\)$"),
    "markdown-is-code": ('if cell["cell_type"] == "code"]', "]"),
    "an-epub-has-scripts": ('app.builder.name != "html":  #', 'app.builder.name == "pdf":  #'),
    "chapters-without-scripts": ("        if known := page(path):", "        if not (known := page(path)):"),
    "after-a-failed-build": ("if exception or app", "if app"),
    "every-cell": ("        if name:\n            wrapped", "        if True:\n            wrapped"),
    "of-no-page": ("chapter=Path(app.env.docname).name", "chapter=app.env.docname"),
    "beside-its-cell": ("            wrapped += cell\n", ""),
    "any-notebook": ('glob("[0-9]*.ipynb")', 'glob("*.ipynb")'),
}
