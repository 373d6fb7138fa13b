"""The selective state space: its formula step by step, gradients, and Mamba of Hugging Face, from configuration."""

import os

import numpy as np
import pytest
import torch

from seqlib.gradcheck import check, relative_error
from seqlib.reference import linear_recurrence, selective_scan, state_space
from seqlib.reference.selective_scan import Params
from seqlib.reference.state_space import MAMBA_CODE, MAMBA_PAPER, RULES

rules = pytest.mark.parametrize("rule", RULES)


def drawn(T=6, D=3, N=2, R=2, seed=0):
    """Parameters with steps of all lengths, inputs, an initial state, cotangents."""
    rng = np.random.default_rng(seed)
    params = selective_scan.init(D, N, R, rng, slowest=0.1, fastest=1.0)._replace(skip=rng.normal(size=D))
    shapes = (2, T, D), (2, D, N), (2, T, D), (2, D, N)
    return params, *(rng.normal(size=shape) for shape in shapes)


@rules
@pytest.mark.parametrize("method", linear_recurrence.METHODS)
@pytest.mark.parametrize("T", [1, 5])
def test_outputs_are_their_formula_step_by_step(rule, method, T):
    params, x, h, *_ = drawn(T)
    y, cache = selective_scan.forward(params, x, h, rule=rule, method=method)
    A = -np.exp(params.A_log)
    for t in range(T):
        u = x[:, t]
        delta = np.log1p(np.exp(u @ (params.W_up @ params.W_down).T + params.b_delta))[..., None]
        B, C = (u @ params.W_B.T)[:, None], (u @ params.W_C.T)[:, None]
        a_bar = 1 + delta * A if rule == "euler" else np.exp(delta * A)
        b_bar = (np.exp(delta * A) - 1) / A * B if rule == "zero-order hold" else delta * B
        h = a_bar * h + b_bar * u[..., None]
        np.testing.assert_allclose(y[:, t], (C * h).sum(-1) + params.skip * u, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cache.h_T, h, rtol=1e-10, atol=1e-12)


