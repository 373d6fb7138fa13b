"""The state of a model on its way from one batch to the next, where batches continue each other."""

from __future__ import annotations

import contextlib
import inspect
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.batching import Batch, Chunks
from seqlib.training.objective import Loss

__all__ = ["Carry"]


class Carry:
    """The state after the last batch of a run, for data that is `Chunks`; for other data it does nothing.

        out_i, h_i = model(*inputs_i, state=h_{i-1})      and in the gradient of batch i, h_{i-1} is a constant

    A loss calls the model as it always does, model(*batch.inputs). Here the model gets the state besides, and from its
    answer, (out, state), the new state is kept, off its graph: backpropagation through time is truncated at each batch.
    Where a loss calls the model more than once, each call that gives no state of its own begins with the same state,
    and that after the last call is kept.

    Shapes:  every tensor of a state (layers, B, …), as torch's recurrent layers have it
    Raises:  TypeError or ValueError naming model, what it is and what is needed
    Source:  Williams & Peng 1990, BPTT(h; h') with h = h'
    """

    def __init__(self, data: Any) -> None:
        self.starts = torch.from_numpy(data.starts) if isinstance(data, Chunks) else None
        self.state: Any = None

    def over(self, loss: Loss, first: int) -> Loss:
        """The loss for the batches first, first + 1, … in turn, with the state handed on from each to the next."""
        starts = self.starts
        if starts is None:
            return loss
        numbers = itertools.count(first)

        def continued(model: nn.Module, batch: Batch) -> Tensor:
            start = starts[next(numbers) % len(starts)].to(batch.mask.device)
            with self._passed(model, _begun(self.state, start)):
                return loss(model, batch)

        return continued

    def saved(self) -> Any:
        """The state in the form of plain data, which `torch.load` takes.

        Raises:  TypeError naming state if it is made of other things
        """
        for part in _parts(self.state):
            if type(part) not in (Tensor, int, float, bool, str, type(None)):
                raise TypeError(
                    f"state must be made of tensors, tuples, lists and dictionaries to be saved with a checkpoint, got "
                    f"{type(part).__name__}"
                )
        return self.state

    @contextlib.contextmanager
    def _passed(self, model: nn.Module, state: Any) -> Iterator[None]:
        """Calls of the model begin with the state, unless they give one; the state after the last is kept."""
        _check_takes_state(model)
        answers: list[Any] = []

        def give(module: nn.Module, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            return args, kwargs if state is None else {"state": state} | kwargs

        def keep(module: nn.Module, args: Any, answer: Any) -> None:
            answers[:] = [answer]

        hooks = model.register_forward_pre_hook(give, with_kwargs=True), model.register_forward_hook(keep)
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()
        if not answers:
            raise ValueError("loss must call the model itself, model(*batch.inputs), for its state to be carried on")
        if not (isinstance(answers[0], tuple) and len(answers[0]) >= 2):
            raise TypeError(f"model must answer with a tuple, (out, state), got {type(answers[0]).__name__}: {NEEDED}")
        self.state = _mapped(Tensor.detach, answers[0][1])


NEEDED = "batches that continue each other hand a state on"


def _check_takes_state(model: nn.Module) -> None:
    known = inspect.signature(model.forward).parameters
    if "state" not in known and not any(p.kind is p.VAR_KEYWORD for p in known.values()):
        raise TypeError(f"model must take a state, model(x, state=…), but {type(model).__name__} does not: {NEEDED}")


def _begun(state: Any, start: Tensor) -> Any:
    """The state, but for rows that begin: zeros there, and None where all do, which is any model's own beginning."""
    if bool(start.all()):
        return None

    def restarted(part: Tensor) -> Tensor:
        if part.ndim < 2 or part.shape[1] != len(start):
            raise ValueError(
                f"state must be made of tensors (layers, {len(start)}, …) for single rows to begin anew, got shape "
                f"{tuple(part.shape)}: let all rows of a batch begin together"
            )
        return part.masked_fill(start.view(1, -1, *[1] * (part.ndim - 2)), 0)

    return _mapped(restarted, state) if bool(start.any()) else state


def _mapped(change: Callable[[Tensor], Tensor], state: Any) -> Any:
    """A state with every tensor changed."""
    if isinstance(state, Tensor):
        return change(state)
    if isinstance(state, dict):
        return {key: _mapped(change, part) for key, part in state.items()}
    if isinstance(state, tuple | list):
        parts = [_mapped(change, part) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else type(state)(parts)
    return state


def _parts(state: Any) -> Iterator[Any]:
    """What a state is made of, below its tuples, lists and dictionaries."""
    if type(state) in (tuple, list, dict):
        for part in state.values() if isinstance(state, dict) else state:
            yield from _parts(part)
    else:
        yield state
