"""What one layer is said to cost is its own time and memory; clock and memory are made up where they can be."""

import itertools
import math
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from seqlib.nn import MultiHeadAttention

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_13_costs.py")))
MEASUREMENTS, KINDS, PASSES, about = (SCRIPT[name] for name in ("MEASUREMENTS", "KINDS", "PASSES", "about"))
SEEDS, SIZES = [3, 4], {"64": [8, 16], "128": [8]}
LINUX = Path("/proc/self/status").is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_what_their_names_say(kind, monkeypatch):
    made = []
    for name in ("MultiHeadAttention", "LSTM"):
        build = SCRIPT["layer"].__globals__[name]
        monkeypatch.setitem(
            SCRIPT["layer"].__globals__, name, lambda *a, b=build, **k: made.append(b(*a, **k)) or made[-1]
        )
    torch.manual_seed(0)
    layer, x = SCRIPT["layer"](kind, 128), torch.randn(2, 5, 128)
    out = layer(x)
    assert out.shape == (2, 5, 128)
    if "LSTM" in kind:
        torch.manual_seed(0)
        other = torch.nn.LSTM(128, 128, batch_first=True)
        assert (out - other(torch.randn(2, 5, 128))[0]).abs().max() < 1e-6
        assert bool(made) == ("seqlib" in kind)
    else:
        assert made[0].n_heads == 2
        assert (out - MultiHeadAttention.forward(made[0], x)[0]).abs().max() < 1e-6
        explicit = []
        monkeypatch.setattr(made[0], "attend", lambda *a, need_weights, **k: explicit.append(need_weights) or (x, None))
        layer(x)
        assert explicit == [kind == "explicit"]


def test_a_pass_is_what_its_name_says():
    weight, seen = torch.ones(3, requires_grad=True), []

    def layer(x):
        seen.append((x.requires_grad, torch.is_grad_enabled(), x))
        return x * weight

    x = torch.randn(2, 4, 3)
    SCRIPT["run"](layer, "forward", x)
    assert seen[0][:2] == (False, False)
    assert weight.grad is None
    SCRIPT["run"](layer, "training step", x)
    assert seen[1][:2] == (True, True)
    assert torch.allclose(weight.grad, x.sum((0, 1)))
    assert torch.equal(seen[1][2].grad, torch.ones_like(x))


def test_arithmetic_of_attention_is_what_the_page_counts():
    """8 T d² for the four projections and 4 T² d for scores and means: as much of both where T = 2d."""
    for T, d in ((5, 64), (40, 64), (128, 64), (7, 128)):
        layer = SCRIPT["layer"]("explicit", d)  # torch does not count what its fused kernel does on a CPU
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            layer(torch.randn(3, T, d))
        assert counter.get_total_flops() == 3 * (8 * T * d**2 + 4 * T**2 * d)


def cost(kind, what, d, T):
    """A number, made up, all different."""
    return 41 * KINDS.index(kind) + 307 * PASSES.index(what) + d + 20 * T


def expected(cost, rel):
    """width -> kind -> pass -> length -> what `cost` says, by seed."""
    return {
        d: {"T": {f"{T}": [about(T, seed) for seed in SEEDS] for T in lengths}}
        | {
            kind: {
                what: {
                    f"{T}": pytest.approx([cost(kind, what, int(d), about(T, seed)) for seed in SEEDS], rel=rel)
                    for T in lengths
                }
                for what in PASSES
            }
            for kind in KINDS
        }
        for d, lengths in SIZES.items()
    }


def test_times_are_medians_of_passes_that_take_turns(monkeypatch):
    now, taken = SimpleNamespace(ms=0.0), []
    monkeypatch.setitem(SCRIPT["times"].__globals__, "time", SimpleNamespace(process_time=lambda: now.ms / 1000))
    monkeypatch.setitem(SCRIPT["times"].__globals__, "layer", lambda kind, d: (kind, d, torch.initial_seed()))

    def run(layer, what, x):
        kind, d, seed = layer
        B, T, D = x.shape
        assert (4, d) == (B, D)
        key = (d, T, seed, kind, what)
        now.ms += cost(kind, what, d, T) * [9, 1, 0.5][taken.count(key)]
        taken.append(key)

    monkeypatch.setitem(SCRIPT["times"].__globals__, "run", run)
    assert MEASUREMENTS["costs"]["measure"](3, SEEDS, SIZES) == expected(cost, 0.006)
    turns = [
        (int(d), about(T, seed), seed, kind, what)
        for d, lengths in SIZES.items()
        for T, seed, _, kind, what in itertools.product(lengths, SEEDS, range(3), KINDS, PASSES)
    ]
    assert taken == turns


def test_memory_is_that_of_the_job_in_mebibytes(monkeypatch):
    asked = []

    def measured(jobs):
        asked.append(jobs)
        times = [1, 9, 0.5][(len(asked) - 1) % 3]
        return [1024 * times * cost(kind, what, d, T) for kind, what, d, T in jobs]

    monkeypatch.setitem(SCRIPT["memory"].__globals__, "measured", measured)
    assert MEASUREMENTS["costs_memory"]["measure"](3, SEEDS, SIZES) == expected(cost, 0.006)
    assert len(asked) == 3 * len(SEEDS) * len(SIZES)


FORKS = f"""
import runpy, torch
script = runpy.run_path({str(Path(__file__).with_name("longer_13_costs.py"))!r})
def layer(kind, d):
    def of(x):
        if x.shape[1] > 2:
            torch.ones(kind << 20, dtype=torch.uint8)  # given back at once: it is the peak that counts
        return x
    return of
script["forked"].__globals__["layer"] = layer
print(*(script["forked"](size, "forward", 64, 9) for size in (40, 90)))
"""


@pytest.mark.skipif(not LINUX, reason="memory is measured on Linux")
def test_a_fork_measures_what_a_pass_adds_to_the_peak():
    # In a new process, as in `measured`: one that has run tests keeps memory which they gave back, and uses it again.
    told = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True).stdout
    assert [int(added) / 1024 for added in told.split()] == pytest.approx([40, 90], abs=3)


@pytest.mark.skipif(not LINUX, reason="memory is measured on Linux")
def test_memory_of_attention_is_measured_in_a_process_of_its_own():
    jobs = [[kind, what, 64, 2048] for kind in ("explicit", "fused") for what in PASSES]
    weights = 4 * 2048**2 * 4 / 1024  # KiB: 4 sequences, one head, float32
    explicit, explicit_both, fused, fused_both = SCRIPT["measured"](jobs)
    assert explicit > 1.5 * weights
    assert explicit_both > 1.2 * explicit
    assert fused < weights / 2
    assert fused < fused_both < weights


def test_a_seed_draws_its_own_length_near_by():
    drawn = np.array([about(1000, seed) for seed in range(200)]) / 1000
    assert 0.84 <= drawn.min() < 0.88
    assert 1.14 < drawn.max() <= 1.19
    assert math.log(np.median(drawn)) == pytest.approx(0, abs=0.03)
    assert about(1000, 3) == about(1000, 3) != about(1000, 4)
    assert about(2000, 3) != 2 * about(1000, 3)


def test_sizes_are_those_of_the_page():
    for measurement in MEASUREMENTS.values():
        for d, lengths in measurement["settings"]["sizes"].items():
            assert int(d) % SCRIPT["HEAD"] == 0
            assert max(lengths) >= 16 * min(lengths), "more than a decade"
        assert len(set(measurement["settings"]["seeds"])) == 5
