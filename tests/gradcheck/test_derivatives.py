"""The judges of gradients are judged on functions whose derivative is known."""

import numpy as np
import pytest

from seqlib.gradcheck import central_difference, complex_step, relative_error
from seqlib.gradcheck.derivatives import entries

ONE, SIZES = np.array([1.0]), np.array([1e-8, 1.0, 1e8])
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


def test_integer_arguments_are_moved_by_less_than_one():
    np.testing.assert_allclose(central_difference(lambda z: (z**2).sum(), np.array([1, 2])), [2, 4], rtol=1e-8)


def test_the_error_of_central_differences_is_second_order():
    f, slope = KNOWN["exp"]
    x = np.array([0.7])
    error = [abs(central_difference(f, x, eps=eps) - slope(x))[0] for eps in (1e-2, 1e-3)]
    assert 80 < error[0] / error[1] < 120


@pytest.mark.parametrize("size", [1e-200, 1e-100, 1e-12, 1e-6, 1.0, 1e6, 1e12, 1e100, 1e200])
@pytest.mark.parametrize("wave", [np.sin, np.exp, np.square])
def test_derivatives_are_right_at_every_scale_of_x(size, wave):
    """f(x) = Σ wave(x / size): its step has to be as large as x is."""
    slope = {np.sin: np.cos, np.exp: np.exp, np.square: lambda z: 2 * z}[wave]
    z = np.array([1.0, -0.3, 2.0])

    def f(x):
        return wave(x / size).sum()

    np.testing.assert_allclose(complex_step(f, z * size) * size, slope(z), rtol=1e-13)
    np.testing.assert_allclose(central_difference(f, z * size) * size, slope(z), rtol=1e-8)


HARD = {  # name: f, x, f'
    "entries of several scales": (lambda x: np.sin(x / SIZES).sum(), lambda: SIZES, lambda: np.cos(1) / SIZES),
    "a fast wave": (lambda x: np.sin(1e6 * x).sum(), lambda: ONE, lambda: 1e6 * np.cos([1e6])),
    "a large constant": (lambda x: 1e6 + (x**2).sum(), lambda: ONE, lambda: 2 * ONE),
    "an entry that is noise": (lambda x: (x + 1).prod(), lambda: np.array([1e-17, 1.0]), lambda: np.array([2.0, 1.0])),
    "zeros": (lambda x: np.exp(x).sum(), lambda: np.zeros(2), lambda: np.ones(2)),
    "zero among large ones": (lambda x: (x**2).sum(), lambda: np.array([1e6, 0.0]), lambda: np.array([2e6, 0.0])),
    "the edge of a domain": (lambda x: np.log(x).sum(), lambda: 1e-8 * ONE, lambda: 1e8 * ONE),
    "near a kink": (lambda x: np.where(x.real > 0, x, 0).sum(), lambda: np.array([1e-7, 1.0]), lambda: np.ones(2)),
}


@pytest.mark.parametrize("name", HARD)
def test_the_step_suits_the_function(name):
    f, x, slope = HARD[name]
    wanted = slope()
    assert relative_error(complex_step(f, x()), wanted) < 1e-10
    for got, want in zip(central_difference(f, x()), wanted, strict=True):
        assert got == pytest.approx(want, rel=1e-7, abs=1e-7 if want == 0 else 0), "each entry for itself"


def test_what_f_does_not_depend_on_has_slope_zero():
    """Then its result is real, and no imaginary part is lost; where it depends on x, it is."""
    assert complex_step(lambda x: 3.0, ONE) == 0
    assert complex_step(lambda x: float((x.real > 0).sum()), ONE) == 0
    for f in (lambda x: np.abs(x).sum(), lambda x: x.real.sum() * 1e-9, lambda x: 1e6 + x.real.sum()):
        for x in (ONE, 0 * ONE, 1e-9 * ONE, 1e9 * ONE):
            with pytest.raises(TypeError, match="f must return a complex number"):
                complex_step(f, x)


@pytest.mark.parametrize("method", [central_difference, complex_step])
def test_a_function_that_writes_into_its_argument_is_told_so(method):
    def f(x):
        x[1] *= 2
        return (x**2).sum()

    x = np.ones(3)
    with pytest.raises(ValueError, match=r"f must not write into its argument x, but it made .* at x\[1\]"):
        method(f, x)
    assert (x == 1).all()


def test_a_function_that_draws_is_told_so():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="the same number for the same argument"):
        central_difference(lambda x: x.sum() + rng.normal(), ONE)


@pytest.mark.parametrize(
    ("f", "slopes"),
    [
        (lambda x: np.abs(x).sum(), (-1, 1)),
        (lambda x: np.maximum(x, 0).sum(), (0, 1)),
        (lambda x: -np.maximum(x, 3 * x).sum(), (-1, -3)),
        (lambda x: float((x > 0).sum()), (0, np.inf)),
        (lambda x: np.sqrt(np.abs(x)).sum(), (-np.inf, np.inf)),
        (lambda x: (x**2).sum(), None),
        (lambda x: (np.abs(x) ** 1.5).sum(), None),
        (lambda x: np.sin(1e6 * x).sum(), None),
    ],
)
def test_kinks_have_two_slopes(f, slopes):
    (entry,) = entries(f, np.zeros(1))
    assert entry.kink == (slopes is not None)
    if slopes:
        assert (entry.left, entry.right) == pytest.approx(slopes, abs=1e-9)


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
    "f is float32": (
        lambda: central_difference(lambda x: np.float32(x[0]), ONE),
        TypeError,
        "f must compute in float64",
    ),
    "f is finite at x only": (
        lambda: central_difference(lambda x: 0.0 if x[0] == 1 else np.inf, ONE),
        ValueError,
        "near x",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
