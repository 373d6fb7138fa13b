"""The guess at a shown word of chapter 14: the package's, a count, and each mistake as another channel."""

import numpy as np
import pytest

from seqlib.exercises.bert_shown import guess_shown
from seqlib.tasks import MaskedWords


def test_the_guess_is_that_of_the_package():
    task = MaskedWords(3, 4, 1, 0.4, share=0.3, shares=(0.5, 0.2, 0.3))
    batch = task.sample(8, np.random.default_rng(2))
    x, V = batch.inputs[0][:, 1:-1], task.vocab_size - task.first
    hidden = task.guess(np.where(np.arange(task.T) == 4, task.mask_id, x))[:, 4, task.first :]
    shown = np.where(x[:, 4] == task.mask_id, V, x[:, 4] - task.first)
    assert 0 < (shown == V).sum() < len(shown)
    ours = guess_shown.expected(hidden, shown, task.shares)
    np.testing.assert_allclose(ours, task.guess(x)[:, 4, task.first :], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(("guess", "shown", "shares"), guess_shown.cases)
def test_the_guess_is_what_comes_of_all_that_can_have_happened(guess, shown, shares):
    B, V = guess.shape
    made = guess_shown.expected(guess, shown, shares)
    for b in range(B):
        weights = np.zeros(V)
        for w in range(V):  # the word, and what it became
            happened = [(shares[0], V), *[(shares[1] / V, other) for other in range(V)], (shares[2], w)]
            weights[w] = guess[b, w] * sum(p for p, read in happened if read == shown[b])
        np.testing.assert_allclose(made[b], weights / weights.sum(), rtol=1e-12)


def test_cases_show_and_hide_and_weigh_otherwise():
    for guess, shown, shares in guess_shown.cases:
        assert (shown == guess.shape[1]).sum() == 1
        assert len(set(shown.tolist())) == len(shown)
        assert sum(shares) == pytest.approx(1)
        np.testing.assert_allclose(guess.sum(1), 1, rtol=1e-12)
        assert guess.min() > 0
    orders = {tuple(np.argsort(shares)) for *_, shares in guess_shown.cases}
    assert len(orders) == 3
    assert any(len(guess) != guess.shape[1] for guess, *_ in guess_shown.cases)


def _entry_by_entry(weight, normalise=True, at_hidden=None):
    """An answer from weights of the guess p, whether w is shown, m, r, k and V."""

    def answer(guess, shown, shares):
        out = guess.copy()
        for b, w in enumerate(shown):
            V = guess.shape[1]
            if w == V:
                row = out[b] if at_hidden is None else np.array([at_hidden(p, *shares, V) for p in guess[b]])
            else:
                row = np.array([weight(guess[b, v], v == w, *shares, V) for v in range(V)])
                row = row / row.sum() if normalise else row
            out[b] = row
        return out

    return answer


def _right(p, own, m, r, k, V):
    return p * (r / V + k * own)


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _entry_by_entry(_right)),
        ("treated as hidden", _entry_by_entry(lambda p, own, m, r, k, V: p)),
        ("believed", _entry_by_entry(lambda p, own, m, r, k, V: own)),
        ("believed", _entry_by_entry(lambda p, own, m, r, k, V: own * p * k)),
        ("chance alone", _entry_by_entry(lambda p, own, m, r, k, V: p * (r + k * (not own)))),
        ("a mixture", _entry_by_entry(lambda p, own, m, r, k, V: k * own + r * p)),
        ("a mixture", _entry_by_entry(lambda p, own, m, r, k, V: k * own + (1 - k) * p, False)),
        ("without the guess", _entry_by_entry(lambda p, own, m, r, k, V: r / V + k * own)),
        ("without the guess", _entry_by_entry(lambda p, own, m, r, k, V: r / V + k * own, False)),
        ("not normalised", _entry_by_entry(_right, False)),
        ("not normalised", _entry_by_entry(_right, False, lambda p, m, r, k, V: m * p)),
        ("r for r/V", _entry_by_entry(lambda p, own, m, r, k, V: p * (r + k * own))),
        ("never itself", _entry_by_entry(lambda p, own, m, r, k, V: p * (k if own else r / (V - 1)))),
        ("never itself", _entry_by_entry(lambda p, own, m, r, k, V: p * (k if own else r / V))),
        ("shares swapped", _entry_by_entry(lambda p, own, m, r, k, V: p * (k / V + r * own))),
        ("hidden for kept", _entry_by_entry(lambda p, own, m, r, k, V: p * (r / V + m * own))),
        ("one share less", _entry_by_entry(lambda p, own, m, r, k, V: p * (r / V + (1 - r) * own))),
        ("channel squared", _entry_by_entry(lambda p, own, m, r, k, V: p * (r / V + k * own) ** 2)),
        ("uniform where hidden", _entry_by_entry(_right, True, lambda p, m, r, k, V: 1 / V)),
    ],
)
def test_another_channel_is_told_as_such(id, function):
    assert guess_shown.judge(function).id == id


def test_sums_and_masks_that_are_wrong_are_told():
    def of_all(guess, shown, shares):
        joint = _entry_by_entry(_right, False)(guess, shown, shares)
        total = _entry_by_entry(_right, False, lambda p, m, r, k, V: p * r / V)(guess, shown, shares).sum()
        return np.where(shown[:, None] < guess.shape[1], joint / total, joint)

    def first_word(guess, shown, shares):
        return _entry_by_entry(_right)(guess, np.where(shown == guess.shape[1], 0, shown), shares)

    assert guess_shown.judge(of_all).id == "sum of all"
    assert guess_shown.judge(first_word).id == "<mask> left out"
