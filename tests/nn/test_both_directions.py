"""Our layers of every cell, in one direction or both, one to three of them, packed, against the stack by hand."""

import functools
import importlib.util
from pathlib import Path

import pytest

from seqlib.gradcheck import relative_error

_file = Path(__file__).parents[1] / "reference/conftest.py"
_spec = importlib.util.spec_from_file_location("reference_registry_of_stacks", _file)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
REFERENCE = {name: case for name, case in _module.CELLS.items() if case.layer is not None}


@pytest.mark.parametrize("cell", REFERENCE)
@pytest.mark.parametrize("gradient", ["derived", "autograd"])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("both", [True, False], ids=["both", "one"])
@pytest.mark.parametrize("lengths", [None, [5, 1, 3], [4, 2, 2]], ids=["full", "lengths", "no row is full"])
def test_equal_to_the_stack_by_hand(cell, cells, gradient, layers, both, lengths):
    case, (ours, _, _) = _module.StackCase(REFERENCE[cell], layers, both), cells[cell]
    given = case.draw(3, 5, 2, 4, lengths, seed=layers)
    results = case.by_layer(functools.partial(ours, gradient=gradient), *given)
    for got, wanted in zip(results, case.by_hand(*given), strict=True):
        assert got.keys() == wanted.keys()
        for name in wanted:
            assert relative_error(got[name], wanted[name]) < 1e-12, name
