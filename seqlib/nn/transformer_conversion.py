"""Transformers of torch.nn and of Hugging Face as those of seqlib.nn, and back, with all their weights."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from seqlib.nn.multi_head import MultiHeadAttention
from seqlib.nn.transformer import TransformerDecoder, TransformerEncoder
from seqlib.nn.transformer_block import TransformerBlock

__all__ = ["from_torch", "to_torch"]


def from_torch(module: nn.Module) -> Any:
    """The same function of the same weights, as a module of seqlib.nn: a copy, which shares nothing.

        nn.MultiheadAttention                                   MultiHeadAttention
        nn.TransformerEncoderLayer, nn.TransformerDecoderLayer  TransformerBlock
        nn.TransformerEncoder, nn.TransformerDecoder            TransformerEncoder, TransformerDecoder
        nn.Transformer                                          a pair, TransformerEncoder and TransformerDecoder

    What comes out is batch first, whatever the module was; its masks are True where one may attend, torch's where not.

    Raises:  TypeError naming module for a module of another type; ValueError naming what of it has no counterpart here:
             layers that differ, other activation functions, bias_k, add_zero_attn
    Book:    chapters/13_transformer
    """
    made: Any
    if isinstance(module, nn.Transformer):
        return from_torch(module.encoder), from_torch(module.decoder)
    if isinstance(module, nn.MultiheadAttention):
        made = MultiHeadAttention(**_of_attention(module))
    elif isinstance(module, nn.TransformerEncoderLayer | nn.TransformerDecoderLayer):
        made = TransformerBlock(**_of_layer(module))
    elif isinstance(module, nn.TransformerEncoder | nn.TransformerDecoder):
        layers: list[Any] = list(module.layers)
        options = [_of_layer(layer) for layer in layers]
        if not options or any(other != options[0] for other in options):
            raise ValueError(f"module must have layers, all of the same options, got {options}")
        if module.norm is not None:
            _check_norm(module.norm, options[0])
        stack = TransformerEncoder if isinstance(module, nn.TransformerEncoder) else TransformerDecoder
        made = stack(len(layers), final_norm=module.norm is not None, **options[0])
    else:
        raise TypeError(
            "module must be a MultiheadAttention, a Transformer, or an encoder or decoder or a layer of one, of "
            f"torch.nn, got {type(module).__name__}"
        )
    made.load_state_dict(module.state_dict())
    return made.train(module.training)


def to_torch(module: nn.Module) -> nn.Module:
    """The same function of the same weights, as a module of torch.nn with batch_first=True: the way back.

    Raises:  TypeError naming module for a module of another type; ValueError naming what torch.nn has not: rotary
             positions, grouped queries, RMSNorm, SwiGLU, and in a layer of a decoder a source of another width
    Book:    chapters/13_transformer
    """
    made: Any
    if isinstance(module, MultiHeadAttention):
        made = nn.MultiheadAttention(**_for_attention(module))
    elif isinstance(module, TransformerBlock):
        made = _layer(module)
    elif isinstance(module, TransformerEncoder | TransformerDecoder):
        first, norm = _layer(module.blocks[0]), None
        if module.norm is not None:
            norm = nn.LayerNorm(first.linear2.out_features, first.norm1.eps, bias=first.linear2.bias is not None)
        number = len(module.blocks)
        if isinstance(module, TransformerEncoder):
            made = nn.TransformerEncoder(first, number, norm, enable_nested_tensor=False)
        elif isinstance(first, nn.TransformerDecoderLayer):
            made = nn.TransformerDecoder(first, number, norm)
        else:  # torch has no decoder without a source: its encoder with a causal mask is one
            made = nn.TransformerEncoder(first, number, norm, enable_nested_tensor=False)
    else:
        raise TypeError(
            "module must be a MultiHeadAttention, TransformerBlock, TransformerEncoder or TransformerDecoder, got "
            f"{type(module).__name__}"
        )
    weight = next(module.parameters())
    made.to(device=weight.device, dtype=weight.dtype).load_state_dict(module.state_dict())
    return made.train(module.training)


def _of_attention(module: nn.MultiheadAttention) -> dict[str, Any]:
    """The options of MultiHeadAttention."""
    if module.bias_k is not None or module.add_zero_attn:
        raise ValueError("module must have neither bias_k nor add_zero_attn, which add a position to the source")
    if module.kdim != module.vdim:
        raise ValueError(f"module must have keys and values of one source, got kdim={module.kdim}, vdim={module.vdim}")
    weight: Tensor = module.out_proj.weight
    return {
        "d_model": module.embed_dim,
        "n_heads": module.num_heads,
        "source_size": module.kdim,
        "bias": module.in_proj_bias is not None,
        "dropout": module.dropout,
        "device": weight.device,
        "dtype": weight.dtype,
    }


def _of_layer(given: Any) -> dict[str, Any]:
    """The options of TransformerBlock."""
    if not isinstance(given, nn.TransformerEncoderLayer | nn.TransformerDecoderLayer):
        raise ValueError(f"module must have layers of torch.nn, got a {type(given).__name__}")
    layer: Any = given
    found = _of_attention(layer.self_attn)
    del found["source_size"]
    decodes = isinstance(layer, nn.TransformerDecoderLayer)
    if decodes:
        found["source_size"] = layer.multihead_attn.kdim
    found |= {
        "hidden_size": layer.linear1.out_features,
        "norm_first": layer.norm_first,
        "eps": layer.norm1.eps,
        "activation": _activation(layer.activation),
    }
    parts = [layer.dropout, layer.dropout1, layer.dropout2, *([layer.dropout3] if decodes else [])]
    if any(part.p != found["dropout"] for part in parts):
        raise ValueError(f"module must have one probability of dropout, got {found['dropout']} and {parts}")
    for norm in (layer.norm1, layer.norm2, *([layer.norm3] if decodes else [])):
        _check_norm(norm, found)
    return found


def _activation(function: Any) -> str:
    if function is functional.relu or isinstance(function, nn.ReLU):
        return "relu"
    if function is functional.gelu or (isinstance(function, nn.GELU) and function.approximate == "none"):
        return "gelu"
    raise ValueError(f"module must have relu or gelu (not that by tanh) as its activation, got {function}")


def _check_norm(norm: Any, options: dict[str, Any]) -> None:
    if not isinstance(norm, nn.LayerNorm) or norm.eps != options["eps"] or (norm.bias is not None) != options["bias"]:
        raise ValueError(
            f"module must have LayerNorm, all with eps={options['eps']} and bias={options['bias']}, got {norm}"
        )


def _for_attention(module: MultiHeadAttention) -> dict[str, Any]:
    """The arguments of nn.MultiheadAttention."""
    if module.rotary is not None:
        raise ValueError(f"module must have rotary=None: torch.nn has no rotary positions, got {module.rotary}")
    if module.n_kv_heads != module.n_heads:
        raise ValueError(
            f"module must have n_kv_heads={module.n_heads}: torch.nn has no grouped queries, got {module.n_kv_heads}"
        )
    return {
        "embed_dim": module.d_model,
        "num_heads": module.n_heads,
        "kdim": module.source_size,
        "vdim": module.source_size,
        "bias": module.in_proj_bias is not None,
        "dropout": module.dropout,
        "batch_first": True,
    }


def _layer(block: TransformerBlock) -> Any:
    """A layer of torch.nn with the options of the block."""
    given = _for_attention(block.self_attn)
    if block.activation not in ("relu", "gelu") or not isinstance(block.norm1, nn.LayerNorm):
        raise ValueError("module must have activation 'relu' or 'gelu' and norm 'layer': torch.nn has no other layers")
    cross = block.multihead_attn
    if cross is not None and cross.source_size != cross.d_model:
        raise ValueError(f"module must have source_size={cross.d_model} in torch.nn, got {cross.source_size}")
    kind = nn.TransformerEncoderLayer if cross is None else nn.TransformerDecoderLayer
    return kind(
        given["embed_dim"],
        given["num_heads"],
        block.linear1.out_features,
        block.dropout,
        block.activation,
        block.norm1.eps,
        batch_first=True,
        norm_first=block.norm_first,
        bias=given["bias"],
    )
