"""The benchmark runs, tells the truth, and can fail. The bars themselves are `make bench`, run alone on two threads."""

import importlib.util
import json
import runpy
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
    """The script as a module, with those beside it."""
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("speed", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(SCRIPT.parent))
    return module


def test_every_layer_runs_and_has_its_bars(script):
    assert set(script.CELLS) == {kind.__name__ for kind in OURS}
    assert script.BARS.keys() == script.SITUATIONS.keys() - {"inference"}
    for name, bars in script.BARS.items():
        assert bars.keys() == script.CELLS.keys(), name


def test_peak_memory_is_at_least_what_must_be_kept(script):
    T, B, D, H = 100, 64, 8, 256
    assert script.peak("LSTM", (T, B, D, H), {"num_layers": 1}, "seqlib") > 4 * T * B * 4 * H


@pytest.mark.parametrize(("bars", "code", "verdict"), [("0.01", 0, "met"), ("1000.0", 1, "missed")])
def test_the_bars_decide(quick, bars, code, verdict):
    ended, said, _ = quick("--bars", bars)
    assert ended == code
    lines = said.splitlines()
    assert len(lines) == 4 + 4 * len(OURS), (
        "what it ran on, the situation; for each cell two sizes, the mean, the verdict"
    )
    assert [line.split()[-1] for line in lines if " bar " in line] == [verdict] * len(OURS)


def test_a_missed_bar_is_the_exit_code_of_the_script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *FEW, "RNN", "--sizes", "1", "--bars", "1000"])
    threads = torch.get_num_threads()
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    torch.set_num_threads(threads)
    assert ended.value.code == 1


def test_every_situation_is_measured_and_stored(quick, script, monkeypatch, tmp_path):
    target = tmp_path / "speed.json"
    monkeypatch.setattr(script, "TARGET", target)
    monkeypatch.setattr(script, "peak", lambda cell, size, options, who: {"torch": 16 << 20, "seqlib": 8 << 20}[who])
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "0123abc\n"))
    code, said, _ = quick("--situations", "all", "--sizes", "1", "--store")
    assert code == 0
    stored = json.loads(target.read_text(encoding="utf8"))
    assert [*stored["situations"]] == [*script.SITUATIONS]
    for name, measured in stored["situations"].items():
        assert measured["commit"] == "0123abc"
        assert "1 threads" in measured["machine"]
        assert f"{name}: {measured['what']}" in said
        assert measured["cells"].keys() == script.CELLS.keys()
        for (row,) in measured["cells"].values():
            assert [row[letter] for letter in "TBDH"] == [*script.SITUATIONS[name].size(script.SIZES[0])]
            whole = {"torch", "loop", "products", "calls", "calls of products", "memory"}
            assert row.keys() - set("TBDH") - {"ms"} == (whole if name == "training" else {"torch"})
            assert all(value > 0 for value in row.values())
            assert row.get("memory", 2.0) == 2.0, "how many times as much torch needs"
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "later\n"))
    quick("--situations", "packed", "--sizes", "1", "--store")
    again = json.loads(target.read_text(encoding="utf8"))["situations"]
    assert {name: measured["commit"] for name, measured in again.items() if measured["commit"] != "0123abc"} == {
        "packed": "later"
    }
    assert quick("LSTM", "--store")[0] == 2


def test_what_a_situation_reads(script):
    size = (8, 4, 3, 5)
    packed = script.SITUATIONS["packed"].reads(size)
    assert [*packed.batch_sizes] == [4, 4, 3, 3, 2, 2, 1, 1], "lengths from T down to T/4"
    assert script.SITUATIONS["one step"].reads(size).shape == (1, 1, 3)
    assert script.SITUATIONS["training"].reads(size).shape == (8, 4, 3)


@pytest.mark.parametrize("name", ["training", "inference"])
def test_a_gradient_is_there_where_a_layer_is_trained(script, name, monkeypatch):
    walked = []
    monkeypatch.setattr(nn.GRU, "walk_back", lambda *_: walked.append(1))
    run = script.runs("GRU", script.SITUATIONS[name], (8, 4, 3, 5))["seqlib"]
    if name == "training":
        with pytest.raises(AttributeError):
            run()
    else:
        run()
    assert len(walked) == (name == "training")


def test_a_cell_or_a_situation_that_it_does_not_know_is_named(quick):
    code, _, complaint = quick("Elman")
    assert code == 2
    assert "cells must be of GRU, LSTM, RNN" in complaint
    code, _, complaint = quick("--situations", "sleeping")
    assert code == 2
    assert "situations must be of training" in complaint


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


def test_what_the_page_says_in_words_is_what_is_stored(script):
    """The sentences of book/speed.md, one by one; whoever measures again looks here what to change."""
    situations = json.loads(script.TARGET.read_text(encoding="utf8"))["situations"]
    assert [*situations] == [*script.SITUATIONS]
    means = {}
    for name, measured in situations.items():
        assert {cell: len(rows) for cell, rows in measured["cells"].items()} == dict.fromkeys(script.CELLS, 6)
        for cell, rows in measured["cells"].items():
            means[name, cell] = script.mean([row["torch"] for row in rows])
    for name, situation in script.SITUATIONS.items():
        if situation.training:
            assert min(means[name, "RNN"], means[name, "GRU"]) > 1
            assert means[name, "LSTM"] > 1 if situation.packed else 0.7 < means[name, "LSTM"] < 0.87
    for cell in script.CELLS:
        assert means["inference", cell] < means["training", cell]
    for rows in situations["training"]["cells"].values():
        small, large = (next(row for row in rows if row["H"] == H) for H in (32, 512))
        assert small["calls"] > 0.5
        assert large["products"] > 0.85
