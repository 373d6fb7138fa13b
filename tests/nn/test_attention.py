"""Attention against its formulas written as loops, torch's own attention where they overlap, and its laws."""

import math

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from translators import DOUBLE, SCORES, attended, attention
from translators import score as one_score

from seqlib.nn import Attention
from seqlib.nn.attention import masked_softmax
from seqlib.nn.masks import causal_mask, combined_mask, padding_mask

B, T, S, D = 3, 4, 6, 4
every_score = pytest.mark.parametrize("score", SCORES)
EXACT = {"rtol": 1e-11, "atol": 1e-11}


def given(d_k=D, d_v=5, requires_grad=False):
    torch.manual_seed(1)
    sizes = (B, T, D), (B, S, d_k), (B, S, d_v)
    return [torch.randn(*size, **DOUBLE, requires_grad=requires_grad) for size in sizes]


def some_mask():
    """One row of it empty, one with one entry, one full, the others mixed."""
    torch.manual_seed(2)
    mask = torch.rand(B, T, S) < 0.5
    mask[..., 2] = True
    mask[0, 1], mask[1, 2], mask[2, 0] = False, torch.arange(S) == 5, True
    return mask


def gradients(function, inputs, cotangents):
    outputs = function(*inputs)
    total = sum((out * cotangent).sum() for out, cotangent in zip(outputs, cotangents, strict=True))
    return torch.autograd.grad(total, inputs)


@every_score
@pytest.mark.parametrize("masked", [False, True])
def test_it_is_its_formula_for_each_query(score, masked):
    d_k = D if "dot" in score else 3
    torch.manual_seed(0)
    module, (query, keys, values) = attention(score, D, d_k), given(d_k)
    mask = some_mask() if masked else torch.ones(B, T, S, dtype=torch.bool)
    context, weights = module(query, keys, values, mask if masked else None)
    assert context.shape == (B, T, 5)
    for b in range(B):
        for t in range(T):
            if not mask[b, t].any():
                assert not weights[b, t].any()
                assert not context[b, t].any()
                continue
            # the scores of location are of positions, so that a key that is left out keeps its place
            kept = mask[b, t].nonzero()[:, 0].tolist()
            wanted, shares = attended(module, query[b, t], keys[b], values[b], kept)
            torch.testing.assert_close(context[b, t], wanted, **EXACT)
            torch.testing.assert_close(weights[b, t, kept], shares, **EXACT)
            assert not weights[b, t, ~mask[b, t]].any()


@every_score
def test_scores_are_their_formulas(score):
    module, (query, keys, _) = attention(score), given()
    found = module.scores(query, module.project(keys))
    assert found.shape == (B, T, S)
    for b, t, s in ((0, 0, 0), (1, 3, 5), (2, 1, 3)):
        torch.testing.assert_close(found[b, t, s], one_score(module, query[b, t], keys[b, s], s), **EXACT)


@pytest.mark.parametrize("masked", [False, True])
def test_scaled_dot_is_torchs_scaled_dot_product_attention(masked):
    query, keys, values = inputs = given(requires_grad=True)
    mask = some_mask() if masked else None
    if masked:
        mask[0, 1, 3] = True  # torch's may be NaN for an empty row
    ours = Attention("scaled dot", D)
    torch.manual_seed(3)
    cotangent = torch.randn(B, T, 5, **DOUBLE)
    wanted = scaled_dot_product_attention(query, keys, values, attn_mask=mask)
    torch.testing.assert_close(ours(query, keys, values, mask)[0], wanted, **EXACT)
    found = gradients(lambda *a: ours(*a, mask)[:1], inputs, [cotangent])
    theirs = gradients(lambda *a: (scaled_dot_product_attention(*a, attn_mask=mask),), inputs, [cotangent])
    for a, b in zip(found, theirs, strict=True):
        torch.testing.assert_close(a, b, **EXACT)


def test_dot_is_torchs_with_a_scale_of_one_and_a_causal_mask_is_causal():
    query, _, _ = given()
    wanted = scaled_dot_product_attention(query, query, query, is_causal=True, scale=1.0)
    torch.testing.assert_close(Attention("dot", D)(query, query, mask=causal_mask(T))[0], wanted, **EXACT)


