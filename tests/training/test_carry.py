"""The state from batch to batch: chunks are one long sequence, and the gradient is that of truncated BPTT by hand."""

import numpy as np
import pytest
import torch

from seqlib.batching import Chunks, chunks
from seqlib.nn import GRU, LSTM, RNN, SequenceModel
from seqlib.reference import losses, rnn
from seqlib.training import ScheduledSampling, evaluate, fit

V = 7
RNG = np.random.default_rng(0)
TEXT = RNG.integers(V, size=41)
TEXTS = [RNG.integers(V, size=n) for n in (5, 23, 2, 17, 9)]
OPTIONS = {"loss": "cross_entropy", "optimiser": "sgd", "lr": 0.5}
LAYERS = [RNN, GRU, LSTM, torch.nn.GRU, torch.nn.LSTM]


def build(layer=RNN, **options):
    return lambda: SequenceModel(layer(4, 5, batch_first=True, dtype=torch.float64, **options), V, vocab_size=V)


def started(layer, **options):
    torch.manual_seed(3)
    return build(layer, **options)()


def alone(model, text):
    """The summed loss of one whole text, in one piece."""
    ids = torch.from_numpy(text)[None]
    return torch.nn.functional.cross_entropy(model(ids[:, :-1])[0][0], ids[0, 1:], reduction="sum").item()


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_chunks_are_one_long_sequence(layer):
    model = started(layer, num_layers=2)
    wanted = alone(model, TEXT) / (len(TEXT) - 1)
    for length in (1, 2, 7, 39, 40, 99):
        got = evaluate(model, chunks(TEXT, 1, length), loss="cross_entropy")
        assert got == pytest.approx(wanted, rel=1e-12, abs=0)
    assert abs(evaluate(model, list(chunks(TEXT, 1, 7)), loss="cross_entropy") - wanted) > 1e-6  # begun anew


@pytest.mark.parametrize("layer", [RNN, LSTM], ids=str)
def test_rows_begin_anew_and_never_mix(layer):
    """Any batch size and length gives the mean over the texts, each alone."""
    model = started(layer, num_layers=2)
    wanted = sum(alone(model, text) for text in TEXTS) / sum(len(text) - 1 for text in TEXTS)
    for batch_size in (1, 2, 3, 5, 8):
        for length in (1, 3, 4, 50):
            got = evaluate(model, chunks(TEXTS, batch_size, length), loss="cross_entropy")
            assert got == pytest.approx(wanted, rel=1e-12, abs=0)


def by_hand(model, data, steps):
    """Truncated BPTT with the reference network: weights and losses after so many steps of gradient descent."""
    state = {name: p.detach().numpy().copy() for name, p in model.named_parameters()}
    h, found = None, []
    for step in range(steps):
        batch, start = data.batches[step % len(data)], data.starts[step % len(data)]
        params = rnn.Params(
            state["core.weight_ih_l0"], state["core.weight_hh_l0"], state["core.bias_ih_l0"] + state["core.bias_hh_l0"]
        )
        h = np.zeros((len(start), 5)) if h is None else np.where(start[:, None], 0, h)
        (ids,) = batch.inputs
        hs, cache = rnn.forward(params, state["embedding.weight"][ids], h)
        logits = hs @ state["readout.weight"].T + state["readout.bias"]
        loss, kept = losses.cross_entropy(logits, batch.y, batch.mask)
        dlogits = losses.cross_entropy_backward(kept)
        grads = rnn.backward(dlogits @ state["readout.weight"], cache)  # no gradient for h: it is given
        dE = np.zeros_like(state["embedding.weight"])
        np.add.at(dE, ids, grads.x)
        gradient = {
            "embedding.weight": dE,
            "core.weight_ih_l0": grads.params.W_xh,
            "core.weight_hh_l0": grads.params.W_hh,
            "core.bias_ih_l0": grads.params.b_h,
            "core.bias_hh_l0": grads.params.b_h,
            "readout.weight": np.einsum("btv,bth->vh", dlogits, hs),
            "readout.bias": dlogits.sum((0, 1)),
        }
        length = np.sqrt(sum((g**2).sum() for g in gradient.values()))
        found.append((loss, length))
        state = {name: value - OPTIONS["lr"] * gradient[name] for name, value in state.items()}
        h = hs[:, -1]
    return state, np.array(found).T


