"""The law of every recurrent layer: it is the layer of torch.nn of the same name, in outputs, states and gradients.

A new cell joins by a row in CELLS of conftest.py.
"""

import random

import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

SEEDS = range(250)
each_rung = pytest.mark.parametrize("backward", ["derived", "autograd"])


class Case:
    """One random configuration of a layer, with inputs, initial states, cotangents, and what needs a gradient."""

    def __init__(self, seed, cell):
        draw = random.Random(seed)
        self.dtype = draw.choice([torch.float64, torch.float64, torch.float32])
        self.layout = draw.choice(["batched", "batched", "unbatched", "sorted", "unsorted"])
        self.arguments = {
            "input_size": draw.randint(1, 5),
            "hidden_size": draw.randint(1, 6),
            "num_layers": draw.choice([1, 1, 2, 3]),
            "bias": draw.random() < 0.8,
            "batch_first": draw.random() < 0.5,
            "bidirectional": draw.random() < 0.5,
            "dtype": self.dtype,
        }
        if self.arguments["num_layers"] > 1 and draw.random() < 0.4:
            self.arguments["dropout"] = draw.choice([0.3, 0.5, 1.0])
        self.training = draw.random() < 0.7
        T, B = draw.choice([1, 2, 3, 7]), draw.choice([1, 2, 5])
        D, H = self.arguments["input_size"], self.arguments["hidden_size"]
        generator = torch.Generator().manual_seed(seed)
        self.normal = lambda *shape: torch.randn(shape, generator=generator, dtype=self.dtype)
        rows = self.arguments["num_layers"] * (2 if self.arguments["bidirectional"] else 1)
        shape = {"unbatched": (rows, H)}.get(self.layout, (rows, B, H))
        self.states = [self.normal(*shape) for _ in range(2)] if draw.random() < 0.6 else None
        if self.layout == "unbatched":
            self.x = [self.normal(T, D)]
        elif self.layout == "batched":
            shape = (B, T, D) if self.arguments["batch_first"] else (T, B, D)
            self.x = [self.normal(*shape)]
            if draw.random() < 0.3:  # not contiguous: every other feature of something larger, axes turned
                self.x = [self.normal(*shape[::-1], 2)[..., 0].permute(2, 1, 0)]
        else:
            lengths = [draw.randint(1, T) for _ in range(B)]
            if self.layout == "sorted":
                lengths.sort(reverse=True)
            self.x = [self.normal(n, D) for n in lengths]
        self.x_needs, self.hx_needs = draw.random() < 0.8, draw.random() < 0.8
        self.frozen = draw.choice([(), (), ("weight_hh_l0",), ("weight_ih", "bias_ih"), ("weight", "bias")])
        self.uses = draw.choice(["both", "both", "output", "states"])
        self.backward = draw.choice(["derived", "derived", "derived", "autograd"])
        self.cell = cell

    def run(self, layer, tensors):
        """Output, states and gradients of one layer, by name."""
        layer.train(self.training)
        for name, parameter in layer.named_parameters():
            parameter.requires_grad_(not name.startswith(self.frozen) if self.frozen else True)
        leaves = [x.detach().clone(memory_format=torch.preserve_format).requires_grad_(self.x_needs) for x in self.x]
        x = leaves[0]
        if self.layout in ("sorted", "unsorted"):
            x = pack_sequence(leaves, enforce_sorted=self.layout == "sorted")
        arguments = [x]
        initial = []
        if self.states is not None:
            count = len(layer.states) if hasattr(layer, "states") else 1 + (layer.mode == "LSTM")
            initial = [s.clone().requires_grad_(self.hx_needs) for s in self.states[:count]]
            arguments.append(initial[0] if count == 1 else tuple(initial))
        torch.manual_seed(1)  # of the dropout
        result = layer(*arguments)
        out, *finals = tensors(result)
        found = {"out": out, **{f"final {i}": s for i, s in enumerate(finals)}}
        if isinstance(result[0], PackedSequence):
            for field in ("batch_sizes", "sorted_indices", "unsorted_indices"):
                found[field] = getattr(result[0], field)
            found["padded"], found["lengths"] = pad_packed_sequence(result[0])
        used = {"both": [out, *finals], "output": [out], "states": finals}[self.uses]
        generator = torch.Generator().manual_seed(2)
        loss = sum((u * torch.randn(u.shape, generator=generator, dtype=self.dtype)).sum() for u in used)
        if loss.requires_grad:
            loss.backward()
        found |= {f"d {name}": parameter.grad for name, parameter in layer.named_parameters()}
        return found | {f"d input {i}": leaf.grad for i, leaf in enumerate([*leaves, *initial])}


@pytest.mark.parametrize("seed", SEEDS)
def test_equals_torch_on_random_configurations(pair, tensors, assert_close, seed, cell):
    case = Case(seed, cell)
    ours, theirs = pair(cell, **case.arguments, backward=case.backward)
    got, wanted = case.run(ours, tensors), case.run(theirs, tensors)
    assert got.keys() == wanted.keys()
    for name in wanted:
        a, b = got[name], wanted[name]
        assert_close(a, b, name, case.dtype)
        if a is not None:
            assert a.dtype == b.dtype, name
            assert a.shape == b.shape, name


def test_random_configurations_reach_every_corner():
    cases = [Case(seed, "RNN") for seed in SEEDS]
    seen = {(c.layout, c.arguments["bidirectional"], c.states is not None, c.uses) for c in cases}
    assert len(seen) == 4 * 2 * 2 * 3
    assert {c.arguments["num_layers"] for c in cases} == {1, 2, 3}
    uneven = [c for c in cases if len({len(x) for x in c.x}) > 1 and c.backward == "derived"]
    assert {c.arguments["bidirectional"] for c in uneven} == {True, False}
    assert sum("dropout" in c.arguments and c.training for c in cases) > 10
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
def test_an_empty_batch_is_an_empty_answer(pair, tensors, cell, backward):
    ours, theirs = pair(cell, 3, 4, 2, bidirectional=True, backward=backward)
    for layer in (ours, theirs):
        x = torch.zeros(5, 0, 3, requires_grad=True)
        result = tensors(layer(x))
        assert [part.shape for part in result][:2] == [(5, 0, 8), (4, 0, 4)]
        sum(part.sum() for part in result).backward()
        assert x.grad.shape == x.shape
        assert not layer.weight_hh_l0.grad.any()
