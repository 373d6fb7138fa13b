"""What is measured of scale is what it is said to be: source, entropy, ideal reader, counts, laws."""

import itertools
import runpy
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

S = runpy.run_path(str(Path(__file__).with_name("longer_15_scaling.py")))
GLOBALS = S["scaling"].__globals__
HOW = S["MEASUREMENTS"]["scaling"]["settings"]
LARGEST = S["MEASUREMENTS"]["scaling_largest"]["settings"]
P, K, V, T = S["P"], S["K"], S["V"], S["T"]


def test_words_follow_zipfs_law_and_no_two_are_spelled_alike():
    assert P.sum() == pytest.approx(1)
    assert P[1:] / P[0] == pytest.approx(np.arange(2, 8193) ** -1.5)
    assert S["FLOOR"] == pytest.approx(sum(-p * np.log(p) for p in P))
    x, y = S["dictionary"](3)
    assert x.shape == y.shape == (8192, 4)
    assert set(x[:, 0]) == {32}, "a line begins with what is no letter"
    assert np.array_equal(x[:, 1:], y[:, :-1])
    assert len({tuple(word) for word in y}) == 8192
    for t in range(4):
        assert np.bincount(y[:, t], minlength=32).min() > 180, "letters are drawn evenly"
    assert not np.array_equal(S["dictionary"](4)[1], y), "each seed has words of its own"


def test_each_step_has_fresh_words_as_often_as_they_are():
    x, y = S["dictionary"](3)
    rank = {tuple(word): k for k, word in enumerate(y)}
    counts = Counter()
    for step in range(40):
        (read,), asked, mask = S["drawn"](3, step)
        assert mask.all()
        assert mask.shape == asked.shape == (512, 4)
        ranks = [rank[tuple(word)] for word in asked]
        assert np.array_equal(read, x[ranks])
        counts.update(ranks)
    shares = np.array([counts[k] / (40 * 512) for k in range(5)])
    assert shares == pytest.approx(P[:5], abs=0.015)
    assert np.array_equal(S["drawn"](3, 7).y, S["drawn"](3, 7).y)
    assert not np.array_equal(S["drawn"](3, 7).y, S["drawn"](3, 8).y)
    assert max(counts) > 4000, "rare words too"


def test_the_ideal_reader_is_the_sum_over_all_words():
    for n in (0, 1, 50, 1000, K - 1):
        q = P.copy()
        q[n:] = P[n:].sum() / V**T
        assert S["ideal"]()[n] == pytest.approx(np.sum(P * np.log(P / q)), rel=1e-6)
    assert len(S["ideal"]()) == K
    assert S["words"](S["ideal"]()[37]) == 37
    assert S["words"](S["ideal"]()[37] * 1.001) == 37
    assert S["words"](100.0) == 0
    between = np.sqrt(S["ideal"]()[3] * S["ideal"]()[4])
    assert (S["words"](between * 1.001), S["words"](between / 1.001)) == (3, 4)


def test_parameters_are_counted_without_embeddings():
    for width in (8, 24):
        net = S["network"](width)
        assert S["parameters"](width) == 12 * width**2 + 15 * width
        others = 33 * width + 4 * width
        assert sum(p.numel() for p in net.parameters()) == S["parameters"](width) + others
        assert len(net.core.layers) == 1
        assert net.core.layers[0].self_attn.n_heads == 1
        assert net.tied


@pytest.mark.parametrize("width", [8, 32])
def test_flop_are_those_of_the_matrix_products(width):
    net = S["network"](width)
    x = torch.zeros(10, 4, dtype=torch.long)
    with FlopCounterMode(display=False) as forward:
        out = net(x, need_weights=True)[0]
    assert forward.get_total_flops() / 40 == S["flop"](width) / 3
    with FlopCounterMode(display=False) as backward:
        out.sum().backward()
    assert backward.get_total_flops() == 2 * forward.get_total_flops()


class Reader(torch.nn.Module):
    """Says that each letter is 0 with probability e/(e + 32), and that all others are alike."""

    def forward(self, x):
        return torch.nn.functional.one_hot(torch.zeros_like(x), 33).double(), None


