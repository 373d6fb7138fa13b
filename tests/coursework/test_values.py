"""Values survive the way between processes, and answers are compared as stated."""

import contextlib
import json
import time
import tracemalloc

import numpy as np
import pytest
import torch

from coursework.values import decode, difference, encode, room

VALUES = [
    None, True, 3, 2.5, "text ✓", [1, "a"], [], float("inf"), {"a": [1.0], 2: None},
    np.arange(6.0).reshape(2, 3), np.array(1.5), np.array([True, False]), np.zeros((0, 3)), np.array(["a", "bc"]),
    np.arange(3, dtype=np.float32),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_there_and_back(value):
    back = decode(json.loads(json.dumps(encode(value))))
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray):
        assert (back.shape, back.dtype.kind) == (value.shape, value.dtype.kind)


def test_tuples_scalars_and_tensors_count_as_lists_and_arrays():
    assert decode(encode((1, 2))) == [1, 2]
    assert decode(encode(np.float32(0.5))) == 0.5
    np.testing.assert_equal(decode(encode(torch.ones(2, requires_grad=True))), np.ones(2, np.float32))


@pytest.mark.parametrize("value", [object(), {1, 2}, lambda: 0, np.array([object()]), 1j])
def test_what_is_no_answer_is_refused(value):
    with pytest.raises(TypeError, match="no answer"):
        encode(value)


def array(data="", dtype="<f8", shape=(0,)):
    return {"array": data, "dtype": dtype, "shape": list(shape) if isinstance(shape, tuple) else shape}


@pytest.mark.parametrize(
    "value",
    [
        {"os": "system"},
        {"float": "1" * 1000},
        {"float": [1]},
        {"mapping": {"a": 1}},
        {"mapping": [[1, 2, 3]]},
        {"mapping": [[[1], 2]]},
        {"mapping": [[10**30, 2]]},
        array([], "O"),
        array(dtype="f8," * 10_000),
        array(dtype=["<f8"]),
        array(dtype="<U1000000000"),
        array(shape=(-1, 0)),
        array(shape=(10**15, 0)),
        array(shape=(10**4000,)),
        array(shape=(True, 0)),
        array(shape=(0,) * 33),
        array(shape="0"),
        array(shape=(1,)),
        array("AAAA", shape=(0,)),
        array("AAAAAAAA", "<f4", (1,)),
        array("!!!!!!!!!!!!", "<f8", (1,)),
        array(["a"], "U", (2,)),
        array([1], "U", (1,)),
        array("a", "U", (1,)),
    ],
)
def test_what_was_not_encoded_is_not_decoded(value):
    with pytest.raises(ValueError, match=r"decoded|a shape is|of shape|mapping is|no base64"):
        decode(value)


def test_arrays_of_any_machine_are_encoded():
    for dtype in (">f8", ">i4", np.longdouble, np.float16, np.uint64):
        there = np.arange(3).astype(dtype)
        back = decode(json.loads(json.dumps(encode(there))))
        np.testing.assert_array_equal(back, there.astype(back.dtype))
        assert back.dtype.kind == there.dtype.kind


FAR = (1 << 61) - 1  # a multiple of it has the hash 0


def nested(depth, width=1):
    value = 1
    for _ in range(depth):
        value = [value] * width
    return value


