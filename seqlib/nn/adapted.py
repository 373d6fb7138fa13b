"""Recurrent layers and attention as mixers, so that one stack can be built of any of them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.nn.key_values import KeyValues
from seqlib.nn.mixer import Mixer, check_sizes, check_vectors, real_steps
from seqlib.nn.multi_head import MultiHeadAttention
from seqlib.nn.recurrent import Recurrent

__all__ = ["AttentionMixer", "RecurrentMixer", "as_mixer"]


def as_mixer(module: Any, d_model: int) -> Mixer:
    """The module as a mixer of d_model features.

    Raises:  TypeError or ValueError naming mixer, what it is and what is needed
    """
    if isinstance(module, MultiHeadAttention):
        module = AttentionMixer(module)
    elif isinstance(module, Recurrent | nn.RNNBase):
        module = RecurrentMixer(module)
    if not isinstance(module, Mixer):
        raise TypeError(
            f"mixer must make a Mixer, a recurrent layer or a MultiHeadAttention, got {type(module).__name__}"
        )
    if module.input_size != d_model:
        raise ValueError(f"mixer must make a layer of d_model={d_model} features, got one of {module.input_size}")
    if (width := getattr(module, "output_size", d_model)) != d_model:
        raise ValueError(f"mixer must make a layer that answers with d_model={d_model} features, got {width}")
    return module


class RecurrentMixer(Mixer):
    """A recurrent layer of seqlib.nn or torch.nn.

    Shapes:  x (B, T, D); each state (B, layers, H), as the layer's but for the order of the axes -> out (B, T, H)
    Raises:  TypeError or ValueError naming the argument
    """

    def __init__(self, layer: Any) -> None:
        super().__init__()
        if not layer.batch_first:
            raise ValueError("mixer must make a recurrent layer with batch_first=True, got batch_first=False")
        if layer.bidirectional:
            raise ValueError("mixer must make a layer that reads in one direction, got bidirectional=True")
        self.layer = layer
        self.input_size: int = layer.input_size
        self.output_size: int = getattr(layer, "proj_size", 0) or layer.hidden_size

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Any]:
        """As `Mixer.forward`."""
        check_sizes(self, x, next(self.layer.parameters()))
        hx = _turned(state, len(x))
        x, real = real_steps(x, lengths)
        if real is None:
            out, hx = self.layer(x, hx)
        else:
            packed = pack_padded_sequence(x, real.sum(1).cpu(), batch_first=True, enforce_sorted=False)
            out, hx = self.layer(packed, hx)
            out = pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])[0]
        return out, _turned(hx, len(x), 1)

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """As `Mixer.step`."""
        check_vectors("x", x, self.input_size, next(self.layer.parameters()), ("B",))
        out, hx = self.layer(x[:, None], _turned(state, len(x)))
        return out[:, 0], _turned(hx, len(x), 1)


def _turned(state: Any, B: int, axis: int = 0) -> Any:
    """(layers, B, H) and (B, layers, H), one from the other; B stands on this axis."""
    if state is None:
        return None
    if isinstance(state, tuple):
        return tuple(_turned(part, B, axis) for part in state)
    if not isinstance(state, Tensor):
        raise TypeError(f"state must be a tensor or a tuple of them, got {type(state).__name__}")
    if state.ndim != 3 or state.shape[axis] != B:
        raise ValueError(f"state must have shape ({B}, layers, H), got {tuple(state.shape)}")
    return state.transpose(0, 1).contiguous()


class AttentionMixer(Mixer):
    """Causal attention, whose state is all that was read: its keys and values, and which of them are real.

    Shapes:  x (B, T, d_model); state ((keys, values), real), (B, n_kv_heads, S, d_k) twice and (B, S)
             -> out (B, T, d_model), state with S + T positions
    Raises:  TypeError or ValueError naming the argument
    """

    def __init__(self, attention: MultiHeadAttention) -> None:
        super().__init__()
        if attention.source_size != attention.d_model:
            raise ValueError("mixer must make attention of a sequence to itself: leave out source_size")
        self.attention, self.input_size = attention, attention.d_model

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Any]:
        """As `Mixer.forward`."""
        check_sizes(self, x, self.attention.out_proj.weight)
        x, real = real_steps(x, lengths)
        out, (own, seen) = self._read(x, state, real)
        return (out if real is None else out.masked_fill(~real[..., None], 0)), (tuple(own), seen)

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """As `Mixer.step`."""
        check_vectors("x", x, self.input_size, self.attention.out_proj.weight, ("B",))
        out, state = self._read(x[:, None], state, None)
        return out[:, 0], state

    def _read(self, x: Tensor, state: Any, real: Tensor | None) -> tuple[Tensor, tuple[KeyValues, Tensor]]:
        B, T, _ = x.shape
        seen = x.new_ones(B, T, dtype=torch.bool) if real is None else real
        past, start, holes = None, 0, real is not None
        positions: Any = None
        if state is not None:
            if not (isinstance(state, tuple) and len(state) == 2 and isinstance(state[0], tuple)):
                raise TypeError(f"state must be ((keys, values), real), got {type(state).__name__}")
            past, before = state
            past = past if isinstance(past, KeyValues) else KeyValues(*past)
            if past.keys.shape[0] != B:
                raise ValueError(f"state must hold {B} sequences, as x does, got {past.keys.shape[0]}")
            start, holes = before.shape[1], holes or not bool(before.all())
        if self.attention.rotary is not None:  # a position is the number of real steps before it
            positions = torch.arange(start, start + T, device=x.device)
            if holes and state is not None:
                positions = positions - start + before.sum(1, keepdim=True)
        if state is not None:
            seen = torch.cat([before, seen], 1)
        query, own = self.attention.project(x, self.attention.turn(positions, x))
        own = own if past is None else past.extended(own)
        mask = seen[:, None] if holes else None
        return self.attention.attend(query, own, mask, causal=True)[0], (own, seen)
