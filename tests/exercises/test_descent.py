"""Practice of chapter 2, gradient and optimiser: right answers written differently pass, mistakes are recognised."""

import numpy as np
import pytest

from seqlib.exercises import descent as practice


def gradient_by_jacobian(logits, targets):
    rows = []
    for z, k in zip(logits, targets, strict=True):
        p = np.exp(z - z.max())
        p /= p.sum()
        rows.append(
            (np.diag(p) - np.outer(p, p)) @ (-np.eye(len(z))[k] / p[k]) if p[k] > 1e-300 else p - np.eye(len(z))[k]
        )
    return np.array(rows) / len(targets)


def adam(gradients, lr, t0=1, eps=1e-8):
    m, u = np.zeros((2, gradients.shape[1]))
    theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, start=t0):
        m += 0.1 * (g - m)
        u += 0.001 * (g * g - u)
        theta -= lr * (m / (1 - 0.9**t)) / (np.sqrt(u / (1 - 0.999**t)) + eps)
    return theta


RIGHT = [
    ("cross_entropy_gradient", gradient_by_jacobian),
    ("adam_travel", adam),
]

WRONG = [
    ("cross_entropy_gradient", "sign", lambda z, k: -gradient_by_jacobian(z, k)),
    ("cross_entropy_gradient", "sum", lambda z, k: gradient_by_jacobian(z, k) * len(z)),
    ("cross_entropy_gradient", "over all entries", lambda z, k: gradient_by_jacobian(z, k) / z.shape[1]),
    ("adam_travel", "uphill", lambda g, lr: -adam(g, lr)),
    ("adam_travel", "sgd", lambda g, lr: -lr * np.sum(g, axis=0)),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass(name, answer):
    assert getattr(practice, name).judge(answer).status == "right"


@pytest.mark.parametrize(("name", "id", "answer"), WRONG)
def test_mistakes_are_recognised(name, id, answer):
    result = getattr(practice, name).judge(answer)
    assert (result.status, result.id) == ("wrong", id), result.message
