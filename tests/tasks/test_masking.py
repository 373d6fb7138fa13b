"""Masking: what is chosen and what becomes of it, counted in many draws and held against every possible outcome."""

import itertools
from collections import Counter

import numpy as np
import pytest

from seqlib.tasks.masking import SHARES, check_shares, mask_each, mask_words

MASK, WORDS = 2, range(3, 8)
TEXT = np.array([[1, 3, 4, 5, 1, 0], [1, 7, 1, 0, 0, 0], [6, 6, 3, 3, 4, 7]])


def masked(ids, seed, **options):
    return mask_words(np.array(ids), np.random.default_rng(seed), **{"mask_id": MASK, "words": WORDS, **options})


def outcomes(text, share, shares):
    """(what is read, what is chosen) -> its probability, from the definition."""
    hidden, replaced, kept = shares
    found = Counter()
    places = [t for t, word in enumerate(text) if word in WORDS]
    for chosen in itertools.product([False, True], repeat=len(places)):
        if not any(chosen):
            continue
        p = np.prod([share if one else 1 - share for one in chosen]) / (1 - (1 - share) ** len(places))
        asked = [t for t, one in zip(places, chosen, strict=True) if one]
        for become in itertools.product([MASK, *WORDS], repeat=len(asked)):
            read, q = list(text), p
            for t, word in zip(asked, become, strict=True):
                q *= hidden if word == MASK else replaced / len(WORDS) + kept * (word == text[t])
                read[t] = word
            if q > 0:
                found[tuple(read), tuple(asked)] += q
    return found


@pytest.mark.parametrize(
    ("share", "shares"),
    [
        (0.15, SHARES),
        (0.5, (0.4, 0.5, 0.1)),
        (0.3, (0, 1, 0)),
        (0.3, (0, 0, 1)),
        (1.0, (0.5, 0.25, 0.25)),
        (0.9, (1, 0, 0)),
    ],
)
def test_every_outcome_comes_as_often_as_it_is_likely(share, shares):
    """Pearson's statistic, outcomes rarer than 5 in n as one, stays within six standard deviations of its mean."""
    text, n = [1, 3, 4, 3, 1, 0], 60_000
    likely = outcomes(text, share, shares)
    assert sum(likely.values()) == pytest.approx(1, abs=1e-12)
    read, chosen = masked([text] * n, 0, share=share, shares=shares)
    seen = Counter((tuple(r), tuple(np.nonzero(c)[0])) for r, c in zip(read.tolist(), chosen, strict=True))
    assert set(seen) <= set(likely)
    groups = [(seen[case], n * p) for case, p in likely.items() if n * p >= 5]
    rare = n - sum(k for k, _ in groups), n - sum(mean for _, mean in groups)
    groups += [rare] if rare[1] > 1e-6 else []
    pearson = sum((k - mean) ** 2 / mean for k, mean in groups)
    assert abs(pearson - len(groups) + 1) < 6 * np.sqrt(2 * len(groups))


def test_special_ids_and_padding_are_left_alone():
    read, chosen = masked(np.tile(TEXT, (2000, 1)), 1, share=0.6)
    text = np.tile(TEXT, (2000, 1))
    special = (text < 3) | (text >= 8)
    assert not chosen[special].any()
    assert (read[~chosen] == text[~chosen]).all()
    assert np.isin(read[chosen], [MASK, *WORDS]).all()
    assert chosen.any(1).all()
    assert chosen.dtype == bool
    assert read.shape == chosen.shape == text.shape
    assert read.dtype == np.int64


def test_a_text_of_one_word_has_it_chosen_however_small_the_share():
    read, chosen = masked([[1, 4, 1]] * 500, 2, share=1e-12, shares=(1, 0, 0))
    assert (chosen == [False, True, False]).all()
    assert (read == [1, MASK, 1]).all()
    _, chosen = masked([[3, 4, 5, 6]] * 8000, 3, share=1e-12)
    assert (chosen.sum(1) == 1).all()
    np.testing.assert_allclose(chosen.mean(0), 0.25, atol=0.03)


