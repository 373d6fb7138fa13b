"""Highlighting: its levels by going through every text, its colours by another highlighter."""

import itertools
import math
import re
from collections import defaultdict

import numpy as np
import pytest

from seqlib.tasks import Highlighting
from seqlib.tasks.highlighting import CHARACTERS

# What opens, goes on and closes: a string up to its mark or the end of the line, a comment up to the end of the line.
PARTS = re.compile(r'(?P<string>"[^"\n]*)|(?P<comment>#[^\n]*)|(?P<code>[^"#])', re.DOTALL)


def colours(text):
    """The colour of each character, from a regular expression instead of an automaton."""
    found, at = [], 0
    while at < len(text):
        part = PARTS.match(text, at)
        length = part.end() - at
        found += [{"code": 0, "string": 1, "comment": 2}[part.lastgroup]] * length
        at = part.end()
        if part.lastgroup == "string" and text[at : at + 1] == '"':  # the closing mark is code
            found.append(0)
            at += 1
    return found


def level(T, noise, see):
    """The least loss per character of one who sees `see(t, text)`, over all texts of these lengths."""
    joint, characters = defaultdict(lambda: np.zeros(3)), 0
    for n in T:
        for text in itertools.product(CHARACTERS, repeat=n):
            p = math.prod(CHARACTERS[c] for c in text) / len(T)
            characters += n * p
            for t, colour in enumerate(colours("".join(text))):
                joint[see(t, text)] += p * np.where(np.arange(3) == colour, 1 - noise, noise / 2)
    tables = np.stack(list(joint.values()))
    belief = np.where(tables > 0, tables / tables.sum(1, keepdims=True), 1)
    return -(tables * np.log(belief)).sum() / characters


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("T", [(1,), (4,), (2, 3, 4, 5)])
def test_levels_over_every_text(T, noise):
    task = Highlighting((T[0], T[-1]), noise)
    assert task.floor == pytest.approx(level(T, noise, lambda t, text: text[: t + 1]), abs=1e-12)
    assert task.floor == pytest.approx(level(T, noise, lambda t, text: (t, text)), abs=1e-12), "the future says nothing"
    assert task.memoryless_floor == pytest.approx(level(T, noise, lambda t, text: (t, text[t])), abs=1e-12)
    assert task.chance == pytest.approx(level(T, noise, lambda t, text: t), abs=1e-12)


def test_colours_are_those_of_the_other_highlighter():
    task = Highlighting((1, 30), noise=0.0)
    (x, lengths), y, mask = task.sample(300, np.random.default_rng(0))
    assert (mask.sum(1) == lengths).all()
    for row, answer, n in zip(x, y, lengths, strict=True):
        text = "".join(list(CHARACTERS)[i] for i in row[:n])
        assert answer[:n].tolist() == colours(text)


def test_samples_have_the_frequencies_and_the_noise_that_is_said():
    task = Highlighting((2, 6), noise=0.2)
    (x, lengths), y, mask = task.sample(20_000, np.random.default_rng(1))
    np.testing.assert_allclose(np.bincount(lengths)[2:] / 20_000, 1 / 5, atol=0.015)
    np.testing.assert_allclose(np.bincount(x[mask]) / mask.sum(), list(CHARACTERS.values()), atol=0.01)
    slips = (y - task.colours(x)) % 3
    np.testing.assert_allclose(np.bincount(slips[mask]) / mask.sum(), [0.8, 0.1, 0.1], atol=0.01)


@pytest.mark.parametrize(
    ("arguments", "name"), [({"T": 0}, "T"), ({"T": (5, 4)}, "T"), ({"T": "5"}, "T"), ({"noise": 0.7}, "noise")]
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises((ValueError, TypeError), match=name):
        Highlighting(**arguments)
