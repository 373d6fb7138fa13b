"""The one autograd.Function: what it asks of a cell, and that a cell which gets it wrong is found out.

The laws of test_recurrent.py and test_autograd.py hold it to torch.nn; here it meets cells with a planted fault.
"""

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from seqlib.nn import LSTM
from seqlib.nn.derived import Inputs, Outputs, run
from seqlib.nn.steps import Steps


class Counted(LSTM):
    """An LSTM that counts its walks."""

    walks = loops = 0

    def loop(self, steps, inputs):
        self.loops += 1
        return super().loop(steps, inputs)

    def walk(self, steps, inputs):
        self.walks += 1
        return super().walk(steps, inputs)


def counted():
    torch.manual_seed(0)
    layer = Counted(3, 4)
    return layer, layer(torch.randn(5, 2, 3))[0]


def test_one_walk_serves_the_first_backward_pass():
    layer, out = counted()
    loss = out.square().sum()
    loss.backward(retain_graph=True)
    assert (layer.walks, layer.loops) == (1, 0)
    loss.backward()
    assert (layer.walks, layer.loops) == (2, 0), "what was kept is given once"


def test_a_written_output_is_walked_again():
    layer, out = counted()
    loss = out.sum()
    with torch.no_grad():
        out.zero_()
    loss.backward()
    assert (layer.walks, layer.loops) == (2, 0)


def test_a_single_step_without_a_gradient_is_the_formula_itself():
    layer, _ = counted()
    layer.walks = 0
    with torch.no_grad():
        layer(torch.randn(1, 2, 3))
        assert (layer.walks, layer.loops) == (0, 1)
        layer(torch.randn(2, 2, 3))
        assert (layer.walks, layer.loops) == (1, 1)
    layer(torch.randn(1, 2, 3))
    assert (layer.walks, layer.loops) == (2, 1)


def test_second_derivatives_go_through_the_loop():
    layer, out = counted()
    torch.autograd.grad(out.sum(), layer.weight_hh_l0, create_graph=True)
    assert (layer.walks, layer.loops) == (1, 1)


def test_transforms_go_through_the_loop():
    layer, _ = counted()
    torch.func.vmap(layer)(torch.randn(2, 5, 2, 3))
    assert (layer.walks, layer.loops) == (1, 1)