def test_other_words_are_chosen_independently_given_one():
    """What the floors of the grammar are derived from."""
    _, chosen = masked([[3, 4, 5, 6, 7]] * 60_000, 4, share=0.15)
    for t in range(5):
        others = np.delete(chosen[chosen[:, t]], t, 1)
        np.testing.assert_allclose(others.mean(0), 0.15, atol=0.015)
        np.testing.assert_allclose((others[:, 0] & others[:, 3]).mean(), 0.15**2, atol=0.01)


def test_none_may_be_chosen_where_that_is_said():
    read, chosen = masked([[3, 4, 1]] * 40_000 + [[0, 1, 2]], 7, share=0.3, at_least_one=False)
    np.testing.assert_allclose(chosen[:-1, :2].mean(0), 0.3, atol=0.015)
    assert (~chosen[:-1].any(1)).mean() == pytest.approx(0.49, abs=0.015)
    assert read[-1].tolist() == [0, 1, 2]
    assert not chosen[-1].any()
    assert (read[~chosen] == np.array([[3, 4, 1]] * 40_000 + [[0, 1, 2]])[~chosen]).all()


def test_nothing_but_the_generator_decides_and_ids_stay_as_they_are():
    text = TEXT.copy()
    (a, b), (c, d), (e, _) = masked(text, 5), masked(text, 5), masked(np.tile(text, (9, 1)), 6)
    assert (text == TEXT).all()
    assert (a == c).all()
    assert (b == d).all()
    assert (e[:3] != e[3:6]).any()


def test_each_word_is_masked_once():
    read, chosen, rows = mask_each(TEXT, mask_id=MASK, words=WORDS)
    wanted = [(b, t) for b in range(3) for t in range(6) if TEXT[b, t] in WORDS]
    assert [(int(b), *map(int, np.nonzero(c)[0])) for b, c in zip(rows, chosen, strict=True)] == wanted
    assert (read[chosen] == MASK).all()
    assert (read[~chosen] == TEXT[rows][~chosen]).all()
    assert chosen.dtype == bool
    assert read.shape == chosen.shape == (10, 6)
    read, chosen, rows = mask_each(np.zeros((2, 4), dtype=int), mask_id=MASK, words=WORDS)
    assert read.shape == chosen.shape == (0, 4)
    assert rows.shape == (0,)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: masked([1, 3, 4], 0), r"ids must have shape \(B, T\)"),
        (lambda: masked([[1.0, 3.0]], 0), "ids must hold integer ids"),
        (lambda: masked([[3, 4], [1, 0]], 0), r"ids must have a word in every text, but ids\[1\] has none"),
        (lambda: masked([[3]], 0, share=0), "share must be greater than 0"),
        (lambda: masked([[3]], 0, share=1.1), "share must be at most 1"),
        (lambda: masked([[3]], 0, shares=(0.8, 0.1)), "shares must be three numbers"),
        (lambda: masked([[3]], 0, shares=0.8), "shares must be three numbers"),
        (lambda: masked([[3]], 0, shares="abc"), "shares must be three numbers"),
        (lambda: masked([[3]], 0, shares=(0.8, 0.1, 0.2)), "shares must add up to 1"),
        (lambda: masked([[3]], 0, shares=(1.2, -0.1, -0.1)), r"shares\[0\] must be at most 1"),
        (lambda: masked([[3]], 0, shares=(1.0, -0.5, 0.5)), r"shares\[1\] must be at least 0"),
        (lambda: masked([[3]], 0, mask_id=3), "mask_id must not be one of the words"),
        (lambda: masked([[3]], 0, mask_id=-1), "mask_id must be at least 0"),
        (lambda: masked([[3]], 0, words=(3, 8)), "words must be a range of ids"),
        (lambda: masked([[3]], 0, words=range(3, 8, 2)), "words must be a range of ids"),
        (lambda: masked([[3]], 0, words=range(3, 3)), "words must be a range of at least one id"),
        (lambda: masked([[3]], 0, words=range(-1, 2)), "words must be a range of at least one id"),
        (lambda: mask_words(TEXT, 7, mask_id=MASK, words=WORDS), "rng must"),
        (lambda: mask_each(TEXT[0], mask_id=MASK, words=WORDS), "ids must have shape"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()


def test_shares_may_be_any_numbers():
    assert check_shares(np.array([0.5, 0.25, 0.25])) == (0.5, 0.25, 0.25)
    assert check_shares([1, 0, 0]) == (1.0, 0.0, 0.0)
