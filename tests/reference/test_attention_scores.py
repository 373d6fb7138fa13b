"""The scores of attention: each against its formula for one pair, gradients three ways, and what bad input is told."""

import numpy as np
import pytest
import torch

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import attention
from seqlib.reference.attention_scores import Additive, Concat, Dot, General, Location, ScaledDot, checked_score

SHAPES = {  # what differs from the usual sizes
    "usual": {},
    "one query, one key": {"T": 1, "S": 1},
    "batch of one": {"B": 1, "T": 3},
    "more queries than keys": {"T": 5, "S": 2},
    "widths of one": {"Dq": 1, "Dk": 1},
}
shapes = pytest.mark.parametrize("sizes", SHAPES)


def given(score, **sizes):
    """Parameters, queries and keys by name, and a random cotangent of the scores."""
    arrays, cotangents = score.draw(**sizes)
    del arrays["values"]
    return arrays, cotangents["weights"]


def evaluate(score, arrays):
    return score.build(arrays).score(arrays["query"], arrays["keys"])


def by_hand(score, arrays, dscores):
    _, kept = evaluate(score, arrays)
    dparams, dquery, dkeys = score.build(arrays).score_backward(arrays["query"], arrays["keys"], kept, dscores)
    assert type(dparams) is score.kind
    return dparams._asdict() | {"query": dquery, "keys": dkeys}


@shapes
def test_the_score_of_each_pair_is_the_formula(score, sizes):
    arrays, _ = given(score, **SHAPES[sizes])
    tensors = {name: torch.tensor(value) for name, value in arrays.items()}
    B, T, S = *arrays["query"].shape[:2], arrays["keys"].shape[1]
    wanted = [[score.pairs(tensors, b, t, range(S)).numpy() for t in range(T)] for b in range(B)]
    scores, _ = evaluate(score, arrays)
    assert scores.shape == (B, T, S)
    assert relative_error(scores, np.array(wanted)) < 1e-14


@shapes
def test_gradients_agree_with_complex_step_and_central_differences(score, sizes):
    arrays, dscores = given(score, **SHAPES[sizes])
    gradients = by_hand(score, arrays, dscores)
    report = check(lambda **values: (evaluate(score, values)[0] * dscores).sum(), arrays, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    for name, gradient in gradients.items():  # nothing is proved by zeros
        assert np.abs(gradient).max() > 1e-3 or (score.kind is Location and name == "keys"), name


@shapes
def test_gradients_agree_with_autograd(score, sizes):
    arrays, dscores = given(score, **SHAPES[sizes])
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}
    B, T, S = dscores.shape
    loss = sum((score.pairs(leaves, b, t, range(S)) * torch.tensor(dscores[b, t])).sum() for b, t in np.ndindex(B, T))
    wanted = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    gradients = by_hand(score, arrays, dscores)
    for (name, leaf), gradient in zip(leaves.items(), wanted, strict=True):
        expected = np.zeros(leaf.shape) if gradient is None else gradient.numpy()
        assert relative_error(gradients[name], expected) < 1e-12, name


def test_the_way_back_is_linear_in_complex_cotangents_too(score):
    arrays, real = given(score)
    imaginary = np.random.default_rng(1).normal(size=real.shape)
    one, other = by_hand(score, arrays, real), by_hand(score, arrays, imaginary)
    for name, got in by_hand(score, arrays, real + 1j * imaginary).items():
        np.testing.assert_allclose(got, one[name] + 1j * other[name], atol=1e-13, err_msg=name)


def test_concat_is_additive_with_one_matrix(scores):
    arrays, _ = given(scores["additive"])
    W = np.concatenate([arrays["W_a"], arrays["U_a"]], 1)
    np.testing.assert_array_equal(
        Concat(W, arrays["v_a"]).score(arrays["query"], arrays["keys"])[0],
        evaluate(scores["additive"], arrays)[0],
    )


def test_the_dot_score_is_general_with_the_identity_and_scaled_by_the_root_of_the_width(scores):
    arrays, _ = given(scores["dot"], Dq=9)
    query, keys = arrays["query"], arrays["keys"]
    dot, _ = Dot().score(query, keys)
    np.testing.assert_array_equal(General(np.eye(9)).score(query, keys)[0], dot)
    np.testing.assert_allclose(ScaledDot().score(query, keys)[0], dot / 3, rtol=1e-15)


def test_the_scale_keeps_the_variance_of_a_dot_product_at_1():
    """Independent entries of variance 1: each of the D products has variance 1, their sum D, divided by √D again 1."""
    rng = np.random.default_rng(0)
    query, keys = rng.normal(size=(1, 400, 64)), rng.normal(size=(1, 400, 64))
    assert Dot().score(query, keys)[0].var() == pytest.approx(64, rel=0.1)
    assert ScaledDot().score(query, keys)[0].var() == pytest.approx(1, rel=0.1)


