"""The smallest complete model of a sequence: read ids or vectors, remember, answer at every step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.arguments import check_integer, check_lengths, check_number, check_shape

__all__ = ["SequenceModel", "evaluating", "look_up"]


class SequenceModel(nn.Module):
    """A recurrent layer between an embedding (for ids) and a linear read-out.

        h_t = core(E[id_t] or x_t, h_{t-1})      o_t = W_ho h_t + b_o

    `dropout`: the probability with which, in training mode, every number that goes into the core and every number that
    comes out of it is made 0, the others growing by 1 / (1 - dropout); nothing on the way from step to step. Between
    the layers of the core its own `dropout` acts.

    Shapes:  x (B, T) ids if `vocab_size` is given, else (B, T, D); lengths (B,), of padded sequences; state as the
             core's -> out (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990 (the read-out); Bengio et al. 2003, eq. 1 (the embedding); Zaremba, Sutskever & Vinyals 2014,
             section 3.2 (the dropout)
    Book:    chapters/01_sequences, chapters/02_rnn, chapters/10_language_models
    """

    def __init__(
        self,
        core: nn.Module,
        n_out: int,
        *,
        vocab_size: int | None = None,
        embedding_dim: int | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if not isinstance(core, nn.Module) or not hasattr(core, "batch_first"):
            raise TypeError(f"core must be a recurrent layer such as seqlib.nn.RNN, got {type(core).__name__}")
        if not core.batch_first:
            raise ValueError("core must be built with batch_first=True, got batch_first=False")
        self.n_out = check_integer("n_out", n_out, low=1)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        self.input_size = check_integer("core.input_size", core.input_size, low=1)
        if embedding_dim is not None and (vocab_size is None or embedding_dim != self.input_size):
            raise ValueError(
                f"embedding_dim must be core.input_size={self.input_size} and go with vocab_size, "
                f"got embedding_dim={embedding_dim}, vocab_size={vocab_size}"
            )
        weight = next(core.parameters())
        kind: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
        self.embedding: nn.Embedding | None = None
        if vocab_size is not None:
            self.embedding = nn.Embedding(check_integer("vocab_size", vocab_size, low=1), self.input_size, **kind)
        self.core = core
        # an LSTM with projections answers with fewer numbers than its cell has
        width = check_integer("core.hidden_size", getattr(core, "proj_size", 0) or core.hidden_size, low=1)
        self.readout = nn.Linear(width * (2 if getattr(core, "bidirectional", False) else 1), n_out, **kind)

    def forward(self, x: Tensor, lengths: Any = None, state: Any = None) -> tuple[Tensor, Any]:
        """Answer at every step.

        With `lengths`, sequence b is x[b, :lengths[b]] and the rest is padding, which never changes a result: answers
        and final state are those of the sequence alone, in both directions of a bidirectional core too. What stands in
        x as padding is not read, so it may be anything; the answer there is that to a state of zeros, b_o.

        Shapes:  x (B, T) or (B, T, D); lengths (B,) integers from 1 to T -> out (B, T, n_out), final state, that after
                 each sequence's own last step
        Raises:  TypeError or ValueError naming x or lengths, what it is and what is needed; ids must lie in
                 0 … vocab_size - 1
        """
        if not isinstance(x, Tensor):
            raise TypeError(f"x must be a tensor, got {type(x).__name__}")
        if self.embedding is not None:
            if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
                raise TypeError(f"x must hold integer ids, got dtype {x.dtype}")
            check_shape("x", x, ("B", "T"))
        else:
            if not x.is_floating_point():
                raise TypeError(f"x must be real-valued vectors, got dtype {x.dtype}; for ids give vocab_size")
            check_shape("x", x, ("B", "T", self.input_size))
        B, T = x.shape[:2]
        if T == 0:
            raise ValueError(f"x must have at least one step, got shape {tuple(x.shape)}")
        if lengths is None:
            h, state = self.core(self._vectors(x), state)
            return self._answers(h), state
        lengths = lengths.cpu() if isinstance(lengths, Tensor) else lengths
        real = check_lengths("lengths", lengths, T, least=1)
        check_shape("lengths", real, (B,))
        if B == 0:  # which cannot be packed
            h, state = self.core(self._vectors(x), state)
            return self._answers(h), state
        packed = pack_padded_sequence(x, torch.from_numpy(real), batch_first=True, enforce_sorted=False)
        # The ids are looked up after packing: those among the padding are gone by then.
        h, state = self.core(packed._replace(data=self._vectors(packed.data)), state)
        return self._answers(pad_packed_sequence(h, batch_first=True, total_length=T)[0]), state

    def step(self, tokens: Any, state: Any = None) -> tuple[Tensor, Any]:
        """Read one more step of each of N sequences, and answer: what `seqlib.decoding` asks of a model.

        The same numbers as those of `forward` on the whole sequence, without gradients, and as in evaluation: without
        dropout, whatever mode the model is in, and stays in.

        Shapes:  tokens (N,) ids, also as an array, or (N, D); state None at the beginning -> out (N, n_out), state
        Raises:  ValueError for a core that reads in both directions; else as `forward`
        Book:    chapters/10_language_models
        """
        tokens = torch.as_tensor(tokens)
        if tokens.ndim == 0:
            raise ValueError(f"tokens must hold one for each sequence, (N,), got a single one: {tokens.item()}")
        return self.prefill(tokens[:, None], state)

    def prefill(self, x: Any, state: Any = None) -> tuple[Tensor, Any]:
        """Read several steps of each sequence at once; the answer is that at the last of them. Else as `step`.

        Shapes:  x (N, T) ids, also as an array, or (N, T, D); state as that of `step` -> out (N, n_out), state
        """
        if getattr(self.core, "bidirectional", False):
            raise ValueError(
                "core must read in one direction to go step by step, got bidirectional=True: its other direction "
                "begins at an end that is not there yet"
            )
        with torch.no_grad(), evaluating(self):
            out, state = self(torch.as_tensor(x).to(self.readout.weight.device), state=state)
        return out[:, -1], state

    def select(self, state: Any, rows: Any) -> Any:
        """The state of some of the sequences, in any order and as often as is asked: row i of it is row rows[i].

        Shapes:  each part of the state (layers, N, H), rows (M,) -> (layers, M, H)
        """
        if isinstance(state, tuple):
            return tuple(self.select(part, rows) for part in state)
        return None if state is None else state.index_select(1, torch.as_tensor(rows, device=state.device))

    def _answers(self, h: Tensor) -> Tensor:
        answers: Tensor = self.readout(self._dropped(h))
        return answers

    def _dropped(self, values: Tensor) -> Tensor:
        return nn.functional.dropout(values, self.dropout, self.training) if self.dropout else values

    def _vectors(self, x: Tensor) -> Tensor:
        return self._dropped(x if self.embedding is None else look_up("x", self.embedding, x))


def look_up(name: str, embedding: nn.Embedding, ids: Tensor) -> Tensor:
    """The vectors of ids; a ValueError naming them if the embedding does not have them all."""
    size, given = embedding.num_embeddings, ids
    ids = ids.long()
    # where there are no numbers yet, or under torch.func those of many batches at once, none can be looked at
    seen = not (torch.compiler.is_compiling() or ids.is_meta or torch._C._are_functorch_transforms_active())
    low, high = map(int, ids.aminmax()) if seen and ids.numel() else (0, 0)
    if low < 0 or high >= size:
        shown = given.detach().cpu().numpy()  # and not `ids`: an unsigned id may have become a negative one
        raise ValueError(f"{name} must hold ids from 0 to {size - 1}, got {shown.min()} to {shown.max()}")
    vectors: Tensor = embedding(ids)
    return vectors


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """All parts of the model in evaluation mode, and afterwards in the modes that they were in."""
    training, parts = [], [model]
    while parts:  # as model.modules(), which takes as long as some layers do
        module = parts.pop()
        parts += [part for part in module._modules.values() if part is not None]
        if module.training:
            training.append(module)
            module.training = False
    try:
        yield
    finally:
        for module in training:
            module.training = True
