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


class Attentive(Table):
    """A `Table` that attends to one of three sources of four positions, of which the last ones may be padding.

    Its weights depend on the source, on how much was read, and on the last symbol; what stands at padding is garbage.
    """

    mask = np.array([[True, True, True, True], [True, True, False, False], [True, False, False, False]])

    def __init__(self, logits, seed):
        super().__init__(logits)
        weights = np.random.default_rng([seed, 9]).exponential(size=(3, len(logits), logits.shape[-1], 4)) ** 2
        weights *= self.mask[:, None, None]
        self.weights = weights / weights.sum(-1, keepdims=True)

    def step(self, tokens, state):
        """Read a symbol each; a state at the beginning is the sources alone."""
        source, memory = state if isinstance(state, tuple) else (state, None)
        logits, memory = super().step(tokens, memory)
        return logits + 0.3 * source[:, None] * np.arange(logits.shape[1]), (source, memory)

    def attention(self, state):
        """Weights and mask."""
        source, memory = state
        weights = self.weights[source, (memory.count - 1) % len(self.logits), memory.before]
        return np.where(self.mask[source], weights, np.nan), self.mask[source]


@pytest.fixture
def attentive():
    """The function that draws such a model: attentive(V, seed)."""
    return lambda V=5, seed=0: Attentive(np.random.default_rng(seed).normal(size=(7, V, V, V)) * 1.5, seed)


@pytest.fixture
def ranked():
    """All finished hypotheses after a prompt, the best first: (score, symbols), by going through all of them."""
    return _ranked


def _score(log_prob, length, sums, alpha, norm, beta):
    divisor = ((5 + length) / 6) ** alpha if norm == "gnmt" else length**alpha
    return log_prob / divisor + (beta and beta * sum(np.log(min(x, 1.0)) for x in sums))


def _ranked(model, prompt, max_length, eos, source=None, alpha=0.0, norm="gnmt", beta=0.0, width=None):
    """With a `width`, by a beam search that is written down as it is told, and goes on to the end of max_length."""
    state = None if source is None else np.array([source])
    for token in prompt:
        logits, state = model.step(np.array([token]), state)
    live, finished = [((), 0.0, np.zeros(4), logits[0], state)], []
    for length in range(1, max_length + 1):
        grown = []
        for new, log_prob, sums, z, state in live:
            if beta:
                weights, mask = model.attention(state)
                sums = np.where(mask[0], sums + np.nan_to_num(weights[0]), 1.0)
            p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
            grown += [((*new, v), log_prob + np.log(p[v]), sums, state) for v in range(len(p)) if p[v] > 0]
        grown.sort(key=lambda hypothesis: -hypothesis[1])
        live = []
        for new, log_prob, sums, state in grown[:width]:
            if new[-1] == eos or length == max_length:
                finished.append((_score(log_prob, length, sums, alpha, norm, beta), new))
            else:
                logits, grown_state = model.step(np.array([new[-1]]), state)
                live.append((new, log_prob, sums, logits[0], grown_state))
    return sorted(finished, key=lambda hypothesis: -hypothesis[0])