def test_the_excess_is_over_all_words_with_their_probabilities(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), data=data)
        return SimpleNamespace(model=Reader())

    monkeypatch.setitem(GLOBALS, "fit", fit)
    excess, known = S["trained"](16, 300, 0.02, 3)
    assert S["trained"](16, 300, 0.02, 3)[1] is known, "trained once"
    y = S["dictionary"](3)[1]
    log_q = np.where(y == 0, 1, 0).sum(1) - 4 * np.log(np.e + 32)
    assert S["log_q"](Reader(), 3) == pytest.approx(log_q)
    assert excess == pytest.approx(np.sum(P * np.log(P)) - P @ log_q)
    assert np.array_equal(known, np.exp(log_q) > P / 2)
    assert 0 < known.sum() < K
    assert seen["network"].core.layers[0].self_attn.d_model == 16
    assert np.array_equal(seen["data"](5).y, S["drawn"](3, 5).y)
    schedule = [round(seen["schedule"](step), 2) for step in (0, 14, 15, 157, 300)]
    assert schedule == [0.07, 1.0, 1.0, 0.5, 0.0]
    rest = {name: seen[name] for name in ("steps", "lr", "optimiser", "weight_decay", "clip_norm", "seed", "loss")}
    adamw = {"optimiser": "adamw", "weight_decay": 0.0, "clip_norm": 1.0, "loss": "cross_entropy"}
    assert rest == {"steps": 300, "lr": 0.02, "seed": 3} | adamw


def told(width, steps, rate, seed):
    """A law that holds exactly, but for the seed and the rate."""
    y = 30 * S["parameters"](width) ** -0.6 + 20 * (steps * 2048) ** -0.4
    known = np.zeros(K, bool)
    known[: 2 * width + seed] = True
    return y * np.exp(0.1 * seed + abs(np.log(rate / 0.02))), known


