"""Chapter 8's comparison chooses rates and starts by the seeds of the tuning alone: made-up scores, known choices."""

import runpy
from pathlib import Path

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_08.py")))
TASKS = ["counting", "latch", "product"]
WAYS = ["units", "parameters", "products", "time, seqlib.nn", "time, torch.nn"]
RATES = [0.1, 0.2, 0.3]
NAN = float("nan")
# The errors of the seeds 0, 1, 2 at each rate with equal units; in the k-th way they belong to the k-th rate after it.
ERRORS = {
    "RNN": [(0.5, 0.5, 0.5), (0.2, 0.1, 0.9), (0.3, 0.3, 0.3)],  # by the mean another rate would be best
    "RNN, orthogonal": [(0.25, 0.25, 0.25), (0.9, 0.9, 0.9), (NAN, NAN, 0.1)],  # and this the better start
    "LSTM": [(0.1, 0.8, 0.8), (0.7, 0.7, 0.1), (0.6, 0.6, 0.6)],
    "LSTM, forget bias 1": [(0.9, 0.9, 0.9), (0.8, 0.8, 0.8), (0.01, 0.5, 0.5)],  # worse at all rates but its best
    "GRU": [(0.02, 0.02, 0.9), (0.04, 0.04, 0.04), (0.03, 0.03, 0.9)],
    "GRU, update bias 1": [(0.01, 0.01, 0.01234), (0.001, 0.1, 0.1), (0.2, 0.3, 0.001)],
}
WIDER = {  # on the latch; the first is the best start there, the second the worst
    "LSTM, forget bias 3": [(0.7, 0.7, 0.7), (0.3, 0.3, 0.3), (0.4, 0.4, 0.4)],
    "GRU, update bias 3": [(0.7, 0.7, 0.7), (0.6, 0.6, 0.6), (0.5, 0.5, 0.5)],
}
CHOSEN = {  # the place of the best rate with equal units
    "RNN": 1,
    "RNN, orthogonal": 0,
    "LSTM": 2,
    "LSTM, forget bias 1": 2,
    "GRU": 0,
    "GRU, update bias 1": 0,
    "LSTM, forget bias 3": 1,
    "GRU, update bias 3": 2,
}
BETTER = {"RNN": "RNN", "LSTM": "LSTM, forget bias 1", "GRU": "GRU, update bias 1"}
SHOWN = [7, 8]


def score(way, arm, rate, seed):
    """What is shown says the opposite of the tuning, and so do the shares of right answers."""
    place = (RATES.index(rate) - WAYS.index(way)) % 3
    of_shown = 0.1 * seed + RATES.index(rate) + 5 * (arm in BETTER.values())
    return {
        "error": of_shown if seed in SHOWN else (ERRORS | WIDER)[arm][place][seed],
        "right": [0.9, 0.8, 1.0][(place - CHOSEN[arm]) % 3],
    }


@pytest.fixture
def compared(monkeypatch):
    """A function: what the script's measurement of a task says of made-up scores, and what it had trained for it."""

    def measure(name):
        runs = []

        def trained(task, way, arm, rate, steps, seed):
            runs.append((task, way, arm, rate, steps, seed))
            return score(way, arm, rate, seed)

        monkeypatch.setitem(SCRIPT["compared"].__globals__, "trained", trained)
        measured = SCRIPT["MEASUREMENTS"][name]["measure"]
        return measured(steps=12, tuning=[0, 1, 2], seeds=SHOWN, rates=RATES), runs

    return measure


def arms(way, name="counting"):
    """With equal units all; then the better start of those cells that have not been trained in just this way yet."""
    tried = [*ERRORS, *(WIDER if name == "latch" else ())]
    by_cell = [arm for cell in BETTER for arm in tried if arm.partition(",")[0] == cell]
    return by_cell if way == "units" else [BETTER["RNN"], BETTER["GRU"]]


def best_rate(way, arm):
    return RATES[(CHOSEN[arm] + WAYS.index(way)) % 3]


