"""The practice of chapter 16: how many combinations two scans need, and how many of them one after the other."""

from __future__ import annotations

from collections.abc import Callable
from math import log2

from seqlib.exercises.checker import Exercise

__all__ = ["scan_costs"]

Costs = tuple[float, ...]


def _rounds(T: int) -> int:
    """log₂ T, rounded up."""
    return (T - 1).bit_length()


def _doubling(T: int) -> Costs:
    return sum(T - 2**k for k in range(_rounds(T))), _rounds(T)


def _tree(T: int) -> Costs:
    """Pairs; the pairs among themselves; places 3, 5, …."""
    if T < 2:
        return 0, 0
    pairs, between = T // 2, (T - 1) // 2
    work, depth = _tree(pairs)
    return pairs + work + between, 1 + depth + (between > 0)


def _upwards(T: int) -> Costs:
    """Without the places between."""
    if T < 2:
        return 0, 0
    work, depth = _upwards(T // 2)
    return T // 2 + work, 1 + depth


def _deeper(T: int) -> Costs:
    """A round for the places between even where there are none."""
    if T < 2:
        return 0, 0
    work, depth = _deeper(T // 2)
    return T // 2 + work + (T - 1) // 2, 2 + depth


def _halves(T: int) -> Costs:
    """The one that is left over counted as a pair."""
    if T < 2:
        return 0, 0
    work, depth = _halves((T + 1) // 2)
    return T // 2 + work + (T - 1) // 2, 1 + depth + (T > 2)


def _with_between(T: int) -> Costs:
    """The first place counted among those between."""
    if T < 2:
        return 0, 0
    work, depth = _with_between(T // 2)
    return T // 2 + work + (T + 1) // 2, 2 + depth


def _doubling_work(T: int) -> float:
    return _doubling(T)[0]


def _tree_work(T: int) -> float:
    return _tree(T)[0]


def _costs(
    doubling: Callable[[int], Costs] = _doubling, tree: Callable[[int], Costs] = _tree
) -> Callable[[int], Costs]:
    return lambda T: (*doubling(T), *tree(T))


def _of_doubling(work: Callable[[int], float], depth: Callable[[int], float] = _rounds) -> Callable[[int], Costs]:
    return _costs(doubling=lambda T: (work(T), depth(T)))


def _of_tree(work: Callable[[int], float], depth: Callable[[int], float]) -> Callable[[int], Costs]:
    return _costs(tree=lambda T: (work(T), depth(T)))


def _down(T: int) -> int:
    """log₂ T, rounded down."""
    return T.bit_length() - 1


def _by_formula(log: Callable[[int], float], least: float) -> tuple[Callable[[int], Costs], ...]:
    """What holds for T = 2ⁿ, with this log for n, a depth of at least `least`: of both, of doubling, of the tree."""

    def doubling(T: int) -> Costs:
        return T * log(T) - T + 1, log(T)

    def tree(T: int) -> Costs:
        return 2 * T - log(T) - 2, max(2 * log(T) - 1, least)

    return _costs(doubling, tree), _costs(doubling=doubling), _costs(tree=tree)


scan_costs = Exercise(
    "scan_costs",
    _costs(),
    [(8,), (13,), (1,), (2,), (3,), (37,), (64,), (1000,)],
    wrong={
        "T in every round": (
            _of_doubling(lambda T: T * _rounds(T)),
            "In a round with distance d the first d entries have nothing to be combined with: T − d are.",
        ),
        "T log T": (
            _of_doubling(lambda T: T * log2(T)),
            "That is how the number grows. Count: the round with distance d combines T − d entries.",
        ),
        "one further back": (
            _of_doubling(lambda T: sum(T - 2 ** (k + 1) for k in range(_rounds(T)))),
            "The first distance is 1: 2⁰.",
        ),
        "a round too few": (
            (
                _of_doubling(lambda T: sum(T - 2**k for k in range(_down(T))), _down),
                _of_doubling(_doubling_work, _down),
            ),
            "Where T is no power of 2, a round is missing: go on as long as the distance is less than T.",
        ),
        "a round too many": (
            (
                _of_doubling(lambda T: sum(T - 2**k for k in range(T.bit_length())), int.bit_length),
                _of_doubling(_doubling_work, int.bit_length),
            ),
            "Where T is a power of 2, there is a round too many: the distance T reaches no step.",
        ),
        "a loop": (
            _of_doubling(lambda T: T - 1, lambda T: T - 1),
            "Those are the costs of a loop: T − 1 combinations, one after the other.",
        ),
        "all at once": (
            _of_doubling(_doubling_work, lambda T: min(T - 1, 1)),
            "All combinations of one round can be done at once, but a round needs what the round before has made.",
        ),
        "not parallel": (
            (
                _of_doubling(_doubling_work, _doubling_work),
                _of_tree(_tree_work, _tree_work),
            ),
            "You counted each combination as a round of its own. All that do not wait for each other count as one.",
        ),
        "pairs alone": (
            _costs(tree=_upwards),
            "The pairs give the places 2, 4, 6, …. The places 3, 5, … are missing: one combination each, all in "
            "one round more on each level.",
        ),
        "one way": (
            (
                _of_tree(_tree_work, _down),
                _of_tree(_tree_work, _rounds),
            ),
            "The tree has two rounds on a level: one that makes the pairs, and one for the places between.",
        ),
        "an empty round": (
            (_costs(tree=_deeper), _of_tree(_tree_work, lambda T: 2 * _down(T))),
            "Where T is 2, there is no place between, so there is no round for it.",
        ),
        "rounded up": (
            (_of_tree(_tree_work, lambda T: 2 * _rounds(T)), _costs(tree=_halves)),
            "What is left over where T is odd makes no pair: the pairs are ⌊T/2⌋.",
        ),
        "power of 2": (
            (
                _of_tree(lambda T: 2 * T - 2 - log2(T), lambda T: _tree(T)[1]),
                _of_tree(lambda T: 2 * T - 2 - _down(T), lambda T: _tree(T)[1]),
            ),
            "That holds where T is a power of 2. In general, count level by level.",
        ),
        "formulas": (
            tuple(made for log in (_rounds, _down, log2) for least in (-1, 0) for made in _by_formula(log, least)),
            "Those formulas hold where T is a power of 2. Count for any T: doubling round by round, the tree level "
            "by level.",
        ),
        "about 2T": (
            (
                _of_tree(lambda T: 2 * T, lambda T: 2 * log2(T)),
                _of_tree(lambda T: 2 * (T - 1), lambda T: _tree(T)[1]),
                _of_tree(lambda T: 2 * T, lambda T: _tree(T)[1]),
            ),
            "That is a bound for the tree, not its number. Count level by level.",
        ),
        "one place more": (
            _costs(tree=_with_between),
            "Between the pairs lie the places 3, 5, …, up to T: ⌊(T − 1)/2⌋. The first is there already.",
        ),
        "FLOP": (
            lambda T: (3 * _doubling(T)[0], _doubling(T)[1], 3 * _tree(T)[0], _tree(T)[1]),
            "You counted multiplications and additions, 3 for each combination. Count combinations.",
        ),
        "turned": (
            lambda T: (*_tree(T), *_doubling(T)),
            "Doubling comes first, and then the tree.",
        ),
        "work and depth": (
            lambda T: (*_doubling(T)[::-1], *_tree(T)[::-1]),
            "For each scan the number of combinations comes first, and then the number of rounds.",
        ),
        "in pairs": (
            lambda T: (_doubling(T), _tree(T)),
            "Return four numbers in one row, not two pairs.",
        ),
    },
    prompt="Return four whole numbers and run the cell again.",
)
