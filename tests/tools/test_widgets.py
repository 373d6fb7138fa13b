"""What the live models of the page say and draw: dates and the latch. tests/site/test_live.py has them in a page."""

import runpy

import numpy as np
import pytest
from widget import LIVE, ROOT, Read

from seqlib.tasks import Latch, Translation

WIDGETS = sorted(path.stem for path in (ROOT / "book/_static/widgets").glob("*.js") if path.stem != "pictures")


@pytest.mark.parametrize("name", WIDGETS)
def test_a_still_is_whole_and_every_control_has_a_label(name):
    html = LIVE["still"](name)
    found = Read(html)
    assert found.open == []
    assert html.count("<label for=") == html.count("<input") - html.count('type="hidden"')
    assert len(html) < 60_000


@pytest.mark.parametrize("name", WIDGETS)
def test_a_chapter_has_it_in_words_too(name):
    """In JupyterLab and on paper the box is its words."""
    places = [p for p in (ROOT / "chapters").glob("[0-9]*.ipynb") if f"live-model live-{name}" in p.read_text()]
    assert len(places) == 1
    if LIVE["model_of"](name):
        assert places[0].name[:2] == LIVE["model_of"](name).name[:2]


def test_dates_are_read_and_written_as_in_the_task(widget):
    dates = widget("dates")
    some = Translation("dates", "all").sentences[::97]
    assert len(some) > 300
    read = dates("all => all.map(w.read)", [one.english for one in some])
    assert [tuple(tokens) for tokens in read] == [one.source for one in some]
    assert dates("all => all.map(w.written)", [one.target for one in some]) == [one.somali for one in some]


def test_dates_are_translated_as_by_the_reference(widget):
    dates, script = widget("dates"), runpy.run_path(str(ROOT / "tools/live_12.py"))
    weights = {name: np.array(w) for name, w in dates.model["weights"].items()}
    task = Translation("dates", "test")
    for k in np.random.default_rng(12).integers(len(task.sentences), size=25):
        one = task.sentences[k]
        source = [*map(int, task.source.encode(one.source)), 2]
        ids = script["greedy"](weights, np.array(source))
        found = dates("s => w.translate(model.weights, s)", source)
        assert found["ids"] == ids
        drawn = dates.draw(english=one.english)
        words = [dates.model["vocabulary"]["target"][i] for i in ids[:-1]]
        assert drawn["said"] == f"Somali: {dates('w.written', words)}."
        rows = Read(drawn["picture"]).rows
        assert rows[0] == ["", *one.source, "EOS"]
        assert [row[0] for row in rows[1:]] == [*words, "EOS"]
        shown = np.array([[float(v) for v in row[1:]] for row in rows[1:]])
        _, cache = script["run"](weights, np.array([source]), None, np.array([[1, *ids[:-1]]]))
        np.testing.assert_allclose(shown, 100 * cache.weights[0], atol=0.5 + 1e-6)
        np.testing.assert_allclose(Read(drawn["picture"]).shades, cache.weights[0].ravel(), atol=0.51e-3)


@pytest.mark.parametrize(
    ("english", "hidden", "said"),
    [
        ("31 February 2023", "", "Somali: Febraayo 31, 2023."),  # as the chapter says
        ("Wednesday, 16 August 2023", "4", "Somali: Arbaco, Luulyo 16, 2023."),
        ("16 Brumaire 2023", "", "It knows no “Brumaire”, and reads UNK"),
        ("<pad> 2023", "", "It knows no “<”, “pad”, “>”, and reads UNK"),
        ("Mai mai", "", "It knows no “Mai”, “mai”, and"),
        ("", "", "has read nothing but EOS"),
        ("", "", "has not ended after 12 tokens"),
        ("8/16/23", "0,1,2,3,4,5,6,7", "It may look nowhere: all weights are 0."),
    ],
)
def test_what_is_said_of_other_dates(widget, english, hidden, said):
    assert said in widget("dates").draw(english=english, hidden=hidden)["said"]


