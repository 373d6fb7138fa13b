"""Linear attention: the recurrent network is the masked quadratic form, and both are sums over pairs; gradients."""

import numpy as np
import pytest

from seqlib.gradcheck import check, complex_step
from seqlib.reference import linear_attention, linear_recurrence
from seqlib.reference.linear_attention import feature

ways = pytest.mark.parametrize("normalised", [True, False], ids=["mean", "sum"])


def drawn(T=5, Dk=3, Dv=2, batch=2, seed=0):
    """Queries, keys, values and a state; cotangents of the outputs and of the final state."""
    rng = np.random.default_rng(seed)
    given = {
        "query": rng.normal(size=(batch, T, Dk)),
        "keys": rng.normal(size=(batch, T, Dk)),
        "values": rng.normal(size=(batch, T, Dv)),
        "state": rng.normal(size=(batch, Dk, Dv + 1)),
    }
    given["state"][..., -1] = rng.uniform(0.2, 1.0, (batch, Dk))
    return given, rng.normal(size=(batch, T, Dv)), rng.normal(size=(batch, Dk, Dv + 1))


def by_pairs(query, keys, values, state, normalised):
    """Each query with each key that is not later, one pair after another; the state is what was before."""
    B, T, Dv = values.shape
    y = np.zeros_like(values)

    def phi(a):
        return np.array([entry + 1 if entry > 0 else np.exp(entry) for entry in a])

    for b, t in np.ndindex(B, T):
        q = phi(query[b, t])
        above, below = state[b, :, :Dv].T @ q, state[b, :, Dv] @ q
        for s in range(t + 1):
            weight = q @ phi(keys[b, s])
            above, below = above + weight * values[b, s], below + weight
        y[b, t] = above / below if normalised else above
    return y


@ways
@pytest.mark.parametrize("T", [1, 2, 6, 9])
def test_the_network_is_the_quadratic_form_and_both_are_sums_over_pairs(normalised, T):
    given, *_ = drawn(T)
    for state in (given["state"], 0 * given["state"]):
        case = given | {"state": state}
        wanted = by_pairs(**case, normalised=normalised)
        np.testing.assert_allclose(
            linear_attention.quadratic(**case, normalised=normalised), wanted, rtol=1e-10, atol=1e-12
        )
        for method in linear_recurrence.METHODS:
            y, cache = linear_attention.forward(**case, normalised=normalised, method=method)
            assert cache.scan.method == method
            np.testing.assert_allclose(y, wanted, rtol=1e-10, atol=1e-12)


