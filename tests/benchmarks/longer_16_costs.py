"""What chapter 16 says that recurrences and attention cost, by the length T: time and memory, training and writing.

    python tests/benchmarks/longer_training.py '16_costs$' 16_costs_writing 16_costs_memory

The layers are those of mixing_layers.py, all of about as many parameters. They read one sequence: a step of training
is a pass there and back, for weights and input; writing is a step more behind T positions that are read, with the
state, or the keys and values, of all before. Every seed draws lengths of its own near those given, weights and inputs:
repeated timings of one and the same would not be seeds. Time is that of the processor, on one thread: the machine has
other work too. Beside it is that of the clock, the least of the runs, as others only add.

The explicit softmax is asked no farther than its arrays of T × T numbers fit into `limit` GiB: at its peak there are
ALIVE of them (so it was in a trial before, at 8192), which is 4.2 GiB at 16 384.

Asked, with bounds set before the recording, of the exponent of T, fitted on logarithmic axes from T = 1024 on:

    training, time      attention, both ways: above 1.7 supports T², below 1.3 refutes; all others: below 1.3 supports
                        T, above 1.7 refutes
    training, memory    explicit: above 1.7 supports T², below 1.3 refutes; all others, the fused kernel too: below
                        1.3 supports T, above 1.7 refutes
    writing, time       attention: above 0.7 supports that all T are read for each step, below 0.3 refutes; all others:
                        below 0.3 supports that they are not, above 0.7 refutes
    writing, memory     likewise

and for "Transformers train faster than RNNs", as in chapter 13: the time of each recurrence over that of fused
attention; above 1.2 supports, below 1 refutes. Its arms are training, CPU time of one thread, and writing, likewise, at
64, 512, 4096 and 16 384; for the LSTM of torch.nn, the minGRU and Mamba by scan, the diagonal state space by
convolution, and linear attention. (Arms for two threads, by the clock, had been set too. They were not measured: others
held the second processor all the time, as the bare scan showed, see longer_16_scan.py.)

It was recorded three times, with the same bounds. In the first a run of more than 100 ms was its only one, with all
that a process pays but once; since then no first run is counted. After the second, Mamba and the convolution of seqlib
were made faster: in training at T = 4096 Mamba came from 1.6 times the time of attention to 0.9, supported then and
refuted now; the convolution from 1.6 to 0.4, undecided then and refuted now. Of the other 38 arms none changed. What
makes 10⁵ small tensors, as the minGRU does as a loop, also pays for Python's garbage collector.
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

sys.path.append(str(Path(__file__).parent))  # for the file beside this one, when it is read and not run
from mixing_layers import KINDS, built, parameters, width

CHAPTER = "16"
EXPLICIT = "attention, explicit"
ALIVE = 4.2  # arrays of T × T numbers of four bytes, and a mask of T × T of one
TRAINED = list(KINDS)
WRITERS = [kind for kind in KINDS if kind not in (EXPLICIT, "minGRU, loop", "diagonal, scan")]
LEAST = 0.25  # MiB: a process grows by less without a reason that one could name
ALONE = {"OMP_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
RUN = 8  # steps in a row: what is written is in the processor's caches, as it is where one network writes


def about(T, seed):
    """A length near T, drawn by the seed."""
    return round(T * 2 ** np.random.default_rng([seed, T]).uniform(-0.25, 0.25))


def asked(kind, T, limit):
    """Whether a step of training at this length takes no more than `limit` GiB."""
    return kind != EXPLICIT or limit * 2**30 >= 4 * ALIVE * T**2


def trainer(net, T, d):
    """A function that makes one pass there and back."""
    x, cotangent = torch.randn(1, T, d, requires_grad=True), torch.randn(1, T, d)

    def run():
        net.zero_grad()
        x.grad = None
        net(x)[0].backward(cotangent)

    return run


class Writer:
    """Writes on behind T positions, with each call so many steps as RUN says, or as are asked for."""

    def __init__(self, net, T, d):
        self.net, self.x, self.state = net, torch.randn(1, d), None
        if T:
            with torch.no_grad():
                self.state = net(torch.randn(1, T, d))[1]

    @torch.no_grad()
    def __call__(self, steps=RUN):
        for _ in range(steps):
            self.state = self.net.step(self.x, self.state)[1]


def taken(runs, steps, enough, order):
    """name -> the median CPU time and the least wall time of `steps` runs, in ms, after one that is not counted. All
    make them in turn, in an order drawn for each turn. Where the first takes more than `enough` ms, one more is made.
    """
    took = {name: [] for name in runs}
    for _ in range(steps + 1):
        for place in order.permutation(len(runs)):
            name, run = list(runs.items())[place]
            if len(took[name]) < 2 or took[name][0][0] <= enough:
                began = time.process_time(), time.perf_counter()
                run()
                took[name].append((1000 * (time.process_time() - began[0]), 1000 * (time.perf_counter() - began[1])))
    counted = {name: np.array(values[1:]) for name, values in took.items()}
    return {name: (np.median(values[:, 0]), values[:, 1].min()) for name, values in counted.items()}


def told(found, took, share=1):
    """Write what `taken` says, for (kind, length), into kind -> "cpu" or "wall" -> length -> ms by seed."""
    for (kind, T), values in took.items():
        for what, value in zip(("cpu", "wall"), values, strict=True):
            of = found.setdefault(kind, {}).setdefault(what, {})
            of.setdefault(f"{T}", []).append(rounded(value * share))


def training(steps, enough, limit, seeds, threads, kinds, lengths):
    """ "width" and "parameters" of the kinds; threads -> "T": length -> those drawn, by seed; and as `told`."""
    found = {
        "width": {kind: width(kind) for kind in kinds},
        "parameters": {kind: parameters(built(kind)) for kind in kinds},
    }
    found |= {each: {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}} for each in threads}
    for T in lengths:
        for seed in seeds:
            torch.manual_seed(seed)
            chosen = [kind for kind in kinds if asked(kind, T, limit)]
            runs = {(kind, T): trainer(built(kind), about(T, seed), width(kind)) for kind in chosen}
            for each in threads:
                torch.set_num_threads(int(each))
                told(found[each], taken(runs, steps, enough, np.random.default_rng([seed, T])))
            torch.set_num_threads(1)
    return found


def writing(steps, seeds, lengths):
    """ "T": length -> those drawn, by seed; kind -> "cpu" or "wall" -> length -> ms for a step, by seed."""
    found = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}}
    for seed in seeds:
        torch.manual_seed(seed)
        nets = {kind: built(kind).eval() for kind in WRITERS}
        runs = {(kind, T): Writer(net, about(T, seed), width(kind)) for T in lengths for kind, net in nets.items()}
        told(found, taken(runs, steps, float("inf"), np.random.default_rng(seed)), 1 / RUN)
    return found


def peak():
    """The most memory that this process has held so far, in KiB, on Linux."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def added(kind, what, lengths):
    """By how many KiB the peak of this process has risen after each of these lengths, which grow, one after another;
    what two positions take is not counted.
    """
    net, d = built(kind), width(kind)
    write, there, rose = Writer(net, 0, d), 2, []
    write(2) if what == "writing" else trainer(net, 2, d)()
    before = peak()
    for T in lengths:
        write(T - there) if what == "writing" else trainer(net, T, d)()
        there = T
        rose.append(peak() - before)
    return rose


