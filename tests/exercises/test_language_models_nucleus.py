"""The nucleus of chapter 10: the right answer, found by trying all sets, and who drops the token that reaches it."""

import itertools

import numpy as np
import pytest

from seqlib.exercises.language_models import nucleus as exported
from seqlib.exercises.language_models_nucleus import nucleus


def test_the_nucleus_is_the_smallest_set_that_reaches_the_mass():
    for p, mass in nucleus.cases:
        sets = [s for k in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), k)]
        enough = [s for s in sets if p[list(s)].sum() >= mass]
        fewest = min(map(len, enough))
        best = max((s for s in enough if len(s) == fewest), key=lambda s: p[list(s)].sum())
        kept = nucleus.expected(p, mass)
        assert np.flatnonzero(kept).tolist() == sorted(best)
        np.testing.assert_allclose(kept[list(best)], p[list(best)] / p[list(best)].sum())


@pytest.mark.parametrize("least", [0, 1])
@pytest.mark.parametrize("divided", [True, False])
def test_who_drops_the_token_that_reaches_the_mass_is_told_so_even_where_nothing_is_left(least, divided):
    def answer(p, mass):
        order = np.argsort(-p)
        kept = np.zeros_like(p)
        keep = order[: max(int((p[order].cumsum() < mass).sum()), least)]
        kept[keep] = p[keep]
        return kept / kept.sum() if divided else kept

    told = nucleus.judge(answer)
    assert told.status == "wrong"
    if least == 0 or divided:
        assert told.id == "one too few"
    assert any(p.max() > mass for p, mass in nucleus.cases)  # where it is left with nothing


def test_the_page_gets_this_exercise_from_language_models():
    assert exported is nucleus
