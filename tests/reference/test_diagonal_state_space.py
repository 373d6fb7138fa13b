"""The layer whose equation is the same at all times: a convolution, gradients, how it begins."""

import numpy as np
import pytest

from seqlib.gradcheck import check
from seqlib.reference import diagonal_state_space as layer
from seqlib.reference.state_space import RULES

rules = pytest.mark.parametrize("rule", RULES)


def drawn(T=6, D=2, N=3, seed=0):
    """Parameters with long steps, inputs, an initial state, cotangents."""
    rng = np.random.default_rng(seed)
    params = layer.init(D, N, rng, slowest=0.2, fastest=0.6)
    params = params._replace(B=rng.normal(size=(D, N)), skip=rng.normal(size=D))
    shapes = (2, T, D), (2, D, N), (2, T, D), (2, D, N)
    return params, *(rng.normal(size=shape) for shape in shapes)


@rules
def test_from_zero_the_layer_is_a_causal_convolution(rule):
    params, x, *_ = drawn(T=9)
    y, _ = layer.forward(params, x, rule=rule)
    K = layer.kernel(params, 9, rule=rule)
    assert K.shape == (9, 2)
    wanted = sum(np.pad(K[j] * x[:, : 9 - j], ((0, 0), (j, 0), (0, 0))) for j in range(9))
    np.testing.assert_allclose(y, wanted, rtol=1e-10, atol=1e-13)
    impulse = np.zeros((1, 9, 2))
    impulse[:, 0] = 1
    np.testing.assert_allclose(layer.forward(params, impulse, rule=rule)[0][0], K, rtol=1e-10, atol=1e-14)


def test_an_initial_state_dies_away_beside_the_input():
    """The layer is linear: what h₀ adds to the outputs is C Ā^t h₀, whatever the input."""
    params, x, h0, *_ = drawn()
    added = layer.forward(params, x, h0)[0] - layer.forward(params, x)[0]
    factor = np.exp(-np.exp(params.A_log + params.log_delta[:, None]))
    wanted = np.stack([(params.C * factor**t * h0).sum(-1) for t in range(1, 7)], 1)
    np.testing.assert_allclose(added, wanted, atol=1e-13)


@rules
@pytest.mark.parametrize("T", [1, 4])
def test_gradients_agree_with_complex_step_and_central_differences(rule, T):
    params, x, h0, dy, dh_T = drawn(T=T, seed=2)
    _, cache = layer.forward(params, x, h0, rule=rule)
    grads = layer.backward(dy, cache, dh_T=dh_T)

    def loss(x, h0, **weights):
        y, cache = layer.forward(layer.Params(**weights), x, h0, rule=rule)
        return (y * dy).sum() + (cache.h_T * dh_T).sum()

    gradients = grads.params._asdict() | {"x": grads.x, "h0": grads.h0}
    report = check(loss, params._asdict() | {"x": x, "h0": h0}, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


def test_methods_agree_and_the_default_rule_is_zero_order_hold():
    params, x, h0, *_ = drawn(T=13)
    loop, cache = layer.forward(params, x, h0, method="loop")
    assert cache.kept.scan.cost.depth == 13
    np.testing.assert_allclose(layer.forward(params, x, h0, rule=RULES[0])[0], loop, rtol=1e-10, atol=1e-13)
    np.testing.assert_array_equal(layer.kernel(params, 3), layer.kernel(params, 3, rule=RULES[0]))


def test_init_has_a_time_constant_for_each_entry_and_steps_of_all_lengths():
    params = layer.init(200, 4, np.random.default_rng(0))
    np.testing.assert_allclose(np.exp(params.A_log), np.tile([1, 2, 3, 4], (200, 1)))
    delta = np.exp(params.log_delta)
    assert 0.001 <= delta.min() < 0.0015
    assert 0.08 < delta.max() <= 0.1
    assert 0.4 < (delta < 0.01).mean() < 0.6
    assert 0.45 < params.C.std() < 0.55
    np.testing.assert_array_equal(params.skip, 1)
    np.testing.assert_array_equal(params.B, 1)


P = drawn()[0]
X = np.ones((2, 4, 2))
RNG = np.random.default_rng(0)
BAD = {
    "params": (lambda: layer.forward([1], X), TypeError, "params must be a Params"),
    "B": (lambda: layer.forward(P._replace(B=P.B[1:]), X), ValueError, r"params.B must have shape \(2, 3\)"),
    "log_delta": (lambda: layer.kernel(P._replace(log_delta=P.B), 3), ValueError, r"log_delta must have shape \(2\)"),
    "x": (lambda: layer.forward(P, X[0]), ValueError, r"x must have shape \(B, T, 2\)"),
    "x of another size": (lambda: layer.forward(P, X[..., :1]), ValueError, "x must have shape"),
    "T": (lambda: layer.kernel(P, 0), ValueError, "T must be at least 1"),
    "N": (lambda: layer.init(2, 0, RNG), ValueError, "N must be at least 1"),
    "steps": (lambda: layer.init(2, 2, RNG, slowest=0.5), ValueError, "fastest must be at least 0.5"),
    "rng": (lambda: layer.init(2, 2, 0), TypeError, "rng must be a numpy.random.Generator"),
    "cache": (lambda: layer.backward(X, None), TypeError, "cache must be what diagonal_state_space.forward gave"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
