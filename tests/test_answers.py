"""One comparison of answers: what is the same is accepted in every form, what differs is found and named."""

from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from seqlib.answers import NOTHING, TOL, difference, shown

GRID = np.arange(8.0).reshape(2, 4) / 7
SIZES = st.floats(-1e6, 1e6).map(lambda x: x if abs(x) > 1e-30 else 0.0)  # float32 can hold them
ARRAYS = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=SIZES)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=6,
)


class Pair(NamedTuple):
    """Two named parts."""

    W: object
    b: object


def changed(array, place, value):
    other = array.copy()
    other[place] = value
    return other


@given(VALUES)
def test_everything_is_the_same_as_itself(value):
    assert difference(value, value) is None
    assert difference(value, value, tol=0) is None


@given(ARRAYS, st.data())
def test_a_changed_entry_is_found_and_named(array, data):
    place = tuple(data.draw(st.integers(0, n - 1)) for n in array.shape)
    by = data.draw(st.sampled_from([1, -1, 1e-3, -1e-3])) * (abs(array).max() or 1.0)
    other = changed(array, place, array[place] + by)
    found = difference(array, other)
    assert f"entry {list(place)} is " in found
    assert f"1 of {array.size} entries differ" in found or array.size == 1
    assert difference(other, array) is not None or not other.any()  # where nothing has a size, tiny is nothing
    assert difference(array, other, tell=False) == f"{'some' if array.size > 1 else 'all'} entries are wrong"


@given(ARRAYS)
def test_float32_and_tensors_are_the_same(array):
    low = array.astype(np.float32)
    for form in (low, torch.tensor(low, requires_grad=True), low.tolist(), torch.tensor(array), array.tolist()):
        assert difference(array, form) is None
    assert difference((float(array.flat[0]), array), [torch.tensor(low.flat[0]).item(), torch.tensor(low)]) is None


@given(ARRAYS)
def test_exchanged_axes_are_refused(array):
    assume(array.ndim > 1)
    other = np.moveaxis(array, 0, -1)
    assume(other.shape != array.shape or not np.allclose(other, array, rtol=1e-3, atol=1e-3))
    assert difference(array, other) is not None


