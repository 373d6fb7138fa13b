"""Live models in a real browser: still until somebody touches them, then at work, from a server and from a file."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
# where each is, what a reader types or moves, and what it then says
USED = {
    "dates": ("12_attention", {"english": "31 February 2023"}, "Somali: Febraayo 31, 2023."),
    "blanks": ("01_sequences", {"sentence": "i like tea my favourite is ___"}, "In the blank: mint, with 72 %."),
    "pizza": ("07_bidirectional", {"sentence": "after work i'm ___ hungry"}, "In the blank: slightly, with 48 %."),
    "latch": ("05_lstm", {"symbols": "AxwBywyCzzD"}, "Step 11, D is read: it answers D with"),
    "characters": ("10_language_models", {"topP": "0.05"}, "Next comes one of 1 character, most likely “c”."),
}


SCRIPTS = re.compile(r"_static/(nets|widgets/|live/).*")


@pytest.fixture(params=USED)
def name(request):
    """The name of each widget."""
    return request.param


def test_there_are_no_others():
    assert set(USED) == {p.stem for p in (ROOT / "book/_static/widgets").glob("*.js")} - {"pictures"}


def set_to(box, values):
    """Type into the fields of a widget, and move its sliders."""
    for field, value in values.items():
        box.locator(f"[name={field}]").fill(value)


@pytest.mark.parametrize(("way", "width", "scheme"), [("server", 1280, "dark"), ("file", 320, "light")])
def test_it_wakes_and_answers(visit, server, site, name, way, width, scheme):
    chapter, values, said = USED[name]
    base = server if way == "server" else site.as_uri()
    opened = visit(width, scheme, reduced_motion="reduce")
    page = opened.page
    page.goto(f"{base}/chapters/{chapter}.html")
    box = page.locator(f".live[data-widget={name}]")
    asked = [url for url in opened.requests if SCRIPTS.search(url)]
    assert asked == [], "loaded before anybody uses it"
    still = box.inner_html()
    first = box.locator("input:visible").first
    first.focus()
    expect(box).to_have_attribute("data-awake", "")
    assert box.inner_html() == still  # to touch it changes nothing
    set_to(box, {field: first.input_value() for field in [first.get_attribute("name")]})
    expect(box.locator(".live-said")).to_have_text(still.split('role="status">')[1].split("<")[0].replace("&amp;", "&"))
    before = box.locator(".live-picture").inner_html()
    assert before in still  # what the page draws is what the extension drew
    set_to(box, values)
    expect(box.locator(".live-said")).to_contain_text(said)
    assert box.locator(".live-picture").inner_html() != before
    asked = [SCRIPTS.search(url)[0] for url in opened.requests if SCRIPTS.search(url)]
    model = [f"_static/live/{box.get_attribute('data-model')}.js"] if box.get_attribute("data-model") else []
    scripts = ["_static/nets.js", "_static/widgets/pictures.js", *model, f"_static/widgets/{name}.js"]
    assert asked == scripts, "each is loaded once"
    assert opened.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page, {"include": [[f".live[data-widget={name}]"]]}).response["violations"] == []


def test_without_scripts_it_is_a_still(visit, server, name):
    page = visit(390, java_script_enabled=False).page
    page.goto(f"{server}/chapters/{USED[name][0]}.html")
    box = page.locator(f".live[data-widget={name}]")
    expect(box.locator(".live-picture")).to_be_visible()
    expect(box.locator(".live-said")).not_to_be_empty()
    assert box.locator("input:visible").count() == 0


def test_a_model_that_cannot_be_loaded_says_so(visit, server):
    opened = visit()
    opened.page.route("**/live/12_dates.js", lambda route: route.abort())
    page = opened.go(f"{server}/chapters/12_attention.html")
    box = page.locator(".live[data-widget=dates]")
    set_to(box, {"english": "8/16/23"})
    expect(box.locator(".live-said")).to_have_text("This model cannot run here: live/12_dates.js cannot be loaded.")


def test_words_are_hidden_by_keyboard_and_the_focus_stays(visit, server):
    page = visit().go(f"{server}/chapters/12_attention.html")
    box = page.locator(".live[data-widget=dates]")
    box.get_by_role("button", name="hide August").focus()
    page.keyboard.press("Enter")
    expect(box.locator(".live-said")).to_have_text("Somali: Arbaco, Luulyo 16, 2023.")
    assert page.evaluate("document.activeElement.dataset.key") == "word-4"
    expect(box.get_by_role("button", name="hide August")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(box.locator(".live-said")).to_have_text("Somali: Arbaco, Agosto 16, 2023.")
    box.get_by_role("button", name="hide August").click()
    set_to(box, {"english": "16 August 2023"})  # another sentence has no hidden words
    expect(box.locator(".live-said")).to_have_text("Somali: Agosto 16, 2023.")


def test_a_sequence_is_read_symbol_by_symbol_and_looked_at_by_keyboard(visit, server):
    page = visit().go(f"{server}/chapters/05_lstm.html")
    box = page.locator(".live[data-widget=latch]")
    said, slider = box.locator(".live-said"), box.get_by_label("Look at step")
    box.get_by_role("button", name="read B").click()
    expect(said).to_contain_text("Step 10, B is read: it answers B with")  # at the end it stays at the end
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("Step 9, z is read: it answers C with")
    box.get_by_role("button", name="read x").click()
    expect(said).to_contain_text("Step 9, z is read")  # elsewhere it stays where it is
    box.get_by_role("button", name="Begin anew").click()
    expect(said).to_have_text("Nothing is read yet.")
    box.get_by_role("button", name="read A").click()
    expect(said).to_contain_text("Step 1, A is read: it answers A with")


def test_a_seed_writes_its_text_again(visit, server):
    page = visit().go(f"{server}/chapters/10_language_models.html")
    box = page.locator(".live[data-widget=characters]")
    text, seed = box.locator(".live-written"), box.get_by_label("Seed", exact=True)
    first = text.inner_text()
    box.get_by_role("button", name="Next seed").click()
    expect(text).not_to_have_text(first)
    expect(seed).to_have_value("2")
    seed.fill("1")
    expect(text).to_have_text(first)


def test_weights_are_scripts(site):
    for path in (ROOT / "book/_static/live").glob("*.json"):
        script = (site / "_static/live" / f"{path.stem}.js").read_text(encoding="utf8")
        begun = f'live.models["{path.stem}"] = '
        assert script.startswith(begun)
        assert json.loads(script.removeprefix(begun).removesuffix(";\n")) == json.loads(path.read_text(encoding="utf8"))
    assert list((site / "_static/live").glob("*.json")) == []
