"""What the tests of decoding share: a small model whose every sequence can be enumerated, and a filter written anew."""

from typing import NamedTuple

import numpy as np
import pytest


class Memory(NamedTuple):
    """The state of a `Table`: the symbol before the last, and how many were read."""

    before: np.ndarray
    count: np.ndarray


class Table:
    """Logits from a table, by the last two symbols and by the number of symbols read. It keeps what it was asked."""

    def __init__(self, logits):
        self.logits, self.asked, self.answered = np.asarray(logits), [], []

    def step(self, tokens, state):
        """Read a symbol each."""
        assert tokens.dtype == np.int64
        assert tokens.ndim == 1
        state = Memory(np.zeros(len(tokens), int), np.zeros(len(tokens), int)) if state is None else state
        assert len(state.before) == len(state.count) == len(tokens)
        self.asked.append(tokens)
        self.answered.append(self.logits[state.count % len(self.logits), state.before, tokens])
        return self.answered[-1], Memory(tokens, state.count + 1)


@pytest.fixture
def table():
    """The function that draws a table for V symbols from a seed: table(V, seed), all logits finite."""
    return lambda V=5, seed=0: Table(np.random.default_rng(seed).normal(size=(7, V, V, V)) * 1.5)


@pytest.fixture
def filtered():
    """Temperature, top-k and top-p on a list of probabilities, by going through the symbols one by one."""
    return _filtered


@pytest.fixture
def exact():
    """All sequences after a prompt, with their probabilities and with the model's own log-probabilities."""
    return _exact


def _filtered(p, temperature=1.0, top_k=None, top_p=None):
    q = [x ** (1 / temperature) if x else 0.0 for x in p]
    order = sorted(range(len(q)), key=lambda v: (-q[v], v))
    kept = order[:top_k]
    if top_p is not None and top_p < 1:
        whole, chosen = sum(q[v] for v in kept), []
        while sum(q[v] for v in chosen) < (top_p - 1e-12) * whole:
            chosen.append(kept[len(chosen)])
        kept = chosen or kept[:1]
    whole = sum(q[v] for v in kept)
    return np.array([q[v] / whole if v in kept else 0.0 for v in range(len(q))])


def _exact(model, prompt, max_length, eos, **settings):
    found = {}

    def grow(tokens, new, chance, own, state, unread):
        logits = None
        for token in unread:
            logits, state = model.step(np.array([token]), state)
        z = logits[0]
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        q = _filtered(p, **settings)
        for v in range(len(q)):
            if q[v] > 0:
                grown = (*new, v), chance * q[v], own + np.log(p[v])
                if v == eos or len(new) + 1 == max_length:
                    found[grown[0]] = grown[1:]
                else:
                    grow(tokens, *grown, state, [v])

    grow(prompt, (), 1.0, 0.0, None, prompt)
    return found
