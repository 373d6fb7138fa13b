"""What is special about the GRU; that it is torch's layer is the law of test_recurrent.py."""

import pytest
import torch

from seqlib.nn import GRU
from seqlib.nn.steps import CACHED


@pytest.mark.parametrize("gradient", ["derived", "autograd"])
def test_one_step_is_its_formula(gradient):
    torch.manual_seed(0)
    layer = GRU(3, 4, dtype=torch.float64, gradient=gradient)
    w_ih, w_hh, b_ih, b_hh = layer.parameters()
    x, h = torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 4, dtype=torch.float64)
    wanted = []
    for b in range(2):
        (a_r, a_z, a_n), (u_r, u_z, u_n) = (w_ih @ x[b] + b_ih).view(3, 4), (w_hh @ h[b] + b_hh).view(3, 4)
        r, z = 1 / (1 + torch.exp(-a_r - u_r)), 1 / (1 + torch.exp(-a_z - u_z))
        wanted.append((1 - z) * torch.tanh(a_n + r * u_n) + z * h[b])
    out, h_n = layer(x[None], h[None])
    torch.testing.assert_close(out[0], torch.stack(wanted))
    torch.testing.assert_close(h_n[0], torch.stack(wanted))


def test_a_long_sequence_is_walked_in_stretches(assert_close):
    torch.manual_seed(0)
    theirs, ours = torch.nn.GRU(2, 64, dtype=torch.float64), GRU(2, 64, dtype=torch.float64)
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(3 * CACHED // 64 // 64, 64, 2, dtype=torch.float64)
    for layer in (theirs, ours):
        layer(x)[0].square().mean().backward()
    for (name, got), wanted in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert_close(got.grad, wanted.grad, name)


def test_weights_load_both_ways(assert_close):
    x = torch.randn(5, 2, 3)
    for source, target in ((GRU, torch.nn.GRU), (torch.nn.GRU, GRU)):
        a, b = source(3, 4, 2, bidirectional=True), target(3, 4, 2, bidirectional=True)
        b.load_state_dict(a.state_dict())
        assert_close(a(x)[0], b(x)[0], "output", torch.float32)


def test_the_hidden_bias_of_the_candidate_stands_inside_the_reset_gate():
    layer = GRU(2, 3)
    with torch.no_grad():
        layer.bias_hh_l0[6:] = 1.0
        one = layer(torch.ones(4, 1, 2))[0]
        layer.bias_ih_l0[6:] += layer.bias_hh_l0[6:]
        layer.bias_hh_l0[6:] = 0
        other = layer(torch.ones(4, 1, 2))[0]
    assert (one - other).abs().max() > 0.01


def test_the_two_biases_of_the_candidate_have_gradients_of_their_own():
    layer = GRU(2, 3)
    layer(torch.randn(4, 2, 2))[0].sum().backward()
    torch.testing.assert_close(layer.bias_ih_l0.grad[:6], layer.bias_hh_l0.grad[:6])
    assert (layer.bias_ih_l0.grad[6:] - layer.bias_hh_l0.grad[6:]).abs().min() > 1e-4


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1.0])
def test_tanh_by_the_logistic_function_is_off_by_a_rounding_of_one(size):
    torch.manual_seed(0)
    derived = GRU(8, 8)
    plain = GRU(8, 8, gradient="autograd")
    plain.load_state_dict(derived.state_dict())
    x = size * torch.randn(6, 4, 8)
    assert (derived(x)[0] - plain(x)[0]).abs().max() < 8 * torch.finfo(torch.float32).eps


def test_frozen_parameters_get_nothing_and_the_others_what_they_did():
    torch.manual_seed(0)
    layer, x = GRU(3, 4, dtype=torch.float64), torch.randn(5, 2, 3, dtype=torch.float64)
    layer(x)[0].square().sum().backward()
    wanted = {name: p.grad for name, p in layer.named_parameters()}
    for frozen in wanted:
        layer.zero_grad()
        for name, p in layer.named_parameters():
            p.requires_grad_(name != frozen)
        layer(x)[0].square().sum().backward()
        for name, p in layer.named_parameters():
            assert p.grad is None if name == frozen else torch.equal(p.grad, wanted[name])
