"""The practice of chapter 7, exercise 1: its models see what their names say, and networks are judged as they are."""

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
    "notices_word_3": lambda i, j, row: j <= i + 1,
    "notices_word_23": lambda i, j, row: j <= i + 1,
    "sees_a_little_ahead": lambda i, j, row: j in (i, i + 1),
    "sees_ahead_after_word_2": lambda i, j, row: j == i + 1 and row[0] == 2,
}
CASES = [pytest.param(*case, id=f"{case[0].__name__}-{case[2]}") for case in leaks.cases]


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
        assert size[needed].min(initial=1.0) > 0.005
        assert size[~needed].max(initial=0.0) < 1e-12
    assert leaks.expected(model, x, t) is bool((moved(model, x, t)[:, :t] > 1e-6).any())
    assert 1 <= t < x.shape[1]
    assert len(x) > 1


def test_one_word_at_random_will_hardly_do():
    rng = np.random.default_rng(0)

    def answer(model, x, t):
        before, other = model(x), x.copy()
        other[:, t] = rng.integers(before.shape[2], size=len(x))
        return bool(abs(model(other) - before)[:, :t].max() > 1e-6)

    said = [leaks.judge(answer).id for _ in range(100)]
    assert said.count("right") <= 2
    assert said.count("not every word") >= 50


def test_one_model_rounds():
    model, x, t = next(case for case in leaks.cases if case[0].__name__ == "rounds")
    assert 0 < moved(model, x, t)[:, :t].max() < 1e-12


def test_some_leak_and_some_do_not():
    assert {leaks.expected(*case) for case in leaks.cases} == {True, False}


@pytest.mark.parametrize("both", [False, True])
def test_networks_are_judged_as_they_are(both):
    torch.manual_seed(0)
    words, core = torch.nn.Embedding(6, 4), torch.nn.GRU(4, 5, batch_first=True, bidirectional=both)
    out = torch.nn.Linear(10 if both else 5, 6)

    def model(x):
        with torch.no_grad():
            return out(core(words(torch.tensor(x)))[0]).double().numpy()

    x = np.random.default_rng(1).integers(6, size=(3, 7))
    assert [leaks.expected(model, x, t) for t in (1, 3, 6)] == [both] * 3


@pytest.mark.parametrize("form", [bool, np.bool_, np.asarray, torch.tensor, int, str, float, lambda found: [found]])
def test_every_form_of_true_and_false_and_nothing_else(form):
    result = leaks.judge(lambda *case: form(leaks.expected(*case)))
    assert result.status == ("right" if form in (bool, np.bool_, np.asarray, torch.tensor) else "wrong")


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
