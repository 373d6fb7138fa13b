"""Six ways to one gradient, for every cell, in float64 with random cotangents: finite differences, complex step, the
backward pass by hand, autograd through the plain loop, the derived pass in one Function, and torch.nn.
"""

import dataclasses
import functools
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from seqlib import gradcheck

_file = Path(__file__).parents[1] / "reference/conftest.py"
_spec = importlib.util.spec_from_file_location("reference_registry", _file)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
REFERENCE = _module.CELLS

ONLY_IN_TORCH = {"LSTM-projected"}  # whose projection is a matter of speed, and no formula of the book
B, T, D, H = 3, 5, 2, 4
LENGTHS = {"full": None, "falling": [5, 3, 1], "mixed": [2, 5, 3]}


@pytest.fixture(params=[name for name, case in REFERENCE.items() if case.layer is not None])
def cell(request):
    """Every cell that both registries have, in turn: its name."""
    return request.param


def by_difference(method, case, arguments, mask, cotangents):
    """The gradients of the reference's loss by a method that evaluates it only."""

    def loss(name, value):
        return case.loss(arguments | {name: value}, mask, cotangents)

    return {name: method(functools.partial(loss, name), arguments[name]) for name in case.parts}


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("seed", range(5))
def test_all_rungs_agree(cell, cells, lengths, seed):
    case, (ours, _, _) = REFERENCE[cell], cells[cell]
    given = case.draw(B, T, D, H, LENGTHS[lengths], seed)

    def layer(gradient):
        outputs, gradients = dataclasses.replace(case, layer=functools.partial(ours, gradient=gradient)).by_layer(
            *given
        )
        return outputs | gradients

    outputs, wanted = case.by_layer(*given)
    wanted = outputs | wanted
    hand_outputs, hand = case.by_hand(*given)
    ways = {
        "by hand": hand_outputs | hand,
        "autograd": layer("autograd"),
        "derived": layer("derived"),
    }
    if seed == 0:  # each entry by itself takes long, and tests/reference has more sizes
        ways["complex step"] = by_difference(gradcheck.complex_step, case, *given)
        ways["central"] = by_difference(gradcheck.central_difference, case, *given)
    for way, found in ways.items():
        assert found.keys() == (wanted.keys() if hand_outputs.keys() <= found.keys() else hand.keys())
        tolerance = 1e-7 if way == "central" else 1e-12
        for name, value in found.items():
            np.testing.assert_allclose(value, wanted[name], rtol=tolerance, atol=tolerance, err_msg=f"{way}: {name}")


def test_the_six_ways_are_not_trivially_equal(cell):
    case = REFERENCE[cell]
    arguments, mask, cotangents = case.draw(B, T, D, H, LENGTHS["mixed"])
    outputs, hand = case.by_hand(arguments, mask, cotangents)
    for name, value in (outputs | hand).items():
        assert np.abs(value).max() > 1e-3, name
    _, other = case.by_hand(arguments, None, cotangents)
    assert not np.allclose(hand["W_hh"], other["W_hh"]), "the mask matters"


def test_both_registries_have_the_same_cells(cells):
    assert set(cells) - ONLY_IN_TORCH == {name for name, case in REFERENCE.items() if case.layer is not None}