def test_a_hidden_word_has_no_weight_and_can_be_shown_again(widget):
    picture = widget("dates").draw(hidden="0,4")["picture"]
    for row in Read(picture).rows[1:]:
        assert row[1] == row[5] == "0"
    assert picture.count('aria-pressed="true"') == 2
    assert "{&#34;hidden&#34;:&#34;4&#34;}" in picture  # what the first button sets
    assert "{&#34;hidden&#34;:&#34;0,4,1&#34;}" in picture


def test_text_is_no_markup(widget):
    assert "<img" not in widget("dates").draw(english="<img src=x>")["picture"]


def gates_of(latch, symbols):
    """What the script that made the latch gets, from the formulas, for the symbols."""
    run = runpy.run_path(str(ROOT / "tools/live_05.py"))["run"]
    return run(latch.model["weights"], [latch.model["alphabet"].index(s) for s in symbols])


@pytest.mark.parametrize("step", [1, 7, 20])
def test_the_latch_shows_its_answers_and_gates(widget, step):
    latch, symbols = widget("latch"), "xAyyBzCwDDxxyzwAxBzz"
    drawn = latch.draw(symbols=symbols, step=step)
    wanted = gates_of(latch, symbols)
    rows = Read(drawn["picture"]).rows
    assert rows[0] == ["", *symbols]
    assert [row[0] for row in rows[1:5]] == list("ABCD")
    answers = np.array([[float(v) for v in row[1:]] for row in rows[1:5]])
    np.testing.assert_allclose(answers, 100 * wanted["probabilities"].T, atol=0.5 + 1e-6)
    assert rows[5] == ["", *"ifgoch"]
    units = np.array([[float(v.replace("−", "-")) for v in row[1:]] for row in rows[6:]])
    np.testing.assert_allclose(units.T, [wanted[name][step - 1] for name in "ifgoch"], atol=0.5e-2 + 1e-6)
    assert drawn["limits"] == {"step": 20}
    best = int(wanted["probabilities"][step - 1].argmax())
    percent = round(100 * wanted["probabilities"][step - 1].max())
    assert f"Step {step}, {symbols[step - 1]} is read: it answers {'ABCD'[best]} with {percent} %: " in drawn["said"]


@pytest.mark.parametrize(
    ("symbols", "step", "said"),
    [
        ("xyz", 3, ": no symbol has come, so that it can only guess."),
        ("AxB", 2, "it answers A with 100 %: right."),
        ("AxB", 99, "Step 3, B is read"),
        ("A q\tq!", 9, "Step 1, A is read: it answers A with 100 %: right. It has no “q”, “!”: left out."),
        ("", 1, "Nothing is read yet."),
        ("q", 1, "Nothing is read yet. It has no “q”: left out."),
    ],
)
def test_what_is_said_of_a_latch(widget, symbols, step, said):
    assert said in widget("latch").draw(symbols=symbols, step=step)["said"]


def test_a_wrong_answer_of_the_latch_is_called_wrong(widget):
    """With the columns of the read-out moved on by one it says B for A."""
    latch = widget("latch")
    wrong = {**latch.model["weights"], "W_ho": np.roll(latch.model["weights"]["W_ho"], 1, 0).tolist()}
    wrong["b_o"] = np.roll(wrong["b_o"], 1).tolist()
    drawn = latch("(m, s) => w.draw(m, s)", {**latch.model, "weights": wrong}, {"symbols": "CxxA", "step": "4"})
    assert "it answers B with 100 %: wrong, it was A." in drawn["said"]


def test_in_seven_units_the_forget_gate_closes_at_symbols(widget):
    """As chapter 5 says."""
    ids = Latch(20, distractors=4, writes=3).sample(300, np.random.default_rng(5)).inputs[0]
    run = runpy.run_path(str(ROOT / "tools/live_05.py"))["run"]
    f = np.array([run(widget("latch").model["weights"], one)["f"] for one in ids])[:, 1:]
    symbol = (ids < 4)[:, 1:]
    falls = f[~symbol].mean(0) - f[symbol].mean(0)
    assert (falls > 0.3).sum() == 7
