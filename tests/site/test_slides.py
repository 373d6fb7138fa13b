"""The slides of a chapter: all its equations, figures, claims and exercises, each on a slide that it fits."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("slides")  # made once, in one worker
# Whose content is larger than its place; asked while all slides are shown.
TOO_LARGE = """() => [...document.querySelectorAll('.slide')].filter(slide =>
    [slide, slide.querySelector('.content')].some(box =>
        box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)).map(slide => slide.id)"""


@pytest.fixture(scope="module")
def decks(site, tmp_path_factory):
    """name -> (the file with its slides, the page of the site) of three chapters."""
    folder = str(ROOT / "tools/take_away")
    sys.path.insert(0, folder)
    import slides

    names, made = ("01_sequences", "05_lstm", "12_attention"), tmp_path_factory.mktemp("slides")
    for one in slides.pages(site, lambda path: path.endswith(names)):
        (made / f"{one.name}.html").write_text(slides.written(one, slides.facts(), site), encoding="utf8")
    yield {
        name: (made / f"{name}.html", html.parse(str(site / f"chapters/{name}.html"), html.HTMLParser(encoding="utf8")))
        for name in names
    }
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def parsed(decks):
    """name -> (the slides, the page of the site), as elements."""
    return {
        name: (html.fromstring(path.read_text(encoding="utf8").encode()), page.getroot())
        for name, (path, page) in decks.items()
    }


def count(deck, kind):
    return len(deck.xpath(f'//section[@class="slide {kind}"]'))


def test_nothing_of_the_chapter_is_missing(parsed):
    for deck, page in parsed.values():
        numbers = [e.text_content().rstrip("# ") for e in page.xpath('//article//span[@class="eqno"]')]
        assert [e.text_content() for e in deck.xpath('//section//span[@class="eqno"]')] == numbers
        assert count(deck, "equation") == len(numbers)
        assert count(deck, "figure") == len(page.xpath("//article//figure"))
        solutions = '//article//details[contains(@class, "sd-dropdown")][summary[normalize-space()="Solution"]]'
        assert count(deck, "exercise") == len(page.xpath(solutions))
        arms = '//li[starts-with(@class, "arm-")]'
        assert len(deck.xpath("//section" + arms)) == len(page.xpath("//article" + arms)) > 3
        assert count(deck, "title") == count(deck, "aims") == 1
        ids = Counter(deck.xpath("//@id"))
        assert not [name for name, times in ids.items() if times > 1]


def test_every_paragraph_is_said_or_shown(parsed):
    for deck, page in parsed.values():
        breaks = "\u200b"  # where a formula may break
        told = {" ".join(p.text_content().replace(breaks, "").split()) for p in deck.xpath("//main//p")}
        body = '//article/section/section[not(@id="practice")]/p | //article/section/section/section/p'
        written = [" ".join(p.text_content().split()) for p in page.xpath(body)]
        assert len(written) > 20
        assert [words[:60] for words in written if words not in told] == []


def test_a_file_is_complete_in_itself(decks):
    for path, _ in decks.values():
        text = path.read_text(encoding="utf8")
        assert len(text) < 2e6
        assert (
            re.findall(r'(?:src|srcset)="(?!data:)[^"]*"|<link[^>]*>|@import[^;]*|url\((?!"data:)[^)]*\)', text) == []
        )


def test_slides_fit_and_turn_by_keys(decks, browser):
    for path, _ in decks.values():
        page = browser.new_page(viewport={"width": 1024, "height": 600})
        troubles = []
        page.on("pageerror", lambda error, troubles=troubles: troubles.append(error))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        page.evaluate("document.documentElement.classList.remove('turn')")
        assert page.evaluate(TOO_LARGE) == []
        page.evaluate("document.documentElement.classList.add('turn')")
        now = "[...document.querySelectorAll('.slide')].filter(s => s.checkVisibility()).map(s => s.id)"
        for key, shown in (("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("Home", 1), ("ArrowLeft", 1)):
            page.keyboard.press(key)
            assert page.evaluate(now) == [f"slide-{shown}"], key
        last = page.locator(".slide").count()
        page.keyboard.press("End")
        assert page.evaluate(now) == [f"slide-{last}"]
        assert page.evaluate("location.hash") == f"#slide-{last}"
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        notes = "[...document.querySelectorAll('.notes')].filter(s => s.checkVisibility()).length"
        while not page.evaluate("document.querySelector('.now').nextElementSibling.matches('.notes')"):
            page.keyboard.press("ArrowRight")
        assert page.evaluate(notes) == 0
        page.keyboard.press("n")
        assert page.evaluate(notes) == 1
        page.emulate_media(media="print")
        assert len(page.evaluate(now)) == last
        assert page.evaluate(notes) == 0
        assert troubles == []
        page.close()


def test_without_a_script_all_slides_are_there(decks, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(decks["05_lstm"][0].as_uri())
    assert page.locator(".slide:visible").count() == page.locator(".slide").count() > 40
    context.close()
