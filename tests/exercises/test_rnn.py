"""Practice of chapter 2: right answers written differently pass, usual mistakes are recognised."""

import numpy as np
import pytest

from seqlib.exercises import rnn as practice


def step_entrywise(W_xh, W_hh, b_h, x, h):
    out = np.zeros_like(h)
    for b in range(len(x)):
        for i in range(len(b_h)):
            out[b, i] = np.tanh(sum(W_xh[i] * x[b]) + sum(W_hh[i] * h[b]) + b_h[i])
    return out


def step_columns(W_xh, W_hh, b_h, x, h):
    return np.tanh(W_xh @ x.T + W_hh @ h.T + b_h[:, None]).T


RIGHT = [
    ("step", step_entrywise),
    ("step", step_columns),
    ("parameter_count", lambda D, H, n: D * H + H * H + H + H * n + n),
    ("floor_and_chance", lambda a, s: (s * s, s * s / (1 - a * a))),
    ("floor_and_chance", lambda a, s: np.array([s**2, s**2 * sum(a ** (2 * k) for k in range(400))])),
]

WRONG = [
    ("step", "no bias", lambda W, U, b, x, h: np.tanh(np.dot(x, W.T) + np.dot(h, U.T))),
    ("step", "no tanh", lambda W, U, b, x, h: x.dot(W.T) + h.dot(U.T) + b),
    ("step", "transposed", lambda W, U, b, x, h: np.tanh((W @ x.T).T + h @ U + b)),
    ("step", "no memory", lambda W, U, b, x, h: np.tanh(b + x @ W.T)),
    ("step", "identity", lambda W, U, b, x, h: np.tanh(h + b + x @ W.T)),
    ("step", "tanh of parts", lambda W, U, b, x, h: b + np.tanh(x @ W.T) + np.tanh(h @ U.T)),
    ("parameter_count", "two biases", lambda D, H, n: D * H + H * H + 2 * H + H * n + n),
    ("parameter_count", "no biases", lambda D, H, n: D * H + H**2 + H * n),
    ("parameter_count", "no read-out", lambda D, H, n: D * H + H**2 + H),
    ("parameter_count", "read-out without bias", lambda D, H, n: D * H + H**2 + H + H * n),
    ("parameter_count", "no recurrence", lambda D, H, n: D * H + H + H * n + n),
    ("floor_and_chance", "deviation", lambda a, s: (s, s / (1 - a * a) ** 0.5)),
    ("floor_and_chance", "exchanged", lambda a, s: (s * s / (1 - a * a), s * s)),
    ("floor_and_chance", "zero floor", lambda a, s: (0.0, s * s / (1 - a * a))),
    ("floor_and_chance", "not squared", lambda a, s: (s * s, s * s / (1 - a))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass(name, answer):
    assert getattr(practice, name).judge(answer).status == "right"


@pytest.mark.parametrize(("name", "id", "answer"), WRONG)
def test_mistakes_are_recognised(name, id, answer):
    result = getattr(practice, name).judge(answer)
    assert (result.status, result.id) == ("wrong", id), result.message
