"""Every page in a real browser, loaded once per width and colour scheme and once from its file; all checks on that."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

LOCAL = ("data:", "blob:", "about:")
# What of a formula nobody can see: beyond an edge that hides it, or beyond the screen. A box that scrolls hides nothing
# but what is to the left of its beginning.
CUT = """() => {
    const cut = [];
    for (const formula of document.querySelectorAll('math')) {
        const parts = [formula, ...formula.children].map(part => part.getBoundingClientRect());
        const f = {left: Math.min(...parts.map(p => p.left)), right: Math.max(...parts.map(p => p.right)),
                   top: parts[0].top, bottom: parts[0].bottom};
        if (!formula.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        let wide = false, high = false, why = null;  // whether a box around it scrolls that way
        for (let box = formula; box && box !== document.body; box = box.parentElement) {
            const style = getComputedStyle(box), b = box.getBoundingClientRect();
            const x = style.overflowX, y = style.overflowY, scrolls = /auto|scroll/, hides = /hidden|clip/;
            if (style.display === 'inline') continue;
            if (!wide && hides.test(x) && (f.right > b.right + 1 || f.left < b.left - 1)) why = 'at the side';
            if (!high && hides.test(y) && (f.bottom > b.bottom + 1 || f.top < b.top - 1)) why = 'above or below';
            if (!wide && scrolls.test(x) && f.left + box.scrollLeft < b.left - 1) why = 'left of its box';
            wide ||= scrolls.test(x);
            high ||= scrolls.test(y);
        }
        if (!wide && (f.right > innerWidth + 1 || f.left < -1)) why = why || 'beyond the screen';
        if (why) cut.push([why, formula.parentElement.outerHTML.replace(/<math.*/s, '').slice(0, 120),
                           formula.textContent.slice(0, 40), [f.left, f.right, f.top, f.bottom].map(Math.round)]);
    }
    return cut;
}"""
EQUATIONS = """() => [...document.querySelectorAll('div.math:has(.eqno)')].map(box => {
    const b = box.getBoundingClientRect(), n = box.querySelector('.eqno').getBoundingClientRect();
    const math = box.querySelector('math').getBoundingClientRect();
    return {id: box.id, box: [b.left, b.right], number: [n.left, n.right, n.top, n.bottom],
            math: [math.left, math.right, math.top, math.bottom],
            wide: box.scrollWidth > box.clientWidth + 1};
})"""


@pytest.mark.loads("server", "narrow", "file")
def test_nothing_is_asked_of_another_host(loaded):
    assert [url for url in loaded.requests if not url.startswith((loaded.base, *LOCAL))] == []
    assert loaded.page.locator("script[src*='fontawesome'], script[src*='thebe']").count() == 0


@pytest.mark.loads("server", "narrow", "file")
def test_nothing_complains(loaded):
    assert loaded.complaints == []


@pytest.mark.loads("server", "narrow")
def test_the_page_does_not_scroll_sideways(loaded):
    assert loaded.page.evaluate("document.documentElement.scrollWidth") <= loaded.page.viewport_size["width"]


@pytest.mark.loads("server", "narrow")
def test_no_formula_is_cut_off(loaded):
    assert loaded.page.evaluate(CUT) == []


# Titles in the links to the pages beside that end beyond the screen.
BEYOND = """() => [...document.querySelectorAll('.prev-next-area a, nav.beside a')].filter(link => {
    const words = document.createRange();
    words.selectNodeContents(link.querySelector('.title, .prev-next-title') || link);
    const box = words.getBoundingClientRect();
    return box.width > 0 && (box.left < 0 || box.right > innerWidth);
}).map(link => link.textContent)"""


@pytest.mark.loads("server", "narrow")
def test_links_to_the_pages_beside_are_whole(loaded):
    assert loaded.page.evaluate(BEYOND) == []


@pytest.mark.loads("server")
def test_equations_are_centred_with_their_number_beside_them(loaded):
    for m in loaded.page.evaluate(EQUATIONS):
        assert m["number"][0] >= m["math"][1] - 1, f"the number overlaps its equation: {m}"
        middle = (m["number"][2] + m["number"][3]) / 2
        assert m["math"][2] - 8 <= middle <= m["math"][3] + 8, f"the number is not beside its equation: {m}"
        assert not m["wide"], f"the equation has to be scrolled: break it into lines: {m}"
        centre, box = (m["math"][0] + m["math"][1]) / 2, (m["box"][0] + m["box"][1]) / 2
        assert abs(centre - box) <= 60, f"the equation is not centred: {m}"


@pytest.mark.loads("server")
def test_images_say_what_they_show(loaded):
    images = loaded.page.eval_on_selector_all(
        "img", "all => all.map(image => [image.getAttribute('alt'), image.getAttribute('src')])"
    )
    missing = [source[:80] for alt, source in images if alt is None or re.search(r"\.(png|svg|jpe?g)$", alt)]
    assert missing == []


@pytest.mark.loads("dark")
def test_figures_turn_dark_with_the_theme(loaded):
    filters = loaded.page.eval_on_selector_all(
        ".bd-content .cell_output img", "all => all.map(i => getComputedStyle(i).filter)"
    )
    assert [value for value in filters if "invert" not in value] == []
    if loaded.load.page.startswith("chapters/"):
        assert filters, "a chapter has figures"


COLOURS = ["color-contrast", "link-in-text-block"]  # the rules of axe that look at colours
WANTED = {"resultTypes": ["violations"]}
CODE = "div.highlight"
# Marks, of all that can be seen of the code, one of each look: its text and all boxes around it have other colours.
LOOKS = """() => {
    const known = new Map([[null, '']]), marked = new Set();
    const look = box => {
        if (!known.has(box)) {
            const s = getComputedStyle(box);
            known.set(box, [s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.textShadow,
                            s.fontSize, s.fontWeight, look(box.parentElement)].join());
        }
        return known.get(box);
    };
    for (const part of document.querySelectorAll('div.highlight, div.highlight *')) {
        const words = [...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!words || !part.checkVisibility({visibilityProperty: true}) || marked.has(look(part))) continue;
        marked.add(look(part));
        part.dataset.look = marked.size;
    }
    return marked.size;
}"""


def unreadable(page, code=True):
    """What axe has against the colours of a page. Of the code, with its thousands of spans, it looks at one per look:
    it compares every element with each, and would take three times as long.
    """
    found = Axe().run(page, {"exclude": [[CODE]]}, WANTED | {"runOnly": COLOURS}).response["violations"]
    if code and page.evaluate(LOOKS):
        found += Axe().run(page, {"include": [["[data-look]"]]}, WANTED | {"runOnly": COLOURS}).response["violations"]
    return found


# the last one, because it adds a script of its own to the page
@pytest.mark.loads("server")
def test_axe_finds_no_violation(loaded):
    """The rules of colours in both schemes; the others, which take as long, in the light one."""
    # the colours of code are those of the wide page, where all of it is looked at
    found = unreadable(loaded.page, code=loaded.load.width == 1280)
    if loaded.load.scheme == "light":
        others = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
        found += Axe().run(loaded.page, None, WANTED | others).response["violations"]
    said = [(v["id"], v["help"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
    assert said == []


@pytest.mark.parametrize("where", [f"{CODE} .k", f"{CODE} .n", "article h2"])
def test_one_word_in_a_colour_that_cannot_be_read_is_found(visit, server, where):
    page = visit().go(f"{server}/chapters/04_gradients.html")
    last = "all => { all.filter(part => part.checkVisibility()).at(-1).style.color = '#cccccc'; }"
    page.eval_on_selector_all(where, last)
    (found,) = unreadable(page)
    assert found["id"] == "color-contrast"
    assert len(found["nodes"]) == 1


def test_licences_are_said(visit, server):
    text = visit().go(f"{server}/book/index.html").inner_text("footer.bd-footer-content")
    assert "CC BY 4.0" in text
    assert "BSD-3-Clause" in text
