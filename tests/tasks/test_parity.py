"""Parity: the answers by walking through each string, chance by every string."""

import itertools
import math

import numpy as np
import pytest

from seqlib.tasks import Parity


def walked(bits):
    """The parity after each bit, turned round by each one."""
    odd, answers = False, []
    for bit in bits:
        odd = not odd if bit else odd
        answers.append(int(odd))
    return answers


@pytest.mark.parametrize("asked", ["every step", "end"])
@pytest.mark.parametrize("T", [1, 7, (1, 16), (60, 64)])
def test_answers_and_what_is_asked(T, asked):
    task = Parity(T, asked)
    (x, *lengths), y, mask = task.sample(300, np.random.default_rng(0))
    n = lengths[0] if lengths else np.full(300, T)
    assert bool(lengths) == isinstance(T, tuple)
    assert x.shape[1] == n.max()
    assert set(n) == set(task.lengths)
    for bits, answers, keeps, length in zip(x.tolist(), y.tolist(), mask, n, strict=True):
        assert answers[:length] == walked(bits[:length])
        assert not any(bits[length:])
        assert not any(answers[length:])
        wanted = range(length) if asked == "every step" else [length - 1]
        assert np.nonzero(keeps)[0].tolist() == list(wanted)


def test_strings_are_uniform_and_lengths_too():
    (x, n), _, mask = Parity((1, 4)).sample(40_000, np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(n)[1:] / 40_000, 1 / 4, atol=0.015)
    four = x[n == 4] @ [8, 4, 2, 1]
    np.testing.assert_allclose(np.bincount(four, minlength=16) / len(four), 1 / 16, atol=0.015)
    assert mask.sum() == n.sum()


@pytest.mark.parametrize("T", [1, 2, 6])
def test_no_part_of_the_bits_says_anything(T):
    """Given all bits but one, the answer at the end is 0 as often as 1: they are worth no more than chance."""
    every = np.array(list(itertools.product([0, 1], repeat=T)))
    parity = np.array([walked(bits)[-1] for bits in every])
    for left_out in range(T):
        seen = [tuple(row) for row in np.delete(every, left_out, 1)]
        for key in set(seen):
            assert parity[[one == key for one in seen]].mean() == 0.5
    assert Parity(T).chance == pytest.approx(math.log(2))
    assert Parity(T).floor == 0


def test_longer_strings_are_the_same_problem():
    (x,), y, _ = Parity(64).sample(5, np.random.default_rng(2))
    assert (y[:, 1:] == (y[:, :-1] ^ x[:, 1:])).all()
    assert (Parity(64).vocab_size, Parity(64).n_out) == (Parity((1, 16)).vocab_size, Parity((1, 16)).n_out) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"T": 0}, "T must be at least 1"),
        ({"T": (0, 3)}, r"T\[0\] must be at least 1"),
        ({"T": (5, 3)}, r"T\[1\] must be at least 5"),
        ({"T": 2.5}, "T must"),
        ({"asked": "start"}, "asked must be one of 'every step', 'end', got 'start'"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises((ValueError, TypeError), match=f"^{name}"):
        Parity(**arguments)
