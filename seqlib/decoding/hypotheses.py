"""What a search answers with: the best hypotheses of each prompt, and the tree that they were found in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_integer
from seqlib.text import PAD

__all__ = ["Hypotheses", "Nodes", "Tree"]


class Tree(NamedTuple):
    """Every hypothesis that was looked at, a node each: by steps, those that were kept first, the best first.

    sentence (M,): which prompt it continues. parent (M,): the node that it extends by one symbol, -1 for the first
    symbol after the prompt. length (M,): its number of symbols, so the parent has one less. token (M,), log_prob (M,):
    its last symbol, and the log-probability of that alone. total (M,): that of the whole hypothesis. score (M,): what
    it is ranked by if it is finished, NaN if not. fate (M,): "kept", to be extended; "ended", with `eos`; "cut", at
    max_length; or "dropped", because `width` others were better. A node that was kept and has no children belongs to a
    prompt that could not get a better answer any more. leaves (N·n_best,): the nodes where the answers end, in their
    order, -1 where there is none.
    """

    sentence: np.ndarray
    parent: np.ndarray
    length: np.ndarray
    token: np.ndarray
    log_prob: np.ndarray
    total: np.ndarray
    score: np.ndarray
    fate: np.ndarray
    leaves: np.ndarray

    def path(self, node: int) -> list[int]:
        """The nodes from the first symbol after the prompt to this one.

        Raises:  TypeError or ValueError if there is no such node
        """
        node = check_integer("node", node, low=0, high=len(self.token) - 1)
        nodes = []
        while node >= 0:
            nodes.append(node)
            node = int(self.parent[node])
        return nodes[::-1]


class Hypotheses(NamedTuple):
    """The best n_best hypotheses of each of N prompts, as `Decoded`, and what they were ranked by.

    Rows i·n_best … (i+1)·n_best - 1 are those of prompt i, the best first. ids (N·n_best, L), log_probs (N·n_best, L)
    of each symbol by the model itself, lengths (N·n_best,), that of `eos` included, and ended (N·n_best,), whether it
    came: as in `Decoded`. normalised (N·n_best,): the score that ranks them. Where fewer than n_best were found the
    remaining rows have length 0 and normalised -∞. read (N,): how many prefixes the model scored for each prompt.
    tree: what `beam` was asked to keep of its search, else None.
    """

    ids: np.ndarray
    log_probs: np.ndarray
    lengths: np.ndarray
    ended: np.ndarray
    normalised: np.ndarray
    read: np.ndarray
    tree: Tree | None = None

    @property
    def scores(self) -> np.ndarray:
        """The log-probability of every sequence, after its prompt, without any normalisation  (N·n_best,)."""
        return np.asarray(self.log_probs.sum(1))

    @property
    def sequences(self) -> list[np.ndarray]:
        """The sequences, each as long as it is."""
        return [row[:length] for row, length in zip(self.ids, self.lengths, strict=True)]


class Nodes:
    """Hypotheses that grow by one symbol at a time, each with a pointer to the one it extends."""

    columns = ("sentence", "parent", "length", "token", "log_prob", "total", "score", "fate")

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.count = 0

    def add(self, *parts: np.ndarray) -> np.ndarray:
        """Add nodes, in the order of `columns`; return their numbers."""
        self.parts.append(parts)
        self.count += len(parts[0])
        return np.arange(self.count - len(parts[0]), self.count)

    def table(self) -> dict[str, np.ndarray]:
        """All of them, a vector for each column."""
        empty = [np.zeros(0, np.int64)] * 4 + [np.zeros(0)] * 3 + [np.zeros(0, "<U7")]
        parts = zip(empty, *self.parts, strict=True)
        return {name: np.concatenate(part) for name, part in zip(self.columns, parts, strict=True)}

    def answer(self, N: int, n_best: int, read: np.ndarray, tree: bool) -> Hypotheses:
        """The best finished ones of every sentence; of equal ones, the one that was finished first."""
        nodes = self.table()
        finished = np.flatnonzero((nodes["fate"] == "ended") | (nodes["fate"] == "cut"))
        sentence, score = nodes["sentence"][finished], nodes["score"][finished]
        finished = finished[np.lexsort((finished, -score, sentence))]
        sentence = nodes["sentence"][finished]
        place = np.arange(len(finished)) - np.searchsorted(sentence, sentence)
        leaves = np.full((N, n_best), -1)
        leaves[sentence[place < n_best], place[place < n_best]] = finished[place < n_best]
        at, there = leaves.ravel(), leaves.ravel() >= 0
        lengths = np.where(there, nodes["length"][at], 0) if len(finished) else np.zeros(len(at), np.int64)
        ids = np.full((len(at), int(lengths.max(initial=0))), PAD)
        log_probs = np.zeros(ids.shape)
        rows, node = np.flatnonzero(there), at[there]
        while len(rows):
            column = nodes["length"][node] - 1
            ids[rows, column], log_probs[rows, column] = nodes["token"][node], nodes["log_prob"][node]
            node = nodes["parent"][node]
            rows, node = rows[node >= 0], node[node >= 0]
        normalised, ended = np.full(len(at), -np.inf), np.zeros(len(at), dtype=bool)
        normalised[there], ended[there] = nodes["score"][at[there]], nodes["fate"][at[there]] == "ended"
        return Hypotheses(ids, log_probs, lengths, ended, normalised, read, Tree(**nodes, leaves=at) if tree else None)
