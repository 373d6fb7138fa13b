"""The gradient of a step: several batches as one, in two precisions; norms and clipping are in test_fit."""

import numpy as np
import pytest
import torch

from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.nn import RNN, SequenceModel
from seqlib.training import evaluate, fit

V = 7
RNG = np.random.default_rng(0)
SENTENCES = [RNG.integers(V, size=n) for n in (1, 9, 2, 7, 5, 3, 8, 1, 4)]


def batch(sentences):
    """Sentences of unequal length, and in each only some positions that count: the counts of batches are unequal."""
    ids, lengths = pad(sentences)
    mask = mask_from_lengths(lengths) & (np.arange(ids.shape[1]) % 3 != 1)
    return Batch((ids, lengths), ids, mask)


def build():
    return SequenceModel(RNN(3, 4, batch_first=True, dtype=torch.float64), V, vocab_size=V)


SINGLE = [batch(SENTENCES[i : i + 2]) for i in range(0, 9, 2)]  # five batches, the last of one sentence
OPTIONS = {"loss": "cross_entropy", "optimiser": "sgd", "lr": 0.5}


def groups(size, steps):
    """The large batches that stand for `size` small ones each; after the fifth the first comes again."""
    pairs = [SENTENCES[i : i + 2] for i in range(0, 9, 2)]
    chosen = [[pairs[n % 5] for n in range(s * size, (s + 1) * size)] for s in range(steps)]
    return [batch([sentence for pair in group for sentence in pair]) for group in chosen]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("clip", [{}, {"clip_norm": 0.05}, {"clip_value": 0.01}])
def test_small_batches_are_one_large_batch(size, clip, weights):
    """Also a group that goes over the end of the list, and one longer than the list."""
    steps = 8
    assert len({int(b.mask.sum()) for b in SINGLE}) > 2
    wanted = fit(build, groups(size, steps), steps=steps, **OPTIONS, **clip)
    got = fit(build, SINGLE, steps=steps, accumulate=size, **OPTIONS, **clip)
    assert got.loss == pytest.approx(wanted.loss, rel=1e-12)
    assert got.grad_norm == pytest.approx(wanted.grad_norm, rel=1e-12)
    torch.testing.assert_close(weights(got.model), weights(wanted.model), rtol=1e-12, atol=1e-12)


def test_a_task_gives_a_new_batch_for_every_part(task, network, weights):
    def large(step):
        parts = [task.sample(4, np.random.default_rng([5, 3 * step + i])) for i in range(3)]
        return Batch(
            (np.concatenate([p.inputs[0] for p in parts]),), *(np.concatenate([p[k] for p in parts]) for k in (1, 2))
        )

    got = fit(network, task, steps=6, batch_size=4, accumulate=3, seed=5)
    wanted = fit(network, large, steps=6, loss="squared_error", seed=5)
    torch.testing.assert_close(weights(got.model), weights(wanted.model), rtol=1e-12, atol=1e-12)
    assert got.steps == 6


def test_one_batch_a_step_is_what_it_always_was(task, dropping, same):
    assert same(fit(dropping, task, steps=5, accumulate=1), fit(dropping, task, steps=5))


def test_a_part_that_is_not_finite_is_found(task, network):
    calls = []

    def loss(model, batch):
        calls.append(1)
        return model(*batch.inputs)[0].square().mean() * (float("nan") if len(calls) == 5 else 1.0)

    with pytest.raises(FloatingPointError, match="step 1"):
        fit(network, task, steps=4, accumulate=3, loss=loss)


def halved():
    return SequenceModel(RNN(3, 16, batch_first=True), V, vocab_size=V)


def test_bfloat16_is_used_and_weights_stay_float32():
    seen = []

    def hooked():
        model = halved()
        model.readout.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
        return model

    run = fit(hooked, SINGLE, steps=60, precision="bfloat16", loss="cross_entropy", lr=0.02)
    assert set(seen) == {torch.bfloat16}
    assert {p.dtype for p in run.model.parameters()} == {torch.float32}
    full = fit(halved, SINGLE, steps=60, loss="cross_entropy", lr=0.02)
    assert (run.loss != full.loss).any()
    assert run.loss[:5] == pytest.approx(full.loss[:5], rel=1e-2)
    assert run.last(10) == pytest.approx(full.last(10), rel=0.1)
    assert run.last(10) < run.loss[0] / 2


def test_validation_under_bfloat16_is_what_evaluate_says():
    run = fit(halved, SINGLE, steps=4, precision="bfloat16", loss="cross_entropy", validation=SINGLE[:2])
    assert run.validation[-1] == evaluate(run.model, SINGLE[:2], loss="cross_entropy")


