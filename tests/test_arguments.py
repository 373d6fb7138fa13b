"""Every check of arguments: what it lets through, and what the refusal says."""

import numpy as np
import pytest
import torch

from seqlib import arguments as a

GOOD = {
    "integer": (lambda: a.check_integer("n", np.int32(3), low=3, high=3), 3),
    "number": (lambda: a.check_number("x", np.float32(0.5), above=0, high=0.5), 0.5),
    "number from integer": (lambda: a.check_number("x", 2, low=2), 2.0),
    "choice": (lambda: a.check_choice("kind", "relu", ("tanh", "relu")), "relu"),
    "shape": (lambda: a.check_shape("x", np.ones((2, 5, 3)), ("B", "T", 3)), {"B": 2, "T": 5}),
    "shape of a tensor": (lambda: a.check_shape("x", torch.ones(4, 4), ("H", "H")), {"H": 4}),
    "shape of a number": (lambda: a.check_shape("x", np.array(1.0), ()), {}),
}


@pytest.mark.parametrize("case", GOOD)
def test_good_values_pass(case):
    call, wanted = GOOD[case]
    got = call()
    assert got == wanted
    assert type(got) is type(wanted)


def test_arrays_come_back_in_one_dtype():
    assert a.real_array("x", [1, 2]).dtype == np.float64
    assert a.real_array("x", np.ones(2, np.float32)).dtype == np.float64
    assert a.real_array("x", np.ones(2, np.complex64)).dtype == np.complex128
    assert a.real_array("x", torch.ones(2)).dtype == np.float64
    assert a.real_array("x", [np.nan], finite=False).shape == (1,)
    x = np.ones(3)
    assert a.real_array("x", x) is x
    ids = a.check_ids("ids", np.array([[0, 4]], np.int8), 5, ("B", "T"))
    assert ids.dtype == np.int64
    assert a.check_ids("ids", [], 5).dtype == np.int64
    assert a.check_lengths("lengths", [0, 3], 3).tolist() == [0, 3]
    assert a.check_lengths("lengths", []).tolist() == []
    assert a.check_mask("mask", [[True, False]], (1, 2)).dtype == bool
    assert a.check_finite("x", np.zeros(0)) is None


def test_right_float64_arrays_are_seen_fast_and_wrong_ones_are_told_all_the_same():
    large = np.full((2, 3), 1e200)  # its square overflows
    assert a.real_array("x", large, ("B", 3)) is large
    assert a.real_array("x", np.zeros((0, 3)), ("B", 3)).shape == (0, 3)
    assert a.real_array("x", np.eye(2)[::-1].T, ("H", "H")).shape == (2, 2)
    bad = np.ones((2, 3))
    bad[1, 2] = np.nan
    for wrong, shape, told in (
        (bad, ("B", 3), r"x must be finite, but x\[1, 2\] is nan"),
        (-np.inf * large, ("B", 3), r"x must be finite, but x\[0, 0\] is -inf"),
        (large, ("H", "H"), r"x must have shape \(H, H\), got \(2, 3\)"),
        (large, ("B", 3, 1), "x must have shape"),
        (large[0], ("B", 3), "x must have shape"),
    ):
        with pytest.raises(ValueError, match=told):
            a.real_array("x", wrong, shape)


