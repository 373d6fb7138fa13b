"""Multi-head attention: torch's own layer, heads apart, shared keys, bad input. Gradients: test_transformer.py."""

import numpy as np
import pytest
import torch

from seqlib.gradcheck import relative_error
from seqlib.reference import multi_head
from seqlib.reference.multi_head import Params, Rotary

MASK = np.arange(5) < np.array([[5], [2], [4]])


def drawn(n_kv=2, width=3, seed=0):
    """Two heads: parameters, x (3, 4, 6), source (3, 5, width), a cotangent."""
    rng = np.random.default_rng(seed)
    sizes = (4, 6), (n_kv * 2, width), (n_kv * 5, width), (6, 10)
    params = Params(*(rng.normal(size=size) for size in sizes), *(rng.normal(size=size[0]) for size in sizes))
    return params, rng.normal(size=(3, 4, 6)), rng.normal(size=(3, 5, width)), rng.normal(size=(3, 4, 6))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_equal_to_torchs_layer(masked, seed):
    """With a source, biases, and weights that have a cotangent of their own."""
    torch.manual_seed(seed)
    layer = torch.nn.MultiheadAttention(6, 2, batch_first=True, dtype=torch.float64)
    for weight in layer.parameters():
        torch.nn.init.normal_(weight)
    x, source = torch.randn(3, 4, 6, dtype=torch.float64), torch.randn(3, 5, 6, dtype=torch.float64)
    for leaf in (x, source):
        leaf.requires_grad_()
    out, weights = layer(
        x, source, source, key_padding_mask=torch.tensor(~MASK) if masked else None, average_attn_weights=False
    )
    dout, dweights = torch.randn_like(out), torch.randn_like(weights)
    ((out * dout).sum() + (weights * dweights).sum()).backward()
    W, b = layer.in_proj_weight.detach().numpy(), layer.in_proj_bias.detach().numpy()
    W_o, b_o = layer.out_proj.weight.detach().numpy(), layer.out_proj.bias.detach().numpy()
    params = Params(*np.split(W, 3), W_o, *np.split(b, 3), b_o)
    got, cache = multi_head.forward(
        params, x.detach().numpy(), source.detach().numpy(), MASK if masked else None, n_heads=2
    )
    grads = multi_head.backward(dout.numpy(), cache, dweights.numpy())
    assert relative_error(got, out.detach().numpy()) < 1e-12
    assert relative_error(cache.weights, weights.detach().numpy()) < 1e-12
    found = {
        "x": (grads.x, x), "source": (grads.source, source), "W_o": (grads.params.W_o, layer.out_proj.weight),
        "b_o": (grads.params.b_o, layer.out_proj.bias),
        "W": (np.concatenate(grads.params[:3]), layer.in_proj_weight),
    }  # fmt: skip
    for name, (gradient, leaf) in found.items():
        assert relative_error(gradient, leaf.grad.numpy()) < 1e-11, name
    theirs = layer.in_proj_bias.grad.numpy()
    assert np.abs(np.concatenate(grads.params[4:7]) - theirs).max() < 1e-12 * np.abs(theirs).max()


def test_heads_are_cut_side_by_side():
    x = np.arange(24.0).reshape(1, 2, 12)
    cut = multi_head.heads(x, 3)
    assert cut.shape == (1, 3, 2, 4)
    np.testing.assert_array_equal(cut[0, 1], [[4, 5, 6, 7], [16, 17, 18, 19]])
    np.testing.assert_array_equal(multi_head.merged(cut), x)


def test_a_head_neither_reads_nor_writes_what_belongs_to_another():
    params, x, source, _ = drawn()
    _, before = multi_head.forward(params, x, source, n_heads=2)
    W_q = params.W_q.copy()
    W_q[2:] += 1  # of the second head
    out, after = multi_head.forward(params._replace(W_q=W_q), x, source, n_heads=2)
    np.testing.assert_array_equal(after.weights[:, 0], before.weights[:, 0])
    assert np.all(np.abs(after.weights[:, 1] - before.weights[:, 1]).max((1, 2)) > 1e-3)
    W_o = params.W_o.copy()
    W_o[:, 5:] = 0
    alone = multi_head.forward(params._replace(W_o=W_o), x, source, n_heads=2)[0]
    np.testing.assert_allclose(
        multi_head.forward(params._replace(W_q=W_q, W_o=W_o), x, source, n_heads=2)[0], alone, atol=1e-14
    )
    assert np.abs(out - alone).max() > 1e-3


def test_keys_that_heads_share_are_keys_given_to_each_of_them():
    params, x, source, dout = drawn(n_kv=1)
    out, cache = multi_head.forward(params, x, source, MASK, n_heads=2)
    each = params._replace(**{n: np.concatenate([getattr(params, n)] * 2) for n in ("W_k", "W_v", "b_k", "b_v")})
    wanted, theirs = multi_head.forward(each, x, source, MASK, n_heads=2)
    np.testing.assert_allclose(out, wanted, atol=1e-13)
    grads, others = multi_head.backward(dout, cache), multi_head.backward(dout, theirs)
    np.testing.assert_allclose(grads.source, others.source, atol=1e-12)
    for name in ("W_k", "W_v", "b_v"):
        halves = np.split(getattr(others.params, name), 2)
        np.testing.assert_allclose(getattr(grads.params, name), sum(halves), atol=1e-12)


