"""The n-gram model against counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.reference import ngram

SEQUENCES = st.lists(st.lists(st.integers(0, 3), max_size=8), min_size=1, max_size=6)


@given(SEQUENCES, st.integers(1, 4), st.sampled_from([0.1, 1.0, 2.5]), st.lists(st.integers(0, 3), max_size=5))
def test_equals_counting_by_hand(sequences, n, alpha, context):
    model = ngram.fit(sequences, n, 4, alpha=alpha)
    padded = ["^"] * (n - 1) + context
    window = padded[len(padded) - n + 1 :]
    counts = np.zeros(4)
    for sequence in sequences:
        full = ["^"] * (n - 1) + sequence
        for t in range(n - 1, len(full)):
            if full[t - n + 1 : t] == window:
                counts[full[t]] += 1
    p = np.exp(model.log_probs(context))
    assert p == pytest.approx((counts + alpha) / (counts.sum() + 4 * alpha))
    assert p.sum() == pytest.approx(1)


def test_predict_is_causal():
    rng = np.random.default_rng(0)
    model = ngram.fit(rng.integers(0, 4, (20, 6)), 3, 4)
    ids = rng.integers(0, 4, (2, 5))
    out = ngram.predict(model, ids)
    assert out.shape == (2, 5, 4)
    for t in range(5):
        assert (out[1, t] == model.log_probs(ids[1, : t + 1])).all()


def test_without_smoothing():
    model = ngram.fit([[0, 1, 0, 1]], 2, 3, alpha=0.0)
    assert np.exp(model.log_probs([0])).tolist() == [0, 1, 0]
    assert np.exp(model.log_probs([2])) == pytest.approx(np.full(3, 1 / 3))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ngram.fit([[0]], 0, 2), "n must"),
        (lambda: ngram.fit([[0]], 2, 0), "V must"),
        (lambda: ngram.fit([[5]], 2, 3), "sequences"),
        (lambda: ngram.fit([[0.5]], 2, 3), "sequences"),
        (lambda: ngram.fit([[0]], 2, 3, alpha=-1), "alpha"),
        (lambda: ngram.fit([[0]], 2, 3).log_probs([3]), "context"),
        (lambda: ngram.predict(ngram.fit([[0]], 2, 3), np.array([1])), "ids"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
