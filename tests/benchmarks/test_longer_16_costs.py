"""What recurrences and attention are said to cost is their own time and memory; clock and memory are made up where
they can be.
"""

import itertools
import json
import math
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_16_costs.py")))
NAMES = "MEASUREMENTS", "KINDS", "TRAINED", "WRITERS", "EXPLICIT", "RUN", "about", "asked", "width"
MEASUREMENTS, KINDS, TRAINED, WRITERS, EXPLICIT, RUN, about, asked, width = (SCRIPT[name] for name in NAMES)
GLOBALS = SCRIPT["training"].__globals__
SEEDS = [3, 4]
LINUX = Path("/proc/self/status").is_file()


@pytest.fixture
def clock(monkeypatch):
    """A clock of the processor in ms, and one on the wall that runs twice as fast and began earlier."""
    now = SimpleNamespace(ms=0.0)
    clocks = {"process_time": lambda: now.ms / 1000, "perf_counter": lambda: 2 * now.ms / 1000 + 7}
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(**clocks))
    return now


def test_a_step_of_training_goes_there_and_back_for_weights_and_input():
    seen = []

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(3))

        def forward(self, x):
            seen.append(x)
            return self.weight * x**2, None

    net = Net()
    run = SCRIPT["trainer"](net, 5, 3)
    run()
    (x,) = seen
    assert x.shape == (1, 5, 3)
    first, back = net.weight.grad.clone(), x.grad.clone()
    assert (x.grad / (2 * x)).std() > 0.1, "what comes back is not the same everywhere"
    assert torch.allclose(first, (x.grad / (2 * x) * x**2).sum((0, 1)))
    run()
    assert torch.equal(net.weight.grad, first), "gradients do not add up"
    assert torch.equal(seen[1].grad, back)


def test_a_writer_goes_on_behind_what_it_has_read():
    for kind in WRITERS:
        torch.manual_seed(0)
        net, d = SCRIPT["built"](kind).eval(), width(kind)
        torch.manual_seed(1)
        writer = SCRIPT["Writer"](net, 6, d)
        steps = []
        step = net.step
        net.step = lambda x, state, step=step, steps=steps: steps.append(step(x, state)) or steps[-1]
        writer(3)
        writer()
        assert len(steps) == 3 + RUN
        torch.manual_seed(1)
        x, before = torch.randn(1, d), torch.randn(1, 6, d)
        with torch.no_grad():
            out = net(torch.cat([before, x[:, None].expand(1, 3 + RUN, d)], 1))[0]
        assert not steps[0][0].requires_grad
        assert torch.allclose(torch.stack([y for y, _ in steps], 1), out[:, 6:], atol=1e-5)


def test_times_are_medians_of_runs_that_take_turns(clock):
    turns = []

    def runner(name, times):
        def run():
            turns.append(name)
            clock.ms += times[turns.count(name) - 1]

        return run

    runs = {"a": runner("a", [90, 1, 5, 9]), "b": runner("b", [101, 8, 1, 1]), "c": runner("c", [100, 7, 9, 2])}
    found = SCRIPT["taken"](runs, 3, 100, np.random.default_rng(0))
    assert {name: [*values] for name, values in found.items()} == {
        "a": pytest.approx([5, 2]),
        "b": pytest.approx([8, 16]),
        "c": pytest.approx([7, 4]),
    }
    assert sorted(turns[:3]) == ["a", "b", "c"]
    assert sorted(turns[3:6]) == ["a", "b", "c"]
    assert sorted(turns[6:8]) == sorted(turns[8:]) == ["a", "c"]
    many = {f"{i}": lambda i=i: turns.append(i) for i in range(9)}
    turns.clear()
    SCRIPT["taken"](many, 1, 100, np.random.default_rng(0))
    assert turns[:9] != turns[9:], "in another order each turn"


def cost(kind, T, threads=1):
    """A number, made up, all different."""
    return 41 * TRAINED.index(kind) + T + 1000 * threads


