"""The law of the reference network: finite differences = complex step = hand backward = autograd = torch.nn.RNN."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, relative_error
from seqlib.reference import rnn

CASES = {  # name: (B, T, D, H, lengths or None)
    "usual": (3, 5, 2, 4, None),
    "one step": (3, 1, 2, 4, None),
    "batch of one": (1, 4, 3, 4, None),
    "one unit": (2, 6, 1, 1, None),
    "lengths": (4, 6, 2, 3, [6, 1, 4, 3]),
    "more inputs": (2, 3, 5, 4, [3, 2]),
}
PARTS = ["W_xh", "W_hh", "b_h", "x", "h0"]
laws = pytest.mark.parametrize("case", CASES)
activations = pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])


def drawn(B, T, D, H, lengths=None, seed=0):
    """Arguments of forward, the mask, and random cotangents."""
    rng = np.random.default_rng(seed)
    arguments = {
        "W_xh": rng.normal(size=(H, D)),
        "W_hh": rng.normal(size=(H, H)) / np.sqrt(H),
        "b_h": rng.normal(size=H),
        "x": rng.normal(size=(B, T, D)),
        "h0": rng.normal(size=(B, H)),
    }
    mask = None if lengths is None else np.arange(T) < np.array(lengths)[:, None]
    return arguments, mask, rng.normal(size=(B, T, H)), rng.normal(size=(B, H))


def run(arguments, mask, nonlinearity):
    params = rnn.Params(arguments["W_xh"], arguments["W_hh"], arguments["b_h"])
    return rnn.forward(params, arguments["x"], arguments["h0"], mask=mask, nonlinearity=nonlinearity)


def by_hand(arguments, mask, nonlinearity, dhs, dh_T, **options):
    hs, cache = run(arguments, mask, nonlinearity)
    grads = rnn.backward(dhs, cache, dh_T=dh_T, **options)
    return hs, cache.h_T, grads.params._asdict() | {"x": grads.x, "h0": grads.h0}


def torch_loop(arguments, mask, nonlinearity):
    """The same network as a plain loop of torch, with leaves that collect gradients."""
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in arguments.items()}
    phi = getattr(torch, nonlinearity)
    h, hs = leaves["h0"], []
    for t in range(arguments["x"].shape[1]):
        new = phi(leaves["x"][:, t] @ leaves["W_xh"].T + h @ leaves["W_hh"].T + leaves["b_h"])
        real = torch.ones(len(h), 1, dtype=bool) if mask is None else torch.tensor(mask[:, t, None])
        h = torch.where(real, new, h)
        hs.append(torch.where(real, new, torch.zeros_like(new)))
    return leaves, torch.stack(hs, 1), h


@laws
@activations
def test_gradients_agree_with_complex_step_and_central_differences(case, nonlinearity):
    arguments, mask, dhs, dh_T = drawn(*CASES[case])

    def loss(**values):
        hs, cache = run(values, mask, nonlinearity)
        return (hs * dhs).sum() + (cache.h_T * dh_T).sum()

    _, _, gradients = by_hand(arguments, mask, nonlinearity, dhs, dh_T)
    report = check(loss, arguments, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())  # nothing is proved by zeros


@laws
@activations
def test_equal_to_autograd(case, nonlinearity):
    arguments, mask, dhs, dh_T = drawn(*CASES[case], seed=1)
    hs, h_T, gradients = by_hand(arguments, mask, nonlinearity, dhs, dh_T)
    leaves, hs_torch, h_torch = torch_loop(arguments, mask, nonlinearity)
    ((hs_torch * torch.tensor(dhs)).sum() + (h_torch * torch.tensor(dh_T)).sum()).backward()
    np.testing.assert_allclose(hs, hs_torch.detach().numpy(), atol=1e-13)
    np.testing.assert_allclose(h_T, h_torch.detach().numpy(), atol=1e-13)
    for name in PARTS:
        assert relative_error(gradients[name], leaves[name].grad.numpy()) < 1e-12, name


@laws
@activations
def test_equal_to_torch_rnn(case, nonlinearity):
    arguments, mask, dhs, dh_T = drawn(*CASES[case], seed=2)
    B, T, D, H, lengths = CASES[case]
    hs, h_T, gradients = by_hand(arguments, mask, nonlinearity, dhs, dh_T)
    layer = torch.nn.RNN(D, H, nonlinearity=nonlinearity, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.tensor(arguments["W_xh"]))
        layer.weight_hh_l0.copy_(torch.tensor(arguments["W_hh"]))
        layer.bias_ih_l0.copy_(torch.tensor(arguments["b_h"]))
        layer.bias_hh_l0.zero_()
    x, h0 = (torch.tensor(arguments[k], requires_grad=True) for k in ("x", "h0"))
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths or [T] * B, batch_first=True, enforce_sorted=False)
    out, last = layer(packed, h0[None])
    out, _ = torch.nn.utils.rnn.pad_packed_sequence(out, batch_first=True, total_length=T)
    ((out * torch.tensor(dhs)).sum() + (last[0] * torch.tensor(dh_T)).sum()).backward()
    np.testing.assert_allclose(hs, out.detach().numpy(), atol=1e-13)
    np.testing.assert_allclose(h_T, last[0].detach().numpy(), atol=1e-13)
    wanted = {"W_xh": layer.weight_ih_l0, "W_hh": layer.weight_hh_l0, "b_h": layer.bias_ih_l0, "x": x, "h0": h0}
    for name in PARTS:
        assert relative_error(gradients[name], wanted[name].grad.numpy()) < 1e-12, name


@activations
@pytest.mark.parametrize("lengths", [None, [6, 2, 4]])
@pytest.mark.parametrize("k", [1, 2, 3, 5, 6, 9])
def test_truncation_equals_brute_force(k, lengths, nonlinearity):
    arguments, mask, dhs, dh_T = drawn(3, 6, 2, 4, lengths, seed=3)
    if lengths:
        dh_T = np.zeros_like(dh_T)  # the final state of a short sequence is counted in positions: tested below
    _, _, got = by_hand(arguments, mask, nonlinearity, dhs, dh_T, truncate=k)
    wanted = brute_force(arguments, mask, nonlinearity, dhs, dh_T, k)
    for name in PARTS:
        assert relative_error(got[name], wanted[name]) < 1e-12, name


def brute_force(arguments, mask, nonlinearity, dhs, dh_T, k):
    """One run of autograd for every output, restarted k steps before it from a state that is given."""
    total = {name: np.zeros_like(arguments[name]) for name in PARTS}
    _, cache = run(arguments, mask, nonlinearity)
    T = dhs.shape[1]
    for t in range(1, T + 1):
        start = max(0, t - k)
        window = arguments | {"x": arguments["x"][:, start:t], "h0": cache.states[:, start]}
        leaves, hs, h = torch_loop(window, None if mask is None else mask[:, start:t], nonlinearity)
        loss = (hs[:, -1] * torch.tensor(dhs[:, t - 1])).sum()
        if t == T:
            loss = loss + (h * torch.tensor(dh_T)).sum()
        loss.backward()
        for name in ("W_xh", "W_hh", "b_h"):
            total[name] += leaves[name].grad.numpy()
        total["x"][:, start:t] += leaves["x"].grad.numpy()
        if start == 0:
            total["h0"] += leaves["h0"].grad.numpy()
    return total


def test_truncation_counts_masked_steps_on_the_way_from_the_final_state():
    arguments, mask, dhs, dh_T = drawn(2, 6, 2, 3, [6, 3], seed=4)
    _, _, got = by_hand(arguments, mask, "tanh", 0 * dhs, dh_T, truncate=3)
    assert np.all(got["x"][1] == 0)  # three masked steps use up the three
    assert np.all(got["x"][0, 3:] != 0)
    assert np.all(got["x"][0, :3] == 0)


@pytest.mark.parametrize("k", [6, 7, 100])
def test_truncation_at_full_length_changes_nothing(k):
    arguments, mask, dhs, dh_T = drawn(2, 6, 2, 3, [6, 4], seed=5)
    _, _, full = by_hand(arguments, mask, "tanh", dhs, dh_T)
    _, _, cut = by_hand(arguments, mask, "tanh", dhs, dh_T, truncate=k)
    for name in PARTS:
        np.testing.assert_array_equal(cut[name], full[name])


def test_truncation_below_full_length_changes_the_gradient():
    arguments, mask, dhs, dh_T = drawn(2, 6, 2, 3, seed=5)
    _, _, full = by_hand(arguments, mask, "tanh", dhs, dh_T)
    _, _, cut = by_hand(arguments, mask, "tanh", dhs, dh_T, truncate=5)
    assert relative_error(cut["W_hh"], full["W_hh"]) > 1e-3


@activations
def test_jacobian_equals_complex_step(nonlinearity):
    arguments, _, _, _ = drawn(3, 1, 2, 4, seed=6)
    params = rnn.Params(*(arguments[k] for k in ("W_xh", "W_hh", "b_h")))
    x, h = arguments["x"][:, 0], arguments["h0"]
    jacobian = rnn.jacobian(params, rnn.step(params, x, h, nonlinearity=nonlinearity), nonlinearity=nonlinearity)
    assert jacobian.shape == (3, 4, 4)
    for j in range(4):
        moved = h.astype(complex)
        moved[:, j] += 1e-200j
        column = rnn.step(params, x, moved, nonlinearity=nonlinearity).imag / 1e-200
        np.testing.assert_allclose(jacobian[:, :, j], column, atol=1e-14)


@activations
def test_forward_is_repeated_steps(nonlinearity):
    arguments, _, _, _ = drawn(2, 4, 3, 5, seed=7)
    hs, cache = run(arguments, None, nonlinearity)
    h = arguments["h0"]
    for t in range(4):
        h = rnn.step(cache.params, arguments["x"][:, t], h, nonlinearity=nonlinearity)
        np.testing.assert_allclose(hs[:, t], h, atol=1e-15)


def test_no_steps():
    arguments, _, dhs, dh_T = drawn(2, 0, 3, 4)
    hs, h_T, gradients = by_hand(arguments, None, "tanh", dhs, dh_T)
    assert hs.shape == (2, 0, 4)
    np.testing.assert_array_equal(h_T, arguments["h0"])
    np.testing.assert_array_equal(gradients["h0"], dh_T)
    assert gradients["x"].shape == (2, 0, 3)
    assert all(np.all(gradients[name] == 0) for name in ("W_xh", "W_hh", "b_h"))
    _, _, cut = by_hand(arguments, None, "tanh", dhs, dh_T, truncate=1)
    np.testing.assert_array_equal(cut["h0"], dh_T)


def test_default_initial_state_is_zero_and_h_T_gets_no_gradient_by_default():
    arguments, _, dhs, dh_T = drawn(2, 3, 2, 4)
    arguments["h0"] = np.zeros((2, 4))
    params = rnn.Params(*(arguments[k] for k in ("W_xh", "W_hh", "b_h")))
    hs, cache = rnn.forward(params, arguments["x"])
    np.testing.assert_array_equal(hs, run(arguments, None, "tanh")[0])
    zero = rnn.backward(dhs, cache, dh_T=np.zeros_like(dh_T))
    np.testing.assert_array_equal(rnn.backward(dhs, cache).params.W_hh, zero.params.W_hh)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 5), st.integers(0, 4), st.integers(0, 10_000))
def test_padding_changes_nothing(B, T, more, seed):
    arguments, _, dhs, dh_T = drawn(B, T, 2, 3, seed=seed)
    padded, rng = dict(arguments), np.random.default_rng(seed)
    padded["x"] = np.concatenate([arguments["x"], rng.normal(size=(B, more, 2))], 1)
    mask = np.broadcast_to(np.arange(T + more) < T, (B, T + more))
    d_padded = np.concatenate([dhs, rng.normal(size=(B, more, 3))], 1)
    hs, h_T, gradients = by_hand(arguments, None, "tanh", dhs, dh_T)
    hs_p, h_T_p, gradients_p = by_hand(padded, mask, "tanh", d_padded, dh_T)
    np.testing.assert_allclose(hs_p[:, :T], hs, atol=1e-14)
    assert np.all(hs_p[:, T:] == 0)
    np.testing.assert_allclose(h_T_p, h_T, atol=1e-14)
    for name in ("W_xh", "W_hh", "b_h", "h0"):
        np.testing.assert_allclose(gradients_p[name], gradients[name], atol=1e-12)
    np.testing.assert_allclose(gradients_p["x"][:, :T], gradients["x"], atol=1e-12)
    assert np.all(gradients_p["x"][:, T:] == 0)


def test_causality():
    arguments, _, _, _ = drawn(2, 6, 2, 4)
    changed = dict(arguments, x=arguments["x"].copy())
    changed["x"][:, 3] += 1
    before, after = run(arguments, None, "tanh")[0], run(changed, None, "tanh")[0]
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert np.all(before[:, 3] != after[:, 3])


def test_init_is_uniform_seeded_and_bounded():
    params = rnn.init(3, 16, np.random.default_rng(0))
    assert [p.shape for p in params] == [(16, 3), (16, 16), (16,)]
    for p in params:
        assert np.abs(p).max() <= 0.25
    assert params.W_hh.max() > 0.23
    assert params.W_hh.min() < -0.23
    np.testing.assert_array_equal(params.W_hh, rnn.init(3, 16, np.random.default_rng(0)).W_hh)
    assert np.abs(rnn.init(3, 16, np.random.default_rng(0), scale=2.0).W_hh).max() > 1.9


def test_nothing_is_changed_in_place():
    arguments, mask, dhs, dh_T = drawn(2, 4, 2, 3, [4, 2])
    copies = {k: v.copy() for k, v in arguments.items()} | {"dhs": dhs.copy(), "dh_T": dh_T.copy()}
    for k in (None, 2):
        by_hand(arguments, mask, "tanh", dhs, dh_T, truncate=k)
    for name, value in (arguments | {"dhs": dhs, "dh_T": dh_T}).items():
        np.testing.assert_array_equal(value, copies[name])


GOOD = rnn.init(2, 3, np.random.default_rng(0))
X = np.ones((2, 4, 2))
HS, CACHE = rnn.forward(GOOD, X)
BAD = {
    "x is not 3-d": (lambda: rnn.forward(GOOD, X[0]), ValueError, r"x must have shape \(B, T, 2\), got \(4, 2\)"),
    "x too wide": (lambda: rnn.forward(GOOD, np.ones((2, 4, 3))), ValueError, "x must have shape"),
    "x holds NaN": (lambda: rnn.forward(GOOD, X * np.nan), ValueError, "x must be finite"),
    "x is text": (lambda: rnn.forward(GOOD, np.array([["a"]])), TypeError, "x must hold real numbers"),
    "h0": (lambda: rnn.forward(GOOD, X, np.ones(3)), ValueError, r"h0 must have shape \(2, 3\)"),
    "mask is numbers": (lambda: rnn.forward(GOOD, X, mask=np.ones((2, 4))), TypeError, "mask must be boolean"),
    "mask shape": (lambda: rnn.forward(GOOD, X, mask=np.ones((2, 3), bool)), ValueError, "mask must have shape"),
    "nonlinearity": (lambda: rnn.forward(GOOD, X, nonlinearity="sin"), ValueError, "nonlinearity must be one of"),
    "params": (lambda: rnn.forward([1, 2, 3], X), TypeError, "params must be a Params"),
    "W_hh": (lambda: rnn.forward(GOOD._replace(W_hh=np.ones((3, 2))), X), ValueError, "W_hh must have shape"),
    "W_xh": (lambda: rnn.forward(GOOD._replace(W_xh=np.ones((2, 2))), X), ValueError, "W_xh must have shape"),
    "b_h": (lambda: rnn.forward(GOOD._replace(b_h=np.ones(2)), X), ValueError, "b_h must have shape"),
    "step x": (lambda: rnn.step(GOOD, X, HS[:, 0]), ValueError, "x must have shape"),
    "step h": (lambda: rnn.step(GOOD, X[:, 0], HS), ValueError, "h must have shape"),
    "dhs": (lambda: rnn.backward(HS[:, 1:], CACHE), ValueError, "dhs must have shape"),
    "dh_T": (lambda: rnn.backward(HS, CACHE, dh_T=HS), ValueError, "dh_T must have shape"),
    "truncate 0": (lambda: rnn.backward(HS, CACHE, truncate=0), ValueError, "truncate must be at least 1"),
    "truncate 1.5": (lambda: rnn.backward(HS, CACHE, truncate=1.5), TypeError, "truncate must be an integer"),
    "h_next": (lambda: rnn.jacobian(GOOD, HS), ValueError, "h_next must have shape"),
    "D": (lambda: rnn.init(0, 3, np.random.default_rng(0)), ValueError, "D must be at least 1"),
    "H": (lambda: rnn.init(2, 3.0, np.random.default_rng(0)), TypeError, "H must be an integer"),
    "rng": (lambda: rnn.init(2, 3, 0), TypeError, "rng must be a numpy.random.Generator"),
    "scale": (lambda: rnn.init(2, 3, np.random.default_rng(0), scale=-1), ValueError, "scale must be at least 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()


def test_the_reference_needs_no_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"  # any import of torch now fails
        "import pkgutil, importlib, seqlib.reference as r\n"
        "names = [m.name for m in pkgutil.iter_modules(r.__path__)]\n"
        "[importlib.import_module('seqlib.reference.' + n) for n in names]\n"
        "import seqlib.gradcheck, seqlib.evidence\n"
        "assert 'matplotlib' not in sys.modules\n"
        "print(sorted(names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "rnn" in done.stdout
