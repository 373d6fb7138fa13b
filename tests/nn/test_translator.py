"""TransformerTranslator: its parts, padding, causality, the cache, decoding with beams, training as EncoderDecoder."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, POSITIONS, drawn, translator
from translators import LENGTHS, Copies, K, V, batch

from seqlib.batching import mask_from_lengths
from seqlib.decoding import beam, greedy, sample
from seqlib.nn import TransformerTranslator, padding_mask
from seqlib.text import BOS, EOS
from seqlib.training import ScheduledSampling, fit

EXACT = {"rtol": 1e-10, "atol": 1e-10}
CACHED = {"rtol": 1e-12, "atol": 1e-12}
every_position = pytest.mark.parametrize("positions", POSITIONS)
OLD = {"norm_first": False, "activation": "gelu"}
MODERN = {"norm": "rms", "activation": "swiglu", "n_kv_heads": 2, "bias": False}


@every_position
@pytest.mark.parametrize("options", [{}, OLD, MODERN], ids=["plain", "post-norm", "modern"])
def test_it_is_embeddings_and_encoder_and_decoder_and_read_out(positions, options):
    net = translator(positions, **options)
    source, lengths, previous = batch()
    mask = padding_mask(lengths)
    h = net.encoder(net.source_embedding("source", source), mask)
    z = net.decoder(net.target_embedding("previous", previous), h, None, mask)
    logits, weights = net(source, lengths, previous, need_weights=True)
    torch.testing.assert_close(logits, net.readout(z), **EXACT)
    assert weights.shape == (4, 2, 4, 6, 5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, 2, 4, 6, **DOUBLE))
    fast, none = net(source, lengths, previous)
    assert none is None
    torch.testing.assert_close(fast, logits, **EXACT)


@every_position
def test_padding_and_neighbours_change_nothing(positions):
    net = translator(positions)
    source, lengths, previous = batch()
    wanted, weights = net(source, lengths, previous, need_weights=True)
    padding = ~padding_mask(lengths)
    for junk in (0, 8, -1, 10**9):
        assert torch.equal(net(source.masked_fill(padding, junk), lengths, previous, need_weights=True)[0], wanted)
    for b, n in enumerate(LENGTHS):
        alone, of_alone = net(source[b : b + 1, :n], None, previous[b : b + 1], need_weights=True)
        torch.testing.assert_close(alone[0], wanted[b], **EXACT)
        torch.testing.assert_close(of_alone[0], weights[b, ..., :n], **EXACT)
        assert not weights[b, ..., n:].any()
    torch.testing.assert_close(net(source, [5] * 4, previous)[0], net(source, None, previous)[0], **EXACT)


@every_position
def test_no_answer_knows_a_later_word_and_all_know_the_whole_source(positions):
    net = translator(positions)
    source, lengths, previous = batch()
    wanted = net(source, lengths, previous)[0]
    for t in range(6):
        changed = previous.clone()
        changed[:, t] = (previous[:, t] + 1) % K
        same = torch.isclose(net(source, lengths, changed)[0], wanted, rtol=1e-12, atol=0).all(-1)
        assert same.tolist() == [[True] * t + [False] * (6 - t)] * 4
    for b, n in enumerate(LENGTHS):
        changed = source.clone()
        changed[b, n - 1] = 4 + (source[b, n - 1] - 3) % 5
        same = torch.isclose(net(changed, lengths, previous)[0], wanted).all(-1).all(-1)
        assert same.tolist() == [row != b for row in range(4)]


@every_position
@pytest.mark.parametrize("options", [{}, OLD, MODERN], ids=["plain", "post-norm", "modern"])
def test_step_by_step_it_is_the_whole_from_the_first_word_on(positions, options):
    net = translator(positions, **options)
    source, lengths, previous = batch()
    whole, weights = net(source, lengths, previous, need_weights=True)
    state = net.encode(source, lengths)
    for t in range(6):
        logits, state = net.step(previous[:, t], state)
        torch.testing.assert_close(logits, whole[:, t], **CACHED)
        torch.testing.assert_close(state.weights[..., 0, :], weights[..., t, :], **CACHED)
    assert not logits.requires_grad
    for cut in range(1, 6):
        logits, state = net.prefill(previous[:, :cut].numpy(), net.encode(source.numpy(), lengths.numpy()))
        torch.testing.assert_close(logits, whole[:, cut - 1], **CACHED)
        torch.testing.assert_close(net.prefill(previous[:, cut:], state)[0], whole[:, 5], **CACHED)


def test_a_state_is_reordered_repeated_and_dropped():
    net = translator("rotary")
    source, lengths, previous = batch()
    whole = net(source, lengths, previous)[0]
    _, state = net.prefill(previous[:, :3], net.encode(source, lengths))
    rows = np.array([2, 0, 2, 3])
    chosen = net.select(state, rows)
    assert chosen.of.tolist() == [2, 0, 2, 3]
    again = net.select(chosen, [2, 1, 0, 3])  # the same sources in the same places
    assert again.memory is chosen.memory, "and nothing is copied"
    for t in range(3, 6):
        logits, chosen = net.step(previous[rows, t], chosen)
        torch.testing.assert_close(logits, whole[rows, t], **CACHED)
    logits, _ = net.step(previous[rows, 3], again)
    torch.testing.assert_close(logits, whole[rows, 3], **CACHED)


@every_position
def test_what_is_decoded_does_not_depend_on_padding_or_neighbours(positions):
    net = translator(positions)
    source, lengths, _ = batch()
    state = net.encode(source, lengths)
    options = {"max_length": 8, "eos": EOS}
    together = greedy(net, [[BOS]] * 4, state=state, **options)
    found = beam(net, [[BOS]] * 4, width=3, coverage=0.2, state=state, **options)
    for b, n in enumerate(LENGTHS):
        alone = net.encode(source[b : b + 1, :n])
        one = greedy(net, [BOS], state=alone, **options)
        assert one.sequences[0].tolist() == together.sequences[b].tolist()
        np.testing.assert_allclose(one.scores[0], together.scores[b], rtol=1e-10)
        one = beam(net, [BOS], width=3, coverage=0.2, state=alone, **options)
        assert one.sequences[0].tolist() == found.sequences[b].tolist()
        np.testing.assert_allclose(one.scores[0], found.scores[b], rtol=1e-10)


@every_position
def test_what_is_drawn_has_the_probability_that_the_whole_gives_it(positions):
    net = translator(positions)
    source, lengths, _ = batch()
    made = sample(
        net, [[BOS]] * 4, state=net.encode(source, lengths), rng=np.random.default_rng(0), max_length=8, eos=EOS, n=3
    )
    before = torch.from_numpy(np.concatenate([np.full((12, 1), BOS), made.ids[:, :-1]], 1))
    logits, _ = net(source.repeat_interleave(3, 0), lengths.repeat_interleave(3), before)
    log_p = logits.log_softmax(-1).gather(2, torch.from_numpy(made.ids)[..., None])[..., 0].detach().numpy()
    real = mask_from_lengths(made.lengths, made.ids.shape[1])
    np.testing.assert_allclose(made.log_probs, np.where(real, log_p, 0), rtol=1e-10)


def test_the_attention_of_the_word_read_last():
    net = translator()
    source, lengths, previous = batch()
    state = net.encode(source, lengths)
    with pytest.raises(ValueError, match="state must be that after a step"):
        net.attention(state)
    _, state = net.prefill(previous[:, :3], state)
    weights, mask = net.attention(state)
    of_all = net(source, lengths, previous, need_weights=True)[1]
    torch.testing.assert_close(weights, of_all[:, 1, :, 2].mean(1), **EXACT)
    assert mask.tolist() == mask_from_lengths(LENGTHS).tolist()
    assert net.attention(net.step([BOS] * 4, net.encode(source))[1])[1].all()


def test_shared_and_tied_embeddings():
    torch.manual_seed(0)
    net = TransformerTranslator(60, 60, 16, 2, 1, shared=True, tied=True)
    words = net.target_embedding.words.weight
    assert net.readout.weight is words
    assert net.source_embedding.words.weight is words
    assert net.source_embedding.scale == net.target_embedding.scale == 4
    assert abs(words.std() - 0.25) < 0.02
    apart = TransformerTranslator(60, 60, 16, 2, 1, 7, n_decoder_layers=3, embedding_scale=2.0)
    assert apart.source_embedding.words.weight is not apart.target_embedding.words.weight
    assert apart.target_embedding.scale == 2
    assert (len(apart.encoder.layers), len(apart.decoder.layers)) == (1, 3)
    assert apart.decoder.blocks[2].linear1.out_features == 7
    positions = TransformerTranslator(6, 6, 16, 2, 1, positions="rotary", rotary_base=50.0)
    assert [positions.encoder.blocks[0].self_attn.rotary, positions.decoder.blocks[0].self_attn.rotary] == [50.0, 50.0]
    assert positions.decoder.blocks[0].multihead_attn.rotary is None


def test_weights_are_saved_and_loaded():
    net, other = translator("learned"), drawn(translator("learned"), seed=5)
    assert not torch.equal(other(*batch())[0], net(*batch())[0])
    other.load_state_dict(net.state_dict())
    assert torch.equal(other(*batch())[0], net(*batch())[0])


def test_it_learns_to_copy_and_greedy_writes_the_copies():
    def net():
        return TransformerTranslator(K, K, 16, 2, 1, **DOUBLE)

    runs = [fit(net, Copies(w), steps=n, lr=0.01, clip_norm=1.0, seed=0) for w, n in ((0, 100), (4, 5))]
    np.testing.assert_allclose(runs[0].loss[:5], runs[1].loss, rtol=1e-9, err_msg="padding changes no step")
    source, lengths, _ = Copies().sample(50, np.random.default_rng(1)).inputs
    state = runs[0].model.encode(source, lengths)
    made = greedy(runs[0].model, [[BOS]] * 50, max_length=5, eos=EOS, state=state)
    right = [list(got) == [*words[:n], EOS] for got, words, n in zip(made.sequences, source, lengths, strict=True)]
    assert np.mean(right) > 0.6, np.mean(right)


def test_scheduled_sampling_draws_from_its_steps():
    run = fit(lambda: translator(), Copies(), steps=2, lr=0.01, seed=0, loss=ScheduledSampling(0.5))
    assert np.isfinite(run.loss).all()


def test_dropout_acts_in_training_alone_and_never_in_steps():
    net, plain = translator(dropout=0.5), translator()
    source, lengths, previous = batch()
    wanted = plain(source, lengths, previous)[0]
    assert (net(source, lengths, previous)[0] - wanted).abs().max() > 1e-3
    logits, _ = net.step(previous[:, 0], net.encode(source, lengths))
    torch.testing.assert_close(logits, wanted[:, 0], **EXACT)
    assert net.training
    torch.testing.assert_close(net.eval()(source, lengths, previous)[0], wanted, **EXACT)


BAD = [
    ({"shared": True}, ValueError, "n_out must be vocab_size=9 where they share an embedding, got 7"),
    ({"tied": 1}, TypeError, "tied must be True or False"),
    ({"source_size": 8}, ValueError, "source_size must be None"),
    ({"rotary": 5.0}, ValueError, "rotary must be given as positions='rotary' and rotary_base, got 5.0"),
    ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1"),
    ({"n_out": 0}, ValueError, "n_out must be at least 1"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_bad_options_are_named(options, error, message):
    with pytest.raises(error, match=message):
        TransformerTranslator(**{"vocab_size": V, "n_out": K, "d_model": 8, "n_heads": 2, "n_layers": 1} | options)


def test_bad_input_is_named():
    net = translator("learned")  # of 16 positions
    source, lengths, previous = batch()
    state = net.encode(source, lengths)
    cases = [
        (lambda: net(source[0], lengths, previous), ValueError, "source must have shape"),
        (lambda: net(source, [6, 1, 1, 1], previous), ValueError, "lengths must be at least 1 and at most 5"),
        (lambda: net(source, [0, 1, 1, 1], previous), ValueError, "lengths must be at least 1"),
        (lambda: net(source, [1, 1], previous), ValueError, "lengths must have shape"),
        (lambda: net(source, lengths, previous[:2]), ValueError, "previous must hold one target for each of 4 sources"),
        (lambda: net(source, lengths, previous.double()), TypeError, "previous must hold integer ids"),
        (lambda: net(source, lengths, previous + K), ValueError, "previous must hold ids from 0 to 6"),
        (lambda: net(source + V, lengths, previous), ValueError, "source must hold ids from 0 to 8"),
        (lambda: net.step([1] * 4), TypeError, "state must be what encode"),
        (lambda: net.step([1.5] * 4, state), TypeError, "tokens must hold integer ids"),
        (lambda: net.step([1] * 3, state), ValueError, "tokens must hold one target for each of 4 sources, got 3"),
        (lambda: net.step([K] * 4, state), ValueError, "tokens must hold ids from 0 to 6"),
        (lambda: net.prefill([[1]] * 3, state), ValueError, "ids must hold one target for each of 4 sources, got 3"),
        (lambda: net.select(None, [0]), TypeError, "state must be what encode"),
        (lambda: net.step(1, state), ValueError, "tokens must have shape"),
        (lambda: net.attention(None), TypeError, "state must be what encode"),
        (lambda: net.prefill([[1] * 17] * 4, state), ValueError, "ids must end within longest=16"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()
