"""Scheduled sampling: between teacher forcing, to the bit, and free running; what is drawn, where, how often."""

import math

import numpy as np
import pytest
import torch

from seqlib.batching import Batch, chunks, mask_from_lengths, pad
from seqlib.decoding import greedy
from seqlib.nn import LSTM, SequenceModel
from seqlib.training import CrossEntropy, ScheduledSampling, evaluate, fit
from seqlib.training.data import to_tensors

V = 6
RNG = np.random.default_rng(0)
TEXTS = [RNG.integers(1, V, size=n) for n in (9, 4, 12, 2)]
DATA = chunks(TEXTS, 4, 12)[:1]


def build(dropout=0.0):
    core = LSTM(4, 5, 2, batch_first=True, dropout=dropout, dtype=torch.float64)
    return SequenceModel(core, V, vocab_size=V, dropout=dropout)


def started(seed=0):
    torch.manual_seed(seed)
    model = build()
    with torch.no_grad():
        model.readout.weight.mul_(8)
    return model.eval()


class Recorded(torch.nn.Module):
    """A model that keeps what it was called with."""

    def __init__(self, inner):
        super().__init__()
        self.inner, self.calls = inner, []

    def forward(self, *inputs, state=None):
        self.calls.append((*inputs, self.training, torch.is_grad_enabled(), self.inner.training))
        return self.inner(*inputs, state=state)


def last_inputs(loss, model, batch):
    """The value of a loss, and what the model read for it."""
    recorded = Recorded(model)
    value = loss(recorded, to_tensors(batch, model))
    return value, recorded.calls[-1][0]


@pytest.mark.parametrize("loss", [CrossEntropy(), CrossEntropy(0.2)])
def test_probability_0_is_teacher_forcing_to_the_bit(loss, same):
    """Dropout included: no random number is drawn."""
    runs = [
        fit(lambda: build(0.4), chunks(TEXTS, 2, 3), steps=8, loss=chosen)
        for chosen in (loss, ScheduledSampling(0.0, loss), ScheduledSampling(lambda step: 0, loss))
    ]
    assert same(runs[0], runs[1])
    assert same(runs[0], runs[2])
    assert not same(runs[0], fit(lambda: build(0.4), chunks(TEXTS, 2, 3), steps=8, loss=ScheduledSampling(0.5, loss)))


@pytest.mark.parametrize("seed", range(3))
def test_probability_1_is_free_running(seed):
    """With the most probable symbol it reads what greedy decoding writes, as far as something is asked for."""
    model, batch = started(seed), DATA[0]
    value, read = last_inputs(ScheduledSampling(1.0, greedy=True), model, batch)
    written = greedy(model, batch.inputs[0][:, :1], max_length=11)
    changed = 0
    for b, n in enumerate(batch.mask.sum(1)):
        assert read[b, 0] == batch.inputs[0][b, 0]
        assert read[b, 1:n].tolist() == written.ids[b, : n - 1].tolist()
        assert read[b, n:].tolist() == batch.inputs[0][b, n:].tolist()
        changed += int((read[b, :n].numpy() != batch.inputs[0][b, :n]).sum())
    assert changed > 8
    by_itself = evaluate(model, [batch._replace(inputs=(read,))], loss="cross_entropy")
    assert value.item() == pytest.approx(by_itself, rel=1e-12)


def bound(k):
    """A chi-square variable of k degrees of freedom is above it with probability 1e-7 at most (Laurent & Massart)."""
    x = math.log(1e7)
    return k + 2 * math.sqrt(k * x) + 2 * x


