"""The law of every recurrent layer: it is the layer of torch.nn of the same name, in outputs, states and gradients.

A new cell joins by a row in CELLS of conftest.py.
"""

import os

import pytest
import torch
from layer_case import LayerCase
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

SEEDS = range(400)
TRIED = SEEDS[: int(os.environ.get("CONFIGURATIONS", len(SEEDS)))]  # `make unit` takes a part, `make test` all
each_rung = pytest.mark.parametrize("gradient", ["derived", "autograd"])


@pytest.mark.parametrize("seed", TRIED)
def test_equals_torch_on_random_configurations(hold_to_torch, seed, cell):
    hold_to_torch(seed, cell)


def test_random_configurations_reach_every_corner():
    cases = [LayerCase(seed) for seed in SEEDS]
    seen = {(c.layout, c.arguments["bidirectional"], c.starts, c.uses) for c in cases}
    assert len(seen) == 4 * 2 * 2 * 3
    assert {c.arguments["num_layers"] for c in cases} == {1, 2, 3}
    uneven = [c for c in cases if len({len(x) for x in c.x}) > 1 and c.gradient == "derived"]
    assert {c.arguments["bidirectional"] for c in uneven} == {True, False}
    dropped = [c for c in cases if "dropout" in c.arguments and c.training and c.gradient == "derived"]
    assert {(c.dtype, c.arguments["bidirectional"]) for c in dropped} == {
        (dtype, both) for dtype in (torch.float32, torch.float64) for both in (True, False)
    }
    assert {c.layout for c in dropped} == {"batched", "unbatched", "sorted", "unsorted"}
    assert sum(not c.x[0].is_contiguous() for c in cases) > 10


# --- laws that need no torch.nn to compare with ---


@pytest.mark.parametrize("both", [False, True])
def test_a_sequence_does_not_notice_its_batch(pair, tensors, assert_close, cell, both):
    layer = pair(cell, 3, 4, 2, bidirectional=both, dtype=torch.float64)[0]
    sequences = [torch.randn(n, 3, dtype=torch.float64) for n in (2, 5, 1, 5, 3)]
    packed, finals = layer(pack_sequence(sequences, enforce_sorted=False))
    padded, lengths = pad_packed_sequence(packed, batch_first=True)
    for b, sequence in enumerate(sequences):
        out, alone = layer(sequence)
        assert lengths[b] == len(sequence)
        assert_close(padded[b, : len(sequence)], out, "output")
        assert not padded[b, len(sequence) :].any()
        for got, wanted in zip(tensors(finals), tensors(alone), strict=True):
            assert_close(got[:, b], wanted, "final state")


def test_two_halves_are_the_whole(pair, tensors, assert_close, cell):
    layer = pair(cell, 3, 4, 2, dtype=torch.float64)[0]
    x = torch.randn(7, 2, 3, dtype=torch.float64)
    out, final = layer(x)
    first, middle = layer(x[:3])
    second, last = layer(x[3:], middle)
    assert_close(torch.cat([first, second]), out, "output")
    for got, wanted in zip(tensors(last), tensors(final), strict=True):
        assert_close(got, wanted, "final state")


@each_rung
@pytest.mark.parametrize("graph", [False, True])
def test_an_empty_batch_is_an_empty_answer(pair, tensors, initial, cell, gradient, graph):
    layers = pair(cell, 3, 4, 2, bidirectional=True, gradient=gradient)
    widths = layers[0].widths
    for layer in layers:
        x, hx = torch.zeros(5, 0, 3, requires_grad=True), initial(layers[0], 0)
        h = tensors(hx)[0]
        result = tensors(layer(x, hx))
        assert [part.shape for part in result] == [(5, 0, 2 * widths[0]), *((4, 0, width) for width in widths)]
        loss = sum(part.sum() for part in result)
        dx, dh, *weights = torch.autograd.grad(loss, [x, h, *layer.parameters()], create_graph=graph)
        assert dx.shape == x.shape
        assert dh.shape == h.shape
        assert not any(weight.any() for weight in weights)
