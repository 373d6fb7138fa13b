"""The benchmark runs, tells the truth, and can fail. The bar itself is `make bench`, run alone on two threads."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from seqlib.nn import RNN

SCRIPT = Path(__file__).with_name("rnn_speed.py")


@pytest.mark.parametrize(("bar", "code", "verdict"), [("0.01", 0, "met"), ("1000.0", 1, "missed")])
def test_the_bar_decides(bar, code, verdict):
    command = [
        sys.executable,
        SCRIPT,
        "--bar",
        bar,
        "--seconds",
        "0",
        "--threads",
        "1",
        "--rounds",
        "1",
        "--sizes",
        "2",
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == code, run.stderr
    assert run.stdout.count("\n") == 1 + 1 + 2 + 1, "what it ran on, the head of the table, two sizes, the mean"
    assert run.stdout.endswith(f"times as fast, bar {bar}: {verdict}\n")


def test_one_graph_node_a_layer_is_faster_than_one_a_step():
    x = torch.randn(100, 8, 8)
    seconds = {"derived": [], "autograd": []}
    layers = {gradient: RNN(8, 16, gradient=gradient) for gradient in seconds}
    for _ in range(15):  # in turn, and the best of each: whoever else uses the machine slows both
        for gradient, layer in layers.items():
            start = time.perf_counter()
            layer(x)[0].sum().backward()
            seconds[gradient].append(time.perf_counter() - start)
    assert min(seconds["derived"]) < min(seconds["autograd"])
