"""Layer normalisation of chapter 13: torch's and the package's, and what eps can be seen by."""

import numpy as np
import pytest
import torch

from seqlib.exercises.transformer_norm import layer_norm
from seqlib.reference import normalisation


@pytest.mark.parametrize(("x", "gain", "bias", "eps"), layer_norm.cases)
def test_it_is_that_of_torch_and_of_the_package(x, gain, bias, eps):
    made = layer_norm.expected(x, gain, bias, eps)
    theirs = torch.nn.functional.layer_norm(
        torch.tensor(x), (x.shape[-1],), torch.tensor(gain), torch.tensor(bias), eps
    )
    np.testing.assert_allclose(made, theirs, rtol=1e-12, atol=1e-13)
    ours, _ = normalisation.forward(normalisation.LayerNorm(gain, bias), x, eps=eps)
    np.testing.assert_allclose(made, ours, rtol=1e-12, atol=1e-13)


def test_cases_have_a_mean_a_cube_a_large_eps_and_features_that_are_all_alike():
    assert any(len(set(x.shape)) == 1 for x, *_ in layer_norm.cases)
    assert any(len(set(x.shape)) == 3 for x, *_ in layer_norm.cases)
    assert max(eps for *_, eps in layer_norm.cases) >= 0.1
    assert any((x.std(-1) == 0).any() for x, *_ in layer_norm.cases)
    for x, gain, bias, _ in layer_norm.cases:
        assert abs(x.mean()) > 0.3
        assert len(set(gain)) == len(set(bias)) == len(gain)


def _row_by_row(mean, square, root, last=lambda n, gain, bias: gain * n + bias):
    """An answer that normalises each position: by its mean, the mean of squares of what is left, and their root."""

    def answer(x, gain, bias, eps):
        out = np.zeros(x.shape)
        for place in np.ndindex(x.shape[:2]):
            centred = x[place] - mean(x[place])
            out[place] = last(centred / root(square(centred, x[place]), eps), gain, bias)
        return out

    return answer


def _sum(values):
    return sum(values) / len(values)


def _square(c, x):
    return _sum(c * c)


def _root(v, eps):
    return (v + eps) ** 0.5


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _row_by_row(_sum, _square, _root)),
        ("D - 1", _row_by_row(_sum, lambda c, x: sum(c * c) / (len(c) - 1), _root)),
        ("D - 1", _row_by_row(_sum, lambda c, x: sum(c * c) / (len(c) - 1), lambda v, eps: v**0.5 + eps)),
        ("eps outside the root", _row_by_row(_sum, _square, lambda v, eps: v**0.5 + eps)),
        ("eps left out", _row_by_row(_sum, _square, lambda v, eps: v**0.5)),
        ("eps left out", _row_by_row(_sum, _square, lambda v, eps: (v + 1e-5) ** 0.5)),
        ("eps squared", _row_by_row(_sum, _square, lambda v, eps: np.hypot(v**0.5, eps))),
        ("no root", _row_by_row(_sum, _square, lambda v, eps: v + eps)),
        ("RMS normalisation", _row_by_row(lambda x: 0, _square, _root)),
        ("mean left in", _row_by_row(lambda x: 0, lambda c, x: x.var(), _root)),
        ("variance about 0", _row_by_row(_sum, lambda c, x: _sum(x * x), _root)),
        ("sum of squares", _row_by_row(_sum, lambda c, x: c @ c, _root)),
        ("absolute deviation", _row_by_row(_sum, lambda c, x: _sum(abs(c)), lambda v, eps: v + eps)),
        ("centred alone", _row_by_row(_sum, _square, lambda v, eps: 1)),
        ("no gain", _row_by_row(_sum, _square, _root, lambda n, gain, bias: n + bias)),
        ("no bias", _row_by_row(_sum, _square, _root, lambda n, gain, bias: n * gain)),
        ("neither gain nor bias", _row_by_row(_sum, _square, _root, lambda n, gain, bias: n)),
        ("swapped", _row_by_row(_sum, _square, _root, lambda n, gain, bias: bias * n + gain)),
        ("bias times gain", _row_by_row(_sum, _square, _root, lambda n, gain, bias: gain * n + gain * bias)),
        ("1 + gain", _row_by_row(_sum, _square, _root, lambda n, gain, bias: n + gain * n + bias)),
    ],
)
def test_a_mistake_at_each_position_is_told_as_such(id, function):
    assert layer_norm.judge(function).id == id


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1), (1, 2), (0, 1, 2)])
def test_another_axis_is_told(axes):
    def answer(x, gain, bias, eps):
        x, gain, bias = map(torch.tensor, (x, gain, bias))
        var, mean = torch.var_mean(x, axes, correction=0, keepdim=True)
        return gain * (x - mean) / torch.sqrt(var + eps) + bias

    assert layer_norm.judge(answer).id == "another axis"


def test_a_norm_after_the_gain_is_told_with_and_without_the_bias_inside():
    def norm(y, eps):
        return torch.nn.functional.layer_norm(torch.tensor(y), (y.shape[-1],), eps=eps)

    assert layer_norm.judge(lambda x, gain, bias, eps: norm(gain * x + bias, eps)).id == "gain first"
    assert layer_norm.judge(lambda x, gain, bias, eps: norm(gain * x, eps) + torch.tensor(bias)).id == "gain first"


@pytest.mark.parametrize("lost", [(True, True), (True, False), (False, True)])
def test_an_axis_that_is_lost_is_told(lost):
    def answer(x, gain, bias, eps):
        mean, var = (f(-1)[..., None] if not gone else f(-1) for f, gone in zip((x.mean, x.var), lost, strict=True))
        return gain * (x - mean) / np.sqrt(var + eps) + bias

    assert layer_norm.judge(answer).id == "axis lost"
