"""The size of a GPT in chapter 15: that of seqlib's networks, and each mistake as a list of shapes."""

import math

import pytest

from seqlib.exercises.gpt_size import gpt_size
from seqlib.nn import GPT


@pytest.mark.parametrize("case", gpt_size.cases)
def test_it_is_the_number_of_parameters_of_the_network(case):
    V, T, d, heads, hidden, layers = case
    network = GPT(V, d, heads, layers, hidden, longest=T, device="meta")
    assert gpt_size.expected(*case) == sum(p.numel() for p in network.parameters())


def test_gpt_2_and_gpt_3_have_the_sizes_that_are_said_of_them():
    assert gpt_size.cases[-1] == (50257, 1024, 768, 12, 3072, 12)
    assert gpt_size.expected(*gpt_size.cases[-1]) == 124_439_808
    assert round(gpt_size.expected(50257, 2048, 12288, 96, 4 * 12288, 96) / 1e9, 1) == 174.6


def test_cases_have_another_hidden_size_than_four_times_d():
    assert sum(hidden != 4 * d for _, _, d, _, hidden, _ in gpt_size.cases) == 2
    assert {heads > 1 for *_, heads, _, _ in gpt_size.cases} == {True, False}


TABLES, NORM, READ_OUT = ("V d", "T d"), ("d", "d"), ()
MATRICES = ("d d", "d", "d d", "d", "d d", "d", "d d", "d")
LAYER = ("d h", "h", "h d", "d")


def _shapes(tables=TABLES, matrices=MATRICES, layer=LAYER, norms=NORM * 2, last=NORM, blocks=None, each=1):
    """A count of all entries of arrays of these shapes."""

    def answer(V, T, d, heads, hidden, layers):
        sizes = {"V": V, "T": T, "d": d, "h": hidden, "k": d // heads, "n": heads}

        def entries(shapes):
            return sum(math.prod(sizes[name] for name in shape.split()) for shape in shapes)

        heads_of = heads if each == "heads" else 1
        block = heads_of * entries(matrices) + entries(layer) + entries(norms)
        return entries(tables) + (blocks or layers) * block + entries(last)

    return answer


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("read-out of its own", {"last": (*NORM, "V d")}),
        ("read-out with a bias", {"last": (*NORM, "V")}),
        ("read-out with a bias", {"last": (*NORM, "V d", "V")}),
        ("no positions", {"tables": ("V d",)}),
        ("no tokens", {"tables": ("T d",)}),
        ("no tables", {"tables": ()}),
        ("no biases", {"matrices": MATRICES[::2], "layer": LAYER[::2]}),
        ("four times d too few", {"matrices": MATRICES[::2]}),
        ("four times d too few", {"norms": ()}),
        ("no bias of queries, keys, values", {"matrices": (*MATRICES[::2], "d")}),
        ("a bias of d", {"layer": LAYER[:3]}),
        ("a bias of d", {"matrices": MATRICES[:7]}),
        ("biases of the layer", {"layer": LAYER[::2]}),
        ("biases of the layer", {"layer": ("d h", "h d", "d")}),
        ("biases of the layer", {"layer": ("d h", "h d", "h", "h")}),
        ("biases of the layer", {"layer": ("d h", "h d", "d", "d")}),
        ("no norms", {"norms": (), "last": ()}),
        ("gain alone", {"norms": ("d", "d"), "last": ("d",)}),
        ("gain alone", {"norms": ("d", "d")}),
        ("last norm", {"last": ()}),
        ("last norm halved", {"last": ("d",)}),
        ("one block", {"blocks": 1}),
        ("times heads", {"each": "heads"}),
        ("one head's share", {"matrices": ("d k",) * 4 + ("d",) * 4}),
        ("one head's share", {"matrices": ("k k", "k") * 4}),
        ("one head's share", {"matrices": ("d k", "k") * 4}),
        ("one head's share", {"matrices": ("d k",) * 3 + ("d d",) + ("d",) * 4}),
        ("no output matrix", {"matrices": MATRICES[:6]}),
        ("no output matrix", {"matrices": (*MATRICES[:6], "d")}),
        ("one matrix of two", {"layer": ("d h", "h", "d")}),
        ("one matrix of two", {"layer": ("d h", "h")}),
        ("hidden squared", {"layer": ("d h", "h h", "h", "d")}),
        ("four times d", {"layer": ("d d",) * 8 + ("d",) * 5}),
    ],
)
def test_another_list_of_shapes_is_told_as_such(id, changed):
    assert gpt_size.judge(_shapes(**changed)).id == id
