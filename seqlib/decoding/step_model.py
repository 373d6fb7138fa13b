"""What a decoder asks of a model, and how it asks: one step, the rows of a state, a prompt."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from seqlib.arguments import check_ids, check_mask

__all__ = ["StepModel", "array", "attention", "check_model", "check_prompts", "read", "select", "selected", "step"]


class StepModel(Protocol):
    """What a decoder needs of a model."""

    def step(self, tokens: Any, state: Any) -> tuple[Any, Any]:
        """Read one symbol of each sequence, score the next: tokens (N,), state -> logits (N, V), state."""


def select(state: Any, rows: Any, size: int | None = None) -> Any:
    """The rows of a state that is made of arrays, along their first axis: to repeat, drop or reorder sequences.

    Tuples, NamedTuples, lists and dictionaries are gone through. None, numbers and arrays without axes are the same for
    every sequence and stay as they are. With `size`, every first axis must have that length: a state whose sequences
    lie along another axis is found out, and its model needs a `select` of its own.

    Shapes:  arrays (N, …), rows (M,) -> arrays (M, …)
    Raises:  TypeError naming what is in the state and cannot be selected; ValueError for an axis of another length
    """
    if state is None or isinstance(state, int | float | str):
        return state
    if isinstance(state, dict):
        return {key: select(value, rows, size) for key, value in state.items()}
    if isinstance(state, tuple | list):
        chosen = [select(value, rows, size) for value in state]
        return type(state)(*chosen) if hasattr(state, "_fields") else type(state)(chosen)
    if not hasattr(state, "shape"):
        raise TypeError(f"state must be made of arrays, tuples, lists and dictionaries, got {type(state).__name__}")
    if len(state.shape) == 0:
        return state
    if size is not None and state.shape[0] != size:
        raise ValueError(
            f"state must have its {size} sequences along the first axis of every array, got shape "
            f"{tuple(state.shape)}: give the model a method select(state, rows)"
        )
    return state[rows]


def check_model(model: Any) -> None:
    """TypeError unless the model has a method `step`."""
    if not callable(getattr(model, "step", None)):
        raise TypeError(f"model must have a method step(tokens, state), got {type(model).__name__}")


def check_prompts(prompt: Any) -> list[np.ndarray]:
    """One prompt (T,) or several, as a list of them."""
    several = hasattr(prompt, "__len__") and len(prompt) > 0 and np.ndim(prompt[0]) > 0
    names = [f"prompt[{i}]" for i in range(len(prompt))] if several else ["prompt"]
    prompts = [
        check_ids(name, p, 2**31, ("T",)) for name, p in zip(names, prompt if several else [prompt], strict=True)
    ]
    for name, ids in zip(names, prompts, strict=True):
        if not len(ids):
            raise ValueError(f"{name} must have at least one id for the model to read, such as BOS, got none")
    return prompts


def step(model: Any, tokens: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
    """One step of a model, with its answer checked; the logits in float64.

    Raises:  TypeError or ValueError naming what the model answered
    """
    return _answer(model.step(tokens, state), len(tokens))


def read(model: Any, ids: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
    """The prompts (N, T), read at once where the model can do that, else step by step."""
    if callable(getattr(model, "prefill", None)):
        return _answer(model.prefill(ids, state), len(ids))
    for tokens in ids.T:
        logits, state = step(model, tokens, state)
    return logits, state


def selected(model: Any, state: Any, rows: np.ndarray, size: int) -> Any:
    """The state of these sequences, by the model's own `select` if it has one."""
    if np.array_equal(rows, np.arange(size)):
        return state
    own = getattr(model, "select", None)
    return own(state, rows) if callable(own) else select(state, rows, size)


def attention(model: Any, state: Any, N: int) -> tuple[np.ndarray, np.ndarray]:
    """What the symbols to come look at, weights (N, S), and which of the S positions of the source are real (N, S).

    A model answers `attention(state)` with the weights from which the logits beside that state were made; or with a
    pair, weights and a boolean mask (True = real), where sources are padded. Without a mask all positions are real.

    Raises:  ValueError if the model has no method `attention`, or answers with what cannot be weights; TypeError
    """
    if not callable(getattr(model, "attention", None)):
        raise ValueError(
            "coverage must be 0 for a model without attention: it needs a method attention(state) that answers with "
            f"weights (N, S), and {type(model).__name__} has none"
        )
    answer = model.attention(state)
    weights, mask = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, None)
    weights = array("weights", weights)
    if weights.ndim != 2 or len(weights) != N:
        raise ValueError(f"model.attention must answer with weights ({N}, S), a row per sequence, got {weights.shape}")
    if mask is not None and hasattr(mask, "detach"):
        mask = mask.detach().cpu()
    real = np.ones(weights.shape, dtype=bool) if mask is None else check_mask("mask", mask, weights.shape)
    if not (weights[real] >= 0).all():
        raise ValueError("model.attention must answer with weights that are at least 0, but one is not")
    return weights, real


def array(name: str, value: Any) -> np.ndarray:
    """Real numbers in float64, off their graph and device."""
    if hasattr(value, "detach"):  # a tensor of torch; NumPy does not know all short ones, such as bfloat16
        value = value.detach().cpu()
        value = (value.float() if value.dtype.itemsize < 4 else value).numpy()
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers, got dtype {numbers.dtype}")
    return numbers.astype(np.float64)


def _answer(answer: Any, N: int) -> tuple[np.ndarray, Any]:
    """What a model answered, if it is logits (N, V) and a state; the logits in float64."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TypeError(f"model.step must answer with a pair, logits and state, got {type(answer).__name__}")
    logits, state = array("logits", answer[0]), answer[1]
    if logits.ndim != 2 or len(logits) != N or not logits.shape[1]:
        raise ValueError(f"model.step must answer with logits ({N}, V), a row for each sequence, got {logits.shape}")
    return logits, state
