"""A block of seqlib.nn against torch.nn.TransformerEncoderLayer: time and memory of a training step.

    python tests/benchmarks/speed_transformer.py             every kind of block at every size
    python tests/benchmarks/speed_transformer.py --bars      fail where ours is slower, or needs more memory

Both run in one process, in turn, with the same weights and data, float32, without dropout. Time is that of the
processor, on one thread: the two are so close that whoever else uses the machine would decide between them. A verdict
on time is the geometric mean of the ratios of medians over the sizes, the best of three rounds; memory is the peak of a
process of its own.
"""

import argparse
import itertools
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import torch
from timing import cpu, mean, medians

from seqlib.nn import TransformerBlock

SIZES = [  # T, B, d_model, heads
    (32, 32, 64, 4),
    (64, 32, 128, 4),
    (64, 16, 256, 8),
    (256, 2, 128, 4),
]
MEMORY = (512, 8, 128, 4)  # large enough for a peak to stand out
BAR = 1.0  # how many times as fast as torch's layer ours must be, and how many times as much memory torch must need
ROUNDING = 0.02  # of memory, which comes in pages


class Kind(NamedTuple):
    """One kind of block; with `masked`, a batch of lengths from T/4 to T."""

    norm_first: bool
    activation: str
    masked: bool

    def __str__(self):
        return (
            f"{'pre' if self.norm_first else 'post'}-norm, {self.activation}, {'padding' if self.masked else 'no mask'}"
        )


KINDS = [Kind(*parts) for parts in itertools.product((True, False), ("relu", "gelu"), (False, True))]


def layers(size, kind):
    """The layer by who made it, both with the same weights."""
    _, _, D, heads = size
    torch.manual_seed(0)
    options = {"norm_first": kind.norm_first, "activation": kind.activation}
    theirs = torch.nn.TransformerEncoderLayer(D, heads, 4 * D, 0.0, batch_first=True, **options)
    ours = TransformerBlock(D, heads, **options)
    ours.load_state_dict(theirs.state_dict())
    return {"torch": theirs, "seqlib": ours}


def runs(size, kind):
    """Who -> the function that makes one training step; the loss is the output against a random cotangent."""
    T, B, D, _ = size
    found = layers(size, kind)
    x, cotangent = torch.randn(B, T, D, requires_grad=True), torch.randn(B, T, D)
    real = torch.arange(T) < torch.linspace(T, T / 4, B).long()[:, None] if kind.masked else None
    padding = None if real is None else ~real

    def step(who):
        layer = found[who]
        layer.zero_grad(set_to_none=True)
        x.grad = None
        out = layer(x, mask=real) if who == "seqlib" else layer(x, src_key_padding_mask=padding)
        (out * cotangent).sum().backward()
        return out, x.grad

    return {who: lambda who=who: step(who) for who in found}


def peak(size, kind, who):
    """How much a training step adds to the memory of a process that has done a tiny one, in bytes, on Linux."""
    code = f"""
import re, torch
from pathlib import Path
from speed_transformer import Kind, runs
torch.set_num_threads(1)
def step(T):
    runs(({size[0]} if T else 2, {size[1]} if T else 1, {size[2]}, {size[3]}), {kind!r})[{who!r}]()
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
first = step(0)
print(1024 * (step(1) - first))
"""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {sys.path[0]!r})\n{code}"]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main():
    """Print the table; exit with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--bars", type=float, nargs="?", const=1.0, default=0.0, help="fail below so many times the bar"
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each size")
    parser.add_argument("--rounds", type=int, default=3, help="tries to meet the bar")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, from the first")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {cpu()}, {arguments.threads} threads, float32")
    print("how many times as long a training step of torch's layer takes, at each size; and as much memory")
    missed, bar, sizes = False, arguments.bars * BAR, SIZES[: arguments.sizes]
    for kind in KINDS:
        best = 0.0
        for _ in range(arguments.rounds):
            found = [medians(runs(size, kind), arguments.seconds, clock=time.process_time) for size in sizes]
            ratios = [times["torch"] / times["seqlib"] for times in found]
            best = max(best, mean(ratios))
            print(f"{kind!s:28}", *(f"{ratio:5.2f}" for ratio in ratios), f"  mean {mean(ratios):.2f}", flush=True)
            if best >= bar:
                break
        with ThreadPoolExecutor(2) as two:  # what a process needs does not depend on what runs beside it
            theirs, ours = two.map(lambda who, kind=kind: peak(MEMORY, kind, who), ("torch", "seqlib"))
        memory = theirs / ours
        met = best >= bar and memory >= bar * (1 - ROUNDING)
        verdict = f", bar {bar:.2f}: {'met' if met else 'missed'}" if bar else ""
        print(f"{kind!s:28} {best:.2f} times as fast, {memory:.2f} times the memory{verdict}", flush=True)
        missed |= not met
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
