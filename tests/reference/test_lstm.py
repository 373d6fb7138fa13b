"""What only the LSTM has: its step, its gates, its Jacobians, how it begins. The laws are in test_recurrence.py."""

import numpy as np
import pytest
import torch

from seqlib.reference import lstm

variants = pytest.mark.parametrize(
    ("peephole", "coupled"), [(False, False), (True, False), (False, True), (True, True)]
)


def drawn(B, T, D, H, seed=0, **options):
    """Parameters, inputs, and both states."""
    rng = np.random.default_rng(seed)
    params = lstm.init(D, H, rng, scale=1.0, **options)
    return params, rng.normal(size=(B, T, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))


def sigma(a):
    return 1 / (1 + np.exp(-a))


@variants
def test_step_is_its_formula(peephole, coupled):
    params, x, h, c = drawn(3, 1, 2, 4, peephole=peephole, coupled=coupled)
    (h_new, c_new), gates = lstm.step(params, x[:, 0], h, c, coupled=coupled)
    for b in range(3):
        for j in range(4):
            names = "fgo" if coupled else "ifgo"
            rows = {name: 4 * k + j for k, name in enumerate(names)}
            a = {name: params.W_xh[r] @ x[b, 0] + params.W_hh[r] @ h[b] + params.b_h[r] for name, r in rows.items()}
            eye = dict.fromkeys("ifo", 0.0)
            if peephole:
                eye |= dict(zip("fo" if coupled else "ifo", params.w_c[:, j], strict=True))
            f = sigma(a["f"] + eye["f"] * c[b, j])
            i = 1 - f if coupled else sigma(a["i"] + eye["i"] * c[b, j])
            g = np.tanh(a["g"])
            cell = f * c[b, j] + i * g
            o = sigma(a["o"] + eye["o"] * cell)
            got = [gate[b, j] for gate in gates]
            np.testing.assert_allclose(got, [i, f, g, o], atol=1e-14)
            np.testing.assert_allclose([c_new[b, j], h_new[b, j]], [cell, o * np.tanh(cell)], atol=1e-14)


@variants
def test_forward_is_repeated_steps(peephole, coupled):
    params, x, h, c = drawn(2, 4, 3, 5, peephole=peephole, coupled=coupled)
    hs, cache = lstm.forward(params, x, h, c, coupled=coupled)
    for t in range(4):
        (h, c), gates = lstm.step(params, x[:, t], h, c, coupled=coupled)
        np.testing.assert_array_equal(hs[:, t], h)
        np.testing.assert_array_equal(cache.states[1][:, t + 1], c)
        np.testing.assert_array_equal([gate[:, t] for gate in lstm.gates(cache)], gates)


def test_a_step_is_torchs_cell():
    params, x, h, c = drawn(3, 1, 2, 4)
    cell = torch.nn.LSTMCell(2, 4, dtype=torch.float64)
    zero = torch.zeros(16, dtype=torch.float64)
    names = {"weight_ih": params.W_xh, "weight_hh": params.W_hh, "bias_ih": params.b_h}
    cell.load_state_dict({name: torch.tensor(value) for name, value in names.items()} | {"bias_hh": zero})
    wanted = cell(torch.tensor(x[:, 0]), (torch.tensor(h), torch.tensor(c)))
    for got, theirs in zip(lstm.step(params, x[:, 0], h, c)[0], wanted, strict=True):
        np.testing.assert_allclose(got, theirs.detach().numpy(), atol=1e-14)


def test_peepholes_of_zero_are_none():
    params, x, h, c = drawn(2, 4, 3, 5)
    blind = params._replace(w_c=np.zeros((3, 5)))
    np.testing.assert_array_equal(lstm.forward(params, x, h, c)[0], lstm.forward(blind, x, h, c)[0])
    assert lstm.backward(np.ones((2, 4, 5)), lstm.forward(params, x)[1]).params.w_c is None


