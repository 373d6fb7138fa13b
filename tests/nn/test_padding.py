"""Padding never changes a result: one law over every recurrent layer of the package, and torch's, inside SequenceModel.

A sentence alone, without lengths, is the oracle: there is nothing in it that could be padding.
"""

import itertools

import numpy as np
import pytest
import torch

from seqlib import nn
from seqlib.nn import SequenceModel
from seqlib.nn.recurrent import Recurrent

OURS = [kind for kind in vars(nn).values() if isinstance(kind, type) and issubclass(kind, Recurrent)]
KINDS = [*OURS, torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU]
D, V, K = 3, 9, 4
EXACT = {"rtol": 1e-12, "atol": 1e-12}
LENGTHS = [5, 1, 7, 3, 7, 2]


@pytest.fixture(params=list(itertools.product(KINDS, (False, True), (1, 2), (True, False))), ids=str)
def model(request):
    """Every layer, in one and two directions, one and two of them, over ids and over vectors."""
    kind, both, layers, ids = request.param
    torch.manual_seed(0)
    core = kind(D, 4, layers, batch_first=True, bidirectional=both, dtype=torch.float64)
    return SequenceModel(core, K, vocab_size=V if ids else None)


def sequences(model, rng):
    if model.embedding is None:
        return [torch.from_numpy(rng.normal(size=(n, D))) for n in LENGTHS]
    return [torch.from_numpy(rng.integers(V, size=n)) for n in LENGTHS]


def padded(parts, T, filler):
    """The sequences in one tensor; what follows an end is `filler`."""
    x = torch.full((len(parts), T, *parts[0].shape[1:]), filler, dtype=parts[0].dtype)
    for row, part in zip(x, parts, strict=True):
        row[: len(part)] = part
    return x


def states_of(state):
    return state if isinstance(state, tuple) else (state,)


def result(model, outs, finals, cotangents):
    """Answers at real positions, final states, and the gradients of a random function of both."""
    tensors = [*outs, *finals]
    loss = sum((tensor * c).sum() for tensor, c in zip(tensors, cotangents, strict=True))
    return [*tensors, *torch.autograd.grad(loss, list(model.parameters()))]


@pytest.mark.parametrize("given", [False, True], ids=["from zeros", "from a state"])
@pytest.mark.parametrize("more", [0, 3])
def test_padding_never_changes_a_result(model, more, given):
    rng = np.random.default_rng(1)
    parts = sequences(model, rng)
    filler = float("nan") if model.embedding is None else 10**6
    width = (model.core.num_layers * (1 + model.core.bidirectional), len(parts), 4)
    starts = None
    if given:
        starts = [torch.from_numpy(rng.normal(size=width)) for _ in states_of(model(parts[0][None])[1])]

    def start(rows):
        if starts is None:
            return None
        found = tuple(s[:, rows].contiguous() for s in starts)
        return found if len(found) > 1 else found[0]

    alone = [model(part[None], state=start([b])) for b, part in enumerate(parts)]
    outs = [out[0] for out, _ in alone]
    finals = [torch.cat(same, 1) for same in zip(*(states_of(state) for _, state in alone), strict=True)]
    cotangents = [torch.from_numpy(rng.normal(size=tensor.shape)) for tensor in [*outs, *finals]]
    wanted = result(model, outs, finals, cotangents)

    x = padded(parts, max(LENGTHS) + more, filler)
    out, state = model(x, torch.tensor(LENGTHS), start(list(range(len(parts)))))
    assert out.shape == (len(parts), max(LENGTHS) + more, K)
    got = result(model, [row[:n] for row, n in zip(out, LENGTHS, strict=True)], list(states_of(state)), cotangents)
    for a, b in zip(got, wanted, strict=True):
        torch.testing.assert_close(a, b, **EXACT)
    for row, n in zip(out, LENGTHS, strict=True):
        torch.testing.assert_close(row[n:], model.readout.bias.expand(len(row) - n, K), **EXACT)


@pytest.mark.parametrize("kind", [list, np.array, torch.tensor, lambda n: torch.tensor(n, dtype=torch.int32)])
def test_full_lengths_are_no_lengths(model, kind):
    x = torch.stack([part[:1] for part in sequences(model, np.random.default_rng(2))])
    for a, b in zip(model(x)[0], model(x, kind([1] * len(LENGTHS)))[0], strict=True):
        torch.testing.assert_close(a, b, **EXACT)


def test_the_law_can_fail():
    """Without lengths the backward direction reads the padding first: what went unnoticed before."""
    torch.manual_seed(0)
    model = SequenceModel(OURS[0](D, 4, batch_first=True, bidirectional=True, dtype=torch.float64), K, vocab_size=V)
    alone, behind = torch.tensor([[4, 5]]), torch.tensor([[4, 5, 0, 0]])
    assert (model(alone)[0] - model(behind)[0][:, :2]).abs().max() > 0.01
    torch.testing.assert_close(model(alone)[0], model(behind, [2])[0][:, :2], **EXACT)
