"""The picture of several heads draws the weights of the word that asks, and says the same in words."""

import io

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from seqlib.plotting import COLOURS, heads

WORDS = ["a", "dog", "bit", "a", "man"]
RNG = np.random.default_rng(5)
WEIGHTS = RNG.dirichlet(np.ones(5), (3, 5))
WEIGHTS[1, 2] = [0.004, 0.0, 0.3, 0.696, 0.0]
WEIGHTS[2, 2] = 0


@pytest.fixture(autouse=True)
def closed():
    """Matplotlib keeps what is not closed."""
    yield
    pyplot.close("all")


@pytest.fixture
def drawing(monkeypatch):
    """A function that draws, and gives the axes: the figure stays open."""

    def draw(words=WORDS, weights=WEIGHTS, **how):
        with monkeypatch.context() as patched:
            patched.setattr(pyplot, "close", lambda figure: None)
            heads(words, weights, **how)
        figure = pyplot.gcf()
        figure.draw_without_rendering()
        return figure.axes[0]

    return draw


def boxes(axes):
    return sorted((p for p in axes.patches if isinstance(p, FancyBboxPatch)), key=lambda p: p.get_y())


def middle(patch):
    return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2


@pytest.mark.parametrize("asks", [1, 3, 5])
def test_a_column_of_cells_for_each_head_beside_the_words(drawing, asks):
    axes = drawing(asks=asks)
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), WEIGHTS[:, asks - 1].T)
    assert image.get_clim() == (0, 1)
    assert axes.yaxis_inverted(), "the first word on top"
    places = [middle(patch) for patch in boxes(axes)]
    for place, word in zip(places, WORDS, strict=True):
        assert word in [text.get_text() for text in axes.texts if np.allclose(text.get_position(), place)]
    left, right, low, high = image.get_extent()
    rows = np.linspace(min(low, high), max(low, high), 11)[1::2]
    np.testing.assert_allclose([y for _, y in places], rows)
    assert low > high, "the first row of the image on top"
    assert max(patch.get_x() + patch.get_width() for patch in boxes(axes)) < left < right <= axes.get_xlim()[1]
    columns = np.linspace(left, right, 7)[1::2]
    said = {}
    for text in axes.texts:
        if text.get_text().startswith(("0.", "1.")):
            x, y = text.get_position()
            said[int(abs(columns - x).argmin()), int(abs(rows - y).argmin())] = text.get_text()
            assert abs(columns - x).min() < 1e-9
            assert abs(rows - y).min() < 1e-9
    shown = WEIGHTS[:, asks - 1]
    assert said == {place: f"{shown[place]:.2f}" for place in np.ndindex(shown.shape) if shown[place] >= 0.005}


def test_the_word_that_asks_is_framed(drawing):
    for asks in (1, 2, 5):
        thick = [patch.get_linewidth() > 2 for patch in boxes(drawing(asks=asks))]
        assert thick == [t == asks for t in range(1, 6)]
        framed = boxes(drawing(asks=asks))[asks - 1]
        assert to_hex(framed.get_facecolor()) == COLOURS["output"]
        assert to_hex(framed.get_edgecolor()) == COLOURS["accent"]


def test_numbers_can_be_read_on_their_cell(drawing):
    weights = np.zeros((1, 5, 5))
    weights[0, 4] = [0.05, 0.5, 0.64, 0.7, 1.0]
    axes = drawing(weights=weights)

    def light(colour):
        part = np.array(colour[:3])
        part = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return part @ [0.2126, 0.7152, 0.0722]

    image = axes.images[0]
    for text in axes.texts:
        if text.get_text().startswith(("0.", "1.")):
            ink = light(
                [1, 1, 1]
                if text.get_color() == "white"
                else [int(text.get_color()[i : i + 2], 16) / 255 for i in (1, 3, 5)]
            )
            cell = light(image.cmap(image.norm(float(text.get_text()))))
            assert (max(ink, cell) + 0.05) / (min(ink, cell) + 0.05) > 3.9, text.get_text()