@pytest.mark.parametrize("frozen", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", None])
def test_the_cell_is_told_what_is_needed(frozen):
    seen = []

    class Asked(LSTM):
        def walk_back(self, *arguments):
            seen.append(arguments[-1])
            return super().walk_back(*arguments)

    layer = Asked(3, 4)
    if frozen:
        getattr(layer, frozen).requires_grad_(False)
    h, c = torch.zeros(1, 2, 4), torch.zeros(1, 2, 4, requires_grad=True)
    layer(torch.randn(5, 2, 3), (h, c))[0].sum().backward()
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    assert seen == [Inputs(False, (False, True), tuple(name != frozen for name in names))]


def test_a_layer_without_biases_gives_none_for_them():
    layer = LSTM(3, 4, bias=False)
    steps, states = Steps([2, 1]), (torch.zeros(2, 4), torch.zeros(2, 4))
    inputs = Inputs(torch.randn(3, 3), states, (layer.weight_ih_l0, layer.weight_hh_l0, None, None))
    for got, wanted in zip(run(layer, steps, inputs, "derived"), run(layer, steps, inputs, "autograd"), strict=True):
        torch.testing.assert_close(got, wanted)


# --- cells with a fault ---


def walk(change):
    """An LSTM whose walk gives `change` of what it should."""

    class Wrong(LSTM):
        def walk(self, steps, inputs):
            outputs, kept = super().walk(steps, inputs)
            return change(outputs), kept

    return Wrong


def back(change, given=lambda cotangents: cotangents):
    """An LSTM whose walk back gives `change` of the gradients that it should, or is given other cotangents."""

    class Wrong(LSTM):
        def walk_back(self, steps, inputs, out, kept, cotangents, needed):
            return change(super().walk_back(steps, inputs, out, kept, given(cotangents), needed))

    return Wrong


class WalkReadsStatesInAWrongOrder(LSTM):
    """h_0 for c_0."""

    def walk(self, steps, inputs):
        return super().walk(steps, inputs._replace(initial=inputs.initial[::-1]))


class LoopReadsStatesInAWrongOrder(LSTM):
    """h_0 for c_0, on the plain rung only."""

    def loop(self, steps, inputs):
        return super().loop(steps, inputs._replace(initial=inputs.initial[::-1]))


class TakesNoNewcomers(LSTM):
    """The walk back as if all sequences had the same length: nothing new comes in where a sequence ends."""

    def walk_back(self, steps, inputs, out, kept, cotangents, needed):
        first = steps.sizes[0 if steps.reverse else -1]
        dfinals = tuple(torch.cat([d[:first], 0 * d[first:]]) for d in cotangents.finals)
        return super().walk_back(steps, inputs, out, kept, Outputs(cotangents.out, dfinals), needed)


def without(i):
    """Gradients in which one of data, h_0, c_0, W_ih, W_hh, b_ih, b_hh is forgotten."""

    def change(grads):
        flat = [grads.data, *grads.initial, *grads.weights]
        flat[i] = None
        return Inputs(flat[0], tuple(flat[1:3]), tuple(flat[3:]))

    return change


def same(grads):
    return grads


WRONG = {
    "final states swapped": walk(lambda o: Outputs(o.out, o.finals[::-1])),
    "initial states swapped": WalkReadsStatesInAWrongOrder,
    "initial states swapped in the loop": LoopReadsStatesInAWrongOrder,
    "gradients of the states swapped": back(lambda g: g._replace(initial=g.initial[::-1])),
    "cotangents of the states swapped": back(same, lambda c: Outputs(c.out, c.finals[::-1])),
    "cotangent of h_n dropped": back(same, lambda c: Outputs(c.out, (0 * c.finals[0], c.finals[1]))),
    "cotangent of c_n dropped": back(same, lambda c: Outputs(c.out, (c.finals[0], 0 * c.finals[1]))),
    "cotangent of the output dropped": back(same, lambda c: Outputs(0 * c.out, c.finals)),
    "sequences that end early": TakesNoNewcomers,
} | {
    f"{name} forgotten": back(without(i))
    for i, name in enumerate(["dx", "dh_0", "dc_0", "dW_ih", "dW_hh", "db_ih", "db_hh"])
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_faulty_cell_breaks_the_law(cells, monkeypatch, hold_to_torch, fault):
    monkeypatch.setitem(cells, fault, (WRONG[fault], torch.nn.LSTM, {}))
    broken = 0
    for seed in range(250):
        try:
            hold_to_torch(seed, fault)
        except AssertionError:
            broken += 1
            break
    assert broken, f"250 configurations say nothing about it: {fault}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda g: g._replace(weights=g.weights[:-1]), "incorrect number of gradients"),
        (lambda g: g._replace(weights=(g.weights[0].t(), *g.weights[1:])), "invalid gradient"),
    ],
)
def test_gradients_that_cannot_be_right_are_refused(change, message):
    layer = back(change)(3, 4)
    with pytest.raises(RuntimeError, match=message):
        layer(pack_sequence([torch.ones(2, 3), torch.ones(1, 3)]))[0].data.sum().backward()


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("sizes", [[3] * 9, [4, 4, 3, 2, 2, 1, 1]], ids=str)
def test_stretches_of_any_length_give_the_same(pair, monkeypatch, cell, sizes, reverse):
    """The walk is cut into pieces that stay in the cache; those of the laws are shorter than one."""
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    data = torch.randn(sum(sizes), 3, dtype=torch.float64, requires_grad=True)
    found = []
    for cached in (1, 4 * 2 * sizes[0], 4 * 3 * sizes[0], 1 << 18):
        monkeypatch.setattr("seqlib.nn.steps.CACHED", cached)
        torch.manual_seed(1)
        states = tuple(torch.randn(sizes[0], width, dtype=torch.float64, requires_grad=True) for width in layer.widths)
        weights = [*layer.parameters()]
        out, finals = run(layer, Steps(sizes, reverse), Inputs(data, states, tuple(weights)), "derived")
        loss = sum((part * torch.randn_like(part)).sum() for part in (out, *finals))
        found.append([out, *finals, *torch.autograd.grad(loss, [data, *states, *weights])])
    for other in found[1:]:
        for got, wanted in zip(other, found[0], strict=True):
            torch.testing.assert_close(got, wanted, rtol=1e-12, atol=1e-12)


def test_what_nobody_needs_is_not_computed(pair, cell):
    """For each frozen weight, and for an input without a gradient, the walk back gives None; the rest is as it was."""
    sizes = [3, 2]
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    weights, data = tuple(layer.parameters()), torch.randn(sum(sizes), 3, dtype=torch.float64)
    states = tuple(torch.randn(sizes[0], width, dtype=torch.float64) for width in layer.widths)
    steps, inputs = Steps(sizes), Inputs(data, states, weights)

    def walked_back(*needed):
        with torch.no_grad():
            outputs, kept = layer.walk(steps, inputs)
            needed = Inputs(needed[0], (True,) * len(states), needed[1:])
            return layer.walk_back(steps, inputs, outputs.out, kept, outputs, needed)

    whole = walked_back(*[True] * (1 + len(weights)))
    for i in range(5):  # the input, and the four parameters that every cell has
        needed = [j != i for j in range(1 + len(weights))]
        got = walked_back(*needed)
        for need, ours, wanted in zip(needed, (got.data, *got.weights), (whole.data, *whole.weights), strict=True):
            assert torch.equal(ours, wanted) if need else ours is None
