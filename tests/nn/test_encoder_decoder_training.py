"""EncoderDecoder in training: it learns, padding and interruptions change nothing, dropout and scheduled sampling."""

import numpy as np
import pytest
import torch
from translators import DOUBLE, LENGTHS, WAYS, Copies, K, attention, batch, made

import seqlib.nn
from seqlib.decoding import greedy
from seqlib.nn import EncoderDecoder
from seqlib.text import BOS, EOS
from seqlib.training import ScheduledSampling, fit
from seqlib.training.data import to_tensors

every_way = pytest.mark.parametrize("way", WAYS)


def learner(way="none", cell="GRU", H=16, **more):
    kind, told = getattr(seqlib.nn, cell), {"fed": 2 * H, "before": 2 * H}.get(way, 0)
    encoder = kind(6, H, batch_first=True, bidirectional=True, **DOUBLE)
    decoder = kind(6 + told, 2 * H, batch_first=True, **DOUBLE)
    if way != "none":
        more["attention"] = attention("additive", 2 * H, 2 * H)
    return EncoderDecoder(encoder, decoder, K, K, **WAYS[way], **more)


@pytest.mark.parametrize(("way", "cell"), [("none", "LSTM"), ("after", "GRU"), ("fed", "GRU"), ("before", "LSTM")])
def test_it_learns_to_copy_and_greedy_writes_the_copies(way, cell):
    net = fit(lambda: learner(way, cell), Copies(), steps=60, lr=0.02, clip_norm=1.0, seed=0).model
    test = Copies().sample(50, np.random.default_rng(1))
    source, lengths, _ = test.inputs
    made = greedy(net, [[BOS]] * 50, max_length=5, eos=EOS, state=net.encode(source, lengths))
    right = [list(got) == [*words[:n], EOS] for got, words, n in zip(made.sequences, source, lengths, strict=True)]
    assert np.mean(right) > 0.6, np.mean(right)  # who knows the lengths alone is right in 16 of 100


@every_way
def test_padding_changes_no_step_of_training(way):
    runs = [fit(lambda: learner(way, H=4), Copies(wider), steps=4, lr=0.01, seed=3) for wider in (0, 4)]
    np.testing.assert_allclose(runs[0].loss, runs[1].loss, rtol=1e-9)
    for a, b in zip(runs[0].model.parameters(), runs[1].model.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-8)


def test_training_goes_on_from_a_checkpoint_and_not_from_that_of_another_model(tmp_path):
    def build(**more):
        return lambda: learner("after", H=4, **more)

    whole = fit(build(), Copies(), steps=6)
    fit(build(), Copies(), steps=3, checkpoint=tmp_path / "run")
    others = (
        build(dropout=0.1),
        lambda: learner("after", "LSTM", H=4),
        lambda: learner("none", H=4),
        lambda: learner("fed", H=4),
        lambda: learner("before", H=4),
    )
    for other in others:
        with pytest.raises(ValueError, match="checkpoint"):
            fit(other, Copies(), steps=6, checkpoint=tmp_path / "run")
    resumed = fit(build(), Copies(), steps=6, checkpoint=tmp_path / "run")
    assert resumed.loss.tolist() == whole.loss.tolist()


@every_way
def test_it_trains_in_bfloat16(way):
    """The recurrent layers compute in float32 all the same, beside scores and contexts that do not."""
    runs = [fit(lambda: learner(way, H=4).float(), Copies(), steps=3, precision=p).loss for p in ("full", "bfloat16")]
    assert runs[0].tolist() != runs[1].tolist()
    np.testing.assert_allclose(*runs, atol=0.02)


@every_way
def test_dropout_works_in_training_only_and_never_in_decoding(way):
    model, plain = made(way, dropout=0.5), made(way)
    source, lengths, previous = batch()
    assert model.training
    assert not torch.equal(model(source, lengths, previous)[0], model(source, lengths, previous)[0])
    wanted, _ = plain(source, lengths, previous)
    torch.testing.assert_close(model.prefill(previous, model.encode(source, lengths))[0], wanted[:, -1])
    assert all(module.training for module in model.modules())
    model.eval()
    torch.testing.assert_close(model(source, lengths, previous)[0], wanted)


@every_way
def test_dropout_is_before_encoder_and_decoder_and_before_the_read_out(way, monkeypatch):
    model, seen = made(way, dropout=0.5, layers=1), []
    source, lengths, previous = batch()

    def nothing_left(values, p, training):
        seen.append(tuple(values.shape))
        return values * 0

    monkeypatch.setattr(torch.nn.functional, "dropout", nothing_left)
    logits, _ = model(source, lengths, previous)
    torch.testing.assert_close(logits, model.readout.bias.expand_as(logits))
    # what is padding in the source is not even looked up; what is read beside a word, at each of 6 steps
    beside = [(4, 1, 4)] * 6 if way in ("fed", "before") else []
    assert seen == [(sum(LENGTHS), 3), (4, 6, 5), *beside, (4, 6, 4)]


@every_way
def test_with_its_own_words_it_reads_what_greedy_decoding_writes(way):
    """Scheduled sampling with probability 1, as far as something is asked for."""
    torch.manual_seed(1)
    model = learner(way, H=4)
    given = Copies().sample(8, np.random.default_rng(2))
    source, lengths, previous = given.inputs
    read = []
    model.register_forward_pre_hook(lambda module, inputs: read.append(inputs[2]))
    value = ScheduledSampling(1.0, greedy=True)(model, to_tensors(given, model))
    written = greedy(model, [[BOS]] * 8, max_length=4, state=model.encode(source, lengths)).ids
    changed = 0
    for b, n in enumerate(given.mask.sum(1)):
        assert read[-1][b, 0] == BOS
        assert read[-1][b, 1:n].tolist() == written[b, : n - 1].tolist()
        assert read[-1][b, n:].tolist() == previous[b, n:].tolist()
        changed += int((read[-1][b].numpy() != previous[b]).sum())
    assert changed > 4
    assert value.requires_grad
    assert len(read) == 1, "the words are drawn by step(), and the loss is one pass"


def test_scheduled_sampling_trains_it_and_0_is_teacher_forcing():
    plain = fit(lambda: learner(H=4), Copies(), steps=4)
    forced = fit(lambda: learner(H=4), Copies(), steps=4, loss=ScheduledSampling(0.0))
    mixed = fit(lambda: learner(H=4), Copies(), steps=4, loss=ScheduledSampling(0.5))
    assert forced.loss.tolist() == plain.loss.tolist()
    assert mixed.loss.tolist() != plain.loss.tolist()


def test_scheduled_sampling_needs_the_targets_of_before():
    model = learner(H=4)
    given = to_tensors(Copies().sample(8, np.random.default_rng(2)), model)
    source, lengths, previous = given.inputs
    shifted = given._replace(inputs=(source, lengths, previous.roll(1, 1)))
    with pytest.raises(ValueError, match="batch must ask for the next symbol"):
        ScheduledSampling(0.5)(model, shifted)
