"""What links lead to on other pages, put into the page for its previews: terms, equations, entries of the bibliography.

Each stands in a <template>, which nothing shows until book/_static/previews.js does. What is on the page itself, the
script finds there.
"""

import re
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup

LINK = re.compile(r'<a [^>]*?href="([^"#:]+\.html)#((?:term|equation)-[^"]+|id\d+)"')
ARTICLE = re.compile(r"<article.*</article>", re.S)
MADE = re.compile(r'<template class="seq-preview".*?</template>\n', re.S)
LEFT_OUT = ".headerlink, .confirmed, style, script, .label"


@cache
def parsed(path):
    """The article of a page, parsed."""
    article = ARTICLE.search(path.read_text(encoding="utf8"))
    return BeautifulSoup(article[0] if article else "", "html.parser")


def part(page, anchor):
    """What a preview shows of a place on a page: HTML without links and ids; nothing if it is no such place."""
    target = page.find(id=anchor)
    if target is None:
        return ""
    if target.name == "dt":
        definition = target.find_next_sibling("dd")
        shown = f"<p><strong>{target.find(string=True)}</strong></p>{definition.decode_contents()}"
    elif "citation" in target.get("class", []):
        shown = target.decode_contents()
    elif "math" in target.get("class", []):
        shown = str(target)
    else:
        return ""
    copy = BeautifulSoup(shown, "html.parser")
    for each in copy.select(LEFT_OUT):
        each.decompose()
    for each in copy.find_all("a"):
        each.unwrap()
    for each in copy.find_all(id=True):
        del each["id"]
    return str(copy).strip()


def templates(folder, path, html):
    """The templates of a page, one for each address that a link of its article has."""
    made = {}
    article = ARTICLE.search(html)
    for address, anchor in LINK.findall(article[0]) if article else ():
        target = (path.parent / address).resolve()
        if f"{address}#{anchor}" not in made and target != path and target.is_relative_to(folder):
            made[f"{address}#{anchor}"] = part(parsed(target), anchor)
    return [f'<template class="seq-preview" data-for="{a}">{shown}</template>\n' for a, shown in made.items() if shown]


def write(app, exception):
    """Put them into every page, at the end of its article."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir).resolve()
    parsed.cache_clear()
    for path in sorted(folder.rglob("*.html")):
        if "_static" not in path.relative_to(folder).parts:
            html = MADE.sub("", path.read_text(encoding="utf8"))  # `make quick` leaves pages as they were
            made = "".join(templates(folder, path, html))
            head, end, rest = html.rpartition("</article>")
            path.write_text(f"{head}{made}{end}{rest}" if made else html, encoding="utf8")


def setup(app):
    """Register with Sphinx, after all that changes pages."""
    app.connect("build-finished", write, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
