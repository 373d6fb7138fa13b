"""Ways to compute a linear recurrence are counted and timed as they are named; the clock is made up."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_16_scan.py")))
NAMES = "MEASUREMENTS", "METHODS", "COUNTED", "SUM", "about", "counted", "run"
MEASUREMENTS, METHODS, COUNTED, SUM, about, counted, run = (SCRIPT[name] for name in NAMES)
SEEDS = [3, 4]


def test_work_and_depth_are_those_of_the_formulas():
    for T in (1, 2, 64, 100):
        rounds = int(np.ceil(np.log2(T)))
        assert counted("loop", T) == {"work": T, "depth": T, "flops": 2 * T}
        doubled = sum(T - 2**r for r in range(rounds)) + 1
        assert counted("doubling", T) == {"work": doubled, "depth": rounds + 1, "flops": 3 * doubled - 1}
        tree = counted("tree", T)
        assert tree["work"] <= 2 * T
        assert tree["depth"] <= 2 * max(rounds, 1)
    assert counted("tree", 64)["work"] > 1.8 * 64


def test_every_way_comes_to_the_recurrence(monkeypatch):
    torch.manual_seed(0)
    a, b, h0 = torch.rand(1, 40, 3), torch.randn(1, 40, 3), torch.randn(1, 3)
    h, hs = h0, []
    for t in range(40):
        h = a[:, t] * h + b[:, t]
        hs.append(h)
    for way in METHODS:
        out = run(way, a.requires_grad_(), b, h0)
        assert not out.requires_grad
        assert torch.allclose(out, torch.stack(hs, 1), atol=1e-5)
    assert torch.allclose(run(SUM, a, b, h0), run("loop", torch.ones_like(b), b, 0 * h0), atol=1e-5)
    asked = []
    monkeypatch.setitem(run.__globals__, "scan", lambda *given, method: asked.append(method))
    for way in METHODS:
        run(way, a, b, h0)
    assert asked == [*METHODS]


def test_times_are_those_of_way_length_entries_seed_and_threads(monkeypatch):
    now, threads, drawn = SimpleNamespace(ms=0.0), SimpleNamespace(n=1), {}
    times = SCRIPT["taken"].__globals__
    clocks = {"process_time": lambda: now.ms / 1000, "perf_counter": lambda: 2 * now.ms / 1000 + 7}
    monkeypatch.setitem(times, "time", SimpleNamespace(**clocks))
    monkeypatch.setattr(torch, "set_num_threads", lambda n: setattr(threads, "n", n))

    def cost(way, T, n, threads):
        return 41 * [*METHODS, SUM].index(way) + T + 300 * n + 1000 * threads

    def made_up(way, a, b, h0):
        assert a.shape == b.shape == (1, a.shape[1], h0.shape[1])
        assert 0 <= a.min() <= a.max() <= 1
        drawn.setdefault((tuple(b.shape), torch.initial_seed()), []).append(float(b.sum() + a.sum() + h0.sum()))
        now.ms += cost(way, a.shape[1], a.shape[2], threads.n)

    monkeypatch.setitem(run.__globals__, "run", made_up)
    sizes = {"1": [64, 128], "5": [64]}
    measure = MEASUREMENTS["scan"]["measure"]
    found = measure(steps=3, enough=1e9, seeds=SEEDS, threads=["1", "2"], sizes=sizes)
    at = {f"{T}": [about(T, seed) for seed in SEEDS] for T in (64, 128)}
    assert found.pop("T") == at
    assert found.pop("counted") == {
        way: {
            what: {T: [counted(way, n)[what] for n in lengths] for T, lengths in at.items()}
            for what in ("work", "depth", "flops")
        }
        for way in COUNTED
    }
    assert found == {
        n: {
            each: {
                way: {
                    what: {
                        f"{T}": pytest.approx([times * cost(way, L, int(n), int(each)) for L in at[f"{T}"]], rel=0.006)
                        for T in chosen
                    }
                    for what, times in (("cpu", 1), ("wall", 2))
                }
                for way in (*METHODS, SUM)
            }
            for each in ("1", "2")
        }
        for n, chosen in sizes.items()
    }
    assert threads.n == 1
    assert {seed for _, seed in drawn} == {*SEEDS}
    assert all(len({*values}) == 1 for values in drawn.values()), "all ways and threads get the same"
    assert len({values[0] for values in drawn.values()}) == len(drawn)


def test_sizes_are_those_of_the_page():
    settings = MEASUREMENTS["scan"]["settings"]
    assert settings["threads"] == ["1"]
    assert len(set(settings["seeds"])) == 5
    assert settings["sizes"]["1"][-1] == settings["sizes"]["64"][-1] == 16384
    assert settings["sizes"]["4096"][-1] == 4096
    assert COUNTED == ("loop", "doubling", "tree")
