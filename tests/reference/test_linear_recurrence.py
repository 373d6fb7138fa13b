"""The linear recurrence: the loop is its formula, the scans are the loop, the way back is the complex step."""

import itertools
import math

import numpy as np
import pytest

from seqlib.gradcheck import check, relative_error
from seqlib.reference import linear_recurrence
from seqlib.reference.linear_recurrence import METHODS, Cost, backward, combine, forward

each = pytest.mark.parametrize("method", METHODS)
LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 33, 100]


def drawn(T, B=2, state=(3,), seed=0):
    """Factors of both signs, inputs, an initial state, and the cotangents of all states and of the last."""
    rng = np.random.default_rng(seed)
    a = rng.uniform(0.3, 1.2, (B, T, *state)) * rng.choice([-1, 1], (B, T, *state))
    b, h0 = rng.normal(size=a.shape), rng.normal(size=(B, *state))
    return a, b, h0, rng.normal(size=a.shape), rng.normal(size=h0.shape)


def closed_form(a, b, h0):
    """h_t = Σ_s (Π_{u = s+1 … t} a_u) b_s, with h₀ as what came in before the first step."""
    entries = np.concatenate([h0[:, None], b], 1)
    hs = np.zeros_like(b)
    for t in range(b.shape[1]):
        for s in range(t + 2):
            hs[:, t] += np.prod(a[:, s : t + 1], 1) * entries[:, s]
    return hs


