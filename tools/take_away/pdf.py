"""Make the PDF of the book out of the built site: `make pdf`.

Chromium prints one long document. Where a page number is to stand, in the contents and in the index, there is a link,
and Chromium writes for each link where it leads: so the book is printed, its numbers are read and filled in, and it is
printed again until no number changes.
"""

import argparse
import base64
import contextlib
import json
import os
import re
import shutil
import tempfile
from html import escape
from itertools import groupby
from pathlib import Path

import style
from chromium_pdf import described, destinations, retitled, sheets
from colophon import cover, facts, imprint
from index_entries import alphabetically, entries, pages_of
from lxml import etree
from pages import ROOT, SITE, pages, pictures, xml
from playwright.sync_api import Error, sync_playwright

OUT = ROOT / "_build/learning-sequences.pdf"
FACES = style.TEXT + style.CODE
WIDTH = 136  # mm of text, as in print.css
SCALE = 0.7  # of pictures, against the screen
SHORT = 18  # lines of code, or of a table, that are not torn apart
MISSING = "make pdf prints with Chromium: install it (Debian/Ubuntu: apt install chromium), or run \
.venv/bin/playwright install chromium; a browser that lies elsewhere can be named by CHROMIUM=/path/to/it"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]


def contents(found, numbers):
    """The table of contents."""

    def line(words, target, inner=""):
        number = numbers.get(target, "000")
        spans = f'<span class="words">{words}</span><span class="rule"></span><span>{number}</span>'
        return f'<li><a href="#{target}">{spans}</a>{inner}</li>'

    def entry(one):
        sections = [s for s in one.body.findall("section") if s.find("h3") is not None] if one.number else []
        inner = "".join(line(words(s.find("h3")), s.get("id")) for s in sections)
        title = f"{one.number}&#8195;{escape(one.title)}" if one.number else escape(one.title)
        return line(title, one.name, f"<ol>{inner}</ol>" if inner else "")

    items = ""
    for part, group in groupby(found, key=lambda one: one.part):
        inner = "".join(map(entry, group))
        items += line(escape(part), anchor(part), f"<ol>{inner}</ol>") if part else inner
    items += line("Index", "back-index")
    return f'<section class="front contents"><h1>Contents</h1><ol>{items}</ol></section>'


def words(heading):
    """The words of a heading."""
    return escape(" ".join(heading.text_content().split()))


def anchor(part):
    """The id of the page before a part."""
    return "part-" + re.sub(r"\W+", "-", part.lower())


def index(listed, numbers):
    """The index, in two columns."""
    text, letter = "", ""
    for term, code, ids in listed:
        module, _, name = term.rpartition(".") if code else ("", "", term)
        initial = alphabetically((term, code, ids))[0][0].upper()
        if initial != letter:
            letter = initial
            text += f'<p class="letter">{letter}</p>'
        said = f"<code>{escape(name)}</code> ({escape(module)})" if code else escape(term)
        where = pages_of(ids, numbers) if numbers else [("000", place) for place in ids]
        text += f"<p>{said}, " + ", ".join(f'<a href="#{place}">{page}</a>' for page, place in where) + "</p>"
    return f'<section class="leaf" id="back-index"><h1>Index</h1><div class="index-columns">{text}</div></section>'


def heads(found):
    """The running heads: page number and part on the left, chapter and page number on the right."""
    font, rules = "font: italic 8.5pt STIX; color: #444;", []
    titles = [(one.name, one.part, f"{one.number}  {one.title}".strip()) for one in found]
    for name, part, title in [*titles, ("back-index", "", "Index")]:
        left, right = (json.dumps(words, ensure_ascii=False) for words in (part or "Learning Sequences", title))
        for side, outer, inner, said in (("left", "left", "right", left), ("right", "right", "left", right)):
            number = f"@top-{outer} {{ content: counter(page); {font} }}"
            rules.append(f"@page leaf-{name}:{side} {{ {number} @top-{inner} {{ content: {said}; {font} }} }}")
        rules.append(f'[id="{name}"] {{ page: leaf-{name}; }}')
    return "\n".join(rules)


