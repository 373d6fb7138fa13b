"""Layers on top of each other, of every cell of torch: gradients, parity, residual connections, padding, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, relative_error
from seqlib.reference import bidirectional, rnn, stacked
from seqlib.reference.bidirectional import Directions

LENGTHS = {"full": None, "lengths": [5, 1, 3], "no row is full": [2, 4, 1]}
shapes = pytest.mark.parametrize("layers", [1, 2, 3])
directions = pytest.mark.parametrize("both", [True, False], ids=["both", "one"])
residuals = pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@pytest.mark.parametrize(("both", "residual"), [(True, True), (False, False)], ids=["both residual", "one plain"])
def test_gradients_agree_with_complex_step_and_central_differences(layered, stack, both, residual):
    case = stack(layered, 2, both, residual)
    values, lengths, cotangents = case.draw(2, 3, 3, 2, [3, 1])
    _, gradients = case.by_hand(values, lengths, cotangents)
    report = check(lambda **given_: case.loss(given_, lengths, cotangents), values, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    assert all(np.abs(g).max() > 1e-4 for g in gradients.values())  # nothing is proved by zeros


@shapes
@directions
@residuals
@pytest.mark.parametrize("lengths", LENGTHS)
def test_equal_to_torch(layered, stack, layers, both, residual, lengths):
    case = stack(layered, layers, both, residual)
    D = 3 if lengths == "full" else 8 if both else 4  # as wide as the output: x could be added to it, and is not
    given_ = case.draw(3, 5, D, 4, LENGTHS[lengths], seed=layers)
    for got, wanted in zip(case.by_hand(*given_), case.by_layer(layered.layer, *given_), strict=True):
        assert_same(got, wanted)


def test_one_layer_is_the_layer_itself(cell, stack):
    given_ = stack(cell).draw(2, 4, 3, 4, [4, 2])
    for got, wanted in zip(stack(cell).by_hand(*given_), stack(cell, alone=True).by_hand(*given_), strict=True):
        assert got.keys() == wanted.keys()
        for name in wanted:
            np.testing.assert_array_equal(got[name], wanted[name])
    bare = stack(cell, both=False)
    values, lengths, cotangents = bare.draw(2, 4, 3, 4, [4, 2])
    outputs, gradients = bare.by_hand(values, lengths, cotangents)
    plain, place = {name.removeprefix("layer 0 forward "): value for name, value in values.items()}, "layer 0 forward "
    given_ = {name.removeprefix(place): value for name, value in cotangents.items()}
    for got, wanted in zip(
        (outputs, gradients), cell.by_hand(plain, np.arange(4) < lengths[:, None], given_), strict=True
    ):
        for name, value in got.items():
            np.testing.assert_array_equal(value, wanted[name.removeprefix(place)], err_msg=name)


@residuals
def test_layers_may_differ_in_direction(layered, residual):
    """One-directional layers on a bidirectional one, of their own widths."""
    rng, module = np.random.default_rng(0), layered.module
    params = [Directions(module.init(3, 2, rng), module.init(3, 2, rng)), module.init(4, 4, rng)]
    x, dout = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    out, cache = stacked.forward(module, params, x, lengths=[5, 3], residual=residual, **layered.options)
    below, first = bidirectional.forward(module, params[0], x, lengths=[5, 3], **layered.options)
    mask = np.arange(5) < np.array([[5], [3]])
    above, second = module.forward(params[1], below, mask=mask, **layered.options)
    np.testing.assert_array_equal(out, above + below if residual else above)
    grads = stacked.backward(dout, cache)
    top = module.backward(dout, second)
    dbelow = top.x + (dout * mask[..., None] if residual else 0)
    np.testing.assert_array_equal(grads.params[1].W_xh, top.params.W_xh)
    np.testing.assert_array_equal(grads.x, bidirectional.backward(dbelow, first).x)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_padding_changes_nothing_whatever_stands_in_it(layered, stack, data):
    case = stack(layered, data.draw(st.integers(1, 3)), data.draw(st.booleans()), data.draw(st.booleans()))
    T, more = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 3))
    lengths = data.draw(st.lists(st.integers(0, T), min_size=1, max_size=4))
    values, lengths, cotangents = case.draw(len(lengths), T, 2, 3, lengths, seed=data.draw(st.integers(0, 10_000)))
    real = (np.arange(T + more) < lengths[:, None])[..., None]
    filler, beyond = data.draw(st.sampled_from([1e6, np.nan, np.inf])), ((0, 0), (0, more), (0, 0))
    padded = values | {"x": np.where(real, np.pad(values["x"], beyond), filler)}
    dpadded = cotangents | {"hs": np.where(real, np.pad(cotangents["hs"], beyond), filler)}
    outputs, gradients = case.by_hand(values, lengths, cotangents)
    got, found = case.by_hand(padded, lengths, dpadded)
    for result, name in [(got, "hs"), (found, "x")]:
        assert np.all(result[name][~real[..., 0]] == 0)
        result[name] = result[name][:, :T]
    for name, value in (outputs | gradients).items():
        np.testing.assert_allclose((got | found)[name], value, atol=1e-12, err_msg=name)


def test_a_layer_that_says_nothing_passes_its_input_on_with_residual_connections():
    """Weights of 0 make tanh(0) = 0: what is above the first layer adds nothing, and the gradient goes round it."""
    rng = np.random.default_rng(0)
    first, silent = rnn.init(3, 4, rng), rnn.Params(np.zeros((4, 4)), np.zeros((4, 4)), np.zeros(4))
    x, dout = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    alone, kept = rnn.forward(first, x)
    out, cache = stacked.forward(rnn, [first, silent, silent], x, residual=True)
    np.testing.assert_array_equal(out, alone)
    np.testing.assert_allclose(stacked.backward(dout, cache).x, rnn.backward(dout, kept).x, atol=1e-15)
    out, cache = stacked.forward(rnn, [first, silent], x)
    assert not out.any()
    assert not stacked.backward(dout, cache).x.any()


@pytest.mark.parametrize("layers", [1, 3])
@residuals
@pytest.mark.parametrize("lengths", [None, [5, 1, 3], [0, 4, 1]])
def test_step_by_step_it_is_the_whole_there_and_back(cell, stack, layers, residual, lengths):
    """Each step goes on from the one before, and `joined` they are the cache of `forward`."""
    case = stack(cell, layers, both=False, residual=residual)
    D = 4 if residual else 2  # as wide as the output: x could be added to it, and is not
    values, lengths, cotangents = case.draw(3, 5, D, 4, lengths, seed=layers)
    whole, cache = case.run(values, lengths)
    wanted = case.by_hand(values, lengths, cotangents)[1]
    _, first = case.run(values | {"x": values["x"][:, :0]}, None)
    mask, steps, outs = np.arange(5) < (np.full(3, 5) if lengths is None else lengths)[:, None], [first], []
    for t in range(5):
        x = np.where(mask[:, t, None], values["x"][:, t], np.nan)  # what is not read may be anything
        out, step = stacked.step(steps[-1], x, mask[:, t])
        steps.append(step)
        outs.append(out)
    np.testing.assert_allclose(np.stack(outs, 1), whole["hs"], atol=1e-14)
    together = stacked.joined(steps)
    assert together.shape == cache.shape
    for kept, one in zip(together.layers, cache.layers, strict=True):
        for got, array in zip((kept.x, kept.mask, *kept.states), (one.x, one.mask, *one.states), strict=True):
            np.testing.assert_allclose(got, array, atol=1e-14)
    dstates = [tuple(cotangents[f"{place}{s}_T"] for s in cell.states) for place in case.places]
    dx, da = np.zeros_like(values["x"]), []
    for t in reversed(range(5)):
        dx[:, t], dstates, da_t = stacked.step_backward(together, t, cotangents["hs"][:, t], dstates)
        da.append(da_t)
    found = case._flat(stacked.gradients(together, da[::-1]), cell.params) | case._flat(dstates, cell.initial)
    assert_same(found | {"x": dx}, wanted)


def test_no_step_at_all_has_gradients_of_zero():
    _, cache = stacked.forward(rnn, PARAMS, X[:, :0], [(H0 + 1,), (H0 + 2,)])
    together = stacked.joined([cache])
    assert together.shape == (2, 0, 3)
    np.testing.assert_array_equal(together.final[1][0], H0 + 2)
    for weights, grads in zip(PARAMS, stacked.gradients(together, []), strict=True):
        for value, gradient in zip(weights, grads, strict=True):
            np.testing.assert_array_equal(gradient, np.zeros_like(value))


def test_layers_in_both_directions_cannot_go_step_by_step():
    both = [PARAMS[0], Directions(PARAMS[1], PARAMS[1])]
    _, cache = stacked.forward(rnn, both, X)
    with pytest.raises(TypeError, match="must be of layers in one direction, but layer 2 is bidirectional"):
        stacked.step(cache, X[:, 0], np.ones(2, bool))


def test_nothing_of_the_callers_is_changed_or_shared(layered, stack):
    case = stack(layered, 2, residual=True)
    values, lengths, cotangents = case.draw(2, 4, 2, 3, [4, 2])
    copies = {name: value.copy() for name, value in (values | cotangents).items()}
    outputs, gradients = case.by_hand(values, lengths, cotangents)
    for name, value in (values | cotangents).items():
        np.testing.assert_array_equal(value, copies[name])
        assert not any(np.shares_memory(value, got) for got in [*outputs.values(), *gradients.values()])


RNG = np.random.default_rng(0)
PARAMS = [rnn.init(2, 3, RNG), rnn.init(3, 3, RNG)]
X, H0, DOUT = np.ones((2, 4, 2)), np.zeros((2, 3)), np.ones((2, 4, 3))
BAD = {  # what is changed -> (error, message)
    "x is not 3-d": ({"x": np.ones((4, 2))}, ValueError, r"x must have shape \(B, T, D\), got \(4, 2\)"),
    "cell for module": ({"cell": rnn.Cell()}, TypeError, "cell must be a module: seqlib.reference.rnn.*got Cell"),
    "no layer": ({"params": []}, ValueError, "params must hold at least one layer, got none"),
    "one layer, not a list": ({"params": PARAMS[0]}, TypeError, "params must be a list.*got Params"),
    "layers that do not fit": (
        {"params": [PARAMS[0], rnn.init(2, 3, RNG)]},
        ValueError,
        r"in layer 2: x must have shape \(B, T, 2\), got \(2, 4, 3\)",
    ),
    "direction in a layer": (
        {"params": [PARAMS[0], Directions(PARAMS[1], PARAMS[0])]},
        ValueError,
        r"in layer 2: in the backward direction: x must have shape \(B, T, 2\)",
    ),
    "widths that cannot be added": (
        {"params": [PARAMS[0], rnn.init(3, 4, RNG)], "residual": True},
        ValueError,
        r"in layer 2: its output, to which its input is added, must have shape \(2, 4, 3\), got \(2, 4, 4\)",
    ),
    "residual": ({"residual": 1}, TypeError, "residual must be True or False, got 1"),
    "lengths too long": ({"lengths": [4, 5]}, ValueError, r"at least 0 and at most 4, but lengths\[1\] is 5"),
    "lengths of another batch": ({"lengths": [4]}, ValueError, r"lengths must have shape \(2\), got \(1\)"),
    "initial of one layer": (
        {"initial": [(H0,)]},
        ValueError,
        "initial must have an entry for each of 2 layers, got 1",
    ),
    "initial is an array": ({"initial": H0}, TypeError, "initial must be a list"),
    "initial shape": ({"initial": [None, (H0[:1],)]}, ValueError, r"in layer 2: h0 must have shape \(2, 3\)"),
    "dout": ({"dout": X}, ValueError, r"dout must have shape \(2, 4, 3\)"),
    "dout NaN": ({"dout": DOUT * np.nan}, ValueError, "in layer 2: dhs must be finite"),
    "dfinal of one layer": ({"dfinal": [None]}, ValueError, "dfinal must have an entry for each of 2 layers, got 1"),
    "dfinal shape": ({"dfinal": [(H0[:1],), None]}, ValueError, r"in layer 1: dh_T must have shape \(2, 3\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(cell=rnn, params=PARAMS, x=X, initial=None, dout=DOUT, dfinal=None, **options):
        _, cache = stacked.forward(cell, params, x, initial, **options)
        stacked.backward(dout, cache, dfinal)

    there_and_back()
    with pytest.raises(error, match=message):
        there_and_back(**wrong)
