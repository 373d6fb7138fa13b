"""What only the GRU has: its conventions, its step, its Jacobian, how it begins. The laws are in test_recurrence.py."""

import itertools

import numpy as np
import pytest
import torch

from seqlib.reference import gru
from seqlib.reference.gru import Convention

CONVENTIONS = [Convention(*switches) for switches in itertools.product(("after", "before"), ("keeps", "takes"), (1, 2))]
each = pytest.mark.parametrize("convention", CONVENTIONS, ids=str)


def drawn(convention, B=3, D=2, H=4, seed=0):
    """Parameters, an input and a state."""
    rng = np.random.default_rng(seed)
    return gru.init(D, H, rng, scale=1.0, convention=convention), rng.normal(size=(B, D)), rng.normal(size=(B, H))


@each
def test_step_is_its_formula_unit_by_unit(convention):
    params, x, h = drawn(convention)
    W_xh, W_hh, b_xh, b_hh = params
    H, b_hh = 4, np.zeros(12) if b_hh is None else b_hh
    wanted = np.empty_like(h)
    for b, row in itertools.product(range(3), range(H)):

        def dot(block, of, weights, b=b, row=row):
            return sum(weights[block * H + row, k] * of[b, k] for k in range(of.shape[1]))

        def gate(block, b=b, unit=row):
            k = block * H + unit
            return 1 / (1 + np.exp(-(W_xh[k] @ x[b] + b_xh[k] + W_hh[k] @ h[b] + b_hh[k])))

        if convention.reset == "after":
            inner = gate(0) * (dot(2, h, W_hh) + b_hh[2 * H + row])
        else:
            inner = sum(W_hh[2 * H + row, j] * gate(0, unit=j) * h[b, j] for j in range(H)) + b_hh[2 * H + row]
        n, z = np.tanh(dot(2, x, W_xh) + b_xh[2 * H + row] + inner), gate(1)
        new_share = z if convention.update == "takes" else 1 - z
        wanted[b, row] = new_share * n + (1 - new_share) * h[b, row]
    np.testing.assert_allclose(gru.step(params, x, h, convention=convention), wanted, atol=1e-14)


def test_the_named_conventions_are_what_their_sources_say():
    assert gru.PYTORCH == gru.KERAS == Convention() == ("after", "keeps", 2)
    assert gru.KERAS_RESET_BEFORE == gru.CHO_2014_V3 == ("before", "keeps", 1)
    assert gru.CHO_2014_V1 == ("after", "keeps", 1)
    assert gru.CHUNG_2014 == ("before", "takes", 1)


def test_all_conventions_differ():
    params, x, h = drawn(Convention("after", "keeps", 2))
    steps = [gru.step(params, x, h, convention=c) for c in CONVENTIONS if c.biases == 2]
    for a, b in itertools.combinations(steps, 2):
        assert np.abs(a - b).max() > 0.01


def test_step_is_that_of_torchs_cell():
    params, x, h = drawn(gru.PYTORCH, seed=3)
    cell = torch.nn.GRUCell(2, 4, dtype=torch.float64)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    cell.load_state_dict({name: torch.tensor(value) for name, value in zip(names, params, strict=True)})
    wanted = cell(torch.tensor(x), torch.tensor(h)).detach().numpy()
    np.testing.assert_allclose(gru.step(params, x, h), wanted, atol=1e-14)


@each
def test_forward_is_repeated_steps(convention):
    params, _, h = drawn(convention, seed=7)
    x = np.random.default_rng(8).normal(size=(3, 4, 2))
    hs, _ = gru.forward(params, x, h, convention=convention)
    for t in range(4):
        h = gru.step(params, x[:, t], h, convention=convention)
        np.testing.assert_array_equal(hs[:, t], h)


@each
def test_jacobian_equals_complex_step(convention):
    params, x, h = drawn(convention, seed=6)
    jacobian = gru.jacobian(params, x, h, convention=convention)
    assert jacobian.shape == (3, 4, 4)
    for j in range(4):
        moved = h.astype(complex)
        moved[:, j] += 1e-200j
        column = gru.step(params, x, moved, convention=convention).imag / 1e-200
        np.testing.assert_allclose(jacobian[:, :, j], column, atol=1e-14)


@each
def test_saturated_gates_give_finite_numbers_and_gradients(convention):
    params, x, h = drawn(convention)
    hs, cache = gru.forward(
        gru.Params(*(p if p is None else 1e4 * p for p in params)), x[:, None], h, convention=convention
    )
    grads = gru.backward(np.ones_like(hs), cache)
    assert np.isfinite(hs).all()
    assert all(np.isfinite(g).all() for g in (*grads.params, grads.x, grads.h0) if g is not None)


