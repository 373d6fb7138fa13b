"""A ✓ beside the number of each equation that a cell confirms, with a link to what that cell printed."""

import re

from docutils import nodes
from mathml import visit_block

CONFIRMED = re.compile(r"^✓ (\S+): (.+)$", re.M)


def confirmations(doctree):
    """label -> (id of the output, what it says) of the lines with a ✓; gives each such output one id."""
    found = {}
    for cell in doctree.findall(lambda n: isinstance(n, nodes.container) and "cell_output" in n["classes"]):
        for output in cell.findall(nodes.literal_block):
            for label, words in CONFIRMED.findall(output.astext()):
                if not output["ids"]:
                    output["ids"].append(f"confirms-{label}".lower())
                target, before = found.get(label, (output["ids"][0], ""))
                found[label] = (target, f"{before}, and {words}" if before else words)
    return found


def mark(app, doctree):
    """Tell each equation of a page where it is confirmed."""
    found = confirmations(doctree)
    for equation in doctree.findall(nodes.math_block):
        if equation.get("label") in found:
            equation["confirmed"] = found[equation["label"]]


def visit(writer, node):
    """Write the equation as others are, and the ✓ after its number."""
    start = len(writer.body)
    try:
        visit_block(writer, node)
    finally:  # it leaves by SkipNode
        if "confirmed" in node:
            target, words = node["confirmed"]
            said = writer.attval(f"confirmed below: {words}")
            number = next(i for i in range(start, len(writer.body)) if writer.body[i].startswith('<span class="eqno">'))
            link = f'<a class="confirmed" href="#{target}" title="{said}" aria-label="{said}">✓</a>'
            writer.body.insert(number + 1, link)


def setup(app):
    """Register with Sphinx."""
    app.add_node(nodes.math_block, override=True, html=(visit, None))
    app.connect("doctree-read", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
