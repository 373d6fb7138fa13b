"""Llama of Hugging Face's transformers as modules of seqlib.nn, and back, with all their weights.

Modules are read by their names, so that transformers need not be installed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.nn.transformer import TransformerDecoder
from seqlib.nn.transformer_block import TransformerBlock
from seqlib.nn.transformer_model import TransformerModel

__all__ = ["from_llama", "llama_options", "to_llama"]


def from_llama(module: nn.Module) -> Any:
    """The same function of the same weights, as a module of seqlib.nn: a copy, which shares nothing.

        LlamaDecoderLayer   TransformerBlock       norm="rms", activation="swiglu", rotary, grouped queries, no biases
        LlamaModel          TransformerDecoder     its blocks and its norm, without the embedding
        LlamaForCausalLM    TransformerModel       the whole

    Llama turns the features i and i + d_k / 2 of a head together, seqlib 2i and 2i + 1: the rows of W_q and W_k change
    places, by which no score changes.

    Raises:  TypeError naming module for another one; ValueError naming what of its configuration has no counterpart
    Source:  Touvron et al. 2023 (Llama)
    Differs: transformers takes norms and angles in float32, whatever the dtype of the weights is; here it is theirs
    Book:    chapters/13_transformer
    """
    kind = type(module).__name__
    if kind not in ("LlamaDecoderLayer", "LlamaModel", "LlamaForCausalLM"):
        raise TypeError(f"module must be a LlamaDecoderLayer, LlamaModel or LlamaForCausalLM, got {kind}")
    given: Any = module
    config: Any = given.self_attn.config if kind == "LlamaDecoderLayer" else given.config
    weights = module.state_dict()
    options = _options(config, next(module.parameters()))
    d_model, n_heads, made = config.hidden_size, config.num_attention_heads, nn.Module()
    rotary = float(config.rope_parameters["rope_theta"])
    if kind == "LlamaDecoderLayer":
        made = TransformerBlock(d_model, n_heads, rotary=rotary, **options)
        made.load_state_dict(_block_from(weights, "", made))
    elif kind == "LlamaModel":
        made = TransformerDecoder(config.num_hidden_layers, d_model, n_heads, rotary=rotary, **options)
        made.load_state_dict(_stack_from(weights, "", made))
    else:
        tied = bool(config.tie_word_embeddings)
        if tied and not torch.equal(weights["lm_head.weight"], weights["model.embed_tokens.weight"]):
            raise ValueError(
                "module must score words by their embedding, as its configuration says: lm_head is another"
            )
        options |= {"positions": "rotary", "rotary_base": rotary, "tied": tied, "embedding_scale": 1.0}
        V = config.vocab_size
        made = TransformerModel(V, V, d_model, n_heads, config.num_hidden_layers, **options)
        found = {f"core.{name}": value for name, value in _stack_from(weights, "model.", made.core).items()}
        found["embedding.words.weight"] = weights["model.embed_tokens.weight"]
        found["readout.weight"] = weights["lm_head.weight"]
        made.load_state_dict(found)
    return made.train(module.training)


def to_llama(module: nn.Module) -> dict[str, Tensor]:
    """The weights under Llama's names, a state_dict for what `from_llama` reads: the way back.

        model = LlamaForCausalLM(LlamaConfig(**llama_options(module)))      model.load_state_dict(to_llama(module))

    LlamaModel has an embedding, embed_tokens.weight, that a TransformerDecoder has not: load it with strict=False.

    Raises:  TypeError or ValueError naming module, as `llama_options`
    Book:    chapters/13_transformer
    """
    llama_options(module)
    if isinstance(module, TransformerBlock):
        return _block_to(module, "")
    if isinstance(module, TransformerDecoder):
        return _stack_to(module, "")
    assert isinstance(module, TransformerModel)
    found = _stack_to(module.core, "model.")
    words: Any = module.embedding.words.weight
    return found | {"model.embed_tokens.weight": words.detach(), "lm_head.weight": module.readout.weight.detach()}


def llama_options(module: nn.Module) -> dict[str, Any]:
    """The arguments of a LlamaConfig for a module of this shape.

    Raises:  TypeError naming module for one that is no TransformerBlock, TransformerDecoder or TransformerModel;
             ValueError naming what Llama has not: a block that is post-norm, has biases or dropout, is not with "rms",
             "swiglu" and rotary positions, or attends to a source; a model with another embedding or read-out
    Book:    chapters/13_transformer
    """
    more: dict[str, Any] = {}
    core: Any = module
    if isinstance(module, TransformerModel):
        embedding, core = module.embedding, module.core
        if not isinstance(embedding.words, nn.Embedding) or embedding.scale != 1 or not module.causal:
            raise ValueError("module must be causal, read ids, and have embedding_scale=1 to be a Llama")
        if module.n_out != embedding.words.num_embeddings or module.readout.bias is not None:
            raise ValueError("module must have n_out = vocab_size and no bias to be a Llama")
        more = {"vocab_size": module.n_out, "tie_word_embeddings": module.tied}
    elif not isinstance(module, TransformerBlock | TransformerDecoder):
        raise TypeError(
            "module must be a TransformerBlock, a TransformerDecoder or a TransformerModel, got "
            f"{type(module).__name__}"
        )
    block: TransformerBlock = core if isinstance(core, TransformerBlock) else core.blocks[0]
    attention, norm = block.self_attn, block.norm1
    has = {
        "norm_first": block.norm_first,
        "norm='rms'": isinstance(norm, nn.RMSNorm),
        "activation='swiglu'": block.activation == "swiglu",
        "rotary": attention.rotary is not None,
        "bias=False": attention.in_proj_bias is None,
        "dropout=0": block.dropout == 0,
        "source_size=None": block.multihead_attn is None,
        "a final norm": isinstance(core, TransformerBlock) or core.norm is not None,
    }
    if missing := [name for name, there in has.items() if not there]:
        raise ValueError(f"module must have {', '.join(missing)} to be a Llama")
    assert isinstance(norm, nn.RMSNorm)
    return {
        "hidden_size": attention.d_model,
        "intermediate_size": block.linear2.in_features,
        "num_hidden_layers": 1 if isinstance(core, TransformerBlock) else len(core.blocks),
        "num_attention_heads": attention.n_heads,
        "num_key_value_heads": attention.n_kv_heads,
        "rms_norm_eps": norm.eps,
        "rope_parameters": {"rope_type": "default", "rope_theta": attention.rotary},
        "attention_bias": False,
        "mlp_bias": False,
        **more,
    }


def _options(config: Any, weight: Tensor) -> dict[str, Any]:
    """The options of the blocks, for a configuration that has a counterpart."""
    d_k = config.hidden_size // config.num_attention_heads
    wanted = {
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "head_dim": d_k,
    }
    for name, value in wanted.items():
        if getattr(config, name) != value:
            raise ValueError(f"module.config.{name} must be {value!r} to be converted, got {getattr(config, name)!r}")
    if (kind := config.rope_parameters["rope_type"]) != "default":
        raise ValueError(f"module.config.rope_parameters must have rope_type 'default', got {kind!r}")
    return {
        "hidden_size": config.intermediate_size,
        "n_kv_heads": config.num_key_value_heads,
        "norm": "rms",
        "activation": "swiglu",
        "eps": config.rms_norm_eps,
        "bias": False,
        "device": weight.device,
        "dtype": weight.dtype,
    }


def _stack_from(weights: dict[str, Tensor], prefix: str, stack: Any) -> dict[str, Tensor]:
    """The state_dict of a stack, from names of Llama that begin with `prefix`."""
    found = {"norm.weight": weights[f"{prefix}norm.weight"]}
    for i, block in enumerate(stack.blocks):
        of_block = _block_from(weights, f"{prefix}layers.{i}.", block)
        found |= {f"layers.{i}.{name}": value for name, value in of_block.items()}
    return found


def _block_from(weights: dict[str, Tensor], prefix: str, block: TransformerBlock) -> dict[str, Tensor]:
    q, k, v, o = (weights[f"{prefix}self_attn.{name}_proj.weight"] for name in "qkvo")
    gate, up, down = (weights[f"{prefix}mlp.{name}_proj.weight"] for name in ("gate", "up", "down"))
    d_k = block.self_attn.d_k
    return {
        "self_attn.in_proj_weight": torch.cat([_interleaved(q, d_k), _interleaved(k, d_k), v]),
        "self_attn.out_proj.weight": o,
        "linear1.weight": torch.cat([gate, up]),
        "linear2.weight": down,
        "norm1.weight": weights[f"{prefix}input_layernorm.weight"],
        "norm2.weight": weights[f"{prefix}post_attention_layernorm.weight"],
    }


def _stack_to(stack: Any, prefix: str) -> dict[str, Tensor]:
    found = {f"{prefix}norm.weight": stack.norm.weight.detach()}
    for i, block in enumerate(stack.blocks):
        found |= _block_to(block, f"{prefix}layers.{i}.")
    return found


def _block_to(block: TransformerBlock, prefix: str) -> dict[str, Tensor]:
    attention, norms = block.self_attn, [getattr(block, name).weight.detach() for name in ("norm1", "norm2")]
    assert attention.in_proj_weight is not None
    rows = [heads * attention.d_k for heads in (attention.n_heads, attention.n_kv_heads, attention.n_kv_heads)]
    q, k, v = attention.in_proj_weight.detach().split(rows)
    gate, up = block.linear1.weight.detach().chunk(2)
    found = {
        "self_attn.q_proj.weight": _halves(q, attention.d_k),
        "self_attn.k_proj.weight": _halves(k, attention.d_k),
        "self_attn.v_proj.weight": v,
        "self_attn.o_proj.weight": attention.out_proj.weight.detach(),
        "mlp.gate_proj.weight": gate,
        "mlp.up_proj.weight": up,
        "mlp.down_proj.weight": block.linear2.weight.detach(),
        "input_layernorm.weight": norms[0],
        "post_attention_layernorm.weight": norms[1],
    }
    return {prefix + name: value for name, value in found.items()}


def _interleaved(weight: Tensor, d_k: int) -> Tensor:
    """The rows of each head, i and i + d_k / 2 beside one another."""
    return weight.unflatten(0, (-1, 2, d_k // 2)).transpose(1, 2).flatten(0, 2)


def _halves(weight: Tensor, d_k: int) -> Tensor:
    """The rows of each head, first those at even places and then those at odd ones."""
    return weight.unflatten(0, (-1, d_k // 2, 2)).transpose(1, 2).flatten(0, 2)
