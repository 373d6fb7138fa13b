"""What the live models of the page say and draw: characters, and the blanks of chapters 1 and 7."""

import runpy

import numpy as np
import pytest
from widget import ROOT, Read

from seqlib.decoding import distribution


def test_the_next_character_and_what_is_drawn_of_it(widget):
    characters, script = widget("characters"), runpy.run_path(str(ROOT / "tools/live_10.py"))
    weights = {name: np.array(w) for name, w in characters.model["weights"].items()}
    beginning = "for each of"
    drawn = characters.draw(beginning=beginning, temperature=0.8, topP=0.95)
    log_p = script["run"](weights, script["VOCABULARY"].encode(list(beginning)))[1][-1]
    q = distribution(log_p, 0.8, top_p=0.95)
    order = np.argsort(-log_p, kind="stable")[:10]
    rows = Read(drawn["picture"]).rows
    assert rows[0] == ["", "model", "drawn"]
    signs = [{" ": "␣", "\n": "¶"}.get(s, s) for s in script["VOCABULARY"].decode(order)]
    assert [row[0] for row in rows[1:]] == signs
    shown = np.array([[float(v) for v in row[1:]] for row in rows[1:]])
    np.testing.assert_allclose(shown, 100 * np.stack([np.exp(log_p[order]), q[order]], 1), atol=0.5 + 1e-6)
    assert drawn["said"] == f"Next comes one of {(q > 0).sum()} characters, most likely “{signs[0]}”."


def test_each_character_is_drawn_after_all_before_it(widget):
    """What is written at temperature 0 is the most probable after the whole text, and nothing of it is left out."""
    characters, script = widget("characters"), runpy.run_path(str(ROOT / "tools/live_10.py"))
    weights = {name: np.array(w) for name, w in characters.model["weights"].items()}
    ids = [int(i) for i in script["VOCABULARY"].encode(list("The "))]
    written = characters("(ids, ...how) => w.write(model.weights, ids, ...how)", ids, 0, 1, 5, 40)["written"]
    _, log_p = script["run"](weights, ids + written)
    assert written == log_p[len(ids) - 1 : -1].argmax(1).tolist()


def test_draws_follow_the_distribution(widget):
    """The first character of 400 seeds: of those that top-p 0.5 leaves, each as often as it should be."""
    characters = widget("characters")
    ids = [characters.model["vocabulary"].index(s) for s in "The "]
    found = characters(
        "(ids, n) => [...Array(n).keys()].map(seed => w.write(model.weights, ids, 1, 0.5, seed, 1))", ids, 400
    )
    q = distribution(np.array(found[0]["first"]), top_p=0.5)
    counts = np.bincount([one["written"][0] for one in found], minlength=len(q))
    assert counts.sum() == 400
    assert not counts[q == 0].any()
    assert np.abs(counts / 400 - q).max() < 0.1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"beginning": ""}, "Nothing is typed, so it begins after the end of a line."),
        ({"beginning": "é é"}, "It has never seen “é”, and reads UNK instead."),
        ({"temperature": 0}, "Next comes one of 1 character, most likely “c”."),
    ],
)
def test_what_is_said_of_a_beginning(widget, changed, said):
    assert said in widget("characters").draw(**changed)["said"]


def test_at_temperature_0_it_goes_round_in_a_circle(widget):
    """As chapter 10 says."""
    text = widget("characters").draw(temperature=0)["picture"]
    assert text.count("conter the ") >= 9


BETWEEN = "so very truly really still always "


def shown_last(drawn):
    """The numbers of the last row of the first table."""
    last = Read(drawn["picture"]).rows[-1]
    return [float(v) for v in last[1:]]


@pytest.mark.parametrize(
    "sentence", ["i like ice-cream so very my favourite is", "i like jam :", "i like tea so my favourite is"]
)
def test_the_blank_after_each_word(widget, sentence):
    blanks, script = widget("blanks"), runpy.run_path(str(ROOT / "tools/live_01.py"))
    words = sentence.split()
    ids = script["TASK"].vocabulary.encode(words)
    h, log_p = script["run"](blanks.model["weights"], ids[None])
    drawn = blanks.draw(sentence=f"{sentence} ___ and what is behind it")
    rows = Read(drawn["picture"]).rows
    assert rows[0] == ["", *script["TASK"].answers]
    assert [row[0] for row in rows[1:]] == words
    answers = script["TASK"].vocabulary.encode(script["TASK"].answers)
    shown = [[float(v) for v in row[1:]] for row in rows[1:]]
    np.testing.assert_allclose(shown, 100 * np.exp(log_p[0][:, answers]), atol=0.5 + 1e-6)
    best = int(log_p[0, -1].argmax())
    said = f"In the blank: {script['TASK'].vocabulary.tokens[best]}, with {100 * np.exp(log_p[0, -1, best]):.0f} %."
    assert drawn["said"] == said
    np.testing.assert_allclose(Read(drawn["picture"]).strips, h[0].ravel(), atol=0.51e-2)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("I like TEA so very my favourite is", "In the blank: mint, with 72 %."),
        (
            "i like tea so very i like cake so very my favourite is",
            "In the blank: mint, with 72 %.",
        ),  # as chapter 1 says
        (f"i like tea {BETWEEN * 10}my favourite is ___", "In the blank: mint, with 72 %."),
        ("i like pizza my favourite is", "It knows no “pizza”, and reads UNK instead, which it never met in training."),
        ("", "Nothing is read yet."),
        ("___", "Nothing is read yet."),
    ],
)
def test_what_is_said_of_a_blank(widget, sentence, said):
    assert said in widget("blanks").draw(sentence=sentence)["said"]


def test_the_pizza_blank_is_near_the_truth_and_both_readers_are_shown(widget):
    pizza, script = widget("pizza"), runpy.run_path(str(ROOT / "tools/live_07.py"))
    for cue in ("breakfast", "work", "football"):
        for meal in ("1 small pizza", "2 large pizzas", "3 large pizzas"):
            words = f"after {cue} i'm ___ hungry , and i can eat {meal}".split()
            ids = script["TASK"].vocabulary.encode(words)
            out, log_p = script["run"](pizza.model["weights"], ids[None], np.array([len(ids)]))
            drawn = pizza.draw(sentence=" ".join(words).capitalize())
            answers = script["TASK"].vocabulary.encode(script["TASK"].answers)
            p = np.exp(log_p[0, 3])
            np.testing.assert_allclose(shown_last(drawn), 100 * p[answers], atol=0.5 + 1e-6)
            truth = list(script["TASK"].answer_distribution(cue, meal.split()).values())
            np.testing.assert_allclose(p[answers], truth, atol=0.06)
            both = np.concatenate([out[0, :, :8].ravel(), out[0, :, 8:].ravel()])
            np.testing.assert_allclose(Read(drawn["picture"]).strips, both, atol=0.51e-2)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("after work i'm ___ hungry", "In the blank: slightly, with"),  # as chapter 7 says
        ("after work i'm _ hungry, and i can eat 3 large pizzas", "In the blank: very, with 99 %."),
        ("after lunch i'm ___ hungry", "It knows no “lunch”, and reads UNK instead"),
        ("after work i'm hungry", "Where is the blank? Type ___ for it."),
        ("", "Where is the blank? Type ___ for it."),
    ],
)
def test_what_is_said_of_a_pizza(widget, sentence, said):
    assert said in widget("pizza").draw(sentence=sentence)["said"]
