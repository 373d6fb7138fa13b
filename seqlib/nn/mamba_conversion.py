"""Mamba of Hugging Face's transformers as modules of seqlib.nn, and back, with all their weights.

Modules are read by their names, so that transformers need not be installed.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.nn.mamba import Mamba
from seqlib.nn.recurrent_model import RecurrentModel
from seqlib.nn.state_space import MAMBA_CODE

__all__ = ["from_mamba", "mamba_options", "to_mamba"]

# ours -> theirs, of a mixer
PARTS = {
    "in_proj.": "in_proj.",
    "convolution.": "conv1d.",
    "scan.x_proj.": "x_proj.",
    "scan.dt_proj.": "dt_proj.",
    "scan.A_log": "A_log",
    "scan.skip": "D",
    "out_proj.": "out_proj.",
}
# of a model
ENDS = {
    "embedding.words.weight": "backbone.embeddings.weight",
    "norm.weight": "backbone.norm_f.weight",
    "readout.weight": "lm_head.weight",
}


def from_mamba(module: nn.Module) -> Any:
    """A MambaForCausalLM as a RecurrentModel, a MambaMixer as a Mamba, the same function of the same weights: a copy,
    which shares nothing.

    Raises:  TypeError naming module for another one; ValueError naming what of it has no counterpart
    Source:  Gu & Dao 2023
    Differs: theirs computes parts in single precision whatever the dtype of the weights, and so gives logits
    Book:    chapters/16_linear_recurrence
    """
    given: Any = module
    kind = type(module).__name__
    if kind not in ("MambaForCausalLM", "MambaMixer"):
        raise TypeError(f"module must be a MambaForCausalLM or a MambaMixer, got {kind}")
    config, weights, weight = given.config, module.state_dict(), next(module.parameters())
    if config.hidden_act not in ("silu", "swish"):
        raise ValueError(f"module.config.hidden_act must be 'silu' to be converted, got {config.hidden_act!r}")
    like: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
    options: dict[str, Any] = {
        "hidden_size": config.intermediate_size,
        "convolution": config.conv_kernel,
        "step_rank": config.time_step_rank,
        "bias": config.use_bias,
        "convolution_bias": config.use_conv_bias,
        "fastest": config.time_step_max,
        "slowest": config.time_step_min,
        **like,
    }

    def mixer(d_model: int) -> Mamba:
        return Mamba(d_model, config.state_size, **options)

    made: Mamba | RecurrentModel
    if kind == "MambaMixer":
        made = mixer(config.hidden_size)
    else:
        tied = bool(config.tie_word_embeddings)
        if tied and not torch.equal(weights["lm_head.weight"], weights["backbone.embeddings.weight"]):
            raise ValueError(
                "module must score words by their embedding, as its configuration says: lm_head is another"
            )
        V = config.vocab_size
        made = RecurrentModel(
            V,
            V,
            config.hidden_size,
            config.num_hidden_layers,
            mixer,
            0,
            norm="rms",
            tied=tied,
            embedding_scale=1.0,
            readout_bias=False,
            eps=config.layer_norm_epsilon,
            **like,
        )
    made.load_state_dict({ours: weights[theirs] for ours, theirs in _names(made).items()})
    return made.train(module.training)


def to_mamba(module: nn.Module) -> dict[str, Tensor]:
    """The weights under the names of transformers, a state_dict for a MambaForCausalLM or a MambaMixer: the way back.

        model = MambaForCausalLM(MambaConfig(**mamba_options(module)))      model.load_state_dict(to_mamba(module))

    Raises:  TypeError or ValueError naming module, as `mamba_options`
    Book:    chapters/16_linear_recurrence
    """
    mamba_options(module)
    weights = module.state_dict()
    return {theirs: weights[ours] for ours, theirs in _names(module).items()}


def mamba_options(module: nn.Module) -> dict[str, Any]:
    """The arguments of a MambaConfig for a module of this shape. No id begins, ends or pads a sequence there.

    Raises:  TypeError naming module for one that is neither a Mamba nor a RecurrentModel of them; ValueError naming
             what of it has no counterpart
    Book:    chapters/16_linear_recurrence
    """
    layers: list[Any] = [module]
    whole: dict[str, Any] = {}
    if isinstance(module, RecurrentModel):
        blocks: Any = module.blocks
        layers = [block.mixer for block in blocks]
        _check_model(module)
        whole = {
            "vocab_size": module.n_out,
            "num_hidden_layers": len(layers),
            "layer_norm_epsilon": module.norm.eps,
            "tie_word_embeddings": module.tied,
            "bos_token_id": None,
            "eos_token_id": None,
            "pad_token_id": None,
        }
    found = [_options(layer) for layer in layers]
    if any(options != found[0] for options in found):
        raise ValueError("module must have the same mixer in every block to be converted")
    return found[0] | whole


def _options(layer: Any) -> dict[str, Any]:
    """What a configuration says about a mixer."""
    if not isinstance(layer, Mamba):
        raise TypeError(f"module must be a Mamba or a RecurrentModel of them, got {type(layer).__name__}")
    D, E = layer.input_size, layer.hidden_size
    if layer.scan.rule != MAMBA_CODE or layer.scan.negative_eigenvalues:
        raise ValueError(
            f"module must have rule={MAMBA_CODE!r} and no negative eigenvalues to be converted: no other is theirs"
        )
    if E % D:
        raise ValueError(f"module must have a hidden_size that is a multiple of d_model={D} to be converted, got {E}")
    return {
        "hidden_size": D,
        "state_size": layer.scan.state_size,
        "expand": E // D,
        "conv_kernel": layer.convolution.width,
        "time_step_rank": layer.scan.step_rank,
        "use_bias": layer.in_proj.bias is not None,
        "use_conv_bias": layer.convolution.bias is not None,
    }


def _check_model(model: RecurrentModel) -> None:
    """A ValueError naming what of the stack has no counterpart."""
    first: Any = model.blocks[0]
    wanted = {
        "hidden_size": (0, 0 if first.linear1 is None else first.linear1.out_features),
        "convolution": (None, None if first.convolution is None else first.convolution.width),
        "norm": ("rms", "rms" if isinstance(model.norm, nn.RMSNorm) else "layer"),
        "readout_bias": (False, model.readout.bias is not None),
        "embedding_scale": (1.0, model.embedding.scale),
        "input_size": (None, model.embedding.input_size or None),
        "dropout": (0.0, first.dropout),
    }
    for name, (needed, got) in wanted.items():
        if got != needed:
            raise ValueError(f"module must have {name}={needed!r} to be converted, got {got!r}")


def _names(module: Any) -> dict[str, str]:
    """Ours -> theirs, of all weights."""
    if isinstance(module, Mamba):
        found = {}
        for ours in module.state_dict():
            part = next(name for name in PARTS if ours.startswith(name))
            found[ours] = PARTS[part] + ours.removeprefix(part)
        return found
    found = dict(ENDS)
    for i, block in enumerate(module.blocks):
        found[f"blocks.{i}.norm1.weight"] = f"backbone.layers.{i}.norm.weight"
        for ours, theirs in _names(block.mixer).items():
            found[f"blocks.{i}.mixer.{ours}"] = f"backbone.layers.{i}.mixer.{theirs}"
    return found