@given(ARRAYS, st.floats(1e-30, 1e30))
def test_the_unit_does_not_matter(array, unit):
    assume(abs(array).max() > 1e-3)
    largest = np.unravel_index(abs(array).argmax(), array.shape)
    assert difference(array * unit, array * unit * (1 + 1e-10)) is None
    assert difference(array * unit, changed(array * unit, largest, array[largest] * unit * (1 + 1e-3))) is not None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (GRID, GRID.tolist()),
        (GRID, [list(row) for row in torch.tensor(GRID)]),
        (GRID, [torch.tensor(row, requires_grad=True) for row in GRID]),
        (np.arange(3.0), [0, 1, 2]),
        (1.0, np.array(1.0)),
        (1.0, 1),
        (3, 3.0),
        (3, np.float32(3)),
        (10**30, 1e30),
        (1 / 3, np.float32(1 / 3)),
        (1 / 3, torch.tensor(1 / 3).item()),
        (1 / 3, np.float16(1 / 3)),
        (1 / 3, float(np.float32(1 / 3 + 3e-6))),
        (1 / 3, torch.tensor(1 / 3 + 3e-6).item()),
        (0.0, 1e-17),
        (np.array([1.0, 0.0]), np.array([1.0, 1e-16])),
        (np.array([np.nan, np.inf, 1.0]), np.array([np.nan, np.inf, 1.0])),
        ((1.0, 2.0), np.array([1.0, 2.0])),
        ((1.0, 2.0), [1.0, 2.0]),
        (Pair(GRID, 1.0), (GRID, 1.0)),
        (Pair(GRID, 1.0), Pair(torch.tensor(GRID), 1.0)),
        ([GRID, np.ones(2)], (GRID, [1, 1])),
        ({"a": GRID}, {"a": GRID.tolist()}),
        (True, np.True_),
        (np.array([True]), [True]),
        (np.array(["a", "b"]), ["a", "b"]),
        ("word", np.str_("word")),
        (GRID, GRID + 0j),
        (np.ones(3), torch.ones(3, dtype=torch.bfloat16)),
    ],
    ids=repr,
)
def test_forms_that_hold_the_same(expected, got):
    assert difference(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (GRID, changed(GRID, (1, 3), 0.52), "entry [1, 3] is 0.52, needed 1; 1 of 8 entries differ"),
        (GRID, changed(GRID, (1, 0), np.nan), "entry [1, 0] is NaN, needed 0.571; 1 of 8 entries differ"),
        (GRID, changed(-GRID, (1, 1), -np.inf), "entry [1, 1] is -inf, needed 0.714; 7 of 8 entries differ"),
        (GRID, GRID.T, "the result has shape (4, 2), needed (2, 4)"),
        (GRID, GRID[0].tolist(), "the result has shape (4,), needed (2, 4)"),
        (GRID, 0.5, "the result is 0.5, needed an array of shape (2, 4)"),
        (GRID, [[1, 2], [3]], "the result has rows of different lengths, needed an array of shape (2, 4)"),
        (GRID, np.array([None, 1.0]), "the result is an array of objects (dtype object), needed numbers"),
        (GRID, None, NOTHING),
        (GRID, GRID > 0.5, "the result holds True and False, needed numbers"),
        (GRID, "text", "the result is 'text', needed an array of shape (2, 4)"),
        (GRID, np.full((2, 4), "1"), "the result holds text, needed numbers"),
        (1.0, [1.0], "the result has shape (1,), needed a number"),
        (1.0, True, "the result is True, needed a number"),
        (1.0, 10**400, "the result is inf, needed 1"),
        (1.0, {1.0}, "the result is {1.0}, needed a number"),
        (1 / 3, 1 / 3 + 1e-6, "the result is 0.333334, needed 0.333333"),
        (1e-9, 2e-9, "the result is 2e-09, needed 1e-09"),
        (21385, 21386, "the result is 21386, needed 21385"),
        (21385, 21386.0, "the result is 21386, needed 21385"),
        (21385, np.float32(21385.5), "the result is 21385.5, needed 21385"),
        (10**6, 10**6 + 1, "the result is 1000001, needed 1000000"),
        (True, 1, "the result is 1, needed True or False"),
        (np.array([True]), [1], "the result holds numbers, needed True and False"),
        ((1.0, 2.0), (1.0, 2.5), "value 2 is 2.5, needed 2"),
        ((1.0, 2.0), (1.0,), "the result has 1 values, needed 2"),
        ((1.0, GRID), GRID, "the result is one array of shape (2, 4), needed 2 values"),
        ((1.0, 2.0), 1.0, "the result is 1, needed 2 values"),
        ((1.0, 2.0), (1.0, None), "value 2 is None"),
        ((1.0, (2.0, GRID)), (1.0, (2.0, -GRID)), "entry [0, 1] of value 2 of value 2 is -0.143, needed 0.143"),
        (Pair(GRID, 1.0), (GRID, 2.0), "b is 2, needed 1"),
        (Pair(GRID, 1.0), (GRID.T, 1.0), "W has shape (4, 2), needed (2, 4)"),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.zeros(3)], "entry [0] of value 2 is 0, needed 1; 3 of 3"),
        ([1.0, 2.0], [1.0, True], "the result holds True and False, needed numbers"),
        ({"a": 1.0}, {"b": 1.0}, "the result has no 'a'"),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}, "the result has 'b', which is not needed"),
        ({"a": 1.0}, {"a": 2.0}, "the result['a'] is 2, needed 1"),
        ({"a": 1.0}, 1.0, "the result is 1, needed a dict"),
        ("word", "other", "the result is 'other', needed 'word'"),
        ("word", 3, "the result is 3, needed a text"),
        (None, 3, "the result is 3, needed None"),
        (np.array([np.inf, 1.0]), np.array([-np.inf, 1.0]), "entry [0] is -inf, needed inf; 1 of 2 entries differ"),
        (np.array([np.nan, 1.0]), np.array([0.5, 1.0]), "entry [0] is 0.5, needed NaN; 1 of 2 entries differ"),
        (np.exp, np.sin, "the result is the function sin, needed the function exp"),
    ],
    ids=repr,
)
def test_what_differs_is_said(expected, got, words):
    assert words in difference(expected, got)
    assert difference(expected, got, tell=False)


