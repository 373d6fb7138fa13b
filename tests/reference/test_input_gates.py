"""The laws of minGRU and minLSTM: scan = loop = repeated steps, the way back = complex step, and bad input."""

import numpy as np
import pytest

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import gru, input_gates, linear_recurrence, mingru, minlstm
from seqlib.reference.input_gates import CANDIDATES, Params

both = pytest.mark.parametrize("cell", [mingru, minlstm], ids=["minGRU", "minLSTM"])
kinds = pytest.mark.parametrize("candidate", CANDIDATES)
each = pytest.mark.parametrize("method", linear_recurrence.METHODS)


def drawn(cell, B=2, T=5, D=3, H=4, seed=0):
    """Parameters, inputs, an initial state that is not 0, and the cotangents of all states and of the last."""
    rng = np.random.default_rng(seed)
    params = cell.init(D, H, rng, scale=1.0)
    x, h0 = rng.normal(size=(B, T, D)), rng.normal(size=(B, H))
    return params, x, h0, rng.normal(size=(B, T, H)), rng.normal(size=(B, H))


@both
@kinds
@each
@pytest.mark.parametrize("T", [1, 2, 7])
def test_forward_is_repeated_steps(cell, candidate, method, T):
    params, x, h, *_ = drawn(cell, T=T)
    hs, cache = cell.forward(params, x, h, candidate=candidate, method=method)
    for t in range(T):
        h = cell.step(params, x[:, t], h, candidate=candidate)
        np.testing.assert_allclose(hs[:, t], h, rtol=1e-10, atol=1e-13)
    np.testing.assert_array_equal(cache.h_T, hs[:, -1])


