"""Parity by one unit in chapter 16: run over its bits; each mistake by what its states are."""

import numpy as np
import pytest

from seqlib.exercises.linear_recurrence_parity import parity_steps
from seqlib.reference import linear_recurrence


def _states(a, b):
    return linear_recurrence.forward(np.asarray(a, float)[..., None], np.asarray(b, float)[..., None])[0][..., 0]


@pytest.mark.parametrize("case", parity_steps.cases)
def test_the_states_are_the_parity(case):
    (x,) = case
    wanted = [[sum(row[: t + 1]) % 2 for t in range(len(row))] for row in x.tolist()]
    np.testing.assert_array_equal(_states(*parity_steps.expected(x)), wanted)


def test_the_states_stay_exact_beyond_every_length_of_a_training():
    x = np.random.default_rng(0).integers(2, size=(3, 4000))
    np.testing.assert_array_equal(_states(*parity_steps.expected(x)), np.bitwise_xor.accumulate(x, axis=1))


def test_no_other_steps_of_a_bit_alone_do_it():
    """Of all factors and summands on a grid, those of the answer are the only ones."""
    (x,) = parity_steps.cases[0]
    grid, found = np.linspace(-2, 2, 17), []
    for a0, b0, a1, b1 in np.stack(np.meshgrid(*[grid] * 4), -1).reshape(-1, 4):
        h, right = 0.0, True
        for bit in x.ravel().tolist():
            h, last = (a1 * h + b1, h) if bit else (a0 * h + b0, h)
            right = right and h == (1 - last if bit else last)
            if not right:
                break
        if right:
            found.append((a0, b0, a1, b1))
    assert found == [(1, 0, -1, 1)]


def test_cases_have_both_bits_in_runs_and_alone():
    sizes = [x.shape for (x,) in parity_steps.cases]
    assert len({len(shape) for shape in sizes}) == 1
    assert min(T for _, T in sizes) == 1
    assert max(T for _, T in sizes) >= 32
    for (x,) in parity_steps.cases:
        assert set(x.ravel()) == {0, 1}
    assert parity_steps.cases[0][0].tolist()[-1] == [1] * 6


BITS = {
    "right": ((1, 0), (-1, 1)),
    "counts": ((1, 0), (1, 1)),
    "sets": ((1, 0), (0, 1)),
    "last bit": ((0, 0), (0, 1)),
    "clears": ((1, 0), (0, 0)),
    "always flips": ((-1, 0), (-1, 1)),
    "zeros flip": ((-1, 1), (1, 0)),
    "one at zeros": ((1, 1), (-1, 1)),
    "plus and minus one": ((1, 0), (-1, 2)),
    "subtracts": ((1, 0), (1, -1)),
    "even": ((1, 1), (-1, 0)),
    "no input": ((1, 0), (-1, 0)),
    "turned": ((0, 1), (1, -1)),
}


@pytest.mark.parametrize("id", BITS)
def test_a_table_of_two_steps_is_told_as_such(id):
    table = np.array(BITS[id], dtype=float)
    assert parity_steps.judge(lambda x: tuple(np.moveaxis(table[x], -1, 0))).id == id


def test_other_mistakes_are_told_as_such():
    def parity(x):
        return np.bitwise_xor.accumulate(x, axis=1)

    def changes(x):
        before = np.pad(parity(x), ((0, 0), (1, 0)))[:, :-1]
        return np.ones(x.shape), parity(x) - before

    assert parity_steps.judge(parity).id == "parity itself"
    assert parity_steps.judge(lambda x: (np.zeros(x.shape), parity(x))).id == "counted yourself"
    assert parity_steps.judge(changes).id == "counted yourself"
    assert parity_steps.judge(lambda x: (np.full(x.shape, -1), np.ones(x.shape))).id == "always flips"
    assert parity_steps.judge(lambda x: np.where(x, -1, 1)).id == "factors alone"