@pytest.mark.parametrize("seed", range(3))
def test_own_symbols_come_from_the_model_and_as_often_as_they_should(seed):
    """The second input and the third, over many equal rows: both coins, and both draws, are independent."""
    N, chance = 60_000, 0.3
    model, text = started(seed), np.array([2, 4, 1, 3])
    ids = np.tile(text, (N, 1))
    batch = Batch((ids[:, :3],), ids[:, 1:], None)
    torch.manual_seed(seed + 10)
    _, read = last_inputs(ScheduledSampling(chance), model, batch)
    assert (read[:, 0] == 2).all()

    def after(*tokens):
        with torch.no_grad():
            return model(torch.tensor([tokens]))[0][0, -1].softmax(-1).numpy()

    def mixed(p, true):
        return chance * p + (1 - chance) * np.eye(V)[true]

    first = mixed(after(2), 4)
    expected = N * np.stack([first[v] * mixed(after(2, v), 1) for v in range(V)]).ravel()
    counts = np.bincount(read[:, 1] * V + read[:, 2], minlength=V * V)
    rare = expected < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    wanted = np.append(expected[~rare], expected[rare].sum() + 1e-9)
    assert ((observed - wanted) ** 2 / np.maximum(wanted, 1)).sum() < bound(len(wanted) - 1)


def test_the_gradient_is_that_of_an_ordinary_pass_over_what_was_read():
    model = started()
    torch.manual_seed(5)
    value, read = last_inputs(ScheduledSampling(0.7), model, DATA[0])
    value.backward()
    got = [p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    batch = to_tensors(DATA[0], model)
    CrossEntropy()(model, batch._replace(inputs=(read,))).backward()
    for gradient, parameter in zip(got, model.parameters(), strict=True):
        assert torch.equal(gradient, parameter.grad)
    assert not torch.equal(read, batch.inputs[0])
    assert torch.equal(batch.inputs[0], torch.from_numpy(DATA[0].inputs[0]))  # which stay as they were


def test_symbols_are_drawn_without_dropout_and_without_gradients():
    model = Recorded(build(0.5)).train()
    model.inner.core.eval()  # parts in different modes keep them
    batch = to_tensors(DATA[0], model)
    ScheduledSampling(0.9)(model, batch)
    assert [call[1:] for call in model.calls] == [(False, False, False)] * 10 + [(True, True, True)]
    assert [call[0].shape[1] for call in model.calls] == [1] * 10 + [11]
    assert not model.inner.core.training


def test_lengths_are_handed_on_and_padding_is_not_read():
    x, lengths = pad([text[:-1] for text in TEXTS], value=99)
    y, _ = pad([text[1:] for text in TEXTS])
    batch = Batch((x, lengths), y, mask_from_lengths(lengths))
    model, plain = started(), DATA[0]
    torch.manual_seed(1)
    value, read = last_inputs(ScheduledSampling(0.6), model, batch)
    torch.manual_seed(1)
    wanted, same_read = last_inputs(ScheduledSampling(0.6), model, plain)
    assert value.item() == pytest.approx(wanted.item(), rel=1e-12)
    recorded, real = Recorded(model), mask_from_lengths(lengths)
    ScheduledSampling(0.6)(recorded, to_tensors(batch, model))
    assert recorded.calls[-1][1].tolist() == lengths.tolist()
    assert read.numpy()[real].tolist() == same_read.numpy()[real].tolist()


def test_only_what_was_asked_for_is_replaced():
    ids = RNG.integers(1, V, size=(200, 9))
    mask = RNG.random((200, 8)) < 0.7
    _, read = last_inputs(ScheduledSampling(1.0), started(), Batch((ids[:, :-1],), ids[:, 1:], mask))
    other = read.numpy() != ids[:, :-1]
    allowed = np.pad(mask[:, :-1] & mask[:, 1:], [(0, 0), (1, 0)])
    assert not other[~allowed].any()
    assert other[allowed].mean() > 0.3


@pytest.mark.parametrize("seed", range(3))
def test_chunks_go_on_where_the_model_was(seed):
    """The carried state goes into the drawing as into the loss."""
    model, data = started(seed), chunks(np.random.default_rng(seed).integers(1, V, size=61), 1, 12)
    with torch.no_grad():
        for name, parameter in model.core.named_parameters():
            parameter.mul_(0 if "bias" in name else 6)  # so that it does not write one symbol for ever
        model.readout.bias.zero_()
    got = evaluate(model, data, loss=ScheduledSampling(1.0, greedy=True))
    total, state = 0.0, None
    for batch in data:
        first, before = torch.from_numpy(batch.inputs[0][:, :1]), state
        written = greedy(model, first, max_length=batch.y.shape[1] - 1, state=before)
        read = torch.cat([first, torch.from_numpy(written.ids)], 1)
        with torch.no_grad():
            out, state = model(read, state=before)
        total += torch.nn.functional.cross_entropy(out[0], torch.from_numpy(batch.y[0]), reduction="sum").item()
    assert got == pytest.approx(total / 60, rel=1e-12)


def test_the_probability_may_follow_the_steps():
    seen = []

    def rising(step):
        seen.append(step)
        return min(1.0, step / 4)

    loss = ScheduledSampling(rising, CrossEntropy(0.1), greedy=True)
    fit(build, chunks(TEXTS, 2, 3), steps=5, accumulate=2, loss=loss)
    assert seen == [0, 1, 2, 3, 4]
    assert loss.at(3) == ScheduledSampling(0.75, CrossEntropy(0.1), greedy=True)
    fixed = ScheduledSampling(0.3)
    assert fixed.at(7) is fixed


def test_validation_is_by_true_symbols_and_without_smoothing():
    for loss in (ScheduledSampling(1.0, CrossEntropy(0.3)), ScheduledSampling(lambda step: 0.5), CrossEntropy(0.3)):
        run = fit(build, chunks(TEXTS, 2, 3), steps=3, loss=loss, validation=DATA)
        assert run.validation[-1] == evaluate(run.model, DATA, loss="cross_entropy")


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (
            ScheduledSampling(0.2),
            ScheduledSampling(0.3),
            r"loss\.probability=0\.2, this run has loss\.probability=0\.3",
        ),
        (ScheduledSampling(0.2), ScheduledSampling(0.2, greedy=True), r"loss\.greedy=False"),
        (ScheduledSampling(0.2, CrossEntropy(0.1)), ScheduledSampling(0.2), r"loss\.loss\.label_smoothing=0\.1"),
        (
            ScheduledSampling(lambda s: 0.1),
            ScheduledSampling(lambda s: min(1, s / 9)),
            r"loss\.probability at steps=\(0\.1",
        ),
        (CrossEntropy(0.1), CrossEntropy(), r"loss\.label_smoothing=0\.1, this run has loss\.label_smoothing=0\.0"),
    ],
)
def test_its_settings_are_part_of_the_run(one, other, named, tmp_path):
    fit(build, DATA, steps=1, loss=one, checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match=named):
        fit(build, DATA, steps=2, loss=other, checkpoint=tmp_path / "run")


