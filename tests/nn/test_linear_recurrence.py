"""The scan: each way is the loop, forward, backward and twice; any factors; bad input."""

import itertools

import numpy as np
import pytest
import torch

from seqlib.nn import linear_recurrence, scan
from seqlib.nn.linear_recurrence import METHODS
from seqlib.reference import linear_recurrence as reference

EXACT = {"rtol": 1e-10, "atol": 1e-10}
LENGTHS = [1, 2, 3, 5, 7, 16, 17, 18, 31, 64, 65, 100, 257]
each = pytest.mark.parametrize("method", METHODS)


def given(T, B=2, state=(3,), seed=0, dtype=torch.float64):
    """Factors of both signs and also 0 and tiny, inputs, a first state, and a cotangent."""
    rng = np.random.default_rng(seed)
    a = rng.uniform(-1, 1, (B, T, *state)) * rng.choice([0, 1e-30, 1, 1, 1, 1], (B, T, *state))
    b, h0 = rng.normal(size=a.shape), rng.normal(size=(B, *state))
    made = [torch.tensor(array, dtype=dtype).requires_grad_() for array in (a, b, h0)]
    return *made, torch.tensor(rng.normal(size=a.shape), dtype=dtype)


def plain(a, b, h):
    """The formula in a loop, differentiated by autograd."""
    hs = []
    for t in range(b.shape[1]):
        h = a[:, t] * h + b[:, t]
        hs.append(h)
    return torch.stack(hs, 1)


@each
@pytest.mark.parametrize("state", [(), (1,), (3,), (2, 3)])
@pytest.mark.parametrize("T", LENGTHS)
def test_every_way_is_the_loop_and_the_reference_forward_and_backward(method, T, state):
    a, b, h0, dhs = given(T, state=state)
    hs, wanted = scan(a, b, h0, method=method), plain(a, b, h0)
    torch.testing.assert_close(hs, wanted, **EXACT)
    by_hand, cache = reference.forward(*(x.detach().numpy() for x in (a, b, h0)), method="tree")
    np.testing.assert_allclose(hs.detach().numpy(), by_hand, **EXACT)
    found = torch.autograd.grad(hs, (a, b, h0), dhs)
    of_loop = torch.autograd.grad(wanted, (a, b, h0), dhs)
    for got, expected, hand in zip(found, of_loop, reference.backward(dhs.numpy(), cache), strict=True):
        torch.testing.assert_close(got, expected, **EXACT)
        np.testing.assert_allclose(got.numpy(), hand, **EXACT)


@each
def test_zeros_are_the_first_state_unless_given_and_factors_broadcast(method):
    a, b, h0, dhs = given(40)
    torch.testing.assert_close(scan(a, b, method=method), plain(a, b, torch.zeros_like(h0)), **EXACT)
    for narrow in (a[:1], a[:, :1], a[..., :1], a[0, 0], a[0, :, :1]):
        narrow = narrow.detach().requires_grad_()
        hs = scan(narrow, b, h0, method=method)
        wanted = plain(narrow.expand(b.shape), b, h0)
        torch.testing.assert_close(hs, wanted, **EXACT)
        grads = [torch.autograd.grad(out, (narrow, b, h0), dhs) for out in (hs, wanted)]
        for got, expected in zip(*grads, strict=True):
            torch.testing.assert_close(got, expected, **EXACT)


@each
def test_second_derivatives_and_finite_differences(method):
    a, b, h0, _ = given(23, B=1, state=(2,))
    a = (a + 0.1).detach().requires_grad_()
    assert torch.autograd.gradcheck(lambda *x: scan(*x, method=method), (a, b, h0))
    assert torch.autograd.gradgradcheck(lambda *x: scan(*x, method=method), (a, b, h0))


@each
def test_only_what_is_needed_gets_a_gradient(method):
    a, b, h0, dhs = given(30)
    for needed in itertools.product([True, False], repeat=3):
        if any(needed):
            inputs = [x.detach().requires_grad_(need) for x, need in zip((a, b, h0), needed, strict=True)]
            scan(*inputs, method=method).backward(dhs)
            assert [x.grad is not None for x in inputs] == list(needed)


