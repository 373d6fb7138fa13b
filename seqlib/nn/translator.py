"""A Transformer that reads one sequence and writes another."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from seqlib.arguments import check_integer, check_lengths, check_number, check_shape
from seqlib.nn.embedding import Embedding
from seqlib.nn.key_values import KeyValues
from seqlib.nn.masks import padding_mask
from seqlib.nn.sequence_model import evaluating
from seqlib.nn.transformer import TransformerDecoder, TransformerEncoder
from seqlib.nn.transformer_block import check_flag

__all__ = ["TransformerTranslator", "TranslatorState"]


class TranslatorState(NamedTuple):
    """The state of N targets, which lie along the first axis of everything; what there is not is None.

    Of each block of the decoder: memory, keys and values (N, n_kv_heads, S, d_k) of the source, and own, those of the
    words read so far. mask (N, S), True = a word of the source; of (N,), the number of each target's source; weights
    (N, n_layers, n_heads, T, S), what the T words that were read last attended to in the source.
    """

    memory: tuple[KeyValues, ...]
    of: Tensor
    mask: Tensor | None = None
    own: tuple[KeyValues, ...] | None = None
    weights: Tensor | None = None

    def select(self, rows: Any) -> TranslatorState:
        """The state of some of the targets, in any order and as often as is asked: row i of it is row rows[i].

        What was read of the sources is copied only where a row gets another source, as in `DecoderState`.

        Shapes:  rows (M,) -> state of M targets
        """
        chosen = torch.as_tensor(rows, device=self.of.device)

        def those(part: Tensor | None) -> Any:
            return None if part is None else part.index_select(0, chosen)

        def of_each(layers: tuple[KeyValues, ...]) -> tuple[KeyValues, ...]:
            return tuple(layer.select(chosen) for layer in layers)

        memory, mask, of = self.memory, self.mask, those(self.of)
        if not torch.equal(of, self.of):
            memory, mask = of_each(memory), those(mask)
        own = None if self.own is None else of_each(self.own)
        return TranslatorState(memory, of, mask, own, those(self.weights))


class TransformerTranslator(nn.Module):
    """An encoder over x_1 … x_S, and a decoder: a language model over y_1 … y_T that attends to what that put out.

        h = encoder(s E_x[x] + PE)      z = decoder(s E_y[y_0 … y_{T-1}] + PE, h)      y_0 = BOS
        p(y_t | y_1 … y_{t-1}, x) = softmax(W_o z_t + b_o)

    The sibling of EncoderDecoder: it trains on the same batches and is decoded in the same way. `vocab_size`, `n_out`:
    how many ids source and target have. `n_layers` of the encoder, and of the decoder unless `n_decoder_layers` is
    given. `tied`: W_o is E_y. `shared`: E_x is E_y. `positions`: as in TransformerModel; "rotary" turns in
    self-attention alone. All other options are those of TransformerModel and TransformerBlock.

    Shapes:  source (B, S) ids; lengths (B,); previous (B, T) ids, BOS y_1 … y_{T-1} -> logits (B, T, n_out), weights
             (B, n_layers, n_heads, T, S) or None
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3
    Differs: norm_first unless it is said otherwise
    Book:    chapters/13_transformer
    """

    def __init__(
        self,
        vocab_size: int,
        n_out: int,
        d_model: int,
        n_heads: int,
        n_layers: int,
        hidden_size: int | None = None,
        *,
        n_decoder_layers: int | None = None,
        positions: str | None = "sinusoidal",
        longest: int | None = None,
        rotary_base: float = 10_000.0,
        tied: bool = False,
        shared: bool = False,
        embedding_scale: float | None = None,
        dropout: float = 0.0,
        bias: bool = True,
        device: Any = None,
        dtype: torch.dtype | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        self.vocab_size = check_integer("vocab_size", vocab_size, low=1)
        self.n_out, self.tied = check_integer("n_out", n_out, low=1), check_flag("tied", tied)
        if check_flag("shared", shared) and vocab_size != n_out:
            raise ValueError(f"n_out must be vocab_size={vocab_size} where they share an embedding, got {n_out}")
        d_model = check_integer("d_model", d_model, low=1)
        scale = embedding_scale if embedding_scale is not None else math.sqrt(d_model) if tied else 1.0
        read: dict[str, Any] = {"scale": scale, "dropout": dropout, **kind}
        rotary = check_number("rotary_base", rotary_base, low=1) if positions == "rotary" else None
        if options.get("rotary") is not None:
            raise ValueError(f"rotary must be given as positions='rotary' and rotary_base, got {options['rotary']}")
        options |= {"rotary": rotary, "dropout": dropout, "bias": bias, **kind}
        if options.get("source_size") is not None:
            raise ValueError("source_size must be None: the decoder reads what the encoder puts out, d_model numbers")
        self.source_embedding = Embedding(vocab_size, d_model, positions, longest, **read)
        self.encoder = TransformerEncoder(n_layers, d_model, n_heads, hidden_size, **options)
        self.target_embedding = Embedding(n_out, d_model, positions, longest, **read)
        n_layers = n_layers if n_decoder_layers is None else n_decoder_layers
        options["source_size"] = d_model
        self.decoder = TransformerDecoder(n_layers, d_model, n_heads, hidden_size, **options)
        self.readout = nn.Linear(d_model, self.n_out, bias=bias, **kind)
        if shared:
            self.source_embedding.words = self.target_embedding.words
        if tied:
            _tie(self)
            self.register_load_state_dict_post_hook(_tie)

    def forward(
        self, source: Tensor, lengths: Any, previous: Tensor, *, need_weights: bool = False
    ) -> tuple[Tensor, Tensor | None]:
        """Score every word of the targets after the true words before it: teacher forcing.

        Source b is source[b, :lengths[b]]; what stands behind it is not read, and may be anything. No answer depends on
        a later word of `previous`, so the padding there changes no answer before it; it is read as the word it is.

        Shapes:  source (B, S), lengths (B,) from 1 to S, or None if all are S; previous (B, T) -> logits (B, T, n_out);
                 with need_weights, how much of each word of the source each head of each layer took
                 (B, n_layers, n_heads, T, S)
        Raises:  TypeError or ValueError naming source, lengths or previous; ids must lie in 0 … vocab_size - 1 and
                 0 … n_out - 1
        """
        z, state = self._write("previous", previous, self._read(source, lengths), need_weights)
        logits: Tensor = self.readout(z)
        return logits, state.weights

    def encode(self, source: Any, lengths: Any = None) -> TranslatorState:
        """Read the sources: the state before the first word of the targets, from which decoding begins.

        As `step`, without gradients and without dropout.

        Shapes:  source (N, S) ids, also as an array; lengths as in `forward` -> state of N sequences
        Raises:  as `forward`
        """
        with torch.no_grad(), evaluating(self):
            return self._read(torch.as_tensor(source).to(self.readout.weight.device), lengths)

    def step(self, tokens: Any, state: TranslatorState | None = None) -> tuple[Tensor, TranslatorState]:
        """Read one more word of each of N targets, and score the next: what `seqlib.decoding` asks of a model.

        The same numbers as those of `forward` on the whole target, without gradients, and as in evaluation: without
        dropout, whatever mode the model is in, and stays in. The state holds the keys and values of all that was read.

        Shapes:  tokens (N,) ids, also as an array; state from `encode` or the step before -> logits (N, n_out), state
        Raises:  TypeError or ValueError naming tokens or state
        """
        tokens = torch.as_tensor(tokens)
        check_shape("tokens", tokens, ("N",))
        return self._next("tokens", tokens[:, None], state)

    def prefill(self, ids: Any, state: TranslatorState | None = None) -> tuple[Tensor, TranslatorState]:
        """Read several words of each target at once; the answer is that after the last of them. Else as `step`.

        Shapes:  ids (N, T), also as an array; state as that of `step` -> logits (N, n_out), state
        """
        return self._next("ids", torch.as_tensor(ids), state)

    def select(self, state: TranslatorState, rows: Any) -> TranslatorState:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  state of N sequences, rows (M,) -> state of M
        """
        return _checked(state).select(rows)

    def attention(self, state: TranslatorState) -> tuple[Tensor, Tensor]:
        """What the word that was read last attended to in the source, the mean over the heads of the last layer, and
        what of the sources is real: a row for each target. `state.weights` has the heads of all layers.

        These are what `seqlib.decoding.beam` asks for where it has a coverage penalty.

        Shapes:  state after a step -> weights (N, S), mask (N, S)
        Raises:  TypeError or ValueError for a state that has read no word
        """
        if _checked(state).weights is None:
            raise ValueError("state must be that after a step: before the first word nothing was attended to")
        weights: Any = state.weights
        weights = weights[:, -1, :, -1].mean(1)
        return weights, torch.ones_like(weights, dtype=torch.bool) if state.mask is None else state.mask

    def _apply(self, fn: Any, recurse: bool = True) -> Any:
        """As in torch.nn. What is tied stays so where each tensor becomes a new one, as with `to_empty`."""
        super()._apply(fn, recurse)
        if self.tied:
            _tie(self)
        return self

    def _read(self, source: Any, lengths: Any) -> TranslatorState:
        """The state before the first word of the targets."""
        B, S = self.source_embedding.check("source", source)
        mask = None
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, S, least=1)
            check_shape("lengths", lengths, (B,))
            if (lengths < S).any():
                mask = padding_mask(lengths, S, device=source.device)
                source = torch.where(mask, source, 0)
        h, _ = self.encoder.read(self.source_embedding("source", source), None, None if mask is None else mask[:, None])
        return TranslatorState(self.decoder.key_values(h), torch.arange(B, device=h.device), mask)

    def _next(self, name: str, ids: Tensor, state: TranslatorState | None) -> tuple[Tensor, TranslatorState]:
        """The logits after the last of these words, without gradients and without dropout, and the state then."""
        state = _checked(state)
        with torch.no_grad(), evaluating(self):
            z, state = self._write(name, ids.to(self.readout.weight.device), state, True)
            return self.readout(z[:, -1]), state

    def _write(
        self, name: str, previous: Any, state: TranslatorState, need_weights: bool
    ) -> tuple[Tensor, TranslatorState]:
        """What is read out after these words, which an error calls `name`, and the state then."""
        N, _ = self.target_embedding.check(name, previous)
        if len(state.of) != N:
            raise ValueError(f"{name} must hold one target for each of {len(state.of)} sources, got {N}")
        start = 0 if state.own is None else state.own[0].keys.shape[2]
        z, read = self.decoder.read(
            self.target_embedding(name, previous, start),
            state.memory,
            None,
            None if state.mask is None else state.mask[:, None],
            causal=True,
            past=state.own,
            need_weights=need_weights,
        )
        cross = [part.cross for part in read if part.cross is not None]
        weights = torch.stack(cross, 1) if need_weights else None
        return z, state._replace(own=tuple(part.own for part in read), weights=weights)


def _tie(model: Any, _: Any = None) -> None:
    """Read out with the embedding, also after load_state_dict(assign=True), which makes two parameters of it."""
    model.readout.weight = model.target_embedding.words.weight


def _checked(state: Any) -> TranslatorState:
    if not isinstance(state, TranslatorState):
        raise TypeError(f"state must be what encode(source, lengths) returns, got {type(state).__name__}")
    return state
