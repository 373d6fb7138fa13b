"""The gradient of chapter 11: the complex step through the whole decoder, use by use."""

import numpy as np
import pytest

from seqlib.exercises.encoder_decoder_gradient import context_gradient


def _loss(starts, told, a_rest, ds, W_ss, W_sv):
    """Σ ds·s of a decoder that starts from one vector and is told another at each step."""
    s, total = starts, 0.0
    for t in range(len(ds)):
        s = np.tanh(W_ss @ s + W_sv @ told + a_rest[t])
        total = total + ds[t] @ s
    return total


@pytest.mark.parametrize("case", context_gradient.cases)
def test_the_gradient_is_the_complex_step_through_both_uses(case):
    ds, s, W_ss, W_sv = case
    c = np.random.default_rng(0).normal(size=s.shape[1])
    before = np.concatenate([c[None], s[:-1]])
    rest = np.arctanh(s) - before @ W_ss.T - W_sv @ c  # what makes the given states: input and bias
    e = 1e-30j * np.eye(len(c))
    both = [_loss(c + d, c + d, rest, ds, W_ss, W_sv).imag / 1e-30 for d in e]
    start = [_loss(c + d, c + 0 * d, rest, ds, W_ss, W_sv).imag / 1e-30 for d in e]
    steps = [_loss(c + 0 * d, c + d, rest, ds, W_ss, W_sv).imag / 1e-30 for d in e]
    np.testing.assert_allclose(context_gradient.expected(*case), both, rtol=1e-10, atol=1e-12)
    told = {id: functions[0] for id, (functions, _) in context_gradient.wrong.items()}
    np.testing.assert_allclose(told["start alone"](*case), start, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(told["steps alone"](*case), steps, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("which", range(7))
def test_one_matrix_that_is_not_transposed_is_told_as_such(which):
    function = context_gradient.wrong["not transposed"][0][which]
    assert context_gradient.judge(function).id == "not transposed"


@pytest.mark.parametrize("more", [0, 1])
def test_a_mean_over_the_uses_is_told_as_such(more):
    mean = context_gradient.judge(lambda ds, *rest: context_gradient.expected(ds, *rest) / (len(ds) + more))
    assert mean.id == "mean over uses"


@pytest.mark.parametrize("start", [0, -1])
def test_a_walk_from_the_first_step_to_the_last_is_told_as_such(start):
    def walk(ds, s, W_ss, W_sv):
        da = [(1 - s[0] ** 2) * ds[0]]
        for d, state in zip(ds[1:], s[1:], strict=True):
            da.append((1 - state**2) * (d + da[-1] @ W_ss))
        return da[start] @ W_ss + sum(da) @ W_sv

    assert context_gradient.judge(walk).id == "forwards"
