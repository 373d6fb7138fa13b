"""The short causal convolution: that of torch, with its weights; bad options named."""

import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.nn import CausalConvolution


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("width", [1, 2, 4, 9])
def test_it_is_torchs(width, bias):
    theirs = drawn(torch.nn.Conv1d(5, 5, width, groups=5, padding=width - 1, bias=bias, **DOUBLE))
    ours = CausalConvolution(5, width, bias=bias, **DOUBLE)
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, 6, 5, **DOUBLE)
    out, state = ours(x)
    torch.testing.assert_close(out, theirs(x.mT)[..., :6].mT, rtol=1e-12, atol=1e-12)
    padded = torch.cat([torch.zeros(2, width - 1, 5, **DOUBLE), x], 1)
    assert torch.equal(state, padded[:, 6:])
    assert ours.extra_repr() == f"5, {width}, bias={bias}"


def test_it_starts_as_torchs():
    torch.manual_seed(0)
    theirs = torch.nn.Conv1d(300, 300, 4, groups=300)
    torch.manual_seed(0)
    ours = CausalConvolution(300)
    assert torch.equal(ours.weight, theirs.weight)
    assert abs(ours.bias.abs().max() - 0.5) < 0.01


def test_bad_options_are_named():
    for options, error, message in [
        ({"channels": 0}, ValueError, "channels must be at least 1"),
        ({"width": 0}, ValueError, "width must be at least 1"),
        ({"bias": 0}, TypeError, "bias must be True or False"),
    ]:
        with pytest.raises(error, match=message):
            CausalConvolution(**{"channels": 6} | options)
