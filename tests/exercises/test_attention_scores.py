"""Additive scores of chapter 12: those of the package, pair by pair."""

import numpy as np
import pytest

from seqlib.exercises.attention_scores import additive_scores
from seqlib.reference.attention_scores import Additive


@pytest.mark.parametrize("case", additive_scores.cases)
def test_the_score_of_each_pair_is_what_a_loop_and_the_package_make_of_it(case):
    query, keys, W_a, U_a, v_a = case
    scores = additive_scores.expected(*case)
    assert scores.shape == (len(query), query.shape[1], keys.shape[1])
    for b, t, s in np.ndindex(scores.shape):
        u = np.tanh(W_a @ query[b, t] + U_a @ keys[b, s])
        np.testing.assert_allclose(scores[b, t, s], u @ v_a, rtol=1e-12, atol=1e-14)
    theirs, _ = Additive(W_a, U_a, v_a).score(query, keys)
    np.testing.assert_allclose(scores, theirs, rtol=1e-12, atol=1e-14)


def test_cases_have_other_sizes_equal_sizes_and_square_matrices():
    sizes = [(q.shape[1], k.shape[1], *W.shape, U.shape[1]) for q, k, W, U, _ in additive_scores.cases]
    assert any(len(set(of_case)) == 5 for of_case in sizes)
    assert any(T == S for T, S, *_ in sizes)
    assert any(A == Dq == Dk for _, _, A, Dq, Dk in sizes)


def _pair(function):
    """An answer that goes pair by pair."""

    def answer(query, keys, W_a, U_a, v_a):
        pairs = [
            [[function(q, k, W_a, U_a, v_a) for k in key] for q in one] for one, key in zip(query, keys, strict=True)
        ]
        return np.array(pairs)

    return answer


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("tanh left out", lambda q, k, W, U, v: v @ (W @ q + U @ k)),
        ("tanh at the end", lambda q, k, W, U, v: np.tanh(v @ (W @ q + U @ k))),
        ("tanh of each", lambda q, k, W, U, v: v @ (np.tanh(W @ q) + np.tanh(U @ k))),
        ("v inside", lambda q, k, W, U, v: np.tanh(v * (W @ q + U @ k)).sum()),
        ("v left out", lambda q, k, W, U, v: np.tanh(W @ q + U @ k).sum()),
        ("hidden layer", lambda q, k, W, U, v: np.tanh(W @ q + U @ k)),
        ("mean over units", lambda q, k, W, U, v: (v * np.tanh(W @ q + U @ k)).mean()),
        ("multiplied", lambda q, k, W, U, v: v @ np.tanh((W @ q) * (U @ k))),
        ("subtracted", lambda q, k, W, U, v: v @ np.tanh(W @ q - U @ k)),
        ("matrices swapped", lambda q, k, W, U, v: v @ np.tanh(U @ q + W @ k)),
        ("not transposed", lambda q, k, W, U, v: v @ np.tanh(W.T @ q + U @ k)),
        ("query alone", lambda q, k, W, U, v: v @ np.tanh(W @ q)),
        ("keys alone", lambda q, k, W, U, v: v @ np.tanh(U @ k)),
        ("another function", lambda q, k, W, U, v: v @ np.maximum(W @ q + U @ k, 0)),
        ("sign", lambda q, k, W, U, v: -v @ np.tanh(W @ q + U @ k)),
    ],
)
def test_a_mistake_pair_by_pair_is_told_as_such(id, function):
    assert additive_scores.judge(_pair(function)).id == id