def test_what_is_shown_is_of_other_seeds_at_the_rate_that_was_best_in_the_tuning(compared):
    shown = compared("counting")[0]["shown"]
    assert list(shown) == WAYS
    for way, of in shown.items():
        assert list(of) == arms(way)
        for arm, by_rate in of.items():
            rate = best_rate(way, arm)
            errors = [score(way, arm, rate, seed)["error"] for seed in SHOWN]
            assert by_rate == {f"{rate}": {"error": pytest.approx(errors), "right": [0.9, 0.9]}}


def test_the_grid_holds_every_rate_with_three_digits_and_one_value_per_seed(compared):
    grid = compared("counting")[0]["grid"]
    assert list(grid) == WAYS
    for way, of in grid.items():
        assert list(of) == arms(way)
        for arm, by_rate in of.items():
            assert list(by_rate) == [f"{rate}" for rate in RATES]
            for rate in RATES:
                scores = [score(way, arm, rate, seed) for seed in range(3)]
                for name, values in by_rate[f"{rate}"].items():
                    assert values == pytest.approx([one[name] for one in scores], rel=0.005, nan_ok=True)
    assert grid["units"]["GRU, update bias 1"]["0.1"]["error"] == [0.01, 0.01, 0.0123]


@pytest.mark.parametrize("name", TASKS)
def test_nothing_else_is_trained(name, compared):
    wanted = [
        (name, way, arm, rate, 12, seed)
        for way in WAYS
        for arm in arms(way, name)
        for rates, seeds in ((RATES, [0, 1, 2]), ([best_rate(way, arm)], SHOWN))
        for rate in rates
        for seed in seeds
    ]
    assert compared(name)[1] == wanted


@pytest.mark.parametrize("name", TASKS)
def test_the_seeds_of_the_tuning_are_not_shown(name):
    settings = SCRIPT["MEASUREMENTS"][name]["settings"]
    assert not set(settings["tuning"]) & set(settings["seeds"])
    assert len(set(settings["rates"])) == len(settings["rates"]) >= 3


def test_the_longer_runs_are_of_every_arm_at_every_rate_and_nothing_is_chosen(monkeypatch):
    runs = []

    def trained(task, way, arm, rate, steps, seed):
        runs.append((task, way, steps))
        return {"error": ARMS.index(arm) + rate + 0.001 * seed, "right": 1.0}

    ARMS = list(SCRIPT["STARTS"]["LSTM"])
    monkeypatch.setitem(SCRIPT["longer"].__globals__, "trained", trained)
    found = SCRIPT["MEASUREMENTS"]["latch_longer"]["measure"](steps=12, seeds=SHOWN, arms=ARMS, rates=RATES)
    assert set(runs) == {("latch", "units", 12)}
    for arm in ARMS:
        for rate in RATES:
            errors = [pytest.approx(ARMS.index(arm) + rate + 0.001 * seed, rel=0.006) for seed in SHOWN]
            assert found[arm][f"{rate}"] == {"error": errors, "right": [1.0, 1.0]}


def test_the_longer_runs_take_ten_times_the_steps_on_seeds_that_no_other_has():
    of_all, longer = (SCRIPT["MEASUREMENTS"][name]["settings"] for name in ("latch", "latch_longer"))
    assert longer["steps"] == 10 * of_all["steps"]
    assert set(longer["arms"]) == set(SCRIPT["STARTS"]["LSTM"])
    assert not set(longer["seeds"]) & {*of_all["seeds"], *of_all["tuning"]}


def test_on_the_latch_a_third_start_of_the_gated_cells_can_win(compared):
    grid = compared("latch")[0]["grid"]["units"]
    assert {arm for arm in grid if arm not in ERRORS} == set(WIDER)
    starts = {cell: SCRIPT["better_start"](grid, cell) for cell in BETTER}
    assert starts == BETTER | {"LSTM": "LSTM, forget bias 3"}