def test_scaled_dot_is_torchs_multihead_attention_with_one_head_and_no_projections():
    query, keys, values = given(d_v=D)
    theirs = torch.nn.MultiheadAttention(D, 1, bias=False, batch_first=True, **DOUBLE)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.eye(D).repeat(3, 1))
        theirs.out_proj.weight.copy_(torch.eye(D))
    mask = padding_mask([6, 1, 4])
    context, weights = Attention("scaled dot", D)(query, keys, values, mask)
    wanted, shares = theirs(query, keys, values, key_padding_mask=~mask)
    torch.testing.assert_close(context, wanted, **EXACT)
    torch.testing.assert_close(weights, shares, **EXACT)


def test_general_is_multihead_attention_with_its_two_projections_in_one():
    torch.manual_seed(0)
    query, keys, values = given(d_v=D)
    theirs = torch.nn.MultiheadAttention(D, 1, bias=False, batch_first=True, **DOUBLE)
    w_q, w_k, w_v = theirs.in_proj_weight.detach().chunk(3)
    ours = Attention("general", D, **DOUBLE)
    with torch.no_grad():
        ours.weight.copy_(w_q.T @ w_k / math.sqrt(D))
    context, weights = ours(query, keys, values)
    wanted, shares = theirs(query, keys, values)
    torch.testing.assert_close(weights, shares, **EXACT)
    torch.testing.assert_close(context @ w_v.T @ theirs.out_proj.weight.T, wanted, **EXACT)


def test_concat_is_additive_with_its_two_matrices_in_one():
    query, keys, values = given(3)
    additive, concat = attention("additive", D, 3), attention("concat", D, 3)
    with torch.no_grad():
        concat.weight.copy_(torch.cat([additive.weight_q, additive.weight_k], 1))
        concat.v.copy_(additive.v)
    for a, b in zip(additive(query, keys, values), concat(query, keys, values), strict=True):
        torch.testing.assert_close(a, b, **EXACT)


@every_score
def test_gradients_are_right_also_beside_a_row_that_may_attend_to_nothing(score):
    module, mask = attention(score, hidden_size=3) if score in ("additive", "concat") else attention(score), some_mask()
    mask = mask[:2, :2, :3]
    assert (~mask.any(2)).any()
    query, keys, values = (part[:2, :n].detach().requires_grad_() for part, n in zip(given(), (2, 3, 3), strict=True))
    inputs = [query, keys, values, *module.parameters()]
    assert torch.autograd.gradcheck(lambda q, k, v, *_: module(q, k, v, mask), inputs)
    assert torch.autograd.gradgradcheck(lambda q, k, v, *_: module(q, k, v, mask), inputs)


@every_score
@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_a_batch_that_may_attend_to_nothing_gives_0_and_gradients_of_0(score):
    module, inputs = attention(score), given(requires_grad=True)
    nothing = torch.zeros(B, S, dtype=torch.bool)
    context, weights = module(*inputs, nothing)
    assert not context.any()
    assert not weights.any()
    with torch.autograd.detect_anomaly(check_nan=True):  # not even on the way is anything NaN
        (context.sum() + (weights * torch.randn_like(weights)).sum()).backward()
    for tensor in (*inputs, *module.parameters()):
        assert tensor.grad is None or not tensor.grad.any()
    assert inputs[2].grad is not None


@every_score
def test_what_the_mask_hides_changes_nothing(score):
    module, (query, keys, values) = attention(score), given()
    mask = padding_mask([6, 1, 4])
    context, weights = module(query, keys, values, mask)
    for junk in (0.0, 1e4, -1e4):
        hidden = ~mask[..., None]
        again = module(query, keys.masked_fill(hidden, junk), values.masked_fill(hidden, junk), mask)
        torch.testing.assert_close(again[0], context, **EXACT)
        torch.testing.assert_close(again[1], weights, **EXACT)
    for b, n in enumerate([6, 1, 4]):
        alone, shares = module(query[b : b + 1], keys[b : b + 1, :n], values[b : b + 1, :n])
        torch.testing.assert_close(context[b : b + 1], alone, **EXACT)
        torch.testing.assert_close(weights[b : b + 1, :, :n], shares, **EXACT)


@every_score
def test_a_mask_for_all_queries_and_one_for_each_are_combined(score):
    module, (query, keys, values) = attention(score), given()
    by_source = padding_mask([6, 1, 4])
    wanted = module(query, keys, values, by_source)
    repeated = by_source[:, None].expand(B, T, S)
    for mask in (repeated, combined_mask(by_source, torch.ones(1, T, S, dtype=torch.bool))):
        for a, b in zip(module(query, keys, values, mask), wanted, strict=True):
            assert torch.equal(a, b)


