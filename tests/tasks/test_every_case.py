"""Tasks that list every case: the cases are what samples come from, with their probabilities, and each comes once."""

import numpy as np
import pytest

from seqlib.tasks import Captions, Glyphs, Phrases, Reviews

LISTED = [Captions((0, 2)), Glyphs(0.2), Phrases((0, 2), 1), Reviews((0, 3), 0.1)]


@pytest.mark.parametrize("task", LISTED, ids=lambda task: task.name)
def test_every_case_is_what_samples_come_from(task):
    batch, p = task.every_case()
    assert p.sum() == pytest.approx(1, abs=1e-12)
    task._check(batch, len(p))
    drawn = task.sample(40_000, np.random.default_rng(5))
    listed = p @ (batch.mask[..., None] & (batch.y[..., None] == np.arange(task.n_out))).sum(1)
    counted = (drawn.mask[..., None] & (drawn.y[..., None] == np.arange(task.n_out))).sum((0, 1)) / 40_000
    np.testing.assert_allclose(counted, listed, atol=0.015)
    rows = np.concatenate([np.reshape(batch.inputs[0], (len(p), -1)), batch.y], 1)
    assert len(np.unique(rows, axis=0)) == len(p)
