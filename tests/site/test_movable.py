"""The figures that move: by keyboard, and as a still where scripts are off."""

import pytest


@pytest.mark.parametrize("scripts", [True, False])
def test_arrow_keys_choose_a_frame(visit, server, chapter, scripts):
    opened = visit(java_script_enabled=scripts)
    opened.page.goto(f"{server}/chapters/{chapter}.html")
    figure = opened.page.locator("fieldset.seq-frames").first
    assert figure.locator(".seq-frame:visible").count() == 1
    first = figure.locator(".seq-frame:visible img").get_attribute("alt")
    figure.locator("input").first.focus()
    opened.page.keyboard.press("ArrowRight")
    second = figure.locator(".seq-frame:visible img").get_attribute("alt")
    assert figure.locator(".seq-frame:visible").count() == 1
    assert first
    assert second
    assert first != second
