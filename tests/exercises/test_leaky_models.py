"""The models of chapter 7's exercise on leaks see what their names say, and say what they take."""

import numpy as np
import pytest
import torch

from seqlib.exercises.leaks import leaks

SEES = {  # which words an answer depends on: of step, word and the sequence
    "sees_one_word_ahead": lambda i, j, row: j == i + 1,
    "sees_two_words_ahead": lambda i, j, row: j == i + 2,
    "sees_the_word_before": lambda i, j, row: j == i - 1,
    "sees_the_last_word_from_the_first": lambda i, j, row: j == i + 4,
    "sees_no_word": lambda i, j, row: False,
    "reads_forwards": lambda i, j, row: j <= i,
    "rounds": lambda i, j, row: j <= i,
    "reads_both_ways": lambda i, j, row: True,
    "rounds_to_float32": lambda i, j, row: j <= i,
    **{f"notices_word_{word}": lambda i, j, row: j <= i + 1 for word in (0, 3, 23, 39, 103, 223)},
    "sees_a_little_ahead": lambda i, j, row: j in (i, i + 1),
    "hardly_sees_ahead": lambda i, j, row: j in (i, i + 1),
    "sees_ahead_unless_last": lambda i, j, row: j == i + 1 < len(row) - 1,
    "sees_ahead_after_word_2": lambda i, j, row: j == i + 1 and row[0] == 2,
}
LEAST = {"hardly_sees_ahead": 1e-4}  # by which an answer moves that depends on a word
ROUNDED = {"rounds_to_float32": 5e-7}  # by which one moves at most that does not
CASES = [pytest.param(*case, id=f"{case[0].__name__}-{k}") for k, case in enumerate(leaks.cases)]


def moved(model, x, j):
    """By how much each answer moves at most when the word at j is another one: (B, T)."""
    before, most = model(x), np.zeros(x.shape)
    for word in range(before.shape[2]):
        other = x.copy()
        other[:, j] = word
        most = np.maximum(most, abs(model(other) - before).max(2))
    return most


@pytest.mark.parametrize(("model", "x", "t"), CASES)
def test_a_model_sees_what_its_name_says(model, x, t):
    sees = SEES[model.__name__]
    for j in range(x.shape[1]):
        if model.__name__ == "sees_ahead_after_word_2" and j == 0:
            continue  # by another first word the sequence is another one
        needed = np.array([[sees(i, j, row) for i in range(x.shape[1])] for row in x])
        size = moved(model, x, j)
        np.testing.assert_array_equal(size > 1e-6, needed)
        assert size[needed].min(initial=1.0) > LEAST.get(model.__name__, 0.005)
        assert size[~needed].max(initial=0.0) < ROUNDED.get(model.__name__, 1e-12)
    assert leaks.expected(model, x, t) is bool((moved(model, x, t)[:, :t] > 1e-6).any())
    assert 1 <= t < x.shape[1]
    assert len(x) > 1


def case(name):
    return next(case for case in leaks.cases if case[0].__name__ == name)


@pytest.mark.parametrize(("name", "least", "most"), [("rounds", 0, 1e-12), ("rounds_to_float32", 2e-9, 5e-7)])
def test_some_models_round(name, least, most):
    model, x, t = case(name)
    assert least < moved(model, x, t)[:, :t].max() < most


@pytest.mark.parametrize(
    ("name", "least", "most"), [("hardly_sees_ahead", 1e-4, 1e-3), ("sees_a_little_ahead", 5e-3, 1e-2)]
)
def test_some_leaks_are_small(name, least, most):
    model, x, t = case(name)
    assert least < moved(model, x, t)[:, :t].max() < most


def test_a_model_takes_texts_shorter_than_it_looks_ahead():
    for model, x, _ in leaks.cases:
        for t in range(x.shape[1]):
            assert model(x[:, :t]).shape == (len(x), t, model(x).shape[2])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([[0, 5]], "the words are 0 to 4, got 0 to 5"),
        ([[-1, 4]], "the words are 0 to 4, got -1 to 4"),
        ([0, 1], r"whole numbers of shape \(B, T\), got int64 of shape \(2,\)"),
        ([[0.0, 1.0]], r"whole numbers of shape \(B, T\), got float64 of shape \(1, 2\)"),
    ],
)
def test_a_model_says_what_it_takes(words, said):
    model = leaks.cases[0][0]
    with pytest.raises(ValueError, match=said):
        model(words)
    assert model(torch.tensor([[0, 4]])).shape == (1, 2, 5)
    assert model(np.zeros((2, 0), dtype=int)).shape == (2, 0, 5)
