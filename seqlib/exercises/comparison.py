"""The practice of chapter 8: what is fair, what it costs, which rate is best, and whether a difference is one."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isqrt, sqrt
from typing import Any

from seqlib.exercises.checker import Exercise
from seqlib.exercises.comparison_seeds import best_rates, luck

__all__ = ["best_rates", "equal_units", "luck", "products"]


def _most(count: Callable[[int, int, int, int], int], *, more: int = 0) -> Callable[[int, int, int, int], int]:
    """The most units H for which count(H, G, D, K) is at most P, or so many more; a count may be a mistake."""

    def answer(P: int, G: int, D: int, K: int) -> int:
        H = 0
        while count(H + 1, G, D, K) <= P:
            H += 1
        return H + more

    return answer


def _count(H: int, G: int, D: int, K: int) -> int:
    return G * H * (D + H + 2) + K * (H + 1)


def _root(P: int, G: int, D: int, K: int) -> float:
    """Where the count is exactly P."""
    b = G * (D + 2) + K
    return (sqrt(b * b + 4 * G * (P - K)) - b) / (2 * G)


equal_units = Exercise(
    "equal_units",
    _most(_count),
    # in the fifth case P is exactly the count; in the next two small mistakes make a difference
    [
        (850, 4, 4, 26),
        (782, 3, 16, 40),
        (2968, 3, 8, 16),
        (2298, 1, 14, 37),
        (342, 3, 5, 6),
        (257, 4, 3, 9),
        (418, 4, 3, 5),
    ],
    wrong={
        "one bias": (
            _most(lambda H, G, D, K: G * H * (D + H + 1) + K * (H + 1)),
            "You counted one bias per block. PyTorch's layers have two: H(D + H + 2).",
        ),
        "a bias is a number": (
            _most(lambda H, G, D, K: G * (H * (D + H) + 2) + K * (H + 1)),
            "You counted two numbers for the two biases of a block. Each bias is a vector: that makes 2 H numbers.",
        ),
        "no bias": (
            _most(lambda H, G, D, K: G * H * (D + H) + K * (H + 1)),
            "The biases of the blocks are missing: two in each, H(D + H + 2).",
        ),
        "no read-out": (
            _most(lambda H, G, D, K: G * H * (D + H + 2)),
            "The read-out is missing. It has K(H + 1) parameters.",
        ),
        "no weights of the read-out": (
            _most(lambda H, G, D, K: G * H * (D + H + 2) + K),
            "The weights of the read-out are missing. It has K(H + 1) parameters.",
        ),
        "no bias of the read-out": (
            _most(lambda H, G, D, K: G * H * (D + H + 2) + K * H),
            "The read-out has biases too: K(H + 1) parameters, not K H.",
        ),
        "two biases of the read-out": (
            _most(lambda H, G, D, K: G * H * (D + H + 2) + K * (H + 2)),
            "You gave the read-out two biases for each of its numbers. It has one: K(H + 1).",
        ),
        "one block": (
            _most(lambda H, G, D, K: _count(H, 1, D, K)),
            "You counted one block. This cell has G of them, each with H(D + H + 2).",
        ),
        "four blocks": (_most(lambda H, G, D, K: _count(H, 4, D, K)), "You counted four blocks whatever G is."),
        "one too many": (
            (_most(_count, more=1), lambda *given: ceil(_root(*given))),
            "That is one unit too many: the network has more than P parameters.",
        ),
        "one too few": (_most(_count, more=-1), "With one unit more there are still at most P parameters."),
        "strictly fewer": (
            _most(lambda *given: _count(*given) + 1),
            "At most P: a network with exactly P parameters is allowed.",
        ),
        "nearest": (
            (
                lambda *given: round(_root(*given)),
                lambda P, *cell: min(range(P), key=lambda H: abs(_count(H, *cell) - P)),
            ),
            "You took the nearest number of units. It may have more than P parameters: round down.",
        ),
        "not whole": (
            _root,
            "That is where the count is exactly P. Units are whole: round down.",
        ),
        "by the square alone": (
            lambda P, G, D, K: isqrt(P // G),
            "You took G H² for all. The inputs, the biases and the read-out count as well.",
        ),
        "read-out of the inputs": (
            _most(lambda H, G, D, K: G * H * (D + H + 2) + K * (D + 1)),
            "Your read-out has K(D + 1) parameters. It reads the H units: K(H + 1).",
        ),
        "read-out of both": (
            _most(lambda H, G, D, K: G * H * (D + H + 2) + K * (D + H + 1)),
            "Your read-out reads the inputs as well. It reads the H units alone: K(H + 1).",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)


def _products(factor: float = 3, *, square: float = 1, outside: int = 0, batch: bool = True, steps: bool = True) -> Any:
    def answer(G: int, D: int, H: int, B: int, T: int) -> int:
        per_step = G * H * (D + square * H + outside)
        return int(factor * per_step * (B if batch else 1) * (T if steps else 1))

    return answer


def _weights(often: Callable[[int, int], int]) -> Callable[[int, int, int, int, int], int]:
    """Both passes, with the product for the gradient of the weights counted only so often."""
    return lambda G, D, H, B, T: G * H * (D + H) * (2 * B * T + often(B, T))


products = Exercise(
    "products",
    _products(),
    [(4, 3, 5, 2, 7), (1, 6, 4, 3, 5), (3, 2, 3, 5, 11)],
    wrong={
        "forward only": (
            _products(1),
            "That is the forward pass alone. The backward pass has two products for each of its products: "
            "one for the input or state, and one for the weights.",
        ),
        "two products": (
            _products(2),
            "You counted two products for each matrix. There are three: one in the forward pass, and in the backward "
            "pass one for the input or state and one for the weights.",
        ),
        "weights once": (
            tuple(map(_weights, (lambda B, T: 1, lambda B, T: T, lambda B, T: B))),
            "The gradient of the weights is a sum over all B sequences and T steps, "
            "and each of them has its own product.",
        ),
        "no gradient of the inputs": (
            (
                lambda G, D, H, B, T: G * H * (2 * D + 3 * H) * B * T,
                lambda G, D, H, B, T: G * H * ((2 * D + 3 * H) * T - H) * B,
            ),
            "The gradients of the inputs are wanted, too: at each step one more product with the matrix of the inputs.",
        ),
        "no gradient of the first state": (
            lambda G, D, H, B, T: G * H * (3 * (D + H) * T - H) * B,
            "The gradient of h_0 is wanted, too: one more product with the matrix of the states, at the first step.",
        ),
        "first state left out": (
            lambda G, D, H, B, T: 3 * G * H * (D * T + H * (T - 1)) * B,
            "The first step multiplies h_0 by the matrix of the states, like any other step: T times, not T - 1.",
        ),
        "biases": (
            (_products(outside=2), _products(outside=1)),
            "You counted the biases. They are added, not multiplied.",
        ),
        "additions": (_products(6), "You counted the additions as well. What is wanted is the multiplications."),
        "one sequence": (_products(batch=False), "That is one sequence. There are B of them."),
        "one step": (_products(steps=False), "That is one time step. There are T of them."),
        "one of one": (_products(batch=False, steps=False), "That is one time step of one sequence. There are B · T."),
        "four times": (
            _products(4),
            "You counted four products for each matrix. "
            "There are three: one in the forward pass, two in the backward pass.",
        ),
        "state alone": (
            lambda G, D, H, B, T: 3 * G * H * H * B * T,
            "The products with the inputs are missing: the matrix of the inputs has H · D numbers in each block.",
        ),
        "inputs alone": (
            lambda G, D, H, B, T: 3 * G * H * D * B * T,
            "The products with the states are missing: the matrix of the states has H · H numbers in each block.",
        ),
        "no blocks": (
            lambda G, D, H, B, T: 3 * H * (D + H) * B * T,
            "That is one block. This cell has G of them.",
        ),
        "four blocks": (
            lambda G, D, H, B, T: 3 * 4 * H * (D + H) * B * T,
            "You counted four blocks whatever G is.",
        ),
    },
    prompt="Return a whole number and run the cell again.",
)
