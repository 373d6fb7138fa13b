"""Six ways to one gradient, in float64 with random cotangents: finite differences, complex step, the backward pass by
hand, autograd through the plain loop, the derived pass in one Function, and torch.nn.
"""

import itertools

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib import gradcheck
from seqlib.nn import RNN
from seqlib.reference import rnn

B, T, D, H = 3, 5, 2, 4
LENGTHS = {"full": [T, T, T], "falling": [5, 3, 1], "mixed": [2, 5, 3]}


def problem(lengths, seed=0):
    """Parameters, input, initial state, mask, and a random cotangent of every output and of the final state."""
    rng = np.random.default_rng(seed)
    params = rnn.init(D, H, rng)
    x, h0 = rng.normal(size=(B, T, D)), rng.normal(size=(B, H))
    mask = np.arange(T) < np.array(lengths)[:, None]
    return params, x, h0, mask, rng.normal(size=(B, T, H)), rng.normal(size=(B, H))


def by_torch(layer, params, x, h0, mask, dhs, dh_T):
    """Outputs and gradients of a layer that holds the reference's parameters, named as there."""
    W_xh, W_hh, b_h = (torch.tensor(p) for p in params)
    layer.load_state_dict(
        {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": 0.25 * b_h, "bias_hh_l0": 0.75 * b_h}
    )
    x, h0 = torch.tensor(x, requires_grad=True), torch.tensor(h0, requires_grad=True)
    packed = pack_padded_sequence(x, torch.tensor(mask.sum(1)), batch_first=True, enforce_sorted=False)
    out, h_n = layer(packed, h0[None])
    hs, _ = pad_packed_sequence(out, batch_first=True, total_length=T)
    ((hs * torch.tensor(dhs)).sum() + (h_n[0] * torch.tensor(dh_T)).sum()).backward()
    torch.testing.assert_close(layer.bias_ih_l0.grad, layer.bias_hh_l0.grad)
    found = {"hs": hs, "h_T": h_n[0], "W_xh": layer.weight_ih_l0.grad, "W_hh": layer.weight_hh_l0.grad}
    found |= {"b_h": layer.bias_ih_l0.grad, "x": x.grad, "h0": h0.grad}
    return {name: value.detach().numpy() for name, value in found.items()}


def by_hand(params, x, h0, mask, dhs, dh_T, nonlinearity):
    hs, cache = rnn.forward(params, x, h0, mask=mask, nonlinearity=nonlinearity)
    grads = rnn.backward(dhs, cache, dh_T=dh_T)
    return {"hs": hs, "h_T": cache.h_T, **grads.params._asdict(), "x": grads.x, "h0": grads.h0}


def by_difference(method, params, x, h0, mask, dhs, dh_T, nonlinearity):
    names = {**params._asdict(), "x": x, "h0": h0}

    def loss(**values):
        weights = rnn.Params(values["W_xh"], values["W_hh"], values["b_h"])
        hs, cache = rnn.forward(weights, values["x"], values["h0"], mask=mask, nonlinearity=nonlinearity)
        return (hs * dhs).sum() + (cache.h_T * dh_T).sum()

    return {name: method(lambda v, name=name: loss(**(names | {name: v})), value) for name, value in names.items()}


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize(("lengths", "seed"), list(itertools.product(LENGTHS, range(5))))
def test_all_rungs_agree(lengths, seed, nonlinearity):
    given = problem(LENGTHS[lengths], seed)
    make = {"nonlinearity": nonlinearity, "batch_first": True, "dtype": torch.float64}
    ways = {
        "by hand": by_hand(*given, nonlinearity),
        "autograd": by_torch(RNN(D, H, gradient="autograd", **make), *given),
        "derived": by_torch(RNN(D, H, **make), *given),
        "complex step": by_difference(gradcheck.complex_step, *given, nonlinearity),
        "central": by_difference(gradcheck.central_difference, *given, nonlinearity),
    }
    wanted = by_torch(torch.nn.RNN(D, H, **make), *given)
    for way, found in ways.items():
        tolerance = 1e-7 if way == "central" else 1e-12
        for name, value in found.items():
            np.testing.assert_allclose(value, wanted[name], rtol=tolerance, atol=tolerance, err_msg=f"{way}: {name}")


def test_the_six_ways_are_not_trivially_equal():
    hand = by_hand(*problem(LENGTHS["mixed"]), "tanh")
    for name, value in hand.items():
        assert np.abs(value).max() > 1e-3, name
    other = by_hand(*problem(LENGTHS["full"]), "tanh")
    assert not np.allclose(hand["W_hh"], other["W_hh"]), "the mask matters"
