"""The optimisers against torch.optim, 100 steps; clipping against torch.nn.utils."""

from typing import NamedTuple

import numpy as np
import pytest
import torch

from seqlib.reference import optim

STEPS = 100


class Pair(NamedTuple):
    W: np.ndarray
    b: np.ndarray


def start():
    rng = np.random.default_rng(0)
    return Pair(rng.normal(size=(3, 4)), rng.normal(size=3)), rng


def gradient(params, rng):
    """Depends on the parameters, so that an error of one step grows; entries of very different sizes."""
    return Pair(np.sin(3 * params.W) + rng.normal(size=(3, 4)), 100 * params.b + rng.normal(size=3))


def adam(params, grads, state, **options):
    return optim.adam(params, grads, state, **options)


def adamw(params, grads, state, **options):
    return optim.adamw(params, grads, state, **options)


def adam_and_penalty(params, grads, state, weight_decay, **options):
    return optim.adam(
        params, Pair(*(g + weight_decay * p for g, p in zip(grads, params, strict=True))), state, **options
    )


def sgd(params, grads, state, **options):
    return optim.sgd(params, grads, **options), None


OPTIMISERS = {
    "sgd": (sgd, {"lr": 0.003}, torch.optim.SGD, {}),
    "momentum": (optim.momentum, {"lr": 0.001}, torch.optim.SGD, {"momentum": 0.9}),
    "momentum 0.5": (optim.momentum, {"lr": 0.003, "beta": 0.5}, torch.optim.SGD, {"momentum": 0.5}),
    "nesterov": (optim.momentum, {"lr": 0.001, "nesterov": True}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adam": (adam, {}, torch.optim.Adam, {}),
    "adam, other": (
        adam,
        {"lr": 0.05, "betas": (0.7, 0.9), "eps": 1e-3},
        torch.optim.Adam,
        {"betas": (0.7, 0.9), "eps": 1e-3},
    ),
    "adamw": (adamw, {}, torch.optim.AdamW, {}),
    "adamw, other": (
        adamw,
        {"lr": 0.05, "betas": (0.7, 0.9), "eps": 1e-3, "weight_decay": 0.3},
        torch.optim.AdamW,
        {"betas": (0.7, 0.9), "eps": 1e-3, "weight_decay": 0.3},
    ),
    "adam and L2": (adam_and_penalty, {"lr": 0.05, "weight_decay": 0.3}, torch.optim.Adam, {"weight_decay": 0.3}),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_equal_to_torch_over_100_steps(name):
    step, options, torch_class, torch_options = OPTIMISERS[name]
    params, rng = start()
    leaves = [torch.tensor(p) for p in params]
    optimiser = torch_class(leaves, lr=options.get("lr", 1e-3), **torch_options)
    state = None
    for _ in range(STEPS):
        grads = gradient(params, rng)
        for leaf, g in zip(leaves, grads, strict=True):
            leaf.grad = torch.tensor(g)
        optimiser.step()
        params, state = step(params, grads, state, **options)
        for ours, theirs in zip(params, leaves, strict=True):
            np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12, atol=1e-12)
    assert isinstance(params, Pair)
    assert np.abs(params.W - start()[0].W).max() > 0.01


def test_decoupled_decay_shrinks_all_alike_and_the_penalty_does_not():
    """One step from the same place: with Adam's L2 the first step is lr · sign(g + λ θ), whatever λ."""
    params, grads = np.array([2.0, -4.0]), np.array([1e-3, 1e3])
    plain, _ = optim.adam(params, grads, lr=0.1)
    decayed, _ = optim.adamw(params, grads, lr=0.1, weight_decay=0.5)
    np.testing.assert_allclose(decayed, plain - 0.1 * 0.5 * params, rtol=1e-12)
    np.testing.assert_allclose(optim.adam(params, grads + 0.5 * params, lr=0.1)[0], plain, rtol=1e-4)


@pytest.mark.parametrize("max_norm", [0.0, 0.01, 1.0, 5.0, 1e6])
def test_clip_by_norm_equals_torch(max_norm):
    params, rng = start()
    grads = gradient(params, rng)
    leaves = [torch.zeros(g.shape, dtype=torch.float64) for g in grads]
    for leaf, g in zip(leaves, grads, strict=True):
        leaf.grad = torch.tensor(g)
    wanted = torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    clipped, norm = optim.clip_by_norm(grads, max_norm)
    assert norm == pytest.approx(wanted.item(), rel=1e-14)
    for ours, leaf in zip(clipped, leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("limit", [0.0, 0.01, 1.0, 1e6])
def test_clip_by_value_equals_torch(limit):
    params, rng = start()
    grads = gradient(params, rng)
    leaves = [torch.zeros(g.shape, dtype=torch.float64) for g in grads]
    for leaf, g in zip(leaves, grads, strict=True):
        leaf.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_value_(leaves, limit)
    for ours, leaf in zip(optim.clip_by_value(grads, limit), leaves, strict=True):
        np.testing.assert_array_equal(ours, leaf.grad.numpy())


def test_clipping_by_norm_is_over_all_arrays_together():
    clipped, norm = optim.clip_by_norm((np.array([3.0]), np.array([[4.0]])), 1.0)
    assert norm == 5
    np.testing.assert_allclose([clipped[0][0], clipped[1][0, 0]], [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e-101, 1e-99, 1.0, 1e99, 1e101, 5e160, 1e200, 3e307])
@pytest.mark.parametrize("max_norm", [1.5, 1e-3, "a tenth"])
def test_clipping_follows_its_formula_at_every_scale(size, max_norm):
    """A gradient size · (1, 2, 2), whose norm is 3 · size: squares of its entries leave float64 on either side."""
    direction = Pair(np.array([1.0]), np.array([2.0, 2.0]))
    grads = Pair(*(size * part for part in direction))
    limit = 0.3 * size if max_norm == "a tenth" else max_norm
    clipped, norm = optim.clip_by_norm(grads, limit)
    rough = 1e-2 if size < 1e-310 else 1e-15  # so few digits has a number below 1e-308
    assert norm == pytest.approx(3 * size, rel=rough, abs=0)
    for part, way in zip(clipped, direction, strict=True):
        np.testing.assert_allclose(part, min(1.0, limit / (3 * size + 1e-6)) * size * way, rtol=max(rough, 1e-12))


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-3, 1.0, 1e100, 1e153])
def test_adam_follows_its_formula_wherever_a_square_is_a_number(size):
    """The first step is lr g / (|g| + ε), whatever the size of g: up to where g² leaves float64."""
    grads = size * np.array([1.0, -2.0])
    moved, _ = optim.adam(np.zeros(2), grads, lr=0.1)
    np.testing.assert_allclose(moved, -0.1 * grads / (np.abs(grads) + 1e-8), rtol=1e-12)


