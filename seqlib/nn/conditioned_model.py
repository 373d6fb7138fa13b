"""A model that reads words and is told something beside them, once or again and again."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_integer, check_lengths, check_shape
from seqlib.nn.sequence_model import SequenceModel

__all__ = ["ConditionedModel"]

WAYS = ("state", "first", "every", "nowhere")


class ConditionedModel(nn.Module):
    """A sequence model over words w_1 … w_T that is given one vector v.

        where = "state"      h_0 = tanh(W_s v + b_s)      h_t = core(w_t, h_{t-1})
        where = "first"      h_0 = core([v, 0], 0)        h_t = core([0, w_t], h_{t-1})
        where = "every"      h_0 = 0                      h_t = core([v, w_t], h_{t-1})
        where = "nowhere"    h_0 = 0                      h_t = core(w_t, h_{t-1})      a control, which is told nothing

    The read-out is that of SequenceModel. An LSTM starts with c_0 = W_s v + b_s and h_0 = tanh(c_0). As "first", v is a
    step of its own before the first word, whose answer is left out.

    Shapes:  x (B, T, n_given + words): v, which is read at the first step only or at every one, and the words; lengths
             (B,), of padded sequences -> out (B, T, n_out), final state. core.input_size is n_given + words for "first"
             and "every", and the number of words for the other two
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Tanti, Gatt & Camilleri 2018, who call the three init-inject, pre-inject and par-inject
    Book:    chapters/09_mappings
    """

    def __init__(self, core: nn.Module, n_out: int, n_given: int, where: str = "every") -> None:
        super().__init__()
        self.where = check_choice("where", where, WAYS)
        self.n_given = check_integer("n_given", n_given, low=1)
        self.model = SequenceModel(core, n_out)
        if getattr(core, "bidirectional", False):
            raise ValueError(
                "core must read in one direction, got bidirectional=True: its answers would know the words"
            )
        if where in ("first", "every") and self.model.input_size <= self.n_given:
            raise ValueError(
                f"core.input_size must be n_given={self.n_given} and at least 1 for words, got {self.model.input_size}"
            )
        self.width = self.model.input_size + (self.n_given if where in ("state", "nowhere") else 0)
        if where == "state":
            weight = next(core.parameters())
            self.layers = check_integer("core.num_layers", core.num_layers, low=1)
            size = self.layers * check_integer("core.hidden_size", core.hidden_size, low=1)
            self.start = nn.Linear(self.n_given, size, device=weight.device, dtype=weight.dtype)

    def forward(self, x: Tensor, lengths: Any = None) -> tuple[Tensor, Any]:
        """Answer at every step; `lengths` as in SequenceModel.

        Shapes:  x (B, T, n_given + words) -> out (B, T, n_out), state
        Raises:  TypeError or ValueError naming x or lengths
        """
        check_shape("x", x, ("B", "T", self.width))
        if x.shape[1] == 0:
            raise ValueError(f"x must have at least one step, got shape {tuple(x.shape)}")
        if self.where == "every":
            return self.model(x, lengths)
        given, words = x[:, 0, : self.n_given], x[..., self.n_given :]
        if self.where == "nowhere":
            return self.model(words, lengths)
        if self.where == "state":
            return self.model(words, lengths, self._start(given))
        told = torch.cat([given, torch.zeros_like(words[:, 0])], 1)[:, None]
        read = torch.cat([torch.zeros_like(x[..., : self.n_given]), words], 2)
        if lengths is not None:
            lengths = lengths.cpu() if isinstance(lengths, Tensor) else lengths
            lengths = check_lengths("lengths", lengths, x.shape[1], least=1) + 1
        out, state = self.model(torch.cat([told, read], 1), lengths)
        return out[:, 1:], state

    def _start(self, given: Tensor) -> Any:
        c = self.start(given).unflatten(1, (self.layers, -1)).transpose(0, 1).contiguous()
        h = torch.tanh(c)
        return (h, c) if "LSTM" in type(self.model.core).__name__ else h
