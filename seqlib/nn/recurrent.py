"""What all recurrent layers share: stacking, directions, layouts, packing, dropout, parameters. Written once.

A cell is a subclass of `Recurrent` that says three things:

    gates    how many blocks of H rows its weights have (RNN 1, GRU 3, LSTM 4)
    states   the names of its states, the output first (RNN, GRU ("h",); LSTM ("h", "c"))
    layer()  one layer in one direction over the whole sequence

Sequences reach `layer` in torch's packed form: the rows of step 0, then those of step 1, …, with sequences sorted by
falling length, so that the rows of a step are the first `sizes[t]` sequences. An unpacked batch is the case in which
all sizes are equal.
"""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqlib.arguments import check_choice, check_integer, check_number, check_shape

__all__ = ["Recurrent"]

States = tuple[Tensor, ...]


class Recurrent(nn.Module):
    """Base of the recurrent layers, with the constructor, `state_dict` and layouts of torch.nn's.

    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Differs: `backward="derived"` runs the backward pass of the book in one autograd.Function a layer and direction,
             `backward="autograd"` the plain loop. `proj_size` is not taken
    """

    gates: int
    states: tuple[str, ...]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: torch.dtype | None = None,
        *,
        backward: str = "derived",
    ) -> None:
        super().__init__()
        self.input_size = check_integer("input_size", input_size, low=1)
        self.hidden_size = check_integer("hidden_size", hidden_size, low=1)
        self.num_layers = check_integer("num_layers", num_layers, low=1)
        for name, flag in [("bias", bias), ("batch_first", batch_first), ("bidirectional", bidirectional)]:
            if not isinstance(flag, bool):
                raise TypeError(f"{name} must be True or False, got {flag!r}")
        if isinstance(dropout, bool) or not isinstance(dropout, numbers.Real):
            raise TypeError(f"dropout must be a probability, got {dropout!r}")
        self.bias, self.batch_first, self.bidirectional = bias, batch_first, bidirectional
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        self.backward = check_choice("backward", backward, ("derived", "autograd"))
        if self.dropout and num_layers == 1:
            warnings.warn(
                f"dropout={dropout} acts between layers, and with num_layers=1 there is no between", stacklevel=3
            )
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * self.directions
            for suffix in self.suffixes:
                shapes = {"weight_ih": (width,), "weight_hh": (hidden_size,)}
                shapes |= {"bias_ih": (), "bias_hh": ()} if bias else {}
                for name, columns in shapes.items():
                    value = torch.empty((self.gates * hidden_size, *columns), device=device, dtype=dtype)
                    self.register_parameter(f"{name}_l{layer}{suffix}", nn.Parameter(value))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every parameter from U(-1/√H, 1/√H), in torch's order: the same seed gives the same weights."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    @property
    def directions(self) -> int:
        """2 if bidirectional, else 1."""
        return 2 if self.bidirectional else 1

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How torch names the directions in its parameters."""
        return ("", "_reverse") if self.bidirectional else ("",)

    @property
    def all_weights(self) -> list[list[nn.Parameter]]:
        """The parameters of each layer and direction, as torch.nn.RNNBase lists them."""
        kinds = ["weight_ih", "weight_hh"] + (["bias_ih", "bias_hh"] if self.bias else [])
        return [
            [getattr(self, f"{kind}_l{layer}{suffix}") for kind in kinds]
            for layer in range(self.num_layers)
            for suffix in self.suffixes
        ]

    def flatten_parameters(self) -> None:
        """Nothing to do: torch's layers copy their weights together for cuDNN, ours do not need it."""

    def layer(self, data: Tensor, states: States, weights: list[Tensor], sizes: list[int], reverse: bool) -> Any:
        """Run one layer in one direction.

        Shapes:  data (N, D), N = Σ sizes; each state (B, H) -> out (N, H), the final states, each (B, H)
        """
        raise NotImplementedError(f"{type(self).__name__} must say what one layer does")

    def forward(self, input: Tensor | PackedSequence, hx: Any = None) -> Any:
        """Run all layers over a sequence.

        Shapes:  input (T, B, D), with batch_first (B, T, D), unbatched (T, D), or a PackedSequence;
                 hx (layers·directions, B, H), unbatched without B, zeros by default; a tuple of them where the cell
                 has several states -> out as input with directions·H in the last place, final states as hx
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        if isinstance(input, PackedSequence):
            return self._packed(input, hx)
        if not isinstance(input, Tensor):
            raise TypeError(f"input must be a tensor or a PackedSequence, got {type(input).__name__}")
        if input.dim() not in (2, 3):
            raise ValueError(f"input must have 2 or 3 axes (unbatched or batched), got shape {tuple(input.shape)}")
        batched = input.dim() == 3
        x = input.unsqueeze(1) if not batched else input.transpose(0, 1) if self.batch_first else input
        T, B, D = x.shape
        if D != self.input_size:
            raise ValueError(f"input must have input_size={self.input_size} features, got shape {tuple(input.shape)}")
        if T == 0:
            raise ValueError(f"input must have at least one step, got shape {tuple(input.shape)}")
        x = self._typed("input", x)
        states = self._initial(hx, B, x, batched)
        out, finals = self._stack(x.reshape(T * B, D), states, [B] * T)
        out = out.view(T, B, -1)
        if not batched:
            return out.squeeze(1), self._final([state.squeeze(1) for state in finals])
        return out.transpose(0, 1) if self.batch_first else out, self._final(finals)

    def _packed(self, input: PackedSequence, hx: Any) -> Any:
        check_shape("input.data", input.data, ("N", self.input_size))
        data = self._typed("input.data", input.data)
        sizes = input.batch_sizes.tolist()
        states = self._initial(hx, sizes[0], data, True)
        if input.sorted_indices is not None:
            states = tuple(state.index_select(1, input.sorted_indices) for state in states)
        out, finals = self._stack(data, states, sizes)
        if input.unsorted_indices is not None:
            finals = [state.index_select(1, input.unsorted_indices) for state in finals]
        packed = PackedSequence(out, input.batch_sizes, input.sorted_indices, input.unsorted_indices)
        return packed, self._final(finals)

    def _stack(self, data: Tensor, states: States, sizes: list[int]) -> tuple[Tensor, list[Tensor]]:
        finals: list[States] = []
        weights = self.all_weights
        for layer in range(self.num_layers):
            if layer and self.dropout:
                data = nn.functional.dropout(data, self.dropout, self.training)
            outs = []
            for direction in range(self.directions):
                i = layer * self.directions + direction
                out, final = self.layer(data, tuple(s[i] for s in states), list(weights[i]), sizes, direction == 1)
                outs.append(out)
                finals.append(final)
            data = outs[0] if len(outs) == 1 else torch.cat(outs, 1)
        return data, [torch.stack(parts) for parts in zip(*finals, strict=True)]

    def _typed(self, name: str, value: Tensor) -> Tensor:
        dtype = self.weight_hh_l0.dtype
        if value.dtype == dtype:
            return value
        if value.is_floating_point() and torch.is_autocast_enabled(value.device.type):
            return value.to(dtype)  # under autocast the layers before this one may have lowered the precision
        raise TypeError(f"{name} must have the dtype of the weights, {dtype}, got {value.dtype}")

    def _initial(self, hx: Any, B: int, x: Tensor, batched: bool) -> States:
        rows = self.num_layers * self.directions
        if hx is None:
            zeros = x.new_zeros(rows, B, self.hidden_size)
            return (zeros,) * len(self.states)
        given = (hx,) if len(self.states) == 1 else hx
        if not isinstance(given, tuple | list) or len(given) != len(self.states):
            raise TypeError(f"hx must be a tuple of {len(self.states)} tensors, got {type(hx).__name__}")
        shape = (rows, B, self.hidden_size) if batched else (rows, self.hidden_size)
        for state in given:
            if not isinstance(state, Tensor):
                raise TypeError(f"hx must be a tensor, got {type(state).__name__}")
            check_shape("hx", state, shape)
        return tuple(self._typed("hx", s if batched else s.unsqueeze(1)) for s in given)

    def _final(self, states: list[Tensor]) -> Any:
        return states[0] if len(states) == 1 else tuple(states)

    def extra_repr(self) -> str:
        """The constructor's arguments that differ from their defaults, as torch prints them."""
        parts = [f"{self.input_size}, {self.hidden_size}"]
        defaults = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        parts += [f"{n}={getattr(self, n)}" for n, default in defaults.items() if getattr(self, n) != default]
        return ", ".join(parts)
