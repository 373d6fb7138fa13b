"""What only the minGRU has: its step. The laws are in test_input_gates.py."""

import numpy as np
import pytest

from seqlib.reference import mingru


@pytest.mark.parametrize("candidate", ["linear", "positive"])
def test_step_is_its_formula_unit_by_unit(candidate):
    rng = np.random.default_rng(0)
    (W_xh, b_h), x, h = mingru.init(2, 4, rng, scale=1.5), rng.normal(size=(3, 2)), rng.normal(size=(3, 4))
    wanted = np.empty_like(h)
    for b, unit in np.ndindex(3, 4):
        z = 1 / (1 + np.exp(-sum(W_xh[unit, k] * x[b, k] for k in range(2)) - b_h[unit]))
        n = sum(W_xh[4 + unit, k] * x[b, k] for k in range(2)) + b_h[4 + unit]
        if candidate == "positive":
            n = n + 0.5 if n >= 0 else 1 / (1 + np.exp(-n))
        wanted[b, unit] = h[b, unit] + z * (n - h[b, unit])
    np.testing.assert_allclose(mingru.step((W_xh, b_h), x, h, candidate=candidate), wanted, atol=1e-14)


def test_an_open_gate_takes_the_candidate_and_a_shut_one_keeps_the_state():
    params = mingru.init(2, 4, np.random.default_rng(1))
    x, h = np.ones((3, 2)), np.arange(12.0).reshape(3, 4)
    params.b_h[:4] = -1e3
    np.testing.assert_array_equal(mingru.step(params, x, h), h)
    params.b_h[:4] = 1e3
    np.testing.assert_allclose(mingru.step(params, x, h), x @ params.W_xh[4:].T + params.b_h[4:], atol=1e-14)
