"""Practice of chapter 3: right answers written differently pass, usual mistakes are recognised."""

import numpy as np
import pytest

from seqlib.exercises import bptt as practice


def by_loop(da, hs, h0):
    total = np.zeros((len(h0), len(h0)))
    before = h0
    for a, h in zip(da, hs, strict=True):
        total = total + np.outer(a, before)
        before = h
    return total


def by_complex_step(w, u, xs):
    def loss(w, u):
        h = total = 0
        for x in xs:
            h = np.tanh(w * x + u * h)
            total = total + h
        return total

    return loss(w + 1e-30j, u).imag * 1e30, loss(w, u + 1e-30j).imag * 1e30


def forward_mode(w, u, xs):
    h = dw = du = gw = gu = 0.0
    for x in xs:
        before, h = h, np.tanh(w * x + u * h)
        dw, du = (1 - h * h) * (x + u * dw), (1 - h * h) * (before + u * du)
        gw, gu = gw + dw, gu + du
    return gw, gu


RIGHT = [
    ("through_tanh", lambda dh, h: dh - dh * h * h),
    ("through_tanh", lambda dh, h: dh * (1 - h) * (1 + h)),
    ("one_step_back", lambda c, da, W: c + da @ W),
    (
        "one_step_back",
        lambda c, da, W: np.array([c[k] + sum(da[i] * W[i, k] for i in range(len(c))) for k in range(len(c))]),
    ),
    ("recurrent_gradient", by_loop),
    ("recurrent_gradient", lambda da, hs, h0: np.einsum("ti,tj->ij", da, np.vstack([h0, hs])[:-1])),
    ("derivative", lambda f, x, e: f(x + e) / (2 * e) - f(x - e) / (2 * e)),
    ("scalar_bptt", by_complex_step),
    ("scalar_bptt", forward_mode),
]

WRONG = [
    ("through_tanh", "no slope", lambda dh, h: dh.copy()),
    ("through_tanh", "tanh twice", lambda dh, h: dh / np.cosh(h) ** 2),
    ("through_tanh", "no square", lambda dh, h: dh - dh * h),
    ("through_tanh", "sigmoid", lambda dh, h: dh * (h - h * h)),
    ("one_step_back", "transposed", lambda c, da, W: c + np.dot(W, da)),
    ("one_step_back", "no future", lambda c, da, W: c),
    ("one_step_back", "no present", lambda c, da, W: da @ W),
    ("one_step_back", "no matrix", lambda c, da, W: da + c),
    ("recurrent_gradient", "off by one", lambda da, hs, h0: sum(np.outer(a, h) for a, h in zip(da, hs, strict=True))),
    ("recurrent_gradient", "no h0", lambda da, hs, h0: by_loop(da, hs, 0 * h0)),
    ("recurrent_gradient", "transposed", lambda da, hs, h0: by_loop(da, hs, h0).T),
    ("derivative", "half the width", lambda f, x, e: 2 * (f(x + e) - f(x - e)) / (2 * e)),
    ("derivative", "forward", lambda f, x, e: (f(x + e) - f(x)) / e),
    ("derivative", "sign", lambda f, x, e: -(f(x + e) - f(x - e)) / (2 * e)),
    ("scalar_bptt", "exchanged", lambda w, u, xs: by_complex_step(w, u, xs)[::-1]),
    ("scalar_bptt", "mean", lambda w, u, xs: tuple(g / len(xs) for g in by_complex_step(w, u, xs))),
    (
        "scalar_bptt",
        "last only",
        lambda w, u, xs: tuple(np.subtract(forward_mode(w, u, xs), forward_mode(w, u, xs[:-1]))),
    ),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass(name, answer):
    result = getattr(practice, name).judge(answer)
    assert result.status == "right", result.message


@pytest.mark.parametrize(("name", "id", "answer"), WRONG)
def test_mistakes_are_recognised(name, id, answer):
    result = getattr(practice, name).judge(answer)
    assert (result.status, result.id) == ("wrong", id), result.message
