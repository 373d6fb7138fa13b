"""Interpolated Kneser–Ney: an n-gram of any order that backs off to how many contexts a symbol has been seen in.

All counts of a model lie in sorted arrays. A context is a node of a tree: its children are the contexts that are one
symbol longer, at the older end. Node 0 is the empty context. A pair (node, symbol) is the integer node · V + symbol, so
that a search for it in a sorted array finds the child, or what is known of the symbol after that context.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_ids, check_integer, real_array

__all__ = ["KneserNey", "Online", "fit"]


class KneserNey(NamedTuple):
    """An interpolated Kneser–Ney model of the next symbol, made by `fit`.

        P_k(w | h) = (max(a(hw) - D_k, 0) + D_k N(h) P_{k-1}(w | h')) / Σ_v a(hv),     P_0(w) = 1/V

    h is a context of k - 1 symbols, h' the same without its oldest. If k is the order of the model, a(hw) is how often
    hw occurred; for a smaller k it is how many different symbols stood before hw, its continuation count. N(h) is the
    number of different symbols w with a(hw) > 0. If all a(hw) are 0, P_k is P_{k-1}. With modified discounts D_k
    depends on a(hw): D_k1 at 1, D_k2 at 2, D_k3 from 3 on.

    contexts, grams  the pairs (node, older symbol) that lead to node 1, 2, …; the pairs (node, next symbol)  sorted
    counts           a, for each of the grams
    totals, types    of each node: Σ_v a(hv); how many a(hv) are 1, are 2, are more  (…), (…, 3)
    discounts        D_k1, D_k2, D_k3 for k = 1 … order  (order, 3)

    Raises:  see `fit`
    """

    order: int
    V: int
    contexts: np.ndarray
    grams: np.ndarray
    counts: np.ndarray
    totals: np.ndarray
    types: np.ndarray
    discounts: np.ndarray

    def log_probs(self, context: Sequence[int] | np.ndarray) -> np.ndarray:
        """The logarithm of the distribution of the next symbol, after a context of any length.

        Only the last order - 1 symbols of the context are seen. After fewer the model of a lower order answers.

        Shapes:  context (T,) ids -> (V,)
        Raises:  TypeError or ValueError naming the argument
        """
        ids = check_ids("context", context, self.V, ("T",))
        p, node = np.full(self.V, 1 / self.V), 0
        for k in range(min(self.order, len(ids) + 1)):
            if k:
                node = int(_find(self.contexts, node * self.V + ids[-k])) + 1
            if (k and not node) or not self.totals[node]:
                break
            low, high = np.searchsorted(self.grams, [node * self.V, (node + 1) * self.V])
            p *= self.types[node] @ self.discounts[k] / self.totals[node]
            p[self.grams[low:high] - node * self.V] += _discounted(self, k, self.counts[low:high]) / self.totals[node]
        return np.log(p)

    def score(self, ids: Sequence[int] | np.ndarray, context: Sequence[int] | np.ndarray = ()) -> np.ndarray:
        """The log-probability of every symbol of a text, each after those before it; the counts stay as they are.

        `context`: what stands before the text, if anything does. All positions are looked up at once.

        Shapes:  ids (T,), context (S,) -> (T,)
        Raises:  TypeError or ValueError naming the argument
        """
        before = _context(self, context)
        text = np.concatenate([before, check_ids("ids", ids, self.V, ("T",))])
        t = np.arange(len(before), len(text))
        p, node, known = np.full(len(t), 1 / self.V), np.zeros(len(t), dtype=np.int64), np.ones(len(t), dtype=bool)
        for k in range(self.order):
            if k:
                node = _find(self.contexts, node * self.V + text[np.maximum(t - k, 0)]) + 1
                known &= (t >= k) & (node > 0)
            total = self.totals[node]
            known &= total > 0
            place = _find(self.grams, node * self.V + text[t])
            count = np.where(place >= 0, self.counts[place] if len(self.counts) else 0, 0)
            mixed = _discounted(self, k, count) + self.types[node] @ self.discounts[k] * p
            p = np.where(known, mixed / np.maximum(total, 1), p)
        return np.log(p)

    def adaptive(self, ids: Sequence[int] | np.ndarray, context: Sequence[int] | np.ndarray = ()) -> np.ndarray:
        """As `score`, but every symbol is counted as soon as it is scored; the model itself stays as it is.

        Shapes:  ids (T,), context (S,) -> (T,)
        Raises:  TypeError or ValueError naming the argument
        """
        online = Online(self, context)
        return np.array([online.update(int(i)) for i in check_ids("ids", ids, self.V, ("T",))], dtype=float)

    def prefill(self, ids: np.ndarray, state: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Read T symbols of each of N sequences, as `seqlib.decoding` does; the log-probabilities of what comes next.

        Shapes:  ids (N, T); state None, or (N, S) the last ids that have been read -> (N, V), state
        Raises:  TypeError or ValueError naming the argument
        """
        ids = check_ids("ids", ids, self.V, ("N", "T"))
        if state is not None:
            ids = np.concatenate([check_ids("state", state, self.V, (len(ids), "S")), ids], 1)
        state = ids[:, max(0, ids.shape[1] - self.order + 1) :]
        return np.stack([self.log_probs(row) for row in state]) if len(ids) else np.zeros((0, self.V)), state

    def step(self, tokens: np.ndarray, state: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Read one more symbol of each of N sequences.

        Shapes:  tokens (N,); state as in `prefill` -> log-probabilities of what comes next (N, V), state
        Raises:  TypeError or ValueError naming the argument
        """
        return self.prefill(check_ids("tokens", tokens, self.V, ("N",))[:, None], state)


class Online:
    """A Kneser–Ney model that goes on counting: at every point it is the model of all it has been given.

    It begins with the counts of a fitted model. A symbol that is new after a context is counted in the next shorter one
    as well, and so on; one that is not new is not. The discounts stay those of the fitted model.

    Shapes:  model; context (S,): what stands before the first symbol
    Raises:  TypeError or ValueError naming the argument
    Book:    chapters/10_language_models
    """

    def __init__(self, model: KneserNey, context: Sequence[int] | np.ndarray = ()) -> None:
        self.order, self.V = model.order, model.V
        self.history: list[int] = _context(model, context).tolist()
        self._nodes = dict(zip(model.contexts.tolist(), range(1, len(model.totals)), strict=True))
        self._counts = dict(zip(model.grams.tolist(), model.counts.tolist(), strict=True))
        self._totals: list[int] = model.totals.tolist()
        self._types: list[list[int]] = model.types.tolist()
        self._discounts = [(0.0, *row) for row in model.discounts.tolist()]

    def log_probs(self) -> np.ndarray:
        """The logarithm of the distribution of the next symbol  (V,)."""
        path = self._path()
        return np.log([self._probability(path, symbol) for symbol in range(self.V)])

    def update(self, symbol: int) -> float:
        """Return the log-probability of the next symbol, and count it."""
        symbol = check_integer("symbol", symbol, low=0, high=self.V - 1)
        path, depth = self._path(), len(self.history)
        p = self._probability(path, symbol)
        while len(path) <= depth:
            self._nodes[path[-1] * self.V + self.history[-len(path)]] = len(self._totals)
            path.append(len(self._totals))
            self._totals.append(0)
            self._types.append([0, 0, 0])
        for k in range(depth, -1, -1):
            key = path[k] * self.V + symbol
            new = key not in self._counts
            count = self._counts.setdefault(key, 0)
            if k == self.order - 1 or k < depth:  # otherwise nothing stands before it, so that no context is new
                self._counts[key] = count + 1
                self._totals[path[k]] += 1
                if 1 <= count <= 2:
                    self._types[path[k]][count - 1] -= 1
                if count <= 2:
                    self._types[path[k]][count] += 1
            if not new:
                break
        self.history = [*self.history, symbol][max(0, depth + 2 - self.order) :]
        return float(np.log(p))

    def _path(self) -> list[int]:
        """The nodes of the contexts that are known, from the empty one to longer ones."""
        path = [0]
        for symbol in reversed(self.history):
            node = self._nodes.get(path[-1] * self.V + symbol)
            if node is None:
                break
            path.append(node)
        return path

    def _probability(self, path: list[int], symbol: int) -> float:
        p = 1 / self.V
        for node, D in zip(path, self._discounts, strict=False):
            total = self._totals[node]
            if not total:
                break
            count = self._counts.get(node * self.V + symbol, 0)
            one, two, more = self._types[node]
            p = (count - D[min(count, 3)] + (D[1] * one + D[2] * two + D[3] * more) * p) / total
        return p


def fit(
    ids: Sequence[int] | np.ndarray,
    order: int,
    V: int,
    *,
    modified: bool = False,
    discounts: np.ndarray | None = None,
) -> KneserNey:
    """Count all runs of up to `order` symbols of a text.

        D = n_1 / (n_1 + 2 n_2);    modified: D_1 = D,  D_2 = 2 - 3 D n_3 / n_2,  D_3 = 3 - 4 D n_4 / n_3

    n_i is how many runs of that length have a count of i. Each length has its own discounts.

    Shapes:  ids (T,); discounts (order, 3), if they are not to be estimated -> KneserNey
    Raises:  TypeError or ValueError naming the argument
    Source:  Kneser & Ney 1995; Chen & Goodman 1999, also for the modified discounts
    Differs: below the empty context stands the uniform distribution, so that no symbol has probability 0. Where the
             formula has no value, or none from 0 to i, D_i is D, and D is 1/2 where no count is 1. There is no sign for
             the beginning: the first symbols have shorter contexts
    Book:    chapters/10_language_models
    """
    order, V = check_integer("order", order, low=1), check_integer("V", V, low=1)
    ids = check_ids("ids", ids, V, ("T",))
    node = np.zeros(len(ids), dtype=np.int64)  # of the context of k symbols before each position
    nothing = np.zeros(0, dtype=np.int64)
    contexts, grams, counts = [nothing], [nothing], [nothing]
    nodes, shorter = 1, node
    for k in range(min(order, len(ids))):
        if k:
            keys, place = np.unique(node[k:] * V + ids[: len(ids) - k], return_inverse=True)
            contexts.append(keys)
            node[k:] = nodes + place
            nodes += len(keys)
        keys, first, place, count = np.unique(
            node[k:] * V + ids[k:], return_index=True, return_inverse=True, return_counts=True
        )
        if k:  # each different run of k + 1 symbols is one more context of its last k
            counts[-1] = np.bincount(shorter[first + 1], minlength=len(counts[-1]))
        grams.append(keys)
        counts.append(count if k == order - 1 else np.zeros_like(count))
        shorter = place
    if discounts is None:
        found = [_discounts(count, modified) for count in counts[1:]]
        discounts = np.array(found + [_discounts(np.zeros(0), modified)] * (order - len(found)))
    discounts = real_array("discounts", discounts, (order, 3))
    if (discounts <= 0).any() or (discounts > [1, 2, 3]).any():
        raise ValueError("discounts must be above 0, and at most 1, 2 and 3, or a probability is 0 or negative")
    every, count = np.concatenate(grams), np.concatenate(counts)
    kinds = [np.bincount(every // V, kind, nodes).astype(np.int64) for kind in (count == 1, count == 2, count > 2)]
    totals = np.bincount(every // V, count, nodes).astype(np.int64)
    return KneserNey(order, V, np.concatenate(contexts), every, count, totals, np.stack(kinds, 1), discounts)


def _discounts(counts: np.ndarray, modified: bool) -> list[float]:
    """D_1, D_2, D_3 from the counts of all runs of one length."""
    n = [int((counts == i).sum()) for i in range(5)]
    D = n[1] / (n[1] + 2 * n[2]) if n[1] else 0.5
    found = [D] * 3
    for i in (2, 3) if modified else ():
        estimate = i - (i + 1) * D * n[i + 1] / n[i] if n[i] else 0.0
        found[i - 1] = estimate if 0 < estimate <= i else D
    return found


def _discounted(model: KneserNey, k: int, counts: np.ndarray) -> np.ndarray:
    return counts - np.append(0.0, model.discounts[k])[np.minimum(counts, 3)]


def _find(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where in the sorted keys each of the wanted ones stands, -1 if it does not."""
    if not len(keys):
        return np.full(np.shape(wanted), -1)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1)


def _context(model: KneserNey, context: Sequence[int] | np.ndarray) -> np.ndarray:
    """The part of a context that the model sees."""
    ids = check_ids("context", context, model.V, ("S",))
    return ids[max(0, len(ids) - model.order + 1) :]