def test_a_callers_own_autocast_is_left_as_it_is(same):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        run = fit(halved, SINGLE, steps=3, loss="cross_entropy")
    assert same(run, fit(halved, SINGLE, steps=3, loss="cross_entropy", precision="bfloat16"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"precision": "float16"}, "precision must be one of 'full', 'bfloat16', got 'float16'"),
        ({"precision": "bfloat16"}, "precision must be 'full' for weights of float64, got 'bfloat16'"),
        (
            {"model": halved, "precision": "bfloat16", "loss": lambda m, b: m(*b.inputs)[0].square().mean().bfloat16()},
            "loss must be computed in float32 under precision='bfloat16', got bfloat16",
        ),
        ({"accumulate": 0}, "accumulate must be at least 1, got 0"),
        ({"accumulate": 1.5}, "accumulate must be an integer"),
    ],
)
def test_bad_input_is_named(options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(**({"model": build, "data": SINGLE, "steps": 1, "loss": "cross_entropy"} | options))


def mean(model, batch):
    return model(*batch.inputs)[0].square().mean()


ONE = "loss must return one real number as a tensor, such as a mean or a sum, got "
PART = "loss must be made from the parameters, got a number that no parameter has a part in: it cuts them off"
BAD_LOSSES = [
    (lambda m, b: 3.0, ONE + "float"),
    (lambda m, b: None, ONE + "NoneType"),
    (lambda m, b: (mean(m, b), 1), ONE + "tuple"),
    (lambda m, b: m(*b.inputs)[0], ONE + r"shape \(2, 9, 7\)"),
    (lambda m, b: m(*b.inputs)[0].mean((1, 2)), ONE + r"shape \(2,\)"),
    (lambda m, b: m(*b.inputs)[0][:0], ONE + r"shape \(0, 9, 7\)"),
    (lambda m, b: mean(m, b) * (1 + 1j), ONE + "dtype complex128"),
]


@pytest.mark.parametrize(("loss", "message"), BAD_LOSSES)
@pytest.mark.parametrize("accumulate", [1, 2])
def test_a_loss_that_is_no_number_is_named(loss, message, accumulate):
    with pytest.raises(TypeError, match=message):
        fit(build, SINGLE, steps=1, accumulate=accumulate, loss=loss)


@pytest.mark.parametrize(("loss", "message"), BAD_LOSSES)
def test_also_in_evaluate_and_in_the_validation(loss, message):
    torch.manual_seed(0)
    with pytest.raises(TypeError, match=message):
        evaluate(build(), SINGLE, loss=loss)
    with pytest.raises(TypeError, match=message) as caught:
        fit(
            build,
            SINGLE,
            steps=2,
            validation=SINGLE[:1],
            loss=lambda *a: (mean if torch.is_grad_enabled() else loss)(*a),
        )
    assert caught.value.__notes__ == ["This was in the validation after step 2."]


@pytest.mark.parametrize(
    "loss",
    [
        lambda m, b: torch.ones(()),
        lambda m, b: mean(m, b).detach(),
        lambda m, b: torch.tensor(mean(m, b).item()),
        torch.no_grad()(mean),
    ],
)
def test_a_loss_without_a_gradient_is_named(loss):
    with pytest.raises(TypeError, match=PART + r", as \.detach\(\), \.item\(\) and torch\.no_grad\(\) do"):
        fit(build, SINGLE, steps=1, loss=loss)


def test_a_loss_that_switches_gradients_off_is_named():
    def loss(model, batch):
        value = mean(model, batch)
        torch.set_grad_enabled(False)
        return value

    with torch.enable_grad(), pytest.raises(TypeError, match="loss, model or data left gradients switched off"):
        fit(build, SINGLE, steps=2, loss=loss)
    with torch.enable_grad(), pytest.raises(TypeError, match="loss, model or data left gradients switched off"):
        fit(build, SINGLE, steps=1, accumulate=2, loss=loss)
    assert torch.is_grad_enabled()


def test_a_number_may_have_axes_of_one(same):
    runs = [fit(build, SINGLE, steps=3, loss=f) for f in (mean, lambda m, b: mean(m, b)[None, None])]
    assert same(*runs)
    values = [evaluate(runs[0].model, SINGLE, loss=f) for f in (mean, lambda m, b: mean(m, b)[None])]
    assert values[0] == values[1]


def test_what_fails_under_bfloat16_says_so():
    def loss(model, batch):
        raise RuntimeError("no primitive for this")

    with pytest.raises(RuntimeError, match="no primitive") as caught:
        fit(halved, SINGLE, steps=1, loss=loss, precision="bfloat16")
    assert "precision='bfloat16'" in caught.value.__notes__[0]
