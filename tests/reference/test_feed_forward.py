"""The feed-forward network and SwiGLU: activations, gradients, torch, bad input."""

import numpy as np
import pytest
import torch

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import feed_forward
from seqlib.reference.feed_forward import ACTIVATIONS, FeedForward, SwiGLU

SHAPES = {"W_1": (4, 3), "b_1": (4,), "W_2": (3, 4), "b_2": (3,)}
GATED = {"W_gate": (4, 3), "W_up": (4, 3), "W_down": (3, 4)}
KINDS = {
    "two layers": (FeedForward, SHAPES),
    "no biases": (lambda W_1, W_2: FeedForward(W_1, None, W_2, None), {n: SHAPES[n] for n in ("W_1", "W_2")}),
    "SwiGLU": (SwiGLU, GATED),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def drawn(kind, shape=(2, 5, 3), seed=0):
    """The function that makes the parameters, its arrays by name with x, and a cotangent."""
    rng = np.random.default_rng(seed)
    make, shapes = KINDS[kind]
    arrays = {name: rng.normal(size=size) for name, size in shapes.items()}
    return make, arrays | {"x": rng.normal(size=shape)}, rng.normal(size=shape)


def theirs_of(kind, activation, leaves):
    """The same in torch, one feature of one position at a time."""
    act = {
        "relu": torch.relu,
        "gelu": torch.nn.functional.gelu,
        "gelu_tanh": lambda a: torch.nn.functional.gelu(a, approximate="tanh"),
        "silu": torch.nn.functional.silu,
    }[activation]
    x = leaves["x"]
    if kind == "SwiGLU":
        return (act(x @ leaves["W_gate"].T) * (x @ leaves["W_up"].T)) @ leaves["W_down"].T
    hidden = act(torch.nn.functional.linear(x, leaves["W_1"], leaves.get("b_1")))
    return torch.nn.functional.linear(hidden, leaves["W_2"], leaves.get("b_2"))


CASES = [(kind, activation) for kind in KINDS for activation in (ACTIVATIONS if kind != "SwiGLU" else ["silu"])]


@pytest.mark.parametrize(("kind", "activation"), CASES)
@pytest.mark.parametrize("shape", [(3,), (2, 5, 3), (0, 3)], ids=str)
def test_equal_to_torch(kind, activation, shape):
    make, arrays, dy = drawn(kind, shape)
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}
    wanted = theirs_of(kind, activation, leaves)
    (wanted * torch.tensor(dy)).sum().backward()
    x = arrays.pop("x")
    y, cache = feed_forward.forward(make(**arrays), x, activation=activation)
    grads = feed_forward.backward(dy, cache)
    found = {n: g for n, g in grads.params._asdict().items() if g is not None} | {"x": grads.x}
    assert found.keys() == leaves.keys()
    for name, gradient in (found | {"y": y}).items():
        right = wanted.detach().numpy() if name == "y" else leaves[name].grad.numpy()
        assert gradient.shape == right.shape
        assert not gradient.size or relative_error(gradient, right) < 1e-12 or np.all(gradient == right), name


@pytest.mark.parametrize(("kind", "activation"), CASES)
def test_gradients_agree_with_complex_step_and_central_differences(kind, activation):
    make, arrays, dy = drawn(kind, (2, 3), seed=1)

    def loss(x, **params):
        return (feed_forward.forward(make(**params), x, activation=activation)[0] * dy).sum()

    grads = feed_forward.backward(
        dy,
        feed_forward.forward(make(**{n: v for n, v in arrays.items() if n != "x"}), arrays["x"], activation=activation)[
            1
        ],
    )
    found = {n: g for n, g in grads.params._asdict().items() if g is not None} | {"x": grads.x}
    report = check(loss, arrays, {name: found[name] for name in arrays})
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_slopes(name):
    a = np.array([-30.0, -3.0, -0.7, 0.2, 1.0, 4.0, 40.0])
    value, slope = ACTIVATIONS[name](a)
    leaf = torch.tensor(a, requires_grad=True)
    wanted = theirs_of(
        "two layers", name, {"x": leaf[:, None], "W_1": torch.eye(1).double(), "W_2": torch.eye(1).double()}
    )
    wanted.sum().backward()
    np.testing.assert_allclose(value, wanted.detach().numpy()[:, 0], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(slope, leaf.grad.numpy(), rtol=1e-12, atol=1e-15)
    by_step = complex_step(lambda x: ACTIVATIONS[name](x)[0].sum(), a[1:6])
    np.testing.assert_allclose(slope[1:6], by_step, rtol=1e-12)


def test_the_default_is_relu_and_for_swiglu_silu():
    for kind, activation in (("two layers", "relu"), ("SwiGLU", "silu")):
        make, arrays, _ = drawn(kind)
        x = arrays.pop("x")
        by_default = feed_forward.forward(make(**arrays), x)[0]
        np.testing.assert_array_equal(by_default, feed_forward.forward(make(**arrays), x, activation=activation)[0])
    assert np.any(by_default != 0)


@kinds
def test_nothing_of_the_callers_is_shared(kind):
    make, arrays, dy = drawn(kind)
    x = arrays.pop("x")
    _, cache = feed_forward.forward(make(**arrays), x)
    wanted = feed_forward.backward(dy, cache)
    for value in (x, *arrays.values()):
        value[...] = 7.0
    again = feed_forward.backward(dy, cache)
    np.testing.assert_array_equal(again.x, wanted.x)
    for one, other in zip(again.params, wanted.params, strict=True):
        np.testing.assert_array_equal(one, other)


W, V, X = np.ones((4, 3)), np.ones((3, 4)), np.ones((2, 3))
GOOD = FeedForward(W, np.ones(4), V, np.ones(3))
BAD = {
    "kind": (lambda: feed_forward.forward((W, V), X), TypeError, "params must be a FeedForward or a SwiGLU, got tuple"),
    "W_1": (lambda: feed_forward.forward(GOOD._replace(W_1=V), X), ValueError, r"params.W_1 must have shape \(3, 3\)"),
    "b_1": (lambda: feed_forward.forward(GOOD._replace(b_1=X[0]), X), ValueError, r"params.b_1 must have shape \(4\)"),
    "W_2": (lambda: feed_forward.forward(GOOD._replace(W_2=W), X), ValueError, r"params.W_2 must have shape \(3, 4\)"),
    "no W_2": (lambda: feed_forward.forward(GOOD._replace(W_2=None), X), TypeError, "params.W_2 must"),
    "b_2": (
        lambda: feed_forward.forward(GOOD._replace(b_2=W[0][:2]), X),
        ValueError,
        r"params.b_2 must have shape \(3\)",
    ),
    "W_up": (lambda: feed_forward.forward(SwiGLU(W, V, V), X), ValueError, r"params.W_up must have shape \(4, 3\)"),
    "x": (lambda: feed_forward.forward(GOOD, X * np.inf), ValueError, "x must be finite"),
    "a number": (lambda: feed_forward.forward(GOOD, 2.0), ValueError, "x must have features on its last axis"),
    "activation": (lambda: feed_forward.forward(GOOD, X, activation="sin"), ValueError, "activation must be one of"),
    "gate": (
        lambda: feed_forward.forward(SwiGLU(W, W, V), X, activation="relu"),
        ValueError,
        "activation of SwiGLU must be 'silu' or None, got 'relu'",
    ),
    "dy": (
        lambda: feed_forward.backward(X[:1], feed_forward.forward(GOOD, X)[1]),
        ValueError,
        r"dy must have shape \(2, 3\), got \(1, 3\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
