"""EncoderDecoder: its formula, padding, causality, steps as the whole, training, and its answers to bad input."""

import numpy as np
import pytest
import torch

import seqlib.nn
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.decoding import greedy, sample
from seqlib.decoding import select as select_rows
from seqlib.nn import EncoderDecoder
from seqlib.text import BOS, EOS
from seqlib.training import evaluate, fit

V, K = 9, 7  # ids of the source and of the target
LENGTHS = [5, 2, 4, 1]
CORES = [(maker, cell) for maker in (seqlib.nn, torch.nn) for cell in ("RNN", "GRU", "LSTM")]
every_core = pytest.mark.parametrize(("maker", "cell"), CORES, ids=lambda p: p if isinstance(p, str) else p.__name__)


def made(maker=seqlib.nn, cell="LSTM", layers=2, both=False, H=(4, 4), **more):
    """A model whose decoder is twice as wide as a direction of the encoder, or as `H` says."""
    torch.manual_seed(0)
    kind, options = getattr(maker, cell), {"batch_first": True, "dtype": torch.float64}
    encoder = kind(3, H[0], layers, bidirectional=both, **options)
    return EncoderDecoder(encoder, kind(5, H[1], layers, **options), V, K, **more)


def batch(T=6, lengths=LENGTHS):
    torch.manual_seed(1)
    source = torch.randint(4, V, (len(lengths), max(lengths)))
    previous = torch.randint(3, K, (len(lengths), T))
    previous[:, 0] = BOS
    return source, torch.tensor(lengths), previous


def by_hand(model, source, previous):
    """One sentence, without padding: the formulas of the docstrings, the decoder one step at a time."""
    _, finals = model.encoder(model.source_embedding.weight[source][None])
    finals = finals if isinstance(finals, tuple) else (finals,)
    layers, d = model.decoder.num_layers, 2 if model.encoder.bidirectional else 1
    s = []
    for name, state in zip("hc", finals, strict=False):
        rows = []
        for layer in range(layers):
            start = torch.cat([state[layer * d + k, 0] for k in range(d)])
            maps = getattr(model.bridge, name)
            if len(maps):
                start = maps[layer].weight @ start + maps[layer].bias
                start = start.tanh() if name == "h" else start
            rows.append(start)
        s.append(torch.stack(rows)[:, None])
    s, logits = tuple(s) if len(s) > 1 else s[0], []
    for word in previous:
        out, s = model.decoder(model.target_embedding.weight[word][None, None], s)
        logits.append(model.readout.weight @ out[0, 0] + model.readout.bias)
    return torch.stack(logits), s


@every_core
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("both", "H"), [(False, (4, 4)), (False, (4, 6)), (True, (2, 4)), (True, (4, 4))])
def test_a_padded_batch_is_the_formula_for_each_sentence_alone(maker, cell, layers, both, H):
    model = made(maker, cell, layers, both, H)
    source, lengths, previous = batch()
    logits, state = model(source, lengths, previous)
    assert logits.shape == (4, 6, K)
    for b, n in enumerate(LENGTHS):
        wanted, last = by_hand(model, source[b, :n], previous[b])
        torch.testing.assert_close(logits[b], wanted)
        for part, end in zip(state.s, last if isinstance(last, tuple) else (last,), strict=True):
            torch.testing.assert_close(part[b], end[:, 0])


