"""The bridge from an encoder's final states to a decoder's initial ones: handed over or mapped, and back."""

import numpy as np
import pytest
import torch

from seqlib.gradcheck import check, relative_error
from seqlib.reference import bridge
from seqlib.reference.bidirectional import Directions
from seqlib.reference.bridge import Affine

B, H_X, H, LAYERS = 3, 2, 5, 2
kinds = pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
states = pytest.mark.parametrize("states", [1, 2], ids=["h", "h and c"])


def drawn(both, states, seed=0):
    """Final states and maps by flat names, and a cotangent of each initial state."""
    rng, width = np.random.default_rng(seed), 2 * H_X if both else H_X
    values, cotangents = {}, {}
    for layer in range(LAYERS):
        for k in range(states):
            for way in range(2 if both else 1):
                values[f"final {layer} {k} {way}"] = rng.normal(size=(B, H_X))
            values[f"W {layer} {k}"], values[f"b {layer} {k}"] = rng.normal(size=(H, width)), rng.normal(size=H)
            cotangents[layer, k] = rng.normal(size=(B, H))
    return values, cotangents


def built(values, both, states):
    """Maps and final states as `forward` takes them."""
    maps = [
        tuple(Affine(values[f"W {layer} {k}"], values[f"b {layer} {k}"]) for k in range(states))
        for layer in range(LAYERS)
    ]
    sides = [
        [tuple(values[f"final {layer} {k} {way}"] for k in range(states)) for way in range(2 if both else 1)]
        for layer in range(LAYERS)
    ]
    return maps, [Directions(*layer) if both else layer[0] for layer in sides]


def by_hand(values, cotangents, both, states):
    """The initial states, and the gradients by the names of the values."""
    starts, cache = bridge.forward(*built(values, both, states))
    grads = bridge.backward([[cotangents[layer, k] for k in range(states)] for layer in range(LAYERS)], cache)
    found = {}
    for layer, (maps, final) in enumerate(zip(grads.params, grads.finals, strict=True)):
        for k, affine in enumerate(maps):
            found |= {f"W {layer} {k}": affine.W, f"b {layer} {k}": affine.b}
            for way, side in enumerate(final if both else [final]):
                found[f"final {layer} {k} {way}"] = side[k]
    return starts, found


@kinds
@states
def test_maps_and_their_gradients(both, states):
    values, cotangents = drawn(both, states)
    starts, found = by_hand(values, cotangents, both, states)

    def loss(**given):
        starts, _ = bridge.forward(*built(given, both, states))
        return sum((starts[layer][k] * dstart).sum() for (layer, k), dstart in cotangents.items())

    report = check(loss, values, found)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10

    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    total = 0.0
    for (layer, k), dstart in cotangents.items():
        ways = [leaves[f"final {layer} {k} {way}"] for way in range(2 if both else 1)]
        a = torch.nn.functional.linear(torch.cat(ways, 1), leaves[f"W {layer} {k}"], leaves[f"b {layer} {k}"])
        start = torch.tanh(a) if k == 0 else a
        assert relative_error(starts[layer][k], start.detach().numpy()) < 1e-13
        total = total + (start * torch.tensor(dstart)).sum()
    total.backward()
    for name, leaf in leaves.items():
        assert relative_error(found[name], leaf.grad.numpy()) < 1e-13, name


@kinds
@states
def test_without_maps_states_are_handed_over_and_so_are_their_cotangents(both, states):
    values, _ = drawn(both, states)
    _, finals = built(values, both, states)
    starts, cache = bridge.forward(None, finals)
    dstarts = [tuple(np.random.default_rng(k).normal(size=s.shape) for k, s in enumerate(start)) for start in starts]
    grads = bridge.backward(dstarts, cache)
    assert grads.params is None
    for layer in range(LAYERS):
        for k in range(states):
            if both:
                one, other = (values[f"final {layer} {k} {way}"] for way in range(2))
                np.testing.assert_array_equal(starts[layer][k], np.concatenate([one, other], 1))
                np.testing.assert_array_equal(grads.finals[layer].forward[k], dstarts[layer][k][:, :H_X])
                np.testing.assert_array_equal(grads.finals[layer].backward[k], dstarts[layer][k][:, H_X:])
            else:
                np.testing.assert_array_equal(starts[layer][k], values[f"final {layer} {k} 0"])
                np.testing.assert_array_equal(grads.finals[layer][k], dstarts[layer][k])


