"""The practice of chapter 15: from nats per token to bits per byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["bits_per_byte"]

_RNG = np.random.default_rng(1502)
Array = np.ndarray
END = 0  # the token that stands for no bytes


def _case(T: int, V: int, end: bool) -> tuple[Array, Array, Array]:
    """Losses of T tokens of a vocabulary whose token 0 stands for no bytes; `end` says whether it is in the text."""
    ids = _RNG.integers(1, V, T)
    if end:
        ids[-1] = END
    sizes = _RNG.integers(1, 9, V)
    sizes[END] = 0
    return _RNG.integers(4, 60, T) / 8, ids, sizes


def _right(nats: Array, ids: Array, sizes: Array) -> Any:
    return nats.sum() / np.log(2) / sizes[ids].sum()


def _of(value: Callable[[Array, Array], Any]) -> Callable[[Array, Array, Array], Any]:
    """Something else made of the bits of each token and the bytes that it stands for."""
    return lambda nats, ids, sizes: value(nats / np.log(2), sizes[ids])


bits_per_byte = Exercise(
    "bits_per_byte",
    _right,
    [_case(6, 8, False), _case(9, 5, True), _case(4, 20, True), _case(7, 7, False)],
    wrong={
        "nats": (
            lambda nats, ids, sizes: nats.sum() / sizes[ids].sum(),
            "Those are nats per byte. A bit is ln 2 nats: divide by np.log(2).",
        ),
        "multiplied by ln 2": (
            lambda nats, ids, sizes: nats.sum() * np.log(2) / sizes[ids].sum(),
            "You multiplied by ln 2. There are more bits than nats: divide.",
        ),
        "digits": (
            (
                lambda nats, ids, sizes: nats.sum() / np.log(10) / sizes[ids].sum(),
                lambda nats, ids, sizes: np.log2(nats.sum()) / sizes[ids].sum(),
                lambda nats, ids, sizes: np.log2(nats).sum() / sizes[ids].sum(),
            ),
            "A loss is a logarithm already. From nats to bits it is divided by ln 2, and nothing else.",
        ),
        "per token": (
            _of(lambda bits, n: bits.mean()),
            "Those are bits per token. Tokens differ from one vocabulary to another: divide by the number of bytes.",
        ),
        "mean of ratios": (
            (
                _of(lambda bits, n: (bits / n).mean()),
                _of(lambda bits, n: (bits / n)[n > 0].mean()),
                _of(lambda bits, n: (bits / np.maximum(n, 1)).mean()),
            ),
            "That is a mean of the tokens' ratios. Then short tokens count as much as long ones: divide the sum of all "
            "bits by the sum of all bytes.",
        ),
        "not added up": (
            _of(lambda bits, n: bits / n),
            "Those are ratios of single tokens. Divide the sum of all bits by the sum of all bytes.",
        ),
        "bytes of the vocabulary": (
            (
                lambda nats, ids, sizes: nats.mean() / np.log(2) / sizes.mean(),
                lambda nats, ids, sizes: nats.sum() / np.log(2) / sizes.sum(),
                lambda nats, ids, sizes: nats.mean() / np.log(2) / sizes[1:].mean(),
            ),
            "You took the sizes of the vocabulary's tokens. What counts are those of the text: sizes[ids].",
        ),
        "ids for sizes": (
            lambda nats, ids, sizes: nats.sum() / np.log(2) / ids.sum(),
            "You divided by the ids. How many bytes a token stands for is looked up: sizes[ids].",
        ),
        "end left out": (
            _of(lambda bits, n: bits[n > 0].sum() / n.sum()),
            "You left out the tokens without bytes. To say where a text ends costs bits as well.",
        ),
        "end as a byte": (
            _of(lambda bits, n: bits.sum() / np.maximum(n, 1).sum()),
            "You counted the token that ends a text as a byte. It stands for none.",
        ),
        "turned over": (
            _of(lambda bits, n: n.sum() / bits.sum()),
            "Those are bytes per bit. Turn it over.",
        ),
        "weighted": (
            (
                _of(lambda bits, n: (bits * n).sum() / n.sum()),
                _of(lambda bits, n: (bits * n).mean()),
            ),
            "You weighted each token by its bytes. Its loss is that of all its bytes together, so it counts once.",
        ),
        "eight bits": (
            (
                _of(lambda bits, n: bits.sum() / (8 * n.sum())),
                lambda nats, ids, sizes: nats.sum() / (8 * sizes[ids].sum()),
            ),
            "You divided by the 8 bits of a byte. That is a share of what was given, not bits per byte.",
        ),
        "perplexity": (
            (
                _of(lambda bits, n: 2 ** (bits.sum() / n.sum())),
                _of(lambda bits, n: 2 ** bits.mean()),
            ),
            "That is a perplexity. Its logarithm to the base 2 is asked for, per byte.",
        ),
    },
    prompt="Return a number and run the cell again.",
)
