"""Killed and resumed at every step, with each option and with several: bit for bit the run that nobody killed."""

import numpy as np
import pytest
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Oscillator
from seqlib.training import Cosine, StepDecay, Warmup, fit

STEPS = 12
HELD_OUT = [Oscillator(T=6).sample(4, np.random.default_rng([9, i])) for i in range(2)]


def single():
    """In float32, with dropout and with running means in buffers."""
    core = RNN(1, 5, num_layers=2, dropout=0.4, batch_first=True)
    return torch.nn.ModuleDict({"net": SequenceModel(core, 1), "norm": torch.nn.BatchNorm1d(1)})


def loss(model, batch):
    out = model["norm"](model["net"](*batch.inputs)[0].float().transpose(1, 2)).transpose(1, 2)
    return torch.nn.functional.mse_loss(out[batch.mask], batch.y[batch.mask])


CASES = {
    "decay": {"optimiser": "adamw", "weight_decay": 0.1},
    "penalty": {"optimiser": "adam", "weight_decay": 0.1},
    "warm-up": {"schedule": Warmup(5)},
    "cosine": {"schedule": Cosine(STEPS, floor=0.01, warmup=3)},
    "step": {"schedule": StepDecay(2, 0.5), "optimiser": "momentum"},
    "function": {"schedule": lambda step: 1 / (1 + step)},
    "accumulation": {"accumulate": 3},
    "bfloat16": {"precision": "bfloat16"},
    "validation": {"validation": HELD_OUT, "validate_every": 4},
    "validation of a task": {"validation": Oscillator(T=6), "validate_every": 6},
    "patience": {"validation": HELD_OUT, "validate_every": 1, "patience": 2, "lr": 0.5},
    "patience at an end": {"validation": HELD_OUT, "validate_every": 5, "patience": 1, "lr": 0.5},
    "all": {
        "optimiser": "adamw",
        "weight_decay": 0.1,
        "schedule": Cosine(STEPS, warmup=2),
        "accumulate": 2,
        "precision": "bfloat16",
        "clip_norm": 0.5,
        "validation": HELD_OUT,
        "validate_every": 3,
        "patience": 3,
    },
}


class Killed(BaseException):
    """As if the process had ended here."""


def killed_at(step):
    def on_step(record):
        if record.step == step:
            raise Killed

    return on_step


def equal(a, b):
    """Everything that a run leaves."""
    for name in ("loss", "grad_norm", "lr", "validation", "validation_steps"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    states = [(a.model.state_dict(), b.model.state_dict())]
    assert (a.best is None) == (b.best is None)
    if a.best is not None:
        assert (a.best.step, a.best.loss) == (b.best.step, b.best.loss)
        states.append((a.best.state, b.best.state))
    for one, other in states:
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)


def run(options, steps=STEPS, **more):
    return fit(
        single, Oscillator(T=6), steps=steps, batch_size=4, seed=2, loss=loss, **({"lr": 0.05} | options), **more
    )


@pytest.mark.parametrize("name", CASES)
def test_killed_at_every_step(name, tmp_path):
    whole = run(CASES[name])
    assert whole.steps == STEPS or "patience" in name
    for every, places in ((1, range(1, STEPS + 1)), (5, (4, 5, 6, 9, 10, 12))):  # around the steps that are saved
        path = tmp_path / f"{every}.pt"
        for step in [step for step in places if step <= whole.steps]:
            with pytest.raises(Killed):
                run(CASES[name], checkpoint=path, checkpoint_every=every, on_step=killed_at(step))
        equal(run(CASES[name], checkpoint=path), whole)
        equal(run(CASES[name], checkpoint=path), whole)  # and once more, with nothing left to do


@pytest.mark.parametrize("name", CASES)
def test_ended_early_and_asked_for_more(name, tmp_path):
    whole = run(CASES[name])
    for steps in (1, 4, 7, STEPS):
        part = run(CASES[name], steps=steps, checkpoint=tmp_path / "run")
        equal(part, run(CASES[name], steps=steps))
    equal(part, whole)


def test_the_best_model_of_before_the_kill_is_not_overwritten_by_a_worse_one(tmp_path):
    options = {"validation": HELD_OUT, "validate_every": 1, "schedule": lambda step: 1.0 if step < 3 else 40.0}
    whole = run(options)
    assert whole.best.step < STEPS - 3
    with pytest.raises(Killed):
        run(options, checkpoint=tmp_path / "run", checkpoint_every=1, on_step=killed_at(STEPS - 2))
    equal(run(options, checkpoint=tmp_path / "run"), whole)


def test_a_run_that_was_stopped_stays_stopped(tmp_path):
    options = CASES["patience"]
    whole = run(options, steps=100)
    assert whole.steps < 100
    equal(run(options, steps=100, checkpoint=tmp_path / "run", checkpoint_every=1000), whole)
    seen = []
    equal(run(options, steps=200, checkpoint=tmp_path / "run", on_step=seen.append), whole)
    assert not seen


def test_another_function_of_the_same_name_is_found_by_what_it_gave(tmp_path):
    def options(base):
        return {"schedule": lambda step: base**step}

    run(options(0.9), steps=3, checkpoint=tmp_path / "run")
    with pytest.raises(
        ValueError, match=r"lr=0\.045.* at step 1, this run's schedule has lr=0\.04.* there: use the same"
    ):
        run(options(0.8), checkpoint=tmp_path / "run")
    equal(run(options(0.9), checkpoint=tmp_path / "run"), run(options(0.9)))


def test_looking_at_a_first_batch_draws_no_random_numbers(tmp_path):
    """A function as data is called once more when there is a checkpoint."""

    def data(number):
        return Oscillator(T=6).sample(4, np.random.default_rng(int(torch.randint(2**31, ()))))

    def go(**more):
        return fit(single, data, steps=4, loss=loss, validation=data_too, **more)

    def data_too(number):
        return data(number)

    equal(go(checkpoint=tmp_path / "run"), go())
