"""Chapters, figures and equations have numbers, figures captions, and confirmed equations a ✓ that leads on."""

import functools
import json
import re

import pytest


@functools.cache
def notebook(site, name):
    """The cells of a chapter."""
    return json.loads((site.parents[1] / f"chapters/{name}.ipynb").read_text(encoding="utf8"))["cells"]


def figures(cells):
    """The figures that a notebook names, by name."""
    found = [cell["metadata"].get("mystnb", {}).get("figure") for cell in cells]
    return {figure["name"]: figure["caption"] for figure in found if figure}


def test_figures_are_numbered_in_order_and_have_captions(site, parse, chapter):
    written = figures(notebook(site, chapter))
    drawn = parse(f"chapters/{chapter}").select("article figure")
    assert [figure["id"] for figure in drawn] == list(written)
    numbers = [figure.select_one(".caption-number").text.strip() for figure in drawn]
    assert numbers == [f"Figure {int(chapter[:2])}.{i}" for i in range(1, len(drawn) + 1)]
    for figure in drawn:
        assert figure.select("img"), figure["id"]
        first = re.sub(r"[$*`].*", "", written[figure["id"]])[:30]
        assert figure.select_one(".caption-text").text.startswith(first), figure["id"]


def test_equations_are_numbered_by_chapter_and_so_are_references(parse, chapter):
    soup = parse(f"chapters/{chapter}")
    numbers = {box["id"]: re.match(r"\(([\d.]+)\)", box.select_one(".eqno").text)[1] for box in equations(soup)}
    assert list(numbers.values()) == [f"{int(chapter[:2])}.{i}" for i in range(1, len(numbers) + 1)]
    references = [a for a in soup.select("article a.reference") if a["href"].startswith("#equation-")]
    assert references
    for reference in references:
        assert reference.text == f"({numbers[reference['href'][1:]]})"


def test_a_table_that_a_cell_computes_is_a_table(site, parse, chapter):
    outputs = [o.get("data", {}) for cell in notebook(site, chapter) for o in cell.get("outputs", [])]
    computed = ["".join(data.get("text/markdown", "")) for data in outputs]
    computed = [text.splitlines() for text in computed if text.startswith("|")]
    soup = parse(f"chapters/{chapter}")
    drawn = soup.select(".cell_output table")
    assert [len(table.select("tr")) for table in drawn] == [len(lines) - 1 for lines in computed]
    for table, lines in zip(drawn, computed, strict=True):
        head = [th.text.replace("’", "'") for th in table.select("th")]  # as the site sets apostrophes
        assert head == [entry.strip() for entry in lines[0].strip("|").split("|")]
    assert not [p.text for p in soup.select(".cell_output p") if p.text.startswith("|")]


def equations(soup):
    """The numbered equations of a page."""
    return soup.select("div.math:has(.eqno)")


def test_what_a_cell_confirms_has_a_check_mark_that_leads_there(site, parse, chapter):
    printed = "".join("".join(o.get("text", "")) for cell in notebook(site, chapter) for o in cell.get("outputs", []))
    said = {}
    for label, words in re.findall(r"^✓ (eq-\S+): (.+)$", printed, flags=re.M):
        said.setdefault(label, []).append(words)
    soup = parse(f"chapters/{chapter}")
    marks = {box["id"].removeprefix("equation-"): box.select_one("a.confirmed") for box in equations(soup)}
    assert {label.lower() for label, mark in marks.items() if mark} == {label.lower() for label in said}
    for label, words in said.items():
        mark = next(mark for name, mark in marks.items() if name.lower() == label.lower())
        assert mark["aria-label"] == mark["title"] == f"confirmed below: {', and '.join(words)}"
        target = soup.find(id=mark["href"][1:])
        assert f"✓ {label}: {words[0]}" in target.text
        assert target.sourceline >= mark.sourceline, "it is not below"


def test_chapters_are_numbered_once_and_the_reference_part_is_not(site, parse, chapter):
    soup, i = parse(f"chapters/{chapter}"), int(chapter[:2])
    title = soup.select_one("article h1").text
    assert re.match(rf"{i}\. \D", title), title
    assert soup.title.text.startswith(f"{i}. "), soup.title.text
    entries = [entry.text.strip() for entry in soup.select(".bd-sidebar-primary li.toctree-l1")]
    numbers = [int(entry.partition(".")[0]) for entry in entries if entry[0].isdigit()]
    assert numbers == list(range(1, len(list((site / "chapters").glob("[0-9]*.html"))) + 1))
    assert "How to use" in parse("book/how_to_use").select_one("article h1").text[:12]


def test_a_reference_to_a_chapter_says_its_number(parse):
    soup = parse("chapters/03_bptt")
    texts = [a.text for a in soup.select('article section a.reference[href="04_gradients.html"]')]
    assert texts
    assert all(re.match(r"4\b|chapter 4", text) for text in texts), texts


def test_the_pages_beside_are_linked_at_the_top_and_at_the_bottom(parse, chapter):
    soup = parse(f"chapters/{chapter}")
    top = [a["href"] for a in soup.select("nav.beside a")]
    assert len(top) == 2
    assert top == [a["href"] for a in soup.select(".prev-next-area a")]
    first = soup.select_one("article nav.beside")
    assert first.sourceline < soup.select_one("article h1").sourceline


def test_reading_time_stands_under_the_title_and_on_the_index(parse, chapter):
    facts = parse(f"chapters/{chapter}").select_one("article h1 + p.chapter-facts").text
    minutes = re.search(r"(\d+) minutes to read", facts)[1]
    entry = parse("book/index").select_one(f'article li:has(a[href="../chapters/{chapter}.html"])').text
    assert f"?{minutes} minutes · " in entry.replace("\n", "")


SCROLLED = """() => {
    const closed = document.querySelectorAll('.bd-content details:not([open])');
    closed.forEach(details => details.open = true);
    const scrolled = [...document.querySelectorAll('.bd-content pre, .pst-scrollable-table-container')].filter(
        box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent.slice(0, 60));
    closed.forEach(details => details.open = false);  // as the tests that follow expect them
    return scrolled;
}"""


@pytest.mark.loads("wide")
def test_no_line_of_code_and_no_table_is_scrolled_on_a_wide_page(loaded):
    assert loaded.page.evaluate(SCROLLED) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_check_mark_can_be_seen_and_followed_without_javascript(visit, server, scheme):
    opened = visit(width=390, scheme=scheme, java_script_enabled=False).page
    opened.goto(f"{server}/chapters/03_bptt.html")
    mark = opened.locator("#equation-eq-bptt-dh a.confirmed")
    box = mark.bounding_box()
    assert box["width"] >= 24
    assert box["height"] >= 24
    assert box["x"] + box["width"] <= 390
    mark.click()
    assert "#confirms-eq-bptt-" in opened.url
    assert opened.locator("[id^=confirms-]:target").is_visible()


def test_the_logo_needs_no_font(site):
    logo = (site.parents[1] / "book/_static/logo.svg").read_text()
    assert "<text" not in logo
    assert "font" not in logo
