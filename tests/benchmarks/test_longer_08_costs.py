"""What chapter 8 says a network costs is its own time and memory; clock and peak are made up, nothing is measured."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib import nn as ours
from seqlib.training import fit

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_08.py")))
MEASUREMENTS, TASKS, H = SCRIPT["MEASUREMENTS"], SCRIPT["TASKS"], SCRIPT["H"]
CELLS = ["RNN", "LSTM", "GRU"]
MAKERS = {"seqlib.nn": ours, "torch.nn": torch.nn}
NETWORKS = [(who, cell) for who in MAKERS for cell in CELLS]
SEEDS = [3, 4]
SLOWER = [5, 1, 2]  # times as long as it might: the second of three tries is the one that nothing has disturbed
SIZES = [[12, 13, 24, 15], [23, 32, 16, 44]]
DRAWN = {(where, seed): SCRIPT["about"](size, seed) for where, size in enumerate(SIZES) for seed in SEEDS}


def kind(layer):
    """By whom, and which cell."""
    return next((who, cell) for who, cell in NETWORKS if type(layer) is getattr(MAKERS[who], cell))


def cost(network, where, seed):
    """Milliseconds, made up, all different."""
    return 1 + NETWORKS.index(network) + 10 * where + 0.5 * SEEDS.index(seed)


def about(value):
    """With three digits."""
    return pytest.approx(value, rel=0.006)


def by_network(value):
    return {who: {cell: [value((who, cell), seed) for seed in SEEDS] for cell in CELLS} for who in MAKERS}


@pytest.fixture
def clock(monkeypatch):
    """A clock of CPU time that stands still until somebody says what took how long; the script has no other."""
    now = SimpleNamespace(ms=0.0)
    clock = SimpleNamespace(process_time=lambda: now.ms / 1000)
    monkeypatch.setitem(SCRIPT["times"].__globals__, "time", clock)
    return now


@pytest.fixture
def steps_of_training(clock, monkeypatch):
    """A list of the networks that are trained, in turn: (task, network, seed). Each takes its cost, and no time."""
    trained = []

    def not_fitted(make, task, **how):
        net, full = make(), {"batch_size": 32, "clip_norm": None, "seed": 0} | how  # as fit does
        assert net.core.hidden_size == H
        assert net.n_out == task.n_out
        assert {name: full[name] for name in ("clip_norm", "batch_size", "steps")} == {
            "clip_norm": 1.0,
            "batch_size": SCRIPT["B"],
            "steps": 8,
        }, "a step as in the comparison"
        fit(net, task, **how | {"steps": 0})  # there are no settings that fit does not have
        name, network, seed = next(name for name in TASKS if TASKS[name] is task), kind(net.core), full["seed"]
        assert seed in SEEDS
        before = trained.count((name, network, seed))
        trained.append((name, network, seed))
        clock.ms += 8 * cost(network, list(TASKS).index(name), seed) * SLOWER[before % 3]

    monkeypatch.setitem(SCRIPT["times"].__globals__, "fit", not_fitted)
    return trained


def test_times_are_of_a_step_of_each_network_where_nothing_disturbed_it(steps_of_training):
    found = MEASUREMENTS["times"]["measure"](steps=8, seeds=SEEDS, tries=3)
    for where, name in enumerate(TASKS):
        assert found[name] == by_network(lambda network, seed, where=where: about(cost(network, where, seed)))
    assert list(found) == list(TASKS)


def test_in_a_try_all_networks_take_turns(steps_of_training):
    MEASUREMENTS["times"]["measure"](steps=8, seeds=SEEDS, tries=3)
    turns = [
        (name, network, seed) for name, seed, _ in itertools.product(TASKS, SEEDS, range(3)) for network in NETWORKS
    ]
    assert steps_of_training == turns


class Takes(torch.autograd.Function):
    """The identity, which takes its time on the way there and three times as long on the way back."""

    @staticmethod
    def forward(ctx, x, clock, ms):
        ctx.clock, ctx.ms = clock, ms
        clock.ms += ms / 4
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        ctx.clock.ms += 3 * ctx.ms / 4
        return gradient, None, None


@pytest.fixture
def passed(clock, monkeypatch):
    """A list of the layers that were given a sequence, in turn: (T, B, D, H), network, seed."""
    taken = []

    def layer(cell, D, units, who="seqlib.nn"):
        network, seed = kind(SCRIPT["layer"](cell, D, units, who)), torch.initial_seed()

        def run(x):
            B, T, _ = x.shape
            assert x.shape[2] == D
            assert x.requires_grad, "the way back leads to the input, too"
            (where,) = (where for (where, of), size in DRAWN.items() if (of, size) == (seed, [T, B, D, units]))
            before = taken.count((where, network, seed))
            taken.append((where, network, seed))
            return Takes.apply(x, clock, cost(network, where, seed) * SLOWER[before % 3]), None

        return run

    monkeypatch.setitem(SCRIPT["passes"].__globals__, "layer", layer)
    return taken


def test_passes_are_both_ways_of_each_layer_where_nothing_disturbed_it(passed):
    found = MEASUREMENTS["passes"]["measure"](steps=3, seeds=SEEDS, sizes=SIZES)
    assert list(found) == ["12, 13, 24, 15", "23, 32, 16, 44"]
    for where, of in enumerate(found.values()):
        assert of == by_network(lambda network, seed, where=where: about(cost(network, where, seed)))
    turns = [
        (where, network, s) for where, s, _ in itertools.product(range(2), SEEDS, range(3)) for network in NETWORKS
    ]
    assert passed == turns


def test_memory_is_the_median_peak_of_that_layer_in_processes_of_its_own(monkeypatch):
    started = []

    def peak(cell, size, options, who):
        assert not options, "with the layer's own settings"
        ((where, seed),) = (of for of, drawn in DRAWN.items() if drawn == list(size))
        network = f"{who}.nn", cell
        before = started.count((network, where, seed))
        started.append((network, where, seed))
        return int(cost(network, where, seed) * [1, 7, 0.5][before] * 2**20)

    monkeypatch.setitem(SCRIPT["memory"].__globals__, "peak", peak)
    found = MEASUREMENTS["memory"]["measure"](steps=3, seeds=SEEDS, sizes=SIZES)
    assert list(found) == ["12, 13, 24, 15", "23, 32, 16, 44"]
    for where, of in enumerate(found.values()):
        assert of == by_network(lambda network, seed, where=where: about(cost(network, where, seed)))
    assert len(started) == 3 * len(SIZES) * len(NETWORKS) * len(SEEDS)


def test_a_seed_draws_its_own_size_near_by():
    drawn = np.array([SCRIPT["about"]([100, 1000, 1000, 1000], seed) for seed in range(200)]) / [100, 1000, 1000, 1000]
    assert drawn.min() >= 0.75
    assert drawn.max() <= 1.33
    assert drawn.std(0).min() > 0.1, "each of the four differs from seed to seed"
    assert np.abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 0.3, "and by itself"
    assert np.median(np.log(drawn), axis=0) == pytest.approx(0, abs=0.1)
    assert SCRIPT["about"](SIZES[0], 3) == SCRIPT["about"](SIZES[0], 3)


def test_another_size_has_other_factors():
    factors = [np.divide(SCRIPT["about"](size, 3), size) for size in ([1000] * 4, [2000] * 4)]
    assert np.abs(factors[0] - factors[1]).min() > 0.01
