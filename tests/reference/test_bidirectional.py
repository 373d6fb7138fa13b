"""The bidirectional layer of every cell: reversal, gradients, torch's layer, padding, the summary vector, bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, relative_error
from seqlib.reference import bidirectional, rnn
from seqlib.reference.bidirectional import Directions, reverse, summary

CASES = {  # name: (B, T, D, H, lengths or None)
    "usual": (2, 4, 3, 2, None),
    "one step": (2, 1, 2, 3, None),
    "one unit": (1, 5, 1, 1, None),
    "lengths": (3, 4, 2, 2, [4, 1, 3]),
    "no row is full": (2, 5, 1, 2, [3, 2]),
}
sizes = pytest.mark.parametrize("size", CASES)


@pytest.fixture(scope="session")
def layer(cell, stack):
    """One bidirectional layer of every cell in turn."""
    return stack(cell, alone=True)


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@st.composite
def batches(draw, least=0):
    """Sequences that are all different, and their lengths, with 1 and T more often than others."""
    B, T = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    lengths = draw(st.lists(st.one_of(st.sampled_from([1, T]), st.integers(least, T)), min_size=B, max_size=B))
    more = draw(st.sampled_from([(), (2,), (2, 3)]))
    x = np.arange(B * T * int(np.prod(more))).reshape(B, T, *more)
    return x.astype(draw(st.sampled_from([np.int64, np.float64, np.complex128]))), lengths


@settings(max_examples=200, deadline=None)
@given(batches())
def test_each_row_is_reversed_within_its_length_and_padding_stays(batch):
    x, lengths = batch
    got = reverse(x, lengths)
    assert got.dtype == x.dtype
    for row, before, n in zip(got, x, lengths, strict=True):
        assert np.array_equal(row[:n], before[:n][::-1])
        assert np.array_equal(row[n:], before[n:])
    assert np.array_equal(reverse(got, lengths), x), "twice is as before"
    assert not np.shares_memory(got, x)


def test_without_lengths_the_whole_row_is_reversed():
    x = np.arange(24.0).reshape(2, 4, 3)
    assert np.array_equal(reverse(x), x[:, ::-1])


@settings(max_examples=50, deadline=None)
@given(batches())
def test_the_reversed_cotangent_is_the_gradient_of_a_reversal(batch):
    """<reverse(x), v> = <x, reverse(v)>: it is its own transpose."""
    x, lengths = batch
    v = np.random.default_rng(0).normal(size=x.shape)
    assert (reverse(x, lengths) * v).sum() == pytest.approx((x * reverse(v, lengths)).sum())


@pytest.mark.parametrize("size", ["one step", "lengths"])
def test_gradients_agree_with_complex_step_and_central_differences(layer, size):
    values, lengths, cotangents = layer.draw(*CASES[size])
    _, gradients = layer.by_hand(values, lengths, cotangents)
    report = check(lambda **given_: layer.loss(given_, lengths, cotangents), values, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())  # nothing is proved by zeros


@sizes
def test_equal_to_torch(layered, stack, size):
    case = stack(layered, alone=True)
    given_ = case.draw(*CASES[size], seed=1)
    for got, wanted in zip(case.by_hand(*given_), case.by_layer(layered.layer, *given_), strict=True):
        assert_same(got, wanted)


def test_each_direction_is_the_cell_alone(layer):
    """The second half of the output is what the cell says to every sequence by itself, turned round."""
    values, lengths, _ = layer.draw(3, 5, 2, 4, [5, 1, 3], seed=2)
    outputs, cache = layer.run(values, lengths)
    for b, n in enumerate(lengths):
        for way, half in [("forward", slice(4)), ("backward", slice(4, 8))]:
            own = {name: values[f"layer 0 {way} {name}"] for name in layer.cell.params}
            own |= {name: values[f"layer 0 {way} {name}"][b : b + 1] for name in layer.cell.initial}
            x = values["x"][b : b + 1, :n]
            alone, _ = layer.cell.run(own | {"x": x if way == "forward" else x[:, ::-1]})
            hs = alone["hs"] if way == "forward" else alone["hs"][:, ::-1]
            np.testing.assert_allclose(outputs["hs"][b, :n, half], hs[0], atol=1e-14)
            final = getattr(cache.final, way)
            np.testing.assert_allclose(final[0][b], alone["h_T"][0], atol=1e-14)


def test_every_output_sees_the_whole_sequence_and_nothing_else(layer):
    values, lengths, _ = layer.draw(2, 6, 2, 4, [6, 4])
    before = layer.run(values, lengths)[0]["hs"]
    for t in range(6):
        changed = values | {"x": values["x"].copy()}
        changed["x"][:, t] += 1
        moved = layer.run(changed, lengths)[0]["hs"] != before
        if layer.cell.options.get("nonlinearity") != "relu":  # whose units may all be 0, and stay so
            assert moved[0, t:, :4].any(1).all()
            assert moved[0, : t + 1, 4:].any(1).all()
        assert not moved[0, :t, :4].any(), "the forward direction does not see the future"
        assert not moved[0, t + 1 :, 4:].any(), "nor the backward one the past"
        assert moved[1].any() == (t < 4)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_padding_changes_nothing_whatever_stands_in_it(layer, data):
    T, more = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 3))
    lengths = data.draw(st.lists(st.integers(0, T), min_size=1, max_size=4))
    values, lengths, cotangents = layer.draw(len(lengths), T, 2, 3, lengths, seed=data.draw(st.integers(0, 10_000)))
    real = (np.arange(T + more) < lengths[:, None])[..., None]
    filler = data.draw(st.sampled_from([1e6, np.nan, np.inf]))
    beyond = ((0, 0), (0, more), (0, 0))
    x, dhs = np.pad(values["x"], beyond), np.pad(cotangents["hs"], beyond)
    padded = values | {"x": np.where(real, x, filler)}
    dpadded = cotangents | {"hs": np.where(real, dhs, filler)}
    (outputs, gradients), (got, found) = (
        layer.by_hand(v, lengths, c) for v, c in [(values, cotangents), (padded, dpadded)]
    )
    for result, name in [(got, "hs"), (found, "x")]:
        assert np.all(result[name][~real[..., 0]] == 0)
        result[name] = result[name][:, :T]
    for name, value in (outputs | gradients).items():
        np.testing.assert_allclose((got | found)[name], value, atol=1e-12, err_msg=name)


def test_a_sequence_without_steps_hands_its_states_on(layer):
    values, lengths, cotangents = layer.draw(2, 3, 2, 4, [0, 3])
    outputs, gradients = layer.by_hand(values, lengths, cotangents)
    assert not outputs["hs"][0].any()
    assert not gradients["x"][0].any()
    for place in layer.places:
        for s in layer.cell.states:
            np.testing.assert_array_equal(outputs[f"{place}{s}_T"][0], values[f"{place}{s}0"][0])
            np.testing.assert_array_equal(gradients[f"{place}{s}0"][0], cotangents[f"{place}{s}_T"][0])


def test_states_and_their_cotangents_are_zero_by_default(layer):
    values, lengths, cotangents = layer.draw(2, 3, 2, 4, [3, 2])
    zeros = {name: 0 * value if name.endswith(("0", "_T")) else value for name, value in (values | cotangents).items()}
    wanted, gradients = layer.by_hand(zeros, lengths, zeros | {"hs": cotangents["hs"]})
    params = Directions(*(layer.cell.module.Params(*(values[p + n] for n in layer.cell.params)) for p in layer.places))
    hs, cache = bidirectional.forward(layer.cell.module, params, values["x"], lengths=lengths, **layer.cell.options)
    np.testing.assert_array_equal(hs, wanted["hs"])
    grads = bidirectional.backward(cotangents["hs"], cache)
    np.testing.assert_array_equal(grads.x, gradients["x"])
    np.testing.assert_array_equal(grads.params.backward.W_hh, gradients["layer 0 backward W_hh"])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_the_summary_is_the_final_state_of_both_directions(layer, seed, lengths):
    values, lengths, _ = layer.draw(len(lengths), 5, 2, 3, lengths, seed=seed)
    outputs, _ = layer.run(values, lengths)
    got = summary(outputs["hs"], lengths)
    np.testing.assert_array_equal(got, np.concatenate([outputs[f"{place}h_T"] for place in layer.places], 1))
    if layer.cell.layer is not None:
        zero = {name: 0 * value for name, value in outputs.items()}
        theirs, _ = layer.by_layer(layer.cell.layer, values, lengths, zero)
        np.testing.assert_allclose(
            got, np.concatenate([theirs[f"{place}h_T"] for place in layer.places], 1), atol=1e-12
        )
    if layer.cell.options.get("nonlinearity") != "relu":  # whose units may all be 0
        assert not np.isclose(got, outputs["hs"][:, -1]).all(1).any(), "the last place is not the summary"


def test_the_cotangent_of_the_summary_goes_back_through_the_final_states(layer):
    values, lengths, cotangents = layer.draw(3, 4, 2, 3, [4, 1, 3])
    v = np.random.default_rng(0).normal(size=(3, 6))
    through_states = {name: 0 * value for name, value in cotangents.items()}
    through_states |= {"layer 0 forward h_T": v[:, :3], "layer 0 backward h_T": v[:, 3:]}
    through_outputs = {name: 0 * value for name, value in cotangents.items()}
    for b, n in enumerate(lengths):
        through_outputs["hs"][b, n - 1, :3] = v[b, :3]
        through_outputs["hs"][b, 0, 3:] = v[b, 3:]
    one, other = (layer.by_hand(values, lengths, c)[1] for c in (through_states, through_outputs))
    for name, value in one.items():
        np.testing.assert_allclose(other[name], value, atol=1e-14, err_msg=name)


def test_what_the_caller_writes_after_forward_does_not_change_the_gradient(layer):
    values, lengths, cotangents = layer.draw(2, 4, 3, 4, [4, 3])
    _, wanted = layer.by_hand(values, lengths, cotangents)
    own, counted = {name: value.copy() for name, value in values.items()}, lengths.copy()
    outputs, cache = layer.run(own, counted)
    for array in [*own.values(), outputs["hs"], counted]:
        array.fill(1)
    finals = Directions(*(tuple(cotangents[f"{p}{s}_T"] for s in layer.cell.states) for p in layer.places))
    grads = bidirectional.backward(cotangents["hs"], cache, finals)
    np.testing.assert_array_equal(grads.x, wanted["x"])
    np.testing.assert_array_equal(grads.params.forward.W_hh, wanted["layer 0 forward W_hh"])


RNG = np.random.default_rng(0)
PARAMS = Directions(rnn.init(2, 3, RNG), rnn.init(2, 3, RNG))
X, H0, DOUT = np.ones((2, 4, 2)), np.zeros((2, 3)), np.ones((2, 4, 6))
BAD = {  # what is changed -> (error, message)
    "x is not 3-d": ({"x": np.ones((4, 2))}, ValueError, r"x must have shape \(B, T, D\), got \(4, 2\)"),
    "x too wide": ({"x": np.ones((2, 4, 3))}, ValueError, "in the forward direction: x must have shape"),
    "x holds NaN": ({"x": X * np.nan}, ValueError, "x must be finite"),
    "lengths are fractions": ({"lengths": [1.0, 2.0]}, TypeError, "lengths must hold integers"),
    "lengths too long": ({"lengths": [4, 5]}, ValueError, r"at least 0 and at most 4, but lengths\[1\] is 5"),
    "lengths below 0": ({"lengths": [4, -1]}, ValueError, r"lengths\[1\] is -1"),
    "lengths of another batch": ({"lengths": [4]}, ValueError, r"lengths must have shape \(2\), got \(1\)"),
    "lengths are a number": ({"lengths": 4}, ValueError, "lengths must be a vector"),
    "cell for module": ({"cell": rnn.Cell()}, TypeError, "cell must be a module: seqlib.reference.rnn.*got Cell"),
    "a module of no cell": ({"cell": np}, TypeError, "cell must be a module.*got <module 'numpy'"),
    "params of one direction": ({"params": PARAMS.forward}, TypeError, r"params must be Directions.*got Params"),
    "other widths": (
        {"params": Directions(PARAMS.forward, rnn.init(2, 4, RNG))},
        ValueError,
        r"in the backward direction: params.W_hh must have shape \(3, 3\), got \(4, 4\)",
    ),
    "params of no cell": (
        {"params": Directions(PARAMS.forward, None)},
        TypeError,
        "in the backward direction: params must be a Params",
    ),
    "initial of one direction": ({"initial": (H0,)}, TypeError, "initial must be Directions"),
    "initial without a tuple": (
        {"initial": Directions(None, H0)},
        TypeError,
        r"in the backward direction: initial must be a tuple of the states \(h0\), got ndarray",
    ),
    "two states of one": ({"initial": Directions((H0, H0), None)}, TypeError, r"\(h0\), got 2 of them"),
    "initial shape": ({"initial": Directions((H0[:1],), None)}, ValueError, r"h0 must have shape \(2, 3\)"),
    "dout": ({"dout": np.ones((2, 4, 3))}, ValueError, r"dout must have shape \(2, 4, 6\)"),
    "dout NaN": ({"dout": np.full((2, 4, 6), np.nan)}, ValueError, "in the forward direction: dhs must be finite"),
    "dfinal": ({"dfinal": Directions(None, (H0[:1],))}, ValueError, r"in the backward direction: dh_T must have"),
    "an option": ({"nonlinearity": "sine"}, ValueError, "nonlinearity must be one of"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(cell=rnn, params=PARAMS, x=X, initial=None, dout=DOUT, dfinal=None, **options):
        _, cache = bidirectional.forward(cell, params, x, initial, **options)
        bidirectional.backward(dout, cache, dfinal)

    there_and_back()
    with pytest.raises(error, match=message):
        there_and_back(**wrong)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reverse(np.ones(3)), r"x must have shape \(B, T, …\), got \(3,\)"),
        (lambda: reverse(X, [5, 1]), r"lengths must be at least 0 and at most 4, but lengths\[0\] is 5"),
        (lambda: reverse(X, [1, 1, 1]), r"lengths must have shape \(2\)"),
        (lambda: summary(np.ones((2, 4, 5)), [1, 1]), "out must have 2H features, an even number, got 5"),
        (lambda: summary(np.ones((2, 4, 6)), [0, 1]), r"at least 1 and at most 4, but lengths\[0\] is 0"),
        (lambda: summary(np.ones((2, 0, 6))), "T must be at least 1"),
        (lambda: summary(np.ones((2, 6))), r"out must have shape \(B, T, 2H\)"),
    ],
)
def test_bad_input_of_reverse_and_summary_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_embedding_ids_can_be_reversed_too():
    ids = np.array([[5, 6, 7, 0], [8, 9, 0, 0]])
    assert reverse(ids, [3, 2]).tolist() == [[7, 6, 5, 0], [9, 8, 0, 0]]
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(ids), [3, 2], batch_first=True)
    assert packed.data.tolist() == [5, 8, 6, 9, 7]  # which is what the lengths mean to torch
