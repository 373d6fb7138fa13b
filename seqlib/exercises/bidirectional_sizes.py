"""The practice of chapter 7, part two: what the future is worth, and how many parameters both directions have."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["future_worth", "gru_parameters"]

_RNG = np.random.default_rng(71)


def _tables(K: int, M: int) -> tuple[np.ndarray, np.ndarray]:
    """P(word | cue), of length K, and P(meal | word) (K, M), all of them positive."""
    prior = _RNG.dirichlet(np.full(K, 2.0))
    while prior.max() < 1.6 / K:  # nearly equal ones hide a wrong weight
        prior = _RNG.dirichlet(np.full(K, 2.0))
    return prior, _RNG.dirichlet(np.full(M, 2.0), K)


def _entropy(p: np.ndarray) -> np.ndarray:
    """In nats, over the first axis."""
    return -(p * np.log(p)).sum(0)


def _parts(prior: np.ndarray, likely: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(meal), of length M, and P(word | meal) (K, M)."""
    joint = prior[:, None] * likely
    return joint.sum(0), joint / joint.sum(0)


def _worth(prior: np.ndarray, likely: np.ndarray) -> float:
    P_meal, posterior = _parts(prior, likely)
    return float(_entropy(prior) - P_meal @ _entropy(posterior))


def _other(value: Any) -> Any:
    """A function of prior, likely, P(meal) and P(word | meal)."""
    return lambda prior, likely: value(prior, likely, *_parts(prior, likely))


future_worth = Exercise(
    "future_worth",
    _worth,
    [_tables(4, 6), _tables(2, 3), _tables(3, 2)],
    wrong={
        "bits": (
            lambda prior, likely: _worth(prior, likely) / np.log(2),
            "That is in bits: you took the logarithm to base 2. Nats need the natural one.",
        ),
        "base 10": (
            lambda prior, likely: _worth(prior, likely) / np.log(10),
            "You took the logarithm to base 10. Nats need the natural one.",
        ),
        "what remains": (
            _other(lambda p, l, a, post: a @ _entropy(post)),
            "That is what remains uncertain after the meal. Subtract it from what was uncertain before.",
        ),
        "before": (
            _other(lambda p, l, a, post: _entropy(p)),
            "That is the uncertainty before the meal. Subtract what remains after it.",
        ),
        "meals alike": (
            _other(lambda p, l, a, post: _entropy(p) - _entropy(post).mean()),
            "You weighted all meals alike. A meal counts as often as it comes: P(a | c) = Σ_w P(w | c) P(a | w).",
        ),
        "sum over meals": (
            _other(lambda p, l, a, post: _entropy(p) - _entropy(post).sum()),
            "You added the entropies over the meals. Each needs its weight P(a | c).",
        ),
        "cue forgotten": (
            _other(lambda p, l, a, post: _entropy(p) - a @ _entropy(l / l.sum(0))),
            "The probability of a word after the meal needs the prior: P(w | c) P(a | w), divided by its sum.",
        ),
        "not divided": (
            _other(lambda p, l, a, post: _entropy(p) - a @ _entropy(p[:, None] * l)),
            "You took the products P(w | c) P(a | w) for probabilities of words. Divide them by their sum over words.",
        ),
        "sign": (
            lambda prior, likely: -_worth(prior, likely),
            "The sign is wrong. Reading more never makes the best loss larger, so the worth is not negative.",
        ),
        "meals for words": (
            _other(lambda p, l, a, post: _entropy(a)),
            "That is how uncertain the meal is. Asked is what it says of the word.",
        ),
        "meal given word": (
            _other(lambda p, l, a, post: p @ _entropy(l.T)),
            "That is how uncertain the meal is when the word is known. Asked is what the meal says of the word.",
        ),
        "wrong condition": (
            _other(lambda p, l, a, post: _entropy(p) - p @ _entropy(l.T)),
            "You subtracted the uncertainty of the meal given the word. Subtract that of the word given the meal.",
        ),
        "joint subtracted": (
            _other(lambda p, l, a, post: _entropy(p) - _entropy((p[:, None] * l).ravel())),
            "You subtracted the entropy of word and meal together. Subtract that of the word given the meal.",
        ),
        "chance before": (
            _other(lambda p, l, a, post: np.log(len(p)) - a @ _entropy(post)),
            "Before the meal is read the words are not equally likely: the cue gives prior.",
        ),
        "words alike": (
            lambda prior, likely: _worth(np.full(len(prior), 1 / len(prior)), likely),
            "You took all words for equally likely, before and after. The cue gives prior.",
        ),
        "divergences alike": (
            (
                _other(lambda p, l, a, post: (post * np.log(post / p[:, None])).sum(0).mean()),
                _other(lambda p, l, a, post: (post * np.log(post / p[:, None])).sum()),
            ),
            "What each meal says of the word is right. Weight the meals by P(a | c) = Σ_w P(w | c) P(a | w).",
        ),
        "mean of rows": (
            (
                _other(lambda p, l, a, post: (p[:, None] * l * np.log(l / l.mean(0))).sum()),
                _other(lambda p, l, a, post: _entropy(p) - l.mean(0) @ _entropy(post)),
            ),
            "You took the mean of the rows for the meal's probability. The words count by prior: prior @ likely.",
        ),
        "joint": (
            _other(lambda p, l, a, post: _entropy((p[:, None] * l).ravel())),
            "That is the entropy of word and meal together.",
        ),
    },
    prompt="Return a number in nats and run the cell again.",
)