@every_score
def test_weights_are_a_distribution_and_do_not_depend_on_the_neighbours(score):
    module, (query, keys, values) = attention(score), given()
    context, weights = module(query, keys, values, some_mask())
    empty = ~some_mask().any(2)
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(2), (~empty).double(), **EXACT)
    order = torch.tensor([2, 0, 1])
    mixed = module(query[order], keys[order], values[order], some_mask()[order])
    torch.testing.assert_close(mixed[0], context[order], **EXACT)
    turned = torch.tensor([3, 1, 0, 2])  # the queries do not know each other either
    again = module(query[:, turned], keys, values, some_mask()[:, turned])
    torch.testing.assert_close(again[0], context[:, turned], **EXACT)


@every_score
def test_the_order_of_the_keys_matters_to_location_alone(score):
    module, (query, keys, values) = attention(score), given()
    order = torch.tensor([4, 0, 5, 1, 3, 2])
    context, weights = module(query, keys, values)
    moved, shares = module(query, keys[:, order], values[:, order])
    assert torch.allclose(moved, context, rtol=1e-10) == (score != "location")
    assert torch.allclose(shares, weights[..., order], rtol=1e-10) == (score != "location")


@every_score
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_extreme_scores_are_no_overflow(score, dtype):
    module = attention(score).to(dtype)
    query, keys, values = (part.detach().to(dtype).requires_grad_() for part in given())
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(1e4 if parameter.ndim == 1 or score in ("general", "location") else 1)
        if "dot" in score:
            query.mul_(1e4)
    context, weights = module(query, keys, values, some_mask())
    assert module.scores(query, module.project(keys)).abs().max() > 1e4
    context.square().sum().backward()
    for tensor in (context, weights, query.grad, values.grad):
        assert tensor.isfinite().all()
    torch.testing.assert_close(weights.sum(2), some_mask().any(2).to(dtype))


@every_score
def test_keys_are_projected_once_for_many_queries(score):
    module, (query, keys, values) = attention(score), given()
    mask = padding_mask([6, 1, 4])
    context, weights = module(query, keys, values, mask)
    projected = module.project(keys)
    for t in range(T):
        part, shares = module.attend(query[:, t : t + 1], projected, values, mask[:, None])
        torch.testing.assert_close(part, context[:, t : t + 1], **EXACT)
        torch.testing.assert_close(shares, weights[:, t : t + 1], **EXACT)


def test_location_knows_as_many_positions_as_it_is_given():
    query, keys, values = given()
    module = attention("location", longest=4)
    context, weights = module(query, keys, values)
    torch.testing.assert_close(weights[..., :4], (query @ module.weight.T).softmax(2), **EXACT)
    assert not weights[..., 4:].any()
    torch.testing.assert_close(context, weights[..., :4] @ values[:, :4], **EXACT)
    behind = torch.arange(S).expand(B, S) >= 4
    assert not module(query, keys, values, behind)[1].any()


@every_score
@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 3, 1), (0, 2, 3), (2, 0, 3), (2, 3, 0)])
def test_small_and_empty_batches(score, sizes):
    b, t, s = sizes
    module = attention(score)
    context, weights = module(torch.ones(b, t, D, **DOUBLE), torch.ones(b, s, D, **DOUBLE))
    assert context.shape == (b, t, D)
    assert weights.shape == (b, t, s)
    assert s != 1 or (weights == 1).all()
    assert s != 0 or not context.any()


@pytest.mark.parametrize("shape", [(5,), (2, 5), (2, 3, 5)])
def test_masked_softmax_is_the_softmax_of_what_is_left(shape):
    torch.manual_seed(0)
    scores = torch.randn(*shape, **DOUBLE)
    mask = torch.rand(*shape) < 0.6
    mask.view(-1, 5)[0] = torch.tensor([True, False, True, True, False])
    found = masked_softmax(scores, mask)
    for row, open_, z in zip(found.view(-1, 5), mask.view(-1, 5), scores.view(-1, 5), strict=True):
        torch.testing.assert_close(row[open_], z[open_].softmax(0), **EXACT)
        assert not row[~open_].any()
    assert torch.equal(masked_softmax(scores), scores.softmax(-1))
    with pytest.raises(TypeError, match=r"mask must be boolean \(True = may attend\), got torch.float64"):
        masked_softmax(scores, mask.double())
    with pytest.raises(TypeError, match=r"mask must be boolean \(True = may attend\), got list"):
        masked_softmax(scores, [True])