@each
def test_a_long_sequence_in_single_precision_stays_finite_and_near_the_loop(method):
    a, b, h0, dhs = given(5000, B=1, state=(2,), dtype=torch.float32)
    b = torch.where(torch.arange(5000)[:, None] % 1000 == 0, 1e3, b).detach().requires_grad_()
    hs = scan(a, b, h0, method=method)
    exact = plain(*(x.double() for x in (a, b, h0)))
    assert (hs - exact).abs().max() / exact.abs().max() < 1e-5
    hs.backward(dhs)
    assert all(x.grad.isfinite().all() for x in (a, b, h0))
    ones = torch.ones_like(b)  # nothing is forgotten
    np.testing.assert_allclose(scan(ones, ones, method=method)[0, -1].numpy(force=True), 5000, rtol=1e-5)


def test_wide_steps_are_walked_over_one_by_one(monkeypatch):
    a, b, h0, _ = given(40, B=4, state=(5,))
    wanted = plain(a, b, h0)
    for wide in (20, 21):
        monkeypatch.setattr(linear_recurrence, "WIDE", wide)
        torch.testing.assert_close(scan(a, b, h0), wanted, **EXACT)


def test_a_product_is_no_longer_than_a_chunk():
    a, b = torch.full((1, 3000, 1), 2.0).double(), torch.zeros(1, 3000, 1).double()
    assert torch.equal(scan(a, b), b), "2 to the 3000 is no number"


@each
def test_what_goes_in_stays_as_it_is(method):
    a, b, h0, dhs = given(50)
    before = [x.clone() for x in (a, b, h0, dhs)]
    scan(a, b, h0, method=method).backward(dhs)
    assert all(torch.equal(*pair) for pair in zip((a, b, h0, dhs), before, strict=True))


@each
def test_torch_func_and_layouts(method):
    a, b, h0, _ = given(20)
    grads = torch.func.grad(lambda a: scan(a, b.detach(), h0.detach(), method=method).sum())(a.detach())
    torch.testing.assert_close(grads, torch.autograd.grad(plain(a, b, h0).sum(), a)[0], **EXACT)
    strided = [x.detach().transpose(0, 1).contiguous().transpose(0, 1) for x in (a, b)]
    torch.testing.assert_close(scan(*strided, h0, method=method), plain(a, b, h0), **EXACT)
    assert scan(*strided, h0, method=method).is_contiguous()


def test_bad_input_is_named():
    a, b, h0, _ = given(4)
    for arguments, message in [
        ((a[:, :3], b, h0), r"a must have the shape of b, \(2, 4, 3\), or broadcast to it, got \(2, 3, 3\)"),
        ((a[None], b, h0), "a must have the shape of b"),
        ((a, b[:, :0], h0), "b must have shape .* with at least one step"),
        ((a[0, :, 0], b[0, :, 0]), "b must have shape"),
        ((a, b, h0[:1]), r"h0 must have shape \(2, 3\), got \(1, 3\)"),
        ((a, b, h0[:, None]), "h0 must have shape"),
    ]:
        with pytest.raises(ValueError, match=message):
            scan(*arguments)
    with pytest.raises(ValueError, match="method must be one of 'chunked', 'loop', 'doubling', 'tree', got 'fast'"):
        scan(a, b, h0, method="fast")
    for arguments, message in [
        ((a.float(), b, h0), "a must have the dtype of b, torch.float64, got torch.float32"),
        ((a, b, h0.float()), "h0 must have the dtype of b"),
        ((a, b.long(), h0), "b must be real-valued, got dtype torch.int64"),
        ((a.detach().numpy(), b, h0), "a must be a tensor, got ndarray"),
        ((a, b, 0.0), "h0 must be a tensor, got float"),
    ]:
        with pytest.raises(TypeError, match=message):
            scan(*arguments)
