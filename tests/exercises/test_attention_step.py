"""A decoder's step of chapter 12: that of the package, and the order of its parts."""

import numpy as np
import pytest

from seqlib.exercises.attention_step import luong_step
from seqlib.reference import attention
from seqlib.reference.attention_scores import General


@pytest.mark.parametrize("case", luong_step.cases)
def test_a_step_is_the_recurrence_then_attention_then_the_combination(case):
    s, u, keys, mask, W_ss, W_a, W_c = case
    new, weights, out = luong_step.expected(*case)
    np.testing.assert_allclose(new, np.tanh(np.einsum("ij,bj->bi", W_ss, s) + u), rtol=1e-12)
    context, cache = attention.forward(General(W_a), new[:, None], keys, mask=mask)
    np.testing.assert_allclose(weights, cache.weights[:, 0], rtol=1e-12, atol=1e-15)
    for b, row in enumerate(out):
        both = [*context[b, 0], *new[b]]
        np.testing.assert_allclose(row, np.tanh(W_c @ both), rtol=1e-12)


def test_cases_have_other_sizes_square_matrices_and_padding_that_is_not_0():
    sizes = [(*W_a.shape, *W_c.shape) for *_, W_a, W_c in luong_step.cases]
    assert any(Dk == H and both == A for H, Dk, A, both in sizes)
    assert any(len({H, Dk, A, both}) == 4 for H, Dk, A, both in sizes)
    for _, _, keys, mask, *_ in luong_step.cases:
        assert mask.any(1).all()
        assert not mask.all()
        assert (keys[~mask] != 0).all()


def _by_row(
    *, asks="new", beside="new", swapped=False, last=np.tanh, score=lambda s, W, k: s @ W @ k, masked=True, over=None
):
    def answer(s, u, keys, mask, W_ss, W_a, W_c):
        rows = []
        for old, word, k, real in zip(s, u, keys, mask, strict=True):
            states = {"old": old, "new": np.tanh(W_ss @ old + word)}
            p = np.exp([score(states[asks], W_a, key) for key in k]) * (real if masked else 1)
            weights = p / p.sum()
            total = 1 if over is None else over(real)
            both = [weights @ k / total, states[beside]]
            rows.append((states["new"], weights, last(W_c @ np.concatenate(both[::-1] if swapped else both))))
        return tuple(map(np.array, zip(*rows, strict=True)))

    return answer


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("asked with the state before", {"asks": "old"}),
        ("combined with the state before", {"beside": "old"}),
        ("state before throughout", {"asks": "old", "beside": "old"}),
        ("order in W_c", {"swapped": True}),
        ("no tanh at the end", {"last": lambda a: a}),
        ("W_a transposed", {"score": lambda s, W, k: s @ W.T @ k}),
        ("W_a left out", {"score": lambda s, W, k: s @ k}),
        ("scaled", {"score": lambda s, W, k: s @ W @ k / np.sqrt(len(k))}),
        ("mask not used", {"masked": False}),
        ("mean", {"over": len}),
        ("mean", {"over": sum}),
    ],
)
def test_a_mistake_row_by_row_is_told_as_such(id, changed):
    assert luong_step.judge(_by_row(**changed)).id == id


@pytest.mark.parametrize(
    ("id", "returned"),
    [
        ("order", lambda s, weights, out, before: (s, out, weights)),
        ("order", lambda s, weights, out, before: (out, weights, s)),
        ("fed back", lambda s, weights, out, before: (out, weights, out)),
        ("old state returned", lambda s, weights, out, before: (before, weights, out)),
        ("output alone", lambda s, weights, out, before: out),
    ],
)
def test_what_is_returned_in_another_way_is_told_as_such(id, returned):
    right = _by_row()
    assert luong_step.judge(lambda s, *rest: returned(*right(s, *rest), s)).id == id