@pytest.fixture
def made_up(clock, monkeypatch):
    """Layers that take as long as `cost` says; what was built, with the seed."""
    made, threads = [], SimpleNamespace(n=1)
    monkeypatch.setattr(torch, "set_num_threads", lambda n: setattr(threads, "n", n))

    def built(kind):
        made.append((kind, torch.initial_seed()))
        return SimpleNamespace(
            kind=kind, eval=lambda: SimpleNamespace(kind=kind, quiet=True), parameters=lambda: [torch.ones(7)]
        )

    def runner(net, T, d, steps=1):
        assert d == width(net.kind)

        def run():
            clock.ms += steps * cost(net.kind, T, threads.n)

        return run

    monkeypatch.setitem(GLOBALS, "built", built)
    monkeypatch.setitem(GLOBALS, "trainer", runner)
    monkeypatch.setitem(GLOBALS, "Writer", lambda net, T, d: net.quiet and runner(net, T, d, RUN))
    return SimpleNamespace(made=made, threads=threads)


def expected(kinds, lengths, threads):
    """ "T", and kind -> "cpu" or "wall" -> length -> ms, by seed."""
    said = {
        kind: {
            what: {
                f"{T}": pytest.approx([times * cost(kind, about(T, seed), threads) for seed in SEEDS], rel=0.006)
                for T in lengths
                if asked(kind, T, 1e-3)
            }
            for what, times in (("cpu", 1), ("wall", 2))
        }
        for kind in kinds
    }
    return {"T": {f"{T}": [about(T, seed) for seed in SEEDS] for T in lengths}} | said


def test_steps_of_training_are_those_of_kind_length_seed_and_threads(made_up):
    settings = {"steps": 3, "enough": 1e9, "limit": 1e-3, "seeds": SEEDS, "lengths": [64, 512]}
    found = MEASUREMENTS["costs"]["measure"](threads=["1", "2"], kinds=TRAINED, **settings)
    assert not asked(EXPLICIT, 512, 1e-3)
    assert found.pop("width") == {kind: width(kind) for kind in TRAINED}
    assert found.pop("parameters") == dict.fromkeys(TRAINED, 7)
    assert found == {each: expected(TRAINED, [64, 512], int(each)) for each in ("1", "2")}
    assert {seed for _, seed in made_up.made[len(TRAINED) :]} == {*SEEDS}
    assert made_up.threads.n == 1


def test_steps_of_writing_are_those_of_kind_length_and_seed(made_up):
    found = MEASUREMENTS["costs_writing"]["measure"](steps=3, seeds=SEEDS, lengths=[64, 512])
    assert found == expected(WRITERS, [64, 512], 1)
    assert made_up.made == [(kind, seed) for seed in SEEDS for kind in WRITERS]
    assert made_up.threads.n == 1


def test_memory_is_that_of_the_job_in_mebibytes(monkeypatch):
    jobs = []

    def measured(kind, what, lengths):
        jobs.append((kind, what))
        assert (
            lengths
            == sorted({about(T, seed) for T in (64, 512) for seed in SEEDS if asked(kind, T, 1e-3)})[: len(lengths)]
        )
        return [1024 * cost(kind, T) * (what == "training") for T in lengths]

    monkeypatch.setitem(GLOBALS, "measured", lambda *job: measured(*job))
    monkeypatch.setitem(GLOBALS, "asked", lambda kind, T, limit: T < 100 or kind != EXPLICIT or limit > 1)
    found = MEASUREMENTS["costs_memory"]["measure"](
        limit=1e-3, seeds=SEEDS, lengths={"training": [64, 512], "writing": [64, 512]}
    )
    drawn = {f"{T}": [about(T, seed) for seed in SEEDS] for T in (64, 512)}
    for what, kinds in {"training": TRAINED, "writing": WRITERS}.items():
        assert found[what]["T"] == drawn
        assert list(found[what]) == ["T", *kinds]
        for kind in kinds:
            lengths = ["64"] if kind == EXPLICIT else ["64", "512"]
            assert list(found[what][kind]) == lengths
            for T in lengths:
                mib = [cost(kind, n) if what == "training" else 0.25 for n in drawn[T]]
                assert found[what][kind][T] == pytest.approx(mib, rel=0.006)
    assert jobs == [(kind, "training") for kind in TRAINED] + [(kind, "writing") for kind in WRITERS]


