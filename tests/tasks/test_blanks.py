"""The blanks grammar: its floor by brute force, its wall, its samples."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.tasks import Blanks
from seqlib.tasks.blanks import FAVOURITES


def brute_force(task, n):
    """The least loss of a player who sees the last n words, over every sentence with every filler."""
    groups = defaultdict(lambda: defaultdict(float))
    for words, p in task.enumerate():
        context = words[:-1]
        groups[context[-n:] if n else ()][words[-1]] += p
    return -sum(p * math.log(p / sum(g.values())) for g in groups.values() for p in g.values())


def entropy(p):
    p = np.array([x for x in p if x > 0])
    return float(-(p * np.log(p)).sum())


@pytest.mark.parametrize("distance", [1, 2, 3, 4, 5, 6, (1, 4), (3, 5)])
def test_probabilities_add_up_and_floor_is_the_conditional_entropy(distance):
    task = Blanks(distance)
    assert sum(p for _, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    by_cue = np.mean([entropy(table.values()) for table in FAVOURITES.values()])
    assert task.floor == pytest.approx(by_cue, abs=1e-12)
    assert task.chance == pytest.approx(entropy(task.answer_distribution().values()), abs=1e-12)
    assert task.floor < task.chance - 0.5


@pytest.mark.parametrize(("distance", "n"), list(itertools.product([1, 3, 4, 5, 6], range(8))))
def test_the_wall_with_every_filler(distance, n):
    task = Blanks(distance)
    expected = task.chance if n < distance else task.floor
    assert brute_force(task, n) == pytest.approx(expected, abs=1e-10)
    assert task.window_floor(n) == pytest.approx(expected, abs=1e-10)


def test_samples_follow_the_grammar():
    task, rng = Blanks((1, 6)), np.random.default_rng(0)
    known = {words for words, _ in task.enumerate()}
    drawn = task.sentences(4000, rng)
    assert set(drawn) <= known
    ice = [words[-1] for words in drawn if words[2] == "ice-cream"]
    assert np.mean([answer == "chocolate" for answer in ice]) == pytest.approx(0.7, abs=0.05)
    lengths = np.bincount([len(words) for words in drawn])[4:]
    assert lengths / 4000 == pytest.approx(np.full(6, 1 / 6), abs=0.03)


@pytest.mark.parametrize("distance", [1, 5, (1, 2)])
def test_every_sentence_is_drawn_as_often_as_it_is_likely(distance):
    """Pearson's statistic stays within six standard deviations of its mean: no cue, filler or answer is favoured."""
    task, n = Blanks(distance), 6000
    drawn = Counter(task.sentences(n, np.random.default_rng(0)))
    likely = dict(task.enumerate())
    assert set(drawn) <= set(likely)
    freedom = len(likely) - 1
    pearson = sum((drawn[words] - n * p) ** 2 / (n * p) for words, p in likely.items())
    assert abs(pearson - freedom) < 6 * math.sqrt(2 * freedom)


@pytest.mark.parametrize("distance", [2, 5, 8, (1, 8)])
def test_the_best_players_score_floor_and_chance_on_samples(distance):
    task = Blanks(distance)
    drawn = task.sentences(2000, np.random.default_rng(0))
    blind = task.answer_distribution()
    for level, surprises in [
        (task.floor, [-math.log(task.answer_distribution(words[2])[words[-1]]) for words in drawn]),
        (task.chance, [-math.log(blind[words[-1]]) for words in drawn]),
    ]:
        assert abs(np.mean(surprises) - level) < 4 * np.std(surprises) / math.sqrt(len(drawn))


def expected_loss(task, see, seed):
    """The exact loss of a predictor that sees `see(words)` only: each belief is the best one, mixed with a random one.

    The shares of the mixture are drawn for each context; those of the first third are 0: the best belief itself.
    """
    rng = np.random.default_rng(seed)
    groups = defaultdict(lambda: np.zeros(len(task.answers)))
    for words, p in task.enumerate():
        groups[see(words)][task.answers.index(words[-1])] += p
    loss = 0.0
    for i, joint in enumerate(groups.values()):
        share = 0.0 if i < len(groups) / 3 else rng.uniform()
        belief = (1 - share) * joint / joint.sum() + share * rng.dirichlet(np.ones(len(joint)))
        loss -= (joint[joint > 0] * np.log(belief[joint > 0])).sum()
    return loss


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([1, 2, 4, 5, 6, (1, 5)]), st.integers(0, 10**6))
def test_no_predictor_beats_the_floor(distance, seed):
    task = Blanks(distance)
    assert expected_loss(task, lambda words: words[:-1], seed) >= task.floor - 1e-12


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([2, 4, 5, 6]), st.integers(0, 5), st.integers(0, 10**6))
def test_no_predictor_whose_window_ends_before_the_cue_beats_chance(distance, n, seed):
    task, n = Blanks(distance), min(n, distance - 1)
    window = slice(-1 - n, -1)
    assert expected_loss(task, lambda words: words[window], seed) >= task.chance - 1e-12


@pytest.mark.parametrize("n", range(6))
def test_position_and_length_of_a_sentence_give_the_answer_no_help(n):
    """In a mixture of distances, those sentences whose cue lies outside the window stay at chance, exactly."""
    task = Blanks((1, 6))
    groups = defaultdict(lambda: defaultdict(float))
    for words, p in task.enumerate():
        if len(words) - 3 > n:  # the distance: the cue is the third word
            groups[len(words), words[len(words) - 1 - n : -1]][words[-1]] += p
    total = sum(sum(group.values()) for group in groups.values())
    loss = -sum(p * math.log(p / sum(group.values())) for group in groups.values() for p in group.values())
    assert loss / total == pytest.approx(task.chance, abs=1e-12)


@pytest.mark.parametrize("distance", [1, 4, (1, 8)])
def test_batch_shows_the_cue_at_its_distance_and_hides_the_answer(distance):
    task = Blanks(distance)
    (x, *lengths), y, mask = task.sample(64, np.random.default_rng(1))
    assert x.shape == y.shape == mask.shape
    assert [list(n) for n in lengths] == ([list(mask.argmax(1) + 1)] if len(task.distances) > 1 else [])
    assert (mask.sum(1) == 1).all()
    cues = task.vocabulary.encode(task.cues)
    answers = task.vocabulary.encode(task.answers)
    for row in range(64):
        blank = int(mask[row].argmax())
        assert y[row, blank] in answers
        assert not np.isin(x[row], answers).any(), "the answer must not be seen"
        where = int(np.isin(x[row], cues).argmax())
        assert blank + 1 - where in task.distances
        assert (x[row, blank + 1 :] == 0).all()
        assert (x[row, 1 : blank + 1] == y[row, :blank]).all()


def test_decode_gives_the_sentence():
    task = Blanks((1, 5))
    row = task.sample(8, np.random.default_rng(0)).inputs[0][0]
    assert task.decode(row).startswith("i like ")
    assert "<pad>" not in task.decode(row)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Blanks(0), "distance"),
        (lambda: Blanks(2.5), "distance"),
        (lambda: Blanks("3"), "distance"),
        (lambda: Blanks((3, 2)), "distance"),
        (lambda: Blanks((1, 2, 3)), "distance"),
        (lambda: Blanks(2).sentences(2, 7), "rng"),
        (lambda: Blanks(2).sentences(-1, np.random.default_rng(0)), "n must"),
        (lambda: Blanks(2).window_floor(-1), "n must"),
        (lambda: Blanks(2).answer_distribution("soup"), "cue"),
        (lambda: Blanks(2).decode([99]), "ids"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
