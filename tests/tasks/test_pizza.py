"""The pizza blank: every floor twice, by sentences and by tables; samples; readers that see more or less."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.tasks import Pizza
from seqlib.tasks.pizza import BLANK, FILLERS, HUNGER, MEALS, PLACE

# P(cue, word, meal): the other way to the floors, which knows nothing of sentences
JOINT = np.array(list(HUNGER.values()))[:, :, None] * np.array(list(MEALS.values())).T[None] / len(HUNGER)


def entropy(p):
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def conditional(joint):
    """H(word | the rest) of a table whose second axis is the word."""
    return entropy(joint) - entropy(joint.sum(1))


BY_TABLES = {
    "floor": conditional(JOINT),
    "past_floor": conditional(JOINT.sum(2)),
    "future_floor": conditional(JOINT.sum(0, keepdims=True)),
    "chance": entropy(JOINT.sum((0, 2))),
}


def brute_force(task, before, after):
    """The least loss of a reader of a window, over every sentence with every filler."""
    groups = defaultdict(lambda: defaultdict(float))
    for words, p in task.enumerate(FILLERS):
        seen = words[PLACE - before : PLACE], words[PLACE + 1 : PLACE + 1 + after]
        groups[seen][words[PLACE]] += p
    return -sum(p * math.log(p / sum(g.values())) for g in groups.values() for p in g.values())


def test_the_tables_are_distributions():
    assert all(sum(row) == pytest.approx(1, abs=1e-12) for row in HUNGER.values())
    assert np.sum(list(MEALS.values()), 0) == pytest.approx(np.ones(4), abs=1e-12)
    assert JOINT.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("gap", [0, 3, (0, 4), (2, 5)])
@pytest.mark.parametrize("level", BY_TABLES)
def test_levels_by_sentences_and_by_tables(gap, level):
    task = Pizza(gap)
    assert sum(p for _, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    assert getattr(task, level) == pytest.approx(BY_TABLES[level], abs=1e-12)


def test_both_sides_are_worth_something():
    task = Pizza()
    assert task.past_floor - task.floor > 0.4
    assert task.future_floor - task.floor > 0.08
    assert task.chance - task.past_floor > 0.2


@pytest.mark.parametrize(("before", "after"), list(itertools.product([0, 1, 2, 3], [0, 5, 6, 7, 8, 9, 10, 11])))
def test_windows_with_every_filler(before, after):
    task = Pizza((0, 2))
    assert task.window_floor(before, after) == pytest.approx(brute_force(task, before, after), abs=1e-10)


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_the_wall_stands_where_the_class_says(gap):
    """gap + 6 words ahead are worth nothing, gap + 7 show the number, gap + 8 all."""
    task = Pizza(gap)
    assert task.window_floor(None, gap + 6) == pytest.approx(task.past_floor, abs=1e-12)
    assert task.floor + 0.05 < task.window_floor(None, gap + 7) < task.past_floor - 0.05
    assert task.window_floor(None, gap + 8) == pytest.approx(task.floor, abs=1e-12)
    assert task.window_floor(1, None) == pytest.approx(task.future_floor, abs=1e-12)
    assert task.window_floor(2, None) == pytest.approx(task.floor, abs=1e-12)


@pytest.mark.parametrize("gap", [0, (0, 2)])
def test_every_sentence_is_drawn_as_often_as_it_is_likely(gap):
    """Pearson's statistic stays within six standard deviations of its mean."""
    task, n = Pizza(gap), 40_000
    drawn = Counter(task.sentences(n, np.random.default_rng(0)))
    likely = dict(task.enumerate(FILLERS))
    assert set(drawn) <= set(likely)
    freedom = len(likely) - 1
    pearson = sum((drawn[words] - n * p) ** 2 / (n * p) for words, p in likely.items())
    assert abs(pearson - freedom) < 6 * math.sqrt(2 * freedom)


def test_fillers_are_uniform_and_gaps_too():
    drawn = Pizza((1, 4)).sentences(8000, np.random.default_rng(1))
    assert np.bincount([len(words) - 13 for words in drawn])[1:] / 8000 == pytest.approx(np.full(4, 1 / 4), abs=0.02)
    said = Counter(word for words in drawn for word in words[7:-6])
    assert set(said) == set(FILLERS)
    assert np.array(list(said.values())) / sum(said.values()) == pytest.approx(np.full(4, 1 / 4), abs=0.02)


READERS = {  # name of the level -> what of a sentence is read
    "floor": lambda words: {"cue": words[1], "meal": words[-3:]},
    "past_floor": lambda words: {"cue": words[1]},
    "future_floor": lambda words: {"meal": words[-3:]},
    "chance": lambda words: {},
}


