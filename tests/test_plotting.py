"""The house style of figures: what a picture says, that it is the same each time, and that its colours can be told."""

import html.parser
import io
import itertools

import numpy as np
import pytest
from PIL import Image

from seqlib import plotting
from seqlib.plotting import (
    COLOURS,
    SERIES,
    Movable,
    Picture,
    attention,
    canvas,
    charts,
    curves,
    frames,
    heatmap,
    points,
    spectrum,
    unrolled,
)
from seqlib.plotting.style import STYLES, WIDTH

X = np.arange(1, 9)
FIGURES = {
    "curves": lambda: curves(X, {"a": 1 / X, "b": [X, X + 1]}, floor=0.1, chance=9, xlabel="step", ylabel="loss"),
    "points": lambda: points({"a": [1, 2, 3], "b": [4.0]}, floor=0.5, chance=5, ylabel="loss"),
    "heatmap": lambda: heatmap([[1, -2], [0.5, 0]], rows=["p", "q"], cols=["r", "s"], annotate=True, diverging=True),
    "spectrum": lambda: spectrum({"a turn": [[0, -1], [1, 0]], "half": np.eye(2) / 2}),
    "unrolled": lambda: unrolled(3, inputs=["I", "like", "ice"], outputs=["", "", "cream"], gradient=True),
    "attention": lambda: attention(["red", "car"], ["baabuur", "cas"], [[0.25, 0.75], [1, 0]], sure={(0, 1)}),
}


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(channels):
    """sRGB without its gamma."""
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, two):
    """The contrast ratio of WCAG 2.1."""
    a, b = (linear(c) @ [0.2126, 0.7152, 0.0722] + 0.05 for c in (one, two))
    return max(a, b) / min(a, b)


# Dichromats' views of linear RGB, Viénot, Brettel and Mollon 1999.
SEEN_BY = {
    "protanope": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deuteranope": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    "everybody": np.eye(3),
}


def lab(channels):
    """CIE L*a*b* of linear RGB, white D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ channels
    f = np.cbrt(xyz / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("role", ["model", "baseline", "accent", "other", "fifth", "sixth", "floor", "chance", "ink"])
def test_lines_stand_out_from_paper_and_in_the_dark(role):
    assert contrast(rgb(COLOURS[role]), np.ones(3)) >= 4.5  # text may be set in it too
    dark = 1 - rgb(COLOURS[role])  # the site inverts figures, which keeps the ratio to black only in part
    assert contrast(dark, np.zeros(3)) >= 3


@pytest.mark.parametrize("who", SEEN_BY)
def test_series_can_be_told_apart_by_colour_or_by_dash(who):
    seen = [lab(SEEN_BY[who] @ linear(rgb(colour))) for colour in SERIES]
    assert np.linalg.norm(seen[0] - seen[1]) > 20, "the first two series are in most figures"
    for (i, a), (j, b) in itertools.combinations(enumerate(seen), 2):
        assert STYLES[i] != STYLES[j]
        if who == "everybody":
            assert np.linalg.norm(a - b) > 20


@pytest.mark.parametrize("name", FIGURES)
def test_picture_is_the_same_each_time_and_fits_a_phone(name):
    one, two = FIGURES[name](), FIGURES[name]()
    assert one.png == two.png
    image = Image.open(io.BytesIO(one.png))
    assert not image.info.keys() & {"Software", "Creation Time", "date"}
    assert image.width / one.width == pytest.approx(1.7, abs=0.01)
    # 11 pt, the smallest text, is 11 / 72 of an inch; at 350 px it must keep 8 px
    assert 11 / 72 * 350 / (one.width / 100) >= 8
    assert one.width <= 100 * (WIDTH + 0.4)


@pytest.mark.parametrize("name", FIGURES)
def test_alternative_text_is_made_of_the_data(name):
    alt = FIGURES[name]().alt
    said = {
        "curves": ["step", "loss", "a", "b", "floor 0.1", "chance 9"],
        "points": ["a about 2", "b about 4", "floor 0.5", "chance 5"],
        "heatmap": ["2 rows", "2 columns", "row p, column s"],
        "spectrum": ["a turn", "half", "0.5"],
        "unrolled": ["3 steps", "I, like, ice", "cream", "gradient"],
        "attention": ["Word 2", "“cas”", "after “baabuur”", "“red” 1.00", "translates “red”"],
    }[name]
    for words in said:
        assert words in alt, (words, alt)


def test_a_missing_value_leaves_a_gap_and_no_more():
    series = [np.nan, 1.0, 2.0, 3.0, np.nan, 5.0]
    assert str(charts._smoothed(np.array(series), 1)) == str(np.array(series))
    smooth = charts._smoothed(np.array(series), 2)
    np.testing.assert_array_equal(smooth, [np.nan, np.nan, 1.5, 2.5, np.nan, np.nan])


def test_a_question_as_a_title_stays_a_question():
    assert points({"a": [1, 2, 3]}, title="How many?").alt.startswith("How many? Medians")
    assert points({"a": [1, 2, 3]}, title="So many").alt.startswith("So many. Medians")


def test_alternative_text_tells_rising_from_falling():
    up, down = (curves(X, {"a": y}).alt for y in (X, -X))
    assert up != down
    assert curves(X, {"a": X}, alt="A line of my own words.").alt == "A line of my own words."


def test_alternative_text_is_of_what_is_drawn():
    spike = np.array([4.0, 9.0, 2.0, 1.0, 1.0])
    assert "falls from about 4 to about 1, by way of about 9" in curves(np.arange(5), {"a": spike}).alt
    assert "falls from about 4 to about 1.3, by way of about 6.5" in curves(np.arange(5), {"a": spike}, smooth=3).alt


def test_picture_shows_itself_with_its_alternative_text():
    picture = FIGURES["curves"]()
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"] == picture.png
    assert metadata["image/png"] == {"alt": picture.alt, "width": picture.width}


class Tags(html.parser.HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note it."""
        self.found.append((tag, dict(attrs)))

    def all(self, tag):
        """The attributes of every such tag."""
        return [attributes for name, attributes in self.found if name == tag]


