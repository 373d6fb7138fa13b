"""Laws of scale are least-squares solutions, and what is said of their intervals is what happens to them."""

import runpy
from pathlib import Path

import numpy as np
import pytest

L = runpy.run_path(str(Path(__file__).with_name("longer_laws.py")))
N = np.array([900, 2000, 4000, 9000, 30000])
D = np.array([1e5, 4e5, 1.6e6])
CELLS = np.repeat(N, 3), np.tile(D, 5)


def noisy(y, scale=0.05, seed=0):
    """With relative errors."""
    return y * np.exp(scale * np.random.default_rng(seed).normal(size=np.shape(y)))


def test_a_line_is_the_power_law_of_least_squares_in_the_logarithms():
    exact = L["straight"](N, 300 * N**-0.7)
    assert exact == pytest.approx({"alpha": 0.7, "A": 300})
    y = noisy(300 * N**-0.7)
    found = L["straight"](N, y)
    rest = np.log(y) - np.log(found["A"]) + found["alpha"] * np.log(N)
    assert rest.sum() == pytest.approx(0, abs=1e-9)
    assert rest @ np.log(N) == pytest.approx(0, abs=1e-8)


def test_a_floor_is_found_and_is_the_best_on_the_grid():
    assert L["with_floor"](N, 3 + 300 * N**-0.713) == pytest.approx({"alpha": 0.713, "A": 300, "E": 3}, rel=1e-6)
    loss = 3 + noisy(300 * N**-0.7)
    found = L["with_floor"](N, loss)

    def rest(alpha, E, A):
        return np.sum((E + A * N**-alpha - loss) ** 2)

    least = rest(found["alpha"], found["E"], found["A"])
    for alpha, E, A in [(0.003, 0, 0), (-0.003, 0, 0), (0, 0.002, 0), (0, -0.002, 0), (0, 0, 0.5), (0, 0, -0.5)]:
        assert rest(found["alpha"] + alpha, found["E"] + E, found["A"] + A) > least


def test_a_law_of_size_and_data_is_found():
    y = 300 * CELLS[0] ** -0.807 + 40 * CELLS[1] ** -0.413
    found = L["both"](*CELLS, y)
    assert found == pytest.approx({"alpha": 0.807, "beta": 0.413, "A": 300, "B": 40}, rel=1e-6)
    assert L["said"](found, 2e5, 1e7) == pytest.approx(300 * 2e5**-0.807 + 40 * 1e7**-0.413)


def test_the_law_of_size_and_data_has_the_least_relative_errors():
    y = noisy(300 * CELLS[0] ** -0.8 + 40 * CELLS[1] ** -0.4)
    found = L["both"](*CELLS, y)

    def rest(alpha, beta, A, B):
        return np.sum(((A * CELLS[0] ** -alpha + B * CELLS[1] ** -beta) / y - 1) ** 2)

    names = ("alpha", "beta", "A", "B")
    least = rest(*(found[name] for name in names))
    for name in names:
        for factor in (0.99, 1.01):
            assert rest(*((found | {name: factor * found[name]})[name] for name in names)) > least


@pytest.mark.parametrize("gone", ["A", "B"])
def test_neither_part_of_the_law_is_negative(gone):
    falling, rising = (CELLS[0], CELLS[1]) if gone == "B" else (CELLS[1], CELLS[0])
    y = 300 * falling**-0.7 * rising**0.05  # more of the other makes it worse: no sum of powers does that
    found = L["both"](*CELLS, y)
    power, other = ("alpha", "B") if gone == "B" else ("beta", "A")
    assert found[other] == 0
    a = falling ** -found[power] / y
    assert found["A" if gone == "B" else "B"] == pytest.approx(a.sum() / (a @ a))


def test_without_data_a_law_is_that_of_size():
    assert L["said"]({"alpha": 0.5, "A": 3.0}, 400, 10) == pytest.approx(0.15)


def test_seeds_are_drawn_within_each_size_and_for_all_its_data_together():
    values = np.arange(2 * 3 * 4).reshape(2, 3, 4)
    draws = list(L["resampled"](values, 50))
    assert len(list(L["resampled"](values))) == 200
    assert len(draws) == 50
    seen = set()
    for drawn in draws:
        assert drawn.shape == values.shape
        chosen = drawn[:, 0] - values[:, 0, :1]
        assert np.array_equal(drawn, values[:, :, :1] + chosen[:, None])
        assert set(chosen.ravel()) <= {0, 1, 2, 3}
        seen.add(tuple(chosen.ravel()))
    assert len(seen) > 40
    assert any(one[:4] != one[4:] for one in seen), "not the same for all sizes"
    assert any(len(set(one[:4])) < 4 for one in seen), "with replacement"
    assert all(np.array_equal(a, b) for a, b in zip(draws, L["resampled"](values, 50), strict=True))


def test_spread_holds_95_of_100():
    found = L["spread"]([{"a": float(i), "b": -float(i)} for i in range(1001)])
    assert found["a"] == pytest.approx([25, 975])
    assert found["b"] == pytest.approx([-975, -25])


def test_each_size_is_left_out_once():
    seen = []

    def fit(kept):
        seen.append(kept)
        return {"sum": sum(kept), "first": kept[0]}

    found = L["leaving_one_out"](fit, 4)
    assert seen == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert found["sum"].tolist() == [3, 6]
    assert found["first"].tolist() == [0, 1]


def test_a_size_is_told_by_those_before_it_alone():
    truth = np.array([1.0, 2.0, 3.0, 4.0, 8.0])
    found = L["one_ahead"](lambda kept: kept, lambda kept, i: float(sum(kept) + i), truth, 3)
    assert found == pytest.approx([np.log(4 / 6), np.log(8 / 10)])


def test_the_margin_is_twice_the_error():
    assert L["margin"](np.log([1.1, 1 / 1.1])) == pytest.approx(1.1**2)
    assert L["margin"]([0.0, 0.3]) == pytest.approx(np.exp(2 * np.sqrt(0.045)))


def test_between_runs_losses_are_those_of_a_power_of_compute():
    costs = {"a": [1e6, 4e6, 1e7], "b": [5e6, 5e6, 1e8], "c": [2e6, 4e6]}
    excess = {"a": [3.0, 2.0, 1.5], "b": [9.0, 5.0, 1.0], "c": [2.0, 1.0]}
    found = L["at_budget"](6e6, costs, excess)
    assert set(found) == {"a", "b"}
    assert found["a"] == pytest.approx(2 * 1.5 ** (np.log(1.5) / np.log(2.5)) * 2 ** -(np.log(1.5) / np.log(2.5)))
    assert L["at_budget"](4e6, costs, excess) == pytest.approx({"a": 2, "c": 1})
    assert L["at_budget"](1e5, costs, excess) == {}
