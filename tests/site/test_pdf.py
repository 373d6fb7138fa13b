"""The printed book, by one chapter and the glossary: numbers that are right, nothing lost, nothing cut."""

import re
import sys
from pathlib import Path

import pytest
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("pdf")  # made once, in one worker


@pytest.fixture(scope="module")
def tools():
    """The scripts that make the PDF, by name."""
    folder = str(ROOT / "tools/take_away")
    sys.path.insert(0, folder)
    import chromium_pdf
    import index_entries
    import pdf
    import style

    yield {"chromium_pdf": chromium_pdf, "index_entries": index_entries, "pdf": pdf, "style": style}
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def printed(site, tools, browser, tmp_path_factory):
    """What the script says of the PDF, the PDF, and the text that was printed last."""
    path, texts = tmp_path_factory.mktemp("pdf") / "book.pdf", []
    document = tools["pdf"].document
    tools["pdf"].document = lambda *arguments: texts.append(document(*arguments)) or texts[-1]
    said = tools["pdf"].build(browser, path, site, only=lambda page: page.endswith(("05_lstm", "glossary")))
    tools["pdf"].document = document
    return said, path.read_bytes(), html.fromstring(texts[-1])


def test_nothing_is_too_wide_and_every_picture_is_there_with_its_text(printed, site):
    too_wide, (pictures, described) = printed[0]
    assert too_wide == []
    assert pictures == described == 1 + len(printed[2].xpath('//section[@id="05_lstm"]//img'))
    built = html.parse(str(site / "chapters/05_lstm.html"))
    assert len(printed[2].xpath("//figure")) == len(built.xpath("//article//figure"))


def test_what_is_too_wide_is_told(browser, tools):
    """The control: a word that cannot break and is wider than the page."""
    page = browser.new_page(viewport={"width": 400, "height": 300})
    fit = (tools["style"].HERE / "fit.js").read_text(encoding="utf8")
    words = '<div id="a"><p>{}<pre>{}</pre></p><table><tr><td>{}</td></tr></table></div>'
    page.set_content(words.format("short", "short", "short"))
    assert page.evaluate(fit) == []
    page.set_content(words.format("short", "n" * 90, "short"))
    assert any(line.startswith("a: <pre") for line in page.evaluate(fit))
    page.set_content(words.format("short", "short", "n" * 55))
    assert page.evaluate(fit) == []  # a table is made smaller, and fits
    assert page.evaluate("parseFloat(document.querySelector('table').style.fontSize)") < 1
    page.close()


def test_contents_have_the_pages_of_the_outline(printed, tools):
    """Two things that Chromium writes by itself: where links lead, and the outline of the headings."""
    said, pages = {}, dict(tools["chromium_pdf"].outline(printed[1]))
    for link in printed[2].xpath('//section[contains(@class, "contents")]//a'):
        words, number = link.xpath('string(span[@class="words"])'), link.xpath("number(span[last()])")
        said[re.sub(r"^(\d+)\s+", r"\1. ", words)] = int(number)
    assert len(said) > 15
    assert {words: pages[words] for words in said} == said
    assert list(said.values()) == sorted(said.values())


def test_index_lists_terms_where_they_stand(printed, tools):
    _, pdf, text = printed
    lines = {line.text_content().partition(",")[0]: line for line in text.xpath('//section[@id="back-index"]//p')}
    assert "forget gate" in lines
    assert "000" not in text.xpath('string(//section[@id="back-index"])')
    numbers = tools["chromium_pdf"].destinations(pdf)
    for name, line in lines.items():
        for link in line.iter("a"):
            place = text.get_element_by_id(link.get("href")[1:])
            first = int(link.text.partition("–")[0])
            assert numbers[place.get("id")] == first, name
            if "(seqlib" not in name:
                words = " ".join(place.text_content().split()).lower()
                assert name.lower() in words or place.get("id").startswith("glossary") or place.tag == "a", name
    letters = [line.text for line in text.xpath('//p[@class="letter"]')]
    assert letters == sorted(set(letters))


def test_runs_of_pages_are_joined(tools):
    numbers = {"a": 3, "b": 7, "c": 8, "d": 9, "e": 3}
    assert tools["index_entries"].pages_of("edcba", numbers) == [("3", "e"), ("7–9", "b")]


def test_it_is_tagged_and_its_outline_has_each_heading_once(printed, tools):
    _, pdf, text = printed
    assert re.search(rb"/MarkInfo <</Type /MarkInfo\s*/Marked true|/Marked true", pdf)
    assert b"/Lang (en)" in pdf
    headings = {" ".join(h.text_content().split()) for h in text.xpath("//h1 | //h2 | //h3 | //h4")}
    titles = [title for title, _ in tools["chromium_pdf"].outline(pdf)]
    assert set(titles) == headings
    assert titles.count("Practice") == 1


def test_a_title_that_chromium_wrote_twice_is_mended(tools):
    """Chromium repeats a heading that moved to the next page, and joins two words where a line ends."""
    pdf = b"%PDF-1.4\n"
    for number, title in ((3, b"(PracticePractice)"), (4, b"(One thing,and another)"), (5, b"(Right)")):
        pdf += b"%d 0 obj\n<</Title %s\n/Dest [2 0 R /XYZ 0 0 0]>>\nendobj\n" % (number, title)
    pdf += b"xref\n0 0\ntrailer\n<</Size 6\n/Root 1 0 R>>\nstartxref\n99\n%%EOF\n"
    mended = tools["chromium_pdf"].retitled(pdf, ["Practice", "One thing, and another", "Right"])
    assert mended.startswith(pdf.rstrip())
    body = tools["chromium_pdf"].objects(mended)
    titles = [tools["chromium_pdf"].text(tools["chromium_pdf"].TITLE.match(body[n])[1]) for n in (b"3", b"4", b"5")]
    assert titles == ["Practice", "One thing, and another", "Right"]
    place = int(re.findall(rb"startxref\n(\d+)", mended)[-1])
    assert mended[place:].startswith(b"xref")
    for number, offset in re.findall(rb"(\d+) 1\n(\d{10}) 00000 n", mended[place:]):
        assert mended[int(offset) :].startswith(number + b" 0 obj")
    assert tools["chromium_pdf"].retitled(pdf, ["Right"]) is pdf
