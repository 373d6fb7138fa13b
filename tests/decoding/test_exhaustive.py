"""Exhaustive search: against the list of all sequences; what it need not read; limits."""

import numpy as np
import pytest
import torch

from seqlib.decoding import beam, exhaustive
from seqlib.nn import LSTM, SequenceModel

EOS, PROMPTS, SOURCES = 2, [[1, 3], [3], [1, 3, 0, 3, 3, 1]], np.array([0, 1, 2])
SETTINGS = {
    "plain": {},
    "gnmt": {"length_penalty": 0.7},
    "mean": {"length_penalty": 1.0, "norm": "length"},
    "coverage": {"coverage": 0.8},
    "both": {"length_penalty": 1.0, "coverage": 0.5},
}
NAMES = {"length_penalty": "alpha", "norm": "norm", "coverage": "beta"}


@pytest.mark.parametrize("eos", [None, EOS])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SETTINGS)
def test_it_is_the_head_of_the_list_of_all_sequences(name, seed, eos, attentive, ranked):
    model, settings = attentive(4, seed), SETTINGS[name]
    told = {NAMES[key]: value for key, value in settings.items()}
    for n_best in (1, 6):
        got = exhaustive(model, PROMPTS, state=SOURCES, max_length=5, eos=eos, n_best=n_best, **settings)
        for i, prompt in enumerate(PROMPTS):
            wanted = ranked(model, prompt, 5, eos, SOURCES[i], **told)[:n_best]
            rows = slice(i * n_best, (i + 1) * n_best)
            assert [s.tolist() for s in got.sequences[rows]] == [list(new) for _, new in wanted]
            np.testing.assert_allclose(got.normalised[rows], [score for score, _ in wanted], rtol=0, atol=1e-10)
            assert got.ended[rows].tolist() == [new[-1] == eos for _, new in wanted]
            assert (got.read[i] <= sum(4**t for t in range(5))).all()


@pytest.mark.parametrize("name", SETTINGS)
def test_no_beam_finds_better(name, attentive):
    """On searches too large for the list, with beams from narrow to wide; and the narrow ones do miss the best."""
    missed = 0
    for seed in range(6):
        model, options = attentive(6, seed), {"state": SOURCES, "max_length": 7, "eos": EOS, **SETTINGS[name]}
        best = exhaustive(model, PROMPTS, **options).normalised
        for width in (1, 2, 8, 40):
            found = beam(model, PROMPTS, width=width, **options).normalised
            assert (found <= best + 1e-12).all()
            missed += int((found < best - 1e-9).sum())
    assert missed


def test_what_cannot_win_is_not_read(table):
    """A peaked model on five symbols and twenty places: of 5^20 sequences only a handful is looked at."""
    model = table(seed=1)
    model.logits *= 6
    got = exhaustive(model, [1], max_length=20, eos=EOS)
    assert got.read[0] == sum(len(tokens) for tokens in model.asked) < 3000
    wide = beam(model, [1], width=500, max_length=20, eos=EOS)
    np.testing.assert_array_equal(got.ids, wide.ids)


def test_what_is_put_aside_is_not_forgotten(table, ranked):
    """Of 4^5 sequences the best 700: more prefixes are hopeful at a time than are read together."""
    wanted = ranked(table(4, 1), [1], 5, None)[:700]
    got = exhaustive(table(4, 1), [1], max_length=5, n_best=700)
    assert [s.tolist() for s in got.sequences] == [list(new) for _, new in wanted]


def test_states_follow_their_prefixes():
    """A network's best sequence has the log-probabilities that the network gives it, and no beam's is better."""
    torch.manual_seed(3)
    model = SequenceModel(LSTM(4, 6, 2, batch_first=True), 6, vocab_size=6).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)
    prompts = [[1, 3], [5], [4]]
    got = exhaustive(model, prompts, max_length=6, eos=EOS, n_best=2)
    wide = beam(model, prompts, width=6**5, max_length=6, eos=EOS, n_best=2)
    np.testing.assert_array_equal(got.ids, wide.ids)
    for row, sequence in enumerate(got.sequences):
        ids = torch.tensor([[*prompts[row // 2], *sequence.tolist()]])
        logits = model(ids[:, :-1])[0][0, len(prompts[row // 2]) - 1 :].detach().log_softmax(-1)
        wanted = logits.gather(-1, ids[0, len(prompts[row // 2]) :, None])[:, 0].numpy()
        np.testing.assert_allclose(got.log_probs[row, : len(sequence)], wanted, rtol=0, atol=1e-12)


def test_it_ends_with_an_error_where_it_would_not_end(table):
    model = table()
    model.logits[:] = 0
    model.logits[..., EOS] = -np.inf
    with pytest.raises(ValueError, match=r"limit must be larger, or max_length smaller: prompt 1 is not done after 50"):
        exhaustive(Sure(model), [[4], [1]], max_length=9, n_best=60, limit=50)
    with pytest.raises(ValueError, match="limit must be at least 1, got 0"):
        exhaustive(model, [1], max_length=3, limit=0)
    assert exhaustive(model, [1], max_length=3, limit=21, n_best=64).read.tolist() == [21]  # 1 + 4 + 16, and no more
    with pytest.raises(ValueError, match="not done after 20 prefixes"):
        exhaustive(model, [1], max_length=3, limit=20, n_best=64)


class Sure:
    """After the symbol 4 there is nothing but 4."""

    def __init__(self, inner):
        self.inner = inner

    def step(self, tokens, state):
        """Read a symbol each."""
        logits, state = self.inner.step(tokens, state)
        return np.where((tokens == 4)[:, None], np.where(np.arange(5) == 4, 0.0, -np.inf), logits), state


def test_nothing_is_asked_for_nothing(table):
    model = table()
    got = exhaustive(model, [[1], [3]], max_length=0, n_best=2)
    assert (got.ids.shape, got.normalised.tolist(), model.asked) == ((4, 0), [0.0, -np.inf] * 2, [])
    few = exhaustive(table(1), [0], max_length=3, n_best=2)
    assert (few.ids.tolist(), few.lengths.tolist()) == ([[0, 0, 0], [0, 0, 0]], [3, 0])
    assert few.normalised.tolist() == [0.0, -np.inf]
