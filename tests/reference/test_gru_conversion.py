"""Weights carried between conventions, and to torch.nn and Keras, are judged by the function that they make."""

import importlib.util
import itertools
import os

import numpy as np
import pytest
import torch

from seqlib.reference import gru, gru_conversion
from seqlib.reference.gru import Convention
from seqlib.reference.gru_conversion import convert

CONVENTIONS = [Convention(*switches) for switches in itertools.product(("after", "before"), ("keeps", "takes"), (1, 2))]
PAIRS = list(itertools.product(CONVENTIONS, CONVENTIONS))
OTHER_DOOR = [(a, b) for a, b in PAIRS if a.reset != b.reset]
D, H = 3, 4


def drawn(convention, seed=0, *, diagonal=False, b_hn=True):
    """Parameters; with a diagonal W_hn, or without b_hn, if wanted."""
    params = gru.init(D, H, np.random.default_rng(seed), scale=1.0, convention=convention)
    if diagonal:
        params.W_hh[2 * H :] *= np.eye(H)
    if params.b_hh is not None and not b_hn:
        params.b_hh[2 * H :] = 0
    return params


def outputs(params, convention):
    """All states over a batch of sequences."""
    rng = np.random.default_rng(9)
    return gru.forward(params, rng.normal(size=(3, 6, D)), rng.normal(size=(3, H)), convention=convention)[0]


def assert_same_function(params, source, converted, target):
    np.testing.assert_allclose(outputs(converted, target), outputs(params, source), atol=1e-13)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=str)
def test_special_weights_go_anywhere_and_come_back(source, target):
    params = drawn(source, diagonal=True, b_hn=False)
    there = convert(params, source, target)
    assert_same_function(params, source, there, target)
    back = convert(there, target, source)
    assert_same_function(params, source, back, source)
    again = convert(back, source, target)
    for a, b in zip(again, there, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-15) if a is not None else None
    if source.biases == target.biases:  # nothing was merged, so they are the very weights
        for a, b in zip(back, params, strict=True):
            np.testing.assert_array_equal(a, b) if a is not None else None


@pytest.mark.parametrize(("source", "target"), [(a, b) for a, b in PAIRS if a.reset == b.reset], ids=str)
def test_any_weights_go_where_the_reset_gate_stays(source, target):
    loses_b_hn = source.reset == "after" and source.biases == 2 and target.biases == 1
    params = drawn(source)
    if loses_b_hn:
        with pytest.raises(ValueError, match=r"b_hn\[0\] is not 0 and stands inside a reset gate"):
            convert(params, source, target)
        params = drawn(source, b_hn=False)
    assert_same_function(params, source, convert(params, source, target), target)


@pytest.mark.parametrize(("source", "target"), OTHER_DOOR, ids=str)
def test_the_reset_gate_does_not_move_in_general(source, target):
    params = drawn(source, b_hn=False)
    with pytest.raises(ValueError, match=f"no counterpart of params with reset '{target.reset}'.*unit 0"):
        convert(params, source, target)
    wrong = drawn(source, b_hn=False)._asdict()
    wrong["b_hh"] = None if target.biases == 1 else np.zeros(3 * H)
    assert np.abs(outputs(gru.Params(**wrong), target) - outputs(params, source)).max() > 0.01, "it is another function"


def test_the_reset_gate_moves_among_units_that_share_it():
    source, target = Convention("after", "keeps", 1), Convention("before", "keeps", 1)
    params = drawn(source)
    for array in params[:3]:
        array[1] = array[0]  # units 0 and 1 have one reset gate
    W_hn = params.W_hh[2 * H :]
    W_hn *= np.eye(H)
    W_hn[0, 1], W_hn[1, 0] = 0.7, -0.4
    assert_same_function(params, source, convert(params, source, target), target)
    W_hn[2, 0] = 0.1
    with pytest.raises(ValueError, match="the units 0, 1, 2 listen to unit 0"):
        convert(params, source, target)


def test_a_bias_inside_the_reset_gate_does_not_leave_it():
    params = drawn(gru.PYTORCH, diagonal=True)
    with pytest.raises(ValueError, match="stands inside"):
        convert(params, gru.PYTORCH, gru.CHO_2014_V3)
    params = drawn(Convention("before", "keeps", 2), diagonal=True)  # but outside it, it stays outside
    assert_same_function(
        params, Convention("before", "keeps", 2), convert(params, Convention("before"), gru.PYTORCH), gru.PYTORCH
    )


