"""How much of a notebook is shown: what is cut is counted, and said."""

import base64
import struct

import pytest

from coursework.showing.budget import BYTES, CELL, CELLS, OUTPUT, OUTPUTS, PICTURES, PIXELS, TEXT, Budget


def test_usual_work_is_shown_whole():
    budget = Budget()
    assert budget.source("x" * 100, added=True) == "x" * 100
    assert budget.printed("y" * OUTPUT) == "y" * OUTPUT
    assert budget.cell()
    assert budget.output(0)
    assert budget.picture("z" * 100)
    assert budget.note() is None


def test_a_long_cell_is_cut_and_counted():
    budget = Budget()
    assert budget.source("x" * (CELL + 7), added=False) == "x" * CELL + "\n… (7 characters more are not shown)"
    assert budget.note() == ("not all is shown here, though all counts; left out: 7 characters of text and code")


def test_what_was_added_takes_no_room_from_what_was_asked_for():
    budget = Budget()
    for _ in range(2 * TEXT // CELL):
        budget.source("x" * CELL, added=True)
    assert not budget.cell()
    assert budget.source("x" * 10, added=True).startswith("\n… (10 characters more")
    assert budget.source("x" * CELL, added=False) == "x" * CELL


def test_cells_outputs_and_pictures_are_counted():
    budget = Budget()
    assert sum(budget.cell() for _ in range(CELLS + 3)) == CELLS
    assert sum(budget.output(k) for k in range(OUTPUTS + 4)) == OUTPUTS
    assert sum(budget.picture("x") for _ in range(PICTURES + 5)) == PICTURES
    for said in ("3 cells", "4 outputs", "5 pictures"):
        assert said in str(budget.note())
    assert Budget().cell()
    assert not Budget().picture("x" * (BYTES + 1))


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 4000, 4000) + bytes(9)
JPEG = b"\xff\xd8\xff\xc0" + struct.pack(">HBHH", 11, 8, 4000, 4000) + b"\x01\x01\x11\x00"


@pytest.mark.parametrize("head", [PNG, JPEG], ids=["png", "jpeg"])
@pytest.mark.parametrize("before", ["", "data:image/png;base64,"])
def test_many_large_pictures_take_a_browser_no_gigabytes(before, head):
    """Each of them may be shown; a browser unpacks it to four bytes a pixel, whatever the file takes."""
    budget, picture = Budget(), before + base64.b64encode(head).decode()
    assert sum(budget.picture(picture) for _ in range(PICTURES - 1)) == PIXELS // 16_000_000
    assert budget.picture("a small one")
