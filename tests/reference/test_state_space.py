"""Diagonal state spaces: the rules of a step against the differential equation, the scan against loops, gradients."""

import numpy as np
import pytest

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import linear_recurrence, state_space
from seqlib.reference.state_space import MAMBA_CODE, MAMBA_PAPER, RULES, discretise

rules = pytest.mark.parametrize("rule", RULES)
channels = pytest.mark.parametrize("shared", [True, False], ids=["shared B and C", "of each channel"])


def drawn(shared=True, batch=2, T=5, D=3, N=4, seed=0):
    """Everything that goes in, by name; and cotangents of the outputs and of the final state."""
    rng = np.random.default_rng(seed)
    sizes = (batch, T, N) if shared else (batch, T, D, N)
    given = {
        "x": rng.normal(size=(batch, T, D)),
        "delta": rng.uniform(0.01, 1.0, (batch, T, D)),
        "A": -rng.uniform(0.05, 2.0, (D, N)),
        "B": rng.normal(size=sizes),
        "C": rng.normal(size=sizes),
        "skip": rng.normal(size=D),
        "h0": rng.normal(size=(batch, D, N)),
    }
    return given, rng.normal(size=(batch, T, D)), rng.normal(size=(batch, D, N))


def step_of(rule, delta, a, b):
    """Ā and B̄ of one entry, written out."""
    if rule == "zero-order hold":
        return np.exp(delta * a), (np.exp(delta * a) - 1) / a * b
    return (1 + delta * a if rule == "euler" else np.exp(delta * a)), delta * b


@rules
@channels
@pytest.mark.parametrize("method", linear_recurrence.METHODS)
def test_outputs_are_their_formula_entry_by_entry(rule, shared, method):
    given, *_ = drawn(shared)
    x, delta, A, B, C, skip, h0 = given.values()
    y, cache = state_space.forward(**given, rule=rule, method=method)
    wanted, h = np.zeros_like(x), h0.copy()
    for b, t, d in np.ndindex(x.shape):
        for n in range(4):
            entry = (b, t, n) if shared else (b, t, d, n)
            a_bar, b_bar = step_of(rule, delta[b, t, d], A[d, n], B[entry])
            h[b, d, n] = a_bar * h[b, d, n] + b_bar * x[b, t, d]
            wanted[b, t, d] += C[entry] * h[b, d, n]
        wanted[b, t, d] += skip[d] * x[b, t, d]
    np.testing.assert_allclose(y, wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cache.h_T, h, rtol=1e-10, atol=1e-12)


