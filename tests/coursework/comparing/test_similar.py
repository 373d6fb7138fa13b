"""What is alike is found in spite of new names and another order; what is usual, or was given out, is not."""

import time

import classmates
import numpy as np
import pytest
from hand_ins import COPIED, SOURCE, hand_in, with_cells

from coursework.comparing.similar import report
from coursework.comparing.similar_page import write


def test_a_class_of_200_with_20_copies(light, first):
    """The two right sources and the usual mistakes, each in a hand of its own, and copies in disguise."""
    name, released = first.name, light.released(first.name, "student")
    rng = np.random.default_rng(7)
    made, pairs = classmates.classmates(first, light.secret, released, rng, students=200, whole=10, partly=10)
    for k, notebook in enumerate(made):
        hand_in(light, name, f"{k:03d}", notebook)
    begin = time.process_time()
    found = report(light, name)
    write(found, light.folder / "similar")
    assert time.process_time() - begin < 30
    listed = [tuple(sorted(map(int, pair.students))) for pair in found.pairs]
    assert found.students == 200
    assert len(pairs & set(listed[:20])) >= 19
    assert pairs <= set(listed)
    assert all(pair.pieces for pair in found.pairs[:30])
    assert found.pairs[0].share > 0.4


def test_two_are_enough_and_what_was_given_out_or_is_usual_counts_nothing(light, first):
    name, released = first.name, light.released(first.name, "student")
    right = {p.name: p.solutions(p.variant(light.secret))[0] for p in first.problems}
    for student in ("blank", "blank too"):
        hand_in(light, name, student, released)
    for student in ("right", "right too"):
        hand_in(light, name, student, classmates.solved(released, right))
    assert report(light, name).pairs == []
    hand_in(light, name, "copied", with_cells(released, COPIED))
    hand_in(light, name, "copies", with_cells(released, SOURCE))
    (pair,) = report(light, name).pairs
    assert pair.students == ("copied", "copies")
    (piece,) = pair.pieces
    assert piece.cells[0].source == COPIED
    assert {2, 3, 7} <= piece.lines[0]
    assert 1 not in piece.lines[0]
    with pytest.raises(ValueError, match=f"one of {name}.*'99_none'"):
        report(light, "99_none")


def test_texts_are_compared_by_their_words(light, first):
    name, released = first.name, light.released(first.name, "student")
    text = "I expected the small model to lose, but its loss fell to the floor within a hundred steps."
    hand_in(light, name, "a", with_cells(released, text, kind="markdown"))
    hand_in(light, name, "b", with_cells(released, "Well: " + text.replace(",", " –").upper(), kind="markdown"))
    (pair,) = report(light, name).pairs
    assert pair.shared == pytest.approx(15 * np.log2((2 + 4) / 2))
    hand_in(light, name, "c", with_cells(released, "I did not see what I had expected to see.", kind="markdown"))
    (pair,) = report(light, name).pairs
    assert pair.students == ("a", "b")
