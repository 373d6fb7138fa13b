"""What chapter 13 says one layer costs, by the length T: attention with an explicit softmax and fused, and an LSTM.

    python tests/benchmarks/longer_training.py 13_costs

Explicit: what MultiHeadAttention computes where weights are asked for. Fused: torch's scaled_dot_product_attention,
with which it computes otherwise. Heads are 64 wide, an LSTM has as many units as attention has features. Every seed
draws lengths of its own near those given: repeated timings of one length would not be seeds.

Asked of the exponent of T, fitted on logarithmic axes from T = 1024 on, with bounds set before the recording:

    time        training step of attention, both ways: above 1.7 supports T², below 1.3 refutes; of both LSTMs: below
                1.3 supports T, above 1.7 refutes
    memory      training step: explicit above 1.7 supports that T × T numbers are stored, below 1.3 refutes; fused below
                1.3 supports that they are not, above 1.7 refutes
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import LSTM, MultiHeadAttention

CHAPTER = "13"
B, HEAD = 4, 64
KINDS = ("explicit", "fused", "LSTM, seqlib.nn", "LSTM, torch.nn")
PASSES = ("forward", "training step")


def layer(kind, d):
    """A function from (B, T, d) to (B, T, d)."""
    if kind in ("explicit", "fused"):
        attention, explicit = MultiHeadAttention(d, d // HEAD), kind == "explicit"
        return lambda x: attention(x, need_weights=explicit)[0]
    cell = {"LSTM, seqlib.nn": LSTM, "LSTM, torch.nn": torch.nn.LSTM}[kind](d, d, batch_first=True)
    return lambda x: cell(x)[0]


def run(layer, what, x):
    """Once forward without a gradient, or both ways, for weights and input."""
    if what == "forward":
        with torch.no_grad():
            layer(x)
    else:
        layer(x.detach().requires_grad_()).sum().backward()


def about(T, seed):
    """A length near T, drawn by the seed."""
    return round(T * 2 ** np.random.default_rng([seed, T]).uniform(-0.25, 0.25))


def times(steps, seeds, sizes):
    """width -> "T": length -> those drawn, by seed; kind -> pass -> length -> milliseconds of CPU, by seed: the median
    of `steps`, which all kinds and passes take in turn.
    """
    found = {}
    for d, lengths in sizes.items():
        of = found[d] = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}}
        for T in lengths:
            for seed in seeds:
                torch.manual_seed(seed)
                layers = {kind: layer(kind, int(d)) for kind in KINDS}
                x = torch.randn(B, about(T, seed), int(d))
                took = {}
                for _ in range(steps):
                    for kind in KINDS:
                        for what in PASSES:
                            begun = time.process_time()
                            run(layers[kind], what, x)
                            took.setdefault((kind, what), []).append(1000 * (time.process_time() - begun))
                for (kind, what), values in took.items():
                    by_length = of.setdefault(kind, {}).setdefault(what, {})
                    by_length.setdefault(f"{T}", []).append(rounded(np.median(values)))
    return found


def peak():
    """The most memory that this process has held so far, in KiB, on Linux."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def added(kind, what, d, T):
    """By how many KiB the peak of this process rises in one pass over length T, after one over length 2."""
    each = layer(kind, d)
    run(each, what, torch.randn(B, 2, d))
    x = torch.randn(B, T, d)
    before = peak()
    run(each, what, x)
    return peak() - before


def forked(*job):
    """`added`, in a fork of this process, which holds nothing that it could use again."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.write(write, b"%d" % added(*job))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return int(told)


def measured(jobs):
    """`forked` for each of them, in a new process of one thread."""
    command = [sys.executable, __file__, json.dumps(jobs)]
    one = os.environ | {"OMP_NUM_THREADS": "1"}
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=one).stdout)


def memory(steps, seeds, sizes):
    """As `times`, in MiB that a pass adds to its process at the peak, the median of `steps` processes."""
    found = {}
    for d, lengths in sizes.items():
        of = found[d] = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}}
        keys = [(kind, what, T) for kind in KINDS for what in PASSES for T in lengths]
        for seed in seeds:
            jobs = [[kind, what, int(d), about(T, seed)] for kind, what, T in keys]
            for (kind, what, T), values in zip(
                keys, zip(*(measured(jobs) for _ in range(steps)), strict=True), strict=True
            ):
                by_length = of.setdefault(kind, {}).setdefault(what, {})
                by_length.setdefault(f"{T}", []).append(rounded(np.median(values) / 1024))
    return found


SEEDS = list(range(60, 65))
MEASUREMENTS = {
    "costs": {
        "what": "one layer of attention or LSTM over 4 sequences, by width, pass and length drawn by the seed",
        "unit": "ms of CPU",
        "measure": times,
        "settings": {
            "steps": 3,
            "seeds": SEEDS,
            "sizes": {"64": [64, 128, 256, 512, 1024, 2048, 4096], "256": [64, 128, 256, 512, 1024]},
        },
    },
    "costs_memory": {
        "what": "what a pass of one layer over 4 sequences adds to its process at the peak, likewise",
        "unit": "MiB",
        "measure": memory,
        "settings": {"steps": 1, "seeds": SEEDS, "sizes": {"64": [256, 512, 1024, 2048, 4096]}},
    },
}
if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps([forked(*job) for job in json.loads(sys.argv[1])]))