def test_a_grid_has_all_sizes_parts_and_seeds(monkeypatch):
    monkeypatch.setitem(GLOBALS, "trained", told)
    excess, known = S["grid"]([8, 16], [4, 1], 300, {"8": 0.02, "16": 0.04}, [0, 1, 2])
    assert excess.shape == (2, 2, 3)
    for (i, width), (j, part), seed in itertools.product(enumerate([8, 16]), enumerate([4, 1]), range(3)):
        assert excess[i, j, seed] == told(width, 300 // part, (0.02, 0.04)[i], seed)[0]
    assert {key: of.sum() for key, of in known.items()} == {
        (width, seed): 2 * width + seed for width in (8, 16) for seed in range(3)
    }
    shares = S["shares"](known, [0, 1, 2], [8, 16])
    assert shares["8"] == {"1": [1, 1, 1], "10": [0.35, 0.4, 0.45], "30": [0] * 3, "100": [0] * 3, "300": [0] * 3}
    assert shares["16"]["30"] == [0.0429, 0.0571, 0.0714]
    late = np.zeros(K, bool)
    late[998] = True
    assert S["shares"]({(8, 0): late}, [0], [8])["8"]["300"] == [pytest.approx(1 / 700, abs=1e-5)]


def test_rates_are_tuned_after_a_part_of_the_steps(monkeypatch):
    seen = []

    def trained(width, steps, rate, seed):
        seen.append((width, steps, rate, seed))
        return abs(rate - 0.01 * width) + 1.23456789, None

    monkeypatch.setitem(GLOBALS, "trained", trained)
    found, chosen = S["rates_of"]([1, 2], 800, [7], [0.01, 0.02], 4)
    assert seen == [(width, 200, rate, 7) for width in (1, 2) for rate in (0.01, 0.02)]
    assert chosen == {"1": 0.01, "2": 0.02}
    assert found["2"] == {"0.01": [1.245], "0.02": [1.235]}


WIDTHS, PARTS = [8, 12, 16, 24, 32, 48], [8, 4, 2, 1]
N = np.array([12 * d**2 + 15 * d for d in WIDTHS])
D = np.array([100, 200, 400, 800]) * 2048


def test_laws_have_the_intervals_that_their_names_say():
    y = np.stack([[[told(d, 800 // part, 0.02, seed)[0] for seed in (0, 1)] for part in PARTS] for d in WIDTHS])
    laws = S["fitted"](N, D, y)
    middle = np.exp(0.05)
    joint = laws["joint"]
    assert joint["fit"] == pytest.approx({"alpha": 0.6, "beta": 0.4, "A": 30 * middle, "B": 20 * middle}, rel=1e-3)
    assert joint["sizes"]["alpha"] == pytest.approx([0.6, 0.6], rel=1e-3)
    assert joint["seeds"]["alpha"][0] < 0.6 < joint["seeds"]["alpha"][1]
    assert joint["margin"] == pytest.approx(1, abs=1e-3)
    mean = np.sqrt(y[..., 0] * y[..., 1])[:, 3]
    line = laws["line"]

    def slope(part):
        return -np.polyfit(np.log(N[part]), np.log(mean[part]), 1)[0]

    assert line["fit"]["alpha"] == pytest.approx(slope(slice(None)))
    assert line["smallest three"]["alpha"] == pytest.approx(slope(slice(3)))
    assert line["largest three"]["alpha"] == pytest.approx(slope(slice(3, None)))
    assert line["sizes"]["alpha"] == pytest.approx([slope(slice(1, None)), slope(slice(5))])
    errors = []
    for i in (4, 5):
        slope, intercept = np.polyfit(np.log(N[:i]), np.log(mean[:i]), 1)
        errors.append(np.log(mean[i]) - intercept - slope * np.log(N[i]))
    assert line["one ahead"] == pytest.approx({f"{n}": np.exp(e) for n, e in zip(N[4:], errors, strict=True)})
    assert line["margin"] == pytest.approx(np.exp(2 * np.sqrt(np.mean(np.square(errors)))))
    rest = 20 * middle * D[-1] ** -0.4
    floored = laws["floor fitted"]["fit"]
    assert floored == pytest.approx({"alpha": 0.6, "A": 30 * middle, "E": S["FLOOR"] + rest}, rel=1e-3)
    assert "margin" not in laws["floor fitted"]


@pytest.fixture(scope="module")
def values():
    """All that is stored, of runs that follow a law."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(GLOBALS, "trained", told)
        return S["scaling"](800, [0, 1], [0], [0.01, 0.02], WIDTHS, PARTS, 4, 96)


def test_what_is_stored_is_named_by_width_and_part(values):
    assert set(values["chosen"].values()) == {0.02}
    assert values["tuning"]["16"]["0.01"] == [pytest.approx(told(16, 200, 0.01, 0)[0], rel=1e-3)]
    assert values["floor"] == pytest.approx(S["FLOOR"], abs=1e-5)
    assert values["parameters"] == {f"{d}": n for d, n in zip(WIDTHS, N, strict=True)}
    assert values["tokens"] == {"8": 204800, "4": 409600, "2": 819200, "1": 1638400}
    assert values["flop per token"]["12"] == {"counted": S["flop"](12), "6 N": 6 * 1908}
    assert values["excess"]["24"]["4"] == [pytest.approx(told(24, 200, 0.02, seed)[0], rel=2e-3) for seed in (0, 1)]
    assert values["words"]["32"] == [S["words"](told(32, 800, 0.02, seed)[0]) for seed in (0, 1)]
    assert values["known"]["16"]["30"] == [0.0429, 0.0571]
    assert values["laws"]["joint"]["fit"]["alpha"] == pytest.approx(0.6, abs=2e-3)
    assert values["laws"]["line"]["sizes"]["alpha"]["low"] < values["laws"]["line"]["sizes"]["alpha"]["high"]


def test_the_ideal_exponent_is_that_of_words_in_proportion_to_parameters(values):
    ideal = values["ideal"]
    each = S["words"](np.exp(0.05) * told(8, 800, 0.02, 0)[0]) / N[0]
    E = [S["ideal"]()[round(each * n)] for n in N]
    assert ideal["alpha"] == pytest.approx(-np.polyfit(np.log(N), np.log(E), 1)[0], rel=2e-3)
    assert ideal["words"]["1"] == pytest.approx(S["ideal"]()[1], rel=2e-3)
    assert ideal["words"]["8191"] == pytest.approx(S["ideal"]()[8191], rel=2e-3)
    assert all(y == pytest.approx(S["ideal"]()[int(n)], rel=6e-3) for n, y in ideal["words"].items())


def test_what_is_said_of_a_larger_one_is_said_by_the_laws_of_the_smaller(values):
    said = values["said of the largest"]
    size = 12 * 96**2 + 15 * 96
    assert (said["width"], said["parameters"], said["tokens"]) == (96, size, D[-1])
    expected = np.exp(0.05) * told(96, 800, 0.02, 0)[0]
    assert said["joint"]["excess"] == pytest.approx(expected, rel=5e-3)
    line = values["laws"]["line"]
    y = line["fit"]["A"] * size ** -line["fit"]["alpha"]
    assert said["line"]["excess"] == pytest.approx(y, rel=0.02)
    assert said["line"]["low"] == pytest.approx(said["line"]["excess"] / line["margin"], rel=5e-3)
    assert said["line"]["high"] == pytest.approx(said["line"]["excess"] * line["margin"], rel=5e-3)


def test_budgets_are_flop_that_are_counted(values):
    budgets = [float(C) for C in values["budgets"]]
    assert len(budgets) == 13
    assert budgets[0] == pytest.approx(S["flop"](8) * D[0], rel=1e-3)
    assert budgets[-1] == pytest.approx(S["flop"](48) * D[-1], rel=1e-3)
    C = list(values["budgets"])[6]
    for width, y in values["budgets"][C].items():
        steps = float(C) / S["flop"](int(width)) / 2048
        assert y == pytest.approx(np.exp(0.05) * told(int(width), steps, 0.02, 0)[0], rel=0.02)
    assert 3 <= len(values["budgets"][C]) < 6


def test_the_largest_is_compared_with_what_was_said_of_it(monkeypatch):
    monkeypatch.setitem(GLOBALS, "trained", told)
    y = told(16, 800, 0.02, 0)[0] * np.exp(0.05)
    low, high = {"excess": y / 2, "low": y / 3, "high": y / 1.01}, {"excess": y * 2, "low": y / 1.01, "high": y * 3}
    found = S["record"](800, [0, 1], [0], [0.01, 0.02], 16, 4, [{"said of the largest": {"line": low, "joint": high}}])
    assert found["held"] == {"line": {"inside": False, "ratio": 2.0}, "joint": {"inside": True, "ratio": 0.5}}
    assert found["excess"] == [pytest.approx(told(16, 800, 0.02, seed)[0], rel=2e-3) for seed in (0, 1)]
    assert found["mean"] == pytest.approx(y, rel=2e-3)
    assert found["parameters"] == 3312
    assert found["known"]["30"] == [0.0429, 0.0571]
    assert found["words"] == [S["words"](told(16, 800, 0.02, seed)[0]) for seed in (0, 1)]
    assert found["chosen"] == {"16": 0.02}
    too_low = {"excess": y, "low": y * 1.01, "high": y * 2}
    said = [{"said of the largest": {"line": too_low, "joint": high}}]
    assert not S["record"](800, [0, 1], [0], [0.02], 16, 4, said)["held"]["line"]["inside"]


def test_settings_are_fair():
    for settings in (HOW, LARGEST):
        assert len(set(settings["seeds"])) == 3
        assert not set(settings["seeds"]) & set(settings["tuning"])
    assert {name: LARGEST[name] for name in S["SHARED"]} == {name: HOW[name] for name in S["SHARED"]}
    assert LARGEST["width"] == HOW["largest"] > max(HOW["widths"])
    assert HOW["widths"] == sorted(HOW["widths"])
    assert len(HOW["widths"]) >= 6
    assert HOW["parts"][-1] == 1
    assert S["MEASUREMENTS"]["scaling_largest"]["reads"] == ["15_scaling"]
