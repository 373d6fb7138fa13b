"""The recurrent layers of seqlib.nn against torch.nn's, the plain loop, and the matrix products alone.

    python tests/benchmarks/speed.py                      training, every cell at every size
    python tests/benchmarks/speed.py LSTM --bars          some cells; fail below their bars
    python tests/benchmarks/speed.py --situations all --loop --memory --store

All run in one process, in turn, with the same weights and data, float32. No timing is stable, so a table shows ratios
of medians, and a verdict is the geometric mean over the sizes, of the best of three rounds. `products` are the matrix
products of a training step and nothing else: no layer that computes the same can be faster than they are. `--store`
writes everything to book/measured/speed.json, from which the page book/speed.md is made.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import torch
from contenders import CELLS, SITUATIONS, SIZES, products, runs
from timing import cpu, mean, medians, peak

from seqlib.evidence import rounded

TARGET = Path(__file__).resolve().parents[2] / "book/measured/speed.json"
BARS = {  # how many times as fast as torch's layer ours must be
    "training": {"RNN": 1.4, "LSTM": 0.65, "GRU": 1.3},
    "bidirectional": {"RNN": 1.4, "LSTM": 0.68, "GRU": 1.55},
    "three layers": {"RNN": 1.4, "LSTM": 0.65, "GRU": 1.5},
    "packed": {"RNN": 1.6, "LSTM": 1.6, "GRU": 1.6},
    "one step": {"RNN": 0.55, "LSTM": 0.55, "GRU": 0.55},
}
NOTICED = 4 << 20  # bytes: less is lost in what starting Python has already taken


def measure(cell, name, size, arguments):
    """One row: our time in milliseconds, and how many times as long, or as much, the others need."""
    situation = SITUATIONS[name]
    contending = runs(cell, situation, size, arguments.loop and name == "training")
    if name == "training":
        contending["products"] = products(cell, size)
    if name == "training" and arguments.store:  # the same calls where there is nearly nothing to compute
        tiny = (size[0], 1, 1, 1)
        contending["calls"] = runs(cell, situation, tiny)["seqlib"]
        contending["calls of products"] = products(cell, tiny)
    found = medians(contending, arguments.seconds)
    ours = found.pop("seqlib")
    row = {"ms": ours} | {who: time / ours for who, time in found.items()}
    if arguments.memory and name == "training":
        theirs, mine = (peak(cell, size, situation.options, who) for who in ("torch", "seqlib"))
        if min(theirs, mine) > NOTICED:
            row["memory"] = theirs / mine
    return {who: rounded(value) for who, value in row.items()}


def table(cell, name, arguments):
    """Print and return the rows of one cell in one situation, size -> row, and the geometric means."""
    rows = {}
    for size in SIZES[: arguments.sizes]:
        shape = SITUATIONS[name].size(size)
        rows[size] = dict(zip("TBDH", shape, strict=True)) | (row := measure(cell, name, size, arguments))
        print(f"{cell:5}", "{:>4} {:>4} {:>4} {:>4}".format(*shape), _line(row), flush=True)
    whos = {who: 0 for row in rows.values() for who in row if who not in {*"TBDH", "ms"}}
    means = {who: mean([row[who] for row in rows.values() if who in row]) for who in whos}
    print(f"{cell:5} geometric mean     ", _line(means))
    return rows, means


def _line(row):
    return "  ".join(f"{row[who]:10.2f} ms" if who == "ms" else f"{who} {row[who]:.2f}" for who in row)


def store(found, arguments):
    """Write all rows, and what a reader needs to judge them and to get them again. Situations that were not measured
    now stay as they are stored.
    """
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True, cwd=TARGET.parent)
    old = json.loads(TARGET.read_text(encoding="utf8"))["situations"] if TARGET.is_file() else {}
    new = {
        name: {
            "what": SITUATIONS[name].what,
            "cells": {cell: [*rows.values()] for cell, rows in cells.items()},
            "machine": f"{cpu()}, {arguments.threads} threads, float32, torch {torch.__version__}",
            "commit": commit.stdout.strip(),
        }
        for name, cells in found.items()
    }
    record = {
        "what": "time of seqlib.nn's layer (ms), and how many times as long, or as much memory, the others need",
        "situations": {name: (old | new)[name] for name in SITUATIONS if name in old | new},
        "made_by": "tests/benchmarks/speed.py",
    }
    TARGET.write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")


def main():
    """Print the tables; exit with 1 if a geometric mean is below its bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", help=f"of {', '.join(CELLS)}; all by default")
    parser.add_argument(
        "--bars", type=float, nargs="?", const=1.0, default=0.0, help="fail below so many times its bar"
    )
    parser.add_argument("--situations", nargs="+", default=["training"], help=f"of {', '.join(SITUATIONS)}; or all")
    parser.add_argument("--loop", action="store_true", help="the plain loop too, differentiated by autograd")
    parser.add_argument("--memory", action="store_true", help="peak memory too")
    parser.add_argument("--store", action="store_true", help=f"write {TARGET.name}, for the page")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each size")
    parser.add_argument("--rounds", type=int, default=3, help="tries to meet the bars")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, from the first")
    arguments = parser.parse_args()
    situations = list(SITUATIONS) if arguments.situations == ["all"] else arguments.situations
    for what, wanted, known in (("cells", arguments.cells, CELLS), ("situations", situations, SITUATIONS)):
        if not set(wanted) <= set(known):
            parser.error(f"{what} must be of {', '.join(known)}, got {', '.join(wanted)}")
    if arguments.store:  # a page needs all, and no best of several
        arguments.loop = arguments.memory = True
        arguments.rounds = 1
        if arguments.cells:
            parser.error("--store is for all cells: leave their names out")
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {cpu()}, {arguments.threads} threads, float32")
    print("time of seqlib's layer; how many times as long the others take (memory: as much they need)")
    missed, found = False, {}
    for name in situations:
        print(f"\n{name}: {SITUATIONS[name].what}")
        for cell in arguments.cells or CELLS:
            bar = arguments.bars * BARS.get(name, {}).get(cell, 0.0)
            best = 0.0
            for _ in range(arguments.rounds):
                rows, means = table(cell, name, arguments)
                if means["torch"] > best:
                    best, found.setdefault(name, {})[cell] = means["torch"], rows
                if best >= bar:
                    break
            if bar:
                verdict = "met" if best >= bar else "missed"
                print(f"{cell} against torch.nn: {best:.2f} times as fast, bar {bar:.2f}: {verdict}")
            missed |= best < bar
    if arguments.store:
        store(found, arguments)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
