"""Below source that a chapter shows, links: to its page in the API, and to the equations that its docstring names."""

import importlib
import re

from docutils import nodes
from sphinx.util.nodes import make_refnode

SHOWN = re.compile(r"^# ((?:seqlib|coursework)/[\w/]+)\.py: ([\w.]+)\n")


def entry(env, module, name):
    """(full name, entry in the API) of a name, or of the nearest that holds it and has one; None if none has."""
    objects = env.get_domain("py").objects
    full = f"{module}.{name}"
    while full.startswith(module):
        if full in objects:
            return full, objects[full]
        full = full.rpartition(".")[0]
    return None


def equations(env, module, name):
    """(label, page, number) of the equations that the docstring of a thing, or of what holds it, names."""
    found = importlib.import_module(module)
    texts = [found.__doc__ or ""]
    for part in name.split("."):
        found = getattr(found, part)
        texts.insert(0, getattr(found, "__doc__", None) or "")
    for text in texts:
        labels = [label for line in re.findall(r"Book:(.*)", text) for label in re.findall(r"\beq-[\w-]+", line)]
        if labels:
            return [(label, *env.get_domain("math").equations[label]) for label in labels]
    return []


def links(app, doctree, docname):
    """Write the links of every output that shows source."""
    for block in list(doctree.findall(nodes.literal_block)):
        shown = SHOWN.match(block.astext())
        if not shown:
            continue
        module, name = shown[1].replace("/", "."), shown[2]
        said = nodes.paragraph(classes=["shown-links"])
        found = entry(app.env, module, name)
        if found:
            full, known = found
            said += make_refnode(app.builder, docname, known.docname, known.node_id, nodes.literal(full, full))
            said += nodes.Text(" in the API")
        for label, page, number in equations(app.env, module, name):
            said += nodes.Text(" · equation " if said.children else "Equation ")
            prefix = app.env.toc_fignumbers.get(page, {}).get("displaymath", {}).get(f"equation-{label}", (number,))
            text = f"({'.'.join(map(str, prefix))})"
            said += make_refnode(app.builder, docname, page, f"equation-{label}", nodes.Text(text))
        if said.children:
            block.parent.insert(block.parent.index(block) + 1, said)


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
