"""Labels of a figure: they touch neither each other nor points, and stay where they are if nothing is in their way."""

import itertools

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.text import Text

from seqlib.plotting import canvas, charts, labels, name_points, points


@pytest.fixture(autouse=True)
def closed():
    """Matplotlib keeps what is not closed."""
    yield
    pyplot.close("all")


def drawn(x, y, names, **how):
    """A figure with named points; its axes, and the boxes of the names in pixels."""
    figure, axes = canvas(height=5)
    axes.plot(x, y, ".")
    axes.margins(0.15)
    made = name_points(axes, x, y, names, **how)
    figure.draw_without_rendering()
    return axes, made, [Text.get_window_extent(text) for text in made]  # of an annotation's text, without its line


def gap(one, other):
    """How far two boxes are apart; below 0 if they touch."""
    return max(one.x0 - other.x1, other.x0 - one.x1, one.y0 - other.y1, other.y0 - one.y1)


@pytest.mark.parametrize("seed", range(4))
def test_names_of_a_crowd_touch_neither_each_other_nor_a_point_nor_the_border(seed):
    rng = np.random.default_rng(seed)
    x, y = np.concatenate([rng.normal(0, 1, (2, 16)), rng.normal(6, 2, (2, 12))], axis=1)
    names = ["".join(rng.choice(list("aeimnors"), n)) for n in rng.integers(2, 10, 28)]
    axes, made, boxes = drawn(x, y, names)
    assert [text.get_text() for text in made] == names
    for one, other in itertools.combinations(boxes, 2):
        assert gap(one, other) >= labels.GAP - 1
    pixels = axes.transData.transform(np.column_stack([x, y]))
    window = axes.get_window_extent()
    for box in boxes:
        assert not any(box.contains(*pixel) for pixel in pixels)
        assert min(box.x0 - window.x0, box.y0 - window.y0, window.x1 - box.x1, window.y1 - box.y1) > -1


def test_a_name_alone_stands_beside_its_point():
    axes, (text,), (box,) = drawn([1.0], [2.0], ["alone"])
    x, y = axes.transData.transform((1.0, 2.0))
    assert box.x0 - x == pytest.approx(4 * 100 / 72, abs=1)
    assert (box.y0 + box.y1) / 2 == pytest.approx(y, abs=2)
    assert text.arrow_patch is None
    assert text.get_fontsize() == 11  # the smallest that a phone shows well


def test_a_name_near_the_right_border_stands_on_the_left():
    figure, axes = canvas()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    (text,) = name_points(axes, [0.98], [0.5], ["border"])
    figure.draw_without_rendering()
    assert text.get_window_extent().x1 < axes.transData.transform((0.98, 0.5))[0]


@pytest.mark.parametrize("seed", [3, 4, 8])
def test_a_name_far_from_its_point_is_joined_to_it_and_no_line_meets_a_name_a_point_or_a_line(seed):
    x, y = np.concatenate([np.random.default_rng(seed).normal(0, 0.3, (9, 2)), [[3.0, 3.0], [-3.0, -3.0]]]).T
    axes, made, boxes = drawn(x, y, ["crowded"] * 9 + ["free"] * 2)
    at = axes.transData.transform(np.column_stack([x, y]))
    lines = {}
    for i, (text, box) in enumerate(zip(made, boxes, strict=True)):
        distance = np.hypot(*(at[i] - np.clip(at[i], [box.x0, box.y0], [box.x1, box.y1])))
        assert (text.arrow_patch is not None) == (distance > 10 * 100 / 72), (i, distance)
        if text.arrow_patch is not None:
            end = np.clip(at[i], [box.x0, box.y0], [box.x1, box.y1])
            lines[i] = at[i] + np.linspace(0.05, 0.95, 50)[:, None] * (end - at[i])
    assert len(lines) >= 2
    for i, line in lines.items():
        for j, box in enumerate(boxes):
            assert not any(box.contains(*place) for place in line), (i, j)
            assert j == i or np.hypot(*(line - at[j]).T).min() > 2, (i, j)
            if j in lines and j != i:
                assert np.hypot(*(line[:, None] - lines[j]).reshape(-1, 2).T).min() > 0.5, (i, j)


def test_places_are_the_same_each_time():
    x, y = np.concatenate([np.random.default_rng(5).normal(0, 0.2, (2, 15)), [[-3, 3], [-3, 3]]], axis=1)
    one, *others = ([text.get_position() for text in drawn(x, y, ["name"] * 17)[1]] for _ in range(3))
    assert others == [one, one]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (([[1]], [1], ["a"]), "x"),
        (([1], ["b"], ["a"]), "y"),
        (([1, 2], [1], ["a", "b"]), "y"),
        (([1], [1], ["a", "b"]), "names"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must"):
        name_points(canvas()[1], *arguments)
    with pytest.raises(ValueError, match="fontsize must"):
        name_points(canvas()[1], [1], [1], ["a"], fontsize=0)


def test_a_name_in_a_part_of_a_figure_stands_beside_its_point():
    figure, _ = canvas(height=5)
    axes = figure.subfigures(1, 2)[0].add_subplot()
    axes.plot([0, 1], [0, 1], ".")
    (text,) = name_points(axes, [0], [0], ["here"])
    assert text.arrow_patch is None


def ticks(names, monkeypatch):
    """The labels under the groups of a figure of points, as they are drawn."""
    kept = []
    monkeypatch.setattr(charts, "Picture", lambda figure, alt: kept.append((figure, alt)))
    points({name: [1.0, 2.0] for name in names})
    ((figure, alt),) = kept
    figure.draw_without_rendering()
    return [label.get_text() for label in figure.axes[0].get_xticklabels()], figure, alt


def test_labels_with_room_stay_in_one_line(monkeypatch):
    found, _, _ = ticks(["one", "two\nlines", "three"], monkeypatch)
    assert found == ["one", "two\nlines", "three"]


def test_labels_that_would_touch_stand_in_two_lines_the_fewest_lower(monkeypatch):
    names = [f"group {k}" for k in range(4)] + ["a long name", "a longer name", "short"]
    found, figure, alt = ticks(names, monkeypatch)
    assert found == [*names[:5], "\n" + names[5], names[6]]
    assert "a longer name about 1.5" in alt
    boxes = []
    for label in figure.axes[0].get_xticklabels():
        box = label.get_window_extent()
        boxes.append((box.x0, box.x1, label.get_text().count("\n")))
    for (left, right, line), (other_left, _, other_line) in itertools.pairwise(boxes):
        assert left < right
        assert line != other_line or right + labels.GAP - 1 < other_left


@pytest.mark.parametrize(
    ("spans", "levels"),
    [
        ([[(0, 4)], [(5, 9)]], [0, 0]),
        ([[(0, 6)], [(5, 9)]], [0, 1]),
        ([[(0, 6)], [(5, 9)], [(8, 12)]], [0, 1, 0]),
        ([[(0, 6)], [(4, 9)], [(5, 12)]], [0, 1, 2]),
        ([[(0, 6)], [(5, 9)], [(10, 16), (8, 16)]], [1, 0, 0]),  # one line lower in all, not 0, 1, 2
        ([[(0, 4), (0, 6)], [(5, 9)], [(7, 12)]], [0, 0, 1]),
        ([[(0, 4), (0, 6)], [(5, 9), (5, 9)]], [1, 0]),
        ([], []),
    ],
)
def test_levels_are_the_fewest_steps_down(spans, levels):
    assert labels._levels(spans, 0.5) == levels
