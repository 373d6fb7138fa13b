"""The first screen says what this is and where to begin; each chapter has a card, and those to come are told apart."""

import importlib
import re

import pytest
import yaml

SENTENCE = re.compile(r"An executable book about [^*\"\n]+\.")


@pytest.fixture(scope="module")
def index(parse):
    """The first page, parsed."""
    return parse("book/index")


@pytest.fixture
def first_screen(site, monkeypatch):
    """The extension, as a module."""
    monkeypatch.syspath_prepend(str(site.parents[1] / "book/_ext"))
    return importlib.import_module("first_screen")


def test_one_sentence_says_everywhere_what_this_is(site, index):
    root, said = site.parents[1], set()
    for name in ("README.md", "book/index.md", "pyproject.toml", "CITATION.cff"):
        (found,) = SENTENCE.findall((root / name).read_text(encoding="utf8"))
        said.add(found)
    assert len(said) == 1, said
    assert said.pop() in index.select_one("article h1").find_next("p").text


def test_every_chapter_has_a_card_in_its_part(site, index, first_screen):
    parts = yaml.safe_load((site.parents[1] / "book/chapters.yml").read_text(encoding="utf8"))
    sections = index.select("section.book-part")
    assert [s.select_one("h2, h3").contents[0] for s in sections] == [f"Part {part['part']}" for part in parts]
    number = 0
    for section, part in zip(sections, parts, strict=True):
        begun = any("file" in chapter for chapter in part["chapters"])
        cards = section.select("li.chapter-card")
        assert len(cards) == len(part["chapters"])
        for card, chapter in zip(cards, part["chapters"], strict=True):
            number += 1
            title = card.select_one(".chapter-title")
            assert title.text == f"{number} · {chapter['title']}"
            assert ("to-come" in card["class"]) == ("file" not in chapter)
            if "file" in chapter:
                assert title.a["href"] == f"../chapters/{chapter['file']}.html"
                assert card.select_one(".question").text.replace("’", "'") == chapter["question"]
                page = (site / f"chapters/{chapter['file']}.html").read_text(encoding="utf8")
                minutes, seconds = re.search(r"About (\d+) minutes to read · (\d+) seconds to run", page).groups()
                practice = len(first_screen.exercises(first_screen.cells(chapter["file"])))
                said = f"{minutes} minutes · {seconds} s to run · {practice} exercises"
                assert card.select_one(".chapter-facts").text == said
            else:
                assert card.a is None
                assert ("to come" in card.text) == begun  # of a part that is not begun, its head says it
        assert ("to come" in section.select_one(".part-facts").text) != begun


def test_exercises_are_those_of_the_module(site, chapter, first_screen):
    from seqlib.exercises.checker import Exercise

    module = importlib.import_module(f"seqlib.exercises.{chapter[3:]}")
    known = {name for name, value in vars(module).items() if isinstance(value, Exercise)}
    found = first_screen.exercises(first_screen.cells(chapter))
    assert set(found) == known
    assert len(found) == len(known)


def test_a_chapter_of_a_part_begun_is_to_come(first_screen):
    card = first_screen.card(9, {"title": "A"}, begun=True)
    assert card.astext().split() == ["9", "·", "A", "to", "come"]
    assert first_screen.card(9, {"title": "A"}, begun=False).astext() == "9 · A"
    record = {"part": "IX · A", "chapters": [{"title": "A"}, {"title": "B"}]}
    made = first_screen.part(9, record, 41)
    assert made.astext().split() == ["Part", "IX", "·", "A", "to", "come", "41", "·", "A", "42", "·", "B"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_sentence_start_and_picture_are_seen_without_scrolling(visit, server, width, height):
    page = visit(width=width).page
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{server}/book/index.html")
    for part in ("article h1 + p", "article .start a", "article img.seq-figure"):
        box = page.locator(part).bounding_box()
        assert box["y"] > 0, part
        assert box["y"] + box["height"] <= height, f"{part} ends below the screen"
    rows = page.eval_on_selector_all(".chapter-cards", "all => all.map(a => getComputedStyle(a).gridTemplateColumns)")
    assert {len(columns.split()) for columns in rows} == {1 if width == 390 else 2}
    page.locator("article .start a").click()
    assert page.url.endswith("/chapters/01_sequences.html")


def test_a_card_leads_to_its_chapter_wherever_it_is_clicked(visit, server):
    page = visit().go(f"{server}/book/index.html")
    page.locator(".chapter-card", has_text="12 · Attention").click(position={"x": 20, "y": 60})
    page.wait_for_url("**/chapters/12_attention.html")
