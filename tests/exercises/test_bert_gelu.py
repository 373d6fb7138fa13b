"""gelu of chapter 14: torch's value and slope, and each mistake as torch differentiates it."""

import math

import numpy as np
import pytest
import torch

from seqlib.exercises.bert_gelu import gelu


@pytest.mark.parametrize("x", [x for (x,) in gelu.cases])
def test_value_and_slope_are_torch_s(x):
    at = torch.tensor(x, requires_grad=True)
    value = torch.nn.functional.gelu(at)
    (slope,) = torch.autograd.grad(value.sum(), at)
    for made, theirs in zip(gelu.expected(x), (value, slope), strict=True):
        np.testing.assert_allclose(made, theirs.detach(), rtol=1e-12, atol=1e-14)


def test_cases_have_both_signs_0_and_where_tanh_is_told_apart():
    assert any((x == 0).any() for (x,) in gelu.cases)
    for (x,) in gelu.cases:
        assert x.min() < -2
        assert x.max() > 2
        theirs = torch.nn.functional.gelu(torch.tensor(x), approximate="tanh").numpy()
        assert abs(theirs - gelu.expected(x)[0]).max() > 2e-4


def _slope_of(function):
    """Value and slope, the latter by autograd."""

    def answer(x):
        at = torch.tensor(x, requires_grad=True)
        value = function(at)
        return value, torch.autograd.grad(value.sum(), at)[0]

    return answer


def _mixed(function, slope):
    """The value of one function, and a slope that is written down."""
    return lambda x: (function(torch.tensor(x)), slope(torch.tensor(x)))


def _phi(x):
    return torch.exp(torch.distributions.Normal(0, 1).log_prob(x))


_Phi, _gelu = torch.special.ndtr, torch.nn.functional.gelu


def _right_slope(x):
    return _Phi(x) + x * _phi(x)


def _tanh(x):
    return _gelu(x, approximate="tanh")


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _slope_of(_gelu)),
        ("tanh for erf", _slope_of(_tanh)),
        ("tanh for erf", _mixed(_tanh, _right_slope)),
        ("sigmoid", _slope_of(torch.nn.functional.silu)),
        ("sigmoid", _slope_of(lambda x: x * torch.sigmoid(1.702 * x))),
        ("sigmoid", _mixed(lambda x: x * torch.sigmoid(1.702 * x), _right_slope)),
        ("x as a constant", _mixed(_gelu, _Phi)),
        ("Φ as a constant", _mixed(_gelu, lambda x: x * _phi(x))),
        ("φ without x", _mixed(_gelu, lambda x: _Phi(x) + _phi(x))),
        ("φ without x", _mixed(_gelu, _phi)),
        ("minus", _mixed(_gelu, lambda x: _Phi(x) - x * _phi(x))),
        ("derivative of φ", _mixed(_gelu, lambda x: _Phi(x) - x**2 * _phi(x))),
        ("derivative of φ", _mixed(_gelu, lambda x: _phi(x) - x**2 * _phi(x))),
        ("√(2π) left out", _mixed(_gelu, lambda x: _Phi(x) + x * _phi(x) * math.sqrt(2 * math.pi))),
        ("√(2π) left out", _mixed(_gelu, lambda x: _Phi(x) + x * _phi(x) / math.sqrt(2 * math.pi))),
        ("√(2π) left out", _mixed(_gelu, lambda x: _Phi(x) + x * _phi(x) * math.sqrt(2))),
        ("√(2π) left out", _mixed(_gelu, lambda x: _Phi(x) + 2 * x * torch.exp(-(x**2)) / math.sqrt(math.pi))),
        ("√2 left out", _mixed(lambda x: x * _Phi(2**0.5 * x), lambda x: _Phi(2**0.5 * x) + x * _phi(x))),
        ("√2 left out everywhere", _slope_of(lambda x: x * _Phi(2**0.5 * x))),
        ("erf for Φ", _mixed(lambda x: x * (2 * _Phi(x) - 1), lambda x: 2 * _Phi(x) - 1 + x * _phi(x))),
        ("erf for Φ", _mixed(lambda x: x * torch.erf(x), lambda x: torch.erf(x) + x * _phi(x))),
        ("not halved", _slope_of(lambda x: 2 * _gelu(x))),
        ("not halved", _mixed(lambda x: 2 * _gelu(x), lambda x: 2 * _Phi(x) + x * _phi(x))),
        ("relu", _slope_of(torch.relu)),
        ("relu", _mixed(torch.relu, _right_slope)),
        ("slope by the value", _mixed(_gelu, lambda x: _right_slope(_gelu(x)))),
        ("Φ for the value", _slope_of(_Phi)),
        ("Φ for the value", _mixed(_Phi, _right_slope)),
        ("order", lambda x: _slope_of(_gelu)(x)[::-1]),
        ("value alone", lambda x: _gelu(torch.tensor(x))),
    ],
)
def test_another_function_or_slope_is_told_as_such(id, function):
    assert gelu.judge(function).id == id
