"""The practice of chapter 8 over seeds: luck is that of the sign test, and a run that diverged is no luck."""

import numpy as np
import pytest

from seqlib.evidence import sign_test
from seqlib.exercises import comparison_seeds as practice


def test_luck_is_the_sign_test():
    for a, b in practice.luck.cases:
        assert practice.luck.expected(a, b) == pytest.approx(sign_test(int(np.sum(a < b)), len(a)))
        assert len(set(a) & set(b)) == 0


def test_a_rate_is_best_by_its_median_and_divergence_is_no_luck():
    assert practice.best_rates.expected(np.array([[[1, np.nan, np.nan], [9, 9, 9]]])).tolist() == [1]
    assert practice.best_rates.expected(np.array([[[1, 1, np.nan], [9, 9, 9]]])).tolist() == [0]


def test_a_rate_with_a_run_that_diverged_can_be_the_best_one_and_need_not_be():
    chosen = [(e, practice.best_rates.expected(e)) for (e,) in practice.best_rates.cases]
    lost = [
        np.isnan(e[arm, rate]).any() for e, rates in chosen for arm, rate in enumerate(rates) if np.isnan(e[arm]).any()
    ]
    assert {False, True} == set(map(bool, lost))


def test_luck_is_asked_of_one_who_loses_too():
    wins = [np.mean(a < b) for a, b in practice.luck.cases]
    assert min(wins) < 0.5 < max(wins)