def _count(
    *, blocks: int = 3, ways: int = 2, biases: int = 2, below: float = 2, first: bool = True, every: bool = True
) -> Any:
    """Parameters, or a mistake: upper layers read `below` times H; `every` layer or the last one only."""

    def answer(D: int, H: int, layers: int) -> int:
        widths = [D if layer == 0 or not first else int(below * H) for layer in range(layers)]
        return sum(ways * blocks * H * (w + H + biases) for w in (widths if every else widths[-1:]))

    return answer


gru_parameters = Exercise(
    "gru_parameters",
    _count(),
    [(3, 4, 2), (5, 2, 3), (7, 3, 1)],
    wrong={
        "one direction": (
            (_count(ways=1, below=1), _count(ways=1)),
            "That is one direction. There are two networks in each layer, with weights of their own.",
        ),
        "upper layers read H": (
            _count(below=1),
            "The upper layers read both directions of the layer below, so their inputs have 2H numbers.",
        ),
        "upper layers read D": (
            _count(first=False),
            "You let every layer read the D inputs. An upper layer reads the 2H outputs of the layer below.",
        ),
        "one bias": (_count(biases=1), "You counted one bias. PyTorch's GRU has two in every block."),
        "no bias": (_count(biases=0), "The biases are missing: two of them, of H numbers, in every block."),
        "four blocks": (_count(blocks=4), "You counted four blocks, which is an LSTM. A GRU has three: r, z, n."),
        "one block": (_count(blocks=1), "You counted one block. A GRU has three: r, z, n."),
        "top layer only": (_count(every=False), "That is the top layer alone. Add all layers."),
        "first layer times layers": (
            lambda D, H, layers: 2 * 3 * H * (2 * H + H + 2) * layers,
            "You let every layer read 2H numbers. The first one reads the D inputs.",
        ),
        "shared": (
            lambda D, H, layers: _count(ways=1, below=2)(D, H, layers) + 2 * 3 * H * layers,
            "You doubled the biases only. The second direction has matrices of its own too.",
        ),
        "square": (
            lambda D, H, layers: sum(3 * 2 * H * (w + 2 * H + 2) for w in [D] + [2 * H] * (layers - 1)),
            "You took a hidden state of 2H. Each direction has a state of H numbers, and does not see the other's.",
        ),
        "square above": (
            lambda D, H, layers: 6 * H * (D + H + 2) + (layers - 1) * 6 * H * (4 * H + 2),
            "Upper layers read 2H numbers, but the state of each direction has H: 2H + H, and not 4H.",
        ),
        "one layer too many": (
            lambda D, H, layers: 6 * H * (D + H + 2) + layers * 6 * H * (3 * H + 2),
            "You counted one layer too many: above the first there are layers - 1.",
        ),
        "first layer forgotten": (
            lambda D, H, layers: (layers - 1) * 6 * H * (3 * H + 2),
            "The first layer is missing; it reads D numbers.",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)
