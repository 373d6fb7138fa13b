"""EncoderDecoder: its formulas, padding, causality, neighbours, steps as the whole; with every kind of attention."""

import numpy as np
import pytest
import torch
from translators import LENGTHS, SCORES, WAYS, K, V, batch, by_hand, made

import seqlib.nn
from seqlib.batching import mask_from_lengths
from seqlib.decoding import beam, greedy, sample
from seqlib.text import BOS, EOS

CORES = [(maker, cell) for maker in (seqlib.nn, torch.nn) for cell in ("RNN", "GRU", "LSTM")]
every_core = pytest.mark.parametrize(("maker", "cell"), CORES, ids=lambda p: p if isinstance(p, str) else p.__name__)
every_way = pytest.mark.parametrize("way", WAYS)
EXACT = {"rtol": 1e-11, "atol": 1e-11}


def is_the_formula(model, way):
    source, lengths, previous = batch()
    logits, state = model(source, lengths, previous)
    assert logits.shape == (4, 6, K)
    for b, n in enumerate(LENGTHS):
        wanted, last, weights = by_hand(model, way, source[b, :n], previous[b])
        torch.testing.assert_close(logits[b], wanted, **EXACT)
        for part, end in zip(state.s, last, strict=True):
            torch.testing.assert_close(part[b], end[:, 0], **EXACT)
        if weights is None:
            assert state.weights is None
        else:
            torch.testing.assert_close(state.weights[b, :, :n], weights, **EXACT)
            assert not state.weights[b, :, n:].any()


@every_core
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("both", "H"), [(False, (4, 4)), (False, (4, 6)), (True, (2, 4)), (True, (4, 4))])
def test_a_padded_batch_is_the_formula_for_each_sentence_alone(maker, cell, layers, both, H):
    is_the_formula(made("none", maker, cell, layers, both, H), "none")


@every_core
@pytest.mark.parametrize("way", ["after", "fed", "before"])
def test_with_attention_it_is_the_formula_too(maker, cell, way):
    is_the_formula(made(way, maker, cell, both=True, H=(3, 4)), way)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("way", ["after", "fed", "before"])
def test_with_every_score(score, way):
    is_the_formula(made(way, cell="GRU", layers=1, score=score), way)


@every_core
@every_way
def test_step_by_step_it_is_the_whole(maker, cell, way):
    model = made(way, maker, cell, both=True)
    source, lengths, previous = batch()
    whole, last = model(source, lengths, previous)
    state = model.encode(source, lengths)
    for t in range(6):
        logits, state = model.step(previous[:, t], state)
        torch.testing.assert_close(logits, whole[:, t], **EXACT)
        if way != "none":
            torch.testing.assert_close(state.weights[:, 0], last.weights[:, t], **EXACT)
    torch.testing.assert_close(state.s, last.s, **EXACT)
    logits, state = model.prefill(previous[:, :4].numpy(), model.encode(source.numpy(), lengths.numpy()))
    torch.testing.assert_close(logits, whole[:, 3])
    torch.testing.assert_close(model.step(previous[:, 4].numpy(), state)[0], whole[:, 4])
    assert not logits.requires_grad


@every_way
def test_what_stands_as_padding_is_not_read(way):
    model = made(way, both=True)
    source, lengths, previous = batch()
    wanted, state = model(source, lengths, previous)
    padding = ~torch.from_numpy(mask_from_lengths(LENGTHS))
    for junk in (0, 8, -1, 10**9):  # the last two are no ids
        torch.testing.assert_close(model(source.masked_fill(padding, junk), lengths, previous)[0], wanted, **EXACT)
    wider = torch.cat([source, torch.zeros(4, 3, dtype=torch.long)], 1)
    logits, padded = model(wider, lengths, previous)
    torch.testing.assert_close(logits, wanted, **EXACT)
    if way != "none":
        assert padded.weights.shape == (4, 6, 8)
        torch.testing.assert_close(padded.weights[..., :5], state.weights, **EXACT)


@every_way
def test_no_answer_knows_a_later_word_of_the_target(way):
    model = made(way)
    source, lengths, previous = batch()
    wanted = model(source, lengths, previous)[0]
    changed = previous.clone()
    changed[:, 3] = (previous[:, 3] + 1) % K
    same = torch.isclose(wanted, model(source, lengths, changed)[0]).all(-1)
    assert same.tolist() == [[True] * 3 + [False] * 3] * 4
    torch.testing.assert_close(model(source, lengths, previous[:, :4])[0], wanted[:, :4], **EXACT)


@every_way
def test_every_word_of_the_source_counts_and_for_its_own_sentence_alone(way):
    model = made(way, both=True)
    source, lengths, previous = batch()
    wanted = model(source, lengths, previous)[0]
    for b, n in enumerate(LENGTHS):
        for i in range(n):
            changed = source.clone()
            changed[b, i] = 4 + (source[b, i] - 3) % 5
            same = torch.isclose(model(changed, lengths, previous)[0], wanted).all(-1).all(-1)
            assert same.tolist() == [row != b for row in range(4)]


