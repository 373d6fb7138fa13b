"""Products: what is asked at which step; levels by formula, by quadrature, and by least squares on samples."""

import numpy as np
import pytest

from seqlib.tasks import Product


@pytest.mark.parametrize(("T", "lag"), [(2, 1), (5, 4), (10, 3), (20, 2)])
def test_every_step_asks_for_its_number_times_an_earlier_one(T, lag):
    (x,), y, mask = Product(T, lag).sample(200, np.random.default_rng(0))
    for b in range(200):
        for t in range(T):
            assert mask[b, t] == (t >= lag)
            assert y[b, t, 0] == (x[b, t, 0] * x[b, t - lag, 0] if t >= lag else 0)
    assert -1 <= x.min() < -0.9
    assert 0.9 < x.max() <= 1


def test_levels_by_quadrature():
    nodes, weights = np.polynomial.legendre.leggauss(8)
    product, density = np.multiply.outer(nodes, nodes), np.multiply.outer(weights, weights) / 4
    mean = (density * product).sum()
    assert mean == pytest.approx(0, abs=1e-15)
    assert Product().chance == pytest.approx((density * (product - mean) ** 2).sum(), abs=1e-14)
    for one in (nodes[:, None], nodes[None]):
        assert (density * product * one).sum() == pytest.approx(0, abs=1e-15), "no number goes with the answer"
    assert np.abs((weights / 2 * product).sum(1)).max() < 1e-15, "nor does the new number say which way"
    assert Product().linear == pytest.approx((density * product**2).sum(), abs=1e-14)
    assert Product().floor == 0


@pytest.mark.parametrize("lag", [1, 3])
def test_a_weighted_sum_of_all_numbers_so_far_is_as_good_as_nothing(lag):
    (x,), y, mask = Product(6, lag).sample(50_000, np.random.default_rng(0))
    assert (y[mask] ** 2).mean() == pytest.approx(Product().chance, rel=0.01)
    for t in range(lag, 6):
        seen = np.concatenate([x[:, : t + 1, 0], np.ones((len(x), 1))], 1)
        weights, *_ = np.linalg.lstsq(seen, y[:, t, 0], rcond=None)
        assert ((seen @ weights - y[:, t, 0]) ** 2).mean() == pytest.approx(Product().linear, rel=0.03)


def test_a_memory_shorter_than_the_lag_is_as_good_as_nothing():
    """Whatever it computes: within each cell of a fine grid of the two newest numbers the answer has mean 0."""
    (x,), y, _ = Product(4, 3).sample(200_000, np.random.default_rng(0))
    cell = np.floor((x[:, 2, 0] + 1) * 4).astype(int) * 8 + np.floor((x[:, 3, 0] + 1) * 4).astype(int)
    means = np.bincount(cell, y[:, 3, 0], 64) / np.bincount(cell, minlength=64)
    explained = (means[cell] ** 2).mean()
    assert explained < 0.01 * Product().chance
    cell = np.floor((x[:, 0, 0] + 1) * 4).astype(int) * 8 + np.floor((x[:, 3, 0] + 1) * 4).astype(int)
    means = np.bincount(cell, y[:, 3, 0], 64) / np.bincount(cell, minlength=64)
    assert (means[cell] ** 2).mean() > 0.8 * Product().chance, "a memory that reaches is worth much"


@pytest.mark.parametrize(
    ("arguments", "name"), [({"T": 1}, "T"), ({"lag": 0}, "lag"), ({"T": 5, "lag": 5}, "lag"), ({"lag": -1}, "lag")]
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        Product(**arguments)
