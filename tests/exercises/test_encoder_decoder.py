"""The practice of chapter 11: batches and contexts are right by torch, and step by step."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from seqlib.exercises import encoder_decoder as practice


@pytest.mark.parametrize(("sentences", "bos", "eos", "pad"), practice.teacher_forcing.cases)
def test_each_step_reads_one_word_and_asks_for_the_next(sentences, bos, eos, pad):
    previous, y, mask = practice.teacher_forcing.expected(sentences, bos, eos, pad)
    assert previous.shape == y.shape == mask.shape == (len(sentences), max(map(len, sentences)) + 1)
    for i, sentence in enumerate(sentences):
        pairs = zip([bos, *sentence], [*sentence, eos], strict=True)
        steps = [(p, q) for p, q, real in zip(previous[i], y[i], mask[i], strict=True) if real]
        assert steps == list(pairs)
        assert set(previous[i][~mask[i]]) | set(y[i][~mask[i]]) <= {pad}


def test_ids_of_the_cases_differ_and_lengths_too():
    for sentences, *special in practice.teacher_forcing.cases:
        assert len({*special}) == 3
        assert not {*special} & {word for sentence in sentences for word in sentence}
        assert len(set(map(len, sentences))) > 1


@pytest.mark.parametrize(("states", "lengths"), practice.context_vector.cases)
def test_the_context_is_what_an_encoder_ends_with(states, lengths):
    """A GRU whose state is its input: the update gate is shut, and the candidate is tanh of artanh of the input."""
    H = states.shape[2]
    gru = torch.nn.GRU(H, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.zero_()
        gru.weight_ih_l0[2 * H :] = torch.eye(H)
        gru.bias_ih_l0[H : 2 * H] = -40.0
        x = torch.tensor(np.arctanh(states))
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        _, h = gru(packed)
    np.testing.assert_allclose(practice.context_vector.expected(states, lengths), h[0], atol=1e-12)


def test_padding_of_the_cases_says_something():
    for states, lengths in practice.context_vector.cases:
        for row, n in zip(states, lengths, strict=True):
            assert (row[n:] != 0).all()
    assert any((lengths < states.shape[1]).all() for states, lengths in practice.context_vector.cases)
    assert any((lengths == states.shape[1]).any() for states, lengths in practice.context_vector.cases)


@pytest.mark.parametrize("name", practice.__all__)
def test_the_page_gets_every_exercise_from_one_module(name):
    assert getattr(practice, name).name == name


def test_a_mask_without_the_first_step_is_told_as_such():
    def masked(sentences, bos, eos, pad):
        previous, y, mask = practice.teacher_forcing.expected(sentences, bos, eos, pad)
        mask[:, 0] = False
        return previous, y, mask

    assert practice.teacher_forcing.judge(masked).id == "first step masked"


def test_an_axis_of_size_1_is_told_as_such():
    def kept(states, lengths):
        return np.stack([row[n - 1 : n] for row, n in zip(states, lengths, strict=True)])

    assert practice.context_vector.judge(kept).id == "axis left in"
