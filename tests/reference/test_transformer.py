"""The Transformer: gradients by complex step and against loops of torch, torch.nn, masks, causality, bad input."""

import numpy as np
import pytest
import torch

from seqlib.gradcheck import relative_error
from seqlib.reference import transformer
from seqlib.reference.feed_forward import FeedForward
from seqlib.reference.multi_head import Params
from seqlib.reference.normalisation import LayerNorm
from seqlib.reference.transformer import Block, Options, Stack


def masks_of(name, case, lengths):
    """The masks of x and of the source."""
    of_x, of_source = lengths
    grid = of_x[:, None] & (np.arange(4) != np.arange(4)[:, None] - 1)  # nobody asks the place before
    table = {"none": (None, None), "lengths": (of_x, of_source), "grid": (grid, of_source)}
    own, other = table[name]
    return own, other if case.cross else None


@pytest.mark.parametrize("mask", ["none", "lengths", "grid"])
@pytest.mark.parametrize("seed", range(2))
def test_equal_to_a_loop_of_torch(block_stack, lengths, mask, seed):
    stack, inputs, dout = block_stack.draw(seed)
    masks = masks_of(mask, block_stack, lengths)
    out, gradients = block_stack.by_hand(stack, inputs, masks, dout)
    wanted, theirs = block_stack.by_loop(stack, inputs, masks, dout)
    assert relative_error(out, wanted) < 1e-12
    assert gradients.keys() == theirs.keys()
    for name, gradient in gradients.items():
        assert np.abs(gradient - theirs[name]).max() < 1e-11 * max(1, np.abs(theirs[name]).max()), name
        if not name.endswith(" b_k"):  # which moves all scores of a query alike
            assert np.abs(gradient).max() > 1e-4, name  # nothing is proved by zeros


def test_gradients_agree_with_the_complex_step_in_random_directions(block_stack, lengths):
    """All entries of an array move at once, each by another step: Im f(θ + iεv) / ε = vᵀ df/dθ."""
    rng = np.random.default_rng(3)
    stack, inputs, dout = block_stack.draw(5)
    masks = masks_of("lengths", block_stack, lengths)
    _, gradients = block_stack.by_hand(stack, inputs, masks, dout)
    for name, value in (values := block_stack.values(stack, inputs)).items():
        for direction in rng.normal(size=(3, *value.shape)):
            moved = block_stack.total(values | {name: value + 1e-200j * direction}, stack, masks, dout)
            scale = np.abs(gradients[name] * direction).sum()
            difference = abs((gradients[name] * direction).sum() - moved.imag / 1e-200)
            assert difference < 1e-10 * max(scale, 1), name


def test_every_entry_of_the_gradients_agrees_with_the_complex_step(block_stacks, lengths):
    for case_name in ("decoder, post-norm, deep", "modern"):
        case = block_stacks[case_name]
        stack, inputs, dout = case.draw(7)
        masks = masks_of("grid", case, lengths)
        _, gradients = case.by_hand(stack, inputs, masks, dout)
        values = case.values(stack, inputs)
        for name in ("x", "blocks 0 attention W_q", "blocks 1 norm_attention gain"):
            found = np.zeros(values[name].shape)
            for place in np.ndindex(found.shape):
                step = np.zeros(found.shape, complex)
                step[place] = 1e-200j
                found[place] = case.total(values | {name: values[name] + step}, stack, masks, dout).imag / 1e-200
            assert relative_error(gradients[name], found) < 1e-10, name


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre", "post"])
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")  # which torch says of its own default
def test_equal_to_torchs_encoder_and_decoder(norm_first, lengths):
    """Two blocks of each, a norm at the end of both, padding in source and target: torch.nn.Transformer itself."""
    torch.manual_seed(0)
    model = torch.nn.Transformer(
        8, 2, 2, 2, 12, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first, dtype=torch.float64
    )
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.5)
    source, target = torch.randn(3, 5, 8, dtype=torch.float64), torch.randn(3, 4, 8, dtype=torch.float64)
    source.requires_grad_(), target.requires_grad_()
    of_x, of_source = lengths
    no = torch.tensor(~of_source)
    out = model(
        source, target, tgt_mask=torch.ones(4, 4, dtype=torch.bool).triu(1), src_key_padding_mask=no,
        memory_key_padding_mask=no, tgt_key_padding_mask=torch.tensor(~of_x),
    )  # fmt: skip
    dout = torch.randn_like(out)
    (out * dout).sum().backward()

    def stack(part, decoder):
        return Stack([block_of(layer, decoder) for layer in part.layers], norm_of(part.norm))

    options = Options(2, norm_first, activation="gelu")
    memory, read = transformer.forward(
        stack(model.encoder, False), source.detach().numpy(), None, of_source, options=options
    )
    got, written = transformer.forward(
        stack(model.decoder, True),
        target.detach().numpy(),
        memory,
        of_x,
        of_source,
        options=options._replace(causal=True),
    )
    assert relative_error(got, out.detach().numpy()) < 1e-12
    of_decoder = transformer.backward(dout.numpy(), written)
    of_encoder = transformer.backward(of_decoder.source, read)
    assert relative_error(of_decoder.x, target.grad.numpy()) < 1e-11
    assert relative_error(of_encoder.x, source.grad.numpy()) < 1e-11
    got, theirs = of_encoder.params.blocks[0].attention, model.encoder.layers[0].self_attn
    assert relative_error(np.concatenate(got[:3]), theirs.in_proj_weight.grad.numpy()) < 1e-11
    got, theirs = of_decoder.params.blocks[1], model.decoder.layers[1]
    assert relative_error(got.cross.W_o, theirs.multihead_attn.out_proj.weight.grad.numpy()) < 1e-11
    assert relative_error(got.norm_cross.gain, theirs.norm2.weight.grad.numpy()) < 1e-11
    assert relative_error(got.feed_forward.b_1, theirs.linear1.bias.grad.numpy()) < 1e-11


