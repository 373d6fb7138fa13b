"""The optimisers by name, through fit, against torch's own: weight decay decoupled, and as a penalty."""

import numpy as np
import pytest
import torch

from seqlib.training import fit


def by_hand(network, task, make):
    torch.manual_seed(3)
    model = network()
    optimizer = make(model.parameters())
    for step in range(15):
        (x,), y, mask = task.sample(7, np.random.default_rng([3, step]))
        errors = (model(torch.from_numpy(x))[0] - torch.from_numpy(y)) ** 2
        optimizer.zero_grad()
        errors[torch.from_numpy(mask)].mean().backward()
        optimizer.step()
    return model


CASES = {
    "adamw": ({"weight_decay": 0.3}, lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.3)),
    "adamw, default": ({}, lambda p: torch.optim.AdamW(p, lr=0.05)),
    "adamw, none": ({"weight_decay": 0}, lambda p: torch.optim.Adam(p, lr=0.05)),
    "adam": ({"weight_decay": 0.3}, lambda p: torch.optim.Adam(p, lr=0.05, weight_decay=0.3)),
    "adam, default": ({}, lambda p: torch.optim.Adam(p, lr=0.05)),
    "sgd": ({"weight_decay": 0.3}, lambda p: torch.optim.SGD(p, lr=0.05, weight_decay=0.3)),
    "momentum": ({"weight_decay": 0.3}, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.3)),
    "momentum, default": ({}, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
}


def trained(name, network, task, **more):
    options = {"steps": 15, "lr": 0.05, "batch_size": 7, "seed": 3} | CASES[name][0]
    return fit(network, task, optimiser=name.partition(",")[0], **(options | more))


@pytest.mark.parametrize("name", CASES)
def test_equal_to_torch(name, network, task, weights):
    wanted = by_hand(network, task, CASES[name][1])
    assert torch.allclose(weights(trained(name, network, task).model), weights(wanted), rtol=1e-12, atol=1e-14)


def test_decay_and_penalty_are_not_the_same(network, task, weights):
    found = {name: weights(trained(name, network, task).model) for name in CASES}
    assert not torch.allclose(found["adam"], found["adamw"], rtol=1e-3)
    assert not torch.allclose(found["adamw"], found["adamw, default"], rtol=1e-3)


def test_the_decay_is_not_clipped(network, task, weights):
    """A gradient clipped to nothing leaves the decay: θ (1 - lr λ) a step, less Adam's step of length lr."""
    start = weights(fit(network, task, steps=0).model)
    run = fit(network, task, steps=1, optimiser="sgd", lr=0.1, weight_decay=0.5, clip_norm=1e-14)
    assert torch.allclose(weights(run.model), start * (1 - 0.1 * 0.5), rtol=1e-10)


def test_a_function_may_take_the_decay(network, task, same):
    run = fit(network, task, steps=4, optimiser=torch.optim.AdamW, weight_decay=0.2)
    assert same(run, fit(network, task, steps=4, optimiser="adamw", weight_decay=0.2))
    keywords = fit(network, task, steps=4, optimiser=lambda p, **o: torch.optim.AdamW(p, **o), weight_decay=0.2)
    assert same(run, keywords)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight_decay": -0.1}, "weight_decay must be at least 0, got -0.1"),
        ({"weight_decay": True}, "weight_decay must be a real number"),
        ({"weight_decay": float("inf")}, "weight_decay must be finite"),
        (
            {"weight_decay": 0.1, "optimiser": lambda p, lr: torch.optim.SGD(p, lr=lr)},
            "weight_decay must be None for an optimiser that does not take it, got 0.1",
        ),
        ({"optimiser": lambda p, lr: p}, r"optimiser must give a torch\.optim\.Optimizer, got list"),
        ({"optimiser": 3}, "optimiser must be a name or a function of parameters and lr, got int"),
        ({"optimiser": "adamW"}, "optimiser must be one of 'sgd', 'momentum', 'adam', 'adamw', got 'adamW'"),
    ],
)
def test_bad_input_is_named(options, message, network, task):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(network, task, steps=1, **options)
