"""Blocks and stacks: equal to torch.nn's and to the reference, with all gradients; order, padding, positions."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, LENGTHS, block, drawn, flat, gradient, sequence, stack_params

from seqlib.nn import TransformerDecoder, TransformerEncoder, from_torch
from seqlib.reference import transformer
from seqlib.reference.multi_head import Rotary

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def layer(rng, decodes):
    """A random layer of torch.nn in float64, with random weights."""
    n_heads = int(rng.integers(1, 4))
    kind = torch.nn.TransformerDecoderLayer if decodes else torch.nn.TransformerEncoderLayer
    theirs = kind(
        n_heads * int(rng.integers(1, 5)),
        n_heads,
        int(rng.integers(1, 12)),
        float(rng.choice([0.0, 0.3])),
        str(rng.choice(["relu", "gelu"])),
        float(rng.choice([1e-5, 1e-2])),
        batch_first=bool(rng.random() < 0.5),
        norm_first=bool(rng.random() < 0.5),
        bias=bool(rng.random() < 0.7),
        **DOUBLE,
    )
    return drawn(theirs, int(rng.integers(1000)))


def theirs_and_ours(rng):
    """The two functions of x, source, mask, source_mask; a module of torch.nn and the same of seqlib.nn."""
    decodes, stacked = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    theirs = layer(rng, decodes)
    D, first = theirs.linear2.out_features, theirs.self_attn.batch_first
    if stacked:
        norm = torch.nn.LayerNorm(D, theirs.norm1.eps, bias=theirs.linear1.bias is not None, **DOUBLE)
        norm = norm if rng.random() < 0.6 else None
        more = {} if decodes else {"enable_nested_tensor": False}
        kind = torch.nn.TransformerDecoder if decodes else torch.nn.TransformerEncoder
        theirs = drawn(kind(theirs, 2, norm, **more), int(rng.integers(1000)))
    theirs.eval()

    def run(x, source, mask, source_mask):
        parts = [part if first else part.transpose(0, 1) for part in (x, source)]
        causal = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        if decodes:
            masks = {"tgt_key_padding_mask": ~mask, "memory_key_padding_mask": ~source_mask, "tgt_mask": causal}
            out = theirs(*parts, **masks)
        else:
            out = theirs(parts[0], src_key_padding_mask=~mask)
        return out if first else out.transpose(0, 1)

    ours = from_torch(theirs)

    def mine(x, source, mask, source_mask):
        if not decodes:
            return ours(x, mask=mask)
        return ours(x, source, mask, source_mask, **({} if stacked else {"causal": True}))

    return theirs, run, ours, mine, D


@pytest.mark.parametrize("seed", range(10))
def test_outputs_and_gradients_are_those_of_torch(seed):
    """200 random configurations in all."""
    rng = np.random.default_rng(seed)
    for _ in range(20):
        theirs, run, ours, mine, D = theirs_and_ours(rng)
        B, T, S = rng.integers(1, 5, 3)
        x, source = sequence(B, T, D, rng.integers(1000))[0], sequence(B, S, D, rng.integers(1000))[0]
        masks = [torch.arange(n) < torch.from_numpy(rng.integers(1, n + 1, (B, 1))) for n in (T, S)]
        found = []
        cotangent = torch.from_numpy(rng.normal(size=(B, T, D)))
        for module, function in ((theirs, run), (ours, mine)):
            module.zero_grad()
            given = [part.clone().requires_grad_() for part in (x, source)]
            out = function(*given, *masks)
            (out * cotangent).sum().backward()
            grads = {name: parameter.grad for name, parameter in module.named_parameters()}
            found.append((out, given[0].grad, given[1].grad, grads))
        torch.testing.assert_close(found[1], found[0], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_outputs_and_gradients_are_those_of_the_reference(seed):
    rng = np.random.default_rng(seed)
    for trial in range(4):
        norm_first, decodes = bool(trial % 2), bool(rng.random() < 0.5)
        activation = str(rng.choice(["relu", "gelu", "gelu_tanh", "swiglu"]))
        rotary = [None, 30.0][rng.integers(2)]
        options = {"norm_first": norm_first, "norm": str(rng.choice(["layer", "rms"])), "activation": activation}
        options |= {"rotary": rotary, "n_kv_heads": int(rng.choice([1, 2, 4])), "eps": float(rng.choice([1e-5, 0.1]))}
        options |= {"bias": activation != "swiglu" and bool(rng.random() < 0.7)}
        options |= {"final_norm": [None, True, False][rng.integers(3)]}
        cross = decodes and trial > 1
        options |= {"source_size": int(rng.choice([16, 6]))} if cross else {}
        stack = (TransformerDecoder if decodes else TransformerEncoder)(2, 16, 4, 12, **options, **DOUBLE)
        drawn(stack, seed)
        (x, mask), source = sequence(2, 7, 16, seed), torch.randn(2, 5, options.get("source_size", 1), **DOUBLE)
        source_mask = torch.arange(5) < torch.tensor([[2], [5]])
        given = [x.requires_grad_()] + ([source.requires_grad_()] if cross else [])
        out = stack(*given, mask=mask, **({"source_mask": source_mask} if cross else {}))
        reference_options = transformer.Options(
            n_heads=4,
            norm_first=norm_first,
            causal=decodes,
            activation=None if activation == "swiglu" else activation,
            eps=options["eps"],
            rotary=None if rotary is None else Rotary(base=rotary),
        )
        wanted, cache = transformer.forward(
            stack_params(stack),
            x.detach().numpy(),
            source.detach().numpy() if cross else None,
            mask.numpy(),
            source_mask.numpy() if cross else None,
            options=reference_options,
        )
        np.testing.assert_allclose(out.detach(), wanted, rtol=1e-9, atol=1e-9)
        dout = rng.normal(size=wanted.shape)
        out.backward(torch.from_numpy(dout))
        grads = transformer.backward(dout, cache)
        found, theirs = flat(stack_params(stack, gradient)), flat(grads.params)
        assert len(found) == len(theirs) > 0
        for mine, other in zip(found, theirs, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(x.grad, grads.x, rtol=1e-8, atol=1e-9)
        if cross:
            np.testing.assert_allclose(source.grad, grads.source, rtol=1e-8, atol=1e-9)
        _, read = stack.read(
            x,
            stack.key_values(source) if cross else None,
            mask[:, None],
            source_mask[:, None] if cross else None,
            causal=decodes,
            need_weights=True,
        )
        np.testing.assert_allclose(
            torch.stack([part.weights for part in read]).detach(), cache.weights, rtol=1e-9, atol=1e-12
        )


def test_only_the_last_position_is_computed_where_no_other_is_asked_for():
    torch.manual_seed(0)
    stack, x, seen = TransformerDecoder(3, 8, 4, rotary=10.0).double(), torch.randn(2, 5, 8).double(), []
    for part in stack.blocks:
        part.linear1.register_forward_pre_hook(lambda _, given: seen.append(len(given[0])))
    before = stack.read(x[:, :2], causal=True)[1]
    for past, more in ((None, x), ([read.own for read in before], x[:, 2:])):
        seen.clear()
        whole, all_read = stack.read(more, causal=True, past=past)
        last, read = stack.read(more, causal=True, past=past, only_last=True)
        torch.testing.assert_close(last, whole[:, -1:], rtol=1e-12, atol=1e-12)
        T = more.shape[1]
        assert seen == [2 * T] * 5 + [2]
        for found, wanted in zip(read, all_read, strict=True):
            torch.testing.assert_close(tuple(found.own), tuple(wanted.own), rtol=1e-12, atol=1e-12)


def test_the_options_of_a_stack_are_those_of_its_blocks():
    stack = TransformerDecoder(3, 8, 4, norm="rms", activation="swiglu", bias=False, source_size=6, n_kv_heads=2)
    assert [type(part).__name__ for part in stack.layers] == ["TransformerBlock"] * 3
    assert stack.layers[2].linear1.weight.shape == (64, 8), "two times 4 d_model"
    assert stack.layers[0].linear1.weight.ne(stack.layers[1].linear1.weight).any(), "each has weights of its own"
    assert [stack.blocks[0].self_attn.n_kv_heads, stack.blocks[2].multihead_attn.n_kv_heads] == [2, 2]
    assert isinstance(stack.norm, torch.nn.RMSNorm)
    assert TransformerEncoder(1, 8, 4, norm_first=False).norm is None
    assert not any(name.endswith("bias") for name, _ in stack.named_parameters())


@pytest.mark.parametrize("norm_first", [True, False])
def test_no_position_of_a_decoder_knows_a_later_one(norm_first):
    stack = drawn(TransformerDecoder(2, 8, 4, 12, norm_first=norm_first, source_size=8, rotary=10.0, **DOUBLE))
    x, source = sequence()[0], sequence(seed=2)[0]
    wanted = stack(x, source)
    for t in range(7):
        changed = x.clone()
        changed[:, t] += torch.randn(8, **DOUBLE)
        same = torch.isclose(stack(changed, source), wanted, rtol=1e-12).all(-1)
        assert same.tolist() == [[True] * t + [False] * (7 - t)] * 4
    torch.testing.assert_close(stack(x[:, :4], source), wanted[:, :4], **EXACT)
    changed = source.clone()
    changed[:, -1] += 1
    assert not torch.isclose(stack(x, changed), wanted).all(-1).any(), "all positions know the whole source"


@pytest.mark.parametrize("decodes", [False, True])
def test_padding_changes_no_result(decodes):
    kind = TransformerDecoder if decodes else TransformerEncoder
    more = {"source_size": 8} if decodes else {}
    stack = drawn(kind(2, 8, 4, 12, rotary=10.0, **more, **DOUBLE))
    (x, mask), source = sequence(), sequence(seed=2)[0]
    given = (source, mask, mask) if decodes else (mask,)
    wanted = stack(x, *given)
    for b, n in enumerate(LENGTHS):
        alone = stack(x[b : b + 1, :n], *((source[b : b + 1, :n],) if decodes else ()))
        torch.testing.assert_close(alone[0], wanted[b, :n], **EXACT)


def test_positions_shift_and_stretch():
    stack = drawn(TransformerEncoder(2, 8, 4, 12, rotary=10.0, **DOUBLE))
    x = sequence()[0]
    torch.testing.assert_close(stack(x, positions=torch.arange(7) + 30), stack(x), **EXACT)
    assert (stack(x, positions=torch.arange(7) * 2) - stack(x)).abs().max() > 1e-3
    one = block(rotary=10.0)
    torch.testing.assert_close(one(x, positions=torch.arange(7) + 30), one(x), **EXACT)
    assert (one(x, causal=True) - one(x)).abs().max() > 1e-3
    torch.testing.assert_close(
        stack(x, causal=True), TransformerDecoder.forward(stack, x), **EXACT, msg="an encoder may be causal too"
    )


def test_in_float32_and_under_autocast():
    for options in ({}, {"norm": "rms", "activation": "swiglu", "rotary": 100.0}):
        torch.manual_seed(0)
        stack = TransformerEncoder(2, 8, 2, **options)
        x = torch.randn(2, 5, 8)
        wanted = stack.double()(x.double())
        torch.testing.assert_close(stack.float()(x).double(), wanted, rtol=1e-4, atol=1e-5)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = stack(x)
        torch.testing.assert_close(out.double(), wanted, rtol=0.1, atol=0.1)
        out.float().sum().backward()
        assert all(parameter.grad.isfinite().all() for parameter in stack.parameters())


def test_bad_stacks_are_named():
    with pytest.raises(ValueError, match="n_layers must be at least 1"):
        TransformerEncoder(0, 8, 4)
    with pytest.raises(ValueError, match="source_size must be None in an encoder"):
        TransformerEncoder(1, 8, 4, source_size=8)
    with pytest.raises(TypeError, match="final_norm must be True or False"):
        TransformerDecoder(1, 8, 4, final_norm="yes")
