"""The minLSTM: its equation, and gates that are both almost 0."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import MinLSTM


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("kind", ["linear", "positive"])
def test_it_is_its_equation(kind, negative):
    layer = drawn(MinLSTM(3, 4, candidate=kind, negative_eigenvalues=negative, **DOUBLE))
    x, h = torch.randn(2, 6, 3, **DOUBLE), torch.randn(2, 4, **DOUBLE)
    out, last = layer(x, h)
    for t in range(6):
        i, f, g = (x[:, t] @ layer.weight.T + layer.bias).split(4, 1)
        i, f = torch.sigmoid(i), torch.sigmoid(f)
        if kind == "positive":
            g = torch.where(g >= 0, g + 0.5, torch.sigmoid(g))
        keep = f / (f + i)
        h = (2 * keep - 1 if negative else keep) * h + i / (f + i) * g
        torch.testing.assert_close(out[:, t], h, rtol=1e-12, atol=1e-12)
    assert torch.equal(last, out[:, -1])


def test_gates_that_are_almost_zero_still_share_out_one():
    layer = MinLSTM(1, 1)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.copy_(torch.tensor([-300.0, -300.0, 4.0]))
    out, _ = layer(torch.zeros(1, 1, 1), torch.full((1, 1), 2.0))
    torch.testing.assert_close(out.item(), 3.0)
    out.sum().backward()
    assert layer.bias.grad.isfinite().all()
