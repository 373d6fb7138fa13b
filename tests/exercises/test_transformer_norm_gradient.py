"""The way back through the norm of chapter 13: autograd's and the package's, and each mistake by the Jacobian."""

import numpy as np
import pytest
import torch

from seqlib.exercises.transformer_norm_gradient import layer_norm_backward
from seqlib.reference import normalisation


@pytest.mark.parametrize(("dy", "x", "gain", "eps"), layer_norm_backward.cases)
def test_gradients_are_those_of_autograd_and_of_the_package(dy, x, gain, eps):
    made = layer_norm_backward.expected(dy, x, gain, eps)
    wanted = [torch.tensor(v, requires_grad=True) for v in (x, gain, 0 * gain)]
    torch.nn.functional.layer_norm(wanted[0], (x.shape[-1],), *wanted[1:], eps).backward(torch.tensor(dy))
    _, cache = normalisation.forward(normalisation.LayerNorm(gain, 0 * gain), x, eps=eps)
    ours = normalisation.backward(dy, cache)
    for one, theirs, our in zip(made, wanted, (ours.x, *ours.params), strict=True):
        np.testing.assert_allclose(one, theirs.grad, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(one, our, rtol=1e-10, atol=1e-12)


def test_cases_have_other_sizes_a_cube_and_an_eps_that_is_seen():
    sizes = [x.shape for _, x, *_ in layer_norm_backward.cases]
    assert any(len(set(size)) == 1 for size in sizes)
    assert any(len(set(size)) == 3 for size in sizes)
    assert min(eps for *_, eps in layer_norm_backward.cases) >= 0.03


def _by_jacobian(jacobian, of_gain=lambda d, n, gain: d * n, of_bias=lambda d, gain: d):
    """An answer by a Jacobian dx̂/dx for each position, and what each position gives to gain and bias."""

    def answer(dy, x, gain, eps):
        dx, dgain, dbias = np.zeros(x.shape), np.zeros(len(gain)), np.zeros(len(gain))
        for place in np.ndindex(x.shape[:2]):
            root = (x[place].var() + eps) ** 0.5
            n = (x[place] - x[place].mean()) / root
            dx[place] = jacobian(n, root).T @ (gain * dy[place])
            dgain += of_gain(dy[place], n, gain)
            dbias += of_bias(dy[place], gain)
        return dx, dgain, dbias

    return answer


def _centred(x):
    return x - x.mean(-1, keepdims=True)


def _eye(n):
    return np.eye(len(n))


def _full(n, root):
    return (_eye(n) - 1 / len(n) - np.outer(n, n) / len(n)) / root


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _by_jacobian(_full)),
        ("statistics are constants", _by_jacobian(lambda n, root: _eye(n) / root)),
        ("mean is a constant", _by_jacobian(lambda n, root: (_eye(n) - np.outer(n, n) / len(n)) / root)),
        ("variance is a constant", _by_jacobian(lambda n, root: (_eye(n) - 1 / len(n)) / root)),
        ("root left out", _by_jacobian(lambda n, root: root * _full(n, root))),
        ("multiplied by the root", _by_jacobian(lambda n, root: root**2 * _full(n, root))),
        ("divided by the variance", _by_jacobian(lambda n, root: _full(n, root) / root)),
        ("sums for means", _by_jacobian(lambda n, root: (_eye(n) - 1 - np.outer(n, n)) / root)),
        ("sums for means", _by_jacobian(lambda n, root: (_eye(n) - 1 / len(n) - np.outer(n, n)) / root)),
        ("sums for means", _by_jacobian(lambda n, root: (_eye(n) - 1 - np.outer(n, n) / len(n)) / root)),
        ("added", _by_jacobian(lambda n, root: (_eye(n) + 1 / len(n) + np.outer(n, n) / len(n)) / root)),
        ("added", _by_jacobian(lambda n, root: (_eye(n) - 1 / len(n) + np.outer(n, n) / len(n)) / root)),
        ("added", _by_jacobian(lambda n, root: (_eye(n) + 1 / len(n) - np.outer(n, n) / len(n)) / root)),
        (
            "mean of x̂ forgotten",
            _by_jacobian(lambda n, root: (_eye(n) - 1 / len(n) - n[:, None] / len(n)) / root),
        ),
        ("dgain without x̂", _by_jacobian(_full, lambda d, n, gain: d)),
        ("gain in dgain", _by_jacobian(_full, lambda d, n, gain: gain * d * n, lambda d, gain: gain * d)),
        ("x for x̂", lambda dy, x, gain, eps: (_by_jacobian(_full)(dy, x, gain, eps)[0], *_sums(dy * x, dy))),
        ("x for x̂", lambda dy, x, gain, eps: (_by_jacobian(_full)(dy, x, gain, eps)[0], *_sums(dy * _centred(x), dy))),
    ],
)
def test_a_mistake_in_the_jacobian_is_told_as_such(id, function):
    assert layer_norm_backward.judge(function).id == id


def _sums(*arrays):
    return [array.sum((0, 1)) for array in arrays]


def _plain(dy, x, gain, eps, *, mean=lambda d: d.mean(-1, keepdims=True), total=lambda d: d.sum((0, 1)), ddof=0):
    root = np.sqrt(x.var(-1, keepdims=True, ddof=ddof) + eps)
    n, d = (x - x.mean(-1, keepdims=True)) / root, gain * dy
    return (d - mean(d) - n * mean(d * n)) / root, total(dy * n), total(dy)


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("means over another axis", {"mean": lambda d: d.mean(0, keepdims=True)}),
        ("means over another axis", {"mean": lambda d: d.mean(1, keepdims=True)}),
        ("means over another axis", {"mean": lambda d: d.mean()}),
        ("means over another axis", {"mean": lambda d: d.mean((0, 1), keepdims=True)}),
        ("means over another axis", {"mean": lambda d: d.mean((1, 2), keepdims=True)}),
        ("axis lost", {"mean": lambda d: d.mean(-1)}),
        ("not added up", {"total": lambda d: d}),
        ("not added up", {"total": lambda d: d.sum(0)}),
        ("not added up", {"total": lambda d: d.sum(1)}),
        ("mean over positions", {"total": lambda d: d.reshape(-1, d.shape[-1]).mean(0)}),
        ("mean over positions", {"total": lambda d: d.mean(0).sum(0)}),
        ("added up over the features", {"total": lambda d: d.sum(-1)}),
        ("added up over the features", {"total": lambda d: d.sum((0, 2))}),
        ("added up over the features", {"total": lambda d: d.sum()}),
        ("D - 1", {"ddof": 1}),
    ],
)
def test_a_sum_or_a_mean_of_something_else_is_told(id, changed):
    assert layer_norm_backward.judge(lambda *given: _plain(*given, **changed)).id == id


def test_gains_eps_and_orders_are_told():
    def judged(function):
        return layer_norm_backward.judge(function).id

    def without_gain(dy, x, gain, eps):
        return _plain(dy, x, 1, eps)

    def gain_at_the_end(dy, x, gain, eps):
        dx, *rest = without_gain(dy, x, gain, eps)
        return gain * dx, *rest

    assert judged(without_gain) == "gain left out"
    assert judged(gain_at_the_end) == "gain at the end"
    assert judged(lambda dy, x, gain, eps: _plain(dy, x, gain, 0)) == "eps left out"
    assert judged(lambda *given: [_plain(*given)[i] for i in (0, 2, 1)]) == "order"
    assert judged(lambda *given: [_plain(*given)[i] for i in (1, 2, 0)]) == "order"
    assert judged(lambda *given: _plain(*given)[0]) == "dx alone"