def movable(labels=("k = 1", "k < 2", '"k" = 3')):
    pictures = [curves(X, {"a": X**i}, title=f"power {i}") for i in range(len(labels))]
    return frames(pictures, labels, name="Powers of x")


def test_movable_is_a_group_of_choices_without_script():
    shown = movable()
    data, metadata = shown._repr_mimebundle_()
    tags = Tags(data["text/html"])
    assert isinstance(shown, Movable)
    assert [radio["aria-label"] for radio in tags.all("input")] == ["k = 1", "k < 2", '"k" = 3']
    assert [("checked" in radio) for radio in tags.all("input")] == [True, False, False]
    assert len({radio["name"] for radio in tags.all("input")}) == 1
    assert [image["alt"] for image in tags.all("img")] == [picture.alt for picture in shown.pictures]
    assert tags.all("fieldset")
    assert tags.all("legend")
    assert not tags.all("script")
    assert data["image/png"] == shown.pictures[0].png
    assert metadata["image/png"]["alt"].startswith("Powers of x: 3 frames, from k = 1")


def test_two_movables_on_a_page_do_not_share_their_choices():
    names = [
        Tags(frames(movable().pictures, "abc", name=name)._repr_mimebundle_()[0]["text/html"]).all("input")[0]["name"]
        for name in ("One", "Another")
    ]
    assert names[0] != names[1]


def test_canvas_is_a_shape_of_axes():
    figure, axes = canvas(1, 2)
    assert axes.shape == (2,)
    Picture(figure, "Two empty panels, side by side.")
    with pytest.raises(TypeError, match="figure"):
        Picture("no figure", "An alternative text that is long enough.")
    with pytest.raises(ValueError, match="alt"):
        Picture(canvas()[0], "plot")


