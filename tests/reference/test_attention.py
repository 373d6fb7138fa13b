"""Attention: the masked softmax, context and weights against loops and torch, gradients, masks, padding, bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import attention
from seqlib.reference.attention_scores import Dot

LENGTHS = np.arange(4) < np.array([[4], [1], [3]])  # (B, S)
CAUSAL = np.arange(4) <= np.arange(2)[:, None] + 2  # (T, S)
NOWHERE = LENGTHS & np.array([[True], [False], [True]])
MASKS = {
    "none": None,
    "lengths": LENGTHS,
    "causal": np.broadcast_to(CAUSAL, (3, 2, 4)),
    "both": LENGTHS[:, None] & CAUSAL,
    "a row of nothing": NOWHERE,
    "a query of nothing": LENGTHS[:, None] & np.array([[[True], [True]], [[True], [False]], [[False], [True]]]),
}
masks = pytest.mark.parametrize("mask", MASKS)
tied = pytest.mark.parametrize("tied", [False, True], ids=["values", "keys are values"])


def drawn(score, tied=False, seed=0, **sizes):
    """Arrays and cotangents; with `tied` there are no values, and the context is as wide as a key."""
    arrays, cotangents = score.draw(seed, **sizes)
    if tied:
        del arrays["values"]
        cotangents["context"] = cotangents["context"][..., : arrays["keys"].shape[2]]
    return arrays, cotangents


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@pytest.mark.parametrize(
    ("mask", "tied"), [("none", False), ("both", True), ("a query of nothing", False), ("lengths", True)]
)
def test_gradients_agree_with_complex_step_and_central_differences(score, tied, mask):
    arrays, cotangents = drawn(score, tied)
    _, gradients = score.by_hand(arrays, MASKS[mask], cotangents)
    report = check(lambda **values: score.loss(values, MASKS[mask], cotangents), arrays, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    for name, gradient in gradients.items():  # nothing is proved by zeros
        assert np.abs(gradient).max() > 1e-3 or (score.kind.__name__ == "Location" and name == "keys"), name


@masks
@tied
@pytest.mark.parametrize("seed", range(3))
def test_equal_to_a_loop_that_touches_only_what_the_mask_allows(score, tied, mask, seed):
    arrays, cotangents = drawn(score, tied, seed)
    for got, wanted in zip(
        score.by_hand(arrays, MASKS[mask], cotangents), score.by_loop(arrays, MASKS[mask], cotangents), strict=True
    ):
        assert_same(got, wanted)


@pytest.mark.parametrize("mask", [name for name in MASKS if "nothing" not in name])
def test_scaled_dot_is_torchs(scores, mask):
    score = scores["scaled dot"]
    arrays, cotangents = drawn(score)
    q, k, v = (torch.tensor(arrays[name], requires_grad=True) for name in ("query", "keys", "values"))
    allowed = MASKS[mask]
    if allowed is not None:
        allowed = torch.tensor(allowed if allowed.ndim == 3 else np.repeat(allowed[:, None], 2, 1))
    context = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
    (context * torch.tensor(cotangents["context"])).sum().backward()
    outputs, gradients = score.by_hand(arrays, MASKS[mask], {"context": cotangents["context"]})
    assert relative_error(outputs["context"], context.detach().numpy()) < 1e-12
    assert_same(gradients, {"query": q.grad.numpy(), "keys": k.grad.numpy(), "values": v.grad.numpy()})


@masks
def test_weights_are_shares_of_what_may_be_attended_to(score, mask):
    arrays, _ = drawn(score)
    weights = score.run(arrays, MASKS[mask])[0]["weights"]
    allowed = np.ones((3, 2, 4), bool) if MASKS[mask] is None else MASKS[mask]
    allowed = np.broadcast_to(allowed if allowed.ndim == 3 else allowed[:, None], (3, 2, 4))
    assert np.all((weights > 0) == allowed)
    np.testing.assert_allclose(weights.sum(2), allowed.any(2), atol=1e-15)


def test_who_may_attend_to_nothing_has_weights_context_and_gradient_0(score):
    arrays, cotangents = drawn(score)
    outputs, gradients = score.by_hand(arrays, NOWHERE, cotangents)
    for result in (outputs["weights"], outputs["context"], gradients["query"], gradients["keys"], gradients["values"]):
        assert np.all(result[1] == 0)
        assert np.all(np.isfinite(result))
    assert np.any(gradients["query"][0] != 0)
    outputs, gradients = score.by_hand(arrays, np.zeros((3, 4), bool), cotangents)
    for name, result in (outputs | gradients).items():
        assert np.all(result == 0), name


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_padding_changes_nothing_whatever_stands_in_it(score, data):
    """More places and more queries, all masked and full of NaN, beside those that there are."""
    lengths = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))
    B, more, late = len(lengths), data.draw(st.integers(0, 3)), data.draw(st.integers(0, 2))
    is_tied, filler = data.draw(st.booleans()), data.draw(st.sampled_from([1e6, np.nan, np.inf]))
    arrays, cotangents = drawn(score, is_tied, data.draw(st.integers(0, 10_000)), B=B)
    if "W_a" in arrays and score.kind.__name__ == "Location":
        arrays["W_a"] = np.pad(arrays["W_a"], ((0, 3), (0, 0)), constant_values=1.0)
    mask = np.arange(4) < np.array(lengths)[:, None]
    wanted, wanted_gradients = score.by_hand(arrays, mask, cotangents)

    beyond = np.pad(mask, ((0, 0), (0, more)))
    grid = np.repeat(beyond[:, None], 2 + late, 1)
    grid[:, 2:] = False
    padded, asked = dict(arrays), grid.any(2)
    for name in ("keys", "values"):
        if name in arrays:
            padded[name] = np.where(beyond[..., None], np.pad(arrays[name], ((0, 0), (0, more), (0, 0))), filler)
    padded["query"] = np.where(asked[..., None], np.pad(arrays["query"], ((0, 0), (0, late), (0, 0))), filler)
    given_ = {
        "context": np.where(asked[..., None], np.pad(cotangents["context"], ((0, 0), (0, late), (0, 0))), filler),
        "weights": np.where(grid, np.pad(cotangents["weights"], ((0, 0), (0, late), (0, more))), filler),
    }
    got, gradients = score.by_hand(padded, grid, given_)
    for name, value in (wanted | wanted_gradients).items():
        result = (got | gradients)[name]
        same = tuple(slice(n) for n in value.shape)
        np.testing.assert_allclose(result[same], value, atol=1e-12, err_msg=name)
        rest = result.copy()
        rest[same] = 0
        assert np.all(rest == 0), name


def test_what_an_allowed_query_reads_must_be_a_number(scores):
    """A key that one query may attend to and another may not is read, and NaN in it is an error."""
    arrays, _ = drawn(scores["dot"])
    mask = np.ones((3, 2, 4), bool)
    mask[0, 0, 1] = False
    arrays["keys"][0, 1, 2] = np.nan
    with pytest.raises(ValueError, match=r"keys must be finite, but keys\[0, 1, 2\] is nan"):
        scores["dot"].run(arrays, mask)
    mask[0, :, 1] = False
    scores["dot"].run(arrays, mask)


def test_the_order_of_the_pairs_does_not_matter(scores):
    order = [2, 0, 3, 1]
    for name, score in scores.items():
        arrays, _ = drawn(score)
        moved = arrays | {"keys": arrays["keys"][:, order], "values": arrays["values"][:, order]}
        before, after = score.run(arrays, LENGTHS)[0], score.run(moved, LENGTHS[:, order])[0]
        np.testing.assert_allclose(after["weights"][1], before["weights"][1][:, order], atol=1e-14)  # one place alone
        same = relative_error(after["context"], before["context"]) < 1e-13
        assert same == (name != "location"), name


def test_a_score_that_wins_by_far_gives_the_value_itself(scores):
    query, keys = np.array([[[1000.0, 0.0]]]), np.array([[[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]])
    values = np.random.default_rng(0).normal(size=(1, 3, 4))
    context, cache = attention.forward(Dot(), query, keys, values)
    np.testing.assert_array_equal(context[0, 0], values[0, 0])
    grads = attention.backward(np.ones((1, 1, 4)), cache)
    assert np.all(grads.query == 0)
    assert np.all(grads.values[0] == [[1], [0], [0]])


@pytest.mark.parametrize("empty", [{"S": 0}, {"T": 0}, {"B": 0}], ids=str)
def test_nothing_to_attend_to_or_nobody_who_asks(score, empty):
    arrays, cotangents = drawn(score, **empty)
    outputs, gradients = score.by_hand(arrays, None, cotangents)
    for name, value in outputs.items():
        assert value.shape == cotangents[name].shape
        assert np.all(value == 0)
    for name, value in arrays.items():
        assert gradients[name].shape == value.shape
        assert np.all(gradients[name] == 0)


def test_nothing_of_the_callers_is_changed_or_shared(score):
    for is_tied in (False, True):
        arrays, cotangents = drawn(score, is_tied)
        mask = LENGTHS[:, None] & CAUSAL
        kept = {name: value.copy() for name, value in (arrays | cotangents).items()}
        outputs, cache = score.run(arrays, mask)
        wanted = attention.backward(cotangents["context"], cache, cotangents["weights"])
        for name, value in (arrays | cotangents).items():
            np.testing.assert_array_equal(value, kept[name])
            assert not any(np.shares_memory(value, array) for array in (cache.query, cache.keys, cache.values))
        for value in arrays.values():
            value[...] = 7.0  # what the caller writes afterwards does not change the gradient
        outputs["context"][...] = 7.0
        mask[...] = True
        again = attention.backward(kept["context"], cache, kept["weights"])
        for one, other in zip([*wanted.score, *wanted[1:]], [*again.score, *again[1:]], strict=True):
            if one is not None:
                np.testing.assert_array_equal(other, one)


def test_the_cotangent_of_the_weights_is_0_by_default(score):
    arrays, cotangents = drawn(score)
    _, wanted = score.by_hand(arrays, LENGTHS, cotangents | {"weights": np.zeros((3, 2, 4))})
    _, got = score.by_hand(arrays, LENGTHS, {"context": cotangents["context"]})
    assert_same(got, wanted)


def test_the_softmax_of_a_row_is_torchs_over_what_is_allowed():
    rng = np.random.default_rng(0)
    scores, mask = 3 * rng.normal(size=(2, 5, 6)), rng.random((2, 5, 6)) < 0.6
    mask[0, 1] = False
    weights = attention.softmax(np.where(mask, scores, np.nan), mask)
    for row, allowed, got in zip(scores.reshape(-1, 6), mask.reshape(-1, 6), weights.reshape(-1, 6), strict=True):
        np.testing.assert_allclose(got[allowed], torch.softmax(torch.tensor(row[allowed]), 0).numpy(), rtol=1e-14)
        assert np.all(got[~allowed] == 0)
    np.testing.assert_allclose(attention.softmax(scores), torch.softmax(torch.tensor(scores), -1).numpy(), rtol=1e-13)
    np.testing.assert_array_equal(attention.softmax(scores[0, 0]), attention.softmax(scores)[0, 0])


@pytest.mark.parametrize("shift", [0.0, 1e3, -1e3, 1e15])
def test_the_softmax_does_not_mind_how_large_the_scores_are(shift):
    scores = np.array([[2.0, 1.0, -3.0]])
    np.testing.assert_allclose(attention.softmax(scores + shift), attention.softmax(scores), rtol=1e-14)
    np.testing.assert_array_equal(attention.softmax(np.array([1e308, -1e308, 0])), [1, 0, 0])
    with_mask = attention.softmax(np.array([[1e308, 1.0, 1.0]]), np.array([[False, True, True]]))
    np.testing.assert_array_equal(with_mask, [[0, 0.5, 0.5]])  # the maximum is taken of what counts


def test_the_softmax_backwards_is_its_jacobian():
    """J = diag(α) - α αᵀ, for each row; by complex step too, where the mask is."""
    rng = np.random.default_rng(0)
    scores, dweights = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    mask = rng.random((3, 5)) < 0.7
    mask[2] = False
    weights = attention.softmax(scores, mask)
    got = attention.softmax_backward(weights, np.where(mask, dweights, np.nan))
    for a, da, row in zip(weights, dweights, got, strict=True):
        np.testing.assert_allclose((np.diag(a) - np.outer(a, a)) @ da, row, atol=1e-15)
    by_step = complex_step(lambda e: (attention.softmax(e, mask) * dweights).sum(), scores)
    np.testing.assert_allclose(got, by_step, atol=1e-15)
    np.testing.assert_allclose(got.sum(1), 0, atol=1e-15)  # what one weight gains the others lose
    assert np.all(got[2] == 0)


Q, K, VALUES, OK = np.ones((2, 3, 4)), np.ones((2, 5, 4)), np.ones((2, 5, 6)), np.ones((2, 3, 6))
BAD = {  # what is changed -> (error, message)
    "query is not 3-d": ({"query": Q[0]}, ValueError, r"query must have shape \(B, T, Dq\), got \(3, 4\)"),
    "query NaN": ({"query": Q * np.nan}, ValueError, r"query must be finite, but query\[0, 0, 0\] is nan"),
    "keys of another batch": ({"keys": K[:1]}, ValueError, r"keys must have shape \(2, S, Dk\), got \(1, 5, 4\)"),
    "keys NaN": ({"keys": K * np.inf}, ValueError, "keys must be finite"),
    "values for other places": ({"values": VALUES[:, :4]}, ValueError, r"values must have shape \(2, 5, Dv\)"),
    "values NaN": ({"values": VALUES * np.nan}, ValueError, "values must be finite"),
    "text": ({"keys": np.array([[["a"]]])}, TypeError, "keys must hold real numbers"),
    "mask of numbers": ({"mask": np.ones((2, 5))}, TypeError, "mask must be boolean"),
    "mask shape": ({"mask": np.ones((2, 3), bool)}, ValueError, r"mask must have shape \(2, 5\), got \(2, 3\)"),
    "mask transposed": ({"mask": np.ones((2, 5, 3), bool)}, ValueError, r"mask must have shape \(2, 3, 5\)"),
    "scores too large": ({"query": Q * 1e200, "keys": K * 1e200}, ValueError, "scores must be finite"),
    "dcontext": ({"dcontext": OK[..., :4]}, ValueError, r"dcontext must have shape \(2, 3, 6\), got \(2, 3, 4\)"),
    "dcontext NaN": ({"dcontext": OK * np.nan}, ValueError, "dcontext must be finite"),
    "dweights": ({"dweights": np.ones((2, 5))}, ValueError, r"dweights must have shape \(2, 3, 5\)"),
    "dweights NaN": ({"dweights": np.full((2, 3, 5), np.nan)}, ValueError, "dweights must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(query=Q, keys=K, values=VALUES, mask=None, dcontext=OK, dweights=None):
        _, cache = attention.forward(Dot(), query, keys, values, mask)
        attention.backward(dcontext, cache, dweights)

    there_and_back()
    with np.errstate(over="ignore"), pytest.raises(error, match=message):
        there_and_back(**wrong)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: attention.softmax(1.0), ValueError, "scores must have a last axis"),
        (lambda: attention.softmax([np.nan, 1.0]), ValueError, r"scores must be finite, but scores\[0\] is nan"),
        (lambda: attention.softmax([1.0], [1]), TypeError, "mask must be boolean"),
        (lambda: attention.softmax([1.0], [True, False]), ValueError, r"mask must have shape \(1\), got \(2\)"),
        (lambda: attention.softmax_backward([0.5, 0.5], [1.0]), ValueError, r"dweights must have shape \(2\)"),
        (lambda: attention.softmax_backward([0.5, np.nan], [1.0, 2.0]), ValueError, "weights must be finite"),
    ],
)
def test_bad_input_of_the_softmax_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
