"""GPT-2 of Hugging Face's transformers as modules of seqlib.nn, and back, with all their weights.

Modules are read by their names, so that transformers need not be installed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.nn.gpt import GPT

__all__ = ["from_gpt2", "gpt2_options", "to_gpt2"]

# theirs -> ours; the way back takes the first that fits
ACTIVATIONS = {"gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu": "gelu", "relu": "relu"}
# ours -> theirs, of the parts that stand once
ENDS = {
    "embedding.words.weight": "transformer.wte.weight",
    "embedding.places.weight": "transformer.wpe.weight",
    "core.norm.weight": "transformer.ln_f.weight",
    "core.norm.bias": "transformer.ln_f.bias",
    "readout.weight": "lm_head.weight",
}
# ours -> theirs, of each block
NORMS = {"norm1.": "ln_1.", "norm2.": "ln_2."}
PRODUCTS = {
    "self_attn.in_proj_": "attn.c_attn.",
    "self_attn.out_proj.": "attn.c_proj.",
    "linear1.": "mlp.c_fc.",
    "linear2.": "mlp.c_proj.",
}


def from_gpt2(module: nn.Module) -> GPT:
    """A GPT2LMHeadModel as a GPT, the same function of the same weights: a copy, which shares nothing.

    GPT-2 multiplies from the left, x W + b (a Conv1D), seqlib from the right: matrices are transposed. Queries, keys
    and values are one product in both, in this order.

    Raises:  TypeError naming module for another one; ValueError naming what of it has no counterpart
    Source:  Radford et al. 2019
    Differs: with dropout, seqlib has it after gelu too; the probabilities are one number
    Book:    chapters/15_gpt
    """
    if type(module).__name__ != "GPT2LMHeadModel":
        raise TypeError(f"module must be a GPT2LMHeadModel, got {type(module).__name__}")
    given: Any = module
    config, weights, weight = given.config, module.state_dict(), next(module.parameters())
    tied = bool(config.tie_word_embeddings)
    _check_config(config)
    if tied and not torch.equal(weights["lm_head.weight"], weights["transformer.wte.weight"]):
        raise ValueError("module must score words by their embedding, as its configuration says: lm_head is another")
    made = GPT(
        config.vocab_size,
        config.n_embd,
        config.n_head,
        config.n_layer,
        config.n_inner,
        longest=config.n_positions,
        activation=ACTIVATIONS[config.activation_function],
        tied=tied,
        dropout=config.resid_pdrop,
        eps=config.layer_norm_epsilon,
        start=config.initializer_range,
        device=weight.device,
        dtype=weight.dtype,
    )
    made.load_state_dict({ours: _turned(ours, weights[theirs]) for ours, theirs in _names(made).items()})
    return made.train(module.training)


def to_gpt2(module: nn.Module) -> dict[str, Tensor]:
    """The weights under the names of transformers, a state_dict for a GPT2LMHeadModel: the way back.

        model = GPT2LMHeadModel(GPT2Config(**gpt2_options(module)))      model.load_state_dict(to_gpt2(module))

    Raises:  TypeError naming module, as `gpt2_options`
    Book:    chapters/15_gpt
    """
    gpt2_options(module)
    weights = module.state_dict()
    return {theirs: _turned(ours, weights[ours]) for ours, theirs in _names(module).items()}


def gpt2_options(module: nn.Module) -> dict[str, Any]:
    """The arguments of a GPT2Config for a module of this shape.

    No id begins or ends a sequence there, as none does in GPT: say which one does when it generates.

    Raises:  TypeError naming module for one that is no GPT
    Book:    chapters/15_gpt
    """
    if not isinstance(module, GPT):
        raise TypeError(f"module must be a GPT, got {type(module).__name__}")
    block, places, norm = module.core.blocks[0], module.embedding.places, module.core.norm
    assert places is not None
    assert isinstance(norm, nn.LayerNorm)
    return {
        "vocab_size": module.n_out,
        "n_positions": places.num_embeddings,
        "n_embd": block.self_attn.d_model,
        "n_layer": len(module.core.blocks),
        "n_head": block.self_attn.n_heads,
        "n_inner": block.linear1.out_features,
        "activation_function": next(theirs for theirs, ours in ACTIVATIONS.items() if ours == block.activation),
        "resid_pdrop": block.dropout,
        "embd_pdrop": block.dropout,
        "attn_pdrop": block.dropout,
        "layer_norm_epsilon": norm.eps,
        "initializer_range": module.start,
        "tie_word_embeddings": module.tied,
        "bos_token_id": None,
        "eos_token_id": None,
    }


def _names(model: Any) -> dict[str, str]:
    """Ours -> theirs, of all weights."""
    found = dict(ENDS)
    for i in range(len(model.core.blocks)):
        for ours, theirs in (NORMS | PRODUCTS).items():
            for part in ("weight", "bias"):
                found[f"core.layers.{i}.{ours}{part}"] = f"transformer.h.{i}.{theirs}{part}"
    return found


def _turned(ours: str, weight: Tensor) -> Tensor:
    """The matrix of a product the other way round, and all else as it is."""
    return weight.T.contiguous() if ours.endswith(tuple(f"{name}weight" for name in PRODUCTS)) else weight


def _check_config(config: Any) -> None:
    wanted = {
        "embd_pdrop": config.resid_pdrop,
        "attn_pdrop": config.resid_pdrop,
        "scale_attn_weights": True,
        "scale_attn_by_inverse_layer_idx": False,
        "reorder_and_upcast_attn": False,
        "add_cross_attention": False,
    }
    for name, value in wanted.items():
        if getattr(config, name) != value:
            raise ValueError(f"module.config.{name} must be {value!r} to be converted, got {getattr(config, name)!r}")
    if (activation := config.activation_function) not in ACTIVATIONS:
        known = ", ".join(map(repr, ACTIVATIONS))
        raise ValueError(
            f"module.config.activation_function must be one of {known} to be converted, got {activation!r}"
        )
