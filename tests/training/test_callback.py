"""on_step: it is told what happened, and cannot change what will."""

import dataclasses
import random

import numpy as np
import pytest
import torch

from seqlib.training import Step, StepDecay, evaluate, fit


def test_it_gets_what_the_history_has(network, task):
    seen = []
    options = {"validation": task, "validate_every": 2, "schedule": StepDecay(2, 0.5)}
    run = fit(network, task, steps=5, on_step=seen.append, **options)
    assert [record.step for record in seen] == [1, 2, 3, 4, 5]
    for name in ("loss", "grad_norm", "lr"):
        assert [getattr(record, name) for record in seen] == getattr(run, name).tolist()
        assert all(type(getattr(record, name)) is float for record in seen)
    assert [record.validation for record in seen] == [None, run.validation[0], None, run.validation[1], None]
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen[0].loss = 0.0


def test_a_callback_that_draws_measures_and_answers_changes_nothing(dropping, task, same):
    model = []

    def build():
        model.append(dropping())
        return model[-1]

    def busy(record):
        torch.rand(3), np.random.rand(), random.random()  # noqa: NPY002
        evaluate(model[-1], task, batches=1)
        fit(dropping, task, steps=1)
        return "stop"

    assert same(fit(build, task, steps=4, on_step=busy), fit(dropping, task, steps=4))


def change(what):
    """A callback that changes one thing of the training, once."""
    made = {}

    def build():
        core = torch.nn.RNN(1, 4, batch_first=True)
        made["net"] = torch.nn.Sequential(torch.nn.Dropout(0.2), core)
        made["net"].register_buffer("count", torch.zeros(1))
        return made["net"]

    def optimiser(parameters, lr):
        made["optimiser"] = torch.optim.SGD(parameters, lr=lr)
        return made["optimiser"]

    def on_step(record):
        if record.step == 2:
            what(made["net"], made["optimiser"])

    return build, optimiser, on_step


def loss(model, batch):
    return model(batch.inputs[0].float())[0].square().mean()


@pytest.mark.parametrize(
    ("what", "name"),
    [
        (lambda net, o: net[1].weight_hh_l0.data.add_(1), "the values of model.1.weight_hh_l0"),
        (lambda net, o: net[1].bias_ih_l0.data.fill_(float("nan")), "the values of model.1.bias_ih_l0"),
        (lambda net, o: net[1].bias_ih_l0.requires_grad_(False), "model.1.bias_ih_l0"),
        (lambda net, o: net.count.add_(1), "the values of model.count"),
        (lambda net, o: net.eval(), "the mode of model"),
        (lambda net, o: net[0].eval(), "the mode of model.0"),
        (lambda net, o: setattr(net[0], "p", 0.5), "model.0.p"),
        (lambda net, o: net.add_module("2", torch.nn.ReLU()), "model.2"),
        (lambda net, o: o.param_groups[0].update(lr=1.0), "optimiser.lr"),
        (lambda net, o: o.param_groups[0].update(weight_decay=1.0), "optimiser.weight_decay"),
        (lambda net, o: torch.set_grad_enabled(False), r"torch\.is_grad_enabled\(\)"),
    ],
)
def test_what_a_callback_changes_is_said(what, name, task):
    build, optimiser, on_step = change(what)
    with (
        torch.enable_grad(),
        pytest.raises(RuntimeError, match=f"on_step must leave the training alone, but it changed {name} at step 2"),
    ):
        fit(build, task, steps=3, loss=loss, optimiser=optimiser, on_step=on_step)
    build, optimiser, on_step = change(lambda net, o: None)
    assert fit(build, task, steps=3, loss=loss, optimiser=optimiser, on_step=on_step).steps == 3


def test_what_it_raises_ends_the_run_and_the_file_is_whole(tmp_path, network, task, same):
    def stop(record):
        if record.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(network, task, steps=6, on_step=stop, checkpoint=tmp_path / "run", checkpoint_every=1)
    seen = []
    run = fit(network, task, steps=6, on_step=seen.append, checkpoint=tmp_path / "run")
    assert same(run, fit(network, task, steps=6))
    assert [record.step for record in seen] == [4, 5, 6]


def test_what_is_no_function_is_named(network, task):
    with pytest.raises(TypeError, match=r"on_step must be a function of a seqlib\.training\.Step, got list"):
        fit(network, task, steps=1, on_step=[])
    assert Step(1, 0.5, 0.25, 0.1).validation is None
