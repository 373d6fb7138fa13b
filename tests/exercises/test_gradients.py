"""The practice of chapter 4: right answers pass in any writing, usual wrong ones are told why."""

import numpy as np
import pytest

from seqlib.exercises import gradients as practice
from seqlib.gradcheck import complex_step
from seqlib.reference import rnn


def independent_jacobian(W_hh, h_next):
    """By the complex step through one step of the network, from a state that leads to h_next."""
    H = len(h_next)
    params, a = rnn.Params(np.zeros((H, 1)), W_hh, np.arctanh(h_next)), np.zeros(H)
    return np.array(
        [complex_step(lambda h, i=i: rnn.step(params, np.zeros((1, 1)), h[None])[0, i], a) for i in range(H)]
    )


def independent_bound(W_hh, hs):
    """By the root of the largest eigenvalue of WᵀW, step by step."""
    bound = 1.0
    for h in hs:
        bound *= np.sqrt(np.linalg.eigvalsh(W_hh.T @ W_hh)[-1]) * max(1 - value**2 for value in h)
    return bound


def independent_clip(grads, max_norm):
    """By one long vector."""
    flat = np.concatenate([g.ravel() for g in grads])
    flat = flat * min(1, max_norm / np.linalg.norm(flat))
    parts = np.split(flat, np.cumsum([g.size for g in grads])[:-1])
    return [part.reshape(g.shape) for part, g in zip(parts, grads, strict=True)]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (practice.step_jacobian, independent_jacobian),
        (practice.gradient_bound, independent_bound),
        (practice.clip_together, independent_clip),
    ],
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message