def prepare(found, site=SITE):
    """Make the pages fit to stand one after another in one document, and their pictures loadable."""
    for one in found:
        for picture, path in pictures(one, site):
            if path:
                picture.set("src", path.as_uri())
            if picture.get("width"):
                picture.set("width", str(round(int(picture.get("width")) * SCALE)))
        for pre in one.body.iter("pre"):
            if pre.text_content().count("\n") <= SHORT:
                pre.set("class", "short")
        for table in one.body.iter("table"):
            if len(table.findall(".//tr")) <= SHORT:
                table.set("class", "short")
        for card in one.body.xpath('.//div[contains(@class, "verdict-card")]'):
            if len(card.xpath(".//li")) > 14:
                card.set("class", card.get("class") + " long")
        if one.part:
            for level in (4, 3, 2, 1):
                for heading in one.body.iter(f"h{level}"):
                    heading.tag = f"h{level + 1}"
        one.body.set("class", "leaf")
        if one.number:
            title = next(one.body.iterchildren("h2"))
            number = etree.Element("span", {"class": "number"})
            number.text, number.tail, title.text = f"{one.number}. ", title.text, None
            title.insert(0, number)


def document(about, found, listed, bodies, numbers, cover_uri):
    """The whole book as one HTML document."""
    text, part = "", ""
    for one in found:
        if one.part != part:
            part = one.part
            text += f'<section class="part" id="{anchor(part)}"><h1>{escape(part)}</h1></section>'
        text += bodies[one.name]
    front = f'<section class="cover"><img src="{cover_uri}" alt="Cover: {escape(about.title)}"/></section>'
    front += imprint(about).replace('id="imprint"', 'id="imprint" class="front"')
    sheet = style.rules("book", "print") + heads(found)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(about.title)}</title>'
        f"<style>{style.faces_css(FACES, 'fonts')}\n{sheet}</style></head><body>{front}"
        f"{contents(found, numbers)}{text}{index(listed, numbers)}</body></html>"
    )


def printed(browser, text, out):
    """Print the document; what stands out of its lines after everything was made to fit."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fonts").mkdir()
        for name, font in style.fonts(FACES, text).items():
            (Path(folder) / "fonts" / name).write_bytes(font)
        source = Path(folder) / "book.html"
        source.write_text(text, encoding="utf8")
        page = browser.new_page(viewport={"width": round(WIDTH / 25.4 * 96), "height": 900})
        page.emulate_media(media="print")
        page.goto(source.as_uri())
        page.evaluate("document.fonts.ready")
        too_wide = page.evaluate((style.HERE / "fit.js").read_text(encoding="utf8"))
        page.pdf(path=out, prefer_css_page_size=True, outline=True, tagged=True, print_background=True)
        page.close()
    return too_wide


def build(browser, out, site=SITE, only=None):
    """Write the PDF: what is too wide for its line, and (how many pictures there are, how many have their text)."""
    about, found = facts(), pages(site, only)
    listed = entries(found, site)
    prepare(found, site)
    bodies = {one.name: xml(one.body) for one in found}
    cover_uri = "data:image/png;base64," + base64.b64encode(cover(about)).decode()
    out.parent.mkdir(parents=True, exist_ok=True)
    numbers = {}
    for _ in range(5):
        too_wide = printed(browser, document(about, found, listed, bodies, numbers, cover_uri), out)
        before, numbers = numbers, destinations(out.read_bytes())
        if all(before.get(place) == page for place, page in numbers.items()):
            headings = [h.text_content() for one in found for h in one.body.iter("h1", "h2", "h3", "h4")]
            made = retitled(out.read_bytes(), ["Contents", *(" ".join(words.split()) for words in headings)])
            out.write_bytes(made)
            return too_wide, (1 + sum(len(list(one.body.iter("img"))) for one in found), described(made))
    raise RuntimeError("the page numbers of the contents and of the index do not come to rest")


@contextlib.contextmanager
def chromium():
    """Chromium, started: the one of CHROMIUM, of the system, or playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            raise SystemExit(f"{MISSING}\n({str(error).splitlines()[0]})") from None
        yield browser
        browser.close()


def main():
    """Write the PDF, and say how long and how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--chapter", help="this one alone, such as 05_lstm")
    words = parser.parse_args()
    only = (lambda path: path.endswith(words.chapter)) if words.chapter else None
    with chromium() as browser:
        too_wide, (pictures_there, described_there) = build(browser, words.out, only=only)
    if too_wide:
        raise SystemExit("These do not fit their lines:\n" + "\n".join(too_wide))
    if pictures_there != described_there:
        raise SystemExit(f"Of {pictures_there} pictures only {described_there} are in the PDF with their texts.")
    count, size = len(sheets(words.out.read_bytes())), words.out.stat().st_size / 1e6
    print(f"The PDF is ready: {words.out} ({count} pages, {size:.1f} MB).")


if __name__ == "__main__":
    main()