def test_without_telling_no_number_of_either_side_is_said():
    for expected, got in [
        (0.123, 0.456),
        (GRID, -GRID),
        ((1, 0.5), (1, 0.7)),
        ("abc", "xyz"),
        (0.5, "xyz"),
        (True, False),
    ]:
        said = difference(expected, got, tell=False)
        assert not {"0.12", "0.45", "0.14", "0.5", "0.7", "abc", "xyz", "True"} & set(said.replace(";", "").split())
        assert "needed 0" not in said
    assert difference(0.1, 0.2, tell=False) == "the number is wrong"
    assert difference(0.1, np.nan, tell=False) == "the number is not finite"


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (GRID, np.zeros((0, 1234567, 89))),
        (GRID, np.zeros(77777)),
        (GRID, GRID.T),
        (GRID, np.ones(GRID.shape)),
        ({"a": 1.0}, {"hidden 77": 1.0}),
        ({"a": 1.0}, {"a": 1.0, 77: 2.0}),
        ((1.0, 2.0), (1.0,) * 77),
        ((1.0, 2.0), np.ones((77, 3))),
        (1.0, type("hidden77", (), {})()),
        ([1.0, GRID], [1.0, np.ones(77)]),
    ],
)
def test_without_telling_an_answer_cannot_be_made_to_speak(expected, got):
    said = difference(expected, got, tell=False)
    assert "77" not in said
    assert "hidden" not in said
    assert set(said) & set("0123456789") <= {"2"}, "how many values are needed"


class Trap:
    """An answer that raises whatever is asked of it."""

    def __repr__(self):
        raise KeyError

    def __array__(self, *_, **__):
        raise KeyError

    def detach(self):
        raise KeyError

    cpu = detach


def test_no_answer_can_stop_the_comparison():
    nested, odd = [1.0], np.empty(1, dtype=object)
    nested.append(nested)
    odd[0] = Trap()
    for expected in (GRID, 1.0, (1.0, 2.0), {"a": 1}, "text", None, True):
        for got in (
            Trap(),
            nested,
            Trap,
            [Trap()],
            (Trap(),),
            {"a": Trap()},
            odd,
            1j,
            (x for x in "ab"),
        ):
            assert difference(expected, got)
            assert difference(expected, got, tell=False)


def test_tolerance_is_of_the_entry_and_a_tenth_of_the_largest():
    for size in (1e-20, 1.0, 1e20):
        assert difference([size, 0.0], [size * (1 + TOL), size * 0.09 * TOL]) is None
        assert difference([size, 0.0], [size, size * 0.11 * TOL]) is not None
        assert difference([size, size / 100], [size, size / 100 + size * 0.12 * TOL]) is not None


def test_tolerance_is_checked():
    with pytest.raises(ValueError, match="tol"):
        difference(1.0, 1.0, tol=-1)
    assert difference(1.0, 1.001, tol=0.01) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([1.0, 0.25]), "[1. , 0.25]"),
        (GRID, "an array of shape (2, 4)"),
        (1 / 3, "0.333333"),
        (torch.tensor(0.5), "0.5"),
        (np.exp, "the function exp"),
        (Pair(1, 2), "a Pair"),
        ("x" * 99, "'" + "x" * 56 + "..."),
        ([np.ones(2), np.ones((2, 4))], "[[1., 1.], an array of shape (2, 4)]"),
        (None, "None"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_shown_in_one_short_line(value, words):
    assert shown(value) == words
