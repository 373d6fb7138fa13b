"""Marks the cells of the exercises, and tells the pages what runs before them.

An exercise is a cell of a function without a body and a call of its checker, `practice.NAME(NAME)`. It is wrapped in
`<div class="practice" data-chapter=… data-exercise=…>`, which practice.js turns into an editor. What it needs to run
goes to `_static/python/chapters/CHAPTER.js`, which a click loads.
"""

import ast
import builtins
import json
import re
import symtable
from pathlib import Path

from docutils import nodes
from python_files import LEFT_OUT

CHECKED = re.compile(r"^practice\.(\w+)\(\1\)$", re.M)
TORCH = {f"seqlib.{name}" for name in LEFT_OUT} | {"torch", "matplotlib", "IPython", "google"}


class exercise(nodes.General, nodes.Element):
    """The cell of an exercise."""


def code_cells(path):
    """The sources of the code cells of a notebook."""
    cells = json.loads(path.read_text(encoding="utf8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def asked(source):
    """The name of the exercise that a cell asks for, or None."""
    found = CHECKED.search(source)
    return found and found[1]


def here(module):
    """Whether the page has a module: the standard library, NumPy, and what of seqlib needs no more."""
    return not any(module == name or module.startswith(f"{name}.") for name in TORCH)


def imported(statement):
    """The statement with the names that the page has, or None, and the names that it does not have."""
    kept, absent = [], set()
    for alias in statement.names:
        names = [alias.name]
        if isinstance(statement, ast.ImportFrom):
            names = [statement.module, f"{statement.module}.{alias.name}"]
        if all(here(name) for name in names):
            kept.append(alias)
        else:
            absent.add((alias.asname or alias.name).partition(".")[0])
    if not kept:
        return None, absent
    if isinstance(statement, ast.Import):
        return ast.Import(names=kept), absent
    return ast.ImportFrom(module=statement.module, names=kept, level=0), absent


def free(statement):
    """The names that a statement takes from outside: those of all scopes in it that no scope in it makes."""
    tables, found = [symtable.symtable(ast.unparse(statement), "<the page>", "exec")], set()
    for table in tables:
        tables += table.get_children()
        found |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return found - set(dir(builtins))


def prepared(sources):
    """(code, absent): the imports and functions of a page that need no more than NumPy, and the imports that do.

    Values that a page computes are left to it, and functions that read them: an exercise stands for itself.
    """
    kept, present, absent = [], set(), set()
    for statement in (s for source in sources for s in ast.parse(source).body):
        made = set()
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement, gone = imported(statement)
            absent |= gone
            made = {(a.asname or a.name).partition(".")[0] for a in statement.names} if statement else set()
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            present -= {statement.name}
            made = {statement.name} if free(statement) <= present | {statement.name} else set()
        else:
            walked = ast.walk(statement)
            present -= {node.id for node in walked if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        if made:
            present |= made
            kept.append(ast.unparse(statement))
    return "\n".join(kept), sorted(absent - present)


def page(path):
    """What the page of a chapter has to know: None where there is no exercise."""
    sources = code_cells(path)
    names = [name for name in map(asked, sources) if name]
    if not names:
        return None
    text, absent = prepared([source for source in sources if not asked(source) and "colab" not in source])
    return {"setup": text, "absent": absent, "exercises": names}


def mark(app, doctree):
    """Wrap the cells of the exercises."""
    found = doctree.findall(lambda n: isinstance(n, nodes.container) and "cell" in n["classes"])
    for cell in list(found):
        code = next(cell.findall(nodes.literal_block), None)
        name = asked(code.astext()) if code is not None else None
        if name:
            wrapped = exercise("", chapter=Path(app.env.docname).name, exercise=name)
            cell.replace_self(wrapped)
            wrapped += cell


def begin(writer, node):
    """Open the division of an exercise."""
    data = {"data-chapter": node["chapter"], "data-exercise": node["exercise"]}
    writer.body.append(writer.starttag(node, "div", CLASS="practice", **data))


def end(writer, node):
    """Close it."""
    writer.body.append("</div>\n")


def nothing(writer, node):
    """Elsewhere the cell stands as it is."""


def write(app, exception):
    """One script for each chapter."""
    if exception or app.builder.name != "html":  # an EPUB has no use for them
        return
    folder = Path(app.outdir) / "_static/python/chapters"
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(app.srcdir, "chapters").glob("[0-9]*.ipynb")):
        if known := page(path):
            said = json.dumps({path.stem: known}, ensure_ascii=False)
            script = f"Object.assign(self.seqPythonChapters ??= {{}}, {said});\n"
            (folder / f"{path.stem}.js").write_text(script, encoding="utf8")


def setup(app):
    """Register with Sphinx."""
    plain = (nothing, nothing)
    app.add_node(exercise, html=(begin, end), latex=plain, text=plain, man=plain, texinfo=plain)
    app.connect("doctree-read", mark, priority=700)  # when the outputs have their form
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
