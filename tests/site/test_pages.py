"""Every page in a real browser: nothing asked of other hosts, no complaint, formulas set, nothing too wide."""

import re

import pytest

LOCAL = ("data:", "blob:", "about:")


@pytest.mark.parametrize("way", ["server", "file"])
def test_no_other_host_and_no_complaint(visit, server, site, page_name, way):
    base = server if way == "server" else site.as_uri()
    opened = visit()
    page = opened.go(f"{base}/{page_name}")
    outside = [url for url in opened.requests if not url.startswith((base, *LOCAL))]
    assert outside == []
    assert opened.complaints == []
    formulas = page.locator("span.math, div.math").count()
    assert page.locator("mjx-container").count() >= formulas
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.locator("script[src*='fontawesome'], script[src*='thebe']").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_equations_are_centred_with_their_number_beside_them(visit, server, page_name, width):
    page = visit(width=width).go(f"{server}/{page_name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page scrolls sideways"
    measured = page.evaluate(
        """() => [...document.querySelectorAll('div.math:has(.eqno)')].map(box => {
            const b = box.getBoundingClientRect(), n = box.querySelector('.eqno').getBoundingClientRect();
            const inner = box.querySelector('mjx-container'), clip = inner.getBoundingClientRect();
            const all = box.querySelector('mjx-math').getBoundingClientRect();
            const math = {left: Math.max(all.left, clip.left), right: Math.min(all.right, clip.right),
                          top: all.top, bottom: all.bottom};
            return {box: [b.left, b.right], number: [n.left, n.right, n.top, n.bottom],
                    math: [math.left, math.right, math.top, math.bottom],
                    wide: inner.scrollWidth > inner.clientWidth + 1};
        })"""
    )
    for m in measured:
        assert m["number"][0] >= m["math"][1] - 1, "the number overlaps its equation"
        middle = (m["number"][2] + m["number"][3]) / 2
        assert m["math"][2] - 8 <= middle <= m["math"][3] + 8, "the number is not beside its equation"
        assert not m["wide"], "the equation has to be scrolled: break it into lines"
        centre, box = (m["math"][0] + m["math"][1]) / 2, (m["box"][0] + m["box"][1]) / 2
        assert abs(centre - box) <= 60, "the equation is not centred"


def test_images_say_what_they_show(visit, server, page_name):
    page = visit().go(f"{server}/{page_name}")
    for alt in page.eval_on_selector_all("img", "all => all.map(image => image.getAttribute('alt'))"):
        assert alt is not None
        assert not re.search(r"\.(png|svg|jpe?g)$", alt)


def test_dark_theme_turns_figures_dark(visit, server):
    page = visit(scheme="dark").go(f"{server}/chapters/02_rnn.html")
    filters = page.eval_on_selector_all(".cell_output img", "all => all.map(i => getComputedStyle(i).filter)")
    assert filters
    assert all("invert" in value for value in filters)


def test_licences_are_said(visit, server):
    text = visit().go(f"{server}/book/index.html").inner_text("footer.bd-footer-content")
    assert "CC BY 4.0" in text
    assert "BSD-3-Clause" in text
