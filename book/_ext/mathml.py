"""Formulas as MathML, made when the site is built: they are there without a script, and nothing has to be loaded.

MathJax reads them, in V8 as mini-racer has it, and mathml.js beside this file writes what it read for browsers. A
formula that does not convert is a warning with its page, and so fails `make book`.
"""

import importlib.util
import json
from pathlib import Path

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

READER = ("core.js", "adaptors/liteDOM.js", "input/tex-base.js", "input/tex/extensions/ams.js")
READER += ("input/tex/extensions/boldsymbol.js",)
WRITER = Path(__file__).with_suffix(".js")
logger = logging.getLogger(__name__)


def convert(formulas):
    """(TeX, whether displayed) -> what mathml.js says of it: its element, or why there is none.

    V8 is ended at once, for Python would wait for its thread for ever. Each script ends with a plain value, because V8
    keeps what it hands out otherwise.
    """
    package = importlib.util.find_spec("sphinx-mathjax-offline").submodule_search_locations[0]
    with MiniRacer() as engine:
        engine.eval("var window = globalThis, global = globalThis, MathJax = {}; 0")
        for name in READER:
            engine.eval(Path(package, "static/mathjax", name).read_text(encoding="utf8") + "; 0")
        engine.eval(WRITER.read_text(encoding="utf8"))
        return {(tex, display): json.loads(engine.call("convert", tex, display)) for tex, display in formulas}


class Formulas:
    """All formulas that have been seen, each converted once, as many at a time as there are."""

    def __init__(self):
        self.waiting, self.known = {}, {}

    def see(self, app, doctree):
        """Note the formulas of a page that was read."""
        for node in doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))):
            self.waiting[formula(node)] = None

    def settle(self, app, doctree, docname):
        """Convert what was noted, and what of this page was not, because it was read in another run."""
        self.see(app, doctree)
        self.flush()

    def flush(self):
        """Convert what was noted."""
        new = [formula for formula in self.waiting if formula not in self.known]
        self.known |= convert(new) if new else {}
        self.waiting.clear()

    def mathml(self, wanted):
        """The element of one formula; a ValueError says why there is none."""
        if wanted not in self.known:
            self.waiting[wanted] = None
            self.flush()
        found = self.known[wanted]
        if "error" in found:
            raise ValueError(found["error"])
        return found["mathml"]


FORMULAS = Formulas()


def formula(node):
    """The TeX of a node, and whether it is displayed. Blank lines divide equations; several lines are aligned."""
    tex = node.astext()
    if isinstance(node, nodes.math):
        return tex, False
    if node["nowrap"] or "amsmath" in node["classes"]:
        return tex, True
    parts = [part for part in tex.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part for part in parts]
    return (parts[0] if len(parts) == 1 else r"\begin{gathered}" + r"\\".join(parts) + r"\end{gathered}"), True


def converted(writer, node):
    """The formula of a node, or, after a warning, its TeX."""
    wanted = formula(node)
    try:
        return FORMULAS.mathml(wanted)
    except ValueError as error:
        logger.warning("a formula does not convert: %s: %s", error, wanted[0], location=node, type="mathml")
        return f"<code>{writer.encode(wanted[0])}</code>"


def visit_inline(writer, node):
    """A formula in the text."""
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(converted(writer, node) + "</span>")
    raise nodes.SkipNode


def visit_block(writer, node):
    """A displayed formula, after its number, which the style puts to the right of it."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append(converted(writer, node) + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("doctree-read", FORMULAS.see)
    app.connect("doctree-resolved", FORMULAS.settle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
