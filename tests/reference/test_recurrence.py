"""The laws of every cell: finite differences = complex step = backward by hand = autograd = torch's layer; masks,
truncation, causality, and what bad input is told.
"""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, relative_error
from seqlib.reference import recurrence

CASES = {  # name: (B, T, D, H, lengths or None)
    "usual": (3, 4, 2, 3, None),
    "one step": (3, 1, 2, 3, None),
    "batch of one": (1, 3, 2, 3, None),
    "one unit": (2, 5, 1, 1, None),
    "lengths": (4, 4, 1, 2, [4, 1, 3, 2]),
    "more inputs": (2, 3, 4, 2, [3, 2]),
}
sizes = pytest.mark.parametrize("size", CASES)


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@sizes
def test_gradients_agree_with_complex_step_and_central_differences(cell, size):
    arguments, mask, cotangents = cell.draw(*CASES[size])
    _, gradients = cell.by_hand(arguments, mask, cotangents)
    report = check(lambda **values: cell.loss(values, mask, cotangents), arguments, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())  # nothing is proved by zeros


@sizes
def test_equal_to_torch(cell, size):
    given_ = cell.draw(*CASES[size], seed=1)
    outputs, gradients = cell.by_hand(*given_)
    for oracle in [cell.by_autograd] + [cell.by_layer] * (cell.layer is not None):
        wanted_outputs, wanted = oracle(*given_)
        assert_same(outputs, wanted_outputs)
        assert_same(gradients, wanted)


@pytest.mark.parametrize("lengths", [None, [6, 2, 4]])
@pytest.mark.parametrize("k", [1, 2, 3, 5, 6, 9])
def test_truncation_equals_brute_force(cell, k, lengths):
    arguments, mask, cotangents = cell.draw(3, 6, 2, 4, lengths, seed=3)
    if lengths:  # the final state of a short sequence is counted in positions: tested below
        cotangents |= {name: np.zeros_like(value) for name, value in cotangents.items() if name != "hs"}
    _, got = cell.by_hand(arguments, mask, cotangents, truncate=k)
    assert_same(got, brute_force(cell, arguments, mask, cotangents, k))


def brute_force(cell, arguments, mask, cotangents, k):
    """One run of autograd for every output, restarted k steps before it from a state that is given."""
    total = {name: np.zeros_like(arguments[name]) for name in cell.parts}
    _, cache = cell.run(arguments, mask)
    T = arguments["x"].shape[1]
    for t in range(1, T + 1):
        start = max(0, t - k)
        window = arguments | {"x": arguments["x"][:, start:t]}
        window |= {name: states[:, start] for name, states in zip(cell.initial, cache.states, strict=True)}
        leaves, outputs = cell.loop(window, None if mask is None else mask[:, start:t])
        loss = (outputs["hs"][:, -1] * torch.tensor(cotangents["hs"][:, t - 1])).sum()
        if t == T:
            finals = [name for name in cotangents if name != "hs"]
            loss = loss + sum((outputs[name] * torch.tensor(cotangents[name])).sum() for name in finals)
        loss.backward()
        for name in cell.parts:
            if name == "x":
                total["x"][:, start:t] += leaves["x"].grad.numpy()
            elif name not in cell.initial or start == 0:
                total[name] += leaves[name].grad.numpy()
    return total


def test_truncation_counts_masked_steps_on_the_way_from_the_final_state(cell):
    arguments, mask, cotangents = cell.draw(2, 6, 2, 3, [6, 3], seed=4)
    cotangents["hs"] *= 0
    _, got = cell.by_hand(arguments, mask, cotangents, truncate=3)
    assert np.all(got["x"][1] == 0)  # three masked steps use up the three
    assert np.any(got["x"][0, 3:] != 0)
    assert np.all(got["x"][0, :3] == 0)


@pytest.mark.parametrize("k", [6, 7, 100])
def test_truncation_at_full_length_changes_nothing(cell, k):
    given_ = cell.draw(2, 6, 2, 3, [6, 4], seed=5)
    _, full = cell.by_hand(*given_)
    _, cut = cell.by_hand(*given_, truncate=k)
    for name in cell.parts:
        np.testing.assert_array_equal(cut[name], full[name])


@pytest.mark.parametrize("k", [None, 2])
def test_the_backward_pass_is_linear_in_complex_cotangents_too(cell, k):
    arguments, mask, real = cell.draw(2, 5, 2, 3, [5, 4], seed=8)
    _, _, imaginary = cell.draw(2, 5, 2, 3, [5, 4], seed=9)
    real["hs"] = 0 * real["hs"]  # real itself: the final states alone are complex
    imaginary["hs"] = 0 * imaginary["hs"]
    both = {name: value + 1j * imaginary[name] if name != "hs" else value for name, value in real.items()}
    _, one = cell.by_hand(arguments, mask, real, truncate=k)
    _, other = cell.by_hand(arguments, mask, imaginary, truncate=k)
    _, got = cell.by_hand(arguments, mask, both, truncate=k)
    for name in cell.parts:
        np.testing.assert_allclose(got[name], one[name] + 1j * other[name], atol=1e-13, err_msg=name)


