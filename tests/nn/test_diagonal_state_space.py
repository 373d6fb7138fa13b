"""The diagonal state space: convolution, kernel and scan are one; where it starts; bad options named."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, array

from seqlib.nn import DiagonalStateSpace
from seqlib.nn.linear_recurrence import METHODS
from seqlib.nn.state_space import RULES
from seqlib.reference import diagonal_state_space as reference

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def layer(seed=0, **options):
    torch.manual_seed(seed)
    made = DiagonalStateSpace(5, 3, **{"fastest": 0.9, "slowest": 0.05} | options, **DOUBLE)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return made


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("T", [1, 2, 9, 33])
def test_all_methods_and_the_kernel_are_one(rule, T):
    x, h = torch.randn(2, T, 5, **DOUBLE), torch.randn(2, 5, 3, **DOUBLE)
    wanted, last = layer(rule=rule)(x, h)
    for method in METHODS:
        for got, expected in zip(layer(rule=rule, method=method)(x, h), (wanted, last), strict=True):
            torch.testing.assert_close(got, expected, **EXACT)
    K = layer(rule=rule).kernel(T)
    out = sum(K[j] * x[:, T - 1 - j] for j in range(T))
    torch.testing.assert_close(layer(rule=rule)(x)[0][:, -1], out, **EXACT)
    names = ("A_log", "B", "C", "skip", "log_delta")
    params = reference.Params(*(array(getattr(layer(), name)) for name in names))
    np.testing.assert_allclose(array(K), reference.kernel(params, T, rule=rule), **EXACT)


def test_where_it_starts():
    torch.manual_seed(0)
    made = DiagonalStateSpace(3000, 4)
    torch.testing.assert_close(made.A_log[7].exp(), torch.tensor([1.0, 2, 3, 4]))
    assert (made.B == 1).all()
    assert (made.skip == 1).all()
    assert abs(made.C.std() - 0.5) < 0.02
    steps = made.log_delta.exp()
    assert 0.00099 < steps.min() < 0.0011
    assert 0.09 < steps.max() < 0.101
    assert made.extra_repr() == "3000, 4, rule='zero-order hold', method='convolution'"


def test_nothing_comes_round_from_the_end():
    x = torch.zeros(1, 8, 5, **DOUBLE)
    x[0, -1] = 1e6
    assert layer()(x)[0][:, :-1].abs().max() < 1e-8


def test_bad_options_are_named():
    for options, message in [
        ({"d_model": 0}, "d_model must be at least 1"),
        ({"state_size": 0}, "state_size must be at least 1"),
        ({"rule": "exact"}, "rule must be one of"),
        ({"method": "fast"}, "method must be one of 'convolution', 'chunked'"),
        ({"slowest": 0.0}, "slowest must be greater than 0"),
        ({"fastest": 1e-9}, "fastest must be at least"),
    ]:
        with pytest.raises(ValueError, match=message):
            DiagonalStateSpace(**{"d_model": 3} | options)
    with pytest.raises(ValueError, match="T must be at least 1"):
        layer().kernel(0)
