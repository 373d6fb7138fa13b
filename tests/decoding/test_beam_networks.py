"""Beam search of networks: greedy at width 1, scores and attention of the answers when they are read again."""

import numpy as np
import pytest
import torch

from seqlib.decoding import beam, exhaustive, greedy
from seqlib.nn import GRU, LSTM, Attention, EncoderDecoder, SequenceModel

EOS = 2


def wild(model):
    """A network with large weights, whose sequences differ from prompt to prompt."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)
    return model


@pytest.mark.parametrize("layer", [GRU, LSTM, torch.nn.LSTM], ids=str)
def test_one_beam_is_greedy_for_a_network(layer):
    torch.manual_seed(0)
    model = wild(SequenceModel(layer(4, 6, 2, batch_first=True), 7, vocab_size=7))
    prompts = [[1, 3], [5], [6, 6, 6, 1], [0], [4], [3, 3], [2]]
    lengths = set()
    for eos in range(7):
        wanted = greedy(model, prompts, max_length=12, eos=eos)
        got = beam(model, prompts, width=1, max_length=12, eos=eos)
        np.testing.assert_array_equal(got.ids, wanted.ids)
        np.testing.assert_array_equal(got.log_probs, wanted.log_probs)
        lengths |= set(wanted.lengths.tolist())
    assert len(lengths) > 4  # some end before others


@pytest.mark.parametrize("width", [2, 5])
def test_a_network_scores_its_own_sequences(width):
    """The states follow their hypotheses: what a beam says of a sequence is what the model says that reads it."""
    torch.manual_seed(1)
    model = wild(SequenceModel(LSTM(4, 6, 2, batch_first=True), 7, vocab_size=7).double().eval())
    prompts = [[1, 3], [5], [6, 6, 6, 1], [0], [4]]
    got = beam(model, prompts, width=width, max_length=7, eos=EOS, n_best=width)
    for row, sequence in enumerate(got.sequences):
        prompt = prompts[row // width]
        ids = torch.tensor([[*prompt, *sequence.tolist()]])
        logits = model(ids[:, :-1])[0][0, len(prompt) - 1 :].detach().log_softmax(-1)
        wanted = logits.gather(-1, ids[0, len(prompt) :, None])[:, 0].numpy()
        np.testing.assert_allclose(got.log_probs[row, : len(sequence)], wanted, rtol=0, atol=1e-12)
        assert (got.log_probs[row, len(sequence) :] == 0).all()
        assert (got.ids[row, len(sequence) :] == 0).all()
        assert got.ended[row] == (sequence[-1] == EOS)
        assert EOS not in sequence[:-1]
    np.testing.assert_allclose(got.scores, got.normalised, rtol=0, atol=1e-12)


@pytest.mark.parametrize("search", [beam, exhaustive])
def test_coverage_of_an_encoder_decoder(search):
    """Read again from the beginning, the answers have the log-probabilities and the attention that ranked them."""
    torch.manual_seed(0)
    model = EncoderDecoder(
        GRU(3, 5, batch_first=True), GRU(3, 5, batch_first=True), 6, 5, attention=Attention("dot", 5)
    )
    model = wild(model.double().eval())
    source, lengths = torch.tensor([[3, 4, 5, 1], [5, 0, 0, 0], [4, 3, 0, 0]]), np.array([4, 1, 2])
    options = {"max_length": 4, "eos": EOS, "n_best": 3, "length_penalty": 0.7, "coverage": 0.9}
    options |= {"width": 4} if search is beam else {}
    got = search(model, [[1]] * 3, state=model.encode(source, lengths), **options)
    for row, sequence in enumerate(got.sequences):
        i, n = row // 3, len(sequence)
        previous = torch.tensor([[1, *sequence[:-1].tolist()]])
        logits, state = model(source[i : i + 1, : lengths[i]], lengths[i : i + 1], previous)
        log_prob = logits[0].log_softmax(-1)[range(n), sequence.tolist()].sum().item()
        covered = state.weights[0].sum(0).clamp(max=1).log().sum().item()
        assert got.normalised[row] == pytest.approx(log_prob / ((5 + n) / 6) ** 0.7 + 0.9 * covered, abs=1e-9)
    plain = search(model, [[1]] * 3, state=model.encode(source, lengths), **options | {"coverage": 0.0})
    assert [s.tolist() for s in plain.sequences] != [s.tolist() for s in got.sequences]
    without = EncoderDecoder(GRU(3, 5, batch_first=True), GRU(3, 5, batch_first=True), 6, 5)
    with pytest.raises(ValueError, match="attention"):
        search(without, [[1]] * 3, state=without.encode(source, lengths), **options)
