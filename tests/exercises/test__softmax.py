"""The softmax of the wrong answers to the practice of chapter 12: torch's, NaN included."""

import numpy as np
import pytest
import torch

from seqlib.exercises._softmax import softmax


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_it_is_that_of_torch(axis):
    e = np.random.default_rng(5).normal(0, 3, (2, 3, 4))
    np.testing.assert_allclose(softmax(e, axis), torch.tensor(e).softmax(axis), rtol=1e-12)


@pytest.mark.parametrize("axis", [None, (1, 2)])
def test_it_may_be_over_more_than_one_axis(axis):
    e = np.random.default_rng(6).normal(0, 3, (2, 3, 4))
    flat = torch.tensor(e).reshape(1 if axis is None else 2, -1).softmax(-1).reshape(e.shape)
    np.testing.assert_allclose(softmax(e, axis), flat, rtol=1e-12)


def test_large_scores_do_not_overflow_and_nothing_but_minus_infinity_is_not_a_number():
    np.testing.assert_array_equal(softmax(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]])), 0.5)
    with np.errstate(invalid="ignore"):
        assert np.isnan(softmax(np.full(3, -np.inf))).all()