ATTACKS = {
    "a long text among short ones": ["a" * 20_000] + [""] * 20_000,
    "a text among short ones": ["a" * 800] + [""] * 1900,
    "a text among numbers": ["a" * 800] + [0] * 1900,
    "a longer text among short ones": ["a" * 40_000] + [""] * 1900,
    "texts of an array": array(["a" * 20_000] + [""] * 20_000, "U", (20_001,)),
    "colliding keys": {"mapping": [[k * FAR, 0] for k in range(30_000)]},
    "colliding floats for keys": {"mapping": [[float(k * FAR), 0] for k in range(999)]},
    "mappings in mappings": {"mapping": [[k, {"mapping": [[j, 0] for j in range(99)]}] for k in range(99)]},
    "a huge number": 10**4000,
    "huge numbers": [10**4000] * 900,
    "a huge number among floats": [10**4000, 0.5],
    "a float that is infinite": json.loads("1e999"),
    "NaN": float("nan"),
    "deep": nested(900),
    "deep and wide": nested(11, 2),
    "as deep as may be": nested(29),
    "empty lists": [[]] * 1999,
    "rows of different lengths": [[1, 2], [3]] * 300,
    "a large array": encode(np.zeros(3_000_000)),
    "many axes": array(shape=(0,) * 32),
    "many arrays": [array()] * 100_000,
}
EXPECTED = [
    np.ones((4, 4)), 1.0, (1.0, np.ones(3)), [1.0, np.ones(2)], {"a": 1, 0: 2}, "word", None, True, np.array(["a"]),
    "w" * 10_000, np.ones(2000),
]  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_an_answer_that_asks_for_much_gets_nothing(name):
    for expected in EXPECTED:
        tracemalloc.start()
        begin = time.process_time()
        with contextlib.suppress(ValueError):
            assert difference(expected, decode(ATTACKS[name], room(expected)))
        seconds, (_, peak) = time.process_time() - begin, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert seconds < 1
        assert peak < 50 << 20


LARGE = [
    np.zeros((100, 100)), ["a" * 5000] * 10, [[0.5] * 50] * 50, {k: np.ones(9) for k in range(500)}, "x" * 10_000,
    np.array(["a", "b" * 999]), [np.float32(1)] * 2000, np.arange(5000).tolist(),
]  # fmt: skip


@pytest.mark.parametrize("value", [*VALUES, *LARGE], ids=lambda value: type(value).__name__)
def test_there_is_room_for_right_answers_in_every_form(value):
    forms = [value, value.tolist(), list(value)] if isinstance(value, np.ndarray) and value.size > 1 else [value]
    for form in forms:
        sent = json.dumps(encode(form))
        assert len(sent) <= room(value).bytes
        assert difference(value, decode(json.loads(sent), room(value))) is None


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (1.0, 1.00005, None),
        (1.0, np.array(1.0), None),
        (1.0, 1.01, "the number is wrong"),
        (1.0, None, "nothing was returned: print shows a value, return gives it back"),
        (1.0, np.ones(2), "shape"),
        (1.0, float("nan"), "not finite"),
        (1.0, "one", "needed a number"),
        (np.ones((2, 3)), [[1, 1, 1], [1, 1, 1]], None),
        (np.ones((2, 3)), np.ones((3, 2)), "shape"),
        (np.ones((2, 3)), [[1], [1, 2]], "lengths"),
        (np.ones(4), np.array([1, 1, 1, 2.0]), "some entries are wrong"),
        (1e-6 * np.ones(4), 2e-6 * np.ones(4), "all entries are wrong"),
        ([1.0, np.ones(2)], [1.0, np.zeros(2)], "value 2"),
        ((1.0, 2.0), [1.0], "has too few values, needed 2"),
        ((1.0, 2.0), 1.0, "needed 2 values"),
        ([1.0, 2.0], [1.0], "another shape than is needed: its axes have other lengths"),
        ([1.0, 2.0], np.array([1.0, 2.0]), None),
        (True, np.array(True), None),
        (True, 1, "needed True or False"),
        ("a", "b", "wrong"),
        (np.array(["a"]), np.array(["b"]), "entries are wrong"),
    ],
)
def test_difference_in_words(expected, got, words):
    found = difference(expected, got)
    assert (found is None) if words is None else (words in found), found


@pytest.mark.parametrize("value", [np.float16(8.02), np.full(3, 8.02, np.float16), [np.float16(8.02)] * 2])
def test_half_precision_makes_no_wrong_answer_right(value):
    """An answer that is off by a quarter of a percent, which float16 itself could bear."""
    wanted = np.asarray(value, float) * 0 + 8.0
    got = decode(encode(value))
    assert difference(wanted, got)
    assert difference(np.asarray(value, float), got) is None
