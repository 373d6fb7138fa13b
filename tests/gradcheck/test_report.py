"""Right gradients pass, wrong ones do not, and a kink is called one."""

import numpy as np
import pytest

from seqlib.gradcheck import check, complex_step, relative_error

ONE = np.array([1.0])


def test_every_entry_is_checked():
    x = np.arange(6.0).reshape(2, 3)
    weight = np.array([[1.0, 2, 3], [4, 5, 6]])
    np.testing.assert_allclose(complex_step(lambda z: (weight * z).sum(), x), weight)
    for place in np.ndindex(2, 3):
        wrong = weight.copy()
        wrong[place] += 1e-4
        assert not check(lambda z: (weight * z).sum(), {"z": x}, {"z": wrong}).ok


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

    assert relative_error(np.array([1e308]), np.array([-1e308])) == 2
    assert relative_error(np.array([1], np.uint8), np.array([2], np.uint8)) == 0.5


@pytest.mark.parametrize("size", [1e-100, 1e-9, 1e6, 1e100])
def test_right_gradients_pass_at_every_scale_and_wrong_ones_do_not(size):
    x = size * np.array([1.0, -2.0])
    right = np.cos(x / size) / size
    for factor, ok in ((1, True), (1 + 1e-5, False)):
        report = check(lambda x: np.sin(x / size).sum(), {"x": x}, {"x": factor * right})
        assert report.ok == ok, f"\n{report}"


def test_an_argument_that_f_does_not_use_has_gradient_zero():
    arguments = {"x": ONE, "y": np.ones((2, 2))}
    for dy, ok in ((0.0, True), (1e-30, False)):
        gradients = {"x": 2 * ONE, "y": np.full((2, 2), dy)}
        assert check(lambda x, y: (x**2).sum(), arguments, gradients).ok == ok


@pytest.mark.parametrize("written", ["a", "b"])
def test_a_function_that_writes_into_its_arguments_is_told_into_which(written):
    def f(**arguments):
        arguments[written] += 1
        return sum((z**2).sum() for z in arguments.values())

    arguments = {"a": np.ones(2), "b": np.ones(2)}
    with pytest.raises(ValueError, match=f"f must not write into its argument {written}, but"):
        check(f, arguments, {"a": 2 * np.ones(2)})
    assert all((z == 1).all() for z in arguments.values())


def relu(x):
    return np.where(x.real > 0, x, 0).sum()


@pytest.mark.parametrize("methods", [("complex", "central"), ("central",), ("complex",)])
@pytest.mark.parametrize(("slope", "ok"), [(0.0, True), (0.5, True), (1.0, True), (1.1, False), (-0.1, False)])
def test_at_a_kink_every_slope_between_the_two_is_right(methods, slope, ok):
    x = np.array([0.0, 2.0, -1.0])
    report = check(relu, {"x": x}, {"x": np.array([slope, 1, 0])}, methods=methods)
    assert report.ok == ok
    if slope == 0.0 and methods == ("complex",):
        return  # nothing differs, so nothing is looked at
    assert list(report.kinks) == [("x", (0,))]
    assert report.kinks["x", (0,)] == pytest.approx((0, 1))
    assert str(report).splitlines()[-1] == "x[0] is at a kink: slopes 0, 1"


def test_a_jump_is_reported_and_no_slope_is_right():
    report = check(lambda x: float((x > 0).sum()), {"x": np.zeros(1)}, {"x": np.array([1000.0])}, methods=["central"])
    assert not report.ok
    assert str(report).splitlines()[-1] == "x[0] is at a kink: slopes 0, inf"


def test_many_kinks_are_counted():
    report = check(relu, {"x": np.zeros(7)}, {"x": np.ones(7)})
    assert len(report.kinks) == 7
    assert str(report).splitlines()[-1] == "and 4 more kinks"


BAD = {
    "method": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, methods=["magic"]), ValueError, "methods must be"),
    "no method": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, methods=[]), ValueError, "methods must name"),
    "unknown name": (lambda: check(lambda x: x, {"x": ONE}, {"y": ONE}), ValueError, "gradients has 'y'"),
    "no gradient": (lambda: check(lambda x: x, {"x": ONE}, {}), ValueError, "gradients must name"),
    "shape": (lambda: check(lambda x: x, {"x": ONE}, {"x": np.ones(2)}), ValueError, r"gradients\['x'\] must have"),
    "tol": (lambda: check(lambda x: x, {"x": ONE}, {"x": ONE}, tol=0), ValueError, "tol must be greater than 0"),
    "text": (lambda: check(lambda x: x, {"x": ONE}, {"x": ["a"]}), TypeError, r"gradients\['x'\] must hold real"),
    "complex": (lambda: check(lambda x: x, {"x": ONE}, {"x": 1j * ONE}), TypeError, r"gradients\['x'\] must be real"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
