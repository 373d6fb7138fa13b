"""What goes into the first block of a Transformer: words, or vectors, at their positions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from seqlib.arguments import check_choice, check_integer, check_number, check_shape
from seqlib.nn.positions import sinusoids
from seqlib.nn.sequence_model import look_up

__all__ = ["Embedding"]

POSITIONS = ("sinusoidal", "rotary", "learned", None)


class Embedding(nn.Module):
    """Ids or vectors, at their positions, as vectors of the residual stream.

        s E[id_t] + PE[t]        or W x_t + b + PE[t] for vectors        s = `scale`

    `positions`: "sinusoidal" or "learned" make PE; with "rotary" or None there is none here. E is drawn from
    N(0, 1 / s²), so that what it adds to PE has variance 1.

    Shapes:  (B, T) ids or (B, T, input_size) -> (B, T, d_model)
    Raises:  TypeError or ValueError naming the argument
    Book:    chapters/13_transformer
    """

    def __init__(
        self,
        vocab_size: int | None,
        d_model: int,
        positions: str | None,
        longest: int | None,
        *,
        input_size: int | None = None,
        scale: float = 1.0,
        bias: bool = True,
        dropout: float = 0.0,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        if positions not in POSITIONS:
            check_choice("positions", positions, [name for name in POSITIONS if name is not None])
        if (longest is None) != (positions != "learned"):
            raise ValueError(f"longest must be given for positions='learned' and for no other, got {longest}")
        if (vocab_size is None) == (input_size is None):
            raise ValueError("vocab_size must be given for ids, or input_size for vectors, and not both")
        self.positions, self.d_model = positions, check_integer("d_model", d_model, low=1)
        if positions == "sinusoidal" and d_model % 2:
            raise ValueError(f"d_model must be even for sinusoidal positions, got {d_model}")
        self.scale = check_number("scale", scale, above=0)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        self.input_size = 0 if input_size is None else check_integer("input_size", input_size, low=1)
        self.words: nn.Module
        if vocab_size is not None:
            self.words = nn.Embedding(check_integer("vocab_size", vocab_size, low=1), d_model, **kind)
            with torch.no_grad():
                self.words.weight.div_(self.scale)
        else:
            self.words = nn.Linear(self.input_size, d_model, bias=bias, **kind)
        self.places = None
        if longest is not None:
            self.places = nn.Embedding(check_integer("longest", longest, low=1), d_model, **kind)

    def forward(self, name: str, x: Tensor, start: int = 0) -> Tensor:
        """The vectors of x, whose first step is at position `start`; `name` is what an error calls x."""
        vectors = look_up(name, self.words, x) if isinstance(self.words, nn.Embedding) else self.words(x)
        if self.scale != 1:
            vectors = vectors * self.scale
        end = start + x.shape[1]
        if self.places is not None:
            if end > self.places.num_embeddings:
                raise ValueError(
                    f"{name} must end within longest={self.places.num_embeddings} learned positions, got {end}"
                )
            vectors = vectors + self.places.weight[start:end]
        if self.positions == "sinusoidal":
            at = torch.arange(start, end, device=x.device)
            vectors = vectors + sinusoids(at, self.d_model, dtype=vectors.dtype)
        return dropout(vectors, self.dropout, self.training) if self.dropout else vectors

    def check(self, name: str, x: Any) -> tuple[int, int]:
        """The sizes B and T; TypeError or ValueError naming x unless it is what is read here."""
        if not isinstance(x, Tensor):
            raise TypeError(f"{name} must be a tensor, got {type(x).__name__}")
        if isinstance(self.words, nn.Embedding):
            if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
                raise TypeError(f"{name} must hold integer ids, got dtype {x.dtype}")
            check_shape(name, x, ("B", "T"))
        else:
            if not x.is_floating_point():
                raise TypeError(f"{name} must be real-valued vectors, got dtype {x.dtype}; for ids give vocab_size")
            check_shape(name, x, ("B", "T", self.input_size))
            wanted = self.words.weight.dtype
            if x.dtype != wanted and not torch.is_autocast_enabled(x.device.type):
                raise TypeError(f"{name} must have the dtype of the weights, {wanted}, got {x.dtype}")
        if x.shape[1] == 0:
            raise ValueError(f"{name} must have at least one step, got shape {tuple(x.shape)}")
        return x.shape[0], x.shape[1]