@every_core
@pytest.mark.parametrize("both", [False, True])
def test_step_by_step_it_is_the_whole(maker, cell, both):
    model = made(maker, cell, both=both)
    source, lengths, previous = batch()
    whole, last = model(source, lengths, previous)
    state = model.encode(source, lengths)
    for t in range(6):
        logits, state = model.step(previous[:, t], state)
        torch.testing.assert_close(logits, whole[:, t], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(state.s, last.s, rtol=1e-12, atol=1e-12)
    logits, state = model.prefill(previous[:, :4].numpy(), model.encode(source.numpy(), lengths.numpy()))
    torch.testing.assert_close(logits, whole[:, 3])
    torch.testing.assert_close(model.step(previous[:, 4].numpy(), state)[0], whole[:, 4])
    assert not logits.requires_grad


def test_what_stands_as_padding_is_not_read():
    model = made(both=True)
    source, lengths, previous = batch()
    wanted, _ = model(source, lengths, previous)
    padding = ~torch.from_numpy(mask_from_lengths(LENGTHS))
    for junk in (0, 8, -1, 10**9):  # the last two are no ids
        torch.testing.assert_close(model(source.masked_fill(padding, junk), lengths, previous)[0], wanted)
    wider = torch.cat([source, torch.zeros(4, 3, dtype=torch.long)], 1)
    torch.testing.assert_close(model(wider, lengths, previous)[0], wanted)


def test_no_answer_knows_a_later_word_of_the_target():
    model = made()
    source, lengths, previous = batch()
    changed = previous.clone()
    changed[:, 3] = (previous[:, 3] + 1) % K
    same = torch.isclose(model(source, lengths, previous)[0], model(source, lengths, changed)[0]).all(-1)
    assert same.tolist() == [[True] * 3 + [False] * 3] * 4
    torch.testing.assert_close(model(source, lengths, previous[:, :4])[0], model(source, lengths, previous)[0][:, :4])


def test_every_word_of_the_source_counts():
    model = made(both=True)
    source, lengths, previous = batch()
    wanted = model(source, lengths, previous)[0]
    for b, n in enumerate(LENGTHS):
        for i in range(n):
            changed = source.clone()
            changed[b, i] = 4 + (source[b, i] - 3) % 5
            same = torch.isclose(model(changed, lengths, previous)[0], wanted).all(-1).all(-1)
            assert same.tolist() == [row != b for row in range(4)]


def test_sentences_do_not_know_their_neighbours():
    model = made()
    source, lengths, previous = batch()
    order = torch.tensor([2, 0, 3, 1])
    logits, state = model(source, lengths, previous)
    mixed, after = model(source[order], lengths[order], previous[order])
    torch.testing.assert_close(mixed, logits[order])
    torch.testing.assert_close(after.s, model.select(state, order).s)
    assert model(source[:0], lengths[:0], previous[:0])[0].shape == (0, 6, K)


def test_rows_are_selected_as_the_decoders_would():
    model = made()
    state = model.encode(*batch()[:2])
    rows = np.array([3, 3, 0])
    chosen = model.select(state, rows)
    assert [part.shape for part in chosen.s] == [(3, 2, 4)] * 2
    for part, wanted, before in zip(chosen.s, select_rows(state, rows, 4).s, state.s, strict=True):
        assert torch.equal(part, wanted)
        assert torch.equal(part, before[rows])


def test_without_lengths_all_are_as_long_as_the_array():
    model = made(both=True)
    source, _, previous = batch()
    wanted = model(source, [5, 5, 5, 5], previous)[0]
    torch.testing.assert_close(model(source, None, previous)[0], wanted)


def test_every_parameter_learns_and_has_the_right_gradient():
    model = made(cell="GRU", both=True)
    source, lengths, previous = batch(T=3)
    logits, _ = model(source, lengths, previous)
    cotangent = torch.randn_like(logits)
    (logits * cotangent).sum().backward()
    for name, parameter in model.named_parameters():
        assert (parameter.grad != 0).any(), name
        index = int(parameter.grad.abs().argmax())
        values, eps = parameter.data.view(-1), 1e-6
        sides = []
        for change in (eps, -2 * eps):
            values[index] += change
            with torch.no_grad():
                sides.append((model(source, lengths, previous)[0] * cotangent).sum())
        values[index] += eps
        slope = (sides[0] - sides[1]) / (2 * eps)
        torch.testing.assert_close(parameter.grad.view(-1)[index], slope, rtol=1e-6, atol=1e-8, msg=name)


class Copies:
    """Sentences of a few words, to be written again: a task as the data of `fit`."""

    loss = "cross_entropy"

    def __init__(self, wider=0):
        self.wider = wider

    def sample(self, B, rng):
        """A batch, with so many more columns of padding than it needs."""
        words = [rng.integers(4, K, rng.integers(1, 4)) for _ in range(B)]
        source, lengths = pad(words)
        y, n = pad([[*row, EOS] for row in words])
        previous, _ = pad([[BOS, *row] for row in words])
        source, previous, y = (np.pad(part, ((0, 0), (0, self.wider))) for part in (source, previous, y))
        return Batch((source, lengths, previous), y, mask_from_lengths(n, y.shape[1]))


def learner(cell="GRU", **more):
    kind = getattr(seqlib.nn, cell)
    encoder = kind(6, 16, batch_first=True, bidirectional=True)
    return EncoderDecoder(encoder, kind(6, 32, batch_first=True), K, K, **more)


@pytest.mark.parametrize("cell", ["GRU", "LSTM"])
def test_it_learns_to_copy_and_greedy_writes_the_copies(cell):
    history = fit(lambda: learner(cell), Copies(), steps=150, lr=0.02, seed=0)
    test = Copies().sample(50, np.random.default_rng(1))
    source, lengths, _ = test.inputs
    net = history.model
    assert evaluate(net, Copies()) < 0.5 * evaluate(learner(cell), Copies())
    made = greedy(net, [[BOS]] * 50, max_length=5, eos=EOS, state=net.encode(source, lengths))
    right = [list(got) == [*words[:n], EOS] for got, words, n in zip(made.sequences, source, lengths, strict=True)]
    assert np.mean(right) > 0.5  # chance is 13 right of 100


def test_what_is_decoded_does_not_depend_on_padding_or_neighbours():
    model = made()
    source, lengths, _ = batch()
    together = greedy(model, [[BOS]] * 4, max_length=8, eos=EOS, state=model.encode(source, lengths))
    for b, n in enumerate(LENGTHS):
        alone = greedy(model, [BOS], max_length=8, eos=EOS, state=model.encode(source[b : b + 1, :n]))
        assert alone.sequences[0].tolist() == together.sequences[b].tolist()
        np.testing.assert_allclose(alone.scores[0], together.scores[b], rtol=1e-10)
    drawn = sample(
        model,
        [[BOS]] * 4,
        rng=np.random.default_rng(0),
        max_length=8,
        eos=EOS,
        n=3,
        state=model.encode(source, lengths),
    )
    wanted, _ = model(
        source.repeat_interleave(3, 0),
        lengths.repeat_interleave(3),
        torch.from_numpy(np.concatenate([np.full((12, 1), BOS), drawn.ids[:, :-1]], 1)),
    )
    log_p = wanted.log_softmax(-1).gather(2, torch.from_numpy(drawn.ids)[..., None])[..., 0].detach().numpy()
    real = mask_from_lengths(drawn.lengths, drawn.ids.shape[1])
    np.testing.assert_allclose(drawn.log_probs, np.where(real, log_p, 0), rtol=1e-10)


def test_padding_changes_no_step_of_training():
    runs = [fit(lambda: learner().double(), Copies(wider), steps=5, lr=0.01, seed=3) for wider in (0, 4)]
    np.testing.assert_allclose(runs[0].loss, runs[1].loss, rtol=1e-9)
    for a, b in zip(runs[0].model.parameters(), runs[1].model.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-7, atol=1e-9)


def test_training_goes_on_from_a_checkpoint(tmp_path):
    whole = fit(learner, Copies(), steps=6)
    fit(learner, Copies(), steps=3, checkpoint=tmp_path / "run")
    resumed = fit(learner, Copies(), steps=6, checkpoint=tmp_path / "run")
    assert resumed.loss.tolist() == whole.loss.tolist()
    for other in (lambda: learner(dropout=0.1), lambda: learner("LSTM")):
        with pytest.raises(ValueError, match="checkpoint"):
            fit(other, Copies(), steps=6, checkpoint=tmp_path / "run")


def test_weights_are_saved_and_loaded():
    model, other = made(both=True), made(both=True)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(1)
    assert not torch.equal(other(*batch())[0], model(*batch())[0])
    other.load_state_dict(model.state_dict())
    assert torch.equal(other(*batch())[0], model(*batch())[0])


def test_dropout_works_in_training_only_and_never_in_decoding():
    model, plain = made(dropout=0.5), made()
    source, lengths, previous = batch()
    assert model.training
    assert not torch.equal(model(source, lengths, previous)[0], model(source, lengths, previous)[0])
    wanted, _ = plain(source, lengths, previous)
    torch.testing.assert_close(model.prefill(previous, model.encode(source, lengths))[0], wanted[:, -1])
    assert all(module.training for module in model.modules())
    model.eval()
    torch.testing.assert_close(model(source, lengths, previous)[0], wanted)


@pytest.mark.parametrize("part", ["source_embedding", "target_embedding", "decoder"])
def test_dropout_is_before_encoder_and_decoder_and_before_the_read_out(part, monkeypatch):
    model = made(dropout=0.5, layers=1)
    source, lengths, previous = batch()
    zeros = []

    def seen(values, p, training):
        zeros.append(values)
        return values * 0

    monkeypatch.setattr(torch.nn.functional, "dropout", seen)
    logits, _ = model(source, lengths, previous)
    torch.testing.assert_close(logits, model.readout.bias.expand_as(logits))
    wanted = {
        "source_embedding": (sum(LENGTHS), 3),  # what is padding is not even looked up
        "target_embedding": (4, 6, 5),
        "decoder": (4, 6, 4),
    }
    assert wanted[part] in [tuple(values.shape) for values in zeros]
    assert len(zeros) == 3


FIRST = {"batch_first": True}
GRU, LSTM = seqlib.nn.GRU, seqlib.nn.LSTM
LAYERS = {"encoder": LSTM(3, 4, **FIRST), "decoder": LSTM(5, 4, **FIRST), "vocab_size": V, "n_out": K}
BAD = [
    ({"encoder": torch.nn.Linear(3, 4)}, TypeError, "encoder must be a recurrent layer of seqlib.nn or torch.nn, got "),
    ({"decoder": None}, TypeError, "decoder must be a recurrent layer of seqlib.nn or torch.nn, got NoneType"),
    ({"encoder": LSTM(3, 4)}, ValueError, "encoder must be built with batch_first=True, got batch_first=False"),
    ({"decoder": torch.nn.LSTM(5, 4)}, ValueError, "decoder must be built with batch_first=True"),
    ({"decoder": LSTM(5, 4, bidirectional=True, **FIRST)}, ValueError, "decoder must read in one direction, got "),
    ({"decoder": GRU(5, 4, **FIRST)}, ValueError, "both be an LSTM or neither, got LSTM and GRU"),
    ({"decoder": LSTM(5, 4, 2, **FIRST)}, ValueError, "same number of layers, got num_layers=1 and num_layers=2"),
    ({"decoder": LSTM(5, 4, dtype=torch.float64, **FIRST)}, ValueError, "same dtype, got torch.float32 and torch.fl"),
    ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1, got 0"),
    ({"n_out": 1.5}, TypeError, "n_out must be an integer, got float 1.5"),
    ({"dropout": 1.5}, ValueError, "dropout must be at most 1, got 1.5"),
]


@pytest.mark.parametrize(("changed", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(changed, error, message):
    with pytest.raises(error, match=message):
        EncoderDecoder(**(LAYERS | changed))


IDS = torch.ones(2, 3, dtype=torch.long)
BAD_INPUT = [
    ((IDS.tolist(), [3, 2], IDS), TypeError, "source must be a tensor, got list"),
    ((IDS.float(), [3, 2], IDS), TypeError, "source must hold integer ids, got dtype torch.float32"),
    ((IDS[0], [3, 2], IDS), ValueError, r"source must have shape \(B, T\), got \(3\)"),
    ((IDS[:, :0], [3, 2], IDS), ValueError, r"source must have at least one step, got shape \(2, 0\)"),
    ((IDS + 8, [3, 2], IDS), ValueError, "source must hold ids from 0 to 8, got 9 to 9"),
    ((IDS, [3, 0], IDS), ValueError, r"lengths must be at least 1 and at most 3, but lengths\[1\] is 0"),
    ((IDS, torch.tensor([4, 1]), IDS), ValueError, r"lengths must be at least 1 and at most 3, but lengths\[0\] is 4"),
    ((IDS, [3], IDS), ValueError, r"lengths must have shape \(2\), got \(1\)"),
    ((IDS, [3, 2], IDS.bool()), TypeError, "previous must hold integer ids, got dtype torch.bool"),
    ((IDS, [3, 2], None), TypeError, "previous must be a tensor, got NoneType"),
    ((IDS, [3, 2], -IDS), ValueError, "previous must hold ids from 0 to 6, got -1 to -1"),
    ((IDS, [3, 2], IDS[:, :0]), ValueError, "previous must have at least one step"),
    ((IDS, [3, 2], IDS[:1]), ValueError, "previous must hold one target for each of 2 sources, got 1"),
]


@pytest.mark.parametrize(("given", "error", "message"), BAD_INPUT, ids=[message for *_, message in BAD_INPUT])
def test_bad_input_is_named(given, error, message):
    with pytest.raises(error, match=message):
        made()(*given)


def test_decoding_needs_a_source():
    model = made()
    with pytest.raises(TypeError, match=r"state must be what encode\(source, lengths\) returns, got NoneType"):
        greedy(model, [BOS], max_length=3)
    with pytest.raises(ValueError, match=r"tokens must have shape \(N\), got \(1, 1\)"):
        model.step([[BOS]], model.encode(IDS))
    with pytest.raises(ValueError, match="previous must hold one target for each of 2 sources, got 3"):
        model.step([BOS] * 3, model.encode(IDS))
