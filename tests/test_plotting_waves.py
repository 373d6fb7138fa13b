"""Waves and clocks show the angles that they are given, and say the same in words."""

import io

import numpy as np
import pytest
from matplotlib import pyplot
from PIL import Image

from seqlib.plotting import SERIES, waves

RATES = np.array([1.0, 0.3, 0.02])


@pytest.fixture(autouse=True)
def closed():
    """Matplotlib keeps what is not closed."""
    yield
    pyplot.close("all")


@pytest.fixture
def drawing(monkeypatch):
    """A function that draws, and gives the axes of the waves and those of the clocks."""

    def draw(rates=RATES, position=4.0, **how):
        with monkeypatch.context() as patched:
            patched.setattr(pyplot, "close", lambda figure: None)
            waves(rates, position, **how)
        axes = pyplot.gcf().axes
        pyplot.gcf().draw_without_rendering()
        by_height = sorted(axes, key=lambda a: -a.get_position().y1)
        return by_height[0], sorted(by_height[1:], key=lambda a: a.get_position().x0)

    return draw


@pytest.mark.parametrize("position", [0.0, 4.0, 39.5])
@pytest.mark.parametrize("longest", [40.0, 60.0])
def test_a_sine_for_each_rate_with_the_point_of_the_position(drawing, position, longest):
    above, _ = drawing(position=position, longest=longest)
    curves = [line for line in above.lines if len(line.get_xdata()) > 50]
    dots = [line for line in above.lines if len(line.get_xdata()) == 1]
    (mark,) = [line for line in above.lines if len(line.get_xdata()) == 2]
    assert list(mark.get_xdata()) == [position, position]
    assert len(curves) == len(dots) == 3
    for rate, colour, curve, dot in zip(RATES, SERIES, curves, dots, strict=False):
        x, y = curve.get_data()
        assert (x[0], x[-1]) == (0, longest)
        np.testing.assert_allclose(y, np.sin(rate * x))
        np.testing.assert_allclose(np.ravel(dot.get_data()), [position, np.sin(rate * position)])
        assert curve.get_color() == dot.get_color() == colour
    assert len({str(curve.get_linestyle()) for curve in curves}) == 3, "told apart without colour, too"
    assert above.get_xlim()[0] <= 0
    assert longest <= above.get_xlim()[1] < 1.1 * longest
    assert above.get_ylim()[0] < -1
    assert above.get_ylim()[1] > 1


@pytest.mark.parametrize("position", [0.0, 4.0, 30.0])
def test_hands_stand_at_the_top_at_0_and_turn_clockwise(drawing, position):
    _, clocks = drawing(position=position)
    assert [clock.get_title() for clock in clocks] == ["pair 1", "pair 2", "pair 3"]
    for rate, colour, clock in zip(RATES, SERIES, clocks, strict=False):
        (hand,) = [line for line in clock.lines if len(line.get_xdata()) == 2]
        (start_x, end_x), (start_y, end_y) = hand.get_data()
        assert (start_x, start_y) == (0, 0)
        radius = np.hypot(end_x, end_y)
        np.testing.assert_allclose([end_x / radius, end_y / radius], [np.sin(position * rate), np.cos(position * rate)])
        (dot,) = [line for line in clock.lines if len(line.get_xdata()) == 1]
        np.testing.assert_allclose(np.ravel(dot.get_data()), [end_x, end_y])
        assert hand.get_color() == dot.get_color() == colour
        (ring,) = [line for line in clock.lines if len(line.get_xdata()) > 50]
        np.testing.assert_allclose(np.hypot(*ring.get_data()), radius)
        assert clock.get_aspect() == 1
        assert max(np.abs(clock.get_xlim())) > radius


@pytest.mark.parametrize("n", [1, 2, 6])
def test_as_many_clocks_as_rates(drawing, n):
    _, clocks = drawing(0.5 ** np.arange(n))
    assert len(clocks) == n


def test_pictures_are_of_one_size_and_fit_a_phone():
    made = [waves(RATES, t) for t in (0, 3, 17, 60)]
    assert len({picture.png for picture in made}) == 4
    assert len({Image.open(io.BytesIO(picture.png)).size for picture in made}) == 1
    assert 11 / 72 * 350 / (made[0].width / 100) >= 8  # pixels that the text has where the picture is 350 wide


def test_the_alternative_text_says_what_is_drawn():
    assert waves([1.0, 0.1], 8).alt == (
        "Waves and clocks at place 8: pair 1 1.27 turns, sine 0.99, cosine -0.15; "
        "pair 2 45.8 degrees, sine 0.72, cosine 0.70."
    )
    assert "pair 1 0.50 turns" in waves([np.pi], 1).alt
    assert "pair 1 179.9 degrees" in waves([np.pi - 1e-3], 1).alt


def test_bad_input_names_the_argument():
    cases = [
        (lambda: waves([], 1), "rates"),
        (lambda: waves(np.ones(7), 1), "rates"),
        (lambda: waves([[1.0]], 1), "rates"),
        (lambda: waves([1.0, 0.0], 1), "rates"),
        (lambda: waves([1.0, -0.1], 1), "rates"),
        (lambda: waves([np.nan], 1), "rates"),
        (lambda: waves("ab", 1), "rates"),
        (lambda: waves(RATES, -1), "position"),
        (lambda: waves(RATES, 61), "position"),
        (lambda: waves(RATES, "one"), "position"),
        (lambda: waves(RATES, 0, longest=0), "longest"),
        (lambda: waves(RATES, 11, longest=10), "position"),
    ]
    for i, (call, name) in enumerate(cases):
        with pytest.raises((TypeError, ValueError), match=f"^{name}"):
            pytest.fail(f"case {i} was taken: {call()}")
