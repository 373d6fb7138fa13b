"""The benchmark runs, tells the truth, and can fail. The bars themselves are `make bench`, run alone on two threads."""

import importlib.util
import runpy
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


FEW = ["--seconds", "0", "--threads", "1", "--rounds", "1", "--sizes", "2"]


@pytest.fixture
def quick(script, monkeypatch, capsys):
    """The function that runs the benchmark at the two smallest sizes: its exit code, what it prints and complains."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *FEW, *arguments])
        threads = torch.get_num_threads()
        try:
            code = script.main()
        except SystemExit as error:
            code = error.code
        finally:
            torch.set_num_threads(threads)
        return code, *capsys.readouterr()

    return run


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
def test_the_bars_decide(quick, bars, code, verdict):
    ended, said, _ = quick("--bars", bars)
    assert ended == code
    lines = said.splitlines()
    assert len(lines) == 2 + 4 * len(OURS), "what it ran on; for each cell two sizes, the mean, the verdict"
    assert [line.split()[-1] for line in lines if " bar " in line] == [verdict] * len(OURS)


def test_a_missed_bar_is_the_exit_code_of_the_script(monkeypatch):
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *FEW, "RNN", "--sizes", "1", "--bars", "1000"])
    threads = torch.get_num_threads()
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    torch.set_num_threads(threads)
    assert ended.value.code == 1


def test_what_else_it_measures(quick):
    code, said, _ = quick("LSTM", "--loop", "--bidirectional", "--layers", "2", "--sizes", "1")
    assert code == 0
    row = said.splitlines()[2]
    assert all(f"{name} " in row for name in ("torch", "loop", "products"))


def test_a_cell_that_it_does_not_know_is_named(quick):
    code, _, complaint = quick("Elman")
    assert code == 2
    assert "cells must be of RNN" in complaint


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
