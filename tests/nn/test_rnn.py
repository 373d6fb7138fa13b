"""What is special about the RNN; that it is torch's layer is the law of test_recurrent.py."""

import pytest
import torch

from seqlib.nn import RNN


def test_torch_calls_it_by_its_nonlinearity():
    assert RNN(3, 4).mode == torch.nn.RNN(3, 4).mode == "RNN_TANH"
    assert RNN(3, 4, 1, "relu").mode == torch.nn.RNN(3, 4, 1, "relu").mode == "RNN_RELU"


@pytest.mark.parametrize("gradient", ["derived", "autograd"])
def test_one_step_is_its_formula(gradient):
    torch.manual_seed(0)
    layer = RNN(3, 4, dtype=torch.float64, gradient=gradient)
    w_ih, w_hh, b_ih, b_hh = layer.parameters()
    x, h = torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 4, dtype=torch.float64)
    wanted = torch.stack([torch.tanh(w_ih @ x[b] + b_ih + w_hh @ h[b] + b_hh) for b in range(2)])
    out, h_n = layer(x[None], h[None])
    torch.testing.assert_close(out[0], wanted)
    torch.testing.assert_close(h_n[0], wanted)


@pytest.mark.parametrize("gradient", ["derived", "autograd"])
def test_the_slope_of_relu_at_zero_is_zero_as_in_torch(gradient):
    found = []
    for layer in (RNN(2, 2, 1, "relu", gradient=gradient), torch.nn.RNN(2, 2, 1, "relu")):
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.zero_()
        layer(torch.ones(3, 1, 2))[0].sum().backward()
        found.append([parameter.grad for parameter in layer.parameters()])
    for ours, theirs in zip(*found, strict=True):
        assert torch.equal(ours, theirs)
        assert not ours.any()
