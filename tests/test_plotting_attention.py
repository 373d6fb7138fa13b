"""The picture of a decoder at work draws the weights that it is given, and says the same in words."""

import io

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from seqlib.plotting import COLOURS, attention, box, canvas

SOURCE, TARGET = ["a", "red", "car", "a"], ["baabuur", "cas", "EOS"]
WEIGHTS = np.array([[0.04, 0.1, 0.86, 0.0], [0.004, 0.976, 0.0, 0.02], [0.3, 0.2, 0.1, 0.4]])
SURE, POSSIBLE = {(2, 0), (1, 1)}, {(2, 0), (3, 0), (0, 0)}


@pytest.fixture(autouse=True)
def closed():
    """Matplotlib keeps what is not closed."""
    yield
    pyplot.close("all")


@pytest.fixture
def drawing(monkeypatch):
    """A function that draws, and gives the axes: the figure stays open."""

    def draw(source=SOURCE, target=TARGET, weights=WEIGHTS, **how):
        with monkeypatch.context() as patched:
            patched.setattr(pyplot, "close", lambda figure: None)
            attention(source, target, weights, **how)
        figure = pyplot.gcf()
        figure.draw_without_rendering()
        return figure.axes[0]

    return draw


def middle(patch):
    return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2


def boxes(axes):
    """The boxes of the source and those of the target, each with the word in it, from above."""
    found = []
    for patch in axes.patches:
        if isinstance(patch, FancyBboxPatch):
            (word,) = [t.get_text() for t in axes.texts if np.allclose(t.get_position(), middle(patch))]
            found.append((word, patch))
    found.sort(key=lambda pair: middle(pair[1])[1])
    half = np.mean(axes.get_xlim())
    return [pair for pair in found if middle(pair[1])[0] < half], [pair for pair in found if middle(pair[1])[0] > half]


def ends(patch, side):
    """Where a line meets a box: the middle of its right (1) or left (0) side."""
    return patch.get_x() + side * patch.get_width(), patch.get_y() + patch.get_height() / 2


@pytest.mark.parametrize("step", [1, 2, 3])
def test_lines_lead_from_each_word_to_each_and_are_as_thick_as_the_weights(drawing, step):
    axes = drawing(step=step)
    read, written = boxes(axes)
    expected = {}
    for t in range(step):
        for s in range(4):
            if WEIGHTS[t, s] >= 0.005:
                now = t == step - 1
                colour, thick = (COLOURS["model"], 9) if now else ("#c4c4c4", 4.5)
                expected[ends(read[s][1], 1), ends(written[t][1], 0)] = (colour, thick * WEIGHTS[t, s], now)
    found = {}
    for line in axes.lines:
        (x0, x1), (y0, y1) = line.get_data()
        key = (x0, y0), (x1, y1)
        found[key] = (to_hex(line.get_color()), line.get_linewidth(), line.get_zorder() == 2)
    assert len(found) == len(axes.lines) == len(expected)
    for (start, end), (colour, thick, above) in expected.items():
        (got,) = [v for key, v in found.items() if np.allclose(key, (start, end))]
        assert got[0] == colour
        assert got[1] == pytest.approx(thick)
        assert got[2] == above, "grey lines lie below"


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_source_is_read_and_the_target_written_up_to_this_word_from_above(drawing, step):
    axes = drawing(step=step)
    read, written = boxes(axes)
    assert [word for word, _ in read] == SOURCE
    assert [word for word, _ in written] == TARGET[:step]
    assert axes.yaxis_inverted()
    assert read[0][1].get_x() < written[0][1].get_x()
    numbers = [text for text in axes.texts if text.get_text().startswith("0.")]
    rows = [middle(patch)[1] for _, patch in read]
    said = {int(np.abs(np.array(rows) - t.get_position()[1]).argmin()): t.get_text() for t in numbers}
    assert all(t.get_window_extent().x1 < read[0][1].get_window_extent().x0 for t in numbers)
    assert said == {s: f"{w:.2f}" for s, w in enumerate(WEIGHTS[step - 1]) if w >= 0.005}
    assert {text.get_text() for text in axes.texts} >= {"weight", "read", "written"}


def test_columns_stand_in_the_middle_of_each_other(drawing):
    for source, target in ((SOURCE, TARGET), (TARGET, SOURCE)):
        middles = []
        for column in boxes(drawing(source, target, np.full((len(target), len(source)), 0.2))):
            places = [patch.get_y() for _, patch in column]
            np.testing.assert_allclose(np.diff(places), 1)
            middles.append((places[0] + places[-1]) / 2)
        assert middles[0] == pytest.approx(middles[1])