def test_both_biases_of_the_reset_gate_count_when_gates_are_compared():
    params = drawn(gru.PYTORCH, b_hn=False)
    params.W_hh[2 * H :] = np.eye(H) + np.eye(H)[::-1] * [[1], [0], [0], [1]]  # joins units 0 and 3
    for array in params[:3]:
        array[3] = array[0]
    with pytest.raises(ValueError, match="no counterpart"):
        convert(params, gru.PYTORCH, gru.CHO_2014_V3)
    params.b_hh[3] = params.b_hh[0]
    assert_same_function(params, gru.PYTORCH, convert(params, gru.PYTORCH, gru.CHO_2014_V3), gru.CHO_2014_V3)


@pytest.mark.parametrize(("source", "target"), OTHER_DOOR, ids=str)
def test_the_reset_gate_moves_to_the_only_partner(source, target):
    params = drawn(source, b_hn=source.reset == "before")
    W_hn = params.W_hh[2 * H :]
    W_hn *= np.eye(H)[[2, 0, 3, 1]]  # unit 0 listens to unit 2, and to nobody else, and so on
    there = convert(params, source, target)
    assert_same_function(params, source, there, target)
    np.testing.assert_array_equal(there.W_hh[2 * H :], W_hn)
    assert np.abs(there.W_xh[:H] - params.W_xh[:H]).min() > 0, "every unit has another reset gate"
    assert_same_function(params, source, convert(there, target, source), source)


@pytest.mark.parametrize(("source", "target"), OTHER_DOOR, ids=str)
def test_one_unit_that_listens_or_speaks_takes_its_gate_along(source, target):
    params = drawn(source, b_hn=False)
    W_hn = params.W_hh[2 * H :]
    kept = W_hn[1].copy()
    W_hn[:] = 0
    if source.reset == "after":  # unit 1 listens to all
        W_hn[1] = kept
    else:  # all listen to unit 1
        W_hn[:, 1] = kept
    assert_same_function(params, source, convert(params, source, target), target)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=str)
def test_constant_reset_gates_go_into_the_weights(source, target):
    params = drawn(source)
    params.W_xh[:H] = params.W_hh[:H] = 0
    there = convert(params, source, target)
    assert_same_function(params, source, there, target)
    assert_same_function(params, source, convert(there, target, source), source)


@pytest.mark.parametrize(("source", "target"), OTHER_DOOR, ids=str)
def test_a_gate_that_sees_something_is_no_constant(source, target):
    for seen in (0, 1):  # the input alone, or the state alone
        params = drawn(source, b_hn=False)
        params[seen][:H] = 0
        with pytest.raises(ValueError, match="neither one nor constants"):
            convert(params, source, target)
    params = drawn(source, b_hn=False)
    params.W_xh[: H - 1] = params.W_hh[: H - 1] = 0  # all constants but one
    with pytest.raises(ValueError, match="neither one nor constants"):
        convert(params, source, target)


def test_a_bias_inside_a_constant_gate_leaves_it_alone():
    params, one = drawn(gru.PYTORCH), Convention("after", "keeps", 1)
    params.W_xh[1] = params.W_hh[1] = 0
    params.b_hh[2 * H :] *= np.arange(H) == 1
    assert_same_function(params, gru.PYTORCH, convert(params, gru.PYTORCH, one), one)
    params.b_hh[2 * H + 2] = 0.3
    with pytest.raises(ValueError, match=r"b_hn\[2\] is not 0"):
        convert(params, gru.PYTORCH, one)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
def test_what_need_not_change_stays(convention):
    params = drawn(convention)
    for a, b in zip(convert(params, convention, convention), params, strict=True):
        np.testing.assert_array_equal(a, b) if a is not None else None


def test_nothing_is_shared_or_changed():
    params = drawn(gru.PYTORCH)
    copies = [p.copy() for p in params]
    converted = convert(params, gru.PYTORCH, Convention("after", "takes", 2))
    for p, copy, new in zip(params, copies, converted, strict=True):
        np.testing.assert_array_equal(p, copy)
        assert not np.shares_memory(p, new)


# --- torch ---


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("suffix", ["l0", "l0_reverse", "l1"])
def test_weights_of_torch(bias, suffix):
    layer = torch.nn.GRU(D, H, 2, bias=bias, bidirectional=True, dtype=torch.float64)
    params = gru_conversion.from_torch(layer.state_dict(), suffix)
    alone = torch.nn.GRU(params.W_xh.shape[1], H, batch_first=True, dtype=torch.float64)
    alone.load_state_dict(
        {k.replace(suffix, "l0"): torch.tensor(v) for k, v in gru_conversion.to_torch(params, suffix).items()}
    )
    x = np.random.default_rng(1).normal(size=(2, 5, params.W_xh.shape[1]))
    np.testing.assert_allclose(gru.forward(params, x)[0], alone(torch.tensor(x))[0].detach().numpy(), atol=1e-14)
    np.testing.assert_array_equal(params.W_hh, layer.state_dict()[f"weight_hh_{suffix}"].numpy())


