"""Formulas as MathML, made when the site is built: they are there without a script, and nothing has to be loaded.

MathJax reads them, in V8 as mini-racer has it, and mathml.js beside this file writes what it read for browsers. A
formula that does not convert is a warning with its page, and so fails `make book`.
"""

import functools
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


class Converter:
    """V8 with MathJax, started for the first formula."""

    def __init__(self):
        self.engine, self.known = None, {}

    def start(self):
        """Load MathJax and our writer. Each ends with a plain value: V8 keeps what it hands out otherwise."""
        package = importlib.util.find_spec("sphinx-mathjax-offline").submodule_search_locations[0]
        self.engine = MiniRacer()
        self.engine.eval("var window = globalThis, global = globalThis, MathJax = {}; 0")
        for name in READER:
            self.engine.eval(Path(package, "static/mathjax", name).read_text(encoding="utf8") + "; 0")
        self.engine.eval(WRITER.read_text(encoding="utf8"))

    def __call__(self, tex, display):
        """The formula as a <math> element; a ValueError says why there is none."""
        if (tex, display) not in self.known:
            if self.engine is None:
                self.start()
            self.known[tex, display] = json.loads(self.engine.call("convert", tex, display))
        found = self.known[tex, display]
        if "error" in found:
            raise ValueError(found["error"])
        return found["mathml"]

    def close(self):
        """End V8, which would keep Python from ending."""
        if self.engine is not None:
            self.engine.close()
            self.engine = None


@functools.cache
def converter():
    """The one converter of this process."""
    return Converter()


def converted(writer, node, tex, display):
    """The formula of a node, or, after a warning, its TeX."""
    try:
        return converter()(tex, display)
    except ValueError as error:
        logger.warning("a formula does not convert: %s: %s", error, tex, location=node, type="mathml")
        return f"<code>{writer.encode(tex)}</code>"


def visit_inline(writer, node):
    """A formula in the text."""
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(converted(writer, node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def visit_block(writer, node):
    """A displayed formula, after its number, which the style puts to the right of it."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    tex = node.astext()
    if not node["nowrap"] and "amsmath" not in node["classes"]:
        tex = lines(tex)
    writer.body.append(converted(writer, node, tex, display=True) + "</div>\n")
    raise nodes.SkipNode


def lines(tex):
    """Blank lines divide equations, and what has several lines is aligned, as Sphinx has it for MathJax."""
    parts = [
        rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part for part in tex.split("\n\n") if part.strip()
    ]
    return parts[0] if len(parts) == 1 else r"\begin{gathered}" + r"\\".join(parts) + r"\end{gathered}"


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("build-finished", lambda app, exception: converter().close())
    return {"parallel_read_safe": True, "parallel_write_safe": False}