@rules
@pytest.mark.parametrize("T", [1, 4])
def test_gradients_agree_with_complex_step_and_central_differences(rule, T):
    params, x, h0, dy, dh_T = drawn(T, seed=1)
    _, cache = selective_scan.forward(params, x, h0, rule=rule)
    grads = selective_scan.backward(dy, cache, dh_T=dh_T)

    def loss(x, h0, **weights):
        y, cache = selective_scan.forward(Params(**weights), x, h0, rule=rule)
        return (y * dy).sum() + (cache.h_T * dh_T).sum()

    gradients = grads.params._asdict() | {"x": grads.x, "h0": grads.h0}
    report = check(loss, params._asdict() | {"x": x, "h0": h0}, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


@pytest.fixture
def mamba(monkeypatch):
    """The module of transformers that has Mamba, in float64: it takes states in float32 whatever the weights are."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.mamba import modeling_mamba

    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)
    return modeling_mamba


def test_one_layer_of_mamba_is_ours_between_its_projections_with_gradients(mamba):
    """in_proj, the short convolution, the gate and out_proj are torch's here; between them stands our layer."""
    config = mamba.MambaConfig(
        hidden_size=4, state_size=3, time_step_rank=2, expand=2, num_hidden_layers=1, vocab_size=5
    )
    torch.manual_seed(0)
    mixer = mamba.MambaMixer(config, layer_idx=0).double()
    with torch.no_grad():
        for weight in mixer.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    x = torch.randn(2, 7, 4, dtype=torch.double)
    wanted = mixer(x)
    u, gate = mixer.in_proj(x).chunk(2, dim=-1)
    u = torch.nn.functional.silu(mixer.conv1d(u.transpose(1, 2))[..., :7]).transpose(1, 2).detach().requires_grad_()
    W_down, W_B, W_C = (part.detach().numpy() for part in mixer.x_proj.weight.split([2, 3, 3]))
    A_log, W_up, b_delta, skip = (
        weight.detach().numpy() for weight in (mixer.A_log, mixer.dt_proj.weight, mixer.dt_proj.bias, mixer.D)
    )
    params = Params(A_log, W_down, W_up, b_delta, W_B, W_C, skip)
    got = {}
    for rule in (MAMBA_CODE, MAMBA_PAPER):
        y, cache = selective_scan.forward(params, u.detach().numpy(), rule=rule)
        y = torch.tensor(y, requires_grad=True)
        got[rule] = out = mixer.out_proj(y * torch.nn.functional.silu(gate))
        if rule == MAMBA_CODE:
            dout = torch.randn_like(out)
            (dy,) = torch.autograd.grad(out, y, dout)
            grads = selective_scan.backward(dy.numpy(), cache).params
    assert relative_error(got[MAMBA_CODE].detach().numpy(), wanted.detach().numpy()) < 1e-12
    # by equation 4 it is another layer; not far away, as long as steps are as short as they begin
    assert relative_error(got[MAMBA_PAPER].detach().numpy(), wanted.detach().numpy()) > 1e-6
    leaves = (mixer.A_log, mixer.x_proj.weight, mixer.dt_proj.weight, mixer.dt_proj.bias, mixer.D)
    theirs = [g.numpy() for g in torch.autograd.grad(wanted, leaves, dout)]
    ours = [grads.A_log, np.concatenate([grads.W_down, grads.W_B, grads.W_C]), grads.W_up, grads.b_delta, grads.skip]
    for mine, its in zip(ours, theirs, strict=True):
        assert relative_error(mine, its) < 1e-10


def test_mamba_generating_from_a_state_is_ours_with_an_initial_state(mamba):
    """Its sequence form begins with 0; its single step has a state, and so any h₀."""
    params, x, h0, *_ = drawn(T=5)
    y, cache = selective_scan.forward(params, x, h0, method="loop")
    state, A = torch.tensor(h0), torch.tensor(-np.exp(params.A_log))
    for t in range(5):
        u = torch.tensor(x[:, t])
        dt = u @ torch.tensor(params.W_up @ params.W_down).T
        B, C = u @ torch.tensor(params.W_B).T, u @ torch.tensor(params.W_C).T
        options = {"D": torch.tensor(params.skip), "dt_bias": torch.tensor(params.b_delta), "dt_softplus": True}
        out = mamba.mamba_selective_state_update(state, u, dt, A, B, C, **options)
        np.testing.assert_allclose(out.squeeze().numpy(), y[:, t], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(state.numpy(), cache.h_T, rtol=1e-10, atol=1e-12)


def test_a_long_step_forgets_and_a_short_one_passes_over():
    params, x, h0, *_ = drawn(T=1)
    for b_delta, kept in ((-800.0, 1.0), (800.0, 0.0)):
        far = params._replace(b_delta=np.full(3, b_delta))
        _, cache = selective_scan.forward(far, 0 * x, h0)
        np.testing.assert_allclose(cache.h_T, kept * h0, atol=1e-15)
        grads = selective_scan.backward(np.ones_like(x), selective_scan.forward(far, x, h0)[1])
        assert all(np.isfinite(g).all() for g in (*grads.params, grads.x, grads.h0))


def test_defaults_causality_and_a_copy_of_what_goes_in():
    params, x, h0, dy, _ = drawn(T=7)
    y, cache = selective_scan.forward(params, x, h0)
    np.testing.assert_array_equal(y, selective_scan.forward(params, x, h0, rule=MAMBA_CODE, method="tree")[0])
    np.testing.assert_array_equal(selective_scan.forward(params, x)[0], selective_scan.forward(params, x, 0 * h0)[0])
    wanted = selective_scan.backward(dy, cache)
    x[:, 4:] = 9
    np.testing.assert_array_equal(selective_scan.forward(params, x, h0)[0][:, :4], y[:, :4])
    for array in (*params, x):
        array[:] = 0
    got = selective_scan.backward(dy, cache)
    for mine, its in zip((*got.params, got.x), (*wanted.params, wanted.x), strict=True):
        np.testing.assert_array_equal(mine, its)
    assert isinstance(cache.kept, state_space.Cache)


def test_init_begins_with_steps_of_all_lengths():
    params = selective_scan.init(300, 4, 9, np.random.default_rng(0))
    delta = np.log1p(np.exp(params.b_delta))
    assert 0.001 <= delta.min() < 0.0012
    assert 0.09 < delta.max() <= 0.1
    assert 0.4 < (delta < 0.01).mean() < 0.6
    np.testing.assert_allclose(np.exp(params.A_log), np.tile([1, 2, 3, 4], (300, 1)))
    assert 0.32 < params.W_up.max() <= 1 / 3
    for weight in (params.W_down, params.W_B, params.W_C):
        assert 0.055 < weight.max() <= 300**-0.5
    np.testing.assert_array_equal(params.skip, 1)


P = drawn()[0]
X = np.ones((2, 4, 3))
RNG = np.random.default_rng(0)
BAD = {
    "params": (lambda: selective_scan.forward(P[:3], X), TypeError, "params must be a Params"),
    "W_up": (
        lambda: selective_scan.forward(P._replace(W_up=P.W_up.T), X),
        ValueError,
        r"W_up must have shape \(3, 2\)",
    ),
    "W_down": (lambda: selective_scan.forward(P._replace(W_down=P.W_up), X), ValueError, r"shape \(R, 3\)"),
    "W_C": (lambda: selective_scan.forward(P._replace(W_C=P.W_C[1:]), X), ValueError, r"W_C must have shape \(2, 3\)"),
    "x": (lambda: selective_scan.forward(P, X[..., 1:]), ValueError, r"x must have shape \(B, T, 3\)"),
    "h0": (lambda: selective_scan.forward(P, X, X[:, 0]), ValueError, r"h0 must have shape \(2, 3, 2\)"),
    "rule": (lambda: selective_scan.forward(P, X, rule="zoh"), ValueError, "rule must be one of"),
    "R": (lambda: selective_scan.init(2, 2, 0, RNG), ValueError, "R must be at least 1"),
    "steps": (lambda: selective_scan.init(2, 2, 1, RNG, slowest=0.0), ValueError, "slowest must be greater than 0"),
    "rng": (lambda: selective_scan.init(2, 2, 1, 0), TypeError, "rng must be a numpy.random.Generator"),
    "cache": (lambda: selective_scan.backward(X, None), TypeError, "cache must be what selective_scan.forward gave"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
