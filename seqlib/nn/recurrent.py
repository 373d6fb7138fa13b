"""What all recurrent layers share: stacking, directions, layouts, packing, dropout, parameters. Written once.

A cell is a file with a subclass of `Recurrent` that says five things (`seqlib.nn.rnn` is the pattern):

    gates        how many blocks of H rows its weights have (RNN 1, GRU 3, LSTM 4)
    states       the names of its states, the output first (RNN, GRU ("h",); LSTM ("h", "c"))
    loop()       its formula in a plain loop over the steps, differentiated by autograd
    walk()       the same numbers as fast as they can be had, without a graph
    walk_back()  the derived backward pass, from what the walk kept

How to add one is written in CONTRIBUTING.md, *Add a cell*: the laws of tests/nn then hold it to torch.nn.

Its constructor, parameters, `state_dict`, layouts, packed sequences, directions, layers and dropout are those below;
second derivatives, transforms, autocast and writes into the results are the affair of `seqlib.nn.derived`, which also
says what the three functions are given. A cell with other parameters overrides `shapes`, one whose states differ in
width `widths`, and one that walks in both directions at once `layer`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqlib.arguments import check_choice, check_integer, check_number, check_shape
from seqlib.nn.derived import Inputs, Outputs, full_precision, run
from seqlib.nn.steps import Steps

__all__ = ["Recurrent"]

States = tuple[Tensor, ...]


class Recurrent(nn.Module):
    """Base of the recurrent layers, with the constructor, `state_dict` and layouts of torch.nn's.

    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Differs: `gradient="derived"` runs the backward pass of the book in one autograd.Function per layer and direction,
             `gradient="autograd"` the plain loop, as does a single step without a gradient: the last digits may differ
             from those of the same step within a sequence. Under autocast results keep the dtype of the weights. What
             torch.jit.trace, torch.export and with it torch.onnx.export make holds for any batch and for the number of
             steps it was made with, others are errors; torch.jit.script is not taken, and torch.fx.symbolic_trace and
             isinstance do not take the layer for a torch.nn.RNNBase: name it a leaf
    """

    gates: int
    states: tuple[str, ...]
    weight_hh_l0: nn.Parameter

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
        gradient: str = "derived",
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
        self.gradient = check_choice("gradient", gradient, ("derived", "autograd"))
        if self.dropout and num_layers == 1:
            kinds = type(self).mro()
            constructors = sum("__init__" in vars(kind) for kind in kinds[: kinds.index(Recurrent)])
            warnings.warn(
                f"dropout={dropout} acts between layers, and with num_layers=1 there is no between",
                stacklevel=2 + constructors,  # the line that builds the layer
            )
        self._names: list[list[str]] = []  # of the parameters, by layer and direction
        for layer in range(num_layers):
            width = input_size if layer == 0 else self.widths[0] * self.directions
            for suffix in self.suffixes:
                shapes = {f"{kind}_l{layer}{suffix}": shape for kind, shape in self.shapes(width).items()}
                for name, shape in shapes.items():
                    self.register_parameter(name, nn.Parameter(torch.empty(shape, device=device, dtype=dtype)))
                self._names.append([*shapes])
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
    def mode(self) -> str:
        """torch's name of the layer."""
        return type(self).__name__

    @property
    def widths(self) -> tuple[int, ...]:
        """How many numbers each state holds, as `states` lists them; the first is that of the output."""
        return (self.hidden_size,) * len(self.states)

    def shapes(self, width: int) -> dict[str, tuple[int, ...]]:
        """The kinds of parameters of a layer that reads vectors of `width` numbers, in torch's order."""
        rows = self.gates * self.hidden_size
        biases = {"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {}
        return {"weight_ih": (rows, width), "weight_hh": (rows, self.widths[0]), **biases}

    @property
    def all_weights(self) -> list[list[nn.Parameter]]:
        """The parameters of each layer and direction, as torch.nn.RNNBase lists them."""
        return [[getattr(self, name) for name in names] for names in self._names]

    def flatten_parameters(self) -> None:
        """Nothing to do: torch's layers copy their weights together for cuDNN, ours do not need it."""

    def layer(
        self, data: Tensor, initial: list[States], weights: list[tuple[Any, ...]], walks: list[Steps]
    ) -> tuple[Tensor, list[States]]:
        """Run one layer, its directions one after the other: of each its initial states, weights and steps.

        Shapes:  data (N, D), N = Σ steps.sizes; each initial state (B, H) -> out (N, directions·H), the final states
        """
        given = zip(walks, initial, weights, strict=True)
        results = [run(self, steps, Inputs(data, states, w), self.gradient) for steps, states, w in given]
        out = results[0].out if len(results) == 1 else torch.cat([result.out for result in results], 1)
        return out, [result.finals for result in results]

    def loop(self, steps: Steps, inputs: Inputs) -> Outputs:
        """The cell's formula in a plain loop: see `seqlib.nn.derived.Cell`, also for the next two."""
        raise NotImplementedError(f"{type(self).__name__} must say what its loop is")

    def walk(self, steps: Steps, inputs: Inputs) -> tuple[Outputs, Any]:
        """The numbers of `loop` without a graph, and what the walk back wants kept."""
        raise NotImplementedError(f"{type(self).__name__} must say what its walk is, or be given gradient='autograd'")

    def walk_back(
        self, steps: Steps, inputs: Inputs, out: Tensor, kept: Any, cotangents: Outputs, needed: Inputs
    ) -> Inputs:
        """The derived gradients."""
        raise NotImplementedError(f"{type(self).__name__} must say what its walk back is")

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
        out = out.view(T, B, self.directions * self.widths[0])
        if not batched:
            return out.squeeze(1), self._final([state.squeeze(1) for state in finals])
        return out.transpose(0, 1) if self.batch_first else out, self._final(finals)

    def _packed(self, input: PackedSequence, hx: Any) -> Any:
        check_shape("input.data", input.data, ("N", self.input_size))
        data = self._typed("input.data", input.data)
        if input.batch_sizes.dtype != torch.int64:
            raise TypeError(f"input.batch_sizes must hold 64-bit integers, got dtype {input.batch_sizes.dtype}")
        sizes = input.batch_sizes.tolist()
        if sum(sizes) != len(data) or sorted(sizes, reverse=True) != sizes or sizes[-1] < 1:
            raise ValueError(f"input.batch_sizes must fall, be positive and add up to {len(data)} rows, got {sizes}")
        for name in ("sorted_indices", "unsorted_indices"):
            if getattr(input, name) is not None:
                check_shape(f"input.{name}", getattr(input, name), (sizes[0],))
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
        weights = [tuple(row) if self.bias else (*row[:2], None, None, *row[2:]) for row in self.all_weights]
        rows, finals = list(zip(*(state.unbind() for state in states), strict=True)), []
        with full_precision(data):
            for layer in range(self.num_layers):
                if layer and self.dropout:
                    data = nn.functional.dropout(data, self.dropout, self.training)
                these = slice(layer * self.directions, (layer + 1) * self.directions)
                data, ends = self.layer(data, rows[these], weights[these], walks)
                finals += ends
        return data, [torch.stack(parts) for parts in zip(*finals, strict=True)]

    def _typed(self, name: str, value: Tensor) -> Tensor:
        weight = self.weight_hh_l0
        if not weight.is_floating_point():  # conjugates would be needed in the walk back
            raise TypeError(f"the weights must be real, got dtype {weight.dtype}")
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
            return tuple(x.new_zeros(rows, B, width) for width in self.widths)
        given = (hx,) if len(self.states) == 1 else hx
        if not isinstance(given, tuple | list) or len(given) != len(self.states):
            raise TypeError(f"hx must be a tuple of {len(self.states)} tensors, got {type(hx).__name__}")
        for state, width in zip(given, self.widths, strict=True):
            if not isinstance(state, Tensor):
                raise TypeError(f"hx must be a tensor, got {type(state).__name__}")
            check_shape("hx", state, (rows, B, width) if batched else (rows, width))
        return tuple(self._typed("hx", s if batched else s.unsqueeze(1)) for s in given)

    def _final(self, states: list[Tensor]) -> Any:
        return states[0] if len(states) == 1 else tuple(states)

    def extra_repr(self) -> str:
        """The constructor's arguments that differ from their defaults, as torch prints them."""
        parts = [f"{self.input_size}, {self.hidden_size}"]
        defaults = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        parts += [f"{n}={getattr(self, n)}" for n, default in defaults.items() if getattr(self, n) != default]
        return ", ".join(parts)