@pytest.mark.parametrize("level", READERS)
def test_the_best_readers_score_their_levels_on_samples(level):
    task = Pizza()
    drawn = task.sentences(4000, np.random.default_rng(0))
    surprises = [-math.log(task.answer_distribution(**READERS[level](words))[words[PLACE]]) for words in drawn]
    assert abs(np.mean(surprises) - getattr(task, level)) < 4 * np.std(surprises) / math.sqrt(len(drawn))


@pytest.mark.parametrize("gap", [0, (1, 2)])
def test_the_expected_loss_of_the_best_reader_over_every_sentence_is_the_floor(gap):
    task = Pizza(gap)
    ((x, *lengths), y, mask), probabilities = task.every_sentence()
    assert len(x) == 42 * sum(4**g for g in task.gaps)
    assert {task.decode(row): p for row, p in zip(y, probabilities, strict=True)} == {
        " ".join(words): p for words, p in task.enumerate(FILLERS)
    }
    assert [list(n) for n in lengths] == ([list((x != 0).sum(1))] if len(task.gaps) > 1 else [])
    loss = 0.0
    for row, answer, p in zip(x, task.vocabulary.decode(y[mask]), probabilities, strict=True):
        words = task.decode(row).split()
        loss -= p * math.log(task.answer_distribution(words[1], words[-3:])[answer])
    assert loss == pytest.approx(BY_TABLES["floor"], abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(READERS)), st.integers(0, 10**6))
def test_no_reader_beats_its_floor(level, seed):
    """Any belief, mixed from the best one and a random one, for each thing that can be seen."""
    task, rng, beliefs, loss = Pizza(1), np.random.default_rng(seed), {}, 0.0
    for words, p in task.enumerate():
        seen = READERS[level](words)
        if str(seen) not in beliefs:
            best, share = task.answer_distribution(**seen), rng.uniform() * (rng.random() < 2 / 3)
            other = rng.dirichlet(np.ones(4))
            beliefs[str(seen)] = {w: (1 - share) * best[w] + share * o for w, o in zip(best, other, strict=True)}
        loss -= p * math.log(beliefs[str(seen)][words[PLACE]])
    assert loss >= BY_TABLES[level] - 1e-12


@pytest.mark.parametrize("gap", [0, 2, (0, 4), (1, 3)])
def test_batch_hides_the_word_and_nothing_else(gap):
    task = Pizza(gap)
    (x, *lengths), y, mask = task.sample(64, np.random.default_rng(1))
    assert (mask.sum(1) == 1).all()
    assert mask[:, PLACE].all()
    answers, blank = task.vocabulary.encode(task.answers), task.vocabulary.ids[BLANK]
    assert np.isin(y[mask], answers).all()
    assert (x[mask] == blank).all()
    assert not np.isin(x, answers).any(), "the answer must not be seen"
    assert (x[~mask] == y[~mask]).all()
    real = (x != 0).sum(1)
    assert [list(n) for n in lengths] == ([list(real)] if len(task.gaps) > 1 else [])
    assert set(real - 13) == set(task.gaps)
    for row, n in zip(x, real, strict=True):
        assert task.decode(row).split()[-1] in ("pizza", "pizzas")
        assert (row[n:] == 0).all()


def test_decode_gives_the_sentence():
    (x, _), y, _ = Pizza().sample(1, np.random.default_rng(0))
    assert Pizza().decode(x[0]).startswith("after ")
    assert BLANK in Pizza().decode(x[0])
    assert BLANK not in Pizza().decode(y[0])
    assert "<pad>" not in Pizza().decode(np.append(x[0], 0))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Pizza(-1), "gap must"),
        (lambda: Pizza(2.5), "gap must"),
        (lambda: Pizza("3"), "gap must"),
        (lambda: Pizza((3, 2)), r"gap\[1\] must be at least 3"),
        (lambda: Pizza((-1, 2)), r"gap\[0\] must be at least 0"),
        (lambda: Pizza((1, 2, 3)), "gap must be a number or a pair"),
        (lambda: Pizza().sentences(2, 7), "rng"),
        (lambda: Pizza().sentences(-1, np.random.default_rng(0)), "n must"),
        (lambda: Pizza().window_floor(-1, 0), "before must"),
        (lambda: Pizza().window_floor(0, 1.5), "after must"),
        (lambda: Pizza().answer_distribution("supper"), "cue must be one of breakfast, work, football, got 'supper'"),
        (lambda: Pizza().answer_distribution(meal=("9", "large", "pizzas")), "meal must be one of 1 small pizza"),
        (lambda: Pizza().decode([99]), "ids"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
