"""The networks that chapter 8 compares are what their names say, and each is tuned as the script says."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.training import fit

HERE = Path(__file__).parent
SCRIPT = runpy.run_path(str(HERE / "longer_08.py"))
TASKS, H = SCRIPT["TASKS"], SCRIPT["H"]
ARMS = [arm for starts in SCRIPT["STARTS"].values() for arm in starts]


def stored(name):
    return json.loads((HERE.parents[1] / f"chapters/measured/08_{name}.json").read_text(encoding="utf8"))


@pytest.mark.parametrize("arm", ARMS)
def test_each_network_is_what_its_name_says(arm):
    torch.manual_seed(0)
    core = SCRIPT["build"](TASKS["latch"], arm).core
    torch.manual_seed(0)
    plain = SCRIPT["build"](TASKS["latch"], arm.partition(",")[0]).core
    W, bias = core.weight_hh_l0.detach(), (core.bias_ih_l0 + core.bias_hh_l0).detach()
    assert type(core).__name__ == arm.partition(",")[0]
    assert core.hidden_size == H
    if arm == "RNN, orthogonal":
        assert (W.T @ W - torch.eye(H)).abs().max() < 1e-5
        assert torch.equal(core.weight_ih_l0, plain.weight_ih_l0)
        return
    assert torch.equal(W, plain.weight_hh_l0)
    kept = slice(H, 2 * H)  # f of i f g o, z of r z n
    if "bias 1" in arm:
        assert torch.equal(bias[kept], torch.ones(H))
        bias[kept] = (plain.bias_ih_l0 + plain.bias_hh_l0)[kept].detach()
    assert torch.equal(bias, (plain.bias_ih_l0 + plain.bias_hh_l0).detach())


def test_a_start_that_is_misspelt_is_none():
    with pytest.raises(ValueError, match="no arm is called 'LSTM, bias 2'"):
        SCRIPT["layer"]("LSTM, bias 2", 8, 4)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("cell", SCRIPT["CELLS"])
def test_equal_parameters_are_as_near_as_units_allow(name, cell):
    wanted = SCRIPT["size"](TASKS[name], "LSTM")
    units = SCRIPT["equal_units"](name, cell)
    off = [abs(SCRIPT["size"](TASKS[name], cell, units + more) - wanted) for more in (-1, 0, 1)]
    assert off[1] == min(off)
    assert off[1] < 0.03 * wanted


@pytest.mark.parametrize(("way", "arm", "steps"), [
    ("units", "GRU", 12), ("parameters", "RNN", 12), ("products", "RNN, orthogonal", 48), ("products", "GRU", 16),
    ("time, torch.nn", "GRU, update bias 1", 6), ("time, seqlib.nn", "RNN", 18),
])  # fmt: skip
def test_a_way_of_being_fair_gives_its_steps_and_units(way, arm, steps, monkeypatch):
    seen = {}

    def watched(make, task, **how):
        seen.update(how, units=make().core.hidden_size)
        return fit(make, task, **how | {"steps": 1})

    monkeypatch.setitem(SCRIPT["trained"].__globals__, "fit", watched)
    SCRIPT["trained"]("latch", way, arm, 0.01, 12, 3)
    assert (seen["steps"], seen["seed"], seen["clip_norm"], seen["lr"]) == (steps, 3, 1.0, 0.01)
    assert seen["schedule"](steps) < 1e-6 < seen["schedule"](steps // 2)
    assert seen["units"] == (SCRIPT["equal_units"]("latch", "RNN") if way == "parameters" else H)


def test_products_are_equal_where_they_are_said_to_be():
    more = SCRIPT["MORE_STEPS"]["products"]
    assert {cell: SCRIPT["CELLS"][cell].gates * more.get(cell, 1) for cell in SCRIPT["CELLS"]} == dict.fromkeys(
        SCRIPT["CELLS"], pytest.approx(4)
    )


def test_the_steps_in_equal_time_are_those_of_the_stored_times():
    times = stored("times")["values"]
    for who in ("seqlib.nn", "torch.nn"):
        for cell, more in SCRIPT["MORE_STEPS"][f"time, {who}"].items():
            ratio = np.median([np.divide(by[who]["LSTM"], by[who][cell]) for by in times.values()])
            assert ratio == pytest.approx(more, rel=0.05)


@pytest.mark.parametrize("name", TASKS)
def test_what_is_shown_has_the_rate_that_was_best_in_the_tuning(name):
    record = stored(name)
    assert not set(record["tuning"]) & set(record["seeds"])
    assert record["values"]["grid"].keys() == record["values"]["shown"].keys() == SCRIPT["WAYS"].keys()
    for way, arms in record["values"]["grid"].items():
        assert {arm.partition(",")[0] for arm in arms} == set(SCRIPT["WAYS"][way])
        for arm, by_rate in arms.items():
            medians = {rate: np.median(scores["error"]) for rate, scores in by_rate.items()}
            assert list(medians) == [f"{rate}" for rate in record["rates"]]
            (rate,) = record["values"]["shown"][way][arm]
            assert medians[rate] == min(medians.values())
        if way != "units":
            grid = record["values"]["grid"]["units"]
            assert list(arms) == [SCRIPT["better_start"](grid, cell) for cell in SCRIPT["WAYS"][way]]


def test_scores_of_a_network_that_knows_and_of_one_that_guesses():
    task = TASKS["latch"]

    class Knows(torch.nn.Module):
        def forward(self, x):
            sure = 50.0 if self.sure else 0.0
            return sure * torch.nn.functional.one_hot(x[:, :1].clamp(max=3), 4).float().expand(-1, 20, -1), None

    net = Knows()
    net.sure = True
    found = SCRIPT["scores"](net, task, 0)
    assert found["error"] < 1e-12
    assert found["right"] == 1
    net.sure = False
    assert SCRIPT["scores"](net, task, 0)["error"] == pytest.approx(1)
