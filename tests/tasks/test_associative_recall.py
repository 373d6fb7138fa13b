"""Associative recall: samples against every sequence there is, levels by Bayes' rule over all of them."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from seqlib.tasks import AssociativeRecall

SMALL = [(4, 2, 3, 2), (4, 3, 3, 2), (5, 2, 2, 3), (3, 2, 3, 5), (4, 4, 4, 3)]
READERS = ["chance", "values alone", "values in context", "exact"]


def every(pairs, keys, all_keys, values, fixed=True):
    """Every sequence, as (key, value) pairs, and how probable it is."""
    found = Counter()
    for present in itertools.permutations(range(all_keys), keys):
        for which in itertools.product(range(keys), repeat=pairs):
            for given in itertools.product(range(values), repeat=keys if fixed else pairs):
                said = [given[i] for i in which] if fixed else given
                found[tuple((present[i], v) for i, v in zip(which, said, strict=True))] += 1
    return {pairs: n / found.total() for pairs, n in found.items()}


def knows(reader, past, key):
    """What a reader knows when a key is asked for, from the definition of the reader."""
    if reader == "chance":
        return ()
    if reader == "values alone":
        return tuple(value for _, value in past)
    if reader == "values in context":
        return key in dict(past), tuple(sorted(dict(past).values()))
    return tuple(past), key


def bayes(reader, sequences, values, fixed=True):
    """(place, what is known) -> P(value), by Bayes' rule over every sequence."""
    of = defaultdict(lambda: np.zeros(values))
    for pairs, p in sequences.items():
        for j, (key, value) in enumerate(pairs):
            of[j, knows(reader, pairs[:j], key)][value] += p
    return {known: weight / weight.sum() for known, weight in of.items()}


@pytest.fixture(params=SMALL, ids=str, scope="module")
def small(request):
    """A task that is small enough, and every sequence of it."""
    return AssociativeRecall(*request.param), every(*request.param)


@pytest.mark.parametrize("reader", READERS)
def test_levels_by_every_sequence(small, reader):
    task, sequences = small
    guess = bayes(reader, sequences, task.values)
    loss, share = np.zeros((2, task.pairs, task.pairs))
    for pairs, p in sequences.items():
        for j, (key, value) in enumerate(pairs):
            s = sum(key == before for before, _ in pairs[:j])
            share[j, s] += p
            loss[j, s] -= p * math.log(guess[j, knows(reader, pairs[:j], key)][value])
    np.testing.assert_allclose(task.shares, share, atol=1e-12)
    possible = np.tri(task.pairs, dtype=bool)
    table = task.table(reader)
    assert (np.isnan(table) == ~possible).all()
    np.testing.assert_allclose(table[possible], loss[possible] / share[possible], atol=1e-12)
    np.testing.assert_allclose(task.by_place(reader), loss.sum(1), atol=1e-12)
    np.testing.assert_allclose(task.by_shots(reader), loss.sum(0) / share.sum(0), atol=1e-12)
    assert task.level(reader) == pytest.approx(loss.sum() / task.pairs, abs=1e-12)
    repeated = loss[:, 1:].sum() / share[:, 1:].sum()
    assert task.level(reader, repeated=True) == pytest.approx(repeated, abs=1e-12)