@pytest.mark.parametrize("update", ["keeps", "takes"])
def test_a_shut_gate_keeps_the_state_for_ever(update):
    convention = Convention("after", update, 1)
    params, x, h = drawn(convention)
    params.b_xh[4:8] = 1e3 if update == "keeps" else -1e3
    hs, _ = gru.forward(params, np.tile(x[:, None], (1, 50, 1)), h, convention=convention)
    np.testing.assert_array_equal(hs[:, -1], h)


def test_the_cost_is_one_walk_whatever_the_length():
    params, _, h = drawn(gru.PYTORCH)
    _, cache = gru.forward(params, np.ones((3, 5, 2)), h)
    assert [states.shape for states in cache.states] == [(3, 6, 4)]
    assert [kept.shape for kept in cache.kept] == [(3, 5, 4)] * 4
    np.testing.assert_array_equal(cache.h_T, cache.states[0][:, -1])


@each
def test_init_is_uniform_seeded_and_bounded(convention):
    params = gru.init(3, 16, np.random.default_rng(0), convention=convention)
    shapes = [(48, 3), (48, 16), (48,)] + [(48,)] * (convention.biases == 2)
    assert [p.shape for p in params if p is not None] == shapes
    assert all(np.abs(p).max() <= 0.25 for p in params if p is not None)
    assert params.W_hh.max() > 0.23
    assert params.W_hh.min() < -0.23
    again = gru.init(3, 16, np.random.default_rng(0), convention=convention)
    np.testing.assert_array_equal(params.W_hh, again.W_hh)
    assert np.abs(gru.init(3, 16, np.random.default_rng(0), scale=2.0).W_hh).max() > 1.9


GOOD = gru.init(2, 3, np.random.default_rng(0))
ONE = GOOD._replace(b_hh=None)
X, H0 = np.ones((2, 4, 2)), np.ones((2, 3))
BAD = {
    "a name for a convention": (lambda: gru.forward(GOOD, X, convention="keras"), TypeError, "must be a Convention"),
    "reset": (lambda: gru.forward(GOOD, X, convention=Convention("never")), ValueError, "reset must be one of"),
    "update": (lambda: gru.forward(GOOD, X, convention=Convention(update="x")), ValueError, "update must be one of"),
    "biases": (
        lambda: gru.init(2, 3, np.random.default_rng(0), convention=Convention(biases=3)),
        ValueError,
        "at most 2",
    ),
    "params": (lambda: gru.forward([1, 2, 3, 4], X), TypeError, "params must be a Params"),
    "one bias for two": (lambda: gru.forward(ONE, X), ValueError, "b_hh is None, but the convention has two"),
    "two biases for one": (
        lambda: gru.step(GOOD, X[:, 0], H0, convention=gru.CHO_2014_V3),
        ValueError,
        "b_hh is there",
    ),
    "W_hh": (lambda: gru.forward(GOOD._replace(W_hh=np.ones((8, 3))), X), ValueError, r"W_hh must have shape \(9, 3\)"),
    "W_xh": (lambda: gru.forward(GOOD._replace(W_xh=np.ones((3, 2))), X), ValueError, r"W_xh must have shape \(9, D\)"),
    "b_xh": (lambda: gru.forward(GOOD._replace(b_xh=np.ones(3)), X), ValueError, r"b_xh must have shape \(9\)"),
    "b_hh": (lambda: gru.forward(GOOD._replace(b_hh=np.ones(3)), X), ValueError, r"b_hh must have shape \(9\)"),
    "step x": (lambda: gru.step(GOOD, X, H0), ValueError, "x must have shape"),
    "step h": (lambda: gru.step(GOOD, X[:, 0], H0[:1]), ValueError, r"h must have shape \(2, 3\)"),
    "jacobian x": (lambda: gru.jacobian(GOOD, X[:, 0] * np.nan, H0), ValueError, "x must be finite"),
    "jacobian h": (lambda: gru.jacobian(GOOD, X[:, 0], H0[0]), ValueError, "h must have shape"),
    "D": (lambda: gru.init(0, 3, np.random.default_rng(0)), ValueError, "D must be at least 1"),
    "rng": (lambda: gru.init(2, 3, 0), TypeError, "rng must be a numpy.random.Generator"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
