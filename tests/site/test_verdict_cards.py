"""Each verdict that a notebook printed is a card on its page, with every arm, value and seed; the rest stays text."""

import json
import re
import sys

import pytest
import yaml


def printed(site, name):
    """Everything that a chapter printed."""
    cells = json.loads((site.parents[1] / f"chapters/{name}.ipynb").read_text(encoding="utf8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join("".join(output["text"]) for output in outputs if output.get("name") == "stdout")


def claims(site, name):
    """How many claims a chapter measures: those of its record."""
    parts = yaml.safe_load((site.parents[1] / "book/chapters.yml").read_text(encoding="utf8"))
    return next(len(found["claims"]) for part in parts for found in part["chapters"] if found.get("file") == name)


def squeezed(text):
    """A text without signs, dots and spaces, so that only the words of a card are compared."""
    return re.sub(r"[\s●○;,.:⚖+−]", "", text)


def test_a_card_says_what_was_printed(site, parse, chapter):
    soup = parse(f"chapters/{chapter}")
    verdicts = re.findall(r"^⚖ .+\n(?:  .+\n?)+", printed(site, chapter), flags=re.M)
    cards = soup.select(".verdict-card")
    assert len(cards) == len(verdicts) == claims(site, chapter)
    for card, verdict in zip(cards, verdicts, strict=True):
        for line in verdict.splitlines()[1:]:
            assert squeezed(line) in squeezed(card.text), line
        heading = re.match(r"⚖ (\S+): (.+)", verdict)
        assert squeezed(card.select_one(".verdict").text) == squeezed(heading[0])
        assert f"verdict-{heading[2].replace(' ', '-')}" in card["class"]
    for block in soup.select(".cell_output pre"):
        assert "⚖" not in block.text, "the text of a verdict stands there too"


def test_the_ledger_has_the_cards_of_all_chapters(site, parse):
    names = [f"chapters/{path.stem}" for path in sorted((site / "chapters").glob("[0-9]*.html"))]
    found = [parse(name) for name in [*names, "book/claims"]]
    *cards, ledger = [[card.text.replace("’", "'") for card in soup.select(".verdict-card")] for soup in found]
    assert ledger
    assert sorted(ledger) == sorted(card for chapter in cards for card in chapter)
    for card in found[-1].select(".verdict-card"):
        said = card.find_previous_sibling("p")
        assert re.match(r"Chapter \d+: “.+\.”$", said.text)
        assert said.a["href"].startswith("../chapters/")


def test_a_dot_for_each_seed(site, parse, chapter):
    soup = parse(f"chapters/{chapter}")
    lines = [line for line in soup.select(".verdict-card li p") if "seeds" in line.text]
    assert bool(lines) == bool(claims(site, chapter))
    for line in lines:
        counts = re.findall(r"in (\d+) of (\d+) seeds", line.text)
        dots = [span.text for span in line.select("span.dots[aria-hidden=true]")]
        assert [(str(d.count("●")), str(len(d))) for d in dots] == counts, line.text


def test_other_lines_of_the_cell_stay_and_a_strange_measure_is_told(site, monkeypatch):
    monkeypatch.syspath_prepend(str(site.parents[1] / "book/_ext"))
    import verdict_cards
    from docutils import nodes

    block = nodes.literal_block("", "", classes=["output", "stream"], ids=["here"])
    text = "before\n⚖ a-b: undecided\n  undecided: arm. loss: 2 [1, 3] nats, "
    text += "above 1 in 3 of 5 seeds and below 0 in 0 of 5 seeds\n"
    made = verdict_cards.parts(text + "after\n", block)
    assert [type(node).__name__ for node in made] == ["literal_block", "container", "literal_block"]
    assert [made[0].astext(), made[2].astext()] == ["before", "after"]
    assert made[0]["ids"] == ["here"]
    assert "●●●○○" in str(made[1])
    assert "○○○○○" in str(made[1])
    assert "2 [1, 3] nats" in made[1].astext()
    with pytest.raises(ValueError, match="cannot read"):
        verdict_cards.measure("loss about right")
    sys.modules.pop("verdict_cards")
    sys.modules.pop("record", None)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_card_fits_and_has_room_inside(visit, server, width, scheme):
    opened = visit(width=width, scheme=scheme).go(f"{server}/chapters/04_gradients.html")
    for card in opened.locator(".verdict-card").all():
        left, right, room, overflow = card.evaluate(
            """card => {
                const box = card.getBoundingClientRect(), words = card.querySelector('p').getBoundingClientRect();
                return [box.left, box.right, words.left - box.left, card.scrollWidth - card.clientWidth];
            }"""
        )
        assert 0 <= left < right <= width
        assert room >= 12
        assert overflow <= 0
