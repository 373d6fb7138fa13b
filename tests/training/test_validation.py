"""Validation: it measures, keeps the best, stops a run, and changes nothing."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Oscillator
from seqlib.training import evaluate, fit, random_state
from seqlib.training.validation import Validation

HELD_OUT = [Oscillator(T=6).sample(4, np.random.default_rng([9, i])) for i in range(2)]


class Counting(nn.Module):
    """A model whose buffers change whenever it is called, and that draws from all generators even in eval mode."""

    def __init__(self, inner):
        super().__init__()
        self.inner, self.norm = inner, nn.BatchNorm1d(1)
        self.frozen = nn.Dropout(0.5).eval()
        self.register_buffer("calls", torch.zeros(2))
        self.register_buffer("replaced", torch.zeros(2), persistent=False)
        self.register_buffer("none", None)

    def forward(self, x):
        self.calls += 1
        self.replaced = self.replaced + 1
        noise = torch.rand(()) + np.random.rand()  # noqa: NPY002
        out, state = self.inner(x)
        out = self.norm(out.float().transpose(1, 2)).transpose(1, 2).to(out.dtype)
        return out * (1 + 0.01 * noise) * (1 + 1e-3 * self.replaced[0]), state


@pytest.fixture
def counting(dropping):
    """The function that builds such a model."""
    return lambda: Counting(dropping())


@pytest.mark.parametrize(
    "data", [Oscillator(T=6), HELD_OUT, lambda i: HELD_OUT[i % 2]], ids=["task", "list", "function"]
)
def test_validation_changes_nothing_of_the_training(data, counting, task, same):
    def state(run):
        return {name: value.clone() for name, value in [*run.model.state_dict().items(), *run.model.named_buffers()]}

    options = {"steps": 7, "batch_size": 4, "schedule": lambda step: 0.9**step}
    model = counting()
    before = random_state.current()
    start = {name: value.clone() for name, value in model.state_dict().items()}
    without = fit(model, task, **options)
    wanted, modes = state(without), [module.training for module in model.modules()]
    model.load_state_dict(start)
    model.replaced.zero_()
    with_it = fit(model, task, validation=data, validate_every=2, **options)
    assert len(with_it.validation) == 4
    assert same(with_it, without)
    assert all(torch.equal(value, wanted[name]) for name, value in state(with_it).items())
    assert [module.training for module in model.modules()] == modes
    assert torch.equal(random_state.current()["torch"], before["torch"])


def test_it_measures_what_evaluate_measures(network, task):
    run = fit(network, task, steps=7, validation=HELD_OUT, validate_every=3)
    assert run.validation_steps.tolist() == [3, 6, 7]
    for steps, value in zip(run.validation_steps, run.validation, strict=True):
        assert evaluate(fit(network, task, steps=int(steps)).model, HELD_OUT, loss="squared_error") == value
    assert fit(network, task, steps=6, validation=HELD_OUT, validate_every=3).validation_steps.tolist() == [3, 6]
    assert fit(network, task, steps=2, validation=HELD_OUT).validation_steps.tolist() == [2]
    assert fit(network, task, steps=0, validation=HELD_OUT).validation.size == 0


def test_a_task_is_drawn_anew_and_the_same_in_every_validation(network):
    class Spy(Oscillator):
        seen = ()

        def sample(self, batch_size, rng):
            batch = super().sample(batch_size, rng)
            self.seen = (*self.seen, (batch_size, float(batch.y[0, 0, 0])))
            return batch

    spy = Spy(T=6)
    fit(network, spy, steps=30, batch_size=256, validation=spy, validate_every=15, seed=3)
    first = [y for _, y in spy.seen]
    training = first[:15] + first[35:50]
    assert len(set(training)) == 30
    assert first[15:35] == first[50:], "each validation is on the same batches"
    assert not set(first[15:35]) & set(training), "and the model is trained on none of them"


def scripted(values):
    """A loss that trains as usual and answers a script where gradients are off: in validation."""
    script = iter(values)

    def loss(model, batch):
        if torch.is_grad_enabled():
            return model(*batch.inputs)[0].square().mean()
        return torch.tensor(next(script))

    return loss


ONE = HELD_OUT[:1]
NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "best"),
    [
        ([3.0, 2.0, 4.0, 5.0], 2),
        ([3.0, 2.0, 2.0, 5.0], 2),
        ([NAN, 5.0, 4.0, NAN], 3),
        ([2.0, NAN, 3.0, 1.0], 4),
        ([INF, 5.0, -INF, 6.0], 2),
        ([1.0, 2.0, 3.0, 4.0], 1),
        ([NAN, NAN, INF, NAN], None),
    ],
)
def test_the_best_model_is_kept_as_it_was(values, best, network, task, weights):
    run = fit(network, task, steps=4, lr=0.1, loss=scripted(values), validation=ONE, validate_every=1)
    np.testing.assert_array_equal(run.validation, values)
    if best is None:
        assert run.best is None
        with pytest.raises(ValueError, match="validation must have given a finite loss"):
            run.best_model()
        return
    assert (run.best.step, run.best.loss) == (best, values[best - 1])
    then = fit(network, task, steps=best, lr=0.1, loss=scripted([]))
    assert torch.equal(weights(run.best_model()), weights(then.model))
    last = fit(network, task, steps=4, lr=0.1, loss=scripted([]))
    assert torch.equal(weights(run.model), weights(last.model)), "the model that is returned is the last one"


def test_the_best_model_has_the_best_loss_and_is_a_copy(network, task):
    run = fit(network, task, steps=9, lr=0.2, validation=HELD_OUT, validate_every=1)
    model = run.best_model()
    assert evaluate(model, HELD_OUT, loss="squared_error") == run.best.loss == run.validation.min()
    with torch.no_grad():
        model.readout.bias.add_(1)
    assert evaluate(run.best_model(), HELD_OUT, loss="squared_error") == run.best.loss


@pytest.mark.parametrize(
    ("values", "patience", "stops"),
    [
        ([3, 2, 4, 5, 1, 0], 2, 4),
        ([3, 2, 4, 1, 5, 6, 7], 2, 6),
        ([3, 3, 3, 3], 1, 2),
        ([3, 3, 3, 3], 3, 4),
        ([NAN, NAN, 1, 2, 3], 2, 2),
        ([4, NAN, 3, NAN, NAN, NAN], 3, 6),
        ([1, 2, 1.5, 1.2, 0], 3, 4),  # better than the one before is not a new best
        ([6, 5, 4, 3, 2, 1], 1, 6),
    ],
)
@pytest.mark.parametrize("every", [1, 3])
def test_patience_counts_validations_without_a_new_best(values, patience, stops, every, network, task):
    values = [float(value) for value in values]
    options = {"validation": ONE, "validate_every": every, "patience": patience}
    run = fit(network, task, steps=every * len(values), loss=scripted(values), **options)
    assert run.steps == every * stops
    assert len(run.validation) == stops


def test_the_training_loss_stops_nothing(network, task):
    """It rises step by step here; validation falls."""
    steps = iter(range(100))

    def loss(model, batch):
        value = model(*batch.inputs)[0].square().mean()
        return value + next(steps) if torch.is_grad_enabled() else -value - next(steps)

    assert fit(network, task, steps=9, loss=loss, validation=ONE, validate_every=1, patience=1).steps == 9


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"patience": 3}, "validation must be given with patience=3: early stopping looks at data"),
        ({"patience": 0, "validation": HELD_OUT}, "patience must be at least 1"),
        ({"patience": 1.0, "validation": HELD_OUT}, "patience must be an integer"),
        ({"validate_every": 0}, "validate_every must be at least 1"),
        ({"validation": []}, "validation must be a task, a list of batches"),
        ({"validation": 3}, "validation must be a task, a list of batches"),
        (
            {"data": HELD_OUT, "validation": HELD_OUT, "loss": "squared_error"},
            "validation must be other data than data",
        ),
    ],
)
def test_bad_input_is_named_before_the_first_step(options, message, network, task):
    def no_step(record):
        raise AssertionError

    with pytest.raises((ValueError, TypeError), match=message):
        fit(**({"model": network, "data": task, "steps": 1, "on_step": no_step} | options))


def test_an_error_in_validation_says_where_it_was(network, task):
    wrong = [Batch((np.ones((1, 2, 3)),), np.ones((1, 2, 1)), None)]
    with pytest.raises(ValueError, match="x must") as caught:
        fit(network, task, steps=4, validation=wrong, validate_every=2)
    assert caught.value.__notes__ == ["This was in the validation after step 2."]


def test_buffers_come_back_also_after_an_error(task):
    model = Counting(SequenceModel(RNN(1, 5, batch_first=True), 1))

    def loss(model, batch):
        value = model(*batch.inputs)[0].square().mean()
        if not torch.is_grad_enabled():
            raise RuntimeError("in validation")
        return value

    with pytest.raises(RuntimeError, match="in validation"):
        fit(model, task, steps=3, loss=loss, validation=ONE, validate_every=2)
    assert model.calls.tolist() == [2, 2]


def test_what_is_stored_of_a_validation_decides_when_it_stops():
    watch = Validation(HELD_OUT, None, 1, 2, 0, "squared_error")
    assert not watch.stopped
    watch.steps, watch.losses = [1, 2], [NAN, NAN]
    assert watch.stopped
