"""Masked words: the floors by every sentence and everything that can become of it, and by samples."""

import functools
import math

import numpy as np
import pytest
from every_sentence import become, listed

from seqlib.tasks import Grammar, MaskedWords

SMALL = {"topics": 2, "words": 1, "phrases": 0, "noise": 0.4}
LINKED = {"topics": 2, "words": 2, "phrases": 1, "noise": 0.3}
CORRUPTION = [
    {},
    {"share": 0.5, "shares": (0.4, 0.35, 0.25)},
    {"share": 0.3, "shares": (1, 0, 0)},
    {"share": 0.6, "shares": (0, 1, 0)},
    {"share": 0.4, "shares": (0, 0.2, 0.8)},
    {"share": 1.0, "shares": (0.7, 0.2, 0.1)},
    {"share": 0.3, "shares": (0.9, 0, 0.1)},
]


@functools.cache
def sentences(**sizes):
    """Every sentence as numbers of its words, and the probabilities."""
    task, table = Grammar(**sizes), listed(**sizes)
    return np.stack([task.vocabulary.encode(words) for words in table]) - task.first, np.array(list(table.values()))


@pytest.mark.parametrize("corruption", CORRUPTION, ids=str)
def test_floors_by_everything_that_can_become_of_every_sentence(corruption):
    task = MaskedWords(**SMALL, **corruption)
    x, p = sentences(**SMALL)
    V, other, own = task.vocab_size - task.first, become(task, chosen=False), become(task, chosen=True)
    loss = {"all": 0.0, "hidden": 0.0}
    for t in range(task.T):
        joint = np.zeros((V, *[V + 1] * task.T))  # the true word at t, and all that is read
        for words, q in zip(x, p, strict=True):
            rows = [(own if s == t else other)[word] for s, word in enumerate(words)]
            joint[words[t]] += q * functools.reduce(np.multiply.outer, rows)
        assert joint.sum() == pytest.approx(1, abs=1e-12)
        for name, part in (("all", joint), ("hidden", np.take(joint, [V], 1 + t))):
            total = part.sum(0)
            share = np.divide(part, total, where=part > 0, out=np.ones_like(part))
            loss[name] -= (part * np.log(share)).sum() / task.T
    hidden = task.shares[0]
    assert task.floor == pytest.approx(loss["all"], abs=1e-12)
    if hidden > 0:
        assert task.hidden_floor == pytest.approx(loss["hidden"] / hidden, abs=1e-12)
    if hidden < 1:
        assert task.shown_floor == pytest.approx((loss["all"] - loss["hidden"]) / (1 - hidden), abs=1e-12)


@pytest.mark.parametrize("corruption", CORRUPTION, ids=str)
@pytest.mark.parametrize("sizes", [SMALL, LINKED], ids=str)
def test_probabilities_by_every_sentence(sizes, corruption):
    task = MaskedWords(**sizes, **corruption)
    every, p = sentences(**sizes)
    V, other, own = task.vocab_size - task.first, become(task, chosen=False), become(task, chosen=True)
    (x,), _, mask = task.sample(25, np.random.default_rng(0))
    got = task.probabilities(x)
    assert got.shape == (25, task.T + 2, task.vocab_size)
    np.testing.assert_allclose(got.sum(2), 1, atol=1e-12)
    assert (got[:, 0, task.cls] == 1).all()
    assert (got[:, -1, task.sep] == 1).all()
    for read, chosen, guess in zip(x[:, 1:-1], mask[:, 1:-1], got[:, 1:-1], strict=True):
        symbols = np.where(read == task.mask_id, V, read - task.first)
        likely = np.stack([other[every[:, s], symbol] for s, symbol in enumerate(symbols)])
        for t in np.nonzero(chosen)[0]:
            weight = p * np.delete(likely, t, 0).prod(0) * own[every[:, t], symbols[t]]
            wanted = np.bincount(every[:, t], weight, minlength=V) / weight.sum()
            np.testing.assert_allclose(guess[t, task.first :], wanted, atol=1e-12)
            assert guess[t, : task.first].max() == 0


@pytest.mark.parametrize("corruption", CORRUPTION[:3], ids=str)
def test_the_best_reader_scores_the_floors_on_samples(corruption):
    task = MaskedWords(**corruption)
    (x,), y, mask = task.sample(3000, np.random.default_rng(1))
    p = np.take_along_axis(task.probabilities(x), y[..., None], 2)[..., 0]
    losses = -np.log(np.maximum(p, 1e-300))
    hidden = x == task.mask_id
    for level, where in [(task.floor, mask), (task.hidden_floor, hidden), (task.shown_floor, mask & ~hidden)]:
        if where.any():  # by sentences, as words of one sentence are not independent
            excess = np.where(where, losses - level, 0).sum(1)
            assert abs(excess.sum()) < 4 * excess.std() * math.sqrt(len(x))


