"""What the live models of the page say and draw, run without a page; tests/site/test_live.py looks at them in one."""

import functools
import json
import runpy
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import py_mini_racer
import pytest

from seqlib.tasks import Translation

ROOT = Path(__file__).resolve().parents[2]
LIVE = runpy.run_path(str(ROOT / "book/_ext/live.py"))
WIDGETS = sorted(path.stem for path in (ROOT / "book/_static/widgets").glob("*.js") if path.stem != "pictures")


class Widget:
    """A widget with its model, in an engine of its own."""

    def __init__(self, name):
        self.name = name
        self.engine = py_mini_racer.MiniRacer()
        self.engine.eval("globalThis.live = { models: {}, widgets: {} };")
        for path in LIVE["sources"](name):
            text = path.read_text(encoding="utf8")
            self.engine.eval(text if path.suffix == ".js" else f"globalThis.model = {text}")
        self.model = json.loads(path.read_text(encoding="utf8")) if path.suffix == ".json" else None

    def __call__(self, function, *values):
        """What a function of the widget, or any other, returns."""
        called = f"((w, model) => {function})(live.widgets.{self.name}, globalThis.model)(...{json.dumps(values)})"
        return json.loads(self.engine.eval(f"JSON.stringify({called})"))

    def draw(self, **changed):
        """What is said and drawn with the first settings, but for those that are changed."""
        return self("s => w.draw(model, { ...live.first(w.controls), ...s })", {k: str(v) for k, v in changed.items()})


@pytest.fixture(scope="module")
def widget():
    """A function that gives the widget of a name, loaded once."""
    return functools.cache(Widget)


class Read(HTMLParser):
    """The rows of the tables in some HTML, each a list of texts, and all shades; tags have to match."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.shades, self.open = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        """Begin a row or a cell, and keep its shade."""
        if tag not in ("input", "br"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        style = dict(attributes).get("style", "")
        if style.startswith("--share: "):
            self.shades.append(float(style.removeprefix("--share: ")))

    def handle_endtag(self, tag):
        """Close it."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Add to the cell."""
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += data


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