@pytest.mark.parametrize(
    "data",
    [chunks(TEXT, 1, 3), chunks(TEXT, 3, 4), chunks(TEXTS, 2, 3), chunks(TEXTS, 4, 1), chunks(TEXT, 1, 40)],
    ids=["one row", "rows", "texts", "one step", "whole"],
)
def test_gradients_are_those_of_truncated_bptt_by_hand(data):
    """Through the end of the data and its beginning again."""
    steps = len(data) * 2 + 1
    run = fit(lambda: started(RNN), data, steps=steps, **OPTIONS)
    weights, (loss, length) = by_hand(started(RNN), data, steps)
    np.testing.assert_allclose(run.loss, loss, rtol=1e-12)
    np.testing.assert_allclose(run.grad_norm, length, rtol=1e-10)
    for name, parameter in run.model.named_parameters():
        np.testing.assert_allclose(parameter.detach().numpy(), weights[name], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_chunk_as_long_as_the_text_is_full_backpropagation(layer, same):
    data = chunks(TEXT, 1, 40)
    assert len(data) == 1
    assert same(fit(build(layer), data, steps=4, **OPTIONS), fit(build(layer), list(data), steps=4, **OPTIONS))
    cut, reset = chunks(TEXT, 1, 20), list(chunks(TEXT, 1, 20))
    assert not same(fit(build(layer), cut, steps=2, **OPTIONS), fit(build(layer), reset, steps=2, **OPTIONS))


def test_batches_that_are_accumulated_continue_each_other_too():
    """Without an update between them they are one text, whose loss is that of all; the gradient is the mean."""
    data = chunks(TEXT, 1, 8)
    run = fit(lambda: started(LSTM), data, steps=1, accumulate=5, **OPTIONS)
    assert run.loss[0] == pytest.approx(alone(started(LSTM), TEXT) / 40, rel=1e-12)
    model, state, mean = started(LSTM), None, 0
    for batch in data:
        out, state = model(torch.from_numpy(batch.inputs[0]), state=state)
        state = tuple(part.detach() for part in state)
        mean = mean + torch.nn.functional.cross_entropy(out[0], torch.from_numpy(batch.y[0])) / 5
    mean.backward()
    length = torch.stack([p.grad.norm() for p in model.parameters()]).norm().item()
    assert run.grad_norm[0] == pytest.approx(length, rel=1e-12)


def test_validation_has_a_state_of_its_own(same):
    data, other = chunks(TEXT, 2, 4), chunks(TEXTS, 2, 3)
    plain = fit(build(LSTM), data, steps=7, **OPTIONS)
    watched = fit(build(LSTM), data, steps=7, validation=other, validate_every=2, **OPTIONS)
    assert same(plain, watched)
    assert watched.validation[-1] == evaluate(watched.model, other, loss="cross_entropy")
    assert same(plain, fit(build(LSTM), data, steps=7, **OPTIONS))  # nor is any left over


class Killed(BaseException):
    """As if the process had ended here."""


def killed_at(step):
    def on_step(record):
        if record.step == step:
            raise Killed

    return on_step


@pytest.mark.parametrize("layer", [RNN, LSTM], ids=str)
@pytest.mark.parametrize(
    "more",
    [{}, {"accumulate": 2}, {"loss": ScheduledSampling(lambda step: step / 12)}],
    ids=["plain", "accumulated", "sampled"],
)
def test_killed_at_every_step_and_resumed_bit_for_bit(layer, more, tmp_path, same):
    options = OPTIONS | {"validation": chunks(TEXT, 1, 9), "validate_every": 3} | more
    make = build(layer, num_layers=2, dropout=0.4)
    whole = fit(make, chunks(TEXTS, 2, 3), steps=11, **options)

    for every in (1, 4):
        options |= {"checkpoint": tmp_path / f"{every}.pt", "checkpoint_every": every}
        for step in range(1, 11):
            with pytest.raises(Killed):
                fit(make, chunks(TEXTS, 2, 3), steps=11, on_step=killed_at(step), **options)
        again = fit(make, chunks(TEXTS, 2, 3), steps=11, **options)
        assert same(again, whole)
        assert (again.validation == whole.validation).all()


def test_where_rows_begin_is_part_of_the_run(tmp_path):
    data = chunks(TEXT, 1, 4)
    fit(build(), data, steps=2, checkpoint=tmp_path / "run", **OPTIONS)
    for other in (list(data), Chunks(data.batches, np.ones((len(data), 1), dtype=bool))):
        with pytest.raises(ValueError, match=r"was made with data.starts="):
            fit(build(), other, steps=3, checkpoint=tmp_path / "run", **OPTIONS)


def test_a_loss_may_call_the_model_several_times(same):
    """Each call begins with the state; the state after the last is kept."""

    def twice(model, batch):
        model(torch.zeros_like(batch.inputs[0]))
        logits = model(*batch.inputs)[0]
        return torch.nn.functional.cross_entropy(logits[batch.mask], batch.y[batch.mask])

    data = chunks(TEXT, 2, 4)
    assert same(fit(build(), data, steps=9, **OPTIONS), fit(build(), data, steps=9, **OPTIONS | {"loss": twice}))


class Other(torch.nn.Module):
    """A model with a state of another make."""

    def __init__(self, state, answer=lambda out, state: (out, state)):
        super().__init__()
        self.readout, self.state, self.answer = torch.nn.Embedding(V, V), state, answer

    def forward(self, x, state=None):
        return self.answer(self.readout(x), self.state)


class Stateless(torch.nn.Embedding):
    """A model without a memory."""


@pytest.mark.parametrize(
    ("model", "data", "error", "message"),
    [
        (
            Stateless(V, V),
            chunks(TEXT, 1, 4),
            TypeError,
            r"model must take a state, model\(x, state=…\), but Stateless",
        ),
        (
            Other(0, lambda out, _: out),
            chunks(TEXT, 1, 4),
            TypeError,
            r"must answer with a tuple, \(out, state\), got Tensor",
        ),
        (
            Other(0, lambda out, _: (out,)),
            chunks(TEXT, 1, 4),
            TypeError,
            r"model must answer with a tuple, \(out, state\)",
        ),
        (Other(torch.zeros(2, 5)), chunks(TEXTS, 2, 3), ValueError, r"tensors \(layers, 2, …\) .*, got shape \(2, 5\)"),
        (Other(torch.zeros(2)), chunks(TEXTS, 2, 3), ValueError, r"tensors \(layers, 2, …\) .*, got shape \(2,\)"),
    ],
)
def test_what_cannot_be_carried_is_named(model, data, error, message):
    with pytest.raises(error, match=message):
        fit(model, data, steps=4, **OPTIONS)
    with pytest.raises(error, match=message):
        evaluate(model, data, loss="cross_entropy")
    assert not model._forward_hooks
    assert not model._forward_pre_hooks


def test_states_of_every_make_are_carried(tmp_path):
    """And saved, if they are plain."""
    seen = []

    class Counting(Other):
        def forward(self, x, state=None):
            seen.append(state)
            count = 0 if state is None else state["n"]
            h = self.readout.weight.sum() * torch.ones(1, x.shape[0], 2)
            return self.readout(x), {"n": count + 1, "parts": [h, (h, None)]}

    data = chunks(TEXTS, 2, 3)
    fit(Counting(None), data, steps=3, checkpoint=tmp_path / "run", **OPTIONS)
    assert [s and s["n"] for s in seen] == [None, 1, 2]
    h, (other, none) = seen[2]["parts"]
    assert none is None
    assert not h.requires_grad
    assert data.starts[2].tolist() == [False, False] or (h[:, data.starts[2]] == 0).all()
    assert torch.equal(h, other)
    named = Other(torch.return_types.max((torch.zeros(1, 1, 2), torch.zeros(1, 1, 2))))
    with pytest.raises(TypeError, match="state must be made of tensors, tuples, lists and dictionaries to be saved"):
        fit(named, chunks(TEXT, 1, 4), steps=2, checkpoint=tmp_path / "other", **OPTIONS)


def test_where_all_rows_begin_together_a_state_may_have_any_layout():
    seen = []

    class Turned(Other):
        def forward(self, x, state=None):
            seen.append(state is None)
            return super().forward(x, state)

    fit(Turned(torch.zeros(5)), chunks(TEXT, 2, 10), steps=5, **OPTIONS)
    assert seen == [True, False, True, False, True]


def test_a_loss_that_does_not_call_the_model_is_named():
    def loss(model, batch):
        return model.readout.weight.sum()

    with pytest.raises(ValueError, match=r"loss must call the model itself, model\(\*batch\.inputs\)"):
        fit(build(), chunks(TEXT, 1, 4), steps=1, **OPTIONS | {"loss": loss})
    fit(build(), list(chunks(TEXT, 1, 4)), steps=1, **OPTIONS | {"loss": loss})