@ways
@pytest.mark.parametrize("T", [1, 4])
def test_gradients_agree_with_complex_step_and_central_differences(normalised, T):
    given, dy, dstate = drawn(T, seed=1)
    _, cache = linear_attention.forward(**given, normalised=normalised)
    gradients = linear_attention.backward(dy, cache, dstate=dstate)._asdict()

    def loss(**values):
        y, cache = linear_attention.forward(**values, normalised=normalised)
        return (y * dy).sum() + (cache.state * dstate).sum()

    report = check(loss, given, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


@ways
def test_the_quadratic_form_has_the_same_gradients(normalised):
    given, dy, _ = drawn(4)
    _, cache = linear_attention.forward(**given, normalised=normalised)
    gradients = linear_attention.backward(dy, cache)
    for name, got in gradients._asdict().items():

        def loss(value, name=name):
            return (linear_attention.quadratic(**given | {name: value}, normalised=normalised) * dy).sum()

        np.testing.assert_allclose(got, complex_step(loss, given[name]), rtol=1e-9, atol=1e-11)


def test_the_state_is_a_matrix_of_the_same_size_however_long_the_sequence():
    for T in (1, 50):
        given, *_ = drawn(T)
        _, cache = linear_attention.forward(**given)
        assert cache.state.shape == (2, 3, 3)
        phi = feature(given["keys"])
        wanted = given["state"] + np.concatenate([phi.swapaxes(1, 2) @ given["values"], phi.sum(1)[..., None]], -1)
        np.testing.assert_allclose(cache.state, wanted, rtol=1e-10, atol=1e-12)


def test_means_are_between_the_values_and_the_first_is_the_first_value():
    given, *_ = drawn(30)
    y, _ = linear_attention.forward(given["query"], given["keys"], given["values"])
    np.testing.assert_allclose(y[:, 0], given["values"][:, 0], atol=1e-14)
    assert (y <= np.maximum.accumulate(given["values"], 1) + 1e-12).all()
    assert (y >= np.minimum.accumulate(given["values"], 1) - 1e-12).all()


def test_a_cut_sequence_goes_on_and_nothing_later_is_seen():
    given, *_ = drawn(9)
    y, _ = linear_attention.forward(**given)
    first = {name: array if name == "state" else array[:, :4] for name, array in given.items()}
    rest = {name: array if name == "state" else array[:, 4:] for name, array in given.items()}
    begun, cache = linear_attention.forward(**first)
    np.testing.assert_allclose(begun, y[:, :4], atol=1e-12)
    again, _ = linear_attention.forward(**rest | {"state": cache.state})
    np.testing.assert_allclose(again, y[:, 4:], rtol=1e-10, atol=1e-12)
    given["keys"][:, 5:], given["values"][:, 5:] = 3, -9
    np.testing.assert_array_equal(linear_attention.forward(**given)[0][:, :5], y[:, :5])


def test_feature_is_its_formula_with_its_slope_and_without_overflow():
    x = np.array([-900.0, -2.0, -1e-12, 0.0, 1e-12, 2.0, 900.0])
    np.testing.assert_allclose(feature(x), [0, np.exp(-2), 1, 1, 1, 3, 901], atol=1e-11)
    slope = complex_step(lambda x: feature(x).sum(), x)
    np.testing.assert_allclose(slope, [0, np.exp(-2), 1, 1, 1, 1, 1], atol=1e-11)


def test_what_the_caller_changes_afterwards_changes_no_gradient():
    given, dy, dstate = drawn()
    y, cache = linear_attention.forward(**given, normalised=False)
    wanted = linear_attention.backward(dy, cache, dstate=dstate)
    assert not np.shares_memory(y, cache.sums)
    for array in given.values():
        array[:] = 0
    for got, want in zip(linear_attention.backward(dy, cache, dstate=dstate), wanted, strict=True):
        np.testing.assert_array_equal(got, want)


G, DY, _ = drawn()
NONE = {"query": np.zeros((2, 5, 3)), "keys": np.zeros((2, 5, 3)), "values": G["values"]}
LESS = np.zeros((2, 3, 3))
LESS[..., -1] = -2.0
forward = linear_attention.forward
BAD = {
    "query": (lambda: forward(**G | {"query": G["query"][0]}), ValueError, r"query must have shape \(B, T, Dk\)"),
    "keys": (lambda: forward(**G | {"keys": G["keys"][:, 1:]}), ValueError, r"keys must have shape \(2, 5, 3\)"),
    "values": (lambda: forward(**G | {"values": G["values"][1:]}), ValueError, r"values must have shape \(2, 5, Dv\)"),
    "state": (lambda: forward(**G | {"state": G["state"][..., 1:]}), ValueError, r"state must have shape \(2, 3, 3\)"),
    "nan": (lambda: forward(**G | {"values": G["values"] * np.nan}), ValueError, "values must be finite"),
    "weights": (lambda: forward(**NONE, state=LESS), ValueError, "must not make weights add up to 0"),
    "method": (lambda: forward(**G, method="fast"), ValueError, "method must be one of"),
    "feature": (lambda: feature(["a"]), TypeError, "x must hold real numbers"),
    "cache": (lambda: linear_attention.backward(DY, None), TypeError, "what linear_attention.forward gave"),
    "dy": (lambda: linear_attention.backward(DY[:1], forward(**G)[1]), ValueError, "dy must have shape"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
