"""Make slides of each chapter out of the built site: `make slides`.

One idea a slide: the question, what is learnt, each heading, each numbered equation with the sentence before it, each
figure with its caption, each claim with its verdict, each exercise, the summary. The paragraphs between are the
speaker's notes. A file is complete in itself: no network, no other file.
"""

import argparse
import base64
import copy
import re
from html import escape
from pathlib import Path

import style
from colophon import facts
from lxml import html
from pages import ROOT, SITE, classed, pages, pictures, xml

OUT = ROOT / "_build/slides"
ARMS = 5  # of a verdict that stand on one slide
LONG = 45  # words of a paragraph of which a slide shows the last sentence only
SENTENCE = re.compile(r"(?<=[.?!])[”)]?\s+(?=[A-Z(“])")
HERE = Path(__file__).resolve().parent


class Deck:
    """The slides of a chapter while they are made: (kind, heading, content), with the notes of each."""

    def __init__(self):
        self.slides, self.said, self.heading, self.section = [], [], "", ""

    def add(self, kind, *content):
        """One more slide, with what has been said since the one before as its notes."""
        self.slides.append((kind, self.heading, [copy.deepcopy(c) for c in content], self.said))
        self.said = []

    def end(self):
        """What is said after the last slide belongs to it."""
        if self.said and self.slides:
            self.slides[-1][3].extend(self.said)
        self.said = []


def deck(one):
    """The slides of a page."""
    made = Deck()
    made.heading = f"{one.number}. {one.title}"
    walk(one.body, made)
    made.end()
    return made.slides


def walk(section, made):
    """Go through a section in the order in which it is read."""
    before = None
    for element in section:
        if element.tag in ("h1", "h2", "h3"):
            words = " ".join(element.text_content().split())
            if element.tag == "h1":
                question = section.find("p")
                made.add("title", question if question is not None else element)
            else:
                made.end()
                made.section = words if element.tag == "h2" else made.section
                made.heading = words
                if element.tag == "h2" and words not in ("Practice", "Summary", "Further reading"):
                    made.add("heading")
        elif element.tag == "section":
            if not (element.get("id") or "").endswith("--solutions"):
                walk(element, made)
                made.heading = made.section
        elif element.tag == "p":
            if (
                made.section == "Practice"
                and element.find("strong") is not None
                and re.match(r"\d", element[0].text or "")
            ):
                made.heading = element[0].text.rstrip(".")
            before = element
            made.said.append(element)
        elif element.tag == "ul" and not made.section:
            made.add("aims", before, element)
        elif element.tag == "ul" and made.section == "Further reading":
            made.add("reading", element)
        elif "math" in (element.get("class") or "").split() and element.xpath(f".//*[{classed('eqno')}]"):
            made.add("equation", *([last_sentence(before)] if before is not None else []), element)
            before = None
        else:
            inside(element, made)
    return made


def inside(element, made):
    """What a cell shows: figures, verdicts, the table of the summary; and of an exercise its stub."""
    if element.tag == "figure" or (element.tag == "div" and "pst-scrollable" in (element.get("class") or "")):
        found = [element]
    else:
        found = element.xpath(f".//figure | .//div[{classed('verdict-card')}] | .//table[not(ancestor::figure)]")
    for shown in found:
        kind = "figure" if shown.tag == "figure" else "claim" if "verdict" in (shown.get("class") or "") else "table"
        for piece in pieces(shown) if kind == "claim" else [shown]:
            made.add(kind, piece)
    stub = element.find(".//pre") if made.section == "Practice" else None
    if stub is not None:
        made.add("exercise", *made.said, stub)


def pieces(card):
    """A verdict of many arms as several cards, each with its first line."""
    arms = card.findall("ul/li")
    cuts = [arms[i : i + ARMS] for i in range(0, len(arms), ARMS)]
    for kept in cuts:
        piece = copy.deepcopy(card)
        if kept is not cuts[0]:
            piece.attrib.pop("id", None)
        for i, arm in enumerate(piece.findall("ul/li")):
            if arms[i] not in kept:
                arm.drop_tree()
        yield piece


def last_sentence(paragraph):
    """The paragraph, or, of a long one, its last sentence."""
    if len(paragraph.text_content().split()) <= LONG:
        return paragraph
    cut = copy.deepcopy(paragraph)
    for child in reversed(cut):
        found = list(SENTENCE.finditer(child.tail or ""))
        if found:
            tail = child.tail[found[-1].end() :]
            for earlier in list(cut)[: list(cut).index(child) + 1]:
                cut.remove(earlier)
            cut.text = tail
            return cut
    found = list(SENTENCE.finditer(cut.text or ""))
    cut.text = cut.text[found[-1].end() :] if found else cut.text
    return cut


def written(one, about, site=SITE):
    """The file of a chapter."""
    for picture, path in pictures(one, site):
        if path:
            picture.set("src", "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode())
    slides = deck(one)
    there = {e.get("id") for _, _, content, _ in slides for c in content for e in c.iter() if e.get("id")}
    text = ""
    for number, (kind, heading, content, notes) in enumerate(slides, 1):
        shown = "".join(plain(c, there, ids=True) for c in content)
        said = "".join(plain(note, there, ids=False) for note in notes)
        level = 1 if kind == "title" else 2
        text += f'<section class="slide {kind}" id="slide-{number}"><h{level}>{escape(heading)}</h{level}>'
        text += f'<div class="content">{shown}</div><footer>{escape(about.title)} · {number}</footer></section>'
        text += f'<aside class="notes" aria-label="Notes of slide {number}">{said}</aside>' if said else ""
    font = base64.b64encode(style.MATH.read_bytes()).decode()
    face = f'@font-face {{ font-family: "STIX Two Math"; src: url("data:font/woff2;base64,{font}"); }}'
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{one.number}. {escape(one.title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{face}\n{style.rules('book', 'slides')}</style></head><body><main>{text}</main>"
        f"<script>{(HERE / 'slides.js').read_text(encoding='utf8')}</script></body></html>"
    )


def plain(element, there, ids):
    """An element as text: links that lead to no slide are words; in the notes nothing has an id a second time."""
    element = copy.deepcopy(element)
    element.tail = None
    box = html.Element("div")
    box.append(element)
    for link in box.xpath('.//a[starts-with(@href, "#")]'):
        if link.get("href")[1:] not in there:
            link.drop_tag()
    if not ids:
        for named in box.xpath(".//*[@id]"):
            del named.attrib["id"]
    return "".join(xml(child) for child in box)


def main():
    """Write the slides of all chapters, or of those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="such as 05_lstm; all if none is named")
    parser.add_argument("--out", type=Path, default=OUT)
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    found = pages(only=lambda path: path.startswith("chapters/"))
    for one in found:
        if not words.chapters or one.name in words.chapters:
            (words.out / f"{one.name[:2]}.html").write_text(written(one, facts()), encoding="utf8")
    print(f"The slides are ready: {words.out}. Arrow keys turn them, n shows the notes, printing makes a PDF.")


if __name__ == "__main__":
    main()