def test_bad_input_names_the_argument():
    picture = FIGURES["heatmap"]()
    cases = [
        (lambda: curves(X, {}), "series"),
        (lambda: curves(X, {"a": [1, 2]}), "a"),
        (lambda: curves(X, {"a": X}, yscale="square"), "yscale"),
        (lambda: curves(X, {"a": X}, smooth=0), "smooth"),
        (lambda: curves([[1]], {"a": X}), "x"),
        (lambda: curves(X, {"a": X}, yticks=[[1]]), "yticks"),
        (lambda: curves(X, {"a": X}, yscale="log", yticks=[0, 1]), "yticks must be positive"),
        (lambda: points({}), "groups"),
        (lambda: points({"a": ["b"]}), "groups"),
        (lambda: points({"a": [1]}, ceilings={"b": 1}), "ceilings"),
        (lambda: heatmap([1, 2]), "matrix"),
        (lambda: heatmap(np.zeros((0, 2))), "matrix"),
        (lambda: heatmap([[1]], rows=["a", "b"]), "rows"),
        (lambda: spectrum({}), "matrices"),
        (lambda: spectrum({"a": [[1, 2]]}), "a"),
        (lambda: unrolled(0), "steps"),
        (lambda: unrolled(2, inputs=["a"]), "inputs"),
        (lambda: frames([picture], ["a"], name="one"), "labels"),
        (lambda: frames([picture, 1], ["a", "b"], name="one"), "pictures"),
        (lambda: frames([picture, picture], ["a"], name="one"), "labels"),
        (lambda: frames([picture, picture], ["a", "b"], name=""), "name"),
    ]
    for i, (call, name) in enumerate(cases):
        with pytest.raises((TypeError, ValueError), match=name):
            pytest.fail(f"case {i} was taken: {call()}")


def test_everything_public_is_documented():
    for name in plotting.__all__:
        value = getattr(plotting, name)
        assert not callable(value) or value.__doc__


@pytest.mark.parametrize("yscale", ["linear", "log"])
def test_a_chance_far_above_the_data_is_in_the_picture(yscale):
    """On a logarithmic axis its label once fell outside, and the axes shrank to nothing."""
    near = points({"a": [1.0, 1.1]}, floor=1, chance=1.5, yscale=yscale)
    far = points({"a": [1.0, 1.1]}, floor=1, chance=500, yscale=yscale)
    assert abs(far.width - near.width) < 40
    assert abs(far.height - near.height) < 40


def test_labels_of_a_log_axis_do_not_touch():
    assert charts._tick_labels(np.array([15, 16, 19, 31, 79])) == ["15", "", "19", "31", "79"]
    assert charts._tick_labels(np.array([1, 2, 4])) == ["1", "2", "4"]


@pytest.fixture
def drawn(monkeypatch):
    """The figure and the alternative text that a chart is about to make a picture of."""
    monkeypatch.setattr(charts, "Picture", lambda figure, alt: (figure, alt))


def test_numbers_of_a_short_log_axis_are_those_that_are_asked_for(drawn):
    figure, _ = curves(X, {"a": 0.3 * X}, yscale="log", yticks=[0.5, 1, 2])
    axis = figure.axes[0].yaxis
    assert [label.get_text() for label in axis.get_ticklabels()] == ["0.5", "1", "2"]
    assert list(axis.get_ticklocs()) == [0.5, 1, 2]
    assert len(axis.get_ticklocs(minor=True)) == 0


def test_a_ceiling_is_drawn_over_its_group_alone(drawn):
    figure, alt = points({"a": [1, 2], "b": [3, 4], "c": [5, 6]}, ceilings={"b": 4.5, "c": 7}, others={"other": 2})
    lines = [line for line in figure.axes[0].lines if line.get_linestyle() == ":" or line.is_dashed()]
    spans = {tuple(line.get_ydata()): tuple(line.get_xdata()) for line in lines}
    assert spans[4.5, 4.5] == (0.55, 1.45)
    assert spans[7, 7] == (1.55, 2.45)
    labels = [(text.get_text(), text.xy) for text in figure.axes[0].texts]
    assert ("ceiling", (1, 4.5)) in labels
    assert ("ceiling", (2, 7)) in labels
    assert "other 2, ceiling of b 4.5, ceiling of c 7." in alt
    assert "ceiling" not in points({"a": [1, 2]})[1]
