"""fit against a loop by hand; its norms, modes and errors."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.tasks import Adding
from seqlib.training import evaluate, fit


def by_hand(task, model, make, clip_norm=None, clip_value=None):
    optimiser, losses, norms = make(model.parameters()), [], []
    for step in range(12):
        (x,), y, mask = task.sample(7, np.random.default_rng([3, step]))
        out = model(torch.from_numpy(x))[0]
        errors = (out - torch.from_numpy(y)) ** 2
        loss = errors[torch.from_numpy(mask)].mean()
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.cat([p.grad.ravel() for p in model.parameters()]).norm().item())
        if clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        if clip_value:
            nn.utils.clip_grad_value_(model.parameters(), clip_value)
        optimiser.step()
        losses.append(loss.item())
    return losses, norms


OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
}


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("clip", [{}, {"clip_norm": 0.3}, {"clip_value": 0.05}])
def test_equals_a_loop_by_hand(name, clip, task, network, weights):
    run = fit(network, task, steps=12, optimiser=name, lr=0.05, batch_size=7, seed=3, **clip)
    torch.manual_seed(3)
    model = network()
    losses, norms = by_hand(task, model, OPTIMISERS[name], **clip)
    assert run.loss == pytest.approx(losses, rel=1e-12)
    assert run.grad_norm == pytest.approx(norms, rel=1e-12)
    assert torch.allclose(weights(run.model), weights(model), rtol=1e-12, atol=1e-14)
    assert run.steps == 12


def test_learning_gets_somewhere(task, network):
    run = fit(network, task, steps=150, lr=0.02)
    assert run.last(20) < run.loss[:5].mean() / 3
    assert evaluate(run.model, task, batches=4) < task.chance / 3


def test_same_seed_same_result_also_with_dropout(task, dropping, same):
    runs = [fit(dropping, task, steps=6, seed=s) for s in (1, 1, 2)]
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


class Scaled(nn.Module):
    """One number for every position, with a gradient of the size that is asked for."""

    def __init__(self, size, dtype=torch.float32):
        super().__init__()
        self.w, self.size = nn.Parameter(torch.ones(3, dtype=dtype)), size


def slope(model, batch):
    """A loss whose gradient is size · (1, 2, 2): its norm is 3 · size."""
    return (model.w * torch.tensor([1.0, 2.0, 2.0], dtype=model.w.dtype) * model.size).sum()


@pytest.mark.parametrize(
    ("size", "dtype"),
    [
        (1e20, torch.float32),
        (1e-25, torch.float32),
        (1e-18, torch.float32),
        (1e200, torch.float64),
        (1.0, torch.float32),
        (0.1, torch.float32),
    ],
)
def test_norms_of_every_size_are_finite_and_right(size, dtype, task):
    run = fit(Scaled(size, dtype), task, steps=1, loss=slope, optimiser="sgd", lr=1.0, clip_norm=1.5)
    assert run.grad_norm[0] == pytest.approx(3 * size, rel=1e-6, abs=0)
    moved = 1 - run.model.w.detach().double().numpy()
    length = min(1.5, 3 * size)
    assert moved == pytest.approx(length * np.array([1, 2, 2]) / 3, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize(("size", "clip_norm"), [(1e20, 1e-20), (1e30, 1e-12)])
def test_a_gradient_is_clipped_by_factors_that_float32_has_not(size, clip_norm, task):
    """The factor is 1e-40 and less, the clipped gradient a number like others."""
    run = fit(Scaled(size), task, steps=1, loss=slope, optimiser="sgd", lr=0.0, clip_norm=clip_norm)
    np.testing.assert_allclose(run.model.w.grad.numpy(), clip_norm * np.array([1, 2, 2]) / 3, rtol=1e-5)


@pytest.mark.parametrize("size", [1.0, 1e200])
def test_the_norm_of_a_complex_gradient_counts_both_parts(size, task):
    def loss(model, batch):
        return (model.w.real * 3 * size + model.w.imag * 4 * size).sum()

    run = fit(Scaled(1.0, torch.complex128), task, steps=1, loss=loss, optimiser="sgd", lr=0.0)
    assert run.grad_norm[0] == pytest.approx(5 * size * 3**0.5, rel=1e-12)


def test_divergence_is_said_or_ends_the_run(task, network):
    for bad in (float("inf"), float("nan")):

        def explode(model, batch, bad=bad):
            return model(*batch.inputs)[0].sum() * bad

        with pytest.raises(FloatingPointError, match="step 0"):
            fit(network, task, steps=3, loss=explode)
        assert fit(network, task, steps=3, loss=explode, on_nonfinite="stop").steps == 0


@pytest.mark.parametrize("factors", [(float("nan"), 1.0), (1.0, float("nan")), (1.0, float("inf"))])
def test_a_gradient_that_is_not_finite_is_found_in_any_parameter(factors, task):
    def loss(model, batch):
        return sum((p * torch.tensor([1.0, f])).nan_to_num().sum() for p, f in zip(model, factors, strict=True))

    pair = nn.ParameterList([torch.ones(2), torch.ones(2)])
    with pytest.raises(FloatingPointError, match="step 0"):
        fit(pair, task, steps=1, loss=lambda model, batch: loss(model.parameters(), batch))


def modes(model):
    return [module.training for module in model.modules()]


def test_modes_are_those_before(task, dropping):
    seen = []

    def loss(model, batch):
        seen.append(modes(model))
        return model(*batch.inputs)[0].square().mean()

    for prepare, wanted in [
        (lambda m: m.train(), [True, True, True]),
        (lambda m: m.eval(), [True, True, True]),  # a model that is not in training mode trains in it all the same
        (lambda m: m.train().core.eval(), [True, False, True]),  # a part that is kept out of it stays out
    ]:
        model = dropping()
        prepare(model)
        before = modes(model)
        fit(model, task, steps=1, loss=loss)
        assert seen.pop() == wanted
        assert modes(model) == before


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"steps": -1}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"lr": float("nan")}, "lr"),
        ({"seed": -1}, "seed"),
        ({"batch_size": 0}, "batch_size"),
        ({"clip_norm": 0}, "clip_norm"),
        ({"clip_value": -1}, "clip_value"),
        ({"optimiser": "adagrad"}, "optimiser"),
        ({"loss": "hinge"}, "loss"),
        ({"on_nonfinite": "shrug"}, "on_nonfinite"),
        ({"checkpoint_every": 0}, "checkpoint_every"),
        ({"model": lambda: 3}, "model"),
        ({"model": nn.Identity()}, "model"),
        ({"data": Adding(4)}, "x must"),
    ],
)
def test_bad_input_is_named(arguments, name, task, network):
    with pytest.raises((ValueError, TypeError), match=name):
        fit(**({"model": network, "data": task, "steps": 1} | arguments))


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        (torch.no_grad, r"torch\.no_grad\(\) or torch\.set_grad_enabled\(False\)"),
        (torch.inference_mode, r"torch\.inference_mode\(\)"),
    ],
)
def test_without_gradients_it_says_so(mode, name, task, network):
    message = f"fit must be called where gradients are on, but {name} has switched them off"
    with mode(), pytest.raises(RuntimeError, match=message):
        fit(network, task, steps=1)
    with mode():
        model, data = nn.Linear(1, 1), [Batch((torch.ones(2, 3, 1),), torch.zeros(2, 3, 1), None)]
        assert evaluate(model, data, loss="squared_error") > 0
    wanted = fit(
        lambda: nn.Linear(1, 1),
        [Batch((np.ones((2, 3, 1)),), np.zeros((2, 3, 1)), None)],
        steps=2,
        loss="squared_error",
    )
    if mode is torch.no_grad:
        assert fit(model, data, steps=1, loss="squared_error").steps == 1
    else:
        with pytest.raises(ValueError, match=r"model must be built outside torch\.inference_mode\(\)"):
            fit(model, data, steps=1, loss="squared_error")
    run = fit(lambda: nn.Linear(1, 1), data, steps=2, loss="squared_error")
    assert run.loss.tolist() == wanted.loss.tolist()  # tensors made in that mode are data like others


def test_last_needs_a_step(task, network):
    with pytest.raises(ValueError, match="n must"):
        fit(network, task, steps=2).last(0)
