"""MultiHeadAttention: equal to torch.nn's and to the reference, with gradients; masks, order, positions, dropout."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, LENGTHS, attention_params, drawn, flat, gradient, sequence

from seqlib.nn import MultiHeadAttention, causal_mask
from seqlib.reference import multi_head
from seqlib.reference.multi_head import Rotary

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def made(n_heads=4, d_model=8, **options):
    return drawn(MultiHeadAttention(d_model, n_heads, **options, **DOUBLE))


def random_mask(rng, *shape):
    """Anywhere at random; some rows are empty."""
    mask = torch.from_numpy(rng.random(shape) < 0.6)
    mask[0, 0] = False
    return mask


@pytest.mark.parametrize("seed", range(10))
def test_the_gradients_and_weights_are_those_of_the_reference(seed):
    """Grouped queries, rotary positions, causal, sources of another width, masks with empty rows."""
    rng = np.random.default_rng(seed)
    for trial in range(6):
        n_kv, cross, causal = [1, 2, 4][rng.integers(3)], trial % 3 == 2, trial % 2 == 0
        options = {"n_kv_heads": n_kv, "bias": bool(rng.random() < 0.7)}
        options |= (
            {"source_size": int(rng.choice([5, 16]))} if cross else {"rotary": [None, 10.0, 1e4][rng.integers(3)]}
        )
        attention = made(d_model=16, **options)
        x, source = sequence(2, 5, 16, seed)[0], torch.randn(2, 6, attention.source_size, **DOUBLE)
        S = 6 if cross else 5
        mask = [None, random_mask(rng, 2, S), random_mask(rng, 2, 5, S)][rng.integers(3)]
        given = (x.requires_grad_(), *([source.requires_grad_()] if cross else []))
        more = {} if cross else {"causal": causal}
        out, weights = attention(*given, mask=mask, need_weights=True, **more)
        fast, none = attention(*given, mask=mask, **more)
        assert none is None
        arrays = [part.detach().numpy() for part in given]
        rotary = None if attention.rotary is None else Rotary(base=attention.rotary)
        wanted, cache = multi_head.forward(
            attention_params(attention),
            *arrays,
            mask=None if mask is None else mask.numpy(),
            n_heads=4,
            rotary=rotary,
            **more,
        )
        for got in (out, fast):
            np.testing.assert_allclose(got.detach(), wanted, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(weights.detach(), cache.weights, rtol=1e-9, atol=1e-12)
        dout, dweights = rng.normal(size=out.shape), rng.normal(size=weights.shape)
        for got, cotangents in ((fast, None), (out, dweights)):
            attention.zero_grad()
            for part in given:
                part.grad = None
            loss = (got * torch.from_numpy(dout)).sum()
            if cotangents is not None:
                loss = loss + (weights * torch.from_numpy(cotangents)).sum()
            loss.backward()
            grads = multi_head.backward(dout, cache, cotangents)
            found = flat(attention_params(attention, gradient))
            for mine, theirs in zip(found, flat(grads.params), strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-10)
            np.testing.assert_allclose(x.grad, grads.x, rtol=1e-9, atol=1e-10)
            if cross:
                np.testing.assert_allclose(source.grad, grads.source, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("need_weights", [False, True])
def test_where_nothing_may_be_attended_to_the_bias_comes_out(need_weights):
    attention = made()
    x, mask = sequence()
    mask = mask[:, None].repeat(1, 7, 1)
    mask[1], mask[2, 3] = False, False
    out, weights = attention(x.requires_grad_(), mask=mask, need_weights=need_weights)
    assert torch.equal(out[1], attention.out_proj.bias.expand(7, 8))
    assert torch.equal(out[2, 3], attention.out_proj.bias)
    if need_weights:
        assert not weights[1].any()
        assert not weights[2, :, 3].any()
    out[1].sum().backward()
    assert not x.grad.any()
    assert all(p.grad.isfinite().all() for p in attention.parameters())
    assert torch.equal(attention.out_proj.bias.grad, torch.full((8,), 7.0, **DOUBLE))


@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("n_kv_heads", [4, 2])
def test_no_output_knows_a_later_input(need_weights, n_kv_heads):
    attention = made(n_kv_heads=n_kv_heads, rotary=100.0)
    x = sequence()[0]
    wanted = attention(x, causal=True, need_weights=need_weights)[0]
    for t in range(7):
        changed = x.clone()
        changed[:, t] += 1
        same = torch.isclose(attention(changed, causal=True, need_weights=need_weights)[0], wanted, rtol=1e-12).all(-1)
        assert same.tolist() == [[True] * t + [False] * (7 - t)] * 4


@pytest.mark.parametrize("causal", [False, True])
def test_what_stands_behind_a_mask_changes_nothing(causal):
    attention = made()
    x, mask = sequence()
    wanted = attention(x, mask=mask, causal=causal)[0]
    changed = torch.where(mask[..., None], x, 1e3)
    torch.testing.assert_close(attention(changed, mask=mask, causal=causal)[0][mask], wanted[mask], **EXACT)
    for b, n in enumerate(LENGTHS):
        torch.testing.assert_close(attention(x[b : b + 1, :n], causal=causal)[0][0], wanted[b, :n], **EXACT)


def test_a_mask_and_the_order_are_combined():
    attention = made()
    x, mask = sequence()
    both = mask[:, None] & causal_mask(7)
    torch.testing.assert_close(attention(x, mask=mask, causal=True)[0], attention(x, mask=both)[0], **EXACT)
    torch.testing.assert_close(attention(x, causal=True)[0], attention(x, mask=causal_mask(7))[0], **EXACT)


def test_with_rotary_positions_only_distances_count():
    attention = made(rotary=50.0, n_kv_heads=2)
    x = sequence()[0]
    wanted = attention(x)[0]
    torch.testing.assert_close(attention(x, positions=torch.arange(7) + 40)[0], wanted, **EXACT)
    torch.testing.assert_close(attention(x, positions=[[*range(b, b + 7)] for b in range(4)])[0], wanted, **EXACT)
    stretched = attention(x, positions=2 * torch.arange(7))[0]
    assert (stretched - wanted).abs().max() > 1e-3
    order = torch.tensor([3, 1, 0, 2, 6, 5, 4])
    torch.testing.assert_close(attention(x[:, order], positions=order)[0], wanted[:, order], **EXACT)


def test_without_positions_it_is_equivariant_to_permutations():
    attention, x, order = made(), sequence()[0], torch.tensor([3, 1, 0, 2, 6, 5, 4])
    torch.testing.assert_close(attention(x[:, order])[0], attention(x)[0][:, order], **EXACT)


def test_dropout_is_on_the_weights_and_in_training_alone():
    attention = made(dropout=0.5)
    x = sequence()[0]
    plain = made()(x)[0]
    torch.testing.assert_close(attention.eval()(x)[0], plain, **EXACT)
    attention.train()
    for need_weights in (False, True):
        torch.manual_seed(0)
        draws = attention(x[:1].expand(3000, 7, 8), need_weights=need_weights)[0]
        off = (draws.mean(0) - plain[0]) / draws.std(0) * 3000**0.5
        assert off.square().mean() < 4, "the mean over draws is that without dropout"
    torch.manual_seed(0)
    attention.dropout = 1.0
    out, weights = attention(x, need_weights=True)
    assert torch.equal(out, attention.out_proj.bias.expand(4, 7, 8))
    torch.testing.assert_close(weights, made()(x, need_weights=True)[1], **EXACT)


@pytest.mark.parametrize(("source_size", "bias"), [(None, True), (5, True), (8, False)])
def test_a_state_dict_of_torch_loads_unchanged_and_goes_back(source_size, bias):
    theirs = torch.nn.MultiheadAttention(
        8, 2, bias=bias, kdim=source_size, vdim=source_size, batch_first=True, **DOUBLE
    )
    mine = MultiHeadAttention(8, 2, source_size=source_size, bias=bias, **DOUBLE)
    drawn(theirs)
    mine.load_state_dict(theirs.state_dict())
    x, source = sequence()[0], sequence(T=5, D=source_size or 8, seed=2)[0]
    out, weights = mine(x, source, need_weights=True)
    wanted, theirs_weights = theirs(x, source, source, average_attn_weights=False)
    torch.testing.assert_close(out, wanted, **EXACT)
    torch.testing.assert_close(weights, theirs_weights, **EXACT)
    theirs.load_state_dict(mine.state_dict())


def test_it_begins_as_torch_does():
    torch.manual_seed(0)
    mine = MultiHeadAttention(64, 4)
    theirs = torch.nn.MultiheadAttention(64, 4)
    for name, weight in theirs.named_parameters():
        got = dict(mine.named_parameters())[name]
        assert got.shape == weight.shape
        assert abs(got.std() - weight.std()) < 0.05 * weight.std() + 1e-9, name
        assert got.abs().max() < 1.01 * weight.abs().max() + 1e-9, name


def test_under_autocast_products_are_in_bfloat16():
    attention = MultiHeadAttention(8, 2, rotary=100.0)
    x = torch.randn(2, 5, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = attention(x, causal=True)
        assert out.dtype == torch.bfloat16
        explicit, _ = attention(x, causal=True, need_weights=True)
    plain = attention(x, causal=True)[0]
    torch.testing.assert_close(out.float(), plain, rtol=0.05, atol=0.05)
    torch.testing.assert_close(explicit.float(), plain, rtol=0.05, atol=0.05)


@pytest.mark.parametrize(("B", "T", "S"), [(0, 3, 3), (2, 0, 3), (2, 3, 0)])
@pytest.mark.parametrize("need_weights", [False, True])
def test_empty_batches_queries_and_sources(B, T, S, need_weights):
    attention = made()
    out, _ = attention(torch.zeros(B, T, 8, **DOUBLE), torch.zeros(B, S, 8, **DOUBLE), need_weights=need_weights)
    assert out.shape == (B, T, 8)
    assert torch.equal(out, attention.out_proj.bias.expand(B, T, 8)) or S


BAD = [
    ({"d_model": 9}, "d_model must be a multiple of n_heads=4, got 9"),
    ({"n_kv_heads": 3}, "n_kv_heads must be a divisor of n_heads=4, got 3"),
    ({"rotary": 0.5}, "rotary must be at least 1"),
    ({"d_model": 12, "rotary": 10.0}, "d_model / n_heads must be even for rotary positions, got 3"),
    ({"dropout": 2}, "dropout must be at most 1"),
    ({"source_size": 0}, "source_size must be at least 1"),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_bad_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        MultiHeadAttention(**{"d_model": 8, "n_heads": 4} | options)


def test_bad_input_is_named():
    x, mask = sequence()
    cases = [
        (made(), (x[0],), {}, ValueError, "x must have shape"),
        (made(), (x.float(),), {}, TypeError, "x must have the dtype of the weights"),
        (made(), (x.long(),), {}, TypeError, "x must be real-valued"),
        (made(), ([1.0],), {}, TypeError, "x must be a tensor, got list"),
        (made(), (x, x[:2]), {}, ValueError, "source must have shape"),
        (made(source_size=5), (x,), {}, ValueError, "source must be given where source_size=5"),
        (made(), (x, x), {"causal": True}, ValueError, "causal and rotary are for a sequence that attends to itself"),
        (made(rotary=10.0), (x, x), {}, ValueError, "causal and rotary are for a sequence that attends to itself"),
        (made(), (x,), {"mask": mask.long()}, TypeError, "mask must be boolean"),
        (made(), (x,), {"mask": mask[:, :5]}, ValueError, "mask must have shape"),
        (made(), (x,), {"positions": range(7)}, ValueError, "positions must be None without rotary"),
        (made(rotary=10.0), (x,), {"positions": range(6)}, ValueError, "positions must have shape"),
        (made(rotary=10.0), (x,), {"positions": [True] * 7}, TypeError, "positions must be numbers"),
        (made(rotary=10.0), (x[:1],), {"positions": torch.zeros(3, 7)}, ValueError, "positions must have shape"),
    ]
    for attention, given, options, error, message in cases:
        with pytest.raises(error, match=message):
            attention(*given, **options)