@both
@kinds
@pytest.mark.parametrize("T", [1, 3, 6])
def test_gradients_agree_with_complex_step_and_central_differences(cell, candidate, T):
    params, x, h0, dhs, dh_T = drawn(cell, T=T, seed=1)
    _, cache = cell.forward(params, x, h0, candidate=candidate)
    grads = cell.backward(dhs, cache, dh_T=dh_T)

    def loss(W_xh, b_h, x, h0):
        hs, cache = cell.forward(Params(W_xh, b_h), x, h0, candidate=candidate)
        return (hs * dhs).sum() + (cache.h_T * dh_T).sum()

    given = params._asdict() | {"x": x, "h0": h0}
    gradients = grads.params._asdict() | {"x": grads.x, "h0": grads.h0}
    report = check(loss, given, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


@both
def test_every_method_has_the_same_gradients(cell):
    params, x, h0, dhs, dh_T = drawn(cell, T=13)
    runs = []
    for method in linear_recurrence.METHODS:
        _, cache = cell.forward(params, x, h0, method=method)
        assert cache.scan.method == method
        grads = cell.backward(dhs, cache, dh_T=dh_T)
        runs.append([*grads.params, grads.x, grads.h0])
    for run in runs[1:]:
        for got, wanted in zip(run, runs[0], strict=True):
            assert relative_error(got, wanted) < 1e-10


@both
@kinds
def test_gates_that_are_shut_or_open_give_finite_numbers_and_gradients(cell, candidate):
    params, x, h0, dhs, _ = drawn(cell)
    for sign in (1, -1):
        far = Params(1e3 * params.W_xh, 1e3 * sign * params.b_h)
        hs, cache = cell.forward(far, x, h0, candidate=candidate)
        grads = cell.backward(dhs, cache)
        assert all(np.isfinite(array).all() for array in (hs, *grads.params, grads.x, grads.h0))


@both
def test_the_state_is_a_mean_of_what_was_proposed_and_of_the_initial_state(cell):
    params, x, h0, *_ = drawn(cell, T=20)
    params.W_xh[-4:], params.b_h[-4:] = 0, 1.0
    hs, _ = cell.forward(params, x, np.ones_like(h0))
    np.testing.assert_allclose(hs, 1, atol=1e-13)
    hs, _ = cell.forward(params, x, h0)
    assert ((hs - 1) * (h0[:, None] - 1) > 0).all()
    assert (np.abs(hs[:, 1:] - 1) < np.abs(hs[:, :-1] - 1)).all()


@both
def test_a_cut_sequence_goes_on_where_it_was_cut(cell):
    params, x, h0, *_ = drawn(cell, T=9)
    whole, _ = cell.forward(params, x, h0, candidate="positive")
    _, cache = cell.forward(params, x[:, :4], h0, candidate="positive")
    rest, _ = cell.forward(params, x[:, 4:], cache.h_T, candidate="positive")
    np.testing.assert_allclose(rest, whole[:, 4:], atol=1e-13)
    default, _ = cell.forward(params, x)
    np.testing.assert_array_equal(default, cell.forward(params, x, 0 * h0)[0])


@both
def test_no_step_and_what_the_caller_changes_afterwards(cell):
    params, x, h0, dhs, dh_T = drawn(cell)
    hs, cache = cell.forward(params, x[:, :0], h0)
    assert hs.shape == (2, 0, 4)
    np.testing.assert_array_equal(cell.backward(dhs[:, :0], cache, dh_T=dh_T).h0, dh_T)
    _, cache = cell.forward(params, x, h0)
    wanted = cell.backward(dhs, cache)
    params.W_xh[:], x[:] = 0, 0
    got = cell.backward(dhs, cache)
    np.testing.assert_array_equal(got.x, wanted.x)
    np.testing.assert_array_equal(got.params.W_xh, wanted.params.W_xh)


def test_mingru_is_a_gru_whose_state_has_no_weights():
    """With W_hh = 0 the tanh of the candidate is what the two do not share: small sums make it the identity."""
    params, x, h0, *_ = drawn(mingru)
    small = Params(params.W_xh * np.repeat([[1], [1e-6]], 4, 0), params.b_h * np.repeat([1, 1e-6], 4))
    W_xh, b = np.zeros((12, 3)), np.zeros(12)
    W_xh[4:], b[4:] = small.W_xh, small.b_h
    wanted, _ = gru.forward(gru.Params(W_xh, np.zeros((12, 4)), b), x, h0, convention=gru.CHUNG_2014)
    np.testing.assert_allclose(mingru.forward(small, x, h0)[0], wanted, atol=1e-15)


def test_candidate_is_its_formula_and_its_slope_the_complex_step():
    sums = np.array([-900.0, -3.0, -1e-9, 0.0, 1e-9, 2.0, 900.0])
    wanted = [0, 1 / (1 + np.e**3), 0.5, 0.5, 0.5, 2.5, 900.5]
    np.testing.assert_allclose(input_gates.candidate(sums, "positive"), wanted, atol=1e-9)
    np.testing.assert_array_equal(input_gates.candidate(sums, "linear"), sums)
    for kind in CANDIDATES:
        slope = complex_step(lambda a, kind=kind: input_gates.candidate(a, kind).sum(), sums)
        n = input_gates.candidate(sums, kind)
        np.testing.assert_allclose(input_gates.candidate_slope(n, kind), slope, atol=1e-12)


def test_softplus_is_its_formula_without_overflow():
    a = np.array([-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0])
    wanted = [0, np.exp(-30), np.log1p(np.exp(-1)), np.log(2), np.log1p(np.e), 30 + np.exp(-30), 800]
    np.testing.assert_allclose(input_gates.softplus(a), wanted, rtol=1e-13)
    slope = complex_step(lambda a: input_gates.softplus(a).sum(), a)
    np.testing.assert_allclose(slope, [0, *1 / (1 + np.exp(-a[1:]))], rtol=1e-12, atol=1e-300)


@both
def test_init_is_uniform_seeded_and_bounded(cell):
    params = cell.init(16, 8, np.random.default_rng(0))
    blocks = cell.Cell().blocks
    assert params.W_xh.shape == (8 * blocks, 16)
    assert params.b_h.shape == (8 * blocks,)
    assert 0.24 < params.W_xh.max() <= 0.25
    assert -0.25 <= params.W_xh.min() < -0.24
    np.testing.assert_array_equal(params.b_h, cell.init(16, 8, np.random.default_rng(0)).b_h)


GOOD = mingru.init(2, 3, np.random.default_rng(0))
X, H0 = np.ones((2, 4, 2)), np.ones((2, 3))
BAD = {
    "params": (lambda: mingru.forward([1, 2], X), TypeError, "params must be a Params"),
    "W_xh": (lambda: minlstm.forward(Params(np.ones((8, 2)), np.ones(8)), X), ValueError, "3 blocks of H rows"),
    "W_xh axes": (lambda: mingru.forward(GOOD._replace(W_xh=np.ones(6)), X), ValueError, r"shape \(2H, D\)"),
    "b_h": (lambda: mingru.forward(GOOD._replace(b_h=np.ones(3)), X), ValueError, r"b_h must have shape \(6\)"),
    "x": (lambda: mingru.forward(GOOD, X[..., :1]), ValueError, r"x must have shape \(B, T, 2\)"),
    "x nan": (lambda: minlstm.forward(minlstm.init(2, 3, np.random.default_rng(0)), X * np.nan), ValueError, "finite"),
    "h0": (lambda: mingru.forward(GOOD, X, H0[0]), ValueError, r"h0 must have shape \(2, 3\)"),
    "method": (lambda: mingru.forward(GOOD, X, method="scan"), ValueError, "method must be one of"),
    "candidate": (lambda: mingru.forward(GOOD, X, candidate="tanh"), ValueError, "candidate must be one of"),
    "candidate of minLSTM": (lambda: minlstm.step(GOOD, X, H0, candidate="x"), ValueError, "candidate must be one of"),
    "slope": (lambda: input_gates.candidate_slope(H0, "tanh"), ValueError, "candidate must be one of"),
    "step x": (lambda: mingru.step(GOOD, X, H0), ValueError, "x must have shape"),
    "step h": (lambda: mingru.step(GOOD, X[:, 0], H0[:1]), ValueError, r"h must have shape \(2, 3\)"),
    "cache": (lambda: mingru.backward(X, None), TypeError, "cache must be what forward gave"),
    "dhs": (lambda: mingru.backward(X, mingru.forward(GOOD, X)[1]), ValueError, r"dhs must have shape \(2, 4, 3\)"),
    "D": (lambda: mingru.init(0, 3, np.random.default_rng(0)), ValueError, "D must be at least 1"),
    "rng": (lambda: minlstm.init(2, 3, 0), TypeError, "rng must be a numpy.random.Generator"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