def test_location_does_not_look_at_the_keys(scores):
    arrays, dscores = given(scores["location"])
    changed = arrays | {"keys": arrays["keys"] + 1}
    np.testing.assert_array_equal(evaluate(scores["location"], changed)[0], evaluate(scores["location"], arrays)[0])
    gradients = by_hand(scores["location"], arrays, dscores)
    assert gradients["keys"].shape == arrays["keys"].shape
    S = dscores.shape[2]
    assert np.all(gradients["W_a"][S:] == 0)  # rows of places that there are not
    assert np.all(gradients["W_a"][:S] != 0)


@pytest.mark.parametrize("N", [1, 2, 4, 6])
def test_location_gives_no_weight_to_places_that_it_does_not_know(scores, N):
    """Of S = 4 places the first N: as if the others were masked, and as if W_a had rows for them."""
    score = scores["location"]
    arrays, cotangents = score.draw()
    assert len(arrays["W_a"]) == 6
    few = arrays | {"W_a": arrays["W_a"][:N]}
    known = np.broadcast_to(np.arange(4) < N, (3, 4))
    for mask in (None, np.arange(4) < np.array([[4], [1], [3]])):
        outputs, gradients = score.by_hand(few, mask, cotangents)
        wanted, wanted_gradients = score.by_hand(arrays, known if mask is None else known & mask, cotangents)
        for name, value in outputs.items():
            np.testing.assert_array_equal(value, wanted[name])
        for name, value in gradients.items():
            np.testing.assert_allclose(value, wanted_gradients[name][: len(value)], atol=1e-15, err_msg=name)
    dscores = cotangents["weights"]
    got = by_hand(score, few, dscores)
    wanted = complex_step(lambda q: (evaluate(score, few | {"query": q})[0] * dscores).sum(), arrays["query"])
    assert relative_error(got["query"], wanted) < 1e-12


def test_a_checked_score_is_a_copy(score):
    arrays, _ = given(score)
    size = score.sizes()
    checked = checked_score(score.build(arrays), size["Dq"], size["Dk"])
    assert type(checked) is score.kind
    for name, value in checked._asdict().items():
        np.testing.assert_array_equal(value, arrays[name])
        assert not np.shares_memory(value, arrays[name])


W, U, V = np.ones((4, 3)), np.ones((4, 2)), np.ones(4)
QUERY, KEYS = np.ones((2, 5, 3)), np.ones((2, 6, 2))
BAD = {  # the score -> (error, message), for queries 3 and keys 2 wide, at 6 places
    "no score": (lambda: "dot", TypeError, "score must be one of Additive, Concat, Dot, .*, got 'dot'"),
    "the class": (lambda: Dot, TypeError, "score must be one of Additive.*, with its parameters, got <class"),
    "a bare tuple": (lambda: (W, U, V), TypeError, "score must be one of Additive"),
    "W_a of the keys": (lambda: Additive(U, U, V), ValueError, r"score.W_a must have shape \(4, 3\), got \(4, 2\)"),
    "U_a of the queries": (lambda: Additive(W, W, V), ValueError, r"score.U_a must have shape \(4, 2\), got \(4, 3\)"),
    "v_a too short": (lambda: Additive(W, U, V[:3]), ValueError, r"score.W_a must have shape \(3, 3\), got \(4, 3\)"),
    "v_a a row": (lambda: Additive(W, U, V[None]), ValueError, r"score.W_a must have shape \(1, 3\)"),
    "v_a a number": (lambda: Additive(W[:1], U[:1], 1.0), ValueError, r"score.v_a must have shape \(1\), got \(\)"),
    "NaN": (lambda: Additive(W, U, V * np.nan), ValueError, r"score.v_a must be finite, but score.v_a\[0\] is nan"),
    "concat too narrow": (lambda: Concat(W, V), ValueError, r"score.W_a must have shape \(4, 5\), got \(4, 3\)"),
    "concat v_a": (lambda: Concat(np.ones((4, 5)), 1.0), ValueError, r"score.W_a must have shape \(1, 5\)"),
    "dot": (Dot, ValueError, r"keys must have as many features as query, 3, got 2"),
    "scaled dot": (ScaledDot, ValueError, r"keys must have as many features as query, 3, got 2"),
    "general": (lambda: General(np.ones((2, 3))), ValueError, r"score.W_a must have shape \(3, 2\), got \(2, 3\)"),
    "location": (lambda: Location(np.ones((6, 2))), ValueError, r"score.W_a must have shape \(6, 3\), got \(6, 2\)"),
    "location a number": (lambda: Location(1.0), ValueError, r"score.W_a must have shape \(1, 3\), got \(\)"),
    "text": (lambda: General(np.array([["a"]])), TypeError, "score.W_a must hold real numbers"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    make, error, message = BAD[case]
    attention.forward(Additive(W, U, V), QUERY, KEYS)
    with pytest.raises(error, match=message):
        attention.forward(make(), QUERY, KEYS)
