"""The minGRU: its equation, eigenvalues of both signs, and what they are for."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import MinGRU


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("kind", ["linear", "positive"])
def test_it_is_its_equation(kind, negative):
    layer = drawn(MinGRU(3, 4, candidate=kind, negative_eigenvalues=negative, **DOUBLE))
    x, h = torch.randn(2, 6, 3, **DOUBLE), torch.randn(2, 4, **DOUBLE)
    (W_z, W_n), (b_z, b_n) = layer.weight.split(4), layer.bias.split(4)
    out, last = layer(x, h)
    for t in range(6):
        z = 1 / (1 + torch.exp(-(x[:, t] @ W_z.T + b_z)))
        n = x[:, t] @ W_n.T + b_n
        if kind == "positive":
            n = torch.where(n >= 0, n + 0.5, torch.sigmoid(n))
        h = (1 - 2 * z if negative else 1 - z) * h + z * n
        torch.testing.assert_close(out[:, t], h, rtol=1e-12, atol=1e-12)
    assert torch.equal(last, out[:, -1])


def test_with_a_negative_eigenvalue_it_tells_odd_from_even():
    """A one changes the sign of the state, a zero leaves it: by hand, for any length."""
    layer = MinGRU(1, 1, negative_eigenvalues=True, **DOUBLE)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[80.0], [0.0]]))
        layer.bias.copy_(torch.tensor([-40.0, 0.0]))
    bits = torch.randint(2, (4, 1000, 1), generator=torch.Generator().manual_seed(0)).double()
    out, _ = layer(bits, torch.ones(4, 1, **DOUBLE))
    torch.testing.assert_close(out, 1 - 2 * (bits.cumsum(1) % 2), rtol=1e-9, atol=1e-9)


def test_far_from_zero_the_gate_loses_nothing():
    layer = MinGRU(1, 1, **DOUBLE)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.0], [0.0]]))
        layer.bias.zero_()
    out, _ = layer(torch.full((1, 1, 1), 50.0, **DOUBLE), torch.ones(1, 1, **DOUBLE))
    assert abs(out.item() / torch.tensor(-50.0, **DOUBLE).exp().item() - 1) < 1e-12, "1 - z would be 0"