def measured(*job):
    """`added`, in a new process of one thread, which gives back at once what it does not need any more."""
    command = [sys.executable, __file__, json.dumps(job)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | ALONE).stdout
    return json.loads(told)


def memory(limit, seeds, lengths):
    """ "training" or "writing" -> "T": length -> those drawn, by seed; kind -> length -> MiB by which the peak of its
    process has risen, by seed, and LEAST where it is less. One process goes through the lengths of all seeds.
    """
    found = {}
    for what, chosen in lengths.items():
        of = found[what] = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in chosen}}
        for kind in TRAINED if what == "training" else WRITERS:
            fit = [T for T in chosen if what == "writing" or asked(kind, T, limit)]
            drawn = sorted({about(T, seed) for T in fit for seed in seeds})
            rose = dict(zip(drawn, measured(kind, what, drawn), strict=True))
            of[kind] = {f"{T}": [rounded(max(rose[about(T, seed)] / 1024, LEAST)) for seed in seeds] for T in fit}
    return found


SEEDS = list(range(60, 65))
LENGTHS = [64 * 2**i for i in range(9)]
FEWER = LENGTHS[2::2]
MEASUREMENTS = {
    "costs": {
        "what": "a pass there and back of one layer over one sequence, by threads and length drawn by the seed",
        "unit": "ms",
        "measure": training,
        "settings": {
            "steps": 3,
            "enough": 100,
            "limit": 4,
            "seeds": SEEDS,
            "threads": ["1"],
            "kinds": TRAINED,
            "lengths": LENGTHS,
        },
    },
    "costs_writing": {
        "what": "one step more of one layer behind so many positions, by length drawn by the seed, on one thread",
        "unit": "ms",
        "measure": writing,
        "settings": {"steps": 9, "seeds": SEEDS, "lengths": LENGTHS},
    },
    "costs_memory": {
        "what": "what a pass there and back, or writing so far, adds to its process at the peak",
        "unit": "MiB",
        "measure": memory,
        "settings": {"limit": 4, "seeds": SEEDS, "lengths": {"training": FEWER, "writing": FEWER[:-1]}},
    },
}
if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps(added(*json.loads(sys.argv[1]))))
