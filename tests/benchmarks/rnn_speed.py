"""A training step of seqlib.nn.RNN against torch.nn.RNN: python tests/benchmarks/rnn_speed.py [--bar 1.4]

Both run in one process, in turn, with the same weights and data, float32. A training step is forward, loss (the output
against a random cotangent), backward. No timing is stable, so the table shows the ratio of medians, and the verdict is
the geometric mean over the sizes, of the best of three rounds.
"""

import argparse
import math
import platform
import statistics
import sys
import time

import torch

from seqlib.nn import RNN

SIZES = [  # T, B, D, H
    (32, 32, 32, 32),
    (50, 64, 32, 128),
    (100, 64, 128, 128),
    (200, 32, 128, 256),
    (100, 128, 256, 512),
    (500, 32, 64, 64),
]
ROUNDS = 3


def training_step(model, x, cotangent):
    """Seconds for one forward and backward pass."""
    model.zero_grad(set_to_none=True)
    start = time.perf_counter()
    out, _ = model(x)
    (out * cotangent).sum().backward()
    return time.perf_counter() - start


def ratio(T, B, D, H, seconds):
    """How many times faster seqlib is at one size, and both medians in milliseconds."""
    torch.manual_seed(0)
    theirs = torch.nn.RNN(D, H)
    ours = RNN(D, H)
    ours.load_state_dict(theirs.state_dict())
    x, cotangent = torch.randn(T, B, D), torch.randn(T, B, H)
    times = {theirs: [], ours: []}
    for model in (theirs, ours) * 3:  # warm up
        training_step(model, x, cotangent)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[ours]) < 5:
        for model, values in times.items():
            values.append(training_step(model, x, cotangent))
    a, b = (1000 * statistics.median(values) for values in times.values())
    return a / b, a, b


def main():
    """Print the table; exit with 1 if the geometric mean is below the bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bar", type=float, default=0.0, help="fail below this geometric mean")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each size")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="tries to meet the bar")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many sizes, from the first")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {platform.machine()}, {arguments.threads} threads, float32")
    for _ in range(arguments.rounds):
        print(f"{'T':>4} {'B':>4} {'D':>4} {'H':>4}  torch ms  seqlib ms  ratio")
        logs = []
        for size in SIZES[: arguments.sizes]:
            r, theirs, ours = ratio(*size, arguments.seconds)
            logs.append(math.log(r))
            print("{:>4} {:>4} {:>4} {:>4}".format(*size), f"{theirs:9.2f} {ours:10.2f} {r:6.2f}")
        mean = math.exp(statistics.mean(logs))
        verdict = "" if not arguments.bar else f", bar {arguments.bar}: {'met' if mean >= arguments.bar else 'missed'}"
        print(f"geometric mean: {mean:.2f} times as fast{verdict}")
        if mean >= arguments.bar:
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