def test_one_clean_mask_has_the_cloze_floor():
    task = MaskedWords()
    (x,), y, mask = task.cloze(200, np.random.default_rng(2))
    assert x.shape == y.shape == mask.shape == (2000, 12)
    assert (mask.sum(1) == 1).all()
    assert (x[mask] == task.mask_id).all()
    assert (x[~mask] == y[~mask]).all()
    assert (mask.reshape(200, 10, 12).sum(1) == [0, *[1] * 10, 0]).all()
    p = task.cloze_probabilities(y[::10, 1:-1])
    losses = -np.log(np.take_along_axis(p, y[::10, 1:-1, None], 2)[..., 0]).mean(1)
    assert abs(losses.mean() - task.cloze_floor) < 4 * losses.std() / math.sqrt(200)


def test_limits_that_need_no_sum():
    """With next to nothing chosen a hidden word stands among true ones; all kept is a copy; all hidden says nothing."""
    assert MaskedWords(share=1e-12, shares=(1, 0, 0)).floor == pytest.approx(Grammar().cloze_floor, abs=1e-9)
    assert MaskedWords(share=1e-12).hidden_floor == pytest.approx(Grammar().cloze_floor, abs=1e-9)
    assert MaskedWords(shares=(0, 0, 1)).floor == pytest.approx(0, abs=1e-12)
    assert MaskedWords(share=1, shares=(1, 0, 0)).floor == pytest.approx(Grammar().chance, abs=1e-12)
    assert MaskedWords(share=1, shares=(0, 1, 0)).floor == pytest.approx(Grammar().chance, abs=1e-12)


def test_a_sample_is_a_sentence_that_was_masked():
    task = MaskedWords(topics=3, words=2, share=0.4, shares=(0.5, 0.3, 0.2))
    (x,), y, mask = task.sample(4000, np.random.default_rng(3))
    assert (y[:, 0] == x[:, 0]).all()
    assert (y[:, 0] == task.cls).all()
    assert (y[:, -1] == x[:, -1]).all()
    assert (y[:, -1] == task.sep).all()
    assert task.cloze_probabilities(y[:50, 1:-1]).shape == (50, 10, task.vocab_size)  # sentences of the language
    assert not mask[:, [0, -1]].any()
    assert (x[~mask] == y[~mask]).all()
    assert mask[:, 1:-1].mean() == pytest.approx(0.4 / (1 - 0.6**10), abs=0.01)
    hidden, same = (x == task.mask_id)[mask], (x == y)[mask]
    assert hidden.mean() == pytest.approx(0.5, abs=0.02)
    assert same.mean() == pytest.approx(0.2 + 0.3 / 18, abs=0.02)
    assert x.max() == task.vocab_size - 1
    assert x[mask & (x != task.mask_id)].min() == task.first


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: MaskedWords(topics=1), "topics must"),
        (lambda: MaskedWords(share=0), "share must be greater than 0"),
        (lambda: MaskedWords(shares=(0.5, 0.5, 0.5)), "shares must add up to 1"),
        (lambda: MaskedWords(shares=(0.5, 0.5)), "shares must be three"),
        (lambda: MaskedWords().cloze(0, np.random.default_rng(0)), "n must be at least 1"),
        (lambda: MaskedWords().cloze(2, 7), "rng must"),
        (lambda: MaskedWords().probabilities(np.full((2, 12), 6)), "x must begin with <cls> and end with <sep>"),
        (lambda: MaskedWords().probabilities(np.full((2, 12), 4)), "x must begin with <cls> and end with <sep>"),
        (lambda: MaskedWords().probabilities(np.full((2, 10), 6)), r"x must have shape \(B, 12\)"),
        (
            lambda: MaskedWords(shares=(1, 0, 0)).probabilities(np.array([[4, *[7] * 10, 5]])),
            "sentences of the language",
        ),
        (lambda: MaskedWords().guess(np.full((2, 9), 7)), r"read must have shape \(B, 10\)"),
        (lambda: MaskedWords().guess(np.full((2, 10), 7.0)), "read must hold integer ids"),
        (lambda: MaskedWords().guess(np.full((2, 10), 7), np.ones((1, 16))), r"prior must have shape \(2, 16\)"),
        (lambda: MaskedWords().seen(np.full((2, 10), 275)), "read must hold ids from 0 to"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
