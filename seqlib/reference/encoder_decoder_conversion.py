"""Weights of an encoder–decoder that was trained with seqlib.nn, carried to the one by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, real_array
from seqlib.reference import attention_scores, gru
from seqlib.reference.bidirectional import Directions, checked_cell
from seqlib.reference.bridge import Affine
from seqlib.reference.encoder_decoder import Params

__all__ = ["from_torch", "score_from_torch"]

SCORES: dict[str, tuple[type, tuple[str, ...]]] = {  # by the names of seqlib.nn.Attention
    "additive": (attention_scores.Additive, ("weight_q", "weight_k", "v")),
    "concat": (attention_scores.Concat, ("weight", "v")),
    "dot": (attention_scores.Dot, ()),
    "general": (attention_scores.General, ("weight",)),
    "location": (attention_scores.Location, ("weight",)),
    "scaled dot": (attention_scores.ScaledDot, ()),
}


def from_torch(cell: ModuleType, state: Mapping[str, Any], score: str | None = None) -> Params:
    """The weights of a seqlib.nn.EncoderDecoder whose layers are those of `cell`: seqlib.reference.rnn, lstm or gru.

    For a `model` with attention: from_torch(lstm, model.state_dict(), model.alignment.score); `attend` and
    `input_feeding` of the model are options of `encoder_decoder.forward`, not weights. The order of the gates is the
    same; where torch has two biases and only their sum matters, b_h is their sum. It is linear: gradients under the
    names of the weights become the gradients of the Params, if those of `bias_hh` are 0 where there is one bias.

    Shapes:  state: its `state_dict`, name -> array or tensor on the CPU; score: the name of the score, None without
             attention -> Params, new float64 arrays
    Raises:  KeyError with the name that is missing; TypeError or ValueError naming the argument
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """
    checked_cell(cell)
    encoder, decoder = _layers(cell, state, "encoder."), _layers(cell, state, "decoder.")
    E_x, E_y = _copy(state, "source_embedding.weight"), _copy(state, "target_embedding.weight")
    maps = [
        tuple(
            Affine(_copy(state, f"bridge.{name}.{layer}.weight"), _copy(state, f"bridge.{name}.{layer}.bias"))
            for name in ("h", "c")
            if f"bridge.{name}.{layer}.weight" in state
        )
        for layer in range(len(decoder))
    ]
    W_o, b_o = _copy(state, "readout.weight"), _copy(state, "readout.bias")
    bridge = maps if any(maps) else None
    if score is None:
        if "combine.weight" in state:
            raise ValueError("score must be the name of the model's score, which has attention, got None")
        return Params(E_x, encoder, bridge, E_y, decoder, W_o, b_o)
    of_attention = score_from_torch(score, state, "alignment.")
    return Params(E_x, encoder, bridge, E_y, decoder, W_o, b_o, of_attention, _copy(state, "combine.weight"))


def score_from_torch(score: str, state: Mapping[str, Any], prefix: str = "") -> Any:
    """The score of a seqlib.nn.Attention, with its parameters.

    Shapes:  score: its name; state: its `state_dict`, name -> array or tensor on the CPU, names behind `prefix`
             -> one of seqlib.reference.attention_scores, new float64 arrays
    Raises:  KeyError with the name that is missing; TypeError or ValueError naming the argument
    Book:    chapters/12_attention
    """
    kind, names = SCORES[check_choice("score", score, SCORES)]
    return kind(*(_copy(state, prefix + name) for name in names))


def _layers(cell: ModuleType, state: Mapping[str, Any], prefix: str) -> list[Any]:
    """The layers of a recurrent module: Directions where there is a reverse one."""
    if f"{prefix}weight_hr_l0" in state:
        raise ValueError(f"state must be of layers without projections, but it has {prefix}weight_hr_l0")
    layers = list[Any]()
    while not layers or f"{prefix}weight_hh_l{len(layers)}" in state:
        end = f"_l{len(layers)}"
        one = _weights(cell, state, prefix, end)
        both = f"{prefix}weight_hh{end}_reverse" in state
        layers.append(Directions(one, _weights(cell, state, prefix, f"{end}_reverse")) if both else one)
    return layers


def _weights(cell: ModuleType, state: Mapping[str, Any], prefix: str, end: str) -> Any:
    """The Params of one layer in one direction; without biases they count as 0."""
    W_xh, W_hh = (_copy(state, f"{prefix}weight_{kind}{end}") for kind in ("ih", "hh"))
    names = [f"{prefix}bias_{kind}{end}" for kind in ("ih", "hh")]
    b_x, b_h = (_copy(state, name) if name in state else np.zeros(len(W_xh)) for name in names)
    return cell.Params(W_xh, W_hh, b_x, b_h) if cell is gru else cell.Params(W_xh, W_hh, b_x + b_h)


def _copy(state: Mapping[str, Any], name: str) -> np.ndarray:
    return real_array(name, state[name]).copy()
