"""Every page in a real browser, in windows of each width and colour scheme and from its file; all checks on that."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT

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


@pytest.mark.loads("server", "narrow", "file")
def test_the_page_does_not_scroll_sideways(loaded):
    assert loaded.page.evaluate("document.documentElement.scrollWidth") <= loaded.page.viewport_size["width"]


@pytest.mark.loads("server", "narrow", "file")
def test_no_formula_is_cut_off(loaded):
    assert loaded.page.evaluate(CUT) == []


# Titles in the links to the pages beside that end beyond the screen.
BEYOND = """() => [...document.querySelectorAll('.prev-next-area a, nav.beside a')].filter(link => {
    const words = document.createRange();
    words.selectNodeContents(link.querySelector('.title, .prev-next-title') || link);
    const box = words.getBoundingClientRect();
    return box.width > 0 && (box.left < 0 || box.right > innerWidth);
}).map(link => link.textContent)"""


@pytest.mark.loads("server", "narrow", "file")
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
# Marks, of all words that can be seen, two of each look: their text is alike, and so are all boxes around it that have
# a colour, a picture or an effect of their own. What stays where it is while the page is scrolled, and what is pressed
# or filled in, is marked whatever its look. Of a single letter axe does not say whether it can be read, so that it
# stands for no word.
LOOKS = """() => {
    for (const part of document.querySelectorAll('[data-look]')) delete part.dataset.look;
    const known = new Map([[null, '']]), marked = new Map();
    let alone = 0;
    const ground = box => {
        if (!known.has(box)) {
            const s = getComputedStyle(box), around = ground(box.parentElement);
            const itself = s.position === 'absolute' && ++alone;
            const all = /fixed|sticky/.test(s.position) || around === null
                || box.matches('button, label, input, select, textarea, [role=button], [aria-disabled]');
            const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode, itself].join();
            const none = own === 'rgba(0, 0, 0, 0),none,1,none,normal,false';
            known.set(box, all ? null : none ? around : own + around);
        }
        return known.get(box);
    };
    const look = part => {
        const s = getComputedStyle(part), around = ground(part);
        return around === null ? null : [s.color, s.textShadow, s.fontSize, s.fontWeight, around].join();
    };
    for (const part of document.body.querySelectorAll('*')) {
        const nodes = [...part.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
        const words = nodes.map(node => node.data.trim()).join('');
        if (!words && !part.matches('input, select, textarea')) continue;
        if (!part.checkVisibility({visibilityProperty: true})) continue;
        const like = look(part), key = like && like + /[\\p{L}\\p{N}]{2}/u.test(words), count = marked.get(key) || 0;
        if (key && count === 2) continue;
        marked.set(key, count + 1);
        part.dataset.look = '';
    }
    return document.querySelectorAll('[data-look]').length;
}"""
# Each token of code is an element, and most elements of a page are tokens, of which no rule of axe says anything but by
# their colours. Those that are not marked are text alone while axe is at work, and then again what they were.
AXE = """async options => {
    axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]});
    const plain = part => part.nodeType === Node.TEXT_NODE || (part.localName === 'span' && !part.children.length
        && part.dataset.look === undefined && [...part.attributes].every(attribute => attribute.name === 'class'));
    const kept = [];
    for (const code of document.querySelectorAll('pre')) {
        kept.push([code, [...code.childNodes]]);
        const parts = [''];
        for (const part of code.childNodes) {
            if (!plain(part)) parts.push(part, '');
            else parts[parts.length - 1] += part.textContent;
        }
        code.replaceChildren(...parts);
    }
    try {
        return (await axe.run(document, {resultTypes: ['violations'], ...options})).violations;
    } finally {
        for (const [code, parts] of kept) code.replaceChildren(...parts);
    }
}"""


def violations(page, **options):
    """What axe has against a page. Of its thousands of words it looks at the contrast of two per look, for it
    compares every element with each: that would take three times as long.
    """
    if page.evaluate("typeof axe") == "undefined":  # the page may be open since another window
        page.evaluate(AXE_SCRIPT)
    assert page.evaluate(LOOKS) > 5
    return page.evaluate(AXE, options)


# the last one, because it adds a script of its own to the page
@pytest.mark.loads("server")
def test_axe_finds_no_violation(loaded):
    """The rules of colours in both schemes; the others, which take as long, in the light one."""
    found = violations(loaded.page, **({} if loaded.load.scheme == "light" else {"runOnly": COLOURS}))
    said = [(v["id"], v["help"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
    assert said == []


WORDS = ["article h2", "article p", "article li", "article p a", ".caption-text", "table td", ".highlight .k"]
WORDS += [".highlight .n", ".cell_output pre", ".bd-sidebar-primary a", ".bd-sidebar-secondary a", "nav.beside a"]
# Each place in a colour that nothing else has, for of one look two words are looked at.
UNREADABLE = """([places, grey]) => {
    const seen = part => part.checkVisibility({visibilityProperty: true}) && /\\w\\w/.test(part.innerText)
        && (!part.closest('.bd-sidebar') || part.getBoundingClientRect().bottom < innerHeight);
    window.marred = places.map(place => {
        const parts = [...document.querySelectorAll(place)].filter(seen);
        return parts[Math.floor(0.7 * parts.length)];
    });
    marred.forEach((part, i) => part.style.setProperty('color', `rgb(${grey}, ${grey}, ${grey + i})`, 'important'));
}"""
FOUND = "targets => marred.map(part => targets.some(target => part.contains(document.querySelector(target))))"


@pytest.mark.parametrize(("scheme", "grey"), [("light", 0xCC), ("dark", 0x44)])
def test_single_words_in_a_colour_that_cannot_be_read_are_found(visit, server, scheme, grey):
    page = visit(scheme=scheme).go(f"{server}/chapters/04_gradients.html")
    tokens = page.locator("pre span").count()
    assert violations(page, runOnly=COLOURS) == []
    assert page.locator("pre span").count() == tokens > 1000, "the page stays as it was"
    page.evaluate(UNREADABLE, [WORDS, grey])
    (found,) = violations(page, runOnly=["color-contrast"])
    assert found["id"] == "color-contrast"
    targets = [node["target"][0] for node in found["nodes"]]
    assert dict(zip(WORDS, page.evaluate(FOUND, targets), strict=True)) == dict.fromkeys(WORDS, True)


def test_licences_are_said(visit, server):
    text = visit().go(f"{server}/book/index.html").inner_text("footer.bd-footer-content")
    assert "CC BY 4.0" in text
    assert "BSD-3-Clause" in text
