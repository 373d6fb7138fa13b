"""The pages of the built site as a book has them: without menus, buttons, scripts and folded code.

The site has every number, reference, formula and picture resolved, so that the ePub, the PDF and the slides are made
of it, and cannot say anything else. What a movable figure shows becomes a row of stills; the solutions of the practice
go to the end of their chapter; a link to a page that is not in the book becomes plain text.
"""

import copy
import posixpath
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import yaml
from lxml import etree, html

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build/html"
LEFT_OUT = ("book/api", "book/changelog", "book/errata")  # what is of use beside a computer only
STILLS = 4  # of a movable figure
TAGS = {
    *("a", "b", "blockquote", "br", "cite", "code", "dd", "details", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "section", "small", "span"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"alt", "aria-hidden", "class", "colspan", "href", "id", "lang", "rowspan", "src", "start", "width"}
DRAWN = ("math", "svg")  # in namespaces of their own; they keep what they have


def classed(name):
    """The condition of XPath that an element has this class."""
    return f'contains(concat(" ", @class, " "), " {name} ")'


# Menus and buttons of the site; code that is folded; what an unsolved exercise says.
NOT_PRINTED = " | ".join(
    ".//" + what
    for what in (
        *("nav", "script", "style", "button", "input", "textarea", "select", "iframe", "canvas", "legend"),
        *("template", "noscript"),
        "comment()",
        "*[@hidden]",
        f"a[{classed('headerlink')}]",
        f"details[{classed('above-input')}]",
        f"span[{classed('sd-summary-state-marker')}]",
        f"p[{classed('chapter-facts')}]",
        f"*[{classed('toctree-wrapper')}]",
        f'*[{classed("cell_output")}]/*[starts-with(normalize-space(), "✎")]',
    )
)


class Page(NamedTuple):
    """A page: its path in the site without the ending, its part and number, its title, and its content."""

    path: str
    part: str
    number: str
    title: str
    body: html.HtmlElement

    @property
    def name(self):
        """As its file is called in the book."""
        return posixpath.basename(self.path)


def order(toc=ROOT / "_toc.yml"):
    """(part, path) of every page of the book; the first page stands in no part."""
    found = yaml.safe_load(toc.read_text(encoding="utf8"))
    yield "", found["root"]
    for part in found["parts"]:
        for entry in part["chapters"]:
            if not entry["file"].startswith(LEFT_OUT):
                yield part["caption"], entry["file"]


def pages(site=SITE, only=None):
    """All pages in their order, or those whose path `only` accepts; links between them are `#page--id`."""
    chosen = [(part, path) for part, path in order() if not only or only(path)]
    found = [page(site, part, path) for part, path in chosen]
    ids = {f"{p.name}--{e.get('id')}" for p in found for e in p.body.iter() if e.get("id")}
    for one in found:
        relink(one, {p.path: p.name for p in found}, ids)
    return found


def page(site, part, path):
    """One page, cleaned."""
    document = html.parse(str(site / f"{path}.html"), html.HTMLParser(encoding="utf8")).getroot()
    body = copy.deepcopy(document.find('.//article[@class="bd-article"]/section'))
    if body is None:
        raise ValueError(f"{path}.html of the site has no article with a section: was the theme changed?")
    body.tail = None
    if body.xpath(f".//*[{classed('math')}][not(.//math)]"):
        raise ValueError(f"{path}.html of the site has a formula that is not MathML")
    stills(body)
    for unwanted in body.xpath(NOT_PRINTED):
        unwanted.drop_tree()
    asides(body)
    solutions(body)
    number = body.xpath('string(h1//span[@class="section-number"])').strip(" .")
    for element in body.xpath('h1//span[@class="section-number"]'):
        element.drop_tree()
    title = " ".join(body.xpath("string(h1)").split())
    tidy(body)
    return Page(path, part, number, title, body)


def stills(body):
    """Of a movable figure a few frames side by side, the first and the last among them."""
    for movable in body.xpath(f".//*[{classed('seq-frames')}]"):
        frames = movable.xpath(f".//*[{classed('seq-frame')}]")
        last, row = len(frames) - 1, html.Element("div", {"class": "stills"})
        for k in sorted({round(i * last / (STILLS - 1)) for i in range(STILLS)}):
            frame = html.Element("div", {"class": "still"})
            frame.extend(child for child in frames[k] if child.tag in ("p", "img"))
            row.append(frame)
        row.tail = movable.tail
        movable.getparent().replace(movable, row)


def asides(body):
    """What is folded in the text, a title that is not Solution over it, stands open here: paper has no click."""
    for folded in body.xpath(f".//details[{classed('sd-dropdown')}]"):
        title = " ".join(folded.find("summary").text_content().split())
        if title == "Solution":
            continue
        head = html.fromstring("<p><strong></strong></p>")
        head[0].text = title + "."
        folded.replace(folded.find("summary"), head)
        for div in folded.xpath(f".//div[{classed('sd-card-body')}]"):
            div.drop_tag()
        folded.drop_tag()


def solutions(body):
    """Put the solution of each exercise to the end of the chapter, with links there and back."""
    found = body.xpath(f".//details[{classed('sd-dropdown')}]")
    if not found:
        return
    place = html.fromstring('<section id="solutions"><h2>Solutions</h2></section>')
    for k, folded in enumerate(found, 1):
        title = exercise(folded)
        title.set("id", f"exercise-{k}")
        section = html.fromstring(f'<section id="solution-{k}"><h3><a href="#exercise-{k}"></a></h3></section>')
        words = title if title.tag == "h3" else title.find("strong")
        section.find("h3/a").text = " ".join(words.text_content().split()).rstrip(".")
        section.extend(child for child in folded if child.tag != "summary")
        to = html.fromstring(f'<p class="to-solution"><a href="#solution-{k}">Solution</a></p>')
        to.tail = folded.tail
        folded.getparent().replace(folded, to)
        place.append(section)
    for div in place.xpath(f".//div[{classed('sd-card-body')}]"):
        div.drop_tag()
    body.append(place)


def exercise(solution):
    """What names the exercise of a solution: a heading, or a paragraph that begins with a number in bold."""
    titles = solution.xpath(
        'preceding-sibling::*[self::h3 or self::p[strong[contains("123456789", substring(., 1, 1))]]]'
    )
    if not titles:
        raise ValueError("a solution has no exercise above it: a heading ###, or a paragraph with a number in bold")
    return titles[-1]


def tidy(body):
    """Keep known elements and attributes only, and the structure that a book needs."""
    for element in list(body.iter()):
        tag = element.tag
        if not isinstance(tag, str):
            element.drop_tree()
        elif tag in DRAWN or any(a.tag in DRAWN for a in element.iterancestors()):
            for name in [n for n in element.attrib if n.startswith(("data-", "on", "aria-", "role", "tabindex"))]:
                del element.attrib[name]
            if "viewbox" in element.attrib:
                element.set("viewBox", element.attrib.pop("viewbox"))
        elif tag == "wbr":  # read as if it had a content; where a formula may break, a space of no width says so
            element.text = "\u200b" * bool(element.xpath("ancestor::span[.//math]")) + (element.text or "")
            element.drop_tag()
        elif tag == "fieldset" or (tag == "span" and not element.get("id") and element.get("class") == "pre"):
            element.drop_tag()
        elif tag not in TAGS:  # text that looks like an element, such as the token <unk>
            element.text = f"<{tag}>{element.text or ''}"
            element.drop_tag()
        else:
            if tag == "img":
                measure(element)
            for name in [n for n in element.attrib if n not in ATTRIBUTES]:
                del element.attrib[name]
    for link in body.xpath(".//a[.//img] | .//a[not(@href)]"):
        link.drop_tag()
    for empty in body.xpath('.//div[contains(@class, "cell")][not(.//text()[normalize-space()]) and not(.//img)]'):
        if empty.getparent() is not None:
            empty.drop_tree()


def measure(image):
    """Give a picture the width that it has on the screen, in pixels, as its attribute."""
    wide = re.search(r"width:\s*(\d+)px", image.get("style", "")) or re.match(r"(\d+)$", image.get("width", ""))
    image.attrib.pop("width", None)
    if wide:
        image.set("width", wide[1])


def relink(one, names, ids):
    """Turn links between pages into `#page--id`, and those that lead nowhere in the book into text."""
    for link in one.body.xpath(".//a[@href]"):
        address, _, anchor = link.get("href").partition("#")
        if re.match(r"[a-z]+:", address):
            continue
        path = (
            posixpath.normpath(posixpath.join(posixpath.dirname(one.path), unquote(address))) if address else one.path
        )
        name = names.get(path.removesuffix(".html"))
        target = f"{name}--{anchor}" if anchor else name
        if name and (not anchor or target in ids):
            link.set("href", f"#{target}")
        else:
            link.drop_tag()
    for element in one.body.iter():
        if element.get("id"):
            element.set("id", f"{one.name}--{element.get('id')}")
    one.body.set("id", one.name)
    ids.add(one.name)


def pictures(one, site=SITE):
    """(element, file) of each picture of a page; one that stands in the page itself has no file."""
    for image in one.body.iter("img"):
        address = image.get("src")
        inside = address.startswith("data:")
        yield image, None if inside else (site / posixpath.dirname(one.path) / unquote(address)).resolve()


def xml(element):
    """The element as XML, with the namespaces of formulas and drawings."""
    text = etree.tostring(element, encoding="unicode", method="xml", with_tail=False)
    text = re.sub(r"<math(?![^>]*xmlns=)", '<math xmlns="http://www.w3.org/1998/Math/MathML"', text)
    return re.sub(r"<svg(?![^>]*xmlns=)", '<svg xmlns="http://www.w3.org/2000/svg"', text)
