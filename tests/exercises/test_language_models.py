"""The practice of chapter 10: the right answers are distributions, and agree with the definitions."""

import numpy as np
import pytest

from seqlib.exercises import language_models as practice


@pytest.mark.parametrize("exercise", [practice.temper, practice.nucleus, practice.kneser_ney, practice.continuation])
def test_what_is_asked_for_is_a_distribution(exercise):
    for case in exercise.cases:
        p = exercise.expected(*case)
        assert p.min() >= 0
        assert p.sum() == pytest.approx(1)


def test_perplexity_of_a_uniform_model_is_the_size_of_its_vocabulary():
    mask = np.array([[True, True, False], [True, False, False]])
    log_p = np.where(mask, -np.log(50), 7.0)
    assert practice.perplexity.expected(log_p, mask) == pytest.approx(50)


def test_temperature_keeps_the_ratios_of_the_logarithms():
    for p, tau in practice.temper.cases:
        q = practice.temper.expected(p, tau)
        np.testing.assert_allclose(np.diff(np.log(q)) * tau, np.diff(np.log(p)))
