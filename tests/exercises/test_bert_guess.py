"""The guess at a hole of chapter 14: by fractions and by the grammar of the package; each mistake in another way."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest

from seqlib.exercises.bert_guess import guess_hole
from seqlib.tasks import Grammar


def _fractions(
    prior,
    tables,
    x,
    t,
    *,
    reads=lambda s, t, x: s != t,
    weigh=lambda p, row: p * prod(row),
    guess=lambda belief, tables: [
        sum(b * row[w] for b, row in zip(belief, tables, strict=True)) for w in range(len(tables[0]))
    ],
    share=lambda joint: [p / sum(joint) for p in joint],
):
    """Belief and guess in whole fractions, which do not underflow."""
    tables = [[Fraction(p) for p in row] for row in tables.tolist()]
    seen = [word for s, word in enumerate(x.tolist()) if reads(s, t, x)]
    joint = [weigh(Fraction(p), [row[w] for w in seen]) for p, row in zip(prior.tolist(), tables, strict=True)]
    belief = share(joint)
    return [float(b) for b in belief], [float(p) for p in guess(belief, tables)]


@pytest.mark.parametrize("case", guess_hole.cases)
def test_belief_and_guess_are_those_of_fractions(case):
    for made, exact in zip(guess_hole.expected(*case), _fractions(*case), strict=True):
        np.testing.assert_allclose(made, exact, rtol=1e-9, atol=1e-14)
        assert made.sum() == pytest.approx(1, abs=1e-12)


def test_the_guess_at_a_content_word_is_the_grammar_s():
    task = Grammar(4, 5, 2, 0.4)
    x, _ = task.sentences(6, np.random.default_rng(1))
    content = [t for t, kind in enumerate(task.kinds) if kind == "content"]
    low = task.vocabulary.ids["a0"]
    tables, exact = np.repeat(task.topic_shares, task.words, 1) / task.words, task.cloze_probabilities(x)
    for row, p in zip(x, exact, strict=True):
        for i, t in enumerate(content):
            _, guess = guess_hole.expected(np.full(4, 0.25), tables, row[content] - low, i)
            np.testing.assert_allclose(guess, p[t, low:], rtol=1e-10)


def test_cases_are_mixed_have_a_word_that_a_topic_lacks_and_one_that_underflows():
    mixed = [guess_hole.expected(*case)[0].max() < 0.9 for case in guess_hole.cases]
    assert mixed.count(True) >= 2
    products = [tables[:, np.delete(x, t)].prod(1).max() for _, tables, x, t in guess_hole.cases]
    assert products.count(0) == 1
    assert any((tables[:, np.delete(x, t)] == 0).any() for _, tables, x, t in guess_hole.cases)
    assert any((np.delete(x, t) == x[t]).any() for _, _, x, t in guess_hole.cases)
    for prior, tables, x, t in guess_hole.cases:
        assert len(set(prior.tolist())) > 1
        np.testing.assert_allclose(prior.sum(), 1, rtol=1e-15)
        np.testing.assert_allclose(tables.sum(1), 1, rtol=1e-15)
        assert 0 < t < len(x) - 1
        for values in (prior, tables):
            np.testing.assert_array_equal(values.astype(np.float32), values)
        if len(x) > 100:  # there float32 must not lose what the sum of so many logarithms says
            assert guess_hole.expected(prior, tables, x, t)[0].max() > 1 - 1e-9


def _changed(**changes):
    return lambda *given: _fractions(*given, **changes)


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _changed()),
        ("own word", _changed(reads=lambda s, t, x: True)),
        ("own word alone", _changed(reads=lambda s, t, x: s == t)),
        ("one side", _changed(reads=lambda s, t, x: s < t)),
        ("one side", _changed(reads=lambda s, t, x: s > t)),
        ("hole elsewhere", _changed(reads=lambda s, t, x: s != t - 1)),
        ("hole elsewhere", _changed(reads=lambda s, t, x: s != t + 1)),
        ("same words", _changed(reads=lambda s, t, x: x[s] != x[t])),
        ("no prior", _changed(weigh=lambda p, row: prod(row))),
        ("prior for each word", _changed(weigh=lambda p, row: p ** len(row) * prod(row))),
        ("prior for each word", _changed(weigh=lambda p, row: p**2 * prod(row))),
        ("prior added", _changed(weigh=lambda p, row: Fraction(np.exp(float(p))) * prod(row))),
        ("probabilities added", _changed(weigh=lambda p, row: p * sum(row))),
        ("best topic", _changed(guess=lambda belief, tables: tables[belief.index(max(belief))])),
        ("best topic", _changed(share=lambda joint: [int(p == max(joint)) for p in joint])),
        (
            "mean of topics",
            _changed(guess=lambda belief, tables: [sum(column) / len(tables) for column in zip(*tables, strict=True)]),
        ),
        ("not normalised", _changed(share=lambda joint: joint)),
        ("order", lambda *given: _fractions(*given)[::-1]),
        ("guess alone", lambda *given: _fractions(*given)[1]),
    ],
)
def test_another_reading_is_told_as_such(id, function):
    assert guess_hole.judge(function).id == id


def _floats(prior, tables, x, t, *, belief, guess=lambda b, tables: tables.T @ b):
    with np.errstate(all="ignore"):
        b = belief(np.log(prior), np.log(tables)[:, [word for s, word in enumerate(x) if s != t]])
        return b, guess(b, tables)


def _exp(logs):
    return np.exp(logs) / np.exp(logs).sum()


def _careful(prior, logs):
    logs = prior + logs.sum(1)
    return _exp(logs - logs.max())


@pytest.mark.parametrize(
    ("id", "changes"),
    [
        ("right", {"belief": _careful}),
        ("underflow", {"belief": lambda prior, logs: _exp(prior + logs.sum(1))}),
        ("underflow", {"belief": lambda prior, logs: (p := np.exp(prior + logs.sum(1))) / max(p.sum(), 1e-300)}),
        ("underflow", {"belief": lambda prior, logs: (p := np.exp(prior + logs.sum(1)) + 1e-300) / p.sum()}),
        ("not normalised", {"belief": lambda prior, logs: np.exp(prior + logs.sum(1))}),
        ("logs", {"belief": lambda prior, logs: prior + logs.sum(1)}),
        ("mean of logs", {"belief": lambda prior, logs: _exp(prior + logs.mean(1))}),
        (
            "product of topics",
            {"belief": _careful, "guess": lambda b, tables: _exp((b[:, None] * np.log(tables)).sum(0))},
        ),
    ],
)
def test_another_arithmetic_is_told_as_such(id, changes):
    assert guess_hole.judge(lambda *given: _floats(*given, **changes)).id == id


def test_another_guess_from_the_right_belief_is_told():
    def judged(guess):
        def answer(prior, tables, x, t):
            belief, right = _floats(prior, tables, x, t, belief=_careful)
            return belief, guess(prior, tables, x, t, right)

        return guess_hole.judge(answer).id

    assert judged(lambda prior, tables, x, t, right: tables.T @ prior) == "prior guess"
    assert judged(lambda prior, tables, x, t, right: right[x[t]]) == "own word known"
    assert judged(lambda prior, tables, x, t, right: list(right).index(max(right))) == "best word"
