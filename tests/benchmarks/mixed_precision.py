"""What precision="bfloat16" buys on this processor: python tests/benchmarks/mixed_precision.py [--rounds 5]

Seconds of a step of `fit` in bfloat16 over those in full precision, below 1 where it pays. Both are timed in turn, so
that a busy machine slows both; the median of the rounds is printed, with the lowest and the highest.
"""

import argparse
import statistics
import time

import numpy as np
import torch

from seqlib.batching import Batch
from seqlib.nn import RNN, SequenceModel
from seqlib.training import fit

V, B, T = 1000, 32, 50
IDS = np.random.default_rng(0).integers(V, size=(B, T + 1))
DATA = [Batch((IDS[:, :-1],), IDS[:, 1:], None)]


def feedforward(H):
    """A network without recurrence, for which matrix products are nearly everything."""
    layers = [module for _ in range(3) for module in (torch.nn.Linear(H, H), torch.nn.ReLU())]
    return torch.nn.Sequential(torch.nn.Embedding(V, H), *layers, torch.nn.Linear(H, V))


MODELS = {
    "seqlib.nn.RNN, H = 64": lambda: SequenceModel(RNN(64, 64, batch_first=True), V, vocab_size=V),
    "seqlib.nn.RNN, H = 512": lambda: SequenceModel(RNN(512, 512, batch_first=True), V, vocab_size=V),
    "torch.nn.LSTM, H = 64": lambda: SequenceModel(torch.nn.LSTM(64, 64, batch_first=True), V, vocab_size=V),
    "torch.nn.LSTM, H = 512": lambda: SequenceModel(torch.nn.LSTM(512, 512, batch_first=True), V, vocab_size=V),
    "feed-forward, H = 64": lambda: feedforward(64),
    "feed-forward, H = 1024": lambda: feedforward(1024),
}


def seconds(model, precision, steps):
    """The time of a step, without the first one."""
    moments = []
    fit(
        model,
        DATA,
        loss="cross_entropy",
        steps=steps + 1,
        precision=precision,
        on_step=lambda record: moments.append(time.perf_counter()),
    )
    return (moments[-1] - moments[0]) / steps


def ratios(model, rounds, steps):
    """The time in bfloat16 over that in full precision, once a round."""
    return [seconds(model, "bfloat16", steps) / seconds(model, "full", steps) for _ in range(rounds)]


def main():
    """Measure, and print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(f"B = {B}, T = {T}, V = {V}, 1 thread, torch {torch.__version__.partition('+')[0]}")
    for name, model in MODELS.items():
        found = ratios(model, arguments.rounds, arguments.steps)
        print(f"{name:24} × {statistics.median(found):.2f}  ({min(found):.2f} to {max(found):.2f})", flush=True)


if __name__ == "__main__":
    main()
