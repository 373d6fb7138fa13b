"""Texts in chunks that continue each other: every id is asked for once, in its place."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.batching import Batch, Chunks, chunks

TEXTS = st.lists(st.integers(2, 12), min_size=1, max_size=7)


def read(data):
    """The sequences that the rows go through, put together again, and the ids asked for after each of them."""
    found = []
    rows = [None] * data.starts.shape[1]
    for batch, starts in zip(data, data.starts, strict=True):
        (x,) = batch.inputs
        for b, start in enumerate(starts):
            n = int(batch.mask[b].sum())
            assert batch.mask[b].tolist() == [True] * n + [False] * (x.shape[1] - n)
            if start:
                rows[b] = ([], [])
                if n:
                    found.append(rows[b])
            rows[b][0].extend(x[b, :n].tolist())
            rows[b][1].extend(batch.y[b, :n].tolist())
    return found


@given(TEXTS, st.integers(1, 5), st.integers(1, 13))
def test_every_id_is_asked_for_once(sizes, batch_size, length):
    texts = [np.arange(n) + 100 * i for i, n in enumerate(sizes)]
    data = chunks(texts, batch_size, length)
    assert [x for x, _ in sorted(read(data))] == [text[:-1].tolist() for text in texts]
    assert [y for _, y in sorted(read(data))] == [text[1:].tolist() for text in texts]
    for batch in data:
        assert batch.inputs[0].shape == batch.y.shape == batch.mask.shape
        assert batch.mask.shape[0] == batch_size
        assert batch.mask.shape[1] == min(length, batch.mask.sum(1).max())  # no column of padding alone
    # a row takes a new text in the very next batch, as long as there is one
    idle = [~batch.mask.any(1) for batch in data]
    assert all((before <= after).all() for before, after in itertools.pairwise(idle))
    assert data.starts[0].all()
    assert not any(starts[rows].any() for starts, rows in zip(data.starts[1:], idle[1:], strict=True))


@given(st.integers(2, 60), st.integers(1, 5), st.integers(1, 13))
def test_one_text_is_cut_into_rows(size, batch_size, length):
    text = np.arange(size) * 3
    if size <= batch_size:
        with pytest.raises(ValueError, match=f"longer than batch_size={batch_size} to fill its rows, got {size} ids"):
            chunks(text, batch_size, length)
        return
    data = chunks(text, batch_size, length)
    rows = read(data)
    assert [i for _, y in rows for i in y] == text[1:].tolist()
    assert [i for x, _ in rows for i in x] == text[:-1].tolist()
    assert len(rows) == batch_size
    assert max(len(x) for x, _ in rows) - min(len(x) for x, _ in rows) <= 1
    assert data.starts.tolist() == [[True] * batch_size] + [[False] * batch_size] * (len(data) - 1)
    assert len(data) == -(-max(len(x) for x, _ in rows) // length)


def test_a_part_begins_where_it_begins():
    data = chunks(np.arange(40), 2, 4)
    part = data[2:4]
    assert isinstance(part, Chunks)
    assert part.starts.tolist() == [[True, True], [False, False]]
    assert data.starts.tolist() == [[True, True]] + [[False, False]] * 4
    assert [b.y.tolist() for b in part] == [b.y.tolist() for b in data.batches[2:4]]
    assert data[-1].y.tolist() == data.batches[4].y.tolist()
    assert type(list(data)) is list


ONE = Batch((np.zeros((2, 3), int),), np.zeros((2, 3), int), np.ones((2, 3), bool))
BAD = [
    (lambda: chunks(np.arange(9), 0, 3), ValueError, "batch_size must be at least 1, got 0"),
    (lambda: chunks(np.arange(9), 2, 0), ValueError, "length must be at least 1, got 0"),
    (lambda: chunks([], 1, 3), ValueError, "sequences must hold at least one sequence, got none"),
    (lambda: chunks([[1, 2], [3]], 1, 3), ValueError, r"sequences\[1\] must have at least two ids"),
    (
        lambda: chunks([[1, 2], [3, -4]], 1, 3),
        ValueError,
        r"sequences\[1\] must hold ids .*, but sequences\[1\]\[1\] is -4",
    ),
    (lambda: chunks([[1, 2], [0.5, 3]], 1, 3), TypeError, r"sequences\[1\] must hold integer ids, got dtype float64"),
    (lambda: chunks(3, 1, 3), TypeError, "sequences must be ids, or a list of sequences of ids, got int"),
    (lambda: chunks([[[1, 2]]], 1, 3), ValueError, r"sequences\[0\] must have shape \(T\), got \(1, 2\)"),
    (
        lambda: Chunks([], np.ones((0, 1), bool)),
        TypeError,
        "batches must be a list of at least one seqlib.batching.Batch",
    ),
    (lambda: Chunks([ONE, 3], np.ones((2, 2), bool)), TypeError, "batches must be a list"),
    (lambda: Chunks([ONE, ONE], np.ones((2, 2))), TypeError, "starts must be boolean"),
    (lambda: Chunks([ONE, ONE], np.ones((1, 2), bool)), ValueError, r"starts must have shape \(2, 2\), got \(1, 2\)"),
    (
        lambda: Chunks([ONE], np.array([[True, False]])),
        ValueError,
        "starts must be True for every row of the first batch",
    ),
    (
        lambda: Chunks([ONE, Batch((ONE.inputs[0][:1],), ONE.y[:1], ONE.mask[:1])], np.ones((2, 2), bool)),
        ValueError,
        r"batches must have the same number of rows to continue each other, got \[1, 2\]",
    ),
    (lambda: chunks(np.arange(9), 1, 3)[::2], ValueError, "index must take one batch after the other, got a step of 2"),
    (lambda: chunks(np.arange(9), 1, 3)[9:], TypeError, "batches must be a list of at least one"),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(make, error, message):
    with pytest.raises(error, match=message):
        make()
