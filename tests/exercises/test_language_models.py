"""The practice of chapter 10: the right answers are distributions, and what the definitions say, found another way."""

import itertools

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


def test_the_nucleus_is_the_smallest_set_that_reaches_the_mass():
    for p, mass in practice.nucleus.cases:
        sets = [s for k in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), k)]
        enough = [s for s in sets if p[list(s)].sum() >= mass]
        fewest = min(map(len, enough))
        best = max((s for s in enough if len(s) == fewest), key=lambda s: p[list(s)].sum())
        kept = practice.nucleus.expected(p, mass)
        assert np.flatnonzero(kept).tolist() == sorted(best)
        np.testing.assert_allclose(kept[list(best)], p[list(best)] / p[list(best)].sum())


def test_temperature_keeps_the_ratios_of_the_logarithms():
    for p, tau in practice.temper.cases:
        q = practice.temper.expected(p, tau)
        np.testing.assert_allclose(np.diff(np.log(q)) * tau, np.diff(np.log(p)))