def norm_of(norm):
    """torch's LayerNorm as ours."""
    return LayerNorm(norm.weight.detach().numpy(), norm.bias.detach().numpy())


def attention_of(layer):
    """torch's MultiheadAttention as ours."""
    W, b = layer.in_proj_weight.detach().numpy(), layer.in_proj_bias.detach().numpy()
    W_o, b_o = layer.out_proj.weight.detach().numpy(), layer.out_proj.bias.detach().numpy()
    return Params(*np.split(W, 3), W_o, *np.split(b, 3), b_o)


def block_of(layer, decoder):
    """torch's TransformerEncoderLayer or TransformerDecoderLayer as ours."""
    pairs = [w.detach().numpy() for one in (layer.linear1, layer.linear2) for w in (one.weight, one.bias)]
    network, own = FeedForward(*pairs), attention_of(layer.self_attn)
    if not decoder:
        return Block(own, norm_of(layer.norm1), network, norm_of(layer.norm2))
    cross = attention_of(layer.multihead_attn)
    return Block(own, norm_of(layer.norm1), network, norm_of(layer.norm3), cross, norm_of(layer.norm2))


@pytest.mark.parametrize("name", ["decoder alone", "decoder, post-norm, deep", "modern"])
def test_no_output_depends_on_a_later_input(block_stacks, name):
    case = block_stacks[name]
    stack, inputs, _ = case.draw()
    before, _ = case.run(stack, inputs, (None, None))
    for t in range(4):
        moved = inputs["x"].copy()
        moved[:, t] += np.arange(6) % 4  # a norm would not see the same number on top of every feature
        after, _ = case.run(stack, inputs | {"x": moved}, (None, None))
        np.testing.assert_array_equal(after[:, :t], before[:, :t])
        assert np.all(np.abs(after[:, t:] - before[:, t:]).max(2) > 1e-6)