ADDED = f"""
import runpy, torch
script = runpy.run_path({str(Path(__file__).with_name("longer_16_costs.py"))!r})
class Net(torch.nn.Module):
    def forward(self, x, state=None):
        torch.ones(x.shape[1] << 20, dtype=torch.uint8)  # given back at once: it is the peak that counts
        return x * 1, None
    def step(self, x, state):
        state = (state or 0) + 1
        torch.ones(state << 19, dtype=torch.uint8)
        return x, state
script["added"].__globals__.update(built=lambda kind: Net(), width=lambda kind: 4)
print(script["added"]("", "training", [9, 40]) + script["added"]("", "writing", [18, 120]))
"""


@pytest.mark.skipif(not LINUX, reason="memory is measured on Linux")
def test_a_process_measures_by_how_much_its_peak_rises():
    how = {"capture_output": True, "text": True, "check": True, "env": os.environ | SCRIPT["ALONE"]}
    told = subprocess.run([sys.executable, "-c", ADDED], **how).stdout
    first, second, third, fourth = (kib / 1024 for kib in json.loads(told))
    assert [first, second] == pytest.approx([9, 40], abs=3)
    assert third < 3, "less than was held before"
    assert fourth == pytest.approx(20, abs=3)


@pytest.mark.skipif(not LINUX, reason="memory is measured on Linux")
def test_memory_of_attention_is_measured_in_a_process_of_its_own():
    measured, weights = SCRIPT["measured"], 4 * 1500**2 / 1024  # KiB: one head, float32
    (explicit,), (fused,) = (measured(f"attention, {way}", "training", [1500]) for way in ("explicit", "fused"))
    assert explicit > 2.5 * weights
    assert fused < weights
    (cache,) = measured("attention, fused", "writing", [1500])
    assert 1500 * 88 * 8 / 1024 < cache < 6 * 1500 * 88 * 8 / 1024


def test_the_explicit_softmax_stops_where_four_gibibytes_end():
    lengths, limit = (MEASUREMENTS["costs"]["settings"][name] for name in ("lengths", "limit"))
    fit = [T for T in lengths if asked(EXPLICIT, T, limit)]
    assert fit == [T for T in lengths if T < 16384]
    assert asked("attention, fused", 16384, limit)
    assert 4 * SCRIPT["ALIVE"] * 16384**2 / 2**30 == pytest.approx(4.2)


def test_a_seed_draws_its_own_length_near_by():
    drawn = np.array([about(1000, seed) for seed in range(200)]) / 1000
    assert 0.84 <= drawn.min() < 0.88
    assert 1.14 < drawn.max() <= 1.19
    assert math.log(np.median(drawn)) == pytest.approx(0, abs=0.03)
    assert about(2000, 3) != 2 * about(1000, 3)


def test_sizes_are_those_of_the_page():
    for measurement in MEASUREMENTS.values():
        settings = measurement["settings"]
        lengths = settings["lengths"]
        for chosen in lengths.values() if isinstance(lengths, dict) else [lengths]:
            assert max(chosen) >= 16 * min(chosen), "more than a decade"
            assert all(later % early == 0 for early, later in itertools.pairwise(chosen))
        assert len(set(settings["seeds"])) == 5
    costs = MEASUREMENTS["costs"]["settings"]
    assert costs["lengths"] == [64 * 2**i for i in range(9)]
    assert costs["threads"] == ["1"]
    assert costs["kinds"] == list(KINDS) == TRAINED
    twice = {EXPLICIT, "minGRU, loop", "diagonal, scan"}  # a step is the same as in another way
    assert {*TRAINED} - {*WRITERS} == twice
