"""The smallest complete model of a sequence: read ids or vectors, remember, answer at every step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_integer, check_shape

__all__ = ["SequenceModel"]


class SequenceModel(nn.Module):
    """A recurrent layer between an embedding (for ids) and a linear read-out.

        h_t = core(E[id_t] or x_t, h_{t-1})      o_t = W_ho h_t + b_o

    Shapes:  x (B, T) ids if `vocab_size` is given, else (B, T, D); state as the core's -> out (B, T, n_out), state
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990 (the read-out); Bengio et al. 2003, eq. 1 (the embedding)
    Book:    chapters/01_sequences, chapters/02_rnn
    """

    def __init__(
        self, core: nn.Module, n_out: int, *, vocab_size: int | None = None, embedding_dim: int | None = None
    ) -> None:
        super().__init__()
        if not isinstance(core, nn.Module) or not hasattr(core, "batch_first"):
            raise TypeError(f"core must be a recurrent layer such as seqlib.nn.RNN, got {type(core).__name__}")
        if not core.batch_first:
            raise ValueError("core must be built with batch_first=True, got batch_first=False")
        self.n_out = check_integer("n_out", n_out, low=1)
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
        width = check_integer("core.hidden_size", core.hidden_size, low=1)
        self.readout = nn.Linear(width * (2 if getattr(core, "bidirectional", False) else 1), n_out, **kind)

    def forward(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Answer at every step.

        Raises:  TypeError or ValueError naming x, what it is and what is needed; ids must lie in 0 … vocab_size - 1
        """
        if not isinstance(x, Tensor):
            raise TypeError(f"x must be a tensor, got {type(x).__name__}")
        if self.embedding is not None:
            if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
                raise TypeError(f"x must hold integer ids, got dtype {x.dtype}")
            check_shape("x", x, ("B", "T"))
            size = self.embedding.num_embeddings
            if x.numel() and (int(x.min()) < 0 or int(x.max()) >= size):
                raise ValueError(f"x must hold ids from 0 to {size - 1}, got {int(x.min())} to {int(x.max())}")
        else:
            if not x.is_floating_point():
                raise TypeError(f"x must be real-valued vectors, got dtype {x.dtype}; for ids give vocab_size")
            check_shape("x", x, ("B", "T", self.input_size))
        if x.shape[1] == 0:
            raise ValueError(f"x must have at least one step, got shape {tuple(x.shape)}")
        h, state = self.core(x if self.embedding is None else self.embedding(x.long()), state)
        return self.readout(h), state