@rules
@channels
@pytest.mark.parametrize("T", [1, 3])
def test_gradients_agree_with_complex_step_and_central_differences(rule, shared, T):
    given, dy, dh_T = drawn(shared, T=T, D=2, N=3, seed=1)
    _, cache = state_space.forward(**given, rule=rule)
    gradients = state_space.backward(dy, cache, dh_T=dh_T)._asdict()

    def loss(**values):
        y, cache = state_space.forward(**values, rule=rule)
        return (y * dy).sum() + (cache.h_T * dh_T).sum()

    report = check(loss, given, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert all(np.abs(g).max() > 1e-3 for g in gradients.values())


@rules
def test_gradients_do_not_depend_on_the_method(rule):
    given, dy, dh_T = drawn(T=11)
    runs = []
    for method in linear_recurrence.METHODS:
        _, cache = state_space.forward(**given, rule=rule, method=method)
        runs.append(state_space.backward(dy, cache, dh_T=dh_T))
    for run in runs[1:]:
        for got, wanted in zip(run, runs[0], strict=True):
            assert relative_error(got, wanted) < 1e-10


def test_zero_order_hold_is_the_differential_equation_and_the_others_come_near_it():
    """dh/dt = A h + B x, by 200,000 steps of Heun's method, against one step of each rule."""
    delta, a, b, x, h0 = 0.5, -1.3, 0.7, 2.0, -0.4
    fine, h = delta / 200_000, h0
    for _ in range(200_000):
        k = a * h + b * x
        h += fine * (k + a * (h + fine * k) + b * x) / 2
    ends = {}
    for rule in RULES:
        a_bar, b_bar = discretise(delta, a, b, rule)
        ends[rule] = float(a_bar * h0 + b_bar * x)
    assert abs(ends["zero-order hold"] - h) < 1e-9
    assert 0.02 < abs(ends["mixed"] - h) < 0.3
    assert 0.02 < abs(ends["euler"] - h) < 0.3
    assert abs(ends["mixed"] - ends["euler"]) > 0.02


def test_the_error_of_a_short_step_is_of_second_order():
    """Half of the step, a quarter of the difference between the rules."""
    for rule in ("euler", "mixed"):
        error = []
        for delta in (1e-2, 5e-3):
            exact, got = (discretise(delta, -1.3, 0.7, name) for name in ("zero-order hold", rule))
            error.append(abs((exact[0] - got[0]) * 0.9 + (exact[1] - got[1]) * 2.0))
        assert 3.9 < error[0] / error[1] < 4.1


def test_paper_and_code_of_mamba_share_the_factor_and_not_the_input():
    assert (MAMBA_PAPER, MAMBA_CODE) == ("zero-order hold", "mixed")
    paper, code = (discretise(0.8, -2.0, 1.5, rule) for rule in (MAMBA_PAPER, MAMBA_CODE))
    assert paper[0] == code[0] == np.exp(-1.6)
    np.testing.assert_allclose(paper[1], 1.5 * (1 - np.exp(-1.6)) / 2, rtol=1e-14)
    np.testing.assert_allclose(code[1], 1.2, rtol=1e-14)


def test_zero_order_hold_is_exact_near_zero_with_its_slope():
    for z in (0.0, 1e-300, 1e-12, -1e-6, 1e-3, -0.0999999, -0.1000001, 0.1, -5.0, -700.0):
        terms, term = [], 1.0
        for k in range(1, 40):
            terms.append(term)
            term *= z / (k + 1)
        wanted = sum(terms) if abs(z) < 10 else -1 / z
        got = discretise(1.0, z, 1.0, "zero-order hold")[1]
        np.testing.assert_allclose(got, wanted, rtol=1e-14)
        one = np.ones((1, 1, 1))

        def output(A, one=one):
            return state_space.forward(one, one, A, one, one, rule="zero-order hold")[0].sum()

        _, cache = state_space.forward(one, one, np.array([[z]]), one, one, rule="zero-order hold")
        slope = state_space.backward(one, cache).A
        np.testing.assert_allclose(slope, complex_step(output, np.array([[z]]), eps=1e-200), rtol=1e-12)
        if z == 0:
            np.testing.assert_allclose(slope, 0.5, rtol=1e-14)


def test_only_eulers_step_can_be_unstable():
    for rule, bound in (("euler", 2.0), ("mixed", None), ("zero-order hold", None)):
        factors = [abs(float(discretise(1.0, -a, 1.0, rule)[0])) for a in (0.5, 1.5, 1.99, 2.01, 3.0)]
        assert [f <= 1 for f in factors] == [a <= (bound or np.inf) for a in (0.5, 1.5, 1.99, 2.01, 3.0)]


def test_defaults_a_cut_sequence_and_what_the_caller_changes_afterwards():
    given, dy, _ = drawn(T=7)
    y, _ = state_space.forward(**given)
    np.testing.assert_array_equal(y, state_space.forward(**given, rule=MAMBA_CODE, method="tree")[0])
    none = given | {"skip": np.zeros(3), "h0": np.zeros((2, 3, 4))}
    few = {name: given[name] for name in ("x", "delta", "A", "B", "C")}
    np.testing.assert_array_equal(state_space.forward(**none)[0], state_space.forward(**few)[0])
    first = {name: array[:, :3] if name in ("x", "delta", "B", "C") else array for name, array in given.items()}
    rest = {name: array[:, 3:] if name in ("x", "delta", "B", "C") else array for name, array in given.items()}
    _, cache = state_space.forward(**first)
    again, _ = state_space.forward(**rest | {"h0": cache.h_T})
    np.testing.assert_allclose(again, y[:, 3:], rtol=1e-10, atol=1e-13)
    _, cache = state_space.forward(**given)
    wanted = state_space.backward(dy, cache)
    for array in given.values():
        array[:] = 0
    for got, want in zip(state_space.backward(dy, cache), wanted, strict=True):
        np.testing.assert_array_equal(got, want)


G, DY, _ = drawn()
BAD = {
    "x": (lambda: state_space.forward(**G | {"x": G["x"][0]}), ValueError, r"x must have shape \(B, T, D\)"),
    "delta": (lambda: state_space.forward(**G | {"delta": G["delta"][:, 1:]}), ValueError, "delta must have shape"),
    "A": (lambda: state_space.forward(**G | {"A": G["A"][1:]}), ValueError, r"A must have shape \(3, N\)"),
    "B": (lambda: state_space.forward(**G | {"B": G["B"][..., 1:]}), ValueError, r"B must have shape \(2, 5, 4\)"),
    "C": (
        lambda: state_space.forward(**G | {"C": G["C"][:, :, None]}),
        ValueError,
        r"C must have shape \(2, 5, 3, 4\)",
    ),
    "skip": (lambda: state_space.forward(**G | {"skip": np.ones(2)}), ValueError, r"skip must have shape \(3\)"),
    "h0": (lambda: state_space.forward(**G | {"h0": np.ones((2, 3, 1))}), ValueError, "h0 must have shape"),
    "nan": (lambda: state_space.forward(**G | {"delta": G["delta"] * np.nan}), ValueError, "delta must be finite"),
    "rule": (lambda: state_space.forward(**G, rule="zoh"), ValueError, "rule must be one of 'zero-order hold'"),
    "rule alone": (lambda: discretise(1.0, 1.0, 1.0, "bilinear"), ValueError, "rule must be one of"),
    "A alone": (lambda: discretise(1.0, np.inf, 1.0, "euler"), ValueError, "A must be finite"),
    "method": (lambda: state_space.forward(**G, method="scan"), ValueError, "method must be one of"),
    "cache": (lambda: state_space.backward(DY, None), TypeError, "cache must be what state_space.forward gave"),
    "dy": (lambda: state_space.backward(DY[:1], state_space.forward(**G)[1]), ValueError, "dy must have shape"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
