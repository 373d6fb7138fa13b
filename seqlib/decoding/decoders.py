"""Greedy decoding and sampling: one loop, two ways to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer
from seqlib.decoding.distribution import check_settings, distribution, draw, log_prob, log_softmax
from seqlib.decoding.step_model import StepModel, check_model, check_prompts, read, selected, step
from seqlib.text import PAD

__all__ = ["Decoded", "greedy", "sample"]


class Decoded(NamedTuple):
    """Sequences that were decoded: the new symbols alone, without their prompts.

    ids (N, L), log_probs (N, L) of each symbol, by the model itself: the log-softmax of its logits in float64, whatever
    temperature, top_k and top_p made of it; lengths (N,), that of `eos` included where it came; ended (N,), whether it
    did. Behind its length a row has PAD, and log-probability 0.
    """

    ids: np.ndarray
    log_probs: np.ndarray
    lengths: np.ndarray
    ended: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        """The log-probability of every sequence, after its prompt: Σ_t log p(y_t | prompt, y_1 … y_{t-1})  (N,)."""
        return np.asarray(self.log_probs.sum(1))

    @property
    def sequences(self) -> list[np.ndarray]:
        """The sequences, each as long as it is."""
        return [row[:length] for row, length in zip(self.ids, self.lengths, strict=True)]


def greedy(model: StepModel, prompt: Any, *, max_length: int, eos: int | None = None, state: Any = None) -> Decoded:
    """Always the most probable next symbol; of several, the one with the lowest id.

        y_t = argmax_v p(v | prompt, y_1 … y_{t-1})

    This is not the most probable sequence. `prompt`, `max_length`, `eos` and `state` are those of `sample`.

    Shapes:  a prompt (T,), or N of them -> Decoded of 1 or N sequences
    Raises:  TypeError or ValueError naming the argument, or what the model answered
    Book:    chapters/10_language_models
    """

    def most_probable(logits: np.ndarray, of: np.ndarray, N: int) -> tuple[np.ndarray, np.ndarray]:
        ids = logits.argmax(1)
        return ids, log_prob("logits", logits, ids)

    return _decode(model, prompt, 1, max_length, eos, state, most_probable)


def sample(
    model: StepModel,
    prompt: Any,
    *,
    rng: np.random.Generator,
    max_length: int,
    n: int = 1,
    eos: int | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    state: Any = None,
) -> Decoded:
    """Ancestral sampling: every symbol is drawn from the distribution after those before it.

        y_t ~ q(· | prompt, y_1 … y_{t-1}),   q = distribution(log p, temperature, top_k, top_p)

    `prompt`: ids that are read first, at least one (BOS, where there is nothing else to say); or several prompts, which
    need not be equally long. `n` sequences are drawn for each: n for the first, then n for the second, and so on.
    `max_length`: at most so many new symbols, so that a model without an end ends.
    `eos`: the id after which a sequence is not extended. An `eos` in a prompt is read like any other symbol.
    `state`: what the model knows before the prompt, a row for each prompt; None by default.
    Every step draws one number for every sequence, ended or not, so none changes with the fate of another.

    Shapes:  a prompt (T,), or N of them -> Decoded of n or N·n sequences
    Raises:  TypeError or ValueError naming the argument, or what the model answered
    Source:  Fan, Lewis & Dauphin 2018 (top-k); Holtzman et al. 2020 (top-p)
    Book:    chapters/10_language_models
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    settings = check_settings(temperature, top_k, top_p)

    def drawn(logits: np.ndarray, of: np.ndarray, N: int) -> tuple[np.ndarray, np.ndarray]:
        log_probs = log_softmax("logits", logits)
        ids = draw(distribution(log_probs, *settings), rng.random(N)[of])
        return ids, log_probs[np.arange(len(ids)), ids]

    return _decode(model, prompt, check_integer("n", n, low=0), max_length, eos, state, drawn)


Choice = Callable[[np.ndarray, np.ndarray, int], tuple[np.ndarray, np.ndarray]]


def _decode(
    model: StepModel, prompt: Any, n: int, max_length: int, eos: int | None, state: Any, choose: Choice
) -> Decoded:
    """The loop of both: choose(logits of some sequences, which they are, of how many) -> ids, log-probabilities."""
    prompts = check_prompts(prompt)
    max_length = check_integer("max_length", max_length, low=0)
    eos = None if eos is None else check_integer("eos", eos, low=0)
    check_model(model)
    owner = np.repeat(np.arange(len(prompts)), n)  # whose prompt a sequence continues
    N, common = len(owner), min(map(len, prompts))
    left = np.array([len(prompt) - common for prompt in prompts])[owner]  # of the prompt, to be read on the way
    lengths, ended = np.zeros(N, dtype=np.int64), np.zeros(N, dtype=bool)
    columns: list[tuple[np.ndarray, np.ndarray]] = []
    active = np.arange(N if max_length else 0)
    if len(active):
        logits, state = read(model, np.stack([prompt[:common] for prompt in prompts]), state)
        logits, state = logits[owner], selected(model, state, owner, len(prompts))
    while len(active):
        t = len(columns)
        tokens, log_probs = np.full(N, PAD), np.zeros(N)
        free = t >= left[active]
        for i in active[~free]:
            tokens[i] = prompts[owner[i]][common + t]
        new = active[free]
        tokens[new], log_probs[new] = choose(logits[free], new, N)
        columns.append((tokens, log_probs))
        lengths[new] += 1
        if eos is not None:
            ended[new] = tokens[new] == eos
        goes_on = ~ended[active] & (lengths[active] < max_length)
        if not goes_on.all():
            state = selected(model, state, np.flatnonzero(goes_on), len(active))
            active = active[goes_on]
        if len(active):
            logits, state = step(model, tokens[active], state)
    width = int(lengths.max(initial=0))
    real = np.arange(width) < lengths[:, None]
    at = np.where(real, left[:, None] + np.arange(width), 0), np.arange(N)[:, None]
    columns = columns or [(np.full(N, PAD), np.zeros(N))]
    ids, scores = (np.stack(parts)[at] for parts in zip(*columns, strict=True))
    return Decoded(np.where(real, ids, PAD), np.where(real, scores, 0.0), lengths, ended)
