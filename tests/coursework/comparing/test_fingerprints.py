"""What is left of code does not depend on names, order, comments and layout; places are those of the pieces."""

from hand_ins import COPIED, SOURCE

from coursework.comparing.fingerprints import fingerprints
from coursework.reading.submission import Cell

OTHER = """\
def gap(W, x):
    products = (W[:, None] * x.T[None]).sum(-1)
    return 0.37 * (products.max(0) - products.min(0)).max()
"""


def code(source):
    return set(fingerprints([Cell("", "code", source)]))


def test_names_order_comments_layout_and_numbers_do_not_matter():
    ours, copied, other = code(SOURCE), code(COPIED), code(OTHER)
    assert len(ours & copied) >= 0.45 * len(copied)
    assert len(ours & other) <= 0.1 * len(other)
    assert code(SOURCE.replace("0.37", "12.5").replace("  #", "#").replace("best", "worst")) == ours
    assert code("(a + b) * (value[c] ** other)") == code("a+b * value[c]**other") != set()
    assert code("import os\n") == code("x = y\n") == set()


def test_a_comment_that_was_taken_along_is_seen():
    alike = code("a = 1  # the third gate is forgotten here") & code("# The third gate is forgotten, here!\nother = 2")
    assert len(alike) == 3


def test_places_are_the_lines_of_the_pieces():
    found = fingerprints([Cell("", "markdown", "x"), Cell("", "code", "\n\nvalue = np.exp(-other) ** 3.5 + 7\n")])
    assert {(place.cell, place.first, place.last) for place in found.values()} == {(1, 2, 2)}


def test_what_is_too_long_is_cut():
    assert not fingerprints([Cell("", "code", "x" * 19_997 + " = y * z + w")])
    many = fingerprints([Cell("", "code", f"x{k} = y.a{k} * z + w") for k in range(20_000)])
    assert max(place.cell for place in many.values()) < 10_000
