"""The figures that move: a slider by keyboard, mouse and touch, and a strip of choices where scripts are off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

FIRST = "02_rnn"


@pytest.mark.loads("chapter without scripts", last=True)
def test_arrow_keys_choose_a_frame_without_scripts(loaded):
    figure = loaded.page.locator("fieldset.seq-frames").first
    assert figure.locator(".seq-frame:visible").count() == 1
    first = figure.locator(".seq-frame:visible img").get_attribute("alt")
    assert figure.locator("input[type=range]").count() == 0
    figure.locator("input").first.focus()
    loaded.page.keyboard.press("ArrowRight")
    second = figure.locator(".seq-frame:visible img").get_attribute("alt")
    assert figure.locator(".seq-frame:visible").count() == 1
    assert first
    assert second
    assert first != second


# What the slider says, what stands beside it, and the words and pictures of the frames that are seen.
STATE = """figure => {
    const seen = [...figure.querySelectorAll('.seq-frame')].filter(f => f.checkVisibility({visibilityProperty: true}));
    return [figure.querySelector('input[type=range]').getAttribute('aria-valuetext'),
            figure.querySelector('output').innerText,
            seen.map(frame => frame.querySelector('p').innerText), seen.map(frame => frame.querySelector('img').alt)];
}"""


@pytest.mark.loads("chapter", last=True)
def test_every_figure_that_moves_is_one_slider_that_says_its_step(loaded):
    page = loaded.page
    figures = page.locator("fieldset.seq-frames").all()
    assert figures
    for figure in figures:
        radios, slider = figure.locator("input[type=radio]"), figure.get_by_role("slider")
        assert figure.locator("input:visible").count() == 1
        assert slider.get_attribute("aria-label") == figure.locator("legend").inner_text()
        labels = radios.evaluate_all("all => all.map(radio => radio.getAttribute('aria-label'))")
        slider.focus()
        alts = []
        for step, label in enumerate(labels, 1):
            said = f"step {step} of {len(labels)}"
            *words, pictures = figure.evaluate(STATE)
            assert words == [f"{said}: {label}", said, [label]]
            alts += pictures
            page.keyboard.press("ArrowRight")
        assert len(alts) == len(labels), "one picture at a time"
        assert all(alts)
        assert alts[0] != alts[1]
        page.keyboard.press("End")
        assert figure.locator(".seq-frame:visible p").inner_text() == labels[-1]
        page.keyboard.press("Home")
        assert figure.locator(".seq-frame:visible p").inner_text() == labels[0]
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
    page.clock.install(time=0)
    page.goto(f"{server}/chapters/{FIRST}.html")
    page.clock.pause_at(3600)  # from here time passes when the test says so, on a busy machine, too
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
