"""The figures that move: a slider by keyboard, mouse and touch, and a strip of choices where scripts are off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

FIRST = "02_rnn"


@pytest.mark.parametrize("scripts", [True, False])
def test_arrow_keys_choose_a_frame(visit, server, chapter, scripts):
    opened = visit(java_script_enabled=scripts)
    opened.page.goto(f"{server}/chapters/{chapter}.html")
    figure = opened.page.locator("fieldset.seq-frames").first
    assert figure.locator(".seq-frame:visible").count() == 1
    first = figure.locator(".seq-frame:visible img").get_attribute("alt")
    assert figure.locator("input[type=range]").count() == scripts
    figure.locator("input").first.focus()
    opened.page.keyboard.press("ArrowRight")
    second = figure.locator(".seq-frame:visible img").get_attribute("alt")
    assert figure.locator(".seq-frame:visible").count() == 1
    assert first
    assert second
    assert first != second


def test_every_figure_that_moves_is_one_slider_that_says_its_step(visit, server, chapter):
    page = visit(reduced_motion="reduce").page
    page.goto(f"{server}/chapters/{chapter}.html")
    figures = page.locator("fieldset.seq-frames").all()
    assert figures
    for figure in figures:
        radios, slider = figure.locator("input[type=radio]"), figure.get_by_role("slider")
        assert figure.locator("input:visible").count() == 1
        assert slider.get_attribute("aria-label") == figure.locator("legend").inner_text()
        labels = radios.evaluate_all("all => all.map(radio => radio.getAttribute('aria-label'))")
        slider.focus()
        for step, label in enumerate(labels, 1):
            assert slider.get_attribute("aria-valuetext") == f"step {step} of {len(labels)}: {label}"
            assert figure.locator("output").inner_text() == f"step {step} of {len(labels)}"
            assert figure.locator(".seq-frame:visible p").inner_text() == label
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        assert figure.locator(".seq-frame:visible p").inner_text() == labels[0]
        page.keyboard.press("End")
        assert figure.locator(".seq-frame:visible p").inner_text() == labels[-1]
        assert figure.locator("button").count() == 0, "who wants no motion moves it by hand"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_a_tap_chooses_and_the_slider_fits(visit, server, width, scheme):
    page = visit(width=width, scheme=scheme, reduced_motion="reduce").go(f"{server}/chapters/{FIRST}.html")
    figure = page.locator("fieldset.seq-frames").first
    slider = figure.get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box["width"] >= 150
    assert box["height"] >= 24
    assert box["x"] + box["width"] <= width
    slider.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
    steps = figure.locator("input[type=radio]").count()
    assert figure.locator("output").inner_text() == f"step {steps} of {steps}"
    assert figure.locator(".seq-frame:visible").count() == 1
    found = Axe().run(page, {"include": [["fieldset.seq-frames"]]}).response["violations"]
    assert [violation["id"] for violation in found] == []


def test_it_plays_to_its_end_and_can_be_stopped(visit, server):
    page = visit().page
    page.clock.install()
    page.goto(f"{server}/chapters/{FIRST}.html")
    figure = page.locator("fieldset.seq-frames").first
    steps = figure.locator("input[type=radio]").count()
    button, said = figure.get_by_role("button"), figure.locator("output")
    button.click()
    assert button.inner_text() == "Pause"
    page.clock.run_for(1300)
    assert said.inner_text() == f"step 2 of {steps}"
    button.click()
    page.clock.run_for(5000)
    assert said.inner_text() == f"step 2 of {steps}"
    button.click()
    page.clock.run_for(1200 * steps)
    assert said.inner_text() == f"step {steps} of {steps}"
    assert button.get_attribute("aria-label").startswith("Play: ")
    button.click()
    assert said.inner_text() == f"step 1 of {steps}"
    figure.get_by_role("slider").press("ArrowRight")  # whoever takes the slider has it
    page.clock.run_for(5000)
    assert said.inner_text() == f"step 2 of {steps}"
