"""What only the minLSTM has: its step. The laws are in test_input_gates.py."""

import numpy as np
import pytest

from seqlib.reference import minlstm


@pytest.mark.parametrize("candidate", ["linear", "positive"])
def test_step_is_its_formula_unit_by_unit(candidate):
    rng = np.random.default_rng(0)
    (W_xh, b_h), x, h = minlstm.init(2, 4, rng, scale=1.5), rng.normal(size=(3, 2)), rng.normal(size=(3, 4))
    wanted = np.empty_like(h)
    for b, unit in np.ndindex(3, 4):
        a_i, a_f, g = (sum(W_xh[row, k] * x[b, k] for k in range(2)) + b_h[row] for row in (unit, 4 + unit, 8 + unit))
        i, f = 1 / (1 + np.exp(-a_i)), 1 / (1 + np.exp(-a_f))
        if candidate == "positive":
            g = g + 0.5 if g >= 0 else 1 / (1 + np.exp(-g))
        wanted[b, unit] = (f * h[b, unit] + i * g) / (f + i)
    np.testing.assert_allclose(minlstm.step((W_xh, b_h), x, h, candidate=candidate), wanted, atol=1e-14)


def test_two_shut_gates_share_out_by_how_far_they_are_shut():
    """f and i are 0 in float64, and f / (f + i) is not 0 / 0: it is σ(a_f - a_i)."""
    params = minlstm.init(2, 1, np.random.default_rng(1), scale=0.0)
    params.b_h[:] = -900, -899, 3.0
    share = 1 / (1 + np.exp(-1.0))
    got = minlstm.step(params, np.ones((1, 2)), np.full((1, 1), 5.0))
    np.testing.assert_allclose(got, share * 5 + (1 - share) * 3, rtol=1e-12)
