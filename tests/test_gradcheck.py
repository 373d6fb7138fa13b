"""The judges of gradients are judged on functions whose derivative is known."""

import numpy as np
import pytest

from seqlib.gradcheck import central_difference, check, complex_step, relative_error

KNOWN = {  # name: f, f'
    "cubic": (lambda x: (x**3).sum(), lambda x: 3 * x**2),
    "tanh": (lambda x: np.tanh(x).sum(), lambda x: 1 - np.tanh(x) ** 2),
    "exp": (lambda x: np.exp(x).prod(), lambda x: np.full(x.shape, np.exp(x).prod())),
    "constant": (lambda x: 0 * x.sum() + 4, lambda x: 0 * x),
}
SHAPES = [(), (3,), (2, 3), (2, 1, 2)]


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("shape", SHAPES)
def test_both_methods_find_known_derivatives(name, shape):
    f, slope = KNOWN[name]
    x = np.asarray(np.random.default_rng(0).normal(size=shape))
    before = x.copy()
    exact, central = complex_step(f, x), central_difference(f, x)
    assert exact.shape == central.shape == shape
    np.testing.assert_allclose(exact, slope(x), rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(central, slope(x), rtol=1e-7, atol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_every_entry_is_checked():
    x = np.arange(6.0).reshape(2, 3)
    weight = np.array([[1.0, 2, 3], [4, 5, 6]])
    np.testing.assert_allclose(complex_step(lambda z: (weight * z).sum(), x), weight)
    for place in np.ndindex(2, 3):
        wrong = weight.copy()
        wrong[place] += 1e-4
        assert not check(lambda z: (weight * z).sum(), {"z": x}, {"z": wrong}).ok


def test_integer_arguments_are_moved_by_less_than_one():
    np.testing.assert_allclose(central_difference(lambda z: (z**2).sum(), np.array([1, 2])), [2, 4], rtol=1e-8)


def test_the_error_of_central_differences_is_second_order():
    f, slope = KNOWN["exp"]
    x = np.array([0.7])
    error = [abs(central_difference(f, x, eps=eps) - slope(x))[0] for eps in (1e-2, 1e-3)]
    assert 80 < error[0] / error[1] < 120


def test_report_of_right_gradients():
    x, y = np.array([1.0, 2.0]), np.array(3.0)
    report = check(lambda x, y: (x**2).sum() * y, {"x": x, "y": y}, {"x": 2 * x * y, "y": (x**2).sum()})
    assert report.ok
    assert set(report.error) == {("x", "complex"), ("x", "central"), ("y", "complex"), ("y", "central")}
    assert report.worst["complex"] <= 1e-14
    rows = str(report).splitlines()
    assert rows[0].split() == ["gradient", "entries", "complex", "central"]
    assert [row.split() for row in rows[1:]] == [
        ["x", "2", "≤", "1e-10", "ok", "≤", "1e-06", "ok"],
        ["y", "1", "≤", "1e-10", "ok", "≤", "1e-06", "ok"],
    ]
    assert len({len(row) for row in rows}) == 1  # columns stand under their titles
    assert len(rows[0]) <= 40  # and fit a phone


def test_report_of_wrong_gradients():
    x, y = np.array([1.0, 2.0]), np.array(3.0)
    report = check(lambda x, y: (x**2).sum() * y, {"x": x, "y": y}, {"x": -2 * x * y, "y": (x**2).sum()})
    assert not report.ok
    assert report.error["x", "complex"] == pytest.approx(2)
    rows = str(report).splitlines()
    assert "WRONG" in rows[1]
    assert "WRONG" not in rows[2]


def test_one_method_and_own_tolerance():
    report = check(lambda x: x**2, {"x": np.array(1.0)}, {"x": np.array(2.1)}, methods=["central"], tol=0.1)
    assert report.ok
    assert list(report.threshold) == ["central"]
    assert not check(lambda x: x**2, {"x": np.array(1.0)}, {"x": np.array(2.1)}, tol=0.01).ok


def test_relative_error():
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error(np.zeros((2, 0)), np.zeros((2, 0))) == 0
    assert relative_error(np.array([1.0, 10.0]), np.array([2.0, 10.0])) == pytest.approx(0.1)
    assert relative_error(np.array([-1.0]), np.array([1.0])) == 2
    assert relative_error(np.array([0.0]), np.array([1e-20])) == 1


ONE = np.array([1.0])
BAD = {
    "f is no scalar": (lambda: complex_step(lambda x: x, np.ones(2)), ValueError, "f must return one number"),
    "f returns text": (lambda: central_difference(lambda x: "a", ONE), ValueError, "f must return one number"),
    "f is NaN": (lambda: central_difference(lambda x: x[0] * np.nan, ONE), ValueError, "f must return a finite"),
    "f is real": (lambda: complex_step(lambda x: x.real.sum(), ONE), TypeError, "f must return a complex number"),
    "x complex": (lambda: central_difference(lambda x: x.sum(), 1j * ONE), TypeError, "x must be real"),
    "x text": (lambda: complex_step(lambda x: 0, np.array(["a"])), TypeError, "x must hold real numbers"),
    "x NaN": (lambda: complex_step(lambda x: 0, np.nan * ONE), ValueError, "x must be finite"),
    "eps": (lambda: complex_step(lambda x: x.sum(), ONE, eps=0), ValueError, "eps must be greater than 0"),
    "eps central": (lambda: central_difference(lambda x: x.sum(), ONE, eps=-1), ValueError, "eps must be greater"),
    "method": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, methods=["magic"]), ValueError, "methods must be"),
    "no method": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, methods=[]), ValueError, "methods must name"),
    "unknown name": (lambda: check(lambda x: x, {"x": ONE}, {"y": ONE}), ValueError, "gradients has 'y'"),
    "no gradient": (lambda: check(lambda x: x, {"x": ONE}, {}), ValueError, "gradients must name"),
    "shape": (lambda: check(lambda x: x, {"x": ONE}, {"x": np.ones(2)}), ValueError, r"gradients\['x'\] must have"),
    "tol": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, tol=0), ValueError, "tol must be greater than 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
