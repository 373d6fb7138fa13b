"""What stands above the text of a page: the way to the pages beside it, and how long a chapter takes.

A reference to a chapter that says nothing of its own, [](03_bptt.ipynb), gets the number with the title.
"""

import re
from html import escape
from pathlib import PurePosixPath

from docutils import nodes
from record import cells, chapters, reading_minutes
from sphinx import addnodes


def facts(app, doctree):
    """Put the reading time under the title of a chapter."""
    record = {f"chapters/{chapter['file']}": chapter for _, chapter in chapters()}.get(app.env.docname)
    title = next(iter(doctree.findall(nodes.title)), None)
    if record and title is not None:
        said = f"About {reading_minutes(cells(record['file']))} minutes to read · {record['cpu']} seconds to run"
        title.parent.insert(title.parent.index(title) + 1, nodes.paragraph("", said, classes=["chapter-facts"]))


def numbered(app, doctree, docname):
    """Write the number before the title where a reference shows a chapter's title."""
    for reference in doctree.findall(lambda n: isinstance(n, nodes.reference) and n.get("internal")):
        path, _, anchor = reference.get("refuri", "").partition("#")
        name = str(PurePosixPath(docname).parent / path).removesuffix(".html")
        number = app.env.toc_secnumbers.get(name, {}).get("")
        inside_toctree = isinstance(reference.parent, addnodes.compact_paragraph)
        if path and not anchor and number and not inside_toctree:
            title = app.env.titles[name].astext()
            if reference.astext() == title:
                reference.children = []
                reference += nodes.inline("", f"{number[0]} ({title})", classes=["std", "std-doc"])


def beside(app, pagename, templatename, context, doctree):
    """Links to the pages before and after, above the title."""
    first = pagename == app.config.root_doc  # it has a way to begin of its own
    if first or "body" not in context or not (context.get("prev") or context.get("next")):
        return
    links = ""
    for side, rel, word in (("prev", "prev", "Previous"), ("next", "next", "Next")):
        page = context.get(side)
        if page:
            arrow = f'<span aria-hidden="true">{"←" if side == "prev" else "→"}</span>'
            words = f'<span class="word">{word}: </span><span class="title">{page["title"]}</span>'
            inner = f"{arrow} {words}" if side == "prev" else f"{words} {arrow}"
            links += f'<a class="beside-{side}" rel="{rel}" href="{escape(page["link"])}">{inner}</a>'
    context["body"] = f'<nav class="beside" aria-label="Pages before and after">{links}</nav>\n' + context["body"]


def dotted(app, pagename, templatename, context, doctree):
    """Let a dotted name in a table break after a dot, so that the table fits its page."""
    if "body" in context:
        cell = re.compile(r"<td>.*?</td>", re.S)
        name = re.compile(r'(?<=<span class="pre">)[\w.()]+(?=</span>)')
        context["body"] = cell.sub(
            lambda td: name.sub(lambda n: re.sub(r"\.(?=\w)", ".<wbr>", n[0]), td[0]), context["body"]
        )


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-read", facts)
    app.connect("doctree-resolved", numbered)
    app.connect("html-page-context", beside)
    app.connect("html-page-context", dotted)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
