"""The practice of chapter 14: the best guess at a hole, of a reader who knows how often each topic says each word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["guess_hole"]

_RNG = np.random.default_rng(1763)
Array = np.ndarray


def _tables(Z: int, V: int) -> Array:
    """P(w | z) in whole parts of 64 V, which float32 holds exactly where V is a power of two."""
    parts = 1 + _RNG.multinomial(63 * V, _RNG.dirichlet(np.full(V, 2.0), Z))
    return parts / (64 * V)


def _sentence(Z: int, V: int, T: int, t: int, *, never: bool = False) -> tuple[Array, Array, Array, int]:
    """A prior, tables, a sentence and a hole; with `never` the last topic lacks a word that is seen."""
    prior, tables = np.arange(1, Z + 1) / 8, _tables(Z, V)
    prior[-1] += 1 - prior.sum()
    x = _RNG.integers(V, size=T)
    if never:
        seen = x[t - 1]
        tables[-1, (seen + 1) % V] += tables[-1, seen]
        tables[-1, seen] = 0
    return prior, tables, x, t


def _softmax(logs: Array) -> Array:
    p = np.exp(logs - logs.max())
    return p / p.sum()


def _logs(tables: Array, seen: Array) -> Array:
    """ln P of the words that are seen, of each topic: (Z,)."""
    with np.errstate(divide="ignore"):
        logs: Array = np.log(tables[:, seen]).sum(1)
    return logs


def _belief(prior: Array, tables: Array, x: Array, t: int) -> Array:
    return _softmax(np.log(prior) + _logs(tables, np.delete(x, t)))


def _guess(prior: Array, tables: Array, x: Array, t: int) -> tuple[Array, Array]:
    belief = _belief(prior, tables, x, t)
    return belief, belief @ tables


def _believes(belief: Callable[[Array, Array, Array, int], Array]) -> Callable[..., tuple[Array, Array]]:
    """The guess from another belief."""
    return lambda prior, tables, x, t: (b := belief(prior, tables, x, t), b @ tables)


def _says(guess: Callable[[Array, Array, Array, int], Any]) -> Callable[..., tuple[Array, Any]]:
    """The right belief, and another guess, of belief and tables, sentence and hole."""
    return lambda prior, tables, x, t: (b := _belief(prior, tables, x, t), guess(b, tables, x, t))


def _product(prior: Array, tables: Array, seen: Array) -> Array:
    """What becomes 0 where many words are seen."""
    return prior * tables[:, seen].prod(1)


def _best(p: Array) -> Array:
    return (np.arange(len(p)) == p.argmax()) * 1.0


guess_hole = Exercise(
    "guess_hole",
    _guess,
    [
        _sentence(2, 4, 5, 2),
        _sentence(3, 8, 6, 3, never=True),
        _sentence(3, 4, 900, 450),  # a product of so many is 0
        _sentence(2, 2, 4, 2),
    ],
    wrong={
        "own word": (
            _believes(lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, x))),
            "The word in the hole is part of your evidence. A reader does not see it: leave out s = t.",
        ),
        "own word alone": (
            _believes(lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, x[t : t + 1]))),
            "Your belief is made of the word in the hole. It is made of all others.",
        ),
        "one side": (
            (
                _believes(lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, x[:t]))),
                _believes(lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, x[t + 1 :]))),
            ),
            "You read one side of the hole. Words before it and words behind it count alike.",
        ),
        "hole elsewhere": (
            (
                _believes(lambda prior, tables, x, t: _belief(prior, tables, x, t - 1)),
                _believes(lambda prior, tables, x, t: _belief(prior, tables, x, (t + 1) % len(x))),
            ),
            "You left out another word. The hole is at t, counted from 0.",
        ),
        "same words": (
            _believes(lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, x[x != x[t]]))),
            "You left out every word that equals the one in the hole. Only the hole itself is not seen.",
        ),
        "no prior": (
            _believes(lambda prior, tables, x, t: _softmax(_logs(tables, np.delete(x, t)))),
            "The prior is missing: topics are not equally likely before a word is read.",
        ),
        "prior for each word": (
            (
                _believes(
                    lambda prior, tables, x, t: _softmax((len(x) - 1) * np.log(prior) + _logs(tables, np.delete(x, t)))
                ),
                _believes(lambda prior, tables, x, t: _softmax(2 * np.log(prior) + _logs(tables, np.delete(x, t)))),
            ),
            "The prior counts more than once. It is multiplied in once, whatever is read.",
        ),
        "prior added": (
            _believes(lambda prior, tables, x, t: _softmax(prior + _logs(tables, np.delete(x, t)))),
            "You added the prior to logarithms. Add its logarithm.",
        ),
        "underflow": (
            (
                _believes(lambda prior, tables, x, t: (p := _product(prior, tables, np.delete(x, t))) / p.sum()),
                _believes(
                    lambda prior, tables, x, t: (
                        (p := np.exp(np.log(prior) + _logs(tables, np.delete(x, t)))) / max(p.sum(), 1e-300)
                    )
                ),
                _believes(
                    lambda prior, tables, x, t: (
                        ((p := _product(prior, tables, np.delete(x, t))) + 1e-300) / (p + 1e-300).sum()
                    )
                ),
            ),
            "Right for few words. The product of 899 probabilities is 0 in a computer: add logarithms, and subtract "
            "the largest before exp.",
        ),
        "not normalised": (
            _believes(lambda prior, tables, x, t: _product(prior, tables, np.delete(x, t))),
            "Your beliefs do not add up to 1. Divide by their sum.",
        ),
        "logs": (
            _believes(lambda prior, tables, x, t: np.log(prior) + _logs(tables, np.delete(x, t))),
            "Those are logarithms of beliefs. Take exp, and divide by the sum.",
        ),
        "mean of logs": (
            _believes(
                lambda prior, tables, x, t: _softmax(np.log(prior) + _logs(tables, np.delete(x, t)) / (len(x) - 1))
            ),
            "You took the mean of the logarithms. Every word is evidence of its own: add them up.",
        ),
        "probabilities added": (
            _believes(lambda prior, tables, x, t: (p := prior * tables[:, np.delete(x, t)].sum(1)) / p.sum()),
            "You added the probabilities of the words. That they all stand there is a product.",
        ),
        "prior guess": (
            lambda prior, tables, x, t: (_belief(prior, tables, x, t), prior @ tables),
            "Your guess weights topics by the prior. Weight them by the belief.",
        ),
        "best topic": (
            (
                _says(lambda b, tables, x, t: tables[b.argmax()]),
                _believes(lambda prior, tables, x, t: _best(_belief(prior, tables, x, t))),
            ),
            "You guess from the likeliest topic alone. Weight all of them by the belief.",
        ),
        "mean of topics": (
            _says(lambda b, tables, x, t: tables.mean(0)),
            "Your guess is the mean of the topics. Weight them by the belief.",
        ),
        "product of topics": (
            _says(lambda b, tables, x, t: _softmax(b @ np.log(tables))),
            "You weighted logarithms. The guess is a sum over topics of probabilities.",
        ),
        "own word known": (
            _says(lambda b, tables, x, t: b @ tables[:, x[t]]),
            "That is the probability of the word that stands there. Return that of every word, (V,).",
        ),
        "best word": (
            _says(lambda b, tables, x, t: int((b @ tables).argmax())),
            "That is the likeliest word. Return the probability of every word, (V,).",
        ),
        "order": (
            lambda *given: _guess(*given)[::-1],
            "They are in another order. The belief comes first, then the guess.",
        ),
        "guess alone": (lambda *given: _guess(*given)[1], "That is the guess. Return the belief before it."),
    },
    prompt="Return two arrays, (Z,) and (V,), and run the cell again.",
)
