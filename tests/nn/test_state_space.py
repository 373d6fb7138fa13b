"""From continuous time to steps: the three rules are the reference, without cancellation and with its gradients."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE

from seqlib.nn import state_space
from seqlib.nn.state_space import MAMBA_CODE, MAMBA_PAPER, RULES, discretise, drawn_steps, time_constants
from seqlib.reference import state_space as reference

each = pytest.mark.parametrize("rule", RULES)


@each
def test_it_is_the_reference(rule):
    rng = np.random.default_rng(0)
    delta, B = rng.uniform(0.01, 2, (5, 4, 1)), rng.normal(size=(5, 1, 3))
    for A in (-rng.uniform(0, 3, (4, 3)), -rng.uniform(0, 1e-7, (4, 3)), np.zeros((4, 3))):
        got = discretise(*(torch.tensor(x) for x in (delta, A, B)), rule)
        for ours, wanted in zip(got, reference.discretise(delta, A, B, rule), strict=True):
            np.testing.assert_allclose(ours.numpy(), wanted, rtol=1e-13)


@each
def test_gradients_are_right_where_they_could_cancel(rule):
    for size in (1e-9, 1e-3, 0.0999999, 0.1000001, 1.0, 20.0):
        given = [torch.tensor(x, **DOUBLE, requires_grad=True) for x in ([0.7, 1.0], [-size, -size / 2], [1.3, -2.0])]
        assert torch.autograd.gradcheck(lambda *x: discretise(*x, rule), given, eps=1e-7 * max(1, size), rtol=1e-5)
    delta, A, B = (torch.tensor(x, **DOUBLE, requires_grad=True) for x in (0.5, 0.0, 3.0))
    a, b = discretise(delta, A, B, rule)
    torch.testing.assert_close(torch.autograd.grad(a, A, retain_graph=True)[0], delta.detach())
    if rule == "zero-order hold":
        torch.testing.assert_close(torch.autograd.grad(b, A)[0], torch.tensor(0.5**2 / 2 * 3, **DOUBLE))
        A = torch.tensor(-2e-6, **DOUBLE, requires_grad=True)  # z = -1e-6, where digits are lost
        got = torch.autograd.grad(discretise(delta, A, B, rule)[1], A)[0]
        z = -1e-6
        torch.testing.assert_close(
            got, torch.tensor(0.5**2 * 3 * (1 / 2 + z / 3 + z * z / 8), **DOUBLE), rtol=1e-12, atol=0
        )


def test_names_are_those_of_the_reference():
    assert reference.RULES == RULES
    assert (reference.MAMBA_CODE, reference.MAMBA_PAPER) == (MAMBA_CODE, MAMBA_PAPER)
    with pytest.raises(ValueError, match="rule must be one of 'zero-order hold', 'euler', 'mixed', got 'hold'"):
        discretise(*torch.ones(3), "hold")
    assert state_space.__doc__


def test_where_layers_start():
    torch.testing.assert_close(time_constants(2, 3, DOUBLE).exp(), torch.tensor([[1.0, 2, 3]] * 2, **DOUBLE))
    torch.manual_seed(0)
    steps = drawn_steps(4000, 0.5, 0.01, DOUBLE).exp()
    assert 0.01 <= steps.min() < 0.0102
    assert 0.49 < steps.max() <= 0.5
    assert abs(steps.log().mean() - np.log(0.005) / 2) < 0.1
    for options, message in [
        ((3, 0.1, 0), "slowest must be greater than 0"),
        ((3, 0.1, 0.2), "fastest must be at lea"),
    ]:
        with pytest.raises(ValueError, match=message):
            drawn_steps(*options, DOUBLE)
    for sizes, message in [((0, 3), "d_model must be at least 1"), ((3, 0), "state_size must be at least 1")]:
        with pytest.raises(ValueError, match=message):
            time_constants(*sizes, DOUBLE)