@pytest.mark.parametrize(
    ("step", "solid", "dashed"),
    [(1, {2}, {0, 3}), (2, {1}, set()), (3, set(), set())],
)
def test_what_belongs_together_is_framed(drawing, step, solid, dashed):
    read, written = boxes(drawing(step=step, sure=SURE, possible=POSSIBLE))
    thick = {s for s, (_, patch) in enumerate(read) if patch.get_linewidth() > 2}
    assert thick == solid | dashed
    assert {s for s, (_, patch) in enumerate(read) if patch.get_linestyle() not in ("-", "solid")} == dashed
    assert [patch.get_linewidth() > 2 for _, patch in written] == [False] * (step - 1) + [True]
    assert all(patch.get_linestyle() in ("-", "solid") for _, patch in written)
    accents = {to_hex(patch.get_edgecolor()) for _, patch in [written[-1], *[read[s] for s in thick]]}
    assert accents == {COLOURS["accent"]}


def test_a_box_has_a_dashed_frame_only_where_it_is_bold():
    _, axes = canvas()
    for bold in (False, True):
        for dashed in (False, True):
            box(axes, 0, 0, "word", bold=bold, dashed=dashed)
    assert [patch.get_linestyle() in ("-", "solid") for patch in axes.patches] == [True, True, True, False]


def test_pictures_of_a_sentence_are_of_one_size_and_fit_a_phone():
    made = [attention(SOURCE, TARGET, WEIGHTS, step=step, sure=SURE) for step in (1, 2, 3)]
    assert len({picture.png for picture in made}) == 3
    assert len({Image.open(io.BytesIO(picture.png)).size for picture in made}) == 1
    assert 12 / 72 * 350 / (made[0].width / 100) >= 10  # pixels that the text has where the picture is 350 wide


@pytest.mark.parametrize("word", ["September", "Diseembar", "W" * 6, "uncharacteristically"])
@pytest.mark.parametrize("side", [0, 1])
def test_words_lie_within_their_boxes(drawing, word, side):
    sentences = [["a", "b"], ["c", "d"]]
    sentences[side][0] = word
    axes = drawing(*sentences, [[0.5, 0.5], [1, 0]])
    said, patch = boxes(axes)[side][0]
    (text,) = [t for t in axes.texts if t.get_text() == said == word]
    assert patch.get_window_extent().x0 < text.get_window_extent().x0
    assert text.get_window_extent().x1 < patch.get_window_extent().x1


def test_pictures_are_as_high_as_the_longer_sentence():
    """Also where the target is longer than the source, before all of it is written."""
    made = [attention(TARGET, SOURCE, WEIGHTS.T / 2, step=step) for step in (1, 2, 3, 4)]
    assert len({(picture.width, picture.height) for picture in made}) == 1


def test_the_alternative_text_says_what_is_drawn():
    alts = [attention(SOURCE, TARGET, WEIGHTS, step=t, sure=SURE, possible=POSSIBLE).alt for t in (1, 2, 3)]
    assert alts == [
        "Word 1 of 3, “baabuur”. Attention: “car” 0.86, “red” 0.10, “a” (word 1) 0.04. It translates “car”. "
        "It may translate “a” (word 1), “a” (word 4).",
        "Word 2 of 3, “cas”, after “baabuur”. Attention: “red” 0.98, “a” (word 4) 0.02. It translates “red”.",
        "Word 3 of 3, “EOS”, after “baabuur cas”. Attention: “a” (word 4) 0.40, “a” (word 1) 0.30, “red” 0.20. "
        "No link is known.",
    ]
    assert "Attention: none." in attention(SOURCE, TARGET, 0 * WEIGHTS).alt


def test_the_last_word_is_shown_unless_another_is_asked_for():
    assert attention(SOURCE, TARGET, WEIGHTS).png == attention(SOURCE, TARGET, WEIGHTS, step=3).png


def test_bad_input_names_the_argument():
    wrong = WEIGHTS.copy()
    wrong[0, 0] = 1.1
    cases = [
        (lambda: attention("red car", TARGET, WEIGHTS), "source"),
        (lambda: attention([1, 2, 3, 4], TARGET, WEIGHTS), "source"),
        (lambda: attention(SOURCE, [], np.zeros((0, 4))), "target"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS.T), "weights"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS - 0.1), "weights"),
        (lambda: attention(SOURCE, TARGET, wrong), "weights"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS * np.nan), "weights"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, step=0), "step"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, step=4), "step"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, sure=[(4, 0)]), "s of sure"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, sure=[(0, 3)]), "t of sure"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, sure=["ab"]), "sure"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, possible=[(1, 1, 1)]), "possible"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, possible=[3]), "possible"),
        (lambda: attention(SOURCE, TARGET, WEIGHTS, possible=3), "possible"),
    ]
    for i, (call, name) in enumerate(cases):
        with pytest.raises((TypeError, ValueError), match=f"^{name}"):
            pytest.fail(f"case {i} was taken: {call()}")
