"""What chapter 16 says that a linear recurrence costs by itself, by the way it is computed: work, depth and time.

    python tests/benchmarks/longer_training.py '16_scan$'

h_t = a_t ⊙ h_{t-1} + b_t, forward alone, in float32, with `n` entries in a state. Work and depth are those that
seqlib.reference.linear_recurrence counts while it runs; time is that of seqlib.nn.linear_recurrence.scan, of the
processor and by the clock, on one thread. Beside them the running sum, which is the recurrence with a = 1:
torch computes it one step after another too, in a loop that is compiled.

Asked, seed by seed (a seed draws lengths near those given, a, b and h₀), with bounds set before the recording:

    few entries     n = 1, T = 16 384, CPU, tree over loop: below 0.1 supports that a scan pays on one processor, for it
                    makes fewer calls; above 1 refutes
    its reason      n = 1, T = 16 384, CPU, running sum over tree: below 0.5 supports that it is the calls, which a
                    compiled loop saves too; above 1 refutes
    many entries    n = 4096, T = 4096, CPU, tree over loop: above 1.5 supports that a scan does not pay where a step is
                    large; below 1 refutes
    T log T         n = 4096, T = 4096, CPU, doubling over tree: above 2 supports that it costs more; below 1.5 refutes

Two threads were tried too, by the clock, and are not stored: others held the second processor, and what was shared
between two threads took up to fifty times as long. That two processors do not make up for the work of the tree where
a step is large follows from one thread: half of its time is more than the loop takes.

Seen after the recording: at T = 16 384 about two thirds of the loop's time are those of Python's garbage collector,
which goes through all objects when so many small tensors were made; without it, tree over loop is 0.01 for n = 1.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from seqlib.nn.linear_recurrence import METHODS, scan
from seqlib.reference import linear_recurrence

sys.path.append(str(Path(__file__).parent))  # for the file beside this one, when it is read and not run
from longer_16_costs import about, taken, told

CHAPTER = "16"
SUM = "running sum"
COUNTED = linear_recurrence.METHODS


def counted(method, T):
    """Work, depth and flops for each entry of the state, as they are counted."""
    ones = np.ones((1, T, 1))
    return linear_recurrence.forward(ones, ones, np.ones((1, 1)), method=method)[1].cost._asdict()


def run(way, a, b, h0):
    """All states, (1, T, n)."""
    with torch.no_grad():
        return b.cumsum(1) if way == SUM else scan(a, b, h0, method=way)


def scans(steps, enough, seeds, threads, sizes):
    """ "T": length -> those drawn, by seed; "counted": way -> "work", "depth" or "flops" -> length -> number, by seed;
    entries -> threads -> way -> "cpu" or "wall" -> length -> ms, by seed.
    """
    lengths = sorted({T for chosen in sizes.values() for T in chosen})
    found = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}, "counted": {}}
    for method in COUNTED:
        for T in lengths:
            for seed in seeds:
                for what, number in counted(method, about(T, seed)).items():
                    of = found["counted"].setdefault(method, {}).setdefault(what, {})
                    of.setdefault(f"{T}", []).append(number)
    for n, chosen in sizes.items():
        of = found[n] = {each: {} for each in threads}
        for T in chosen:
            for seed in seeds:
                torch.manual_seed(seed)
                shape = 1, about(T, seed), int(n)
                a, b, h0 = torch.rand(shape), torch.randn(shape), torch.randn(1, int(n))
                runs = {(way, T): lambda way=way, given=(a, b, h0): run(way, *given) for way in (*METHODS, SUM)}
                for each in threads:
                    torch.set_num_threads(int(each))
                    told(of[each], taken(runs, steps, enough, np.random.default_rng([seed, T])))
                torch.set_num_threads(1)
    return found


LENGTHS = [64, 256, 1024, 4096, 16384]
MEASUREMENTS = {
    "scan": {
        "what": "all states of a linear recurrence, by entries of a state, threads, way and length drawn by the seed",
        "unit": "ms; counted: numbers for each entry",
        "measure": scans,
        "settings": {
            "steps": 5,
            "enough": 100,
            "seeds": list(range(60, 65)),
            "threads": ["1"],
            "sizes": {"1": LENGTHS, "64": LENGTHS, "4096": LENGTHS[:-1]},
        },
    },
}
