"""A light with four buttons in chapter 16: run over its steps; each mistake by the light that it makes."""

import numpy as np
import pytest

from seqlib.exercises.linear_recurrence_light import light_steps
from seqlib.reference import linear_recurrence

RIGHT = ([1, -1, 0, 0], [0, 1, 0, 1])


def _pressed(row):
    """The light after each button, told as a story."""
    on, seen = False, []
    for button in row:
        if button == 1:
            on = not on
        elif button > 1:
            on = button == 3
        seen.append(int(on))
    return seen


def _states(a, b):
    return linear_recurrence.forward(np.asarray(a, float)[..., None], np.asarray(b, float)[..., None])[0][..., 0]


@pytest.mark.parametrize("case", light_steps.cases)
def test_the_states_are_the_light(case):
    (x,) = case
    np.testing.assert_array_equal(_states(*light_steps.expected(x)), [_pressed(row) for row in x.tolist()])


def test_the_states_stay_exact_however_often_the_light_is_turned():
    x = np.random.default_rng(0).choice(4, size=(3, 4000), p=[0.2, 0.798, 0.001, 0.001])
    np.testing.assert_array_equal(_states(*light_steps.expected(x)), [_pressed(row) for row in x.tolist()])


def test_no_other_steps_of_a_button_alone_do_it():
    """A button sends 0 to one state and 1 to another, and a line through two points is one."""
    for button, (zero, one) in enumerate(((0, 1), (1, 0), (0, 0), (1, 1))):
        a, b = (float(part[0, 0]) for part in light_steps.expected(np.array([[button]])))
        assert (b, a + b) == (zero, one)


def test_cases_press_every_button_from_both_states():
    seen = set()
    for (x,) in light_steps.cases:
        for row in x.tolist():
            before = [0, *_pressed(row)]
            seen |= set(zip(row, before, strict=False))
    assert len(seen) == 8
    sizes = [x.shape for (x,) in light_steps.cases]
    assert min(T for _, T in sizes) == 1
    assert max(T for _, T in sizes) >= 50
    assert [set(x.ravel()) == {0, 1, 2, 3} for (x,) in light_steps.cases] == [True] * 3
    assert light_steps.cases[2][0].tolist() == [[0], [1], [2], [3]]


@pytest.mark.parametrize(
    ("id", "a", "b"),
    [
        ("right", *RIGHT),
        ("turns on", (1, 0, 0, 0), (0, 1, 0, 1)),
        ("counts", (1, 1, 0, 0), (0, 1, 0, 1)),
        ("turned without 1", (1, -1, 0, 0), (0, 0, 0, 1)),
        ("signs", (1, -1, 0, 0), (0, 0, -1, 1)),
        ("on and off swapped", (1, -1, 0, 0), (0, 1, 1, 0)),
        ("nothing and turn swapped", (-1, 1, 0, 0), (1, 0, 0, 1)),
        ("adds and subtracts", (1, -1, 1, 1), (0, 1, -1, 1)),
        ("adds and subtracts", (1, 1, 1, 1), (0, 1, -1, 1)),
        ("keeps when on", (1, -1, 0, 1), (0, 1, 0, 1)),
        ("keeps when on", (1, -1, 1, 0), (0, 1, 0, 1)),
        ("keeps when on", (1, -1, 1, 1), (0, 1, 0, 1)),
        ("forgets", (0, -1, 0, 0), (0, 1, 0, 1)),
        ("forgets", (0, 0, 0, 0), (0, 1, 0, 1)),
        ("turns at each step", (-1, -1, 0, 0), (0, 1, 0, 1)),
        ("turns at each step", (-1, -1, 0, 0), (1, 1, 0, 1)),
        ("never on", (1, -1, 0, 0), (0, 1, 0, 0)),
        ("parity", (1, -1, 1, 1), (0, 1, 0, 0)),
        ("by number", (1, -1, -3, -5), (0, 1, 2, 3)),
        ("turned", *RIGHT[::-1]),
    ],
)
def test_a_table_of_four_steps_is_told_as_such(id, a, b):
    hot = np.eye(4)
    assert light_steps.judge(lambda x: (hot[x] @ np.array(a), hot[x] @ np.array(b))).id == id


def test_other_mistakes_are_told_as_such():
    def light(x):
        return np.array([_pressed(row) for row in x.tolist()])

    def changes(x):
        return np.ones(x.shape), light(x) - np.pad(light(x), ((0, 0), (1, 0)))[:, :-1]

    assert light_steps.judge(light).id == "light itself"
    assert light_steps.judge(lambda x: (np.zeros(x.shape), light(x))).id == "told the state"
    assert light_steps.judge(changes).id == "told the state"
    assert light_steps.judge(lambda x: np.take(RIGHT[0], x)).id == "factors alone"
