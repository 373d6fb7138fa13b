"""The index of the search: sections, glossary entries, names of the API and sources, with their text as it is read.

It is a script, `_static/search_index.js`, which works from a file too; a page asks for it when somebody searches.
Sphinx's own index, which every page loaded, is not made.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from readable import readable
from sphinx import addnodes

INDEX = "_static/search_index.js"
# What else the subject of a chapter is called by those who look for it.
ALSO = {
    "chapters/02_rnn": "RNN, vanilla RNN, Elman network, unfolding",
    "chapters/03_bptt": "BPTT",
    "chapters/07_bidirectional": "BiRNN, stacked RNN",
    "chapters/09_mappings": "many to one, one to many, many to many, sequence classification, sequence tagging",
    "chapters/10_language_models": "language modelling, text generation",
    "chapters/11_encoder_decoder": "seq2seq, sequence to sequence, neural machine translation",
}
# What of a page is not its text: code, what cells draw and print, answers that wait behind a click.
CLOSED = {"cell_output", "verdict-card", "dropdown", "sd-card", "toctree-wrapper", "chapter-facts"}
SILENT = (nodes.Invisible, nodes.raw, nodes.image, nodes.system_message, addnodes.toctree, addnodes.index)


def spoken(node):
    """The text of a node as it is read: formulas as signs; no code, no button."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math | nodes.math_block):
        return readable(node.astext())
    if isinstance(node, SILENT) or closed(node):
        return ""
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(spoken(child) for child in node.children)


def closed(node):
    """Whether a node holds what a reader does not see at first, or does not read as text."""
    if node.get("design_component") == "dropdown" or CLOSED & set(node["classes"]):
        return True
    api = node.parent is not None and isinstance(node.parent, addnodes.desc_content)
    return isinstance(node, nodes.literal_block) and not api


def tidy(text):
    """With one space between words."""
    return re.sub(r"\s+", " ", text).strip()


def kind(section, doctree):
    """What a section is to somebody who searches."""
    if section.parent is doctree:
        return "aside" if {"bibliography", "api of seqlib"} & set(section["names"]) else "page"  # lists
    if {"practice"} & {*section["names"], *section.parent["names"]}:
        return "exercise"
    return "aside" if {"summary", "further reading", "the way ahead"} & set(section["names"]) else "section"


def entries(doctree):
    """(kind, anchor, title, text) of all that can be found on a page; the first is the page itself."""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        own = [child for child in section.children if not isinstance(child, nodes.section | nodes.title)]
        whole = section.parent is doctree
        own = [child for child in own if not isinstance(child, addnodes.desc | addnodes.glossary)]
        text = tidy(" ".join(map(spoken, own)))
        yield kind(section, doctree), "" if whole else section["ids"][0], tidy(spoken(title)), text
    for item in doctree.findall(nodes.definition_list_item):
        for term in item.findall(nodes.term):
            if term["ids"] and isinstance(item.parent.parent, addnodes.glossary):
                yield "term", term["ids"][0], tidy(term.astext()), tidy(spoken(item.next_node(nodes.definition)))
    for thing in doctree.findall(addnodes.desc):
        signature, content = thing.next_node(addnodes.desc_signature), thing.next_node(addnodes.desc_content)
        if signature["ids"]:
            own = " ".join(spoken(child) for child in content.children if not isinstance(child, addnodes.desc))
            yield "name", signature["ids"][0], signature["ids"][0], tidy(own)
    for citation in doctree.findall(nodes.citation):
        text = tidy(" ".join(spoken(child) for child in citation.children[1:]))
        yield "source", citation["ids"][0], text[:60].rpartition(" ")[0] + " …", text


def index(app):
    """Pages, and all that can be found on them."""
    pages, found = [], []
    for name in sorted(app.env.found_docs):
        doctree = app.env.get_and_resolve_doctree(name, app.builder)
        number = app.env.toc_secnumbers.get(name, {}).get("", [""])[0]
        page = [app.builder.get_target_uri(name), tidy(app.env.titles[name].astext()), number]
        found += [[len(pages), *entry] for entry in entries(doctree)]
        if name in ALSO:
            next(entry for entry in found if entry[0] == len(pages) and entry[1] == "page").append(ALSO[name])
        pages.append(page)
    return {"pages": pages, "entries": found}


def write(app, exception):
    """Write the index beside the scripts."""
    if exception or app.builder.format != "html":
        return
    said = json.dumps(index(app), ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / INDEX).write_text(f"window.searchIndex={said};\n", encoding="utf8")


def instead(app):
    """Sphinx makes no index of its own."""
    app.builder.search = False


def page(app):
    """The page that shows all results."""
    yield "search", {}, "search.html"


def setup(app):
    """Register with Sphinx."""
    app.connect("builder-inited", instead)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
