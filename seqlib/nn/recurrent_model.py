"""One residual stack for every mixer: read ids or vectors, mix, answer at every step; all else is the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, silu

from seqlib.arguments import check_choice, check_integer, check_lengths, check_number, check_shape
from seqlib.nn.adapted import as_mixer
from seqlib.nn.causal_convolution import CausalConvolution
from seqlib.nn.embedding import Embedding
from seqlib.nn.key_values import KeyValues
from seqlib.nn.masks import padding_mask
from seqlib.nn.sequence_model import evaluating
from seqlib.nn.transformer_block import check_flag, made_norm

__all__ = ["MixerBlock", "RecurrentModel"]

ACTIVATIONS = ("gelu", "relu", "gelu_tanh", "swiglu")


class MixerBlock(nn.Module):
    """Up to three parts, each of which adds to the stream what it read from it.

        x ← x + conv(norm(x))        x ← x + mixer(norm(x))        x ← x + W_2 φ(W_1 norm(x) + b_1) + b_2

    The convolution is there with `convolution` steps only, and the last part unless `hidden_size` is 0.

    Shapes:  x (B, T, d_model) -> the same, and the states of convolution and mixer
    Book:    chapters/16_linear_recurrence
    """

    def __init__(
        self,
        mixer: Any,
        d_model: int,
        hidden_size: int,
        convolution: int | None,
        norm: str,
        activation: str,
        p: float,
        eps: float,
        bias: bool,
        kind: dict[str, Any],
    ) -> None:
        super().__init__()
        self.activation, self.dropout = activation, p
        self.convolution = None
        if convolution is not None:
            self.norm0 = made_norm(norm, d_model, eps, bias, kind)
            self.convolution = CausalConvolution(d_model, convolution, bias=bias, **kind)
        self.norm1, self.mixer = made_norm(norm, d_model, eps, bias, kind), as_mixer(mixer, d_model)
        self.linear1: nn.Linear | None = None
        if hidden_size:
            self.norm2 = made_norm(norm, d_model, eps, bias, kind)
            twice = 2 if activation == "swiglu" else 1
            self.linear1 = nn.Linear(d_model, twice * hidden_size, bias=bias, **kind)
            self.linear2 = nn.Linear(hidden_size, d_model, bias=bias, **kind)

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Any]:
        """All steps: x (B, T, d_model), the states before -> the same, those after."""
        return self._read(x, state, lambda part, *given: part(*given, lengths))

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """One step: x (B, d_model), the states before -> the same, those after."""
        return self._read(x, state, lambda part, *given: part.step(*given))

    def _read(self, x: Tensor, state: Any, read: Callable[..., Any]) -> tuple[Tensor, Any]:
        before, h = (None, None) if state is None else state
        if self.convolution is not None:
            out, before = read(self.convolution, self.norm0(x), before)
            x = x + self._dropped(out)
        out, h = read(self.mixer, self.norm1(x), h)
        x = x + self._dropped(out)
        if self.linear1 is not None:
            x = x + self._dropped(self.linear2(self._dropped(self._activated(self.linear1(self.norm2(x))))))
        return x, (before, h)

    def _activated(self, a: Tensor) -> Tensor:
        if self.activation == "swiglu":
            gate, up = a.chunk(2, -1)
            return silu(gate) * up
        if self.activation == "relu":
            return a.relu()
        return gelu(a, approximate="tanh" if self.activation == "gelu_tanh" else "none")

    def _dropped(self, values: Tensor) -> Tensor:
        return dropout(values, self.dropout, self.training) if self.dropout else values


class RecurrentModel(nn.Module):
    """A stack of mixers between an embedding (for ids) and a linear read-out; the sibling of SequenceModel and
    TransformerModel, in which only the mixer is chosen.

        x_t = s E[id_t]        x ← each MixerBlock(x)        o_t = W_o norm(x_t) + b_o

    `mixer`: a function of d_model that makes the mixer of a block, called once for each: one of MinGRU, MinLSTM,
    DiagonalStateSpace, SelectiveScan, Mamba, LinearAttention; a recurrent layer of seqlib.nn or torch.nn with
    batch_first=True; or a MultiHeadAttention, which then attends causally. Positions are added nowhere: for attention
    there is its own `rotary`. `hidden_size`: the width of the feed-forward network, 4 d_model unless given, and none
    with 0. `convolution`: the steps of a CausalConvolution before each mixer, none unless given. `norm`: "layer" or
    "rms". `activation`: "gelu", "relu", "gelu_tanh" or "swiglu". `tied`: W_o is E, which needs n_out = vocab_size.
    `embedding_scale`, `input_size`, `bias`, `readout_bias` and `dropout` are those of TransformerModel; `bias` and
    `dropout` do not reach into a mixer.

    Shapes:  x (B, T) ids or (B, T, input_size); lengths (B,), of padded sequences; state: for each block those of its
             convolution, None without, and of its mixer, with an axis of 1 before that of the sequences
             -> out (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Xiong et al. 2020 (pre-norm); Gu & Dao 2023, section 3.4; Feng et al. 2024 (with convolution)
    Book:    chapters/16_linear_recurrence
    """

    def __init__(
        self,
        vocab_size: int | None,
        n_out: int,
        d_model: int,
        n_layers: int,
        mixer: Callable[[int], nn.Module],
        hidden_size: int | None = None,
        *,
        convolution: int | None = None,
        input_size: int | None = None,
        norm: str = "layer",
        activation: str = "gelu",
        tied: bool = False,
        embedding_scale: float | None = None,
        dropout: float = 0.0,
        bias: bool = True,
        readout_bias: bool | None = None,
        eps: float = 1e-5,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.n_out, d_model = check_integer("n_out", n_out, low=1), check_integer("d_model", d_model, low=1)
        self.tied, bias = check_flag("tied", tied), check_flag("bias", bias)
        if tied and vocab_size != n_out:
            raise ValueError(f"n_out must be vocab_size={vocab_size} where they are tied, got {n_out}")
        if not callable(mixer) or isinstance(mixer, nn.Module):
            raise TypeError(f"mixer must be a function that makes a layer for d_model, got {type(mixer).__name__}")
        hidden = 4 * d_model if hidden_size is None else check_integer("hidden_size", hidden_size, low=0)
        check_choice("activation", activation, ACTIVATIONS)
        p, width = check_number("dropout", dropout, low=0, high=1), convolution
        scale = embedding_scale if embedding_scale is not None else math.sqrt(d_model) if tied else 1.0
        more: dict[str, Any] = {"input_size": input_size, "scale": scale, "bias": bias, "dropout": p}
        self.embedding = Embedding(vocab_size, d_model, None, None, **more, **kind)
        self.blocks = nn.ModuleList(
            MixerBlock(mixer(d_model), d_model, hidden, width, norm, activation, p, eps, bias, kind)
            for _ in range(check_integer("n_layers", n_layers, low=1))
        )
        self.norm = made_norm(norm, d_model, eps, bias, kind)
        answers_bias = bias if readout_bias is None else check_flag("readout_bias", readout_bias)
        self.readout = nn.Linear(d_model, self.n_out, bias=answers_bias, **kind)
        if tied:
            _tie(self)
            self.register_load_state_dict_post_hook(_tie)

    def forward(self, x: Tensor, lengths: Any = None, state: Any = None) -> tuple[Tensor, Any]:
        """Answer at every step.

        With `lengths`, sequence b is x[b, :lengths[b]] and the rest is padding, which never changes a result: what
        stands there is not read, so it may be anything, and the answer there is that to a state of zeros, b_o.

        Shapes:  x (B, T) or (B, T, input_size); lengths (B,) integers from 1 to T -> out (B, T, n_out), state, that
                 after each sequence's own last step
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        B, T = self.embedding.check("x", x)
        real = None
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, T, least=1)
            check_shape("lengths", lengths, (B,))
            real = padding_mask(lengths, T, device=x.device)
            x = torch.where(real if x.ndim == 2 else real[..., None], x, 0)
        h, after = self.embedding("x", x), []
        for block, before in zip(self.blocks, self._given(state), strict=True):
            h, state = block(h, before, lengths)
            after.append(state)
        h = self.norm(h)
        if real is not None:
            h = h.masked_fill(~real[..., None], 0)
        return self.readout(h), tuple(_mapped(lambda part: part.unsqueeze(0), state) for state in after)

    def step(self, tokens: Any, state: Any = None) -> tuple[Tensor, Any]:
        """Read one more step of each of N sequences, and answer: what `seqlib.decoding` asks of a model.

        The same numbers as those of `forward` on the whole sequence, without gradients, and as in evaluation: without
        dropout, whatever mode the model is in, and stays in. The state may also be one that `forward` gave.

        Shapes:  tokens (N,) ids, also as an array, or (N, input_size); state None at the beginning -> out (N, n_out),
                 state
        Raises:  as `forward`
        """
        tokens = torch.as_tensor(tokens)
        if tokens.ndim == 0:
            raise ValueError(f"tokens must hold one for each sequence, (N,), got a single one: {tokens.item()}")
        tokens = tokens[:, None].to(self.readout.weight.device)
        self.embedding.check("tokens", tokens)
        with torch.no_grad(), evaluating(self):
            h, after = self.embedding("tokens", tokens)[:, 0], []
            for block, before in zip(self._blocks, self._given(state), strict=True):
                h, state = block.step(h, before)
                after.append(state)
            return self.readout(self.norm(h)), _Written(after)

    def prefill(self, x: Any, state: Any = None) -> tuple[Tensor, Any]:
        """Read several steps of each sequence at once; the answer is that at the last of them. Else as `step`.

        Shapes:  x (N, T) ids, also as an array, or (N, T, input_size); state as that of `step` -> out (N, n_out), state
        """
        with torch.no_grad(), evaluating(self):
            out, state = self(torch.as_tensor(x).to(self.readout.weight.device), state=state)
        return out[:, -1], state

    def select(self, state: Any, rows: Any) -> Any:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  rows (M,)
        """
        if state is None:
            return None
        chosen = torch.as_tensor(rows, device=self.readout.weight.device)
        return _Written(_mapped(lambda part: part.index_select(0, chosen), s) for s in self._given(state))

    @property
    def _blocks(self) -> Iterable[Any]:
        return self.blocks

    def _given(self, state: Any) -> Iterable[Any]:
        """The state of each block, with the sequences on the first axis."""
        if state is None:
            return [None] * len(self.blocks)
        if not isinstance(state, tuple):
            raise TypeError(f"state must be what forward, step or prefill returns, got {type(state).__name__}")
        if len(state) != len(self.blocks):
            raise ValueError(f"state must be of this model, with {len(self.blocks)} blocks, got {len(state)}")
        return state if isinstance(state, _Written) else [_mapped(lambda part: part[0], layer) for layer in state]

    def _apply(self, fn: Any, recurse: bool = True) -> Any:
        """As in torch.nn. What is tied stays so where each tensor becomes a new one, as with `to_empty`."""
        super()._apply(fn, recurse)
        if self.tied:
            _tie(self)
        return self


class _Written(tuple[Any, ...]):
    """The states of the blocks between two steps, as the mixers have them."""


def _mapped(change: Callable[[Tensor], Tensor], state: Any) -> Any:
    """A state with every tensor changed."""
    if isinstance(state, Tensor):
        return change(state)
    if isinstance(state, KeyValues):
        return KeyValues(*map(change, state))
    return tuple(_mapped(change, part) for part in state) if isinstance(state, tuple) else state


def _tie(model: Any, _: Any = None) -> None:
    """Read out with the embedding, also after load_state_dict(assign=True), which makes two parameters of it."""
    model.readout.weight = model.embedding.words.weight
