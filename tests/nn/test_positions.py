"""Positions: sinusoids and rotations as the reference has them, at any position, in any precision."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE

from seqlib.nn.positions import check_positions, rotated, rotation, sinusoids
from seqlib.reference import positions as reference


@pytest.mark.parametrize("base", [10_000.0, 7.0])
def test_they_are_those_of_the_reference(base):
    at = torch.tensor([0, 1, 2, 1000, 123_456])
    got = sinusoids(at, 6, base, **DOUBLE)
    np.testing.assert_allclose(got, reference.sinusoidal(at.numpy(), 6, base), rtol=1e-9, atol=1e-10)
    torch.manual_seed(0)
    x = torch.randn(2, 3, 5, 6, **DOUBLE, requires_grad=True)
    out = rotated(x, rotation(at, 6, base, **DOUBLE))
    np.testing.assert_allclose(
        out.detach(), reference.rotated(x.detach().numpy(), at.numpy(), base=base), rtol=1e-9, atol=1e-9
    )
    dout = torch.randn_like(out)
    out.backward(dout)
    np.testing.assert_allclose(
        x.grad, reference.rotated_backward(dout.numpy(), at.numpy(), base=base), rtol=1e-9, atol=1e-9
    )


def test_angles_are_taken_in_float64():
    at = torch.tensor([100_003])
    exact, single = sinusoids(at, 8, **DOUBLE), sinusoids(at, 8)
    assert single.dtype == torch.float32
    assert (exact - single).abs().max() < 1e-7
    turn = rotation(at, 8)
    assert turn.dtype == torch.complex64
    assert (turn - rotation(at, 8, **DOUBLE)).abs().max() < 1e-7


def test_a_row_of_positions_for_each_sequence():
    x = torch.randn(2, 3, 4, **DOUBLE)
    at = torch.tensor([[0, 1, 2], [5, 3, 9]])
    out = rotated(x, rotation(at, 4, **DOUBLE))
    for b in range(2):
        torch.testing.assert_close(out[b], rotated(x[b], rotation(at[b], 4, **DOUBLE)))
    assert sinusoids(at, 4).shape == (2, 3, 4)


def test_the_dtype_stays():
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        x = torch.randn(3, 4, dtype=dtype)
        assert rotated(x, rotation(torch.arange(3), 4, dtype=dtype)).dtype == dtype


def test_bad_input_is_named():
    at, device = torch.arange(3), torch.device("cpu")
    cases = [
        (lambda: sinusoids(at, 5), ValueError, "d_model must be even: features turn in pairs, got 5"),
        (lambda: rotation(at, 3), ValueError, "d_k must be even"),
        (lambda: rotation(at, 4, 0.5), ValueError, "base must be at least 1"),
        (lambda: check_positions([1, 2], 2, 3, device), ValueError, r"positions must have shape \(3\), got \(2\)"),
        (lambda: check_positions(torch.ones(3) * 1j, 2, 3, device), TypeError, "positions must be numbers"),
        (lambda: check_positions("abc", 2, 3, device), TypeError, "positions must be numbers, .* got 'abc'"),
        (lambda: check_positions([0, 1, None], 2, 3, device), TypeError, "positions must be numbers"),
        (lambda: check_positions(torch.ones(3, 3), 2, 3, device), ValueError, r"positions must have shape \(2, 3\)"),
        (lambda: check_positions(torch.ones(3, 3), 1, 3, device), ValueError, r"positions must have shape \(1, 3\)"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()
    assert check_positions(None, 2, 3, device).tolist() == check_positions(range(3), 2, 3, device).tolist() == [0, 1, 2]
    for rows in (1, 2):
        assert check_positions(at.expand(rows, 3), 2, 3, device).shape == (rows, 3)
