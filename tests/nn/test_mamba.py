"""Mamba's block: its equations out of its parts, its sizes, bad options and states named."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import Mamba


@pytest.mark.parametrize("bias", [False, True])
def test_it_is_its_equations(bias):
    net = drawn(Mamba(4, 3, bias=bias, rule="zero-order hold", negative_eigenvalues=True, method="tree", **DOUBLE))
    x = torch.randn(2, 7, 4, **DOUBLE)
    both = x @ net.in_proj.weight.T + (net.in_proj.bias if bias else 0)
    u, z = both[..., :8], both[..., 8:]
    weight = net.convolution.weight[:, 0]
    padded = torch.cat([torch.zeros(2, 3, 8, **DOUBLE), u], 1)
    c = sum(weight[:, k] * padded[:, k : k + 7] for k in range(4)) + net.convolution.bias
    y, h = net.scan(c * torch.sigmoid(c))
    wanted = (y * z * torch.sigmoid(z)) @ net.out_proj.weight.T + (net.out_proj.bias if bias else 0)
    out, (inputs, last) = net(x)
    torch.testing.assert_close(out, wanted, rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(inputs, u[:, -3:], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(last, h, rtol=1e-11, atol=1e-11)
    assert (net.scan.rule, net.scan.negative_eigenvalues, net.scan.method) == ("zero-order hold", True, "tree")


def test_sizes_and_start():
    net = Mamba(33)
    assert (net.hidden_size, net.scan.state_size, net.scan.step_rank, net.convolution.width) == (66, 16, 3, 4)
    assert net.in_proj.bias is net.out_proj.bias is None
    assert Mamba(8, expand=3).hidden_size == 24
    assert Mamba(8, hidden_size=5, convolution_bias=False).convolution.bias is None
    steps = torch.nn.functional.softplus(Mamba(8, 2, fastest=0.5, slowest=0.4).scan.dt_proj.bias)
    assert 0.39 < steps.min() < steps.max() < 0.51


def test_bad_options_and_states_are_named():
    for options, error, message in [
        ({"d_model": 0}, ValueError, "d_model must be at least 1"),
        ({"expand": 0}, ValueError, "expand must be at least 1"),
        ({"expand": 1.5}, TypeError, "expand must be an integer"),
        ({"hidden_size": 0}, ValueError, "hidden_size must be at least 1"),
        ({"convolution": 0}, ValueError, "convolution must be at least 1"),
        ({"bias": 1}, TypeError, "bias must be True or False"),
        ({"convolution_bias": 1}, TypeError, "convolution_bias must be True or False"),
        ({"rule": "exact"}, ValueError, "rule must be one of"),
    ]:
        with pytest.raises(error, match=message):
            Mamba(**{"d_model": 4} | options)
    net, x = Mamba(4, 3), torch.zeros(2, 5, 4)
    inputs, h = net(x)[1]
    for state, error, message in [
        (h, TypeError, r"state must be a pair, \(inputs, h\), got Tensor"),
        ((inputs[:, 1:], h), ValueError, r"state\[0\] must have shape \(2, 3, 8\), got \(2, 2, 8\)"),
        ((inputs, h[:1]), ValueError, r"state\[1\] must have shape \(2, 8, 3\), got \(1, 8, 3\)"),
        ((inputs, h.double()), TypeError, r"state\[1\] must have the dtype of the weights"),
        ((inputs, 0), TypeError, r"state\[1\] must be a tensor"),
    ]:
        with pytest.raises(error, match=message):
            net(x, state)
        with pytest.raises(error, match=message):
            net.step(x[:, 0], state)
