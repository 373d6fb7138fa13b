"""The alignment error rate: against a count of every possible link, by hand, as F1, as matrices; bad input."""

import itertools

import numpy as np
import pytest

from seqlib.metrics import alignment_error_rate


def counted(alignments, sure, possible):
    """The rate by going through every cell of a grid."""
    agreed = links = 0
    for A, S, P in zip(alignments, sure, possible, strict=True):
        for cell in itertools.product(range(4), range(5)):
            found, certain, allowed = cell in A, cell in S, cell in P or cell in S
            agreed += (found and certain) + (found and allowed)
            links += found + certain
    return 1 - agreed / links


@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_a_count_of_every_link_says(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    grids = rng.random((3, n, 4, 5)) < np.array([0.3, 0.2, 0.4])[:, None, None, None]
    grids[1, 0, 0, 0] = True
    sets = [[{(int(i), int(j)) for i, j in np.argwhere(grid)} for grid in side] for side in grids]
    assert alignment_error_rate(*sets) == pytest.approx(counted(*sets))
    assert alignment_error_rate(*grids) == alignment_error_rate(*sets)
    assert alignment_error_rate(grids[0], *sets[1:]) == alignment_error_rate(*sets)  # the same way round
    assert alignment_error_rate([sorted(s) * 2 for s in sets[0]], *sets[1:]) == alignment_error_rate(*sets)
    turned = [[{(j, i) for i, j in s} for s in side] for side in sets]
    assert alignment_error_rate(*turned) == alignment_error_rate(*sets)
    P = [p | s for p, s in zip(sets[2], sets[1], strict=True)]
    assert alignment_error_rate(sets[0], sets[1], P) == alignment_error_rate(*sets)
    right = sum(len(a & s) for a, s in zip(sets[0], sets[1], strict=True))
    whole = sum(map(len, sets[0])) + sum(map(len, sets[1]))
    assert alignment_error_rate(sets[0], sets[1]) == pytest.approx(1 - 2 * right / whole)


def test_by_hand():
    sure, possible = [{(0, 0), (1, 1)}], [{(2, 1), (2, 2)}]
    assert alignment_error_rate([{(0, 0), (1, 1)}], sure, possible) == 0
    assert alignment_error_rate([{(0, 0), (1, 1), (2, 2)}], sure, possible) == 0  # possible ones are no error
    assert alignment_error_rate([{(0, 0), (2, 2)}], sure, possible) == pytest.approx(1 - (1 + 2) / 4)
    assert alignment_error_rate([{(0, 1)}], sure, possible) == 1
    assert alignment_error_rate([set()], sure) == 1
    assert alignment_error_rate([set(), {(0, 0)}], [{(0, 0)}, {(0, 0)}]) == pytest.approx(1 - 2 / 3)  # sums, not means


BAD = [
    (lambda: alignment_error_rate({(0, 0)}, [{(0, 0)}]), TypeError, "alignments must be a list with the links of each"),
    (
        lambda: alignment_error_rate([set()], [set(), set()]),
        ValueError,
        "sure must have links for .* 1 sentences, got 2",
    ),
    (lambda: alignment_error_rate([set()], [set()], []), ValueError, "possible must have links for each of the 1"),
    (lambda: alignment_error_rate([set()], [set()]), ValueError, "alignments and sure must have at least one link"),
    (lambda: alignment_error_rate([], []), ValueError, "alignments and sure must have at least one link"),
    (lambda: alignment_error_rate([3], [set()]), TypeError, r"alignments\[0\] must be a set of pairs .*, got int"),
    (lambda: alignment_error_rate([[3]], [set()]), TypeError, r"alignments\[0\] must hold pairs \(i, j\), got 3"),
    (lambda: alignment_error_rate([["ab"]], [set()]), TypeError, r"alignments\[0\] must hold pairs \(i, j\), got 'ab'"),
    (lambda: alignment_error_rate([[(0, -1)]], [[]]), ValueError, r"the links of alignments\[0\] must be at least 0"),
    (lambda: alignment_error_rate([[(0, 1.0)]], [[]]), TypeError, r"the links of alignments\[0\] must be an integer"),
    (
        lambda: alignment_error_rate([np.zeros(3) > 0], [set()]),
        ValueError,
        r"alignments\[0\] must be a matrix of links",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
