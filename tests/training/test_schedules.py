"""Schedules: equal to torch's at every step, right at their boundaries, and never a step late."""

import math

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from seqlib.training import Cosine, StepDecay, Warmup, fit

LR = 0.3


def torchs(make, steps):
    """The learning rates that a scheduler of torch gives at the steps 0, 1, …"""
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=LR)
    scheduler, rates = make(optimizer), []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warm(optimizer, warmup):
    return lr_scheduler.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)


def after(warmup, make):
    """torch's scheduler after a linear warm-up."""
    return lambda o: lr_scheduler.SequentialLR(o, [warm(o, warmup), make(o)], milestones=[warmup])


CASES = {
    "warm-up": (Warmup(5), 12, lambda o: warm(o, 5)),
    "warm-up of 2": (Warmup(2), 5, lambda o: warm(o, 2)),
    "cosine": (Cosine(9), 10, lambda o: lr_scheduler.CosineAnnealingLR(o, 9)),
    "cosine to a floor": (
        Cosine(8, floor=0.1),
        9,
        lambda o: lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.1 * LR),
    ),
    "warm-up, cosine": (
        Cosine(12, floor=0.2, warmup=4),
        13,
        after(4, lambda o: lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.2 * LR)),
    ),
    "step": (StepDecay(3, 0.5), 11, lambda o: lr_scheduler.StepLR(o, 3, gamma=0.5)),
    "step, default": (StepDecay(4), 11, lambda o: lr_scheduler.StepLR(o, 4)),
    "warm-up, step": (StepDecay(3, 0.5, warmup=4), 14, after(4, lambda o: lr_scheduler.StepLR(o, 3, gamma=0.5))),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore:The epoch parameter in:UserWarning")  # SequentialLR warns about itself
def test_equal_to_torch_at_every_step(name, network, task):
    schedule, steps, make = CASES[name]
    wanted = torchs(make, steps)
    assert [LR * schedule(step) for step in range(steps)] == pytest.approx(wanted, rel=1e-12, abs=1e-15)
    run = fit(network, task, steps=steps, lr=LR, optimiser="sgd", schedule=schedule)
    assert run.lr == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_the_boundaries():
    assert [Warmup(4)(s) for s in (0, 2, 3, 4, 100)] == [0.25, 0.75, 1, 1, 1]
    assert [Warmup(w)(0) for w in (0, 1, 2)] == [1, 1, 0.5]
    cosine = Cosine(10, floor=0.1, warmup=2)
    assert [cosine(s) for s in (0, 1, 2)] == [0.5, 1, 1]
    assert cosine(6) == pytest.approx(0.55)
    assert [cosine(s) for s in (10, 11, 10**6)] == pytest.approx([0.1] * 3), "it does not rise again"
    assert Cosine(10)(9) > 0
    assert [StepDecay(3, 0.5)(s) for s in (0, 2, 3, 5, 6)] == [1, 1, 0.5, 0.5, 0.25]
    assert [StepDecay(3, 0.5, warmup=1)(s) for s in (0, 3, 4)] == [1, 1, 0.5]


def test_the_step_is_taken_with_the_rate_of_that_step(task, weights):
    """By hand, with gradients of one: step s moves by its learning rate; and a step counts once, accumulated or not."""
    schedule = Cosine(6, warmup=2)
    for accumulate in (1, 3):
        model = torch.nn.ParameterList([torch.zeros(1, dtype=torch.float64)])
        seen = []

        def loss(model, batch, seen=seen):
            seen.append(model[0].item())
            return model[0].sum()

        run = fit(model, task, steps=5, lr=LR, optimiser="sgd", schedule=schedule, loss=loss, accumulate=accumulate)
        moved = -np.diff([*seen[::accumulate], model[0].item()])
        assert moved == pytest.approx([LR * schedule(s) for s in range(5)], rel=1e-12)
        assert run.lr == pytest.approx(moved, rel=1e-12)


def test_every_group_keeps_its_own_rate(network, task):
    made = []

    def two_groups(parameters, lr):
        groups = [{"params": parameters[:2]}, {"params": parameters[2:], "lr": torch.tensor(10 * lr)}]
        made.append(torch.optim.SGD(groups, lr=lr))
        return made[-1]

    run = fit(network, task, steps=3, lr=1e-3, optimiser=two_groups, schedule=StepDecay(1, 0.5))
    assert run.lr == pytest.approx([1e-3, 5e-4, 2.5e-4])
    assert [float(group["lr"]) for group in made[0].param_groups] == pytest.approx([2.5e-4, 2.5e-3])
    assert isinstance(made[0].param_groups[1]["lr"], torch.Tensor)


def test_any_function_of_the_step_is_a_schedule(network, task, same):
    a = fit(network, task, steps=6, schedule=StepDecay(2, 0.5))
    assert same(fit(network, task, steps=6, schedule=lambda step: 0.5 ** (step // 2)), a)
    assert not same(fit(network, task, steps=6), a)
    assert same(fit(network, task, steps=6, schedule=lambda step: 1), fit(network, task, steps=6))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Warmup(-1), "warmup must be at least 0, got -1"),
        (lambda: Warmup(1.5), "warmup must be an integer"),
        (lambda: Cosine(0), "steps must be at least 1"),
        (lambda: Cosine(5, warmup=5), "steps must be more than warmup=5, got 5"),
        (lambda: Cosine(5, floor=1.1), "floor must be at most 1"),
        (lambda: Cosine(5, floor=math.nan), "floor must be finite"),
        (lambda: StepDecay(0), "every must be at least 1"),
        (lambda: StepDecay(2, 0), "factor must be greater than 0"),
        (lambda: StepDecay(2, warmup=-2), "warmup must be at least 0"),
    ],
)
def test_bad_settings_are_named(make, message):
    with pytest.raises((ValueError, TypeError), match=message):
        make()


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("cosine", "schedule must be a function of the step number that gives a factor, .* got str"),
        (lambda step: -1.0, r"schedule\(0\) must be at least 0, got -1"),
        (lambda step: [1, math.nan][step], r"schedule\(1\) must be finite"),
        (lambda step: None, r"schedule\(0\) must be a real number"),
        (
            lr_scheduler.StepLR(torch.optim.SGD([torch.ones(1)], lr=1.0), 3),
            "schedule must be a function of the step number that gives a factor, .* got StepLR",
        ),
    ],
)
def test_what_is_no_schedule_is_named(schedule, message, network, task):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(network, task, steps=3, schedule=schedule)


def test_settings_are_plain_numbers():
    made = Cosine(np.int64(9), np.float32(0.5), np.uint8(2))
    assert [type(v) for v in vars(made).values()] == [int, float, int]
    assert made == Cosine(9, 0.5, 2)
