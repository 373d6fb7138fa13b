"""The smallest complete model of a sequence: read ids or vectors, remember, answer at every step."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from seqlib.arguments import check_integer

__all__ = ["SequenceModel"]


class SequenceModel(nn.Module):
    """A recurrent layer between an embedding (for ids) and a linear read-out.

        h_t = core(E[id_t] or x_t, h_{t-1})      o_t = W_ho h_t + b_o

    Shapes:  x (B, T) ids, or (B, T, D) vectors; state as the core's -> out (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990 (the read-out); Bengio et al. 2003, eq. 1 (the embedding)
    Book:    chapters/01_sequences, chapters/02_rnn
    """

    def __init__(self, core: nn.Module, n_out: int, *, vocab_size: int | None = None) -> None:
        super().__init__()
        for name in ("input_size", "hidden_size", "batch_first"):
            if not hasattr(core, name):
                raise TypeError(f"core must be a recurrent layer with {name}, got {type(core).__name__}")
        if not core.batch_first:
            raise ValueError("core must be built with batch_first=True")
        self.core = core
        self.n_out = check_integer("n_out", n_out, low=1)
        weight = next(core.parameters())
        kind: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
        self.embedding: nn.Embedding | None = None
        if vocab_size is not None:
            size = check_integer("vocab_size", vocab_size, low=1)
            self.embedding = nn.Embedding(size, int(core.input_size), **kind)  # type: ignore[arg-type]
        width = int(core.hidden_size) * (2 if getattr(core, "bidirectional", False) else 1)  # type: ignore[arg-type]
        self.readout = nn.Linear(width, n_out, **kind)

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Answer at every step; ids must lie in 0 … vocab_size - 1."""
        if not isinstance(x, Tensor):
            raise TypeError(f"x must be a tensor, got {type(x).__name__}")
        if self.embedding is not None:
            if x.is_floating_point() or x.is_complex() or x.dim() != 2:
                raise TypeError(f"x must hold integer ids, shape (B, T), got {x.dtype} of shape {tuple(x.shape)}")
            size = self.embedding.num_embeddings
            if x.numel() and not (0 <= int(x.min()) and int(x.max()) < size):
                raise ValueError(f"x must hold ids from 0 to {size - 1}, got {int(x.min())} to {int(x.max())}")
            x = self.embedding(x)
        h, state = self.core(x, state)
        return self.readout(h), state
