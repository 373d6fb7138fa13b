"""The first use of a glossary's term in a chapter is a link to it, unless the chapter links it already.

Words that everyday English uses too are left to the author, who links them with {term}: "by chance" is no chance level.
"""

import re

from docutils import nodes

GLOSSARY = "book/glossary"
EVERYDAY = (
    "aligned arm attention batch bias bottleneck candidate ceiling chance clipping control floor gate gradient kernel "
    "key latch leak mask mixture momentum norm padding parameter probe query sequence stationary surprise temperature "
    "tuning value window"
)
# Where no link belongs, though there are paragraphs or words of one: it would change what they are.
CLOSED = (nodes.reference, nodes.literal, nodes.math, nodes.raw, nodes.table)
CLOSED_CLASSES = {"cell_output", "verdict-card", "chapter-facts", "sd-dropdown"}


def pattern(terms):
    """What finds a term of these, or its plural, as a word of its own; the longest first."""
    spelt = []
    for term in sorted(terms, key=len, reverse=True):
        first, rest = re.escape(term[0]), re.escape(term[1:])
        either = f"[{term[0].upper()}{term[0]}]" if term.islower() else first
        spelt.append(f"{either}{rest}")
    return re.compile(rf"(?<![\w-])({'|'.join(spelt)})(s?)(?![\w-])")


def is_open(text):
    """Whether a link may stand in this text: it is a sentence, and nothing around it is closed."""
    inside, node = False, text.parent
    while node is not None:
        if isinstance(node, CLOSED) or CLOSED_CLASSES & set(node.get("classes", ())):
            return False
        inside |= isinstance(node, nodes.paragraph)
        node = node.parent
    return inside


def linked(doctree):
    """The anchors in the glossary that a page links already."""
    addresses = (reference.get("refuri", "") for reference in doctree.findall(nodes.reference))
    return {address.partition("#")[2] for address in addresses if "#term-" in address}


def link(doctree, terms, address):
    """Link the first use of each term; `terms` are term -> anchor, `address` is that of the glossary."""
    known = linked(doctree)
    left = {term: anchor for term, anchor in terms.items() if anchor not in known and term not in EVERYDAY.split()}
    for text in list(doctree.findall(nodes.Text)):
        if not left or not is_open(text):
            continue
        said, parts, end = text.astext(), [], 0
        for found in pattern(terms).finditer(said):  # of all terms: a part of a longer one is not meant
            term = found[1] if found[1] in terms else found[1][0].lower() + found[1][1:]
            anchor = left.pop(term, None)
            if anchor:
                inner = nodes.inline("", found[0], classes=["std", "std-term"])
                made = nodes.reference("", "", inner, internal=True, refuri=f"{address}#{anchor}")
                parts += [nodes.Text(said[end : found.start()]), made]
                end = found.end()
        if parts:
            text.parent.replace(text, [part for part in [*parts, nodes.Text(said[end:])] if part.astext()])


def resolved(app, doctree, docname):
    """Link the terms of a chapter."""
    if app.builder.format == "html" and docname.startswith("chapters/"):
        objects = app.env.get_domain("std").objects.items()
        terms = {name: anchor for (kind, name), (page, anchor) in objects if kind == "term" and page == GLOSSARY}
        link(doctree, terms, app.builder.get_relative_uri(docname, GLOSSARY))


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
