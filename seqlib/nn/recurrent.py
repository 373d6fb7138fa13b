"""What all recurrent layers share: stacking, directions, layouts, packing, dropout, parameters. Written once.

A cell is a subclass of `Recurrent` that says three things:

    gates    how many blocks of H rows its weights have (RNN 1, GRU 3, LSTM 4)
    states   the names of its states, the output first (RNN, GRU ("h",); LSTM ("h", "c"))
    layer()  one layer in one direction over the whole sequence

So the LSTM is a file of one formula:

    class LSTM(Recurrent):
        gates, states = 4, ("h", "c")

        def layer(self, data, initial, weights, steps):
            outs, cells = [data] * len(steps.sizes), [data] * len(steps.sizes)
            h, c = h_0, c_0 = initial
            for t in steps.order:
                h, c = (steps.carry(s, t, s_0) for s, s_0 in ((h, h_0), (c, c_0)))
                h, c = outs[t], cells[t] = lstm_step(steps.split(data)[t], h, c, weights)
            out = torch.cat(outs)
            return out, (steps.last(out), steps.last(torch.cat(cells)))

Its constructor, parameters, `state_dict`, layouts, packed sequences, directions, layers and dropout are those below.
The fast rung is an autograd.Function with the derived backward pass, on the same walk: see `seqlib.nn.rnn`.
"""

from __future__ import annotations

import math
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqlib.arguments import check_choice, check_integer, check_number, check_shape

__all__ = ["Recurrent", "Steps", "full_precision"]

States = tuple[Tensor, ...]


class Steps:
    """The steps of packed sequences, as one direction walks over them.

    Sequences are in torch's packed form: the rows of step 0, then those of step 1, …, with sequences sorted by falling
    length, so that the rows of step t are the first `sizes[t]` sequences. An unpacked batch is the case in which all
    sizes are equal. `order` is the order of the walk; the backward pass walks in `reversed(order)`.
    """

    def __init__(self, sizes: list[int], reverse: bool = False) -> None:
        self.sizes, self.reverse = sizes, reverse
        self.order = range(len(sizes))[::-1] if reverse else range(len(sizes))
        self.uniform = sizes[0] == sizes[-1]

    def split(self, rows: Tensor) -> tuple[Tensor, ...]:
        """The rows of each step, as views."""
        return rows.split_with_sizes(self.sizes)

    def carry(self, state: Tensor, t: int, begin: Tensor) -> Tensor:
        """A state with one row for each sequence that has step t: those that are over are left out, those that only
        now begin take their row of `begin`. It serves forward with h_0 and, in reversed order, backward with dh_n.
        """
        have, need = state.shape[0], self.sizes[t]
        if have == need:
            return state
        return state[:need] if need < have else torch.cat([state, begin[have:need]])

    def first(self, rows: Tensor) -> Tensor:
        """Of each sequence the row of the step at which the walk begins, (B, …)."""
        return self._ends(rows) if self.reverse else rows[: self.sizes[0]]

    def last(self, rows: Tensor) -> Tensor:
        """Of each sequence the row of the step at which the walk ends, (B, …), as a copy."""
        return rows[: self.sizes[0]].clone() if self.reverse else self._ends(rows)

    def state_product(self, da: Tensor, out: Tensor, h_0: Tensor) -> Tensor:
        """The gradient by the recurrent weights, dW_hh = Σ_t da_t h_{t-1}ᵀ, as one matrix product.

        Shapes:  da (N, gates·H); out (N, H), the states h_t; h_0 (B, H) -> (gates·H, H)
        """
        if self.uniform:  # the states before the steps are the states after them, shifted: no copy
            B = self.sizes[0]
            cut, end = B * (len(self.sizes) - 1), B * len(self.sizes)
            first, later, before = (
                (slice(cut, end), slice(cut), slice(B, end)) if self.reverse else (slice(B), slice(B, end), slice(cut))
            )
            return torch.addmm(da[first].t() @ h_0, da[later].t(), out[before])
        outs, before_rows = self.split(out), [h_0] * len(self.sizes)
        h = h_0
        for t in self.order:
            before_rows[t] = self.carry(h, t, h_0)
            h = outs[t]
        return da.t() @ torch.cat(before_rows)

    def _ends(self, rows: Tensor) -> Tensor:
        if self.uniform:
            return rows[len(rows) - self.sizes[0] :].clone()
        after = [*self.sizes[1:], 0]  # the sequences that have no step t + 1 end at step t; the longest come first
        parts = zip(self.split(rows), self.sizes, after, strict=True)
        return torch.cat([part[n:] for part, size, n in parts if n < size][::-1])