def test_layers_may_differ_in_direction():
    """A bidirectional layer below one that is not, as in a deep encoder."""
    rng = np.random.default_rng(0)
    finals = [Directions((rng.normal(size=(2, 2)),), (rng.normal(size=(2, 2)),)), (rng.normal(size=(2, 4)),)]
    starts, cache = bridge.forward(None, finals)
    grads = bridge.backward(starts, cache)
    assert isinstance(grads.finals[0], Directions)
    np.testing.assert_array_equal(grads.finals[0].backward[0], finals[0].backward[0])
    np.testing.assert_array_equal(grads.finals[1][0], finals[1][0])


def test_a_cell_may_leave_what_tanh_can_reach():
    maps = [(Affine(np.eye(2), np.zeros(2)), Affine(np.eye(2), np.zeros(2)))]
    ((h, c),), _ = bridge.forward(maps, [(np.full((1, 2), 9.0), np.full((1, 2), 9.0))])
    assert np.all(h < 1)
    np.testing.assert_array_equal(c, [[9, 9]])


def test_what_the_caller_writes_afterwards_does_not_change_the_gradient():
    values, cotangents = drawn(True, 2)
    maps, finals = built(values, True, 2)
    starts, cache = bridge.forward(maps, finals)
    dstarts = [[cotangents[layer, k] for k in range(2)] for layer in range(LAYERS)]
    wanted = bridge.backward(dstarts, cache)
    for value in (*values.values(), *starts[0], *starts[1]):
        value[...] = 7.0
    again = bridge.backward(dstarts, cache)
    for one, other in zip(wanted.finals, again.finals, strict=True):
        np.testing.assert_array_equal(one.forward, other.forward)
        np.testing.assert_array_equal(one.backward, other.backward)
    for one, other in zip(wanted.params, again.params, strict=True):
        np.testing.assert_array_equal(one[0].W, other[0].W)


FINALS, MAP = [(np.ones((2, 3)),)], Affine(np.ones((4, 3)), np.ones(4))
BAD = {  # maps, finals -> (error, message)
    "an array for states": ([[MAP]], [np.ones((2, 3))], TypeError, "finals must hold a tuple of states for each layer"),
    "states of one sequence": ([[MAP]], [(np.ones(3),)], ValueError, r"finals must have shape \(B, H\), got \(3\)"),
    "NaN": ([[MAP]], [(np.full((2, 3), np.nan),)], ValueError, "finals must be finite"),
    "maps of two layers": ([[MAP], [MAP]], FINALS, ValueError, "bridge must be None or have maps for each of 1 layers"),
    "two maps for one state": ([[MAP, MAP]], FINALS, ValueError, "bridge must have a map for each of 1 states"),
    "a matrix for a map": ([[MAP.W]], FINALS, TypeError, r"bridge must hold an Affine \(W, b\).*got ndarray"),
    "a map of another width": (
        [[Affine(np.ones((4, 2)), np.ones(4))]],
        FINALS,
        ValueError,
        r"in the bridge, layer 1: W must have shape \(H, 3\), got \(4, 2\)",
    ),
    "b": (
        [[Affine(np.ones((4, 3)), np.ones(3))]],
        FINALS,
        ValueError,
        r"in the bridge, layer 1: b must have shape \(4\), got \(3\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    maps, finals, error, message = BAD[case]
    bridge.forward([[MAP]], FINALS)
    with pytest.raises(error, match=message):
        bridge.forward(maps, finals)


def test_a_bad_cotangent_is_named():
    _, cache = bridge.forward([[MAP]], FINALS)
    bridge.backward([(np.ones((2, 4)),)], cache)
    with pytest.raises(ValueError, match=r"in layer 1: dstarts must have shape \(2, 4\), got \(2, 3\)"):
        bridge.backward(FINALS, cache)
    for wrong in ([], [()]):
        with pytest.raises(ValueError, match="dstarts must have"):
            bridge.backward(wrong, cache)
