"""The losses and their gradients against torch, the complex step and closed forms."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from seqlib.gradcheck import check
from seqlib.reference import losses

RNG = np.random.default_rng(0)
MASKS = {
    "none": None,
    "ragged": np.arange(4) < np.array([4, 1, 3])[:, None],
    "one position": np.arange(12).reshape(3, 4) == 7,
}
masks = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)


@masks
def test_squared_error_equals_torch(mask):
    prediction, target = RNG.normal(size=(3, 4, 2)), RNG.normal(size=(3, 4, 2))
    loss, cache = losses.squared_error(prediction, target, mask)
    leaf = torch.tensor(prediction, requires_grad=True)
    keep = np.ones((3, 4), bool) if mask is None else mask
    wanted = F.mse_loss(leaf[keep], torch.tensor(target)[keep])
    wanted.backward()
    assert loss == pytest.approx(wanted.item(), abs=1e-14)
    np.testing.assert_allclose(losses.squared_error_backward(cache), leaf.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(losses.squared_error_backward(cache, -2.5), -2.5 * leaf.grad.numpy(), atol=1e-14)


@masks
def test_cross_entropy_equals_torch(mask):
    logits, target = 3 * RNG.normal(size=(3, 4, 5)), RNG.integers(0, 5, (3, 4))
    loss, cache = losses.cross_entropy(logits, target, mask)
    leaf = torch.tensor(logits, requires_grad=True)
    keep = np.ones((3, 4), bool) if mask is None else mask
    wanted = F.cross_entropy(leaf[keep], torch.tensor(target)[keep])
    wanted.backward()
    assert loss == pytest.approx(wanted.item(), abs=1e-14)
    np.testing.assert_allclose(losses.cross_entropy_backward(cache), leaf.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(losses.cross_entropy_backward(cache, 7.0), 7 * leaf.grad.numpy(), atol=1e-13)


@masks
def test_gradients_equal_complex_step(mask):
    prediction, target, ids = RNG.normal(size=(3, 4, 2)), RNG.normal(size=(3, 4, 2)), RNG.integers(0, 2, (3, 4))
    squared = losses.squared_error_backward(losses.squared_error(prediction, target, mask)[1])
    report = check(lambda z: losses.squared_error(z, target, mask)[0], {"z": prediction}, {"z": squared})
    assert report.ok, f"\n{report}"
    entropy = losses.cross_entropy_backward(losses.cross_entropy(prediction, ids, mask)[1])
    report = check(lambda z: losses.cross_entropy(z, ids, mask)[0], {"z": prediction}, {"z": entropy})
    assert report.ok, f"\n{report}"


def test_one_distribution_alone():
    loss, cache = losses.cross_entropy(np.log([0.2, 0.3, 0.5]), 1)
    assert loss == pytest.approx(-np.log(0.3), abs=1e-15)
    np.testing.assert_allclose(losses.cross_entropy_backward(cache), [0.2, -0.7, 0.5], atol=1e-15)


def test_known_values():
    assert losses.cross_entropy(np.zeros((2, 8)), [0, 7])[0] == pytest.approx(np.log(8))
    assert losses.squared_error(np.array([1.0, 3.0]), np.array([0.0, 0.0]))[0] == 5
    np.testing.assert_allclose(losses.log_sum_exp(np.log([[1.0, 2.0, 3.0]])), [np.log(6)])


@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4, 1e300])
def test_large_logits_do_not_overflow(shift):
    logits = np.array([[0.0, 0.0]]) + shift
    assert losses.log_sum_exp(logits)[0] - shift == pytest.approx(np.log(2) if abs(shift) < 1e10 else 0)
    np.testing.assert_allclose(np.exp(losses.log_softmax(logits)), 0.5)


def test_logits_as_far_apart_as_numbers_go():
    logits = np.array([[1.7e308, 0.0]])
    assert losses.log_sum_exp(np.array([[1e308, -1e308]]))[0] == 1e308
    np.testing.assert_array_equal(losses.log_softmax(logits), [[0.0, -1.7e308]])
    assert losses.cross_entropy(logits, [0])[0] == 0
    assert losses.cross_entropy(logits, [1])[0] == 1.7e308


def test_log_softmax_sums_to_one_and_equals_torch():
    logits = 20 * RNG.normal(size=(4, 3, 6))
    log_p = losses.log_softmax(logits)
    np.testing.assert_allclose(np.exp(log_p).sum(-1), 1)
    np.testing.assert_allclose(log_p, F.log_softmax(torch.tensor(logits), -1).numpy(), atol=1e-13)


def test_what_is_masked_does_not_matter():
    logits, mask = RNG.normal(size=(2, 3, 4)), np.array([[1, 1, 0], [1, 0, 0]], bool)
    target = RNG.integers(0, 4, (2, 3))
    other = np.where(mask, target, -100)  # torch's own ignore_index, which is no id
    changed = np.where(mask[..., None], logits, 1e3)
    loss, cache = losses.cross_entropy(logits, target, mask)
    assert losses.cross_entropy(changed, other, mask)[0] == pytest.approx(loss, abs=1e-15)
    assert np.all(losses.cross_entropy_backward(cache)[~mask] == 0)
    assert np.all(losses.cross_entropy_backward(cache)[mask] != 0)


@pytest.mark.parametrize("filler", [np.nan, np.inf, -np.inf])
def test_what_is_masked_need_not_be_a_number(filler):
    mask, ids = np.array([[1, 1, 0], [1, 0, 0]], bool), RNG.integers(0, 4, (2, 3))
    z, y = RNG.normal(size=(2, 2, 3, 4))
    holes = [np.where(mask[..., None], a, filler) for a in (z, y)]
    for (loss, cache), (wanted, whole), back in (
        (losses.cross_entropy(holes[0], ids, mask), losses.cross_entropy(z, ids, mask), losses.cross_entropy_backward),
        (losses.squared_error(*holes, mask), losses.squared_error(z, y, mask), losses.squared_error_backward),
    ):
        assert loss == wanted
        np.testing.assert_array_equal(back(cache), back(whole))
    for call in (lambda: losses.cross_entropy(holes[0], ids), lambda: losses.squared_error(z, holes[1])):
        with pytest.raises(ValueError, match=r"(logits|target) must be finite, but (logits|target)\[0, 2, 0\] is"):
            call()


def test_backward_leaves_its_cache_alone():
    _, cache = losses.cross_entropy(RNG.normal(size=(2, 3)), [0, 1])
    first = losses.cross_entropy_backward(cache)
    np.testing.assert_array_equal(losses.cross_entropy_backward(cache), first)


Z = np.zeros((2, 3))
BAD = {
    "target shape": (lambda: losses.squared_error(Z, Z[0]), ValueError, "target must have shape"),
    "prediction": (lambda: losses.squared_error(Z * np.nan, Z), ValueError, "prediction must be finite"),
    "mask numbers": (lambda: losses.squared_error(Z, Z, np.ones(2)), TypeError, "mask must be boolean"),
    "mask shape": (lambda: losses.squared_error(Z, Z, np.ones(3, bool)), ValueError, "mask must have shape"),
    "mask too deep": (
        lambda: losses.squared_error(Z, Z, np.ones((2, 3, 1), bool)),
        ValueError,
        "mask must have shape",
    ),
    "empty mask": (lambda: losses.squared_error(Z, Z, np.zeros(2, bool)), ValueError, "mask must keep at least one"),
    "no entry": (lambda: losses.squared_error(Z[:0], Z[:0]), ValueError, "no entry counts"),
    "id too large": (lambda: losses.cross_entropy(Z, [0, 3]), ValueError, "target must hold ids from 0 to 2"),
    "id negative": (lambda: losses.cross_entropy(Z, [0, -1]), ValueError, "target must hold ids from 0 to 2"),
    "ids are floats": (lambda: losses.cross_entropy(Z, [0.0, 1.0]), TypeError, "target must hold integer ids"),
    "ids are truth values": (lambda: losses.cross_entropy(Z, [True, False]), TypeError, "target must hold integer ids"),
    "ids shape": (lambda: losses.cross_entropy(Z, [0]), ValueError, "target must have shape"),
    "infinite logit": (lambda: losses.cross_entropy(Z + np.inf, [0, 1]), ValueError, "logits must be finite"),
    "logits apart": (
        lambda: losses.cross_entropy(np.array([[1e308, -1e308]]), [0]),
        ValueError,
        "logits must be closer to each other",
    ),
    "squares": (lambda: losses.squared_error(Z + 1e200, -Z), ValueError, "prediction must be closer to target"),
    "differences": (lambda: losses.squared_error(Z + 1e308, Z - 1e308), ValueError, "prediction must be closer"),
    "no class": (lambda: losses.log_sum_exp(np.zeros((2, 0))), ValueError, "logits must have a last axis"),
    "no axis": (lambda: losses.log_sum_exp(3.0), ValueError, "logits must have a last axis"),
    "text": (lambda: losses.log_softmax(["a"]), TypeError, "logits must hold real numbers"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