def test_what_stands_in_the_padding_changes_nothing_that_counts(block_stack, lengths):
    stack, inputs, dout = block_stack.draw()
    masks, (of_x, of_source) = masks_of("lengths", block_stack, lengths), lengths
    dout = np.where(of_x[..., None], dout, 0)
    before, wanted = block_stack.by_hand(stack, inputs, masks, dout)
    other = dict(inputs)
    other["x"] = np.where(of_x[..., None], inputs["x"], 1e3)
    if "source" in other:
        other["source"] = np.where(of_source[..., None], inputs["source"], -1e3)
    after, gradients = block_stack.by_hand(stack, other, masks, dout)
    np.testing.assert_allclose(after[of_x], before[of_x], rtol=1e-12, atol=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, wanted[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_who_may_ask_nobody_gets_the_bias_and_passes_no_gradient_to_the_others(block_stacks):
    case = block_stacks["encoder, pre-norm, deep"]
    stack, inputs, dout = case.draw()
    mask = np.ones((3, 4, 4), bool)
    mask[1, 2] = False
    out, cache = case.run(stack, inputs, (mask, None))
    assert np.all(cache.weights[:, 1, :, 2] == 0)
    alone = np.zeros_like(dout)
    alone[1, 2] = 1
    dx = transformer.backward(alone, cache).x
    assert np.any(dx[1, 2] != 0)
    dx[1, 2] = 0
    assert np.all(dx == 0)
    assert np.all(np.isfinite(out))


def test_an_encoder_without_positions_does_not_see_the_order(block_stacks):
    case, order = block_stacks["encoder, pre-norm, deep"], [2, 0, 3, 1]
    stack, inputs, _ = case.draw()
    out, _ = case.run(stack, inputs, (None, None))
    moved, _ = case.run(stack, {"x": inputs["x"][:, order]}, (None, None))
    np.testing.assert_allclose(moved, out[:, order], atol=1e-13)
    case = block_stacks["modern, halves"]
    stack, inputs, _ = case.draw()
    out, _ = case.run(stack, inputs, (None, None))
    moved, _ = case.run(stack, {"x": inputs["x"][:, order]}, (None, None))
    assert np.abs(moved - out[:, order]).max() > 0.1


def test_the_stream_is_kept_and_nothing_of_the_callers_is_changed(block_stack):
    stack, inputs, dout = block_stack.draw()
    values = block_stack.values(stack, inputs)
    copies = {name: value.copy() for name, value in values.items()}
    out, cache = block_stack.run(stack, inputs, (None, None))
    assert cache.stream.shape == (block_stack.layers + 1, 3, 4, 6)
    np.testing.assert_array_equal(cache.stream[0], inputs["x"])
    if not block_stack.end:
        np.testing.assert_array_equal(cache.stream[-1], out)
    _, wanted = block_stack.by_hand(stack, inputs, (None, None), dout)
    for name, value in values.items():
        np.testing.assert_array_equal(value, copies[name])
        value[...] = 7.0  # what the caller writes afterwards does not change the gradient
    again = block_stack.named(transformer.backward(dout, cache))
    for name, gradient in wanted.items():
        np.testing.assert_array_equal(again[name], gradient, err_msg=name)


def test_the_weights_are_those_of_each_block_by_itself(block_stacks):
    case = block_stacks["modern"]
    stack, inputs, _ = case.draw()
    _, cache = case.run(stack, inputs, (None, None))
    x = inputs["x"]
    for number, params in enumerate(stack.blocks):
        x, kept = transformer.block(params, x, options=case.settings)
        np.testing.assert_array_equal(cache.weights[number], kept.parts[0].weights)
        np.testing.assert_array_equal(cache.stream[number + 1], x)


def test_no_block_at_all_gives_back_the_input():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    out, cache = transformer.forward(Stack([]), x, options=Options(1))
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(transformer.backward(x, cache).x, x)


BAD = {  # what is changed -> (error, message)
    "no stack": (lambda s, i: ([*s.blocks], i), TypeError, "params must be a transformer.Stack, got list"),
    "no block": (lambda s, i: (Stack([s]), i), TypeError, "in block 1: params must be a transformer.Block, got Stack"),
    "source alone": (
        lambda s, i: (s, i | {"source": np.ones((3, 2, 2))}),
        ValueError,
        "cross, norm_cross and source go",
    ),
    "cross alone": (
        lambda s, i: (Stack([s.blocks[0]._replace(cross=s.blocks[0].attention)]), i),
        ValueError,
        "cross, norm_cross and source go together",
    ),
    "no norm of cross": (
        lambda s, i: (
            Stack([s.blocks[0]._replace(cross=s.blocks[0].attention)]),
            i | {"source": np.ones((3, 2, 6))},
        ),
        ValueError,
        "cross, norm_cross and source go together",
    ),
    "source_mask": (
        lambda s, i: (s, i | {"source_mask": np.ones((3, 2), bool)}),
        ValueError,
        "source_mask must be None without a source",
    ),
    "second block": (
        lambda s, i: (Stack([s.blocks[0], s.blocks[0]._replace(norm_attention=LayerNorm(np.ones(2), None))]), i),
        ValueError,
        r"in block 2: params.gain must have shape \(6\), got \(2\)",
    ),
    "x": (lambda s, i: (s, {"x": i["x"][0]}), ValueError, r"x must have shape \(B, T, D\), got \(4, 6\)"),
    "NaN": (lambda s, i: (s, {"x": i["x"] * np.nan}), ValueError, "x must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(block_stacks, case):
    wrong, error, message = BAD[case]
    one = block_stacks["encoder, post-norm"]
    stack, inputs, _ = one.draw()
    stack, inputs = wrong(stack, inputs)
    with pytest.raises(error, match=message):
        transformer.forward(stack, **inputs, options=one.settings)


def test_a_cotangent_that_does_not_fit_is_named(block_stacks):
    one = block_stacks["encoder, post-norm"]
    stack, inputs, dout = one.draw()
    _, cache = one.run(stack, inputs, (None, None))
    with pytest.raises(ValueError, match=r"dout must have shape \(3, 4, 6\), got \(3, 4\)"):
        transformer.backward(dout[..., 0], cache)
    with pytest.raises(ValueError, match="dout must be finite"):
        transformer.backward(dout * np.nan, cache)
