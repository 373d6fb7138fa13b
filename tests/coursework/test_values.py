"""Values survive the way between processes, and answers are compared as stated."""

import json

import numpy as np
import pytest
import torch

from coursework.values import decode, difference, encode

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


@pytest.mark.parametrize("value", [{"array": [], "dtype": "O", "shape": [0]}, {"os": "system"}])
def test_what_was_not_encoded_is_not_decoded(value):
    with pytest.raises(ValueError, match="decoded"):
        decode(value)


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
        (np.ones(4), np.array([1, 1, 1, 2.0]), "entry [3] is wrong; 1 of 4 entries differ"),
        (1e-6 * np.ones(4), 2e-6 * np.ones(4), "4 of 4 entries differ"),
        ([1.0, np.ones(2)], [1.0, np.zeros(2)], "value 2"),
        ((1.0, 2.0), [1.0], "has 1 values, needed 2"),
        ((1.0, 2.0), 1.0, "needed 2 values"),
        ([1.0, 2.0], [1.0], "has shape (1,), needed (2,)"),
        ([1.0, 2.0], np.array([1.0, 2.0]), None),
        (True, np.array(True), None),
        (True, 1, "needed True or False"),
        ("a", "b", "wrong"),
        (np.array(["a"]), np.array(["b"]), "entry [0] is wrong"),
    ],
)
def test_difference_in_words(expected, got, words):
    found = difference(expected, got)
    assert (found is None) if words is None else (words in found), found