@each
@pytest.mark.parametrize("T", LENGTHS)
def test_states_are_their_closed_form(method, T):
    a, b, h0, *_ = drawn(T)
    hs, cache = forward(a, b, h0, method=method)
    assert hs.shape == b.shape
    np.testing.assert_allclose(hs, closed_form(a, b, h0), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(cache.h_T, hs[:, -1] if T else h0)
    np.testing.assert_array_equal(cache.states[:, 0], h0)


@pytest.mark.parametrize("state", [(), (1,), (2, 3)])
@pytest.mark.parametrize("T", LENGTHS)
def test_scans_equal_the_loop_forward_and_backward(T, state):
    a, b, h0, dhs, dh_T = drawn(T, B=3, state=state, seed=1)
    runs = {}
    for method in METHODS:
        hs, cache = forward(a, b, h0, method=method)
        runs[method] = hs, *backward(dhs, cache, dh_T=dh_T)
    for method, k in itertools.product(("doubling", "tree"), range(4)):
        assert runs[method][k].shape == runs["loop"][k].shape
        if runs["loop"][k].size:
            assert relative_error(runs[method][k], runs["loop"][k]) < 1e-10, (method, k)


@pytest.mark.parametrize("method", ["doubling", "tree"])
def test_a_long_scan_equals_the_loop(method):
    rng = np.random.default_rng(2)
    a, b, h0 = rng.uniform(0.9, 1.0, (1, 5000, 2)), rng.normal(size=(1, 5000, 2)), rng.normal(size=(1, 2))
    assert relative_error(forward(a, b, h0, method=method)[0], forward(a, b, h0, method="loop")[0]) < 1e-10


@each
@pytest.mark.parametrize("T", [1, 2, 3, 6, 7])
def test_gradients_agree_with_complex_step_and_central_differences(method, T):
    a, b, h0, dhs, dh_T = drawn(T, seed=3)
    _, cache = forward(a, b, h0, method=method)
    gradients = backward(dhs, cache, dh_T=dh_T)._asdict()

    def loss(a, b, h0):
        hs, cache = forward(a, b, h0, method=method)
        return (hs * dhs).sum() + (cache.h_T * dh_T).sum()

    report = check(loss, {"a": a, "b": b, "h0": h0}, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


@each
def test_no_step_hands_the_gradient_on(method):
    a, b, h0, dhs, dh_T = drawn(0)
    _, cache = forward(a, b, h0, method=method)
    grads = backward(dhs, cache, dh_T=dh_T)
    np.testing.assert_array_equal(grads.h0, dh_T)
    assert grads.a.shape == grads.b.shape == (2, 0, 3)


@each
@pytest.mark.parametrize("T", range(1, 40))
def test_cost_is_what_theory_says(method, T):
    a, b, h0, *_ = drawn(T, B=1, state=())
    cost = forward(a, b, h0, method=method)[1].cost
    rounds = math.ceil(math.log2(T))
    if method == "loop":
        assert cost == Cost(T, T, 2 * T)
        return
    assert cost.flops == 3 * (cost.work - 1) + 2
    if method == "doubling":
        assert cost.depth == 1 + rounds
        assert cost.work == 1 + sum(T - 2**k for k in range(rounds))
    else:
        assert cost.work <= 2 * T
        assert cost.depth <= 1 + 2 * math.floor(math.log2(T))
        if 2**rounds == T:
            assert cost.work == 1 + 2 * T - 2 - rounds
            assert cost.depth == 1 + max(2 * rounds - 1, 0)


def test_cost_of_a_long_sequence_tells_the_methods_apart():
    a, b, h0, *_ = drawn(1000, B=1, state=())
    loop, doubling, tree = (forward(a, b, h0, method=method)[1].cost for method in METHODS)
    assert loop == (1000, 1000, 2000)
    assert doubling == (1 + 10 * 1000 - 1023, 11, 2 + 3 * (10 * 1000 - 1023))
    assert tree.work < 2000
    assert tree.depth < 20
    assert forward(a[:, :0], b[:, :0], h0)[1].cost == (0, 0, 0)


def test_each_scan_does_as_many_combinations_as_it_says(monkeypatch):
    done, plain = [], linear_recurrence._combined

    def counted(first, second):
        done.append(first[1].shape[1])
        return plain(first, second)

    monkeypatch.setattr(linear_recurrence, "_combined", counted)
    for method, T in itertools.product(("doubling", "tree"), LENGTHS):
        a, b, h0, *_ = drawn(T, B=1, state=())
        done.clear()
        cost = forward(a, b, h0, method=method)[1].cost
        assert cost[:2] == (sum(done) + (T > 0), len(done) + (T > 0))


def test_combine_is_one_step_after_another_associative_and_not_commutative():
    rng = np.random.default_rng(5)
    p, q, r = ((rng.normal(size=4), rng.normal(size=4)) for _ in range(3))
    h = rng.normal(size=4)
    a, b = combine(p, q)
    np.testing.assert_allclose(a * h + b, q[0] * (p[0] * h + p[1]) + q[1], rtol=1e-13)
    for left, right in zip(combine(combine(p, q), r), combine(p, combine(q, r)), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-12)
    assert np.abs(combine(p, q)[1] - combine(q, p)[1]).max() > 0.1
    for side in (combine(p, (1.0, 0.0)), combine((1.0, 0.0), p)):
        np.testing.assert_array_equal(side, p)


@each
def test_a_zero_factor_forgets_and_one_sums_up(method):
    a, b, h0, *_ = drawn(9)
    a[:, 4] = 0
    b[:, 4] = 0
    hs, _ = forward(a, b, h0, method=method)
    np.testing.assert_array_equal(hs[:, 4], 0)
    np.testing.assert_allclose(hs[:, 5], b[:, 5])
    hs, _ = forward(np.ones_like(b), b, h0, method=method)
    np.testing.assert_allclose(hs, h0[:, None] + np.cumsum(b, 1), atol=1e-13)


def test_products_that_overflow_are_what_a_scan_has_and_the_loop_has_not():
    """3^3000 is no float64: the loop keeps its state of 0, and both scans make NaN of it, as `forward` says."""
    a, b = np.full((1, 3000, 1), 3.0), np.zeros((1, 3000, 1))
    np.testing.assert_array_equal(forward(a, b, method="loop")[0], b)
    for method in ("doubling", "tree"):
        with np.errstate(over="ignore", invalid="ignore"):
            hs, _ = forward(a, b, method=method)
        assert np.isfinite(hs[:, :500]).all()
        assert np.isnan(hs[:, -1]).all()


@each
def test_a_state_sees_nothing_that_comes_after_it(method):
    a, b, h0, *_ = drawn(11)
    hs, _ = forward(a, b, h0, method=method)
    a[:, 6:], b[:, 6:] = 7, -3
    np.testing.assert_array_equal(forward(a, b, h0, method=method)[0][:, :6], hs[:, :6])


@each
def test_the_initial_state_is_zero_unless_given_and_cut_sequences_go_on(method):
    a, b, h0, *_ = drawn(10)
    hs, cache = forward(a, b, method=method)
    np.testing.assert_array_equal(hs, forward(a, b, np.zeros_like(h0), method=method)[0])
    assert cache.states.dtype == np.float64
    whole, _ = forward(a, b, h0, method=method)
    first, cache = forward(a[:, :3], b[:, :3], h0, method=method)
    second, _ = forward(a[:, 3:], b[:, 3:], cache.h_T, method=method)
    np.testing.assert_allclose(np.concatenate([first, second], 1), whole, rtol=1e-11, atol=1e-13)


@each
def test_arguments_are_not_written_into_and_not_kept(method):
    a, b, h0, dhs, dh_T = drawn(6)
    copies = [array.copy() for array in (a, b, h0, dhs, dh_T)]
    hs, cache = forward(a, b, h0, method=method)
    wanted = backward(dhs, cache, dh_T=dh_T)
    for array, copy in zip((a, b, h0, dhs, dh_T), copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    a[:], b[:], h0[:], hs[:] = 0, 0, 0, 0
    for got, want in zip(backward(dhs, cache, dh_T=dh_T), wanted, strict=True):
        np.testing.assert_array_equal(got, want)


A, B, H0 = np.full((2, 4, 3), 0.5), np.ones((2, 4, 3)), np.ones((2, 3))
BAD = {
    "b": (lambda: forward(A, B[0, 0]), ValueError, r"b must have shape \(B, T, …\)"),
    "a": (lambda: forward(A[:, :1], B), ValueError, r"a must have shape \(2, 4, 3\)"),
    "a nan": (lambda: forward(A * np.nan, B), ValueError, "a must be finite"),
    "b words": (lambda: forward(A, [["x"]]), TypeError, "b must hold real numbers"),
    "h0": (lambda: forward(A, B, H0[:1]), ValueError, r"h0 must have shape \(2, 3\)"),
    "method": (lambda: forward(A, B, method="fast"), ValueError, "method must be one of 'loop'"),
    "cache": (lambda: backward(B, None), TypeError, "cache must be what linear_recurrence.forward gave"),
    "dhs": (lambda: backward(B[:, :2], forward(A, B)[1]), ValueError, r"dhs must have shape \(2, 4, 3\)"),
    "dh_T": (lambda: backward(B, forward(A, B)[1], dh_T=B), ValueError, r"dh_T must have shape \(2, 3\)"),
    "first": (lambda: combine([1.0, 2.0], (1.0, 2.0)), TypeError, "first must be a pair"),
    "second": (lambda: combine((1.0, 2.0), (1.0, np.inf)), ValueError, r"second\[1\] must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