# --- Keras ---

old_protocol = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in Keras itself


@pytest.fixture(scope="module")
def keras():
    """Keras on torch."""
    if importlib.util.find_spec("keras") is None:
        pytest.skip("keras is not installed: pip install -e '.[test]' has it")
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    return keras


def keras_layer(keras, reset_after, bias=True):
    """A layer with random weights, biases too."""
    layer = keras.layers.GRU(H, return_sequences=True, reset_after=reset_after, use_bias=bias, dtype="float64")
    layer.build((None, None, D))
    rng = np.random.default_rng(2)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


@old_protocol
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("reset_after", [True, False])
def test_a_keras_gru_is_reproduced_from_its_weights(keras, reset_after, bias):
    layer = keras_layer(keras, reset_after, bias)
    x, h0 = np.random.default_rng(3).normal(size=(2, 5, D)), np.random.default_rng(4).normal(size=(2, H))
    wanted = keras.ops.convert_to_numpy(layer(x, initial_state=h0))
    params = gru_conversion.from_keras(layer.get_weights(), reset_after=reset_after)
    convention = gru.KERAS if reset_after else gru.KERAS_RESET_BEFORE
    tolerance = 1e-13 if reset_after else 1e-6  # Keras walks this one in a loop of its own, with float32 on the way
    np.testing.assert_allclose(gru.forward(params, x, h0, convention=convention)[0], wanted, rtol=0, atol=tolerance)
    back = gru_conversion.to_keras(params, reset_after=reset_after)
    for a, b in zip(back, layer.get_weights(), strict=bias):
        np.testing.assert_array_equal(a, b)


@old_protocol
def test_torchs_weights_make_the_same_layer_in_keras(keras):
    theirs = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    layer = keras_layer(keras, True)
    layer.set_weights(gru_conversion.to_keras(gru_conversion.from_torch(theirs.state_dict())))
    x = np.random.default_rng(3).normal(size=(2, 5, D))
    wanted = theirs(torch.tensor(x))[0].detach().numpy()
    np.testing.assert_allclose(keras.ops.convert_to_numpy(layer(x)), wanted, atol=1e-13)


@pytest.mark.parametrize("reset_after", [True, False])
def test_keras_arrays_round_trip_without_keras(reset_after):
    params = drawn(gru.KERAS if reset_after else gru.KERAS_RESET_BEFORE)
    arrays = gru_conversion.to_keras(params, reset_after=reset_after)
    assert [a.shape for a in arrays] == [(D, 3 * H), (H, 3 * H), (2, 3 * H) if reset_after else (3 * H,)]
    np.testing.assert_array_equal(arrays[0][:, :H], params.W_xh[H : 2 * H].T)  # z comes first
    np.testing.assert_array_equal(arrays[1][:, H : 2 * H], params.W_hh[:H].T)
    back = gru_conversion.from_keras(arrays, reset_after=reset_after)
    for a, b in zip(back, params, strict=True):
        np.testing.assert_array_equal(a, b) if a is not None else None


GOOD = drawn(gru.PYTORCH)
KERAS = gru_conversion.to_keras(GOOD)
BAD = {
    "source": (lambda: convert(GOOD, "torch", gru.KERAS), TypeError, "must be a Convention"),
    "target": (lambda: convert(GOOD, gru.KERAS, "torch"), TypeError, "must be a Convention"),
    "biases": (lambda: convert(GOOD, gru.CHUNG_2014, gru.KERAS), ValueError, "b_hh is there"),
    "to_torch": (lambda: gru_conversion.to_torch(GOOD._replace(b_hh=None)), ValueError, "b_hh is None"),
    "to_keras": (lambda: gru_conversion.to_keras(GOOD, reset_after=False), ValueError, "b_hh is there"),
    "from_torch": (lambda: gru_conversion.from_torch({}), KeyError, "weight_ih_l0"),
    "torch shape": (
        lambda: gru_conversion.from_torch(gru_conversion.to_torch(GOOD) | {"bias_hh_l0": np.ones(4)}),
        ValueError,
        "b_hh must have shape",
    ),
    "from_keras": (lambda: gru_conversion.from_keras(KERAS[:1]), ValueError, "got 1 arrays"),
    "kernel": (lambda: gru_conversion.from_keras([KERAS[0][0], *KERAS[1:]]), ValueError, "kernel must have shape"),
    "width": (
        lambda: gru_conversion.from_keras([np.zeros((D, 13)), *KERAS[1:]]),
        ValueError,
        "kernel must have 3H = 12 columns, .* got 13",
    ),
    "bias": (lambda: gru_conversion.from_keras(KERAS, reset_after=False), ValueError, "bias must have shape"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
