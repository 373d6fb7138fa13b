"""A sequence in, another sequence out: an encoder that reads, and a decoder that writes what was read."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.arguments import check_choice, check_integer, check_lengths, check_number, check_shape
from seqlib.nn.attention import Attention
from seqlib.nn.bridge import Bridge, check_recurrent, state_widths
from seqlib.nn.decoder_state import DecoderState
from seqlib.nn.masks import padding_mask
from seqlib.nn.sequence_model import evaluating, look_up

__all__ = ["EncoderDecoder"]


class EncoderDecoder(nn.Module):
    """An encoder over x_1 … x_S and a decoder that is a language model over y_1 … y_T, and starts where that ended.

        h_i = encoder(E_x[x_i], h_{i-1})      s_0 = bridge(h_S)      y_0 = BOS
        p(y_t | y_1 … y_{t-1}, x) = softmax(W_o a_t + b_o)

        no attention                s_t = decoder(E_y[y_{t-1}], s_{t-1})               a_t = s_t
        attend="after"              s_t likewise;  m_t = attention(s_t, h)             a_t = tanh(W_c [m_t; s_t])
           with input_feeding       s_t = decoder([E_y[y_{t-1}]; a_{t-1}], s_{t-1})    a_0 = 0
        attend="before"             m_t = attention(s_{t-1}, h)                        a_t = tanh(W_c [m_t; s_t])
                                    s_t = decoder([E_y[y_{t-1}]; m_t], s_{t-1})

    Without attention the final states of all layers are all that the decoder is told of x: the context vector. `Bridge`
    says how they are handed over, also from both directions or in other widths. The context m_t of attention is the
    weighted mean of the outputs h of the encoder's last layer; its query is the output of the decoder's last layer. The
    part `alignment` is the `attention` that was given: what Bahdanau et al. call the alignment model.
    Only "after" without input feeding runs over all T steps at once; the other two go step by step. `dropout` acts, in
    training mode, on what goes into encoder, decoder and read-out; between the layers of each its own `dropout` acts.

    `encoder`, `decoder`: recurrent layers of seqlib.nn or torch.nn with batch_first=True and the same number of layers,
    both an LSTM or neither; the encoder may be bidirectional. The width of an embedding is the `input_size` of its
    layer, that of E_y without the width of a_{t-1} or m_t. `vocab_size`, `n_out`: how many ids source and target have.

    Shapes:  source (B, S) ids; lengths (B,); previous (B, T) ids, BOS y_1 … y_{T-1} -> logits (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Sutskever, Vinyals & Le 2014 (no attention); Luong, Pham & Manning 2015 ("after", input feeding);
             Bahdanau, Cho & Bengio 2015 ("before")
    Differs: whether the source is reversed, and whether it ends with EOS, is the affair of the data. Bahdanau et al.
             have a maxout layer of s_{t-1}, y_{t-1} and m_t before the read-out, where this has a_t
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        vocab_size: int,
        n_out: int,
        *,
        attention: Attention | None = None,
        attend: str = "after",
        input_feeding: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_recurrent("encoder", encoder)
        check_recurrent("decoder", decoder)
        if decoder.bidirectional:
            raise ValueError("decoder must read in one direction, got bidirectional=True: it writes what it reads")
        self.vocab_size = check_integer("vocab_size", vocab_size, low=1)
        self.n_out = check_integer("n_out", n_out, low=1)
        self.attend = check_choice("attend", attend, ("after", "before"))
        self.input_feeding = input_feeding
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        directions = 2 if encoder.bidirectional else 1
        key_size, width = directions * state_widths(encoder)[0], state_widths(decoder)[0]
        self._check_attention(attention, key_size, width)
        weight = next(decoder.parameters())
        kind: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
        for name, part in [("encoder", encoder), ("attention", attention)]:
            got = next(part.parameters(), weight).dtype if part is not None else weight.dtype
            if got != weight.dtype:
                raise ValueError(f"{name} and decoder must have the same dtype, got {got} and {weight.dtype}")
        source_width: Any = encoder.input_size
        told = width if input_feeding else key_size if attention is not None and attend == "before" else 0
        given: Any = decoder.input_size
        if given <= told:
            raise ValueError(f"decoder.input_size must be {told} and at least 1 for the embedding, got {given}")
        self.source_embedding = nn.Embedding(self.vocab_size, source_width, **kind)
        self.encoder = encoder
        self.bridge = Bridge(encoder, decoder)
        self.target_embedding = nn.Embedding(self.n_out, given - told, **kind)
        self.decoder = decoder
        self.alignment = attention
        self.combine = None if attention is None else nn.Linear(key_size + width, width, bias=False, **kind)
        self.readout = nn.Linear(width, self.n_out, **kind)

    def forward(self, source: Tensor, lengths: Any, previous: Tensor) -> tuple[Tensor, DecoderState]:
        """Score every word of the targets after the true words before it: teacher forcing.

        Source b is source[b, :lengths[b]]; what stands behind it is not read, and may be anything. No answer depends on
        a later word of `previous`, so the padding there changes no answer before it; it is read as the word it is. With
        attention `state.weights` (B, T, S) is what each answer attended to, the alignment of a heat map.

        Shapes:  source (B, S), lengths (B,) from 1 to S, or None if all are S; previous (B, T) -> logits (B, T, n_out),
                 the state after T words
        Raises:  TypeError or ValueError naming source, lengths or previous; ids must lie in 0 … vocab_size - 1 and
                 0 … n_out - 1
        """
        return self._write(previous, self._read(source, lengths))

    def encode(self, source: Any, lengths: Any = None) -> DecoderState:
        """Read the sources: the state before the first word of the targets, from which decoding begins.

        As `step`, without gradients and without dropout.

        Shapes:  source (N, S) ids, also as an array; lengths as in `forward` -> state of N sequences
        Raises:  as `forward`
        """
        with torch.no_grad(), evaluating(self):
            return self._read(torch.as_tensor(source).to(self.readout.weight.device), lengths)

    def step(self, tokens: Any, state: DecoderState | None = None) -> tuple[Tensor, DecoderState]:
        """Read one more word of each of N targets, and score the next: what `seqlib.decoding` asks of a model.

        The same numbers as those of `forward` on the whole target, without gradients, and as in evaluation: without
        dropout, whatever mode the model is in, and stays in.

        Shapes:  tokens (N,) ids, also as an array; state from `encode` or the step before -> logits (N, n_out), state
        Raises:  TypeError or ValueError naming tokens or state
        """
        tokens = torch.as_tensor(tokens)
        check_shape("tokens", tokens, ("N",))
        return self.prefill(tokens[:, None], state)

    def prefill(self, ids: Any, state: DecoderState | None = None) -> tuple[Tensor, DecoderState]:
        """Read several words of each target at once; the answer is that after the last of them. Else as `step`.

        Shapes:  ids (N, T), also as an array; state as that of `step` -> logits (N, n_out), state
        """
        state = _checked(state)
        with torch.no_grad(), evaluating(self):
            logits, state = self._write(torch.as_tensor(ids).to(self.readout.weight.device), state)
        return logits[:, -1], state

    def select(self, state: DecoderState, rows: Any) -> DecoderState:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  state of N sequences, rows (M,) -> state of M
        """
        return state.select(rows)

    def attention(self, state: DecoderState) -> tuple[Tensor, Tensor]:
        """The attention weights of the word that was read last, and what of the sources is real: a row for each target.

        These are what `seqlib.decoding.beam` asks for where it has a coverage penalty. `state.weights` has the weights
        of all words that were read in the last call: after `forward`, those of whole sentences.

        Shapes:  state after a step -> weights (N, S), mask (N, S)
        Raises:  ValueError for a model without attention; TypeError or ValueError for a state that has read no word
        """
        if self.alignment is None:
            raise ValueError("attention must be given to a model whose weights are asked for, got None")
        if _checked(state).weights is None:
            raise ValueError("state must be that after a step: before the first word nothing was attended to")
        weights: Any = state.weights
        weights = weights[:, -1]
        return weights, torch.ones_like(weights, dtype=torch.bool) if state.mask is None else state.mask

    def _read(self, source: Any, lengths: Any) -> DecoderState:
        """The state before the first word of the targets."""
        B, S = _check_ids("source", source)
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, S, least=1)
            check_shape("lengths", lengths, (B,))
        if lengths is None or B == 0:  # which cannot be packed
            out, finals = self.encoder(self._dropped(look_up("source", self.source_embedding, source)))
        else:
            packed = pack_padded_sequence(source, torch.from_numpy(lengths), batch_first=True, enforce_sorted=False)
            # The ids are looked up after packing: those among the padding are gone by then.
            words = self._dropped(look_up("source", self.source_embedding, packed.data))
            out, finals = self.encoder(packed._replace(data=words))
        starts = self.bridge(finals if isinstance(finals, tuple) else (finals,))
        s = tuple(start.transpose(0, 1) for start in starts)
        if self.alignment is None:
            return DecoderState(s)
        keys = out if isinstance(out, Tensor) else pad_packed_sequence(out, batch_first=True, total_length=S)[0]
        mask = None if lengths is None else padding_mask(lengths, S, device=keys.device)
        fed = keys.new_zeros(B, self.readout.in_features) if self.input_feeding else None
        of = torch.arange(B, device=keys.device)
        return DecoderState(s, keys, self.alignment.project(keys), mask, of, fed)

    def _write(self, previous: Any, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """The answers after these words, and the state then."""
        N, _ = _check_ids("previous", previous)
        if len(state.s[0]) != N:
            raise ValueError(f"previous must hold one target for each of {len(state.s[0])} sources, got {N}")
        words = self._dropped(look_up("previous", self.target_embedding, previous))
        s = tuple(part.transpose(0, 1).contiguous() for part in state.s)
        weights, fed = None, state.fed
        if self.alignment is None:
            a, s = self._run(words, s)
        elif self.attend == "after" and not self.input_feeding:
            out, s = self._run(words, s)
            context, weights = self._attended(out, state)
            a = self._combined(context, out)
        else:
            a, weights, s, fed = self._loop(words, s, state)
        logits: Tensor = self.readout(self._dropped(a))
        return logits, state._replace(s=tuple(part.transpose(0, 1) for part in s), fed=fed, weights=weights)

    def _loop(self, words: Tensor, s: tuple[Tensor, ...], state: DecoderState) -> tuple[Any, ...]:
        """Step by step, where what is read at a step is known only after the one before."""
        found: list[tuple[Tensor, Tensor]] = []
        a: Any = None if state.fed is None else state.fed.unsqueeze(1)
        for word in words.split(1, 1):
            if self.attend == "before":
                context, weights = self._attended(s[0][-1].unsqueeze(1), state)
                out, s = self._run(torch.cat([word, self._dropped(context)], 2), s)
            else:
                out, s = self._run(torch.cat([word, self._dropped(a)], 2), s)
                context, weights = self._attended(out, state)
            a = self._combined(context, out)
            found.append((a, weights))
        fed = a[:, 0] if self.input_feeding else None
        return *(torch.cat(parts, 1) for parts in zip(*found, strict=True)), s, fed

    def _attended(self, query: Tensor, state: DecoderState) -> tuple[Tensor, Tensor]:
        alignment: Any = self.alignment
        mask = None if state.mask is None else state.mask.unsqueeze(1)
        return alignment.attend(query, state.projected, state.keys, mask)

    def _combined(self, context: Tensor, out: Tensor) -> Tensor:
        """The attentional vector."""
        combine: Any = self.combine
        return torch.tanh(combine(torch.cat([context, out], 2)))

    def _run(self, x: Tensor, s: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The decoder over some steps; states as a tuple, (layers, N, width) each."""
        out, after = self.decoder(x, s if len(s) > 1 else s[0])
        return out, after if isinstance(after, tuple) else (after,)

    def _check_attention(self, attention: Any, key_size: int, query_size: int) -> None:
        if not isinstance(self.input_feeding, bool):
            raise TypeError(f"input_feeding must be True or False, got {self.input_feeding!r}")
        if attention is None:
            if self.input_feeding or self.attend != "after":
                raise ValueError(
                    "attention must be given with input_feeding or attend='before', got None: there is no context"
                )
            return
        if not isinstance(attention, Attention):
            raise TypeError(f"attention must be a seqlib.nn.Attention or None, got {type(attention).__name__}")
        if self.input_feeding and self.attend == "before":
            raise ValueError("input_feeding must be False with attend='before', where the context is fed in already")
        if (attention.query_size, attention.key_size) != (query_size, key_size):
            raise ValueError(
                f"attention must have query_size={query_size}, the width of the decoder, and key_size={key_size}, that "
                f"of the encoder in all its directions, got {attention.query_size} and {attention.key_size}"
            )

    def _dropped(self, values: Tensor) -> Tensor:
        return nn.functional.dropout(values, self.dropout, self.training) if self.dropout else values


def _checked(state: Any) -> DecoderState:
    if not isinstance(state, DecoderState):
        raise TypeError(f"state must be what encode(source, lengths) returns, got {type(state).__name__}")
    return state


def _check_ids(name: str, ids: Any) -> tuple[int, int]:
    """The sizes of an array of ids (B, T)."""
    if not isinstance(ids, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(ids).__name__}")
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise TypeError(f"{name} must hold integer ids, got dtype {ids.dtype}")
    sizes = check_shape(name, ids, ("B", "T"))
    if sizes["T"] == 0:
        raise ValueError(f"{name} must have at least one step, got shape {tuple(ids.shape)}")
    return sizes["B"], sizes["T"]
