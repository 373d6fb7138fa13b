"""The adding problem: marks, sums, chance."""

import numpy as np
import pytest

from seqlib.tasks import Adding


@pytest.mark.parametrize("T", [2, 3, 10, 41])
def test_one_mark_in_each_half_and_the_sum_at_the_end(T):
    (x,), y, mask = Adding(T).sample(500, np.random.default_rng(0))
    marks = x[:, :, 1]
    assert set(np.unique(marks)) <= {0.0, 1.0}
    assert (marks[:, : T // 2].sum(1) == 1).all()
    assert (marks[:, T // 2 :].sum(1) == 1).all()
    assert np.allclose(y[:, -1, 0], (x[:, :, 0] * marks).sum(1))
    assert (mask.sum(1) == 1).all()
    assert mask[:, -1].all()
    assert (marks.sum(0) > 0).all(), "every place is marked at some time"


def test_levels():
    task = Adding(10)
    y = task.sample(200000, np.random.default_rng(0)).y[:, -1, 0]
    assert task.floor == 0
    assert task.chance == pytest.approx(1 / 6)
    assert y.var() == pytest.approx(task.chance, rel=0.02)
    assert y.mean() == pytest.approx(1, abs=0.01)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="T must"):
        Adding(1)
