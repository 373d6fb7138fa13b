"""Whoever goes through a page by keyboard sees where they are, at every stop, and comes by in the order of the page."""

import pytest

# What is reached, whether its ring can be seen, and whether it comes after the stop before.
STOP = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = colour => channels(colour).slice(0, 3).map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    let ground = 'rgb(255, 255, 255)', opacity = 1;
    for (let box = e; box; box = box.parentElement) opacity *= Number(getComputedStyle(box).opacity);
    for (let box = e.parentElement; box; box = box.parentElement) {
        const colour = getComputedStyle(box).backgroundColor;
        if ((channels(colour)[3] ?? 1) === 1) { ground = colour; break; }
    }
    const style = getComputedStyle(e), b = e.getBoundingClientRect();
    const outlined = !['none', 'hidden'].includes(style.outlineStyle) && parseFloat(style.outlineWidth) >= 2;
    const pair = [light(style.outlineColor), light(ground)].sort((a, b) => b - a);
    const before = window.before;
    window.before = e;
    const after = !before || before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
    const faults = [];
    if (!outlined) faults.push('no ring');
    if (outlined && (pair[0] + 0.05) / (pair[1] + 0.05) < 3) faults.push(`ring ${style.outlineColor} on ${ground}`);
    if (opacity < 1) faults.push('transparent');
    if (b.width < 1 || b.height < 1) faults.push('no size');
    if (b.bottom < 0 || b.top > innerHeight || b.right < 0 || b.left > innerWidth) faults.push('beyond the window');
    if (!after) faults.push('out of order');
    return [`${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`, faults];
}"""
MOST = 1000


def stops(page):
    """(what is reached, what is wrong with it), from the top of the page to its end."""
    found = []
    for _ in range(MOST):
        if found and found[-1][0].startswith("TEXTAREA"):
            page.keyboard.press("Escape")  # Tab alone indents an answer
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError("there is no end")


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [("chapters/05_lstm", 1280, "light"), ("chapters/05_lstm", 390, "dark"), ("book/index", 1280, "dark")],
)
def test_every_stop_has_a_ring_that_can_be_seen(visit, server, name, width, scheme):
    page = visit(width=width, scheme=scheme, reduced_motion="reduce").go(f"{server}/{name}.html")
    page.add_style_tag(content="* { transition: none !important; }")  # what is measured has come to rest
    assert page.locator("[tabindex]").evaluate_all("all => all.filter(e => e.tabIndex > 0).length") == 0
    found = stops(page)
    assert found[0][0].startswith("A  Skip to main content")
    assert len(found) > (100 if "chapters" in name else 30)
    assert [stop for stop in found if stop[1]] == []
    if name.startswith("chapters"):
        for kind in ("SUMMARY", "BUTTON copybtn", "INPUT", "A confirmed"):
            assert any(stop[0].startswith(kind) for stop in found), kind
    else:
        assert sum("·" in what for what, _ in found) >= 12, "the cards"


def test_the_first_stop_leads_past_what_is_on_every_page(visit, server):
    page = visit().go(f"{server}/chapters/05_lstm.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main-content').contains(document.activeElement)")


def test_a_stop_without_a_ring_is_found(visit, server):
    page = visit().go(f"{server}/book/index.html")
    page.add_style_tag(
        content=".start a:focus-visible { outline: none !important; } * { transition: none !important; }"
    )
    wrong = [stop for stop in stops(page) if stop[1]]
    assert [(what.split()[-3:], faults) for what, faults in wrong] == [(["with", "chapter", "1"], ["no ring"])]
