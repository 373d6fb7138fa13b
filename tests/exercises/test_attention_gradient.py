"""The way back of chapter 12: autograd's and the package's, and each mistake by the Jacobian."""

import numpy as np
import pytest
import torch

from seqlib.exercises.attention_gradient import attention_backward
from seqlib.reference.attention import softmax_backward


@pytest.mark.parametrize(("dcontext", "weights", "values"), attention_backward.cases)
def test_both_gradients_are_those_of_autograd_and_of_the_package(dcontext, weights, values):
    scores = torch.tensor(weights).log().requires_grad_()
    v = torch.tensor(values, requires_grad=True)
    (scores.softmax(-1) @ v).backward(torch.tensor(dcontext))
    dscores, dvalues = attention_backward.expected(dcontext, weights, values)
    np.testing.assert_allclose(dscores, scores.grad, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(dvalues, v.grad, rtol=1e-12, atol=1e-14)
    theirs = softmax_backward(weights, dcontext @ values.swapaxes(1, 2))
    np.testing.assert_allclose(dscores, theirs, rtol=1e-12, atol=1e-14)


def test_cases_have_padding_other_sizes_and_equal_ones():
    sizes = [(*a.shape, v.shape[-1]) for _, a, v in attention_backward.cases]
    assert any(len(set(of_case[1:])) == 3 for of_case in sizes)
    assert any(len(set(of_case)) == 1 for of_case in sizes)
    assert all((a == 0).any() for _, a, _ in attention_backward.cases)
    for _, a, _ in attention_backward.cases:
        np.testing.assert_allclose(a.sum(-1), 1)


def _row_by_row(of_scores, of_values=lambda d, a: np.outer(a, d)):
    """An answer by a Jacobian for each query, and what each query gives to the values."""

    def answer(dcontext, weights, values):
        dscores, dvalues = np.zeros(weights.shape), np.zeros(values.shape)
        for b, t in np.ndindex(weights.shape[:2]):
            a, d = weights[b, t], dcontext[b, t]
            dscores[b, t] = of_scores(a, values[b] @ d)
            dvalues[b] += of_values(d, a)
        return dscores, dvalues

    return answer


def _jacobian(a, da):
    return (np.diag(a) - np.outer(a, a)) @ da


@pytest.mark.parametrize(
    ("id", "of_scores"),
    [
        ("right", _jacobian),
        ("sum left out", lambda a, da: np.diag(a) @ da),
        ("no softmax", lambda a, da: da),
        ("weights are constants", lambda a, da: 0),
        ("own share alone", lambda a, da: np.diag(np.diag(np.diag(a) - np.outer(a, a))) @ da),
        ("sum without weights", lambda a, da: a * (da - da.sum())),
        ("sum without weights", lambda a, da: a * (da - da.mean())),
        ("weight left out in front", lambda a, da: da - a @ da),
        ("sum not weighted", lambda a, da: a * da - a @ da),
        ("added", lambda a, da: (np.diag(a) + np.outer(a, a)) @ da),
        ("log-softmax", lambda a, da: (np.eye(len(a)) - np.outer(a, np.ones(len(a)))) @ da),
        ("mean of the products", lambda a, da: a * (da - (a * da).mean())),
    ],
)
def test_a_mistake_in_the_jacobian_is_told_as_such(id, of_scores):
    assert attention_backward.judge(_row_by_row(of_scores)).id == id


@pytest.mark.parametrize(
    ("id", "of_values"),
    [
        ("no weights in dvalues", lambda d, a: np.outer(a * 0 + 1, d)),
        ("mean over queries", lambda d, a: np.outer(a, d) / len(a)),
    ],
)
def test_a_mistake_in_the_values_is_told_as_such(id, of_values):
    assert attention_backward.judge(_row_by_row(_jacobian, of_values)).id == id


@pytest.mark.parametrize("axis", [0, 1, None, (1, 2)])
def test_a_sum_over_another_axis_is_told_as_such(axis):
    def answer(dcontext, weights, values):
        da = np.einsum("btd,bsd->bts", dcontext, values)
        total = (weights * da).sum(axis, keepdims=True)
        return weights * (da - total), np.einsum("bts,btd->bsd", weights, dcontext)

    assert attention_backward.judge(answer).id == "sum over another axis"


@pytest.mark.parametrize("put", [lambda total: total, lambda total: total[:, None]])
def test_a_sum_that_lost_its_axis_is_told_as_such(put):
    def answer(dcontext, weights, values):
        da = np.einsum("btd,bsd->bts", dcontext, values)
        return weights * (da - put((weights * da).sum(-1))), np.einsum("bts,btd->bsd", weights, dcontext)

    assert attention_backward.judge(answer).id == "axis lost"