@every_way
def test_sentences_do_not_know_their_neighbours(way):
    model = made(way)
    source, lengths, previous = batch()
    order = torch.tensor([2, 0, 3, 1])
    logits, state = model(source, lengths, previous)
    mixed, after = model(source[order], lengths[order], previous[order])
    torch.testing.assert_close(mixed, logits[order], **EXACT)
    torch.testing.assert_close(after.s, model.select(state, order).s, **EXACT)
    assert model(source[:0], lengths[:0], previous[:0])[0].shape == (0, 6, K)


@every_way
def test_without_lengths_all_are_as_long_as_the_array(way):
    model = made(way, both=True)
    source, _, previous = batch()
    wanted = model(source, [5, 5, 5, 5], previous)[0]
    torch.testing.assert_close(model(source, None, previous)[0], wanted, **EXACT)


@pytest.mark.parametrize("cell", ["GRU", "LSTM"])
@pytest.mark.parametrize(
    ("way", "score"), [("none", "dot"), ("after", "concat"), ("fed", "general"), ("before", "additive")]
)
def test_every_parameter_learns_and_has_the_right_gradient(cell, way, score):
    model = made(way, cell=cell, both=True, score=score)
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


@every_way
def test_what_is_decoded_does_not_depend_on_padding_or_neighbours(way):
    model = made(way)
    source, lengths, _ = batch()
    together = greedy(model, [[BOS]] * 4, max_length=8, eos=EOS, state=model.encode(source, lengths))
    for b, n in enumerate(LENGTHS):
        alone = greedy(model, [BOS], max_length=8, eos=EOS, state=model.encode(source[b : b + 1, :n]))
        assert alone.sequences[0].tolist() == together.sequences[b].tolist()
        np.testing.assert_allclose(alone.scores[0], together.scores[b], rtol=1e-10)


@every_way
def test_what_is_drawn_has_the_probability_that_the_whole_gives_it(way):
    model = made(way)
    source, lengths, _ = batch()
    more = {"rng": np.random.default_rng(0), "max_length": 8, "eos": EOS, "n": 3}
    drawn = sample(model, [[BOS]] * 4, state=model.encode(source, lengths), **more)
    assert len(set(drawn.lengths)) > 1
    before = torch.from_numpy(np.concatenate([np.full((12, 1), BOS), drawn.ids[:, :-1]], 1))
    logits, _ = model(source.repeat_interleave(3, 0), lengths.repeat_interleave(3), before)
    log_p = logits.log_softmax(-1).gather(2, torch.from_numpy(drawn.ids)[..., None])[..., 0].detach().numpy()
    real = mask_from_lengths(drawn.lengths, drawn.ids.shape[1])
    np.testing.assert_allclose(drawn.log_probs, np.where(real, log_p, 0), rtol=1e-10)


@every_way
def test_weights_are_saved_and_loaded(way):
    model, other = made(way, both=True), made(way, both=True)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(1)
    assert not torch.equal(other(*batch())[0], model(*batch())[0])
    other.load_state_dict(model.state_dict())
    assert torch.equal(other(*batch())[0], model(*batch())[0])


def test_beyond_the_positions_that_location_knows_no_word_is_attended_to():
    model = made("after", score="location")  # which knows 6
    torch.manual_seed(2)
    source, previous = torch.randint(4, V, (2, 9)), batch()[2][:2]
    _, state = model(source, [9, 5], previous)
    assert (state.weights[0, :, :6] > 0).all()
    assert not state.weights[0, :, 6:].any()
    torch.testing.assert_close(state.weights.sum(2), torch.ones(2, 6, dtype=torch.float64))


@pytest.mark.parametrize("way", ["after", "fed", "before"])
def test_the_weights_of_the_word_read_last_are_what_a_coverage_penalty_asks_for(way):
    model = made(way)
    source, lengths, previous = batch()
    state = model.encode(source, lengths)
    with pytest.raises(ValueError, match="state must be that after a step"):
        model.attention(state)
    _, state = model.prefill(previous[:, :3], state)
    weights, mask = model.attention(state)
    torch.testing.assert_close(weights, model(source, lengths, previous)[1].weights[:, 2], **EXACT)
    assert mask.tolist() == mask_from_lengths(LENGTHS).tolist()
    assert model.attention(model.step([BOS] * 4, model.encode(source))[1])[1].all()
    found = beam(model, [[BOS]] * 4, width=3, max_length=8, eos=EOS, coverage=0.2, state=model.encode(source, lengths))
    for b, n in enumerate(LENGTHS):
        alone = model.encode(source[b : b + 1, :n])
        wanted = beam(model, [BOS], width=3, max_length=8, eos=EOS, coverage=0.2, state=alone)
        assert found.sequences[b].tolist() == wanted.sequences[0].tolist()


def test_a_model_without_attention_says_so():
    model = made()
    with pytest.raises(ValueError, match="attention must be given to a model whose weights are asked for"):
        model.attention(model.encode(*batch()[:2]))
