"""What only the recurrent network has: its step, its Jacobian, how it begins. The laws are in test_recurrence.py."""

import subprocess
import sys

import numpy as np
import pytest

from seqlib.reference import rnn

activations = pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])


def drawn(B, D, H, seed=0):
    """Parameters, an input and a state."""
    rng = np.random.default_rng(seed)
    return rnn.init(D, H, rng), rng.normal(size=(B, D)), rng.normal(size=(B, H))


@activations
def test_step_is_its_formula(nonlinearity):
    params, x, h = drawn(3, 2, 4)
    phi = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}[nonlinearity]
    wanted = phi(np.einsum("ij,bj->bi", params.W_xh, x) + np.einsum("ij,bj->bi", params.W_hh, h) + params.b_h)
    np.testing.assert_allclose(rnn.step(params, x, h, nonlinearity=nonlinearity), wanted, atol=1e-14)


@activations
def test_forward_is_repeated_steps(nonlinearity):
    params, _, h = drawn(2, 3, 5, seed=7)
    x = np.random.default_rng(8).normal(size=(2, 4, 3))
    hs, _ = rnn.forward(params, x, h, nonlinearity=nonlinearity)
    for t in range(4):
        h = rnn.step(params, x[:, t], h, nonlinearity=nonlinearity)
        np.testing.assert_array_equal(hs[:, t], h)


@activations
def test_jacobian_equals_complex_step(nonlinearity):
    params, x, h = drawn(3, 2, 4, seed=6)
    jacobian = rnn.jacobian(params, rnn.step(params, x, h, nonlinearity=nonlinearity), nonlinearity=nonlinearity)
    assert jacobian.shape == (3, 4, 4)
    for j in range(4):
        moved = h.astype(complex)
        moved[:, j] += 1e-200j
        column = rnn.step(params, x, moved, nonlinearity=nonlinearity).imag / 1e-200
        np.testing.assert_allclose(jacobian[:, :, j], column, atol=1e-14)


def test_init_is_uniform_seeded_and_bounded():
    params = rnn.init(3, 16, np.random.default_rng(0))
    assert [p.shape for p in params] == [(16, 3), (16, 16), (16,)]
    for p in params:
        assert np.abs(p).max() <= 0.25
    assert params.W_hh.max() > 0.23
    assert params.W_hh.min() < -0.23
    np.testing.assert_array_equal(params.W_hh, rnn.init(3, 16, np.random.default_rng(0)).W_hh)
    assert np.abs(rnn.init(3, 16, np.random.default_rng(0), scale=2.0).W_hh).max() > 1.9


GOOD = rnn.init(2, 3, np.random.default_rng(0))
X = np.ones((2, 4, 2))
HS, _ = rnn.forward(GOOD, X)
BAD = {
    "nonlinearity": (lambda: rnn.forward(GOOD, X, nonlinearity="sin"), ValueError, "nonlinearity must be one of"),
    "params": (lambda: rnn.forward([1, 2, 3], X), TypeError, "params must be a Params"),
    "W_hh": (lambda: rnn.forward(GOOD._replace(W_hh=np.ones((3, 2))), X), ValueError, "W_hh must have shape"),
    "W_xh": (lambda: rnn.forward(GOOD._replace(W_xh=np.ones((2, 2))), X), ValueError, "W_xh must have shape"),
    "b_h": (lambda: rnn.forward(GOOD._replace(b_h=np.ones(2)), X), ValueError, "b_h must have shape"),
    "step x": (lambda: rnn.step(GOOD, X, HS[:, 0]), ValueError, "x must have shape"),
    "step batch": (lambda: rnn.step(GOOD, X[:1, 0], HS[:, 0]), ValueError, r"h must have shape \(1, 3\)"),
    "step NaN": (lambda: rnn.step(GOOD, X[:, 0] * np.nan, HS[:, 0]), ValueError, "x must be finite"),
    "step inf": (lambda: rnn.step(GOOD, X[:, 0], HS[:, 0] * np.inf), ValueError, "h must be finite"),
    "step W": (
        lambda: rnn.step(GOOD._replace(b_h=GOOD.b_h * np.nan), X[:, 0], HS[:, 0]),
        ValueError,
        "b_h must be fin",
    ),
    "step h": (lambda: rnn.step(GOOD, X[:, 0], HS), ValueError, "h must have shape"),
    "h_next": (lambda: rnn.jacobian(GOOD, HS), ValueError, "h_next must have shape"),
    "D": (lambda: rnn.init(0, 3, np.random.default_rng(0)), ValueError, "D must be at least 1"),
    "H": (lambda: rnn.init(2, 3.0, np.random.default_rng(0)), TypeError, "H must be an integer"),
    "rng": (lambda: rnn.init(2, 3, 0), TypeError, "rng must be a numpy.random.Generator"),
    "scale": (lambda: rnn.init(2, 3, np.random.default_rng(0), scale=-1), ValueError, "scale must be at least 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()


def test_the_reference_needs_no_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"  # any import of torch now fails
        "import pkgutil, importlib, seqlib.reference as r\n"
        "names = [m.name for m in pkgutil.iter_modules(r.__path__)]\n"
        "[importlib.import_module('seqlib.reference.' + n) for n in names]\n"
        "import seqlib.gradcheck, seqlib.evidence\n"
        "assert 'matplotlib' not in sys.modules\n"
        "print(sorted(names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "rnn" in done.stdout
