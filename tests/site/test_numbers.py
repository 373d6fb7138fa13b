"""Chapters, figures and equations have numbers, figures captions, and confirmed equations a ✓ that leads on."""

import json
import re

import pytest
from bs4 import BeautifulSoup

CHAPTERS = ["01_sequences", "02_rnn", "03_bptt", "04_gradients"]


def notebook(site, name):
    """The cells of a chapter."""
    return json.loads((site.parents[1] / f"chapters/{name}.ipynb").read_text(encoding="utf8"))["cells"]


def page(site, name):
    """A built page, parsed."""
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf8"), "html.parser")


def figures(cells):
    """The figures that a notebook names, by name."""
    found = [cell["metadata"].get("mystnb", {}).get("figure") for cell in cells]
    return {figure["name"]: figure["caption"] for figure in found if figure}


def test_the_list_is_all_chapters(site):
    assert sorted(path.stem for path in (site.parents[1] / "chapters").glob("[0-9]*.ipynb")) == CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_are_numbered_in_order_and_have_captions(site, name):
    written = figures(notebook(site, name))
    drawn = page(site, f"chapters/{name}").select("article figure")
    assert [figure["id"] for figure in drawn] == list(written)
    numbers = [figure.select_one(".caption-number").text.strip() for figure in drawn]
    assert numbers == [f"Figure {int(name[:2])}.{i}" for i in range(1, len(drawn) + 1)]
    for figure in drawn:
        assert figure.select("img"), figure["id"]
        first = re.sub(r"[$*`].*", "", written[figure["id"]])[:30]
        assert figure.select_one(".caption-text").text.startswith(first), figure["id"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_equations_are_numbered_by_chapter_and_so_are_references(site, name):
    soup = page(site, f"chapters/{name}")
    numbers = {box["id"]: re.match(r"\(([\d.]+)\)", box.select_one(".eqno").text)[1] for box in equations(soup)}
    assert list(numbers.values()) == [f"{int(name[:2])}.{i}" for i in range(1, len(numbers) + 1)]
    references = [a for a in soup.select("article a.reference") if a["href"].startswith("#equation-")]
    assert references
    for reference in references:
        assert reference.text == f"({numbers[reference['href'][1:]]})"


def equations(soup):
    """The numbered equations of a page."""
    return soup.select("div.math:has(.eqno)")


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_cell_confirms_has_a_check_mark_that_leads_there(site, name):
    printed = "".join("".join(o.get("text", "")) for cell in notebook(site, name) for o in cell.get("outputs", []))
    said = {}
    for label, words in re.findall(r"^✓ (eq-\S+): (.+)$", printed, flags=re.M):
        said.setdefault(label, []).append(words)
    soup = page(site, f"chapters/{name}")
    marks = {box["id"].removeprefix("equation-"): box.select_one("a.confirmed") for box in equations(soup)}
    assert {label.lower() for label, mark in marks.items() if mark} == {label.lower() for label in said}
    for label, words in said.items():
        mark = next(mark for name, mark in marks.items() if name.lower() == label.lower())
        assert mark["aria-label"] == mark["title"] == f"confirmed below: {', and '.join(words)}"
        target = soup.find(id=mark["href"][1:])
        assert f"✓ {label}: {words[0]}" in target.text
        assert target.sourceline >= mark.sourceline, "it is not below"


def test_chapters_are_numbered_once_and_the_reference_part_is_not(site):
    for i, name in enumerate(CHAPTERS, 1):
        soup = page(site, f"chapters/{name}")
        title = soup.select_one("article h1").text
        assert re.match(rf"{i}\. \D", title), title
        assert soup.title.text.startswith(f"{i}. "), soup.title.text
        entries = [entry.text.strip() for entry in soup.select(".bd-sidebar-primary li.toctree-l1")]
        assert [bool(re.match(r"\d", entry)) for entry in entries].count(True) == len(CHAPTERS), entries
        assert entries[i - 1 + (len(entries) > 0 and not entries[0][0].isdigit())].startswith(f"{i}. "), entries
    assert "How to use" in page(site, "book/how_to_use").select_one("article h1").text[:12]


def test_a_reference_to_a_chapter_says_its_number(site):
    soup = page(site, "chapters/03_bptt")
    texts = [a.text for a in soup.select('article section a.reference[href="04_gradients.html"]')]
    assert texts
    assert all(re.match(r"4\b|chapter 4", text) for text in texts), texts


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_pages_beside_are_linked_at_the_top_and_at_the_bottom(site, name):
    soup = page(site, f"chapters/{name}")
    top = [a["href"] for a in soup.select("nav.beside a")]
    assert len(top) == 2
    assert top == [a["href"] for a in soup.select(".prev-next-area a")]
    first = soup.select_one("article nav.beside")
    assert first.sourceline < soup.select_one("article h1").sourceline


@pytest.mark.parametrize("name", CHAPTERS)
def test_reading_time_stands_under_the_title_and_on_the_index(site, name):
    facts = page(site, f"chapters/{name}").select_one("article h1 + p.chapter-facts").text
    minutes = re.search(r"(\d+) minutes to read", facts)[1]
    entry = page(site, "book/index").select_one(f'article li:has(a[href="../chapters/{name}.html"])').text
    assert f", {minutes} minutes. " in entry
    assert entry.endswith("?")


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("name", CHAPTERS)
def test_no_formula_in_the_text_is_cut_off(visit, server, name, width):
    opened = visit(width=width).go(f"{server}/chapters/{name}.html")
    cut = opened.evaluate(
        """() => [...document.querySelectorAll('article span.math')].filter(span => {
            const drawn = span.querySelector('mjx-math'), box = span.getBoundingClientRect();
            const wide = drawn && drawn.getBoundingClientRect().right > box.right + 1;
            return box.right > innerWidth || (wide && getComputedStyle(span).overflowX !== 'auto');
        }).filter(span => !span.closest('.pst-scrollable-table-container')).map(span => span.textContent)"""
    )
    assert cut == []


@pytest.mark.parametrize("name", [*(f"chapters/{name}" for name in CHAPTERS), "book/notation", "book/teaching"])
def test_no_line_of_code_and_no_table_is_scrolled_on_a_wide_page(visit, server, name):
    opened = visit(width=1280).go(f"{server}/{name}.html")
    wide = opened.evaluate(
        """() => {
            document.querySelectorAll('.bd-content details').forEach(details => details.open = true);
            return [...document.querySelectorAll('.bd-content pre, .pst-scrollable-table-container')].filter(
                box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent.slice(0, 60));
        }"""
    )
    assert wide == []


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
