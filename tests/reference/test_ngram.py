"""The window predictor: counts by another way, its limits, and the floor of a window reached exactly."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.reference import ngram
from seqlib.tasks import Blanks

V = 4
SEQUENCES = st.lists(st.lists(st.integers(0, V - 1), max_size=8), max_size=6)


def seen_by(context, n):
    """The window as text: the last n - 1 symbols, with a sign for each position before the beginning."""
    return ("^" * (n - 1) + "".join(map(str, context)))[len(context) :]


def by_hand(sequences, context, n, alpha):
    """Go through all positions anew for one context."""
    window = seen_by(context, n)
    followers = [s[t] for s in sequences for t in range(len(s)) if seen_by(s[:t], n) == window]
    counts = np.array([followers.count(v) for v in range(V)])
    return (counts + alpha) / (len(followers) + alpha * V)


@given(SEQUENCES, st.lists(st.integers(0, V - 1), max_size=5), st.integers(1, 4), st.sampled_from([0.1, 1.0, 2.5]))
def test_probabilities_equal_counting_by_hand(sequences, context, n, alpha):
    model = ngram.fit(sequences, n, V, alpha=alpha)
    got = np.exp(model.log_probs(context))
    np.testing.assert_allclose(got, by_hand(sequences, context, n, alpha), atol=1e-13)
    assert got.sum() == pytest.approx(1, abs=1e-12)


@given(SEQUENCES, st.lists(st.integers(0, V - 1), min_size=6, max_size=6), st.integers(1, 4))
def test_only_the_window_matters(sequences, context, n):
    model = ngram.fit(sequences, n, V)
    changed = [(v + 1) % V for v in context[: len(context) - n + 1]] + context[len(context) - n + 1 :]
    np.testing.assert_array_equal(model.log_probs(context), model.log_probs(changed))


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_predict_gives_the_next_symbol_at_every_position(n):
    rng = np.random.default_rng(n)
    ids = rng.integers(0, V, (3, 5))
    model = ngram.fit(rng.integers(0, V, (20, 6)), n, V)
    out = ngram.predict(model, ids)
    assert out.shape == (3, 5, V)
    for b, t in itertools.product(range(3), range(5)):
        np.testing.assert_array_equal(out[b, t], model.log_probs(ids[b, : t + 1]))
    later = ids.copy()
    later[:, 3:] = (later[:, 3:] + 1) % V
    np.testing.assert_array_equal(ngram.predict(model, later)[:, :3], out[:, :3])
    assert ngram.predict(model, ids[:0]).shape == (0, 5, V)
    assert ngram.predict(model, ids[:, :0]).shape == (3, 0, V)


def test_without_smoothing_it_is_the_frequency():
    model = ngram.fit([[0, 1, 0, 1, 0, 2]], 2, V, alpha=0.0)
    np.testing.assert_allclose(np.exp(model.log_probs([0])), [0, 2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(np.exp(model.log_probs([2])), np.full(V, 1 / V))  # never followed by anything
    np.testing.assert_allclose(np.exp(model.log_probs([])), [1, 0, 0, 0])  # what sequences begin with


def test_the_beginning_is_a_context_of_its_own():
    model = ngram.fit([[0, 1], [2, 0, 0]], 3, V, alpha=0.0)
    np.testing.assert_allclose(np.exp(model.log_probs([0])), [0, 1, 0, 0])  # 0 at the beginning
    np.testing.assert_allclose(np.exp(model.log_probs([2, 0])), [1, 0, 0, 0])  # 0 later on


def test_without_data_it_is_uniform():
    np.testing.assert_allclose(np.exp(ngram.fit([], 3, V).log_probs([1, 2])), np.full(V, 1 / V))


def test_asking_changes_nothing():
    model = ngram.fit([[0, 1, 2]], 2, V)
    before = {context: counts.copy() for context, counts in model.counts.items()}
    model.log_probs([3])
    ngram.predict(model, np.array([[3, 0]]))
    assert model.counts.keys() == before.keys()
    assert all((model.counts[context] == counts).all() for context, counts in before.items())


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_counts_take_memory_by_what_occurred(n):
    """20,000 tokens at V = 2000: a dense row for each context would be 309 MB."""
    ids = np.random.default_rng(0).integers(0, 2000, 20_000)
    tracemalloc.start()
    model = ngram.fit([ids], n, 2000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15e6
    assert sum(counts.sum() for counts in model.counts.values()) == 20_000
    following = ids[n - 1 :][[tuple(ids[t : t + n - 1]) == tuple(ids[: n - 1]) for t in range(20_001 - n)]]
    np.testing.assert_array_equal(model.counts[tuple(ids[: n - 1].tolist())], np.bincount(following, minlength=2000))


@pytest.mark.parametrize(("distance", "n"), list(itertools.product([1, 3, 4, 5], range(2, 8))))
def test_given_the_whole_grammar_it_reaches_the_floor_of_its_window_exactly(distance, n):
    """Each sentence of the grammar is counted as often as it is likely: the counts are the true distribution.

    So no predictor with that window does better, and the loss is chance as long as the cue lies outside. A model with
    n = 1 is left out: it sees no word at all, so it cannot tell the blank from other positions.
    """
    task = Blanks(distance)
    encode = task.vocabulary.encode
    sentences = list(task.enumerate())
    rarest = min(p for _, p in sentences)  # all others are a whole number of times as likely
    copies = [encode(words) for words, p in sentences for _ in range(round(p / rarest))]
    model = ngram.fit(copies, n, task.vocab_size, alpha=0.0)
    loss = -sum(p * model.log_probs(encode(words[:-1]))[encode(words[-1:])[0]] for words, p in sentences)
    assert loss == pytest.approx(task.window_floor(n - 1), abs=1e-12)
    assert loss == pytest.approx(task.chance if n - 1 < distance else task.floor, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ngram.fit([[0, 1]], 0, V), "n must"),
        (lambda: ngram.fit([[0, 1]], 2.0, V), "n must"),
        (lambda: ngram.fit([[0, 1]], 2, 0), "V must"),
        (lambda: ngram.fit([[0, 1]], 2, V, alpha=-0.1), "alpha"),
        (lambda: ngram.fit([[0, 1]], 2, V, alpha=float("nan")), "alpha"),
        (lambda: ngram.fit([[0, 1], [V]], 2, V), r"sequences\[1\]"),
        (lambda: ngram.fit([[0, -1]], 2, V), r"sequences\[0\]"),
        (lambda: ngram.fit([[0.5]], 2, V), r"sequences\[0\]"),
        (lambda: ngram.fit([0, 1], 2, V), r"sequences\[0\]"),
        (lambda: ngram.fit(["ab"], 2, V), r"sequences\[0\]"),
        (lambda: ngram.fit(3, 2, V), "sequences must"),
        (lambda: ngram.fit([[0]], 2, V).log_probs([V]), "context"),
        (lambda: ngram.fit([[0]], 2, V).log_probs(1), "context"),
        (lambda: ngram.predict(ngram.fit([[0]], 2, V), np.array([0, 1])), "ids must"),
        (lambda: ngram.predict(ngram.fit([[0]], 2, V), np.array([[0.0]])), "ids must"),
        (lambda: ngram.predict(ngram.fit([[0]], 2, V), np.array([[V]])), "ids must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
