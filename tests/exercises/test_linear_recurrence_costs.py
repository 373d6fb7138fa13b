"""Work and depth in chapter 16: those of the reference, which counts while it runs; each mistake by another count."""

import math

import numpy as np
import pytest

from seqlib.exercises.linear_recurrence_costs import scan_costs
from seqlib.reference import linear_recurrence

SIZES = [*range(1, 70), 127, 128, 129]


def _counted(T, method):
    """What the reference counts, without the step that puts the start into the first b."""
    _, cache = linear_recurrence.forward(np.ones((1, T, 1)), np.ones((1, T, 1)), method=method)
    return cache.cost.work - 1, cache.cost.depth - 1


@pytest.mark.parametrize("T", SIZES)
def test_it_is_what_the_reference_counts(T):
    assert tuple(scan_costs.expected(T)) == (*_counted(T, "doubling"), *_counted(T, "tree"))


def test_the_bounds_that_are_said_of_them_hold():
    for T in SIZES[1:]:
        work, rounds, tree, depth = scan_costs.expected(T)
        assert rounds == math.ceil(math.log2(T))
        assert work <= T * rounds
        assert T - 1 <= tree <= 2 * T - 2
        assert depth <= 2 * math.log2(T)
    assert scan_costs.expected(1000) == (8977, 10, 1984, 18)


def test_cases_are_the_smallest_a_power_of_two_and_others():
    sizes = [T for (T,) in scan_costs.cases]
    assert sorted(sizes)[:3] == [1, 2, 3]
    assert sum(T > 2 and math.log2(T) % 1 == 0 for T in sizes) == 2
    assert sum(math.log2(T) % 1 > 0 for T in sizes) == 4


def _levels(T, half=lambda n: n // 2):
    """The sizes of the sequences that a tree scans."""
    found = []
    while T > 1:
        found.append(T)
        T = half(T)
    return found


def _count(d_first=1, each=lambda T, d: T - d, more=lambda T, d: d < T, between=lambda n: (n - 1) // 2, down=None):
    """The costs, counted round by round, with one thing different."""

    def answer(T):
        distances, d = [], d_first
        while more(T, d):
            distances.append(d // d_first)
            d *= 2
        levels = _levels(T)
        depth = sum(1 + (between(n) > 0 if down is None else down) for n in levels)
        doubling = sum(each(T, d * d_first) for d in distances), len(distances)
        return [*doubling, sum(n // 2 + between(n) for n in levels), depth]

    return answer


def _instead(*changes):
    """The right numbers, and others at some places."""

    def answer(T):
        numbers = list(_count()(T))
        for place, made in changes:
            numbers[place] = made(T)
        return numbers

    return answer


LOGS = {"up": lambda T: math.ceil(math.log2(T)), "down": lambda T: math.floor(math.log2(T)), "as it is": math.log2}


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("guarded", [False, True])
def test_the_formulas_of_the_chapter_are_told_as_such_for_another_size(log, guarded):
    n = LOGS[log]

    def depth(T):
        return 0 if guarded and T == 1 else 2 * n(T) - 1

    of_doubling = (0, lambda T: n(T) * T - T + 1), (1, n)
    of_tree = (2, lambda T: 2 * T - n(T) - 2), (3, depth)
    assert scan_costs.judge(_instead(*of_doubling, *of_tree)).id == "formulas"
    assert scan_costs.judge(_instead(*of_tree)).id == "formulas"
    assert scan_costs.judge(_instead(*of_doubling)).id == "formulas"


@pytest.mark.parametrize("n", [1, 2, 3, 6, 10])
def test_the_formulas_of_the_chapter_hold_for_powers_of_two(n):
    T = 2**n
    assert tuple(scan_costs.expected(T)) == (n * T - T + 1, n, 2 * T - n - 2, 2 * n - 1)


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _count()),
        ("T in every round", _count(each=lambda T, d: T)),
        ("T log T", _instead((0, lambda T: T * math.log(T, 2)))),
        ("one further back", _instead((0, lambda T: sum(T - 2 * 2**k for k in range(math.ceil(math.log2(T))))))),
        ("a round too few", _count(more=lambda T, d: 2 * d <= T)),
        ("a round too few", _instead((1, lambda T: math.floor(math.log2(T))))),
        ("a round too many", _count(more=lambda T, d: d <= T)),
        ("a round too many", _instead((1, lambda T: 1 + math.floor(math.log2(T))))),
        ("a loop", _instead((0, lambda T: T - 1), (1, lambda T: T - 1))),
        ("all at once", _instead((1, lambda T: int(T > 1)))),
        ("not parallel", _instead((1, lambda T: _counted(T, "doubling")[0]))),
        ("not parallel", _instead((3, lambda T: _counted(T, "tree")[0]))),
        ("pairs alone", _count(between=lambda n: 0)),
        ("one way", _count(down=0)),
        ("one way", _instead((3, lambda T: math.ceil(math.log2(T))))),
        ("an empty round", _count(down=1)),
        ("rounded up", _instead((3, lambda T: 2 * math.ceil(math.log2(T))))),
        (
            "rounded up",
            _instead(
                (2, lambda T: sum(n - 1 for n in _levels(T, lambda n: -(-n // 2)))),
                (3, lambda T: sum(1 + (n > 2) for n in _levels(T, lambda n: -(-n // 2)))),
            ),
        ),
        ("power of 2", _instead((2, lambda T: 2 * T - 2 - math.log2(T)))),
        ("power of 2", _instead((2, lambda T: 2 * T - 2 - math.floor(math.log2(T))))),
        ("about 2T", _instead((2, lambda T: 2 * T))),
        ("about 2T", _instead((2, lambda T: 2 * T - 2))),
        ("about 2T", _instead((2, lambda T: 2 * T), (3, lambda T: 2 * math.log2(T)))),
        ("one place more", _count(between=lambda n: (n + 1) // 2)),
        ("FLOP", lambda T: np.multiply(_count()(T), [3, 1, 3, 1])),
        ("turned", lambda T: np.roll(_count()(T), 2)),
        ("work and depth", lambda T: np.array(_count()(T))[[1, 0, 3, 2]]),
        ("in pairs", lambda T: np.reshape(_count()(T), (2, 2))),
    ],
)
def test_another_count_is_told_as_such(id, answer):
    assert scan_costs.judge(answer).id == id
