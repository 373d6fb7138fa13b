"""The selective scan: its equation for each rule, where it starts, bad options named."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import SelectiveScan, selective_scan
from seqlib.nn.state_space import RULES


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("negative", [False, True])
def test_it_is_its_equation(rule, negative):
    layer = drawn(SelectiveScan(5, 3, 2, rule=rule, negative_eigenvalues=negative, **DOUBLE))
    x, h = torch.randn(2, 6, 5, **DOUBLE), torch.randn(2, 5, 3, **DOUBLE)
    out, last = layer(x, h)
    for t in range(6):
        down, B, C = (x[:, t] @ layer.x_proj.weight.T).split([2, 3, 3], 1)
        delta = torch.log1p(torch.exp(down @ layer.dt_proj.weight.T + layer.dt_proj.bias))[..., None]
        A = -layer.A_log.exp()
        a = 1 + delta * A if rule == "euler" else torch.exp(delta * A)
        b = (torch.exp(delta * A) - 1) / A * B[:, None] if rule == "zero-order hold" else delta * B[:, None]
        h = (2 * a - 1 if negative else a) * h + b * x[:, t, :, None]
        y = (h * C[:, None]).sum(-1) + layer.skip * x[:, t]
        torch.testing.assert_close(out[:, t], y, rtol=1e-11, atol=1e-11)
    torch.testing.assert_close(last, h, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("cached", [1, 30, 61, 90])
def test_pieces_of_any_size_are_one(cached, monkeypatch):
    layer, x, h = (
        drawn(SelectiveScan(5, 3, 2, **DOUBLE)),
        torch.randn(2, 7, 5, **DOUBLE),
        torch.randn(2, 5, 3, **DOUBLE),
    )
    wanted = layer(x, h, [7, 3])
    monkeypatch.setattr(selective_scan, "CACHED", cached)
    for got, expected in zip(layer(x, h, [7, 3]), wanted, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-11, atol=1e-11)


def test_where_it_starts():
    torch.manual_seed(0)
    layer = SelectiveScan(3000, 4, fastest=0.5, slowest=0.01)
    torch.testing.assert_close(layer.A_log[7].exp(), torch.tensor([1.0, 2, 3, 4]))
    assert (layer.skip == 1).all()
    steps = torch.nn.functional.softplus(layer.dt_proj.bias)
    assert 0.0099 < steps.min() < 0.0102
    assert 0.49 < steps.max() < 0.501
    assert layer.step_rank == 188
    assert layer.x_proj.bias is None
    assert SelectiveScan(17).step_rank == 2
    assert SelectiveScan(4).extra_repr() == "4, 16, 1"
    shown = SelectiveScan(4, 2, 3, rule="euler", negative_eigenvalues=True, method="tree").extra_repr()
    assert shown == "4, 2, 3, rule='euler', negative_eigenvalues=True, method='tree'"


def test_bad_options_are_named():
    for options, message in [
        ({"d_model": 0}, "d_model must be at least 1"),
        ({"state_size": 0}, "state_size must be at least 1"),
        ({"step_rank": 0}, "step_rank must be at least 1"),
        ({"rule": "exact"}, "rule must be one of"),
        ({"method": "convolution"}, "method must be one of 'chunked'"),
    ]:
        with pytest.raises(ValueError, match=message):
            SelectiveScan(**{"d_model": 3} | options)
    with pytest.raises(TypeError, match="negative_eigenvalues must be True or False"):
        SelectiveScan(3, negative_eigenvalues=1)
