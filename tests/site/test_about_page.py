"""What pages say of themselves, the pages of the API and of shown source, the bibliography, and what is printed."""

import gzip
import re
import tomllib
from urllib.parse import parse_qs, urlsplit

import pytest

PAGES = ["chapters/05_lstm", "book/glossary", "book/api/nn", "book/bibliography"]


@pytest.mark.parametrize("page", PAGES)
def test_version_date_and_the_way_to_report_a_mistake_are_in_the_foot(site, parse, page):
    found = parse(page)
    foot = found.select_one("footer .about-page")
    project = tomllib.loads((site.parents[1] / "pyproject.toml").read_text())["project"]
    assert re.match(rf"Version {re.escape(project['version'])}, \d{{4}}-\d\d-\d\d ·", foot.text)
    *inside, report = (a["href"] for a in foot.select("a"))
    assert [(site / page).parent.joinpath(href).resolve().name for href in inside] == ["changelog.html", "errata.html"]
    asked = parse_qs(urlsplit(report).query)
    assert page + ".html" not in asked["title"][0]
    assert f"Page: {page} (" in asked["body"][0]
    assert f"Version: {project['version']}" in asked["body"][0]


def test_every_page_has_a_description_of_its_own(site, parse):
    pages = [path.relative_to(site).with_suffix("").as_posix() for path in site.glob("*/**/*.html")]
    pages = [page for page in pages if page.startswith(("book/", "chapters/"))]
    said = {page: parse(page).select_one('meta[name="description"]')["content"] for page in pages}
    assert not [page for page, text in said.items() if not 15 < len(text) <= 302]
    assert len(set(said.values())) == len(said)
    assert said["chapters/05_lstm"].startswith("How can a network keep something for a hundred steps")


def test_pages_of_the_api_are_small_and_lead_to_the_chapters(site, parse):
    pages = sorted((site / "book/api").glob("*.html"))
    assert len(pages) > 15
    assert not [page.name for page in pages if len(gzip.compress(page.read_bytes())) > 350_000]
    page = parse("book/api/reference")
    step = page.find(id="seqlib.reference.lstm.step").find_parent("dl")
    assert "../../chapters/05_lstm.html" in [a["href"] for a in step.select("dd a[href]")]
    assert "../../chapters/05_lstm.html#equation-eq-lstm-cell" in [a["href"] for a in step.select("dd a[href]")]


def test_shown_source_leads_to_the_api(parse, chapter):
    page = parse(f"chapters/{chapter}")
    for block in page.select(".cell_output div.highlight"):
        shown = re.match(r"# (seqlib/[\w/]+)\.py: ([\w.]+)\n", block.text)
        if shown:
            paragraph = block.find_next("p", class_="shown-links")
            anchor = paragraph.a["href"].partition("#")[2].removeprefix("module-")
            assert f"{shown[1].replace('/', '.')}.{shown[2]}".startswith(anchor), shown[0]


def test_the_bibliography_names_authors_and_year_as_the_text_does(parse):
    labels = [label.text for label in parse("book/bibliography").select(".citation .label, .citation dt")]
    assert len(labels) > 50
    assert not [label for label in labels if not re.search(r", (\d{4}|n\.d\.)[a-z]?\W*$", label)]
    assert [label.strip("[] ") for label in labels if "Elman" in label] == ["Elman, 1990"]


def test_print_is_dark_on_white_and_names_the_page(visit, server):
    visited = visit(scheme="dark")
    page = visited.go(f"{server}/chapters/05_lstm.html")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.inner_text(".print-address").endswith("/chapters/05_lstm.html")
    for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", "#pst-back-to-top"):
        assert not page.locator(hidden).first.is_visible(), hidden
    colours = "part => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor]"
    assert page.eval_on_selector("body", colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.eval_on_selector("article section section p", "p => getComputedStyle(p).color") == "rgb(0, 0, 0)"
    assert page.eval_on_selector(".cell_output img", "i => getComputedStyle(i).filter") == "none"