def test_without_the_scale_scores_are_larger_by_the_root_of_d_k():
    params, x, source, _ = drawn()
    _, plain = multi_head.forward(params, x, source, n_heads=2, scaled=False)
    grown = params._replace(W_q=params.W_q * 2**0.5, b_q=params.b_q * 2**0.5)
    _, scaled = multi_head.forward(grown, x, source, n_heads=2)
    np.testing.assert_allclose(plain.weights, scaled.weights, rtol=1e-12)


def test_a_query_that_may_ask_nothing_gets_the_bias():
    params, x, source, dout = drawn()
    mask = MASK.copy()
    mask[1] = False
    out, cache = multi_head.forward(params, x, source, mask, n_heads=2)
    np.testing.assert_array_equal(out[1], np.broadcast_to(params.b_o, (4, 6)))
    grads = multi_head.backward(dout, cache)
    assert np.all(grads.x[1] == 0)
    assert np.all(grads.source[1] == 0)
    assert np.all(np.isfinite(out))


def test_causal_goes_together_with_a_mask():
    params, x, _, _ = drawn(width=6)
    mask = np.arange(4) < np.array([[4], [2], [3]])
    _, cache = multi_head.forward(params, x, mask=mask, n_heads=2, causal=True)
    allowed = (mask[:, None] & np.tri(4, dtype=bool))[:, None]
    assert np.all((cache.weights > 0) == np.broadcast_to(allowed, cache.weights.shape))


P, X, Z, _ = drawn()
OWN = drawn(width=6)[0]


def ask(params=P, x=X, source=Z, mask=None, *, n_heads=2, **options):
    """Two heads of x ask the source."""
    return multi_head.forward(params, x, source, mask, n_heads=n_heads, **options)


def back(dout=X, dweights=None):
    """The way back of x that asks itself."""
    return multi_head.backward(dout, multi_head.forward(OWN, X, n_heads=2)[1], dweights)


BAD = {
    "params": (lambda: ask(tuple(P)), TypeError, "params must be a multi_head.Params, got tuple"),
    "n_heads": (lambda: ask(n_heads=3), ValueError, "params.W_q must have as many rows for each of 3 heads"),
    "none": (lambda: ask(n_heads=0), ValueError, "n_heads must be"),
    "W_q": (lambda: ask(P._replace(W_q=P.W_q.T)), ValueError, r"params.W_q must have shape \(Hq, 6\), got \(6, 4\)"),
    "no W_q": (lambda: ask(P._replace(W_q=P.W_q[:0])), ValueError, "params.W_q must have as many rows"),
    "W_k": (
        lambda: ask(P._replace(W_k=P.W_k[:3])),
        ValueError,
        "params.W_k must have 2 rows for each of n_kv heads, n_kv a divisor of 2, got 3 rows",
    ),
    "three of two": (lambda: ask(P._replace(W_k=np.ones((6, 3)))), ValueError, "params.W_k must have 2 rows"),
    "no W_k": (lambda: ask(P._replace(W_k=P.W_k[:0])), ValueError, "params.W_k must have 2 rows"),
    "W_v": (
        lambda: ask(P._replace(W_v=P.W_v[:9])),
        ValueError,
        "params.W_v must have as many rows for each of 2 heads",
    ),
    "W_o": (lambda: ask(P._replace(W_o=P.W_o[:, :8])), ValueError, "params.W_o must have 10 columns, d_v for each"),
    "b_v": (lambda: ask(P._replace(b_v=P.b_q)), ValueError, r"params.b_v must have shape \(10\), got \(4\)"),
    "causal": (lambda: ask(causal=True), ValueError, "causal and rotary are for a sequence that attends to itself"),
    "rotary": (lambda: ask(rotary=Rotary()), ValueError, "leave out source"),
    "source": (lambda: ask(source=Z[:2]), ValueError, r"source must have shape \(3, S, Ds\), got \(2, 5, 3\)"),
    "width": (lambda: ask(source=None), ValueError, r"params.W_k must have shape \(Hk, 6\), got \(4, 3\)"),
    "x": (lambda: ask(x=X * np.nan), ValueError, "x must be finite"),
    "mask": (lambda: ask(mask=MASK[:, :4]), ValueError, r"mask must have shape \(3, 5\), got \(3, 4\)"),
    "grid": (lambda: ask(mask=np.ones((3, 5, 4), bool)), ValueError, r"mask must have shape \(3, 4, 5\)"),
    "numbers": (lambda: ask(mask=1 * MASK), TypeError, "mask must be boolean"),
    "dout": (lambda: back(X[:2]), ValueError, r"dout must have shape \(3, 4, 6\), got \(2, 4, 6\)"),
    "dweights": (lambda: back(X, np.ones((3, 4, 4))), ValueError, r"dweights must have shape \(3, 2, 4, 4\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
