"""What is special about the LSTM; that it is torch's layer is the law of test_recurrent.py."""

import random

import pytest
import torch

from seqlib.nn import LSTM, SequenceModel

each_rung = pytest.mark.parametrize("gradient", ["derived", "autograd"])
projections = pytest.mark.parametrize("proj_size", [0, 3])


@each_rung
@projections
def test_one_step_is_its_formula(gradient, proj_size):
    torch.manual_seed(0)
    layer = LSTM(3, 4, proj_size=proj_size, dtype=torch.float64, gradient=gradient)
    w_ih, w_hh, b_ih, b_hh, *w_hr = layer.parameters()
    x, h, c = (torch.randn(2, width, dtype=torch.float64) for width in (3, proj_size or 4, 4))
    for b in range(2):
        a = w_ih @ x[b] + b_ih + w_hh @ h[b] + b_hh
        i, f, o = (torch.sigmoid(a[rows : rows + 4]) for rows in (0, 4, 12))
        g = torch.tanh(a[8:12])
        cell = f * c[b] + i * g
        wanted = o * torch.tanh(cell)
        if proj_size:
            wanted = w_hr[0] @ wanted
        out, (h_n, c_n) = layer(x[None, b], (h[None, b], c[None, b]))
        torch.testing.assert_close(out[0], wanted)
        torch.testing.assert_close(h_n[0], wanted)
        torch.testing.assert_close(c_n[0], cell)


@pytest.mark.parametrize("seed", range(100))
def test_projections_of_every_size(cells, monkeypatch, hold_to_torch, seed):
    size = random.Random(seed).randint(1, 5)
    monkeypatch.setitem(cells, "projected", (LSTM, torch.nn.LSTM, {"proj_size": size}))
    hold_to_torch(1000 + seed, "projected")


@each_rung
def test_gates_that_are_wide_open_or_shut_give_no_nan(gradient):
    """With sums of ±1000 every gate is 0 or 1, and what is kept passes unchanged."""
    layer = LSTM(1, 2, gradient=gradient)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
        layer.bias_ih_l0.copy_(torch.tensor([-1e3, 1e3, 1e3, -1e3, 1e3, 1e3, 1e3, 1e3]))
    c = torch.tensor([[[0.5, 0.25]]], requires_grad=True)
    out, (_, c_n) = layer(torch.zeros(30, 1, 1), (torch.zeros(1, 1, 2), c))
    torch.testing.assert_close(c_n, torch.tensor([[[0.5, 1.0]]]))  # kept, not written; written anew, not kept
    torch.testing.assert_close(out[-1], torch.tanh(c_n[0]))
    (dc,) = torch.autograd.grad(c_n.sum(), c)
    torch.testing.assert_close(dc, torch.tensor([[[1.0, 0.0]]]))
    assert all(
        grad.isfinite().all()
        for grad in torch.autograd.grad(layer(torch.ones(3, 1, 1))[0].sum(), [*layer.parameters()])
    )


def test_a_projected_layer_has_its_own_widths():
    layer = LSTM(3, 5, 2, bidirectional=True, proj_size=2)
    out, (h_n, c_n) = layer(torch.randn(4, 2, 3))
    assert (out.shape, h_n.shape, c_n.shape) == ((4, 2, 4), (4, 2, 2), (4, 2, 5))
    assert repr(layer) == "LSTM(3, 5, proj_size=2, num_layers=2, bidirectional=True)"
    with pytest.raises(ValueError, match=r"hx must have shape \(4, 2, 2\), got \(4, 2, 5\)"):
        layer(torch.randn(4, 2, 3), (c_n, c_n))


def test_a_read_out_fits_a_projection():
    model = SequenceModel(LSTM(3, 5, batch_first=True, bidirectional=True, proj_size=2), 7)
    assert model(torch.randn(2, 4, 3))[0].shape == (2, 4, 7)


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (4, ValueError, "proj_size must be at most 3, got 4"),
        (-1, ValueError, "proj_size must be at least 0, got -1"),
        (1.0, TypeError, "proj_size must be an integer, got float 1.0"),
    ],
)
def test_a_projection_is_smaller_than_what_it_projects(size, error, message):
    with pytest.raises(error, match=message):
        LSTM(3, 4, proj_size=size)
