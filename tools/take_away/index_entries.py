"""The index of the printed book: where the terms of the glossary and the names of seqlib are spoken of.

A term is listed where it is linked to the glossary, and at its first place in each chapter; a name of seqlib where the
text has it as code, and where a chapter shows its source. Each place gets an id, by which its page is found.
"""

import re
from collections import defaultdict

from lxml import html
from pages import SITE

TEXT = ".//p | .//li | .//dd | .//figcaption | .//h2 | .//h3"
SHOWN = re.compile(r"\bshow\(([\w.]+)[,)]")


def entries(found, site=SITE):
    """[(term, is code, [id of each place])], sorted; the places get these ids, in order of the book."""
    places = defaultdict(list)
    names, chapters = api_names(site), [one for one in found if one.number]
    glossary = next((one for one in found if one.name == "glossary"), None)
    terms = glossary.body.xpath(".//dt[@id]") if glossary is not None else []
    for term in terms:
        places[" ".join(term.text_content().split()), False].append(term.get("id"))
    for one in chapters:
        linked = defaultdict(list)
        for link in one.body.xpath('.//a[starts-with(@href, "#glossary--")]'):
            linked[link.get("href")[1:]].append(link)
        texts = [(element, " ".join(element.text_content().split())) for element in one.body.xpath(TEXT)]
        for term in terms:
            words = " ".join(term.text_content().split())
            said = re.compile(rf"\b{re.escape(words)}(s|es)?\b", 0 if words[0].isupper() else re.IGNORECASE)
            first = next((element for element, text in texts if said.search(text)), None)
            here = linked[term.get("id")] + ([first] if first is not None else [])
            places[words, False] += [mark(element, one) for element in here]
        for element in one.body.xpath(".//code | .//pre"):
            text = element.text_content()
            used = SHOWN.findall(text) if element.tag == "pre" else [text.strip().removesuffix("()")]
            for name in used:
                if name in names:
                    places[names[name], True].append(mark(element, one))
    return sorted(((term, code, ids) for (term, code), ids in places.items() if ids), key=alphabetically)


def alphabetically(entry):
    """As an index sorts: by the last part of a name, small and capital letters alike, without what is no letter."""
    term, code, _ = entry
    last = term.rpartition(".")[2] if code else term
    return re.sub(r"[^a-z0-9]", "", last.lower()) or last, term


def api_names(site):
    """How a text may name an object of seqlib -> its full name; a name that two objects share is left out."""
    ways = defaultdict(set)
    for path in [*site.glob("book/api*.html"), *site.glob("book/api/**/*.html")]:
        for element in html.parse(str(path), html.HTMLParser(encoding="utf8")).xpath(
            '//dt[starts-with(@id, "seqlib.")]'
        ):
            parts = element.get("id").split(".")
            for i in range(1, 3):
                ways[".".join(parts[-i:])].add(element.get("id"))
            ways[element.get("id")].add(element.get("id"))
    return {way: next(iter(full)) for way, full in ways.items() if len(full) == 1 and len(way) > 2}


def mark(element, one):
    """The id of a place, a new one if it has none."""
    if not element.get("id"):
        count = len(one.body.xpath('.//*[contains(@id, "--at-")]'))
        element.set("id", f"{one.name}--at-{count + 1}")
    return element.get("id")


def pages_of(ids, numbers):
    """The pages of the places, each once and runs as one: 3, 7–9; with the place to go to."""
    found = {}
    for place in ids:
        if place in numbers:
            found.setdefault(numbers[place], place)
    runs = []
    for number in sorted(found):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [(f"{a}–{b}" if a != b else str(a), found[a]) for a, b in runs]