BAD = {
    "integer is float": (lambda: a.check_integer("n", 3.0), TypeError, "n must be an integer, got float 3.0"),
    "integer is bool": (lambda: a.check_integer("n", True), TypeError, "n must be an integer, got bool True"),
    "integer is None": (lambda: a.check_integer("n", None), TypeError, "n must be an integer, got NoneType None"),
    "integer low": (lambda: a.check_integer("n", 2, low=3), ValueError, "n must be at least 3, got 2"),
    "integer high": (lambda: a.check_integer("n", 4, high=3), ValueError, "n must be at most 3, got 4"),
    "number is text": (lambda: a.check_number("x", "1"), TypeError, "x must be a real number, got str '1'"),
    "number is bool": (lambda: a.check_number("x", np.True_), TypeError, "x must be a real number"),
    "number is complex": (lambda: a.check_number("x", 1j), TypeError, "x must be a real number, got complex 1j"),
    "number is NaN": (lambda: a.check_number("x", np.nan), ValueError, "x must be finite, got nan"),
    "number is infinite": (lambda: a.check_number("x", np.inf), ValueError, "x must be finite, got inf"),
    "number at its bound": (lambda: a.check_number("x", 0, above=0), ValueError, "x must be greater than 0, got 0"),
    "number low": (lambda: a.check_number("x", -1, low=0), ValueError, "x must be at least 0, got -1"),
    "number high": (lambda: a.check_number("x", 2, high=1), ValueError, "x must be at most 1, got 2"),
    "choice": (lambda: a.check_choice("kind", "sin", ("tanh", "relu")), ValueError, "one of 'tanh', 'relu', got 'sin'"),
    "choice unhashable": (lambda: a.check_choice("kind", [], ("tanh",)), ValueError, "kind must be one of 'tanh'"),
    "shape rank": (
        lambda: a.check_shape("x", np.ones(3), ("B", 3)),
        ValueError,
        r"x must have shape \(B, 3\), got \(3\)",
    ),
    "shape size": (lambda: a.check_shape("x", np.ones((2, 4)), ("B", 3)), ValueError, r"\(B, 3\), got \(2, 4\)"),
    "shape not square": (
        lambda: a.check_shape("W", np.ones((2, 4)), ("H", "H")),
        ValueError,
        r"\(H, H\), got \(2, 4\)",
    ),
    "shape of a list": (lambda: a.check_shape("x", [1, 2], (2,)), TypeError, "x must be an array of shape"),
    "array of text": (lambda: a.real_array("x", ["a"]), TypeError, "x must hold real numbers, got dtype <U1"),
    "array of bools": (lambda: a.real_array("x", [True]), TypeError, "x must hold real numbers, got dtype bool"),
    "ragged": (lambda: a.real_array("x", [[1], [1, 2]]), TypeError, "x must be an array of numbers, got list"),
    "array NaN": (lambda: a.real_array("x", [[0, np.nan]]), ValueError, r"x must be finite, but x\[0, 1\] is nan"),
    "array shape": (lambda: a.real_array("x", [1.0], (2,)), ValueError, r"x must have shape \(2\), got \(1\)"),
    "ids float": (lambda: a.check_ids("ids", [1.0], 5), TypeError, "ids must hold integer ids, got dtype float64"),
    "ids high": (lambda: a.check_ids("ids", [0, 5], 5), ValueError, r"ids from 0 to 4, but ids\[1\] is 5"),
    "ids negative": (lambda: a.check_ids("ids", [-1], 5), ValueError, r"ids from 0 to 4, but ids\[0\] is -1"),
    "ids shape": (lambda: a.check_ids("ids", [1], 5, ("B", "T")), ValueError, r"ids must have shape \(B, T\)"),
    "mask numbers": (lambda: a.check_mask("mask", [0, 1], (2,)), TypeError, "mask must be boolean"),
    "mask shape": (lambda: a.check_mask("mask", [True], (2,)), ValueError, r"mask must have shape \(2\), got \(1\)"),
    "lengths negative": (lambda: a.check_lengths("lengths", [1, -1]), ValueError, r"least 0, but lengths\[1\] is -1"),
    "lengths long": (
        lambda: a.check_lengths("lengths", [4], 3),
        ValueError,
        r"least 0 and at most 3, but lengths\[0\] is 4",
    ),
    "lengths least": (lambda: a.check_lengths("lengths", [0], 3, least=1), ValueError, "at least 1 and at most 3"),
    "lengths float": (lambda: a.check_lengths("lengths", [1.0]), TypeError, "lengths must hold integers"),
    "lengths matrix": (lambda: a.check_lengths("lengths", [[1]]), ValueError, "lengths must be a vector"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_values_are_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()


def test_a_long_value_is_shortened():
    with pytest.raises(TypeError, match=r"got str 'a{36}\.\.\.$"):
        a.check_integer("n", "a" * 100)
