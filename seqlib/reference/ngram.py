"""The window predictor: count what followed each run of n - 1 symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_number

__all__ = ["NGram", "fit", "predict"]

START = -1  # stands for the positions before a sequence begins


class Counts(Mapping[tuple[int, ...], np.ndarray]):
    """How often each symbol followed each context: `counts[context]` (V,). Only what occurred takes memory."""

    def __init__(self, V: int) -> None:
        self.V = V
        self._seen: dict[tuple[int, ...], dict[int, int]] = {}

    def add(self, context: tuple[int, ...], symbol: int) -> None:
        """Count one more `symbol` after `context`."""
        after = self._seen.setdefault(context, {})
        after[symbol] = after.get(symbol, 0) + 1

    def __getitem__(self, context: tuple[int, ...]) -> np.ndarray:
        after = self._seen[context]
        found = np.zeros(self.V)
        found[list(after)] = list(after.values())
        return found

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)


class NGram(NamedTuple):
    """An n-gram model: how often each symbol followed each context of n - 1 symbols.

    Raises:  see `fit`
    """

    n: int
    V: int
    alpha: float
    counts: Mapping[tuple[int, ...], np.ndarray]

    def log_probs(self, context: Sequence[int] | np.ndarray) -> np.ndarray:
        """The logarithm of the distribution of the next symbol, after a context of any length.

            P(v | context) = (count(context, v) + α) / (Σ_u count(context, u) + α V)

        Only the last n - 1 symbols of the context are seen. A context that never occurred gives 1/V to each symbol.

        Shapes:  context (T,) ids -> (V,)
        Raises:  TypeError or ValueError naming the argument
        Source:  Laplace's rule of succession for α = 1
        """
        ids = check_ids("context", context, self.V, ("T",))
        counts = self.counts.get(_window(ids, self.n), np.zeros(self.V))
        total = counts.sum() + self.alpha * self.V
        if total == 0:
            return np.full(self.V, -np.log(self.V))
        with np.errstate(divide="ignore"):
            return np.log((counts + self.alpha) / total)


def fit(sequences: Sequence[Sequence[int]] | np.ndarray, n: int, V: int, *, alpha: float = 1.0) -> NGram:
    """Count all runs of n symbols.

    Shapes:  sequences of ids, of any lengths -> NGram
    Raises:  TypeError or ValueError naming the argument
    Source:  Shannon 1948, section 3
    Differs: the beginning of a sequence is a symbol of its own in the context
    Book:    chapters/01_sequences
    """
    n, V = check_integer("n", n, low=1), check_integer("V", V, low=1)
    alpha = check_number("alpha", alpha, low=0)
    if not hasattr(sequences, "__len__") or not hasattr(sequences, "__getitem__"):
        raise TypeError(f"sequences must be a list of sequences of ids, got {type(sequences).__name__}")
    counts = Counts(V)
    for i, sequence in enumerate(sequences):
        ids = check_ids(f"sequences[{i}]", sequence, V, ("T",))
        for t, symbol in enumerate(ids):
            counts.add(_window(ids[:t], n), int(symbol))
    return NGram(n, V, alpha, counts)


def predict(model: NGram, ids: np.ndarray) -> np.ndarray:
    """The log-probabilities of the next symbol at every position, each from the symbols up to and with it.

    Shapes:  ids (B, T) -> (B, T, V)
    Raises:  TypeError or ValueError naming the argument
    """
    ids = check_ids("ids", ids, model.V, ("B", "T"))
    out = np.empty((*ids.shape, model.V))
    for b, row in enumerate(ids):
        for t in range(len(row)):
            out[b, t] = model.log_probs(row[: t + 1])
    return out


def _window(ids: np.ndarray, n: int) -> tuple[int, ...]:
    """The last n - 1 ids, filled up at the front with START."""
    seen = tuple(int(i) for i in ids[max(0, len(ids) - n + 1) :]) if n > 1 else ()
    return (START,) * (n - 1 - len(seen)) + seen
