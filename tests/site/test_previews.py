"""Terms, equations, figures and citations are shown where they are linked: by mouse, by keyboard, by touch."""

import posixpath
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

KINDS = {
    "term": "a[href*='glossary.html#term-']",
    "equation": "a.reference[href^='#equation-']",
    "equation elsewhere": "a[href*='.html#equation-']",
    "figure": "a.reference[href^='#fig-']",
    "citation": "a[href*='bibliography.html#']",
}
PAGE = "chapters/06_gru.html"  # which has all of them
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


def inside(page):
    """Whether the preview is within the window."""
    box, size = page.locator("#seq-preview").bounding_box(), page.viewport_size
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    return box["x"] >= 0 and box["y"] >= 0 and right <= size["width"] and bottom <= size["height"]


def first(page, kind):
    """The first link of a kind that can be seen, in the middle of the window."""
    link = page.locator("article").locator(KINDS[kind]).locator("visible=true").first
    link.evaluate("link => link.scrollIntoView({block: 'center', behavior: 'instant'})")
    return link


def target(parse, path, address):
    """What a link leads to, as its page has it."""
    name, _, anchor = address.partition("#")
    other = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
    found = parse(other.removesuffix(".html")).find(id=anchor)
    return found.find_next_sibling("dd") if found.name == "dt" else found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_kind_is_shown_under_mouse_and_focus(visit, server, parse, width, scheme):
    page = visit(width=width, scheme=scheme).go(f"{server}/{PAGE}")
    shown, size = page.locator("#seq-preview"), page.evaluate(SIZE)
    for kind in KINDS:
        link = first(page, kind)
        link.hover()
        shown.wait_for(state="visible")
        assert shown.get_attribute("role") == "tooltip"
        assert link.get_attribute("aria-describedby") == "seq-preview"
        assert shown.locator("a, button").count() == 0, "a tooltip holds nothing that asks for focus"
        assert inside(page), kind
        there = target(parse, PAGE, link.get_attribute("href"))
        if "equation" in kind:
            shown.locator("math").first.wait_for(state="visible")
            assert there.select_one(".eqno").contents[0] in shown.inner_text()
        else:
            words = re.findall(r"[A-Za-z]{5,}", shown.inner_text().replace(link.inner_text(), ""))
            assert len(words) >= 4, kind
            assert sum(word in there.text for word in words) >= 0.8 * len(words), kind
        shown.hover()  # it stays while the pointer is on it
        page.wait_for_function("() => document.querySelector('#seq-preview').matches(':hover')")
        assert shown.is_visible()
        if kind in ("term", "citation"):
            found = Axe().run(page, {"include": [["#seq-preview"]]}).response["violations"]
            assert [violation["id"] for violation in found] == []
        page.keyboard.press("Escape")
        assert shown.is_hidden()
        assert page.locator("[aria-describedby=seq-preview]").count() == 0
        page.mouse.move(1, 1)
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert shown.is_visible(), f"{kind}: not by keyboard"
        page.keyboard.press("Escape")
        assert shown.is_hidden()
        assert link.evaluate("link => link === document.activeElement")
    assert page.evaluate(SIZE) == size, "the page has moved"


def test_it_goes_when_the_pointer_and_the_focus_go(visit, server):
    page = visit().go(f"{server}/{PAGE}")
    shown = page.locator("#seq-preview")
    first(page, "term").hover()
    shown.wait_for(state="visible")
    page.mouse.move(1, 1)
    shown.wait_for(state="hidden")
    first(page, "term").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    shown.wait_for(state="visible")
    page.locator("#seq-preview").evaluate("() => document.activeElement.blur()")
    shown.wait_for(state="hidden")


def test_a_tap_shows_it_and_the_way_there(visit, server):
    page = visit(width=390, has_touch=True, is_mobile=True).go(f"{server}/{PAGE}")
    shown = page.get_by_role("dialog")
    link = first(page, "term")
    link.tap()
    shown.wait_for(state="visible")
    assert page.url.endswith(PAGE), "the first tap leads nowhere"
    assert inside(page)
    found = Axe().run(page, {"include": [["#seq-preview"]]}).response["violations"]
    assert [violation["id"] for violation in found] == []
    for button in shown.locator("a, button").all():
        assert button.bounding_box()["height"] >= 44
    shown.get_by_role("button", name="Close").tap()
    shown.wait_for(state="hidden")
    assert link.evaluate("link => link === document.activeElement")
    link.tap()
    page.locator("article h1").tap()  # anywhere else
    shown.wait_for(state="hidden")
    link.tap()
    address = link.get_attribute("href").removeprefix("../")
    shown.get_by_role("link", name="Go there").tap()
    page.wait_for_url(f"**/{address}")
    page.go_back()
    link = first(page, "citation")
    link.tap()
    shown.wait_for(state="visible")
    address = link.get_attribute("href").removeprefix("../")
    link.tap()  # the second tap
    page.wait_for_url(f"**/{address}")


def test_from_a_file_without_a_request(visit, site):
    found = visit()
    found.go(f"{site.as_uri()}/{PAGE}")
    found.page.wait_for_load_state("networkidle")
    asked = len(found.requests)
    first(found.page, "citation").hover()
    found.page.locator("#seq-preview").wait_for(state="visible")
    assert len(found.requests) == asked
    assert found.complaints == []


def test_each_link_to_another_page_has_what_it_shows(parse, chapter):
    soup = parse(f"chapters/{chapter}")
    made = {template["data-for"]: template for template in soup.select("template.seq-preview")}
    wanted = {a["href"] for kind in ("term", "equation elsewhere", "citation") for a in soup.select(KINDS[kind])}
    assert wanted == set(made)
    assert len([address for address in made if "#term-" in address]) >= 5
    for address, template in made.items():
        assert template.find("math") or len(template.get_text().split()) >= 3, address
        assert template.select("a, [id], script") == [], address


def test_a_chapter_links_a_term_of_the_glossary_once(parse, chapter):
    soup = parse(f"chapters/{chapter}")
    found = soup.select("article a.reference:has(> .std-term)")
    assert found
    for link in found:
        assert link.find_parent(["h1", "h2", "h3", "a", "code", "table", "figcaption", "summary"]) is None, link
    assert len(found) <= 40, "a page of links"
