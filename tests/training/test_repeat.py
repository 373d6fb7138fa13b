"""repeat: values side by side, their median and its interval."""

import numpy as np
import pytest

from seqlib.training import History, fit, repeat


def test_five_seeds_give_median_and_extremes_at_their_true_level():
    answers = {3: (9.0, -1.0), 1: (2.0, 0.0), 4: (5.0, 7.0), 0: (1.0, 3.0), 8: (4.0, 100.0)}
    result = repeat(lambda seed: answers[seed], [3, 1, 4, 0, 8])
    assert result.values.tolist() == [list(answer) for answer in answers.values()]
    assert result.results == list(answers.values())
    assert result.median.tolist() == [4.0, 3.0]
    assert result.low.tolist() == [1.0, -1.0]
    assert result.high.tolist() == [9.0, 100.0]
    assert result.level == pytest.approx(1 - 2 / 2**5)


def test_more_seeds_leave_the_extremes_out():
    result = repeat(lambda seed: seed**2, range(12))  # P(at most 2 of 12 on one side) = 79/4096
    assert (result.low, result.high) == (2**2, 9**2)
    assert result.median == (5**2 + 6**2) / 2
    assert result.level == pytest.approx(1 - 2 * 79 / 4096)


def test_of_trainings_the_loss_curves_count(task, network):
    runs = repeat(lambda seed: fit(network, task, steps=4, seed=seed), range(2))
    assert runs.values.shape == (2, 4)
    assert all(isinstance(run, History) for run in runs.results)
    assert (runs.values[1] == fit(network, task, steps=4, seed=1).loss).all()
    assert (runs.values[0] != runs.values[1]).any()


def test_numpys_numbers_are_seeds():
    assert repeat(lambda seed: type(seed) is int, np.arange(3)).values.all()


@pytest.mark.parametrize(
    ("run", "seeds", "name"),
    [
        (lambda s: s, [1], "^seeds"),
        (lambda s: s, [1, 1], "^seeds"),
        (lambda s: s, [1.5, 2], "^seeds"),
        (lambda s: s, [-1, 2], "^seeds"),
        (lambda s: [0] * s, [1, 2], "^run must"),
    ],
)
def test_bad_input_is_named(run, seeds, name):
    with pytest.raises((ValueError, TypeError), match=name):
        repeat(run, seeds)
