"""Planted bugs of what runs in a page."""

FILE = "book/_pyodide/in_page.py"
TESTS = ["tests/tools/test_practice_in_page.py"]
MUTANTS = {
    "everything-is-shown": ("self.text += text[:room]", "self.text += text"),
    "a-full-page-is-cut": ("self.cut |= len(text) > room", "self.cut |= len(text) >= room"),
    "cut-in-silence": (' + "\\n… and more, which is not shown" * self.cut', ""),
    "errors-are-not-printed": ("contextlib.redirect_stderr(printed)", "contextlib.nullcontext()"),
    "absent-names-of-the-page": ('({*asked["absent"]} | ABSENT)', "ABSENT"),
    "absent-names-of-all": ('({*asked["absent"]} | ABSENT)', '{*asked["absent"]}'),
    "in-any-order": ('", ".join(sorted(missing))', '", ".join(sorted(missing, reverse=True))'),
    "texts-share-their-names": ('space = dict(_ready[asked["chapter"]])', 'space = _ready[asked["chapter"]]'),
    "the-solution-is-there": ("    space.pop(name, None)\n", ""),
    "exits-end-all": ("except BaseException as error:", "except Exception as error:"),
    "no-answer-is-judged": ("if name not in space:", "if False:"),
    "places-of-every-verdict": ('if result.id == "exception" else ""', 'if result.id != "exception" else ""'),
    "verdict-without-its-kind": (
        "_told(result.status, result.message, lines, result.id)",
        "_told(result.status, result.message, lines)",
    ),
    "own-names-are-missed": (" - own\n", "\n"),
    "imports-are-missed": ("symbol.is_assigned() or symbol.is_imported()", "symbol.is_assigned()"),
    "inner-scopes-unread": ("        tables += table.get_children()\n", ""),
    "names-of-the-package": ('module.partition(".")[0]', "module"),
    "no-imports-from": ("if isinstance(node, ast.ImportFrom) else []", "if False else []"),
    "no-imports": ("if isinstance(node, ast.Import) else []", "if False else []"),
    "no-place-of-a-syntax-error": ('if line.startswith("    ")]', 'if line.startswith("        !")]'),
    "colon-of-nothing": ('.removesuffix(":")', ""),
    "first-line": ("line {at[-1][0]}: {what}", "line {at[0][0]}: {what}"),
    "lines-of-seqlib": ("if code.co_filename == TEXT]", "if n <= len(source)]"),
    "all-steps": ("found if len(found) <= 10 else", "found if True else"),
    "four-first": ("found[:5] + found[-5:]", "found[:4] + found[-5:]"),
    "module-is-a-function": ('if name != "<module>" else ""', 'if name else ""'),
    "indented-as-it-was": ("source[n - 1].strip()", "source[n - 1]"),
}
