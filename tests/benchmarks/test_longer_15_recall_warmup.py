"""What is measured of recall with and without a warm-up is what its names say."""

import math
import runpy
from pathlib import Path

import pytest

from seqlib.tasks import AssociativeRecall

S = runpy.run_path(str(Path(__file__).with_name("longer_15_recall_warmup.py")))
GLOBALS = S["warmup"].__globals__
HOW = S["MEASUREMENTS"]["recall_warmup"]["settings"]
MEASURES = {"all", "loss", "p", "brier", "accuracy", "last five", "below values alone"}


def test_the_clock_runs_with_the_rate():
    assert [S["clock"](step, 4) for step in (0, 1, 2, 3, 4, 5, 9)] == [0, 0.25, 0.75, 1.5, 2.5, 3.5, 7.5]
    assert [S["clock"](step, 0) for step in (0, 1, 7)] == [0, 1, 7]


def test_a_passage_in_steps_and_by_the_rates():
    at = list(range(0, 101, 10))
    values = [min(max(t - 30, 0), 50) / 50 for t in at]  # 10 % at 40, 50 % at 60, 90 % at 80
    assert S["passed"](at, values, 0) == {
        **{"10": 40, "50": 60, "90": 80, "width": 0.667},
        **{"steps": 40, "width by rates": 0.667},
    }
    slow = S["passed"](at, values, 60)
    assert {q: slow[q] for q in ("width", "steps")} == {"width": 0.667, "steps": 40}
    # With a warm-up of 60: 40 steps count as 40 · 41 / 120, 60 as 30.5, 80 as 50.5.
    assert slow["width by rates"] == pytest.approx((50.5 - 40 * 41 / 120) / 30.5, abs=5e-3)
    never = S["passed"](at, [1.0] * 11, 60)
    assert (never["width"], never["steps"], never["width by rates"]) == (math.inf, 0, math.inf)


def test_values_are_stored_by_warm_up_and_seed(monkeypatch):
    asked = []

    def followed(arm, seed, sequences, steps, warm_up):
        asked.append((arm, seed, sequences, steps, warm_up))
        more = {name: [0.0, 0.1, 0.2, 1.0] for name in ("all", "p", "brier", "accuracy")}
        of = {"loss": [3.0, 2.0, 0.5, seed / 100], "last five": [0.0, 0.0, 0.0, 1.0], "seconds": [0, 1, 2, 3]}
        return None, [0, 5, 10, 15], of | more

    monkeypatch.setitem(GLOBALS, "followed", followed)
    found = S["warmup"]([4, 6], 30, 15, [0, 10])
    assert asked == [("2 layers", seed, 30, 15, warm_up) for warm_up in (0, 10) for seed in (4, 6)]
    assert set(found) == {"0", "10"}
    for warm_up, of in found.items():
        assert of["at"] == "0 5 10 15"
        assert set(of["runs"]) == MEASURES - {"below values alone"}
        assert of["runs"]["loss"] == ["3 2 0.5 0.04", "3 2 0.5 0.06"]
        assert set(of["passage"]) == MEASURES
        for name, values in {"loss": [3.0, 2.0, 0.5, 0.04], "accuracy": [0.0, 0.1, 0.2, 1.0]}.items():
            wanted = S["passed"]([0, 5, 10, 15], values, int(warm_up))
            assert of["passage"][name] == {q: [value] * 2 for q, value in wanted.items()}
        assert of["passage"]["loss"]["10"] == [5, 5]
        assert of["passage"]["below values alone"]["10"] == [10, 10]
    level = AssociativeRecall().level("values alone", repeated=True)
    assert level == pytest.approx(1.8059, abs=1e-4)


def test_what_counts_below_values_alone_begins_there(monkeypatch):
    """From their level, 1.806, to 0 a tenth is done at 1.6, but not at 1.7; the level of all keys is 2.23."""
    loss = [2.5, 1.7, 1.6, 0.5, 0.0]
    of = dict.fromkeys(("loss", *MEASURES - {"below values alone"}), loss) | {"seconds": [0] * 5}
    monkeypatch.setitem(GLOBALS, "followed", lambda *arguments, **more: (None, [0, 5, 10, 15, 20], of))
    found = S["warmup"]([1], 9, 20, [0])["0"]["passage"]
    assert (found["below values alone"]["10"], found["loss"]["10"]) == ([10], [5])


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert not {7990, 7991} & set(HOW["seeds"])
    assert HOW["warm_ups"] == [0, 25, 100]
    assert HOW["steps"] == 200
    assert HOW["seeds"] == S["RECALL"]["MEASUREMENTS"]["recall"]["settings"]["seeds"]
    assert HOW["sequences"] == S["RECALL"]["MEASUREMENTS"]["recall"]["settings"]["sequences"]
