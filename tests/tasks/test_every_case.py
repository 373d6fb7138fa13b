"""Every task that lists its cases: they are what samples come from, with their probabilities, and each comes once.

A task with `every_case` needs a row in LISTED, small enough that most of its cases are drawn several times.
"""

from collections import Counter

import numpy as np
import pytest

from seqlib import tasks
from seqlib.tasks import Captions, Copying, Glyphs, Phrases, Reviews, Translation

LISTED = [
    Captions((0, 2)),
    Copying((1, 3), 3, reverse_source=True),
    Copying((2, 3), 4, order="reversed", permutation=(2, 0, 3, 1), eos_in_source=False),
    Glyphs(0.2),
    Phrases((0, 2), 1),
    Reviews((0, 3), 0.1),
    Translation(("countries", "quantities"), "valid"),
    Translation("languages", "all", eos_in_source=False),
]
N = 40_000


@pytest.fixture(params=LISTED, ids=[f"{type(task).__name__}-{k}" for k, task in enumerate(LISTED)])
def task(request):
    """Every task that lists its cases, in turn."""
    return request.param


def rows(batch):
    """Each sequence of a batch without its padding: what is read, what is answered, and at which steps."""
    x, *more = batch.inputs
    lengths = more[0] if more else np.full(len(x), x.shape[1])
    previous = more[1:] or [np.zeros_like(batch.mask)]
    return [
        (one[:n].tobytes(), before[keeps].tobytes(), y[keeps].tobytes(), keeps.nonzero()[0].tobytes())
        for one, n, before, y, keeps in zip(x, lengths, previous[0], batch.y, batch.mask, strict=True)
    ]


def test_every_task_that_lists_its_cases_is_here():
    kinds = {kind for kind in vars(tasks).values() if isinstance(kind, type) and hasattr(kind, "every_case")}
    assert kinds == {type(task) for task in LISTED}
    assert len(kinds) >= 6


def test_every_case_is_what_samples_come_from(task):
    """Pearson's statistic, all cases rarer than 5 in N as one, stays within six standard deviations of its mean."""
    batch, p = task.every_case()
    task._check(batch, len(p))
    assert p.min() > 0
    assert p.sum() == pytest.approx(1, abs=1e-12)
    cases = rows(batch)
    assert len(set(cases)) == len(cases) == len(p)
    drawn = Counter(rows(task.sample(N, np.random.default_rng(5))))
    assert drawn.keys() <= set(cases)
    expected, counted = N * p, np.array([drawn[case] for case in cases])
    often = expected >= 5
    assert often.sum() >= 20
    groups = [(counted[often], expected[often]), (counted[~often].sum(), expected[~often].sum())]
    pearson = sum((np.square(seen - mean) / np.maximum(mean, 1e-9)).sum() for seen, mean in groups)
    df = often.sum() - 1 + (not often.all())
    assert abs(pearson - df) < 6 * np.sqrt(2 * df)


def test_cases_are_the_callers_own(task):
    batch, p = task.every_case()
    kept = rows(batch), p.copy()
    for array in (*batch.inputs, batch.y, batch.mask, p):
        array[:] = 0
    again, p = task.every_case()
    assert rows(again) == kept[0]
    assert np.array_equal(p, kept[1])
    assert set(rows(task.sample(500, np.random.default_rng(6)))) <= set(kept[0])
