"""Parts of Transformers with weights that tell everything apart, and the same in seqlib.reference."""

import numpy as np
import torch

from seqlib.nn import TransformerBlock, TransformerModel, TransformerTranslator
from seqlib.reference import feed_forward, multi_head, normalisation, transformer

DOUBLE = {"dtype": torch.float64}
LENGTHS = [7, 3, 5, 1]
POSITIONS = ("sinusoidal", "rotary", "learned", None)


def drawn(module, seed=0):
    """The module with random weights everywhere: no bias is 0, no gain 1."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn_like(parameter) * (0.4 if parameter.ndim > 1 else 0.7))
    return module


def sequence(B=4, T=7, D=8, seed=1):
    """Vectors, and a mask of lengths."""
    torch.manual_seed(seed)
    return torch.randn(B, T, D, **DOUBLE), torch.arange(T) < torch.tensor(LENGTHS)[:B, None]


def block(**options):
    """A small block in float64."""
    return drawn(TransformerBlock(8, 4, 12, **options, **DOUBLE))


def model(positions="sinusoidal", V=11, d_model=16, n_heads=4, n_layers=2, **options):
    """A small TransformerModel in float64."""
    longest = 16 if positions == "learned" else None
    more = {"hidden_size": 12, "positions": positions, "longest": longest} | options
    return drawn(TransformerModel(V, V, d_model, n_heads, n_layers, **more, **DOUBLE))


def translator(positions="sinusoidal", V=9, K=7, **options):
    """A small TransformerTranslator in float64."""
    longest = 16 if positions == "learned" else None
    more = {"hidden_size": 12, "positions": positions, "longest": longest} | options
    return drawn(TransformerTranslator(V, K, 8, 4, 2, **more, **DOUBLE))


def array(tensor):
    """A tensor as an array of its own, None as None."""
    return None if tensor is None else tensor.detach().numpy().copy()


def attention_params(attention, read=array):
    """The multi_head.Params of a MultiHeadAttention; with `read` their gradients, or whatever it makes of a weight."""
    rows = [attention.n_heads * attention.d_k, *2 * [attention.n_kv_heads * attention.d_k]]
    ends = np.cumsum(rows)[:-1]
    if attention.in_proj_weight is None:
        weights = [read(getattr(attention, f"{name}_proj_weight")) for name in "qkv"]
    else:
        weights = np.split(read(attention.in_proj_weight), ends)
    biases = [None] * 3 if attention.in_proj_bias is None else np.split(read(attention.in_proj_bias), ends)
    bias = attention.out_proj.bias
    last = None if bias is None else read(bias)
    return multi_head.Params(*weights, read(attention.out_proj.weight), *biases, last)


def norm_params(norm, read=array):
    """The LayerNorm or RMSNorm of seqlib.reference."""
    if isinstance(norm, torch.nn.RMSNorm):
        return normalisation.RMSNorm(read(norm.weight))
    return normalisation.LayerNorm(read(norm.weight), None if norm.bias is None else read(norm.bias))


def block_params(block, read=array):
    """The transformer.Block of a TransformerBlock; a SwiGLU has no biases."""
    last = block.norm2 if block.norm3 is None else block.norm3
    if block.activation == "swiglu":
        network = feed_forward.SwiGLU(*np.split(read(block.linear1.weight), 2), read(block.linear2.weight))
    else:
        parts = [part for linear in (block.linear1, block.linear2) for part in (linear.weight, linear.bias)]
        network = feed_forward.FeedForward(*(None if part is None else read(part) for part in parts))
    own = attention_params(block.self_attn, read), norm_params(block.norm1, read), network, norm_params(last, read)
    if block.multihead_attn is None:
        return transformer.Block(*own)
    return transformer.Block(*own, attention_params(block.multihead_attn, read), norm_params(block.norm2, read))


def stack_params(stack, read=array):
    """The transformer.Stack of a TransformerEncoder or TransformerDecoder."""
    norm = None if stack.norm is None else norm_params(stack.norm, read)
    return transformer.Stack([block_params(block, read) for block in stack.blocks], norm)


def gradient(parameter):
    """What `read` may be: the gradient."""
    return array(parameter.grad)


def flat(params):
    """All arrays of a NamedTuple of NamedTuples, in order."""
    if params is None:
        return []
    return [params] if isinstance(params, np.ndarray) else [a for part in params for a in flat(part)]