def test_one_step_back_after_the_other_is_the_walk_back(cell):
    arguments, mask, cotangents = cell.draw(3, 4, 2, 5, [4, 1, 2], seed=4)
    _, cache = cell.run(arguments, mask)
    dhs = np.where(mask[..., None], cotangents["hs"], 0)
    dstate = tuple(cotangents[f"{s}_T"] for s in cell.states)
    wanted, dinitial = recurrence.walk_back(cache, dhs, dstate)
    for t in reversed(range(4)):
        da, dstate = recurrence.step_back(cache, t, (dstate[0] + dhs[:, t], *dstate[1:]))
        np.testing.assert_array_equal(da, wanted[:, t])
    for got, value in zip(dstate, dinitial, strict=True):
        np.testing.assert_array_equal(got, value)


def test_truncation_below_full_length_changes_the_gradient(cell):
    given_ = cell.draw(2, 6, 2, 8, seed=5)
    _, full = cell.by_hand(*given_)
    _, cut = cell.by_hand(*given_, truncate=5)
    assert relative_error(cut["W_hh"], full["W_hh"]) > 1e-4


def test_no_steps(cell):
    arguments, _, cotangents = cell.draw(2, 0, 3, 4)
    for k in (None, 1):
        outputs, gradients = cell.by_hand(arguments, None, cotangents, truncate=k)
        assert outputs["hs"].shape == (2, 0, 4)
        assert gradients["x"].shape == (2, 0, 3)
        for state in cell.states:
            np.testing.assert_array_equal(outputs[f"{state}_T"], arguments[f"{state}0"])
            np.testing.assert_array_equal(gradients[f"{state}0"], cotangents[f"{state}_T"])
        for name in cell.params:
            assert gradients[name].shape == arguments[name].shape
            assert np.all(gradients[name] == 0)


def test_states_and_their_cotangents_are_zero_by_default(cell):
    arguments, _, cotangents = cell.draw(2, 3, 2, 4)
    arguments |= {name: np.zeros((2, 4)) for name in cell.initial}
    bare = {name: value for name, value in arguments.items() if name not in cell.initial}
    np.testing.assert_array_equal(cell.run(bare)[0]["hs"], cell.run(arguments)[0]["hs"])
    _, cache = cell.run(bare)
    zero = {name: value if name == "hs" else 0 * value for name, value in cotangents.items()}
    _, wanted = cell.by_hand(arguments, None, zero)
    np.testing.assert_array_equal(cell.module.backward(cotangents["hs"], cache).params.W_hh, wanted["W_hh"])


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_padding_changes_nothing_whatever_stands_in_it(cell, data):
    B, T, more = (data.draw(st.integers(low, 4)) for low in (1, 0, 0))
    arguments, _, cotangents = cell.draw(B, T, 2, 3, seed=data.draw(st.integers(0, 10_000)))
    mask = np.broadcast_to(np.arange(T + more) < T, (B, T + more))
    padded, beyond = dict(arguments), np.full((B, more, 2), data.draw(st.sampled_from([1e6, np.nan, np.inf])))
    padded["x"] = np.concatenate([arguments["x"], beyond], 1)
    d_padded = cotangents | {"hs": np.concatenate([cotangents["hs"], np.full((B, more, 3), np.nan)], 1)}
    outputs, gradients = cell.by_hand(arguments, None, cotangents)
    outputs_p, gradients_p = cell.by_hand(padded, mask, d_padded)
    assert np.all(outputs_p["hs"][:, T:] == 0)
    assert np.all(gradients_p["x"][:, T:] == 0)
    outputs_p["hs"], gradients_p["x"] = outputs_p["hs"][:, :T], gradients_p["x"][:, :T]
    for name, value in (outputs | gradients).items():
        np.testing.assert_allclose((outputs_p | gradients_p)[name], value, atol=1e-12, err_msg=name)


def test_a_gap_in_the_middle_is_as_if_it_were_not_there(cell):
    arguments, _, cotangents = cell.draw(2, 5, 2, 3)
    mask = np.ones((2, 5), dtype=bool)
    mask[:, 2] = False
    short = arguments | {"x": np.delete(arguments["x"], 2, 1)}
    outputs, gradients = cell.by_hand(arguments, mask, cotangents)
    wanted, wanted_gradients = cell.by_hand(short, None, cotangents | {"hs": np.delete(cotangents["hs"], 2, 1)})
    np.testing.assert_allclose(np.delete(outputs["hs"], 2, 1), wanted["hs"], atol=1e-14)
    assert relative_error(gradients["W_hh"], wanted_gradients["W_hh"]) < 1e-12
    assert relative_error(np.delete(gradients["x"], 2, 1), wanted_gradients["x"]) < 1e-12