def test_heads_have_names(drawing):
    for names, wanted in ((None, ["1", "2", "3"]), (["x", "y", "z"], ["x", "y", "z"])):
        axes = drawing(names=names)
        top = min(middle(patch)[1] for patch in boxes(axes))
        above = sorted((t for t in axes.texts if t.get_position()[1] < top), key=lambda t: t.get_position()[0])
        assert [text.get_text() for text in above] == ["head", *wanted]
        left, right, _, _ = axes.images[0].get_extent()
        np.testing.assert_allclose([t.get_position()[0] for t in above[1:]], np.linspace(left, right, 7)[1::2])


def test_pictures_of_a_sentence_are_of_one_size_and_fit_a_phone():
    made = [heads(WORDS, WEIGHTS, asks=t) for t in range(1, 6)]
    assert len({picture.png for picture in made}) == 5
    assert len({Image.open(io.BytesIO(picture.png)).size for picture in made}) == 1
    assert 11 / 72 * 350 / (made[0].width / 100) >= 10  # pixels that the text has where the picture is 350 wide


@pytest.mark.parametrize("word", ["September", "W" * 6, "uncharacteristically"])
def test_words_lie_within_their_boxes(drawing, word):
    axes = drawing([*WORDS[:4], word])
    patch = boxes(axes)[4]
    (text,) = [t for t in axes.texts if t.get_text() == word]
    assert patch.get_window_extent().x0 < text.get_window_extent().x0
    assert text.get_window_extent().x1 < patch.get_window_extent().x1


def test_the_alternative_text_says_what_is_drawn():
    weights = np.zeros((2, 5, 5))
    weights[0, 3] = [0.1, 0.2, 0.0, 0.7, 0.0]
    weights[1, 3] = [0.004, 0, 0, 0, 0.996]
    assert heads(WORDS, weights, asks=4).alt == (
        "Word 4 of 5, “a” (word 4), looks at, head 1: “a” (word 4) 0.70, “dog” 0.20; head 2: “man” 1.00."
    )
    assert heads(WORDS, weights, asks=1, names=["x", "y"]).alt == (
        "Word 1 of 5, “a” (word 1), looks at, head x: nothing; head y: nothing."
    )


def test_the_last_word_asks_unless_another_does():
    assert heads(WORDS, WEIGHTS).alt == heads(WORDS, WEIGHTS, asks=5).alt
    assert heads(WORDS, WEIGHTS).alt != heads(WORDS, WEIGHTS, asks=4).alt


def test_bad_input_names_the_argument():
    wrong = WEIGHTS.copy()
    wrong[0, 0, 0] = 1.1
    cases = [
        (lambda: heads("a dog", WEIGHTS), "words"),
        (lambda: heads([1, 2, 3, 4, 5], WEIGHTS), "words"),
        (lambda: heads(3, WEIGHTS), "words"),
        (lambda: heads([], np.zeros((1, 0, 0))), "words"),
        (lambda: heads(WORDS[:4], WEIGHTS), "weights"),
        (lambda: heads(WORDS, WEIGHTS[0]), "weights"),
        (lambda: heads(WORDS, WEIGHTS[:0]), "weights must have at least one head"),
        (lambda: heads(WORDS, WEIGHTS - 0.1), "weights"),
        (lambda: heads(WORDS, wrong), "weights"),
        (lambda: heads(WORDS, WEIGHTS * np.nan), "weights"),
        (lambda: heads(WORDS, WEIGHTS, asks=0), "asks"),
        (lambda: heads(WORDS, WEIGHTS, asks=6), "asks"),
        (lambda: heads(WORDS, WEIGHTS, names=["x"]), "names"),
    ]
    for i, (call, name) in enumerate(cases):
        with pytest.raises((TypeError, ValueError), match=f"^{name}"):
            pytest.fail(f"case {i} was taken: {call()}")