IDS = np.array([[1, 2, 3]])


@pytest.mark.parametrize(
    ("loss", "batch", "error", "message"),
    [
        (lambda: ScheduledSampling(1.5), DATA[0], ValueError, r"probability must be at most 1, got 1\.5"),
        (lambda: ScheduledSampling(float("nan")), DATA[0], ValueError, "probability must be finite"),
        (lambda: ScheduledSampling(lambda step: 2), DATA[0], ValueError, "probability must be at most 1, got 2"),
        (lambda: CrossEntropy(-0.1), DATA[0], ValueError, r"label_smoothing must be at least 0, got -0\.1"),
        (lambda: CrossEntropy(1.1), DATA[0], ValueError, r"label_smoothing must be at most 1, got 1\.1"),
        (lambda: ScheduledSampling(0.5), Batch((IDS,), IDS, None), ValueError, "batch must ask for the next symbol"),
        (
            lambda: ScheduledSampling(0.5),
            Batch((IDS / 2,), IDS, None),
            TypeError,
            r"batch must hold ids, x and y \(1, 3\)",
        ),
        (
            lambda: ScheduledSampling(0.5),
            Batch((IDS[..., None],), IDS, None),
            TypeError,
            r"batch must hold ids.*\(1, 3, 1\)",
        ),
    ],
)
def test_bad_arguments_are_named(loss, batch, error, message):
    with pytest.raises(error, match=message):
        fit(build, [batch], steps=1, loss=loss())


def test_a_probability_that_follows_the_steps_is_measured_at_one():
    loss = ScheduledSampling(lambda step: step / 10)
    with pytest.raises(
        ValueError, match=r"probability must be a number to measure a loss: take the one of a step, \.at"
    ):
        evaluate(build(), DATA, loss=loss)
    assert math.isfinite(evaluate(build(), DATA, loss=loss.at(4)))