def test_causality(cell):
    arguments, _, _ = cell.draw(2, 6, 2, 4)
    changed = dict(arguments, x=arguments["x"].copy())
    changed["x"][:, 3] += 1
    before, after = cell.run(arguments)[0]["hs"], cell.run(changed)[0]["hs"]
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert np.any(before[:, 3] != after[:, 3])


def test_nothing_of_the_callers_is_changed_or_shared(cell):
    arguments, mask, cotangents = cell.draw(2, 4, 2, 3, [4, 2])
    everything = arguments | {f"d{name}": value for name, value in cotangents.items()}
    copies = {name: value.copy() for name, value in everything.items()}
    for k in (None, 2):
        _, gradients = cell.by_hand(arguments, mask, cotangents, truncate=k)
        assert not any(np.shares_memory(g, value) for g in gradients.values() for value in everything.values())
    for name, value in everything.items():
        np.testing.assert_array_equal(value, copies[name])
    outputs, cache = cell.run(arguments)
    wanted = cell.module.backward(cotangents["hs"], cache).params.W_hh
    outputs["hs"][...] = 7.0  # the output is the caller's
    np.testing.assert_array_equal(cell.module.backward(cotangents["hs"], cache).params.W_hh, wanted)


def test_a_sigmoid_of_anything_is_no_overflow():
    a = np.array([-1000.0, -30.0, -1e-3, 0.0, 1e-3, 30.0, 1000.0])
    wanted = torch.sigmoid(torch.tensor(a)).numpy()
    np.testing.assert_allclose(recurrence.sigmoid(a), wanted, rtol=1e-15)
    slope = recurrence.sigmoid(a + 1e-200j).imag / 1e-200
    np.testing.assert_allclose(slope, wanted * torch.sigmoid(torch.tensor(-a)).numpy(), rtol=1e-14)


DHS = np.ones((2, 4, 3))
BAD = {  # what is changed -> (error, message)
    "x is not 3-d": ({"x": np.ones((4, 2))}, ValueError, r"x must have shape \(B, T, 2\), got \(4, 2\)"),
    "x too wide": ({"x": np.ones((2, 4, 3))}, ValueError, "x must have shape"),
    "x holds NaN": ({"x": np.full((2, 4, 2), np.nan)}, ValueError, r"x must be finite, but x\[0, 0, 0\] is nan"),
    "x is text": ({"x": np.array([["a"]])}, TypeError, "x must hold real numbers"),
    "h0": ({"h0": np.ones(3)}, ValueError, r"h0 must have shape \(2, 3\)"),
    "mask is numbers": ({"mask": np.ones((2, 4))}, TypeError, "mask must be boolean"),
    "mask shape": ({"mask": np.ones((2, 3), bool)}, ValueError, "mask must have shape"),
    "dhs": ({"dhs": np.ones((2, 3, 3))}, ValueError, "dhs must have shape"),
    "dhs NaN": ({"dhs": np.full((2, 4, 3), np.nan)}, ValueError, "dhs must be finite"),
    "dh_T": ({"dh_T": np.ones((2, 4, 3))}, ValueError, r"dh_T must have shape \(2, 3\)"),
    "truncate 0": ({"truncate": 0}, ValueError, "truncate must be at least 1"),
    "truncate 1.5": ({"truncate": 1.5}, TypeError, "truncate must be an integer"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(cell, case):
    wrong, error, message = BAD[case]

    def there_and_back(dhs=DHS, mask=None, dh_T=None, truncate=None, **changed):
        _, cache = cell.run(cell.draw(2, 4, 2, 3)[0] | changed, mask)
        cell.module.backward(dhs, cache, dh_T=dh_T, truncate=truncate)

    there_and_back()
    with pytest.raises(error, match=message):
        there_and_back(**wrong)


def test_what_the_caller_writes_after_forward_does_not_change_the_gradient(cell):
    arguments, _, cotangents = cell.draw(2, 4, 3, 4)
    _, wanted = cell.by_hand(arguments, None, cotangents)
    own = {name: value.copy() for name, value in arguments.items()}
    outputs, cache = cell.run(own)
    for array in [*own.values(), *outputs.values()][: len(own) + 1]:  # all that went in, and hs
        array.fill(7)
    finals = {f"d{name}": value for name, value in cotangents.items() if name != "hs"}
    grads = cell.module.backward(cotangents["hs"], cache, **finals)
    got = grads.params._asdict() | grads._asdict()
    assert_same({name: got[name] for name in wanted}, wanted)
