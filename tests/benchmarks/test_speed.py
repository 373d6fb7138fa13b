"""The benchmark runs, tells the truth, and can fail. The bars themselves are `make bench`, run alone on two threads."""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from seqlib import nn
from seqlib.nn.recurrent import Recurrent

SCRIPT = Path(__file__).with_name("speed.py")
OURS = [kind for kind in vars(nn).values() if isinstance(kind, type) and issubclass(kind, Recurrent)]
each_cell = pytest.mark.parametrize("cell", OURS)


def quick(*arguments):
    """Run the benchmark at the two smallest sizes."""
    few = ["--seconds", "0", "--threads", "1", "--rounds", "1", "--sizes", "2"]
    return subprocess.run([sys.executable, SCRIPT, *few, *arguments], capture_output=True, text=True)


@pytest.fixture(scope="module")
def script():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("speed", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_layer_has_its_row(script):
    assert set(script.CELLS) == {kind.__name__ for kind in OURS}


def test_peak_memory_is_at_least_what_must_be_kept(script):
    T, B, D, H = 100, 64, 8, 256
    assert script.peak("LSTM", (T, B, D, H), {"num_layers": 1}, "seqlib") > 4 * T * B * 4 * H


@pytest.mark.parametrize(("bars", "code", "verdict"), [("0.01", 0, "met"), ("1000.0", 1, "missed")])
def test_the_bars_decide(bars, code, verdict):
    run = quick("--bars", bars)
    assert run.returncode == code, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == 2 + 4 * len(OURS), "what it ran on; for each cell two sizes, the mean, the verdict"
    assert [line.split()[-1] for line in lines if " bar " in line] == [verdict] * len(OURS)


def test_what_else_it_measures():
    run = quick("LSTM", "--loop", "--bidirectional", "--layers", "2", "--sizes", "1")
    assert run.returncode == 0, run.stderr
    row = run.stdout.splitlines()[2]
    assert all(f"{name} " in row for name in ("torch", "loop", "products"))


def test_a_cell_that_it_does_not_know_is_named():
    assert "cells must be of RNN" in quick("Elman").stderr


@each_cell
def test_one_graph_node_a_layer_is_faster_than_one_a_step(cell):
    x = torch.randn(100, 8, 8)
    seconds = {"derived": [], "autograd": []}
    layers = {gradient: cell(8, 16, gradient=gradient) for gradient in seconds}
    for _ in range(15):  # in turn, and the best of each: whoever else uses the machine slows both
        for gradient, layer in layers.items():
            start = time.perf_counter()
            layer(x)[0].sum().backward()
            seconds[gradient].append(time.perf_counter() - start)
    assert min(seconds["derived"]) < min(seconds["autograd"])
