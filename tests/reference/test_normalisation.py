"""Layer and RMS normalisation: against torch, the Jacobian, what changes nothing, bad input."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from seqlib.gradcheck import check, relative_error
from seqlib.reference import normalisation
from seqlib.reference.normalisation import LayerNorm, RMSNorm

KINDS = {
    "layer": lambda gain, bias: LayerNorm(gain, bias),
    "layer, no bias": lambda gain, bias: LayerNorm(gain, None),
    "rms": lambda gain, bias: RMSNorm(gain),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def drawn(shape=(3, 4, 5), seed=0):
    """x, a gain, a bias and a cotangent; x has a mean that is not 0."""
    rng = np.random.default_rng(seed)
    return 2 + rng.normal(size=shape), rng.normal(size=shape[-1]), rng.normal(size=shape[-1]), rng.normal(size=shape)


@kinds
@pytest.mark.parametrize("eps", [1e-5, 0.3])
@pytest.mark.parametrize("shape", [(5,), (2, 5), (3, 4, 5), (2, 3, 1, 7)], ids=str)
def test_equal_to_torch(kind, eps, shape):
    x, gain, bias, dy = drawn(shape)
    params = KINDS[kind](gain, bias)
    y, cache = normalisation.forward(params, x, eps=eps)
    grads = normalisation.backward(dy, cache)
    leaves = [torch.tensor(value, requires_grad=True) for value in (x, gain, bias)]
    if kind == "rms":
        theirs = functional.rms_norm(leaves[0], shape[-1:], leaves[1], eps)
    else:
        theirs = functional.layer_norm(leaves[0], shape[-1:], leaves[1], None if "no" in kind else leaves[2], eps)
    (theirs * torch.tensor(dy)).sum().backward()
    assert relative_error(y, theirs.detach().numpy()) < 1e-13
    assert relative_error(grads.x, leaves[0].grad.numpy()) < 1e-12
    assert relative_error(grads.params.gain, leaves[1].grad.numpy()) < 1e-12
    if kind == "layer":
        assert relative_error(grads.params.bias, leaves[2].grad.numpy()) < 1e-12
    assert type(grads.params) is type(params)
    assert kind != "layer, no bias" or grads.params.bias is None


@kinds
def test_gradients_agree_with_complex_step_and_central_differences(kind):
    x, gain, bias, dy = drawn((2, 3))
    arrays = {"x": x, "gain": gain} | ({"bias": bias} if kind == "layer" else {})

    def loss(x, gain, bias=None):
        return (normalisation.forward(KINDS[kind](gain, bias), x, eps=0.1)[0] * dy).sum()

    grads = normalisation.backward(dy, normalisation.forward(KINDS[kind](gain, bias), x, eps=0.1)[1])
    found = {"x": grads.x, "gain": grads.params.gain} | ({"bias": grads.params.bias} if kind == "layer" else {})
    report = check(loss, arrays, found)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10


@kinds
def test_each_position_is_normalised_by_its_own_features(kind):
    x, gain, bias, _ = drawn()
    y, cache = normalisation.forward(KINDS[kind](gain, bias), x)
    for place in np.ndindex(x.shape[:2]):
        alone, _ = normalisation.forward(KINDS[kind](gain, bias), x[place])
        np.testing.assert_allclose(y[place], alone, rtol=1e-14)
    square = (cache.normed**2).mean(-1)
    np.testing.assert_allclose(square, 1, atol=1e-3)
    assert (np.abs(cache.normed.mean(-1)).max() < 1e-14) == (kind != "rms")


def test_what_a_norm_does_not_see():
    """Layer normalisation neither a shift nor a scale, RMS normalisation no scale; gradients are orthogonal to both."""
    x, gain, bias, dy = drawn()
    for kind, moved in [("layer", 3 * x + 7), ("rms", 3 * x)]:
        params = KINDS[kind](gain, bias)
        y, cache = normalisation.forward(params, x, eps=0)
        np.testing.assert_allclose(normalisation.forward(params, moved, eps=0)[0], y, rtol=1e-11)
        dx = normalisation.backward(dy, cache).x
        np.testing.assert_allclose((dx * x).sum(-1), 0, atol=1e-13)
        assert (np.abs(dx.sum(-1)).max() < 1e-13) == (kind == "layer")


def test_features_that_are_all_alike():
    y, cache = normalisation.forward(LayerNorm(np.ones(3), np.arange(3.0)), np.full((1, 3), 2.0), eps=0)
    np.testing.assert_array_equal(y, [[0, 1, 2]])
    with pytest.raises(ValueError, match="x must vary where eps is 0"):
        normalisation.backward(np.ones((1, 3)), cache)
    _, cache = normalisation.forward(RMSNorm(np.ones(3)), np.zeros((1, 3)))
    np.testing.assert_allclose(normalisation.backward(np.ones((1, 3)), cache).x, 1 / np.sqrt(1e-5))


@kinds
def test_nothing_of_the_callers_is_shared(kind):
    x, gain, bias, dy = drawn()
    _, cache = normalisation.forward(KINDS[kind](gain, bias), x)
    wanted = normalisation.backward(dy, cache)
    x[...], gain[...], bias[...] = 7.0, 7.0, 7.0
    np.testing.assert_array_equal(normalisation.backward(dy, cache).x, wanted.x)


G, X = np.ones(3), np.arange(6.0).reshape(2, 3)
BAD = {
    "kind": (
        lambda: normalisation.forward((G, G), X),
        TypeError,
        "params must be a LayerNorm or an RMSNorm, got tuple",
    ),
    "gain": (
        lambda: normalisation.forward(RMSNorm(G[:2]), X),
        ValueError,
        r"params.gain must have shape \(3\), got \(2\)",
    ),
    "no gain": (lambda: normalisation.forward(LayerNorm(None, G), X), TypeError, "params.gain must"),
    "bias": (lambda: normalisation.forward(LayerNorm(G, G[:1]), X), ValueError, r"params.bias must have shape \(3\)"),
    "x": (lambda: normalisation.forward(RMSNorm(G), X * np.nan), ValueError, "x must be finite"),
    "a number": (lambda: normalisation.forward(RMSNorm(G), 1.0), ValueError, "x must have features on its last axis"),
    "no feature": (lambda: normalisation.forward(RMSNorm(G[:0]), X[:, :0]), ValueError, "x must have features"),
    "eps": (lambda: normalisation.forward(RMSNorm(G), X, eps=-1), ValueError, "eps must be"),
    "dy": (
        lambda: normalisation.backward(X[:1], normalisation.forward(RMSNorm(G), X)[1]),
        ValueError,
        r"dy must have shape \(2, 3\), got \(1, 3\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