LARGE = np.array([1.0, 1e200])
TOO_LARGE = {
    "adam's squares": (lambda: optim.adam(np.zeros(2), LARGE), "state.v would leave float64"),
    "adam's squares, later": (
        lambda: optim.adam(np.zeros(2), LARGE, optim.AdamState(np.zeros(2), np.ones(2), 5)),
        "state.v would leave float64",
    ),
    "adam's step": (lambda: optim.adam(np.zeros(2), 1e-90 * LARGE, lr=1e300), "params would leave float64"),
    "sgd": (lambda: optim.sgd(np.zeros(2), LARGE, lr=1e150), "params would leave float64"),
    "the velocity": (lambda: optim.momentum(LARGE, 1e308 + 0 * LARGE, 1e308 + 0 * LARGE, lr=0.0), "state would leave"),
    "the step of momentum": (lambda: optim.momentum(LARGE, LARGE, lr=1e150), "params would leave float64"),
    "looking ahead": (
        lambda: optim.momentum(LARGE, 1e308 + 0 * LARGE, nesterov=True, lr=1e-300),
        "g \\+ β v' would leave float64",
    ),
    "the norm": (lambda: optim.clip_by_norm(1.5e308 + 0 * LARGE, 1.0), "‖g‖ would leave float64"),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_what_leaves_float64_is_refused_and_not_taken_for_no_step(case):
    call, message = TOO_LARGE[case]
    with pytest.raises(ValueError, match=f"grads, or lr, must be smaller: {message}"):
        call()


def test_adam_without_eps_refuses_zero_by_zero():
    for grads in (np.array([1.0, 0.0]), np.array([1.0, 1e-170])):
        with pytest.raises(ValueError, match="eps must be greater than 0"):
            optim.adam(np.ones(2), grads, eps=0)
        optim.adam(np.ones(2), grads)
    moved, _ = optim.adam(np.zeros(1), np.array([3.0]), lr=0.5, eps=0)
    assert moved[0] == pytest.approx(-0.5, rel=1e-12)


NESTS = {
    "array": np.ones(3),
    "tuple": (np.ones(3), np.ones((2, 2))),
    "list": [np.ones(3)],
    "dict": {"a": np.ones(2), "b": (np.ones(1), np.ones(1))},
    "named tuple": Pair(np.ones(2), np.ones(2)),
    "number": 1.0,
}


@pytest.mark.parametrize("kind", NESTS)
def test_any_nest_of_arrays_keeps_its_structure(kind):
    nest = NESTS[kind]
    moved = optim.sgd(nest, nest, lr=0.25)
    assert type(moved) is type(nest) or kind == "number"
    for leaf in optim._leaves(moved):
        assert np.all(np.asarray(leaf) == 0.75)
    moved, state = optim.momentum(nest, nest, lr=0.25)
    moved, state = optim.momentum(moved, nest, state, lr=0.25)
    for leaf in optim._leaves(moved):
        np.testing.assert_allclose(leaf, 0.75 - 0.25 * 1.9)
    moved, state = optim.adam(nest, nest, lr=0.25)
    assert state.steps == 1
    for leaf in optim._leaves(moved):
        np.testing.assert_allclose(leaf, 0.75, atol=1e-8)


def test_nothing_is_changed_in_place():
    params, rng = start()
    grads = gradient(params, rng)
    copies = [a.copy() for a in (*params, *grads)]
    _, v = optim.momentum(params, grads, lr=0.1)
    first = v.W.copy()
    optim.momentum(params, grads, v, lr=0.1)
    _, state = optim.adam(params, grads)
    optim.adam(params, grads, state)
    optim.adamw(params, grads, state)
    optim.clip_by_norm(grads, 0.1)
    optim.clip_by_value(grads, 0.1)
    np.testing.assert_array_equal(v.W, first)
    assert state.steps == 1
    for a, copy in zip((*params, *grads), copies, strict=True):
        np.testing.assert_array_equal(a, copy)


P, G = {"w": np.ones(2)}, {"w": np.ones(3)}
BAD = {
    "shape": (lambda: optim.sgd(P, G, lr=1.0), ValueError, "grads .* must have shape"),
    "structure": (lambda: optim.sgd(P, [np.ones(2)], lr=1.0), ValueError, "grads must be nested as params"),
    "key": (lambda: optim.sgd(P, {"v": np.ones(2)}, lr=1.0), ValueError, "grads must be nested as params"),
    "NaN": (lambda: optim.sgd(P, {"w": np.array([1.0, np.nan])}, lr=1.0), ValueError, r"grads\['w'\] must be finite"),
    "text": (lambda: optim.sgd({"w": ["a"]}, P, lr=1.0), TypeError, "params.* must hold real numbers"),
    "lr": (lambda: optim.sgd(P, P, lr=-1.0), ValueError, "lr must be at least 0"),
    "lr is text": (lambda: optim.sgd(P, P, lr="1"), TypeError, "lr must be a real number"),
    "beta": (lambda: optim.momentum(P, P, lr=1.0, beta=2.0), ValueError, "beta must be at most 1"),
    "state": (lambda: optim.momentum(P, P, G, lr=1.0), ValueError, "state .* must have shape"),
    "betas": (lambda: optim.adam(P, P, betas=(0.9, 1.0)), ValueError, "betas must be smaller than 1"),
    "one beta": (lambda: optim.adam(P, P, betas=0.9), TypeError, "betas must be a pair"),
    "eps": (lambda: optim.adam(P, P, eps=-1.0), ValueError, "eps must be at least 0"),
    "weight_decay": (lambda: optim.adamw(P, P, weight_decay=-0.1), ValueError, "weight_decay must be at least 0"),
    "adamw shape": (lambda: optim.adamw(P, G), ValueError, "grads .* must have shape"),
    "adam state": (lambda: optim.adam(P, P, (P, P)), TypeError, "state must be an AdamState"),
    "adam v": (
        lambda: optim.adam(P, P, optim.AdamState(P, {"w": -np.ones(2)}, 1)),
        ValueError,
        "state.v must not be neg",
    ),
    "adam m": (lambda: optim.adam(P, P, optim.AdamState(G, P, 1)), ValueError, "state.m .* must have shape"),
    "max_norm": (lambda: optim.clip_by_norm(P, -1), ValueError, "max_norm must be at least 0"),
    "limit": (lambda: optim.clip_by_value(P, np.nan), ValueError, "limit must be finite"),
    "clip text": (lambda: optim.clip_by_value("a", 1), TypeError, "grads must hold real numbers"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
