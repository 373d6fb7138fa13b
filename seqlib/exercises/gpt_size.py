"""The practice of chapter 15: how many numbers a GPT learns, from its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seqlib.exercises.checker import Exercise

__all__ = ["gpt_size"]


def _with(
    *,
    tables: Callable[[int, int, int], int] = lambda V, T, d: (V + T) * d,
    attention: Callable[[int, int], float] = lambda d, heads: 4 * d * d + 4 * d,
    layer: Callable[[int, int], int] = lambda d, h: 2 * d * h + h + d,
    norms: Callable[[int], int] = lambda d: 4 * d,
    last: Callable[[int, int], int] = lambda d, V: 2 * d,
    once: bool = False,
) -> Callable[..., Any]:
    """A count in which one part is another."""

    def answer(V: int, T: int, d: int, heads: int, hidden: int, layers: int) -> Any:
        block = int(attention(d, heads)) + layer(d, hidden) + norms(d)
        return tables(V, T, d) + (1 if once else layers) * block + last(d, V)

    return answer


gpt_size = Exercise(
    "gpt_size",
    _with(),
    [(50, 12, 8, 2, 24, 3), (31, 20, 12, 3, 48, 2), (90, 9, 6, 1, 20, 4), (50257, 1024, 768, 12, 3072, 12)],
    wrong={
        "read-out of its own": (
            _with(last=lambda d, V: 2 * d + V * d),
            "You counted a matrix for the scores. GPT has the table of the tokens there, which is counted already.",
        ),
        "read-out with a bias": (
            (_with(last=lambda d, V: 2 * d + V), _with(last=lambda d, V: 2 * d + V * d + V)),
            "You counted a bias of the scores. GPT has none there, and no matrix beside the table of the tokens.",
        ),
        "no positions": (
            _with(tables=lambda V, T, d: V * d),
            "The embeddings of the positions are missing: they are learnt as well.",
        ),
        "no tokens": (
            _with(tables=lambda V, T, d: T * d),
            "The embeddings of the tokens are missing.",
        ),
        "no tables": (
            _with(tables=lambda V, T, d: 0),
            "Both tables of embeddings are missing, that of the tokens and that of the positions.",
        ),
        "no biases": (
            _with(
                attention=lambda d, heads: 4 * d * d,
                layer=lambda d, h: 2 * d * h,
            ),
            "The biases of the matrices are missing: each of the six of a block has one.",
        ),
        "four times d too few": (
            (_with(attention=lambda d, heads: 4 * d * d), _with(norms=lambda d: 0)),
            "In each block 4 d numbers are missing: four biases of attention, or the gains and biases of two norms.",
        ),
        "no bias of queries, keys, values": (
            _with(attention=lambda d, heads: 4 * d * d + d),
            "The biases of queries, keys and values are missing: each has d numbers, as that of the output has.",
        ),
        "a bias of d": (
            (_with(layer=lambda d, h: 2 * d * h + h), _with(attention=lambda d, heads: 4 * d * d + 3 * d)),
            "A bias of d numbers is missing in each block: attention has four of them, and the feed-forward layer has "
            "one, beside that of `hidden` numbers.",
        ),
        "biases of the layer": (
            (
                _with(layer=lambda d, h: 2 * d * h),
                _with(layer=lambda d, h: 2 * d * h + d),
                _with(layer=lambda d, h: 2 * d * h + 2 * h),
                _with(layer=lambda d, h: 2 * d * h + 2 * d),
            ),
            "The biases of the feed-forward layer are another number: the first has `hidden` of them, the second d.",
        ),
        "no norms": (
            _with(norms=lambda d: 0, last=lambda d, V: 0),
            "The norms are missing: two in each block and one behind the last, with a gain and a bias of d numbers.",
        ),
        "gain alone": (
            (
                _with(norms=lambda d: 2 * d, last=lambda d, V: d),
                _with(norms=lambda d: 2 * d),
            ),
            "A norm has d gains and d biases, and a block has two norms.",
        ),
        "last norm": (
            _with(last=lambda d, V: 0),
            "One norm more stands behind the last block.",
        ),
        "last norm halved": (
            _with(last=lambda d, V: d),
            "The norm behind the last block has d gains and d biases, like all others.",
        ),
        "one block": (
            _with(once=True),
            "That is one block. There are `layers` of them, each with numbers of its own.",
        ),
        "times heads": (
            _with(attention=lambda d, heads: heads * (4 * d * d + 4 * d)),
            "You counted the matrices once for each head. The heads share the d features: together they have d × d.",
        ),
        "one head's share": (
            (
                _with(attention=lambda d, heads: 4 * d * d // heads + 4 * d),
                _with(attention=lambda d, heads: 4 * (d // heads) ** 2 + 4 * d // heads),
                _with(attention=lambda d, heads: 4 * d * d // heads + 4 * d // heads),
                _with(attention=lambda d, heads: 3 * d * (d // heads) + d * d + 4 * d),
            ),
            "You counted the matrices of one head. All heads together have d × d numbers in each of four matrices.",
        ),
        "no output matrix": (
            (_with(attention=lambda d, heads: 3 * d * d + 3 * d), _with(attention=lambda d, heads: 3 * d * d + 4 * d)),
            "The matrix that mixes the heads is missing: attention has four.",
        ),
        "one matrix of two": (
            (_with(layer=lambda d, h: d * h + h + d), _with(layer=lambda d, h: d * h + h)),
            "The feed-forward layer has two matrices: from d to `hidden`, and back.",
        ),
        "hidden squared": (
            _with(layer=lambda d, h: d * h + h * h + h + d),
            "The second matrix of the feed-forward layer goes back to d features.",
        ),
        "four times d": (
            _with(layer=lambda d, h: 8 * d * d + 5 * d),
            "You took four times d for the hidden features. Often they are; here `hidden` says how many.",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)
