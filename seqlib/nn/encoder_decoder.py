"""A sequence in, another sequence out: an encoder that reads, and a decoder that writes what was read."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from seqlib.arguments import check_integer, check_lengths, check_number, check_shape
from seqlib.nn.bridge import Bridge, check_recurrent, state_widths
from seqlib.nn.sequence_model import evaluating, look_up

__all__ = ["DecoderState", "EncoderDecoder"]


class DecoderState(NamedTuple):
    """What a decoder knows: sequences lie along the first axis of everything.

    s: the states of the recurrent layers, h and for an LSTM c, each (N, layers, width).
    """

    s: tuple[Tensor, ...]


class EncoderDecoder(nn.Module):
    """An encoder over x_1 … x_S and a decoder that is a language model over y_1 … y_T, and starts where that ended.

        h_i = encoder(E_x[x_i], h_{i-1})      s_0 = bridge(h_S)
        s_t = decoder(E_y[y_{t-1}], s_{t-1})    p(y_t | y_1 … y_{t-1}, x) = softmax(W_o s_t + b_o),    y_0 = BOS

    The final states of all layers are all that the decoder is told of x: the context vector. `Bridge` says how states
    of both directions, or of other widths, are handed over. `dropout` acts, in training mode, on what goes into the
    encoder and the decoder and on what goes into the read-out; between the layers of each its own `dropout` acts.

    `encoder`, `decoder`: recurrent layers of seqlib.nn or torch.nn with batch_first=True and the same number of layers,
    both an LSTM or neither; the encoder may be bidirectional. Their `input_size` is the width of the two embeddings.
    `vocab_size`, `n_out`: how many ids the source has, and the target.

    Shapes:  source (B, S) ids; lengths (B,); previous (B, T) ids, BOS y_1 … y_{T-1} -> logits (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Sutskever, Vinyals & Le 2014, eq. 1
    Differs: whether the source is reversed, and whether it ends with EOS, is the affair of the data; one layer may have
             other sizes than they have
    Book:    chapters/11_encoder_decoder
    """

    def __init__(
        self, encoder: nn.Module, decoder: nn.Module, vocab_size: int, n_out: int, *, dropout: float = 0.0
    ) -> None:
        super().__init__()
        check_recurrent("encoder", encoder)
        check_recurrent("decoder", decoder)
        if decoder.bidirectional:
            raise ValueError("decoder must read in one direction, got bidirectional=True: it writes what it reads")
        self.vocab_size = check_integer("vocab_size", vocab_size, low=1)
        self.n_out = check_integer("n_out", n_out, low=1)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        weight = next(decoder.parameters())
        kind: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
        if next(encoder.parameters()).dtype != weight.dtype:
            raise ValueError(
                "encoder and decoder must have the same dtype, got "
                f"{next(encoder.parameters()).dtype} and {weight.dtype}"
            )
        source_width: Any = encoder.input_size
        target_width: Any = decoder.input_size
        self.source_embedding = nn.Embedding(self.vocab_size, source_width, **kind)
        self.encoder = encoder
        self.bridge = Bridge(encoder, decoder)
        self.target_embedding = nn.Embedding(self.n_out, target_width, **kind)
        self.decoder = decoder
        self.readout = nn.Linear(state_widths(decoder)[0], self.n_out, **kind)

    def forward(self, source: Tensor, lengths: Any, previous: Tensor) -> tuple[Tensor, DecoderState]:
        """Score every word of the targets after the true words before it: teacher forcing.

        Source b is source[b, :lengths[b]]; what stands behind it is not read, and may be anything. No answer depends on
        a later word of `previous`, so the padding there changes no answer before it; it is read as the word it is.

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
        if not isinstance(state, DecoderState):
            raise TypeError(f"state must be what encode(source, lengths) returns, got {type(state).__name__}")
        with torch.no_grad(), evaluating(self):
            logits, state = self._write(torch.as_tensor(ids).to(self.readout.weight.device), state)
        return logits[:, -1], state

    def select(self, state: DecoderState, rows: Any) -> DecoderState:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  state of N sequences, rows (M,) -> state of M
        """
        chosen = torch.as_tensor(rows, device=self.readout.weight.device)
        return DecoderState(tuple(part.index_select(0, chosen) for part in state.s))

    def _read(self, source: Any, lengths: Any) -> DecoderState:
        """The state before the first word of the targets."""
        B, S = _check_ids("source", source)
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, S, least=1)
            check_shape("lengths", lengths, (B,))
        if lengths is None or B == 0:  # which cannot be packed
            _, finals = self.encoder(self._dropped(look_up("source", self.source_embedding, source)))
        else:
            packed = pack_padded_sequence(source, torch.from_numpy(lengths), batch_first=True, enforce_sorted=False)
            # The ids are looked up after packing: those among the padding are gone by then.
            words = self._dropped(look_up("source", self.source_embedding, packed.data))
            _, finals = self.encoder(packed._replace(data=words))
        starts = self.bridge(finals if isinstance(finals, tuple) else (finals,))
        return DecoderState(tuple(start.transpose(0, 1) for start in starts))

    def _write(self, previous: Any, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """The answers after these words, and the state then."""
        N, _ = _check_ids("previous", previous)
        if len(state.s[0]) != N:
            raise ValueError(f"previous must hold one target for each of {len(state.s[0])} sources, got {N}")
        words = self._dropped(look_up("previous", self.target_embedding, previous))
        out, s = self._run(words, tuple(part.transpose(0, 1).contiguous() for part in state.s))
        logits: Tensor = self.readout(self._dropped(out))
        return logits, state._replace(s=tuple(part.transpose(0, 1) for part in s))

    def _run(self, x: Tensor, s: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The decoder over some steps; states as a tuple, (layers, N, width) each."""
        out, after = self.decoder(x, s if len(s) > 1 else s[0])
        return out, after if isinstance(after, tuple) else (after,)

    def _dropped(self, values: Tensor) -> Tensor:
        return nn.functional.dropout(values, self.dropout, self.training) if self.dropout else values


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
