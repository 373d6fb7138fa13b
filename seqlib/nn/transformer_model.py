"""A Transformer over one sequence: read ids or vectors, attend, answer at every step."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_integer, check_lengths, check_number, check_shape
from seqlib.nn.embedding import Embedding
from seqlib.nn.key_values import KeyValues
from seqlib.nn.masks import padding_mask
from seqlib.nn.sequence_model import evaluating
from seqlib.nn.transformer import TransformerDecoder, TransformerEncoder
from seqlib.nn.transformer_block import check_flag
from seqlib.nn.writer import Cache, Writer

__all__ = ["TransformerModel"]


class TransformerModel(nn.Module):
    """A Transformer between an embedding (for ids) and a linear read-out; the sibling of SequenceModel.

        x_t = s E[id_t] + PE[t]        h = blocks(x)        o_t = W_o h_t + b_o

    `causal`: no answer depends on a later step, as in a language model; it can then be decoded step by step.
    `positions`: "sinusoidal"; "learned", of which there are `longest`; "rotary", in the attention; or None: then
    without `causal` a sentence is a bag of words. `tied`: W_o is E, which needs n_out = vocab_size. `embedding_scale`:
    s, √d_model if tied and else 1; E is drawn from N(0, 1/s²). `vocab_size` None with `input_size`: x are vectors, and
    a linear map stands for E. `readout_bias`: whether there is b_o; like the other biases unless given. `dropout`: in
    training mode, in the blocks, and on what goes into the first. All other options are those of TransformerEncoder.

    Shapes:  x (B, T) ids or (B, T, input_size); lengths (B,), of padded sequences -> out (B, T, n_out), weights
             (n_layers, B, n_heads, T, T) or None
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, sections 3.1-3.5; Press & Wolf 2017 (tied)
    Book:    chapters/13_transformer
    """

    def __init__(
        self,
        vocab_size: int | None,
        n_out: int,
        d_model: int,
        n_heads: int,
        n_layers: int,
        hidden_size: int | None = None,
        *,
        causal: bool = True,
        positions: str | None = "sinusoidal",
        longest: int | None = None,
        rotary_base: float = 10_000.0,
        input_size: int | None = None,
        tied: bool = False,
        embedding_scale: float | None = None,
        dropout: float = 0.0,
        bias: bool = True,
        readout_bias: bool | None = None,
        device: Any = None,
        dtype: torch.dtype | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.n_out, self.causal = check_integer("n_out", n_out, low=1), check_flag("causal", causal)
        self.tied = check_flag("tied", tied)
        d_model = check_integer("d_model", d_model, low=1)
        if tied and vocab_size != n_out:
            raise ValueError(f"n_out must be vocab_size={vocab_size} where they are tied, got {n_out}")
        scale = embedding_scale if embedding_scale is not None else math.sqrt(d_model) if tied else 1.0
        self.embedding = Embedding(
            vocab_size,
            d_model,
            positions,
            longest,
            input_size=input_size,
            scale=scale,
            bias=bias,
            dropout=dropout,
            **kind,
        )
        stack = TransformerDecoder if causal else TransformerEncoder
        rotary = check_number("rotary_base", rotary_base, low=1) if positions == "rotary" else None
        if options.get("rotary") is not None:
            raise ValueError(f"rotary must be given as positions='rotary' and rotary_base, got {options['rotary']}")
        options |= {"rotary": rotary, "dropout": dropout, "bias": bias, **kind}
        if options.get("source_size") is not None:
            raise ValueError(
                "source_size must be None: this model has no source; for one there is TransformerTranslator"
            )
        self.core = stack(n_layers, d_model, n_heads, hidden_size, **options)
        answers_bias = bias if readout_bias is None else check_flag("readout_bias", readout_bias)
        self.readout = nn.Linear(d_model, self.n_out, bias=answers_bias, **kind)
        if tied:
            _tie(self)
            self.register_load_state_dict_post_hook(_tie)

    def forward(self, x: Tensor, lengths: Any = None, *, need_weights: bool = False) -> tuple[Tensor, Tensor | None]:
        """Answer at every step.

        With `lengths`, sequence b is x[b, :lengths[b]] and the rest is padding, which never changes a result: what
        stands there is not read, so it may be anything, and the answer there is that to a state of zeros, b_o.

        Shapes:  x (B, T) or (B, T, input_size); lengths (B,) integers from 1 to T -> out (B, T, n_out); with
                 need_weights, how much each head of each layer attends to what (n_layers, B, n_heads, T, T)
        Raises:  TypeError or ValueError naming x or lengths, what it is and what is needed
        """
        B, T = self.embedding.check("x", x)
        mask = real = None
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, T, least=1)
            check_shape("lengths", lengths, (B,))
            if (lengths < T).any():
                real = padding_mask(lengths, T, device=x.device)
                x = torch.where(real if x.ndim == 2 else real[..., None], x, 0)
                # in a causal model what is real attends to what is real alone: it needs no mask
                mask = None if self.causal and not need_weights else real[:, None]
        h, read = self.core.read(self.embedding("x", x), None, mask, causal=self.causal, need_weights=need_weights)
        if real is not None:
            h = h.masked_fill(~real[..., None], 0)
        answers: Tensor = self.readout(h)
        if not need_weights:
            return answers, None
        weights = torch.stack([part.weights for part in read if part.weights is not None])
        return answers, weights if real is None else weights.masked_fill(~real[:, None, :, None], 0)

    def step(self, tokens: Any, state: Any = None) -> tuple[Tensor, Cache]:
        """Read one more step of each of N sequences, and answer: what `seqlib.decoding` asks of a model.

        The same numbers as those of `forward` on the whole sequence, without gradients, and as in evaluation: without
        dropout, whatever mode the model is in, and stays in. The state holds the keys and values of all that was read
        (a KV cache), so that a step costs one position and not all of them.

        Shapes:  tokens (N,) ids, also as an array, or (N, input_size); state None at the beginning -> out (N, n_out),
                 state
        Raises:  ValueError for a model that is not causal, and behind the last of learned positions; else as `forward`
        Book:    chapters/13_transformer
        """
        tokens = torch.as_tensor(tokens)
        if tokens.ndim == 0:
            raise ValueError(f"tokens must hold one for each sequence, (N,), got a single one: {tokens.item()}")
        return self.prefill(tokens[:, None], state)

    def prefill(self, x: Any, state: Any = None) -> tuple[Tensor, Cache]:
        """Read several steps of each sequence at once; the answer is that at the last of them. Else as `step`.

        Shapes:  x (N, T) ids, also as an array, or (N, T, input_size); state as that of `step` -> out (N, n_out), state
        """
        if not self.causal:
            raise ValueError("the model must be causal to go step by step: this one attends to what is not there yet")
        x = torch.as_tensor(x).to(self.readout.weight.device)
        N, _ = self.embedding.check("x", x)
        start, writer = 0, getattr(state, "writer", None)
        if state is not None:
            if writer is None or writer.core is not self.core:
                self._checked(state)
            held, _, start, _ = state[0].keys.shape
            if held != N:
                raise ValueError(f"x must hold one for each of {held} sequences, got {N}")
        with torch.no_grad():
            with evaluating(self.embedding):
                vectors = self.embedding("x", x, start)
            if state is not None and x.shape[1] == 1:
                writer = Writer(self.core, self.readout) if writer is None else writer
                if writer.writes(self.core):
                    return writer.step(vectors[:, 0], state)
            with evaluating(self):
                h, read = self.core.read(vectors, causal=True, past=state, only_last=True)
                return self.readout(h[:, -1]), Cache.of((part.own for part in read), writer)

    def select(self, state: Any, rows: Any) -> Any:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  keys and values (N, n_kv_heads, S, d_k), rows (M,) -> (M, n_kv_heads, S, d_k)
        """
        if state is None:
            return None
        chosen = torch.as_tensor(rows, device=self.readout.weight.device)
        state = self._checked(state)
        return (state if isinstance(state, Cache) else Cache.of(state)).select(chosen)

    def _checked(self, state: Any) -> tuple[KeyValues, ...]:
        """The state; a TypeError or ValueError naming it unless it may be one of this model."""
        blocks = self.core.blocks
        if not isinstance(state, tuple) or not all(isinstance(layer, KeyValues) for layer in state):
            raise TypeError(f"state must be what step or prefill returns, got {type(state).__name__}")
        first = blocks[0].self_attn
        wanted, got = (
            (len(blocks), first.n_kv_heads, first.d_k),
            (len(state), *state[0].keys.shape[1::2]) if state else (),
        )
        if got != wanted:
            raise ValueError(f"state must be of this model, with layers, heads and d_k {wanted}, got {got}")
        return state

    def _apply(self, fn: Any, recurse: bool = True) -> Any:
        """As in torch.nn. What is tied stays so where each tensor becomes a new one, as with `to_empty`."""
        super()._apply(fn, recurse)
        if self.tied:
            _tie(self)
        return self


def _tie(model: Any, _: Any = None) -> None:
    """Read out with the embedding, also after load_state_dict(assign=True), which makes two parameters of it."""
    model.readout.weight = model.embedding.words.weight
