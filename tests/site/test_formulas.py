"""Formulas are in the page as MathML: set without a script, in the book's own font, and no stops of the Tab key."""

import pytest

# What each formula lacks: its element, its size, its letters instead of TeX.
UNSET = """() => [...document.querySelectorAll('.math')].filter(formula => {
    const set = [...formula.querySelectorAll('math')];
    const seen = math => math.getBoundingClientRect().width > 2 && math.getBoundingClientRect().height > 2;
    return !set.length || formula.querySelector('merror') || /[\\\\$]/.test(formula.textContent)
        || (formula.checkVisibility() && !set.every(seen));
}).map(formula => formula.outerHTML.slice(0, 200))"""
STOPS = """() => [...document.querySelectorAll('.math, .math *')].filter(
    part => (part.tabIndex >= 0 && part.localName !== 'a') || part.hasAttribute('aria-hidden')
).map(part => part.outerHTML.slice(0, 200))"""
# Marks, of all letters and signs of the formulas, one of each kind.
MARK = """() => {
    const known = new Set();
    for (const sign of document.querySelectorAll('math :is(mi, mn, mo, mtext)')) {
        const kind = [sign.localName, sign.getAttribute('mathvariant'), sign.textContent].join();
        if (!known.has(kind)) sign.dataset.kind = '';
        known.add(kind);
    }
}"""
COUNT = "document.querySelectorAll('.math').length"
OURS = "STIX Two Math"


@pytest.mark.loads("server", "narrow", "file")
def test_every_formula_is_set(loaded):
    assert loaded.page.evaluate(UNSET) == []


@pytest.mark.loads("wide")
def test_no_formula_is_a_tab_stop_or_hidden_from_readers(loaded):
    assert loaded.page.evaluate(STOPS) == []


def fonts(page):
    """The names of the fonts that the browser draws formulas with."""
    page.evaluate(MARK)
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    found = set()
    for node in devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-kind]"})["nodeIds"]:
        for font in devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            found.add(font["familyName"] + ("" if font["isCustomFont"] else " of this machine"))
    return found


@pytest.mark.loads("chapter without scripts")
def test_formulas_need_no_script_and_have_all_letters_in_their_font(loaded):
    assert loaded.page.evaluate(COUNT) > 20
    assert loaded.page.evaluate(UNSET) == []
    assert fonts(loaded.page) == {OURS}


def test_the_notation_has_all_letters_in_their_font(visit, server):
    assert fonts(visit().go(f"{server}/book/notation.html")) == {OURS}


def test_a_letter_that_the_font_lacks_is_found(visit, server):
    page = visit().go(f"{server}/chapters/03_bptt.html")
    page.eval_on_selector("article p math mi", "letter => { letter.textContent = 'ж'; }")
    assert len(fonts(page)) == 2


@pytest.mark.parametrize(
    "broken", ["", "<math></math>", "<math><merror><mtext>no</mtext></merror></math>", "\\\\(x\\\\)"]
)
def test_a_formula_that_is_not_set_is_found(visit, server, broken):
    page = visit().go(f"{server}/chapters/03_bptt.html")
    page.eval_on_selector_all(".math", f"all => {{ all.at(-1).innerHTML = `{broken}`; }}")
    assert len(page.evaluate(UNSET)) == 1
