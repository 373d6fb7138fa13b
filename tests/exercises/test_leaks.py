"""The practice of chapter 7, exercise 1: networks are judged as they are, and an answer is True or False."""

import numpy as np
import pytest
import torch

from seqlib.exercises.leaks import leaks


@pytest.mark.parametrize(("words", "right", "told"), [(1, 1, 25), (100, 5, 0)])
def test_words_at_random_will_hardly_do(words, right, told):
    rng = np.random.default_rng(0)

    def answer(model, x, t):
        before, other = model(x), x.copy()
        for _ in range(words):
            other[:, t] = rng.integers(before.shape[2])
            if abs(model(other) - before)[:, :t].max() > 1e-6:
                return True
        return False

    said = [leaks.judge(answer).id for _ in range(50)]
    assert said.count("right") <= right
    assert said.count("not every word") >= told


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
