"""Training with the recurrent layers of seqlib.nn against torch.nn's, the plain loop, and the matrix products alone.

    python tests/benchmarks/speed.py                      every cell at every size
    python tests/benchmarks/speed.py LSTM --bars --loop   some; fail below their bars; the plain loop too
    python tests/benchmarks/speed.py --bidirectional --layers 3 --memory

All run in one process, in turn, with the same weights and data, float32. A training step is forward, loss (the output
against a random cotangent), backward. No timing is stable, so the table shows ratios of medians, and a verdict is the
geometric mean over the sizes, of the best of three rounds. `products` are the matrix products of a training step and
nothing else: no layer that computes the same can be faster than they are.

A new cell joins by a row in CELLS.
"""

import argparse
import math
import platform
import statistics
import subprocess
import sys
import time

import torch

from seqlib import nn

CELLS = {  # name -> how many gates it has, how many times as fast as torch's it must be
    "RNN": (1, 1.4),
    "LSTM": (4, 0.65),
    "GRU": (3, 1.3),
}
NOTICED = 4 << 20  # bytes: less is lost in what starting Python has already taken
SIZES = [  # T, B, D, H
    (32, 32, 32, 32),
    (50, 64, 32, 128),
    (100, 64, 128, 128),
    (200, 32, 128, 256),
    (100, 128, 256, 512),
    (500, 32, 64, 64),
]


def layers(cell, D, H, options, loop=False):
    """The layer by who made it, all with the same weights."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, cell)(D, H, **options)
    found = {"torch": theirs, "seqlib": getattr(nn, cell)(D, H, **options)}
    if loop:
        found["loop"] = getattr(nn, cell)(D, H, **options, gradient="autograd")
    for layer in found.values():
        layer.load_state_dict(theirs.state_dict())
    return found


def training_step(layer, x, cotangent):
    """One forward and backward pass."""
    layer.zero_grad(set_to_none=True)
    out, _ = layer(x)
    (out * cotangent).sum().backward()


def products(gates, T, B, widths, H, directions):
    """The function that makes the matrix products of a training step, in as few calls as can be."""
    G, h = gates * H, torch.randn(B, H)
    step, w, many, rows = torch.randn(B, gates * H), torch.randn(G, H), torch.randn(T * B, G), torch.randn(T * B, H)
    inputs = [(torch.randn(T * B, D), torch.randn(G, D)) for D in widths for _ in range(directions)]

    def run():
        for x, w_x in inputs:
            torch.mm(x, w_x.t())
            for _ in range(T):
                torch.mm(h, w.t())
                torch.mm(step, w)
            torch.mm(many, w_x)
            torch.mm(many.t(), x)
            torch.mm(many.t(), rows)

    return run


def medians(runs, seconds):
    """The median time of each function in milliseconds, all of them in turn."""
    times = {name: [] for name in runs}
    for run in [*runs.values()] * 2:  # warm up
        run()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[next(iter(times))]) < 5:
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: 1000 * statistics.median(values) for name, values in times.items()}


def measure(cell, size, options, seconds, loop=False):
    """The median times at one size."""
    T, B, D, H = size
    directions = 2 if options.get("bidirectional") else 1
    x, cotangent = torch.randn(T, B, D), torch.randn(T, B, directions * H)
    runs = {
        name: lambda layer=layer: training_step(layer, x, cotangent)
        for name, layer in layers(cell, D, H, options, loop).items()
    }
    widths = [D] + [directions * H] * (options.get("num_layers", 1) - 1)
    runs["products"] = products(CELLS[cell][0], T, B, widths, H, directions)
    return medians(runs, seconds)


def peak(cell, size, options, who):
    """How much a training step adds to the memory of a process that has done a tiny one, in bytes, on Linux."""
    code = f"""
import re, torch
from pathlib import Path
from seqlib import nn
torch.set_num_threads(1)
T, B, D, H = {size}
layer = ({"torch.nn" if who == "torch" else "nn"}).{cell}(D, H, **{options})
def step(T):
    x = torch.randn(T, B, D)
    out = layer(x)[0]
    out.backward(torch.ones_like(out))
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
first = step(1)
print(1024 * (step(T) - first))
"""
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def mean(ratios):
    """The geometric mean."""
    return math.exp(statistics.mean(map(math.log, ratios)))


def table(cell, sizes, options, arguments):
    """Print one cell's rows; return the geometric mean of torch's time over ours."""
    ratios = {}
    for size in sizes:
        found = measure(cell, size, options, arguments.seconds, arguments.loop)
        ours = found["seqlib"]
        row = {name: value / ours for name, value in found.items() if name != "seqlib"}
        if arguments.memory:
            theirs, mine = (peak(cell, size, options, who) for who in ("torch", "seqlib"))
            if min(theirs, mine) > NOTICED:
                row["memory"] = theirs / mine
        for name, value in row.items():
            ratios.setdefault(name, []).append(value)
        print(f"{cell:5}", "{:>4} {:>4} {:>4} {:>4}".format(*size), f"{ours:10.2f} ms ", _row(row))
    print(f"{cell:5} geometric mean{'':19}", _row({name: mean(values) for name, values in ratios.items()}))
    return mean(ratios["torch"])


def _row(values):
    return "  ".join(f"{name} {value:.2f}" for name, value in values.items())


def main():
    """Print the tables; exit with 1 if a geometric mean is below its bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", help=f"of {', '.join(CELLS)}; all by default")
    parser.add_argument(
        "--bars", type=float, nargs="?", const=1.0, default=0.0, help="fail below so many times its bar"
    )
    parser.add_argument("--loop", action="store_true", help="the plain loop too, differentiated by autograd")
    parser.add_argument("--memory", action="store_true", help="peak memory too")
    parser.add_argument("--bidirectional", action="store_true")
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each size")
    parser.add_argument("--rounds", type=int, default=3, help="tries to meet the bars")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, from the first")
    arguments = parser.parse_args()
    if not set(arguments.cells) <= set(CELLS):
        parser.error(f"cells must be of {', '.join(CELLS)}, got {' '.join(arguments.cells)}")
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {platform.machine()}, {arguments.threads} threads, float32")
    print("time of seqlib's layer; how many times as long the others take (memory: as much they need)")
    options = {"num_layers": arguments.layers, "bidirectional": arguments.bidirectional}
    missed = False
    for cell in arguments.cells or CELLS:
        bar = arguments.bars * CELLS[cell][1]
        best = 0.0
        for _ in range(arguments.rounds):
            best = max(best, table(cell, SIZES[: arguments.sizes], options, arguments))
            if best >= bar:
                break
        if bar:
            verdict = "met" if best >= bar else "missed"
            print(f"{cell} against torch.nn: {best:.2f} times as fast, bar {bar:.2f}: {verdict}")
        missed |= best < bar
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
