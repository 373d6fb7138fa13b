"""The ePub: whole, readable without scripts and pictures, and with all that the site has."""

import posixpath
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree, html

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("epub")  # made once, in one worker
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = {"o": "http://www.idpf.org/2007/opf"}


def words(element):
    """What an element says, without the places where a formula may break."""
    return " ".join("".join(element.itertext()).replace("\u200b", "").split())


@pytest.fixture(scope="module")
def tools():
    """The scripts that make what is taken away, by name."""
    folder = str(ROOT / "tools/take_away")
    sys.path.insert(0, folder)
    import epub
    import pages

    yield {"epub": epub, "pages": pages}
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def book(site, tools, tmp_path_factory):
    """The files of the ePub, as they lie in it."""
    path = tmp_path_factory.mktemp("epub") / "book.epub"
    tools["epub"].write(tools["epub"].build(site), path)
    assert path.stat().st_size < 25e6
    with zipfile.ZipFile(path) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def documents(book):
    """Its pages, which are well-formed."""
    return {name: etree.fromstring(text) for name, text in book.items() if name.endswith(".xhtml")}


@pytest.fixture(scope="module")
def articles(site, tools):
    """The pages of the site that are in it, as they were built."""
    parser = html.HTMLParser(encoding="utf8")
    return {
        f"book/{posixpath.basename(path)}.xhtml": html.parse(str(site / f"{path}.html"), parser).find(".//article")
        for _, path in tools["pages"].order()
    }


def test_its_package_names_each_file_once_and_each_page_is_read(book):
    package = etree.fromstring(book["book/content.opf"])
    items = {item.get("id"): item for item in package.findall(".//o:item", OPF)}
    named = Counter(f"book/{item.get('href')}" for item in items.values())
    assert named == Counter(set(book) - {"mimetype", "META-INF/container.xml", "book/content.opf"})
    read = [items[ref.get("idref")].get("href") for ref in package.findall(".//o:itemref", OPF)]
    assert Counter(f"book/{name}" for name in read) == Counter(n for n in book if n.endswith(".xhtml"))
    assert [item.get("href") for item in items.values() if item.get("properties") == "cover-image"] == ["cover.png"]
    for item in items.values():
        is_math = b"<math" in book[f"book/{item.get('href')}"]
        assert ("mathml" in (item.get("properties") or "")) == (is_math and item.get("href").endswith(".xhtml"))


def test_every_link_has_its_target_and_no_page_loads_from_elsewhere(book, documents):
    for name, page in documents.items():
        ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
        assert not [i for i, count in ids.items() if count > 1], name
        assert not list(page.iter(*(XHTML + tag for tag in ("script", "iframe", "form", "input", "button", "style"))))
        assert not [(e.tag, a) for e in page.iter() for a in e.attrib if a.startswith("on")], name
        for element in page.iter():
            address = element.get("href") or element.get("src") or ""
            if re.match(r"https?:", address):
                assert element.tag == XHTML + "a", (name, address)
            elif address:
                file, _, anchor = unquote(address).partition("#")
                target = posixpath.normpath(f"book/{file}") if file else name
                assert target in book, (name, address)
                assert not anchor or documents[target].xpath("//*[@id=$i]", i=anchor), (name, address)


def test_no_picture_is_lost_and_each_has_a_text(book, documents, articles):
    for name, article in articles.items():
        shown = list(documents[name].iter(XHTML + "img"))
        assert all(len(picture.get("alt") or "") > 20 for picture in shown), name
        frames = article.xpath('.//*[contains(@class, "seq-frames")]')
        moving = {frame: len(frame.xpath(".//img[not(ancestor::script)]")) for frame in frames}
        still = len(article.findall(".//img")) - sum(moving.values())
        assert len(shown) == still + sum(min(4, count) for count in moving.values()), name
        captions = [" ".join(c.text_content().split()).rstrip("# ") for c in article.iter("figcaption")]
        written = [words(c) for c in documents[name].iter(XHTML + "figcaption")]
        assert [c[:40] for c in written] == [c[:40] for c in captions], name


def test_formulas_are_all_there_with_their_numbers_and_code_that_is_open_stays(documents, articles):
    for name, article in articles.items():
        page = documents[name]
        formulas = [e.text_content() for e in article.iter("math") if not e.xpath("ancestor::nav | ancestor::template")]
        written = ["".join(e.itertext()) for e in page.iter("{http://www.w3.org/1998/Math/MathML}math")]
        assert Counter(written) == Counter(formulas), name
        spans = article.xpath('.//span[@class="eqno"][not(ancestor::template)]')
        numbers = [e.text_content().rstrip("# ") for e in spans]
        assert ["".join(e.itertext()) for e in page.iter(XHTML + "span") if e.get("class") == "eqno"] == numbers
        code = article.xpath('.//pre[not(ancestor::details[contains(@class, "above-input")])]')
        open_code = Counter(pre.text_content() for pre in code if "✎" not in pre.text_content())
        assert Counter("".join(pre.itertext()) for pre in page.iter(XHTML + "pre")) == open_code, name


def test_solutions_are_at_the_end_and_linked_there_and_back(documents, articles):
    for name, article in articles.items():
        stem = name.removeprefix("book/").removesuffix(".xhtml")
        closed = './/details[contains(@class, "sd-dropdown")][summary[normalize-space()="Solution"]]'
        folded = len(article.xpath(closed))
        sections = documents[name].xpath('//*[contains(@id, "--solution-")]')
        assert len(sections) == folded, name
        for k, section in enumerate(sections, 1):
            back = section.find(f"{XHTML}h3/{XHTML}a")
            assert back.get("href") == f"#{stem}--exercise-{k}"
            assert back.text.startswith(f"{k}. "), (name, back.text)
            assert section.findall(f".//{XHTML}pre"), (name, k)
        if folded:
            assert sections[-1].getparent().getparent()[-1].get("id") == f"{stem}--solutions"


def test_what_looks_like_a_tag_is_still_read(documents):
    """A page of the site loses the token <unk>, which browsers take for an element; the book does not."""
    said = "".join(documents["book/10_language_models.xhtml"].itertext())
    assert "counts after <unk>, blank 1" in said


def test_the_contents_lead_to_every_page(documents, articles):
    links = {link.get("href").partition("#")[0] for link in documents["book/nav.xhtml"].iter(XHTML + "a")}
    assert {name.removeprefix("book/") for name in articles} <= links
    chapters = documents["book/nav.xhtml"].xpath('//*[contains(@href, "#05_lstm--")]')
    sections = articles["book/05_lstm.xhtml"].findall("section/section/h2")
    assert len(chapters) == len(sections) + 1  # and the solutions