def full_precision(tensor: Tensor) -> AbstractContextManager[None]:
    """Under autocast: compute in the dtype of the weights all the same, for a recurrence adds up its rounding."""
    kind = tensor.device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return nullcontext()


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
        if dtype is not None and not (isinstance(dtype, torch.dtype) and dtype.is_floating_point):
            raise TypeError(f"dtype must be a floating-point torch.dtype, got {dtype}")
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
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (width,), "weight_hh": (hidden_size,)}
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

    def layer(self, data: Tensor, initial: States, weights: list[nn.Parameter], steps: Steps) -> tuple[Tensor, States]:
        """Run one layer in one direction.

        Shapes:  data (N, D), N = Σ steps.sizes; each initial state (B, H) -> out (N, H), the final states, each (B, H)
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
        if self.input_size != D:
            raise ValueError(f"input must have input_size={self.input_size} features, got shape {tuple(input.shape)}")
        if T == 0:
            raise ValueError(f"input must have at least one step, got shape {tuple(input.shape)}")
        x = self._typed("input", x)
        states = self._initial(hx, B, x, batched)
        out, finals = self._stack(x.reshape(T * B, D), states, [B] * T)
        out = out.view(T, B, self.directions * self.hidden_size)
        if not batched:
            return out.squeeze(1), self._final([state.squeeze(1) for state in finals])
        return out.transpose(0, 1) if self.batch_first else out, self._final(finals)

    def _packed(self, input: PackedSequence, hx: Any) -> Any:
        check_shape("input.data", input.data, ("N", self.input_size))
        data = self._typed("input.data", input.data)
        sizes = input.batch_sizes.tolist()
        if sum(sizes) != len(data) or sorted(sizes, reverse=True) != sizes or sizes[-1] < 1:
            raise ValueError(f"input.batch_sizes must fall, be positive and add up to {len(data)} rows, got {sizes}")
        states = self._initial(hx, sizes[0], data, True)
        if input.sorted_indices is not None:
            states = tuple(state.index_select(1, input.sorted_indices) for state in states)
        out, finals = self._stack(data, states, sizes)
        if input.unsorted_indices is not None:
            finals = [state.index_select(1, input.unsorted_indices) for state in finals]
        packed = PackedSequence(out, input.batch_sizes, input.sorted_indices, input.unsorted_indices)
        return packed, self._final(finals)

    def _stack(self, data: Tensor, states: States, sizes: list[int]) -> tuple[Tensor, list[Tensor]]:
        walks = [Steps(sizes, reverse) for reverse in (False, True)[: self.directions]]
        weights, finals = iter(self.all_weights), []
        rows = zip(*(state.unbind() for state in states), strict=True)
        with full_precision(data):
            for layer in range(self.num_layers):
                if layer and self.dropout:
                    data = nn.functional.dropout(data, self.dropout, self.training)
                results = [self.layer(data, next(rows), next(weights), steps) for steps in walks]
                data = torch.cat([out for out, _ in results], 1) if self.bidirectional else results[0][0]
                finals += [final for _, final in results]
        return data, [torch.stack(parts) for parts in zip(*finals, strict=True)]

    def _typed(self, name: str, value: Tensor) -> Tensor:
        weight = self.all_weights[0][1]
        if value.device != weight.device:
            raise ValueError(f"{name} must be on the device of the weights, {weight.device}, got {value.device}")
        if value.dtype == weight.dtype:
            return value
        if value.is_floating_point() and torch.is_autocast_enabled(value.device.type):
            return value.to(weight.dtype)  # under autocast the layers before this one may have lowered the precision
        raise TypeError(f"{name} must have the dtype of the weights, {weight.dtype}, got {value.dtype}")

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