@pytest.mark.parametrize("reader", READERS)
def test_what_readers_say_by_every_sequence(small, reader):
    task, sequences = small
    guess = bayes(reader, sequences, task.values)
    chosen = list(sequences)[:: max(1, len(sequences) // 60)]
    x = np.array([[i for key, value in pairs for i in (key, task.all_keys + value)][:-1] for pairs in chosen])
    got = task.probabilities(reader, x)
    assert got.shape == (*x.shape, task.values)
    assert (got[:, 1::2] == 1 / task.values).all()
    for said, pairs in zip(got, chosen, strict=True):
        for j, (key, _) in enumerate(pairs):
            np.testing.assert_allclose(said[2 * j], guess[j, knows(reader, pairs[:j], key)], atol=1e-12)


@pytest.mark.parametrize("fixed", [True, False])
def test_samples_come_from_every_sequence(fixed):
    """Pearson's statistic stays within six standard deviations of its mean."""
    task, sequences = AssociativeRecall(3, 2, 3, 2, fixed=fixed), every(3, 2, 3, 2, fixed)
    (x,), y, mask = task.sample(20_000, np.random.default_rng(0))
    assert x.shape == y.shape == mask.shape == (20_000, 5)
    assert (mask == [True, False, True, False, True]).all()
    assert (x[:, 1::2] == 3 + y[:, :-1:2]).all()
    assert not y[:, 1::2].any()
    drawn = Counter(tuple(zip(*pair, strict=True)) for pair in zip(x[:, ::2].tolist(), y[:, ::2].tolist(), strict=True))
    assert drawn.keys() <= sequences.keys()
    pearson = sum((drawn[one] - 20_000 * p) ** 2 / (20_000 * p) for one, p in sequences.items())
    df = len(sequences) - 1
    assert abs(pearson - df) < 6 * math.sqrt(2 * df)


def test_readers_score_their_levels_on_samples():
    task = AssociativeRecall()
    (x,), y, mask = task.sample(300, np.random.default_rng(1))
    keys = x[:, ::2]
    seen = np.array([[key in row[:j] for j, key in enumerate(row)] for row in keys.tolist()])
    for reader in READERS:
        p = np.take_along_axis(task.probabilities(reader, x), y[..., None], 2)[mask].reshape(keys.shape)
        for repeated, where in [(False, np.ones_like(seen)), (True, seen)]:
            excess = np.where(where, -np.log(p) - task.level(reader, repeated=repeated), 0).sum(1)
            assert abs(excess.sum()) <= 4 * excess.std() * math.sqrt(len(x)) + 1e-9


def test_the_levels_of_the_chapter():
    """Knowing more never hurts; the floor by hand, and the number of times that a key comes."""
    task = AssociativeRecall()
    assert task.floor == pytest.approx(math.log(16) * sum((7 / 8) ** j for j in range(24)) / 24, abs=1e-12)
    assert [task.chance, task.level("chance")] == pytest.approx([math.log(16)] * 2, abs=1e-12)
    all_keys = [task.level(reader) for reader in READERS]
    repeated = [task.level(reader, repeated=True) for reader in READERS]
    assert all_keys == sorted(all_keys, reverse=True)
    assert repeated == sorted(repeated, reverse=True)
    assert repeated[-1] == 0
    places = np.array([task.by_place(reader) for reader in READERS])
    assert (np.diff(places, axis=0) <= 1e-12).all()
    new = task.by_shots("values alone")[0]
    assert new > task.chance + 0.1, "who bets on values that have come is wrong of new keys"
    assert (task.shares @ np.arange(24)) == pytest.approx(np.arange(24) / 8)


def test_without_fixed_values_there_is_nothing_to_recall():
    task = AssociativeRecall(fixed=False)
    (x,), y, _ = task.sample(2000, np.random.default_rng(2))
    same, twice = 0, 0
    for keys, values in zip(x[:, ::2].tolist(), y[:, ::2].tolist(), strict=True):
        for j in range(1, 24):
            if keys[j] in keys[:j]:
                same, twice = same + (values[j] == values[keys.index(keys[j])]), twice + 1
    assert same / twice == pytest.approx(1 / 16, abs=0.01)
    for reader in READERS:
        levels = [task.level(reader), task.level(reader, repeated=True)]
        assert levels == pytest.approx([math.log(16)] * 2, abs=1e-12)
        assert (task.probabilities(reader, x[:3]) == 1 / 16).all()
    assert task.settings["fixed"] is False


def test_bad_sequences_are_named():
    task = AssociativeRecall(3, 2, 3, 2)
    for x, words in [
        ([[0, 3, 1, 4, 2]], None),  # the last key is not read with a value
        ([[0, 3, 0, 4, 1]], r"one value for each of at most 2 keys, not x\[0\]"),
        ([[0, 3, 0, 3]], "shape"),
        ([[0, 3, 4, 3, 0]], "keys and values in turn"),
        ([[0, 1, 1, 3, 0]], "keys and values in turn"),
        ([[0, 3, 1, 5, 0]], r"x\[0, 3\] is 5"),
    ]:
        if words:
            with pytest.raises(ValueError, match=f"^x .*{words}"):
                task.probabilities("exact", np.array(x))
        else:
            assert task.probabilities("exact", np.array(x)).shape == (1, 5, 2)
    with pytest.raises(ValueError, match=r"^x must have one value for each of at most 2 keys, not x\[1\]"):
        AssociativeRecall(4, 2, 3, 2).probabilities("exact", np.array([[0, 3, 0, 3, 1, 3, 1], [0, 3, 1, 3, 2, 3, 0]]))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: AssociativeRecall(pairs=1), "pairs must be at least 2"),
        (lambda: AssociativeRecall(keys=1), "keys must be at least 2"),
        (lambda: AssociativeRecall(keys=17), "keys must be at most 16"),
        (lambda: AssociativeRecall(all_keys=1), "all_keys must be at least 2"),
        (lambda: AssociativeRecall(values=1), "values must be at least 2"),
        (lambda: AssociativeRecall(pairs=2.5), "pairs must"),
        (lambda: AssociativeRecall(fixed=1), "fixed must be True or False, got 1"),
        (lambda: AssociativeRecall().level("all"), "reader must be one of 'chance'"),
        (lambda: AssociativeRecall().probabilities("some", np.zeros((1, 47), int)), "reader must be one of"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=f"^{name}"):
        call()