def test_coupled_gates_are_an_lstm_whose_input_gate_mirrors_its_forget_gate():
    """σ(-a) = 1 - σ(a): the weights of i are those of f with the other sign. The gradient of f is that of both."""
    params, x, h, c = drawn(2, 4, 3, 5, coupled=True, peephole=True)
    W_xh, W_hh, b_h, w_c = (np.concatenate([-w[: len(w) // n], w]) for w, n in zip(params, (3, 3, 3, 2), strict=True))
    twin = lstm.Params(W_xh, W_hh, b_h, w_c)
    dhs = np.random.default_rng(1).normal(size=(2, 4, 5))
    hs, cache = lstm.forward(params, x, h, c, coupled=True)
    wanted, twin_cache = lstm.forward(twin, x, h, c)
    np.testing.assert_allclose(hs, wanted, atol=1e-14)
    ours, theirs = lstm.backward(dhs, cache), lstm.backward(dhs, twin_cache)
    np.testing.assert_allclose(ours.x, theirs.x, atol=1e-13)
    np.testing.assert_allclose(ours.c0, theirs.c0, atol=1e-13)
    np.testing.assert_allclose(ours.params.W_hh[:5], theirs.params.W_hh[5:10] - theirs.params.W_hh[:5], atol=1e-13)
    np.testing.assert_allclose(ours.params.w_c[0], theirs.params.w_c[1] - theirs.params.w_c[0], atol=1e-13)


# --- Jacobians ---


def by_complex_step(run, *given):
    """The derivatives of run's arrays (B, H) with respect to each of `given`, (B, H): rows of blocks (B, H, H)."""
    table = []
    for which, value in enumerate(given):
        columns = []
        for j in range(value.shape[1]):
            moved = [v.astype(complex) for v in given]
            moved[which][:, j] += 1e-200j
            columns.append([new.imag / 1e-200 for new in run(*moved)])
        table.append([np.stack(column, -1) for column in zip(*columns, strict=True)])
    return zip(*table, strict=True)


@variants
def test_jacobians_equal_complex_step(peephole, coupled):
    params, x, h, c = drawn(3, 1, 2, 4, peephole=peephole, coupled=coupled)
    jacobians = lstm.jacobians(lstm.forward(params, x, h, c, coupled=coupled)[1])
    wanted = by_complex_step(lambda *state: lstm.step(params, x[:, 0], *state, coupled=coupled)[0], h, c)
    for (by_h, by_c), names in zip(wanted, [("hh", "hc"), ("ch", "cc")], strict=True):
        np.testing.assert_allclose(getattr(jacobians, names[0])[:, 0], by_h, atol=1e-14)
        np.testing.assert_allclose(getattr(jacobians, names[1])[:, 0], by_c, atol=1e-14)


@variants
@pytest.mark.parametrize("mask", [None, [[1, 1, 0, 1, 1], [0, 1, 1, 1, 0]]])
def test_the_product_of_the_jacobians_is_the_jacobian_of_the_sequence(peephole, coupled, mask):
    params, x, h, c = drawn(2, 5, 2, 3, peephole=peephole, coupled=coupled)
    options = {"coupled": coupled, "mask": None if mask is None else np.array(mask, dtype=bool)}
    whole = lstm.jacobians(lstm.forward(params, x, h, c, **options)[1]).whole
    assert whole.shape == (2, 5, 6, 6)
    product = np.eye(6)
    for t in range(5):
        product = whole[:, t] @ product
    wanted = by_complex_step(lambda *s: [v[:, -1] for v in lstm.forward(params, x, *s, **options)[1].states], h, c)
    np.testing.assert_allclose(product, np.block([list(row) for row in wanted]), atol=1e-14)


@variants
def test_the_direct_path_is_the_derivative_with_the_gates_held_fixed(peephole, coupled):
    params, x, h, c = drawn(2, 3, 2, 4, peephole=peephole, coupled=coupled)
    _, cache = lstm.forward(params, x, h, c, coupled=coupled)
    i, f, g, _ = (gate[:, 1] for gate in lstm.gates(cache))
    ((wanted,),) = by_complex_step(lambda cell: [f * cell + i * g], cache.states[1][:, 1])
    jacobians = lstm.jacobians(cache)
    np.testing.assert_allclose(jacobians.direct[:, 1], wanted, atol=1e-15)
    same = np.allclose(jacobians.direct, jacobians.cc, atol=1e-14)
    assert same != peephole, "without peepholes c reaches the next c through f alone"


@variants
def test_the_total_derivative_lets_h_follow_c(peephole, coupled):
    params, x, h, c = drawn(2, 4, 2, 4, peephole=peephole, coupled=coupled)
    mask = np.array([[1, 1, 1, 1], [1, 0, 1, 1]], dtype=bool)
    _, cache = lstm.forward(params, x, h, c, coupled=coupled, mask=mask)
    jacobians, o = lstm.jacobians(cache), lstm.gates(cache).o
    np.testing.assert_array_equal(jacobians.total[:, 0], jacobians.cc[:, 0], "h_0 follows nothing")
    np.testing.assert_array_equal(jacobians.total[1, 1], np.eye(4), "a masked step changes nothing")
    made = np.stack([o[0, 1], o[1, 0]])  # of the step that made h_2: in the second sequence that was the first
    run = lambda cell: lstm.step(params, x[:, 2], made * np.tanh(cell), cell, coupled=coupled)[0][1:]  # noqa: E731
    ((wanted,),) = by_complex_step(run, cache.states[1][:, 2])
    np.testing.assert_allclose(jacobians.total[:, 2], wanted, atol=1e-14)
    assert np.abs(jacobians.total[:, 2] - jacobians.cc[:, 2]).max() > 1e-3


def test_no_steps_have_no_jacobians():
    params, x, h, c = drawn(2, 0, 3, 4)
    _, cache = lstm.forward(params, x, h, c)
    assert lstm.jacobians(cache).whole.shape == (2, 0, 8, 8)
    assert lstm.gates(cache).f.shape == (2, 0, 4)


# --- the start, and bad input ---


@variants
def test_init_is_uniform_seeded_and_bounded(peephole, coupled):
    options, n = {"peephole": peephole, "coupled": coupled}, 3 if coupled else 4
    params = lstm.init(3, 16, np.random.default_rng(0), **options)
    assert [p.shape for p in params[:3]] == [(16 * n, 3), (16 * n, 16), (16 * n,)]
    assert (params.w_c is None) != peephole
    for p in params[: 3 + peephole]:
        assert 0.2 < np.abs(p).max() <= 0.25
    assert params.w_c is None or params.w_c.shape == (n - 1, 16)
    again = lstm.init(3, 16, np.random.default_rng(0), forget_bias=1.5, **options)
    np.testing.assert_array_equal(params.W_hh, again.W_hh)
    changed = np.flatnonzero(params.b_h != again.b_h) // 16
    assert set(changed) == {0 if coupled else 1}, "of the forget gate alone"
    assert np.all(again.b_h[(n - 3) * 16 : (n - 2) * 16] == 1.5)


RNG = np.random.default_rng(0)
GOOD, COUPLED = lstm.init(2, 3, RNG), lstm.init(2, 3, RNG, peephole=True, coupled=True)
X, H0 = np.ones((2, 4, 2)), np.ones((2, 3))
BAD = {
    "params": (lambda: lstm.forward([1, 2, 3], X), TypeError, "params must be a Params"),
    "W_hh": (
        lambda: lstm.forward(GOOD._replace(W_hh=np.ones((3, 3))), X),
        ValueError,
        r"W_hh must have shape \(12, 3\)",
    ),
    "W_xh": (lambda: lstm.forward(GOOD._replace(W_xh=np.ones((3, 2))), X), ValueError, "W_xh must have shape"),
    "b_h": (lambda: lstm.forward(GOOD._replace(b_h=np.ones(3)), X), ValueError, "b_h must have shape"),
    "w_c": (lambda: lstm.forward(GOOD._replace(w_c=np.ones((2, 3))), X), ValueError, r"w_c must have shape \(3, 3\)"),
    "not coupled": (lambda: lstm.forward(COUPLED, X), ValueError, r"W_hh must have shape \(12, 3\), got \(9, 3\)"),
    "coupled": (lambda: lstm.forward(GOOD, X, coupled=True), ValueError, r"W_hh must have shape \(9, 3\)"),
    "coupled 1": (lambda: lstm.forward(GOOD, X, coupled=1), TypeError, "coupled must be True or False, got 1"),
    "c0": (lambda: lstm.forward(GOOD, X, H0, H0[:1]), ValueError, r"c0 must have shape \(2, 3\)"),
    "dc_T": (lambda: lstm.backward(np.ones((2, 4, 3)), lstm.forward(GOOD, X)[1], dc_T=X), ValueError, "dc_T must have"),
    "step x": (lambda: lstm.step(GOOD, X, H0, H0), ValueError, "x must have shape"),
    "step h": (lambda: lstm.step(GOOD, X[:, 0], H0[:1], H0), ValueError, r"h must have shape \(2, 3\)"),
    "step c": (lambda: lstm.step(GOOD, X[:, 0], H0, H0 * np.nan), ValueError, "c must be finite"),
    "D": (lambda: lstm.init(0, 3, RNG), ValueError, "D must be at least 1"),
    "H": (lambda: lstm.init(2, 3.0, RNG), TypeError, "H must be an integer"),
    "rng": (lambda: lstm.init(2, 3, 0), TypeError, "rng must be a numpy.random.Generator"),
    "scale": (lambda: lstm.init(2, 3, RNG, scale=-1), ValueError, "scale must be at least 0"),
    "peephole": (lambda: lstm.init(2, 3, RNG, peephole=None), TypeError, "peephole must be True or False"),
    "forget_bias": (lambda: lstm.init(2, 3, RNG, forget_bias="1"), TypeError, "forget_bias must be a real number"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
