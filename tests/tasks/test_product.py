"""The multiplication problem: marks, products, levels by formula, by quadrature and on samples."""

import numpy as np
import pytest

from seqlib.tasks import Product


@pytest.mark.parametrize("T", [2, 3, 10, 41])
def test_one_mark_in_each_half_and_the_product_at_the_end(T):
    (x,), y, mask = Product(T).sample(500, np.random.default_rng(0))
    numbers, marks = x[:, :, 0], x[:, :, 1]
    assert set(np.unique(marks)) <= {0.0, 1.0}
    assert (marks[:, : T // 2].sum(1) == 1).all()
    assert (marks[:, T // 2 :].sum(1) == 1).all()
    assert np.allclose(y[:, -1, 0], np.where(marks == 1, numbers, 1).prod(1))
    assert (mask.sum(1) == 1).all()
    assert mask[:, -1].all()
    assert (marks.sum(0) > 0).all(), "every place is marked at some time"
    assert -1 <= numbers.min() < -0.9
    assert 0.9 < numbers.max() <= 1


def test_chance_by_quadrature():
    nodes, weights = np.polynomial.legendre.leggauss(8)
    product, density = np.multiply.outer(nodes, nodes), np.multiply.outer(weights, weights) / 4
    mean = (density * product).sum()
    assert mean == pytest.approx(0, abs=1e-15)
    assert Product().chance == pytest.approx((density * (product - mean) ** 2).sum(), abs=1e-14)
    assert Product().linear == pytest.approx((density * product**2).sum(), abs=1e-14)
    for one in (nodes[:, None], nodes[None]):
        assert (density * product * one).sum() == pytest.approx(0, abs=1e-15), "no number goes with the answer"
    assert Product().floor == 0


def test_levels_on_samples():
    (x,), y, _ = Product(4).sample(50_000, np.random.default_rng(0))
    y = y[:, -1, 0]
    assert y.var() == pytest.approx(Product().chance, rel=0.02)
    seen = np.concatenate([x.reshape(len(x), -1), x[:, :, 0] * x[:, :, 1], np.ones((len(x), 1))], 1)
    seen = np.delete(seen, [3, 7], 1)  # of the marks of a half one says what the other is
    weights, *_ = np.linalg.lstsq(seen, y, rcond=None)
    linear = ((seen @ weights - y) ** 2).mean()
    assert linear == pytest.approx(Product().linear, rel=0.02)
    assert linear > 0.99 * y.var(), "a linear reader, who is even shown the marked numbers, learns nothing"


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="T must"):
        Product(1)
