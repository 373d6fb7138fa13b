"""Decoding: greedy, beams of all sentences in one call of the model, and beams of one sentence after another.

    python tests/benchmarks/decoding.py             tokens per second for batches of several sizes
    python tests/benchmarks/decoding.py --bars      fail if beams together are not BAR times as fast as one by one
    python tests/benchmarks/decoding.py --store     and peak memory; written to book/measured/decoding.json

The model is an encoder-decoder with attention that has learnt a little English and Somali: enough for its sentences to
end at different lengths. Time is that of the processor, on one thread, so that other programs count less; all ways run
in turn, and the median is taken. A token is one symbol of an answer, EOS included. Memory is what a way adds, at its
peak, to a process that has decoded one sentence.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from timing import cpu, medians

from seqlib.decoding import beam, greedy
from seqlib.evidence import rounded
from seqlib.nn import LSTM, Attention, EncoderDecoder
from seqlib.tasks.translation import Translation
from seqlib.text import BOS, EOS
from seqlib.training import fit

TARGET = Path(__file__).resolve().parents[2] / "book/measured/decoding.json"
KINDS, H, WIDTH, MAX_LENGTH = ("dates", "durations", "quantities"), 64, 4, 30
SIZES = (1, 8, 32, 128)  # sentences
BAR = 8.0  # how many times as fast beams of the largest batch must be together as one sentence after another


def build():
    """The model, before it has learnt anything."""
    task = Translation(KINDS)
    torch.manual_seed(0)
    encoder, decoder = (LSTM(H // 2, H, batch_first=True) for _ in range(2))
    return EncoderDecoder(encoder, decoder, task.vocab_size, task.n_out, attention=Attention("general", H))


def trained(steps):
    """The model after some steps."""
    model = build()
    if steps:
        fit(model, Translation(KINDS), steps=steps, lr=5e-3, clip_norm=1.0)
    return model


def sentences(n):
    """Sources of the test part, with their lengths: always the same, for every n the first n."""
    source, lengths, _ = Translation(KINDS, "test").draw(max(n, *SIZES), np.random.default_rng(0)).inputs
    return source[:n, : lengths[:n].max()], lengths[:n]


def ways(model, source, lengths):
    """Name -> the function that decodes all sentences this way, and returns its answers."""
    prompts, options = [[BOS]] * len(source), {"max_length": MAX_LENGTH, "eos": EOS}

    def one_by_one():
        found = []
        for i, n in enumerate(lengths):
            state = model.encode(source[i : i + 1, :n], lengths[i : i + 1])
            found += beam(model, [BOS], width=WIDTH, state=state, **options).sequences
        return found

    return {
        "greedy": lambda: greedy(model, prompts, state=model.encode(source, lengths), **options).sequences,
        "together": lambda: beam(model, prompts, width=WIDTH, state=model.encode(source, lengths), **options).sequences,
        "one by one": one_by_one,
    }


def measure(model, n, seconds):
    """For n sentences, tokens per second of each way."""
    contending = ways(model, *sentences(n))
    tokens = {name: sum(map(len, way())) for name, way in contending.items()}
    times = medians(contending, seconds, least=3, clock=time.process_time)
    return {name: rounded(1000 * tokens[name] / times[name]) for name in contending}


def peak(name, weights, n):
    """How much one way adds to the memory of a process that has decoded one sentence so, in bytes, on Linux."""
    command = [sys.executable, __file__, "--peak", name, str(weights), str(n)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def print_peak(name, weights, n):
    """What `peak` starts."""
    torch.set_num_threads(1)
    model = build()
    model.load_state_dict(torch.load(weights, weights_only=True))
    highest = []
    for size in (1, int(n)):
        ways(model, *sentences(size))[name]()
        highest.append(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]))
    print(1024 * (highest[1] - highest[0]))


def store(rows, model):
    """Write the rows, peak memory, and what a reader needs to judge them and to get them again."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True, cwd=TARGET.parent)
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder, "weights.pt")
        torch.save(model.state_dict(), weights)
        memory = {name: rounded(peak(name, weights, SIZES[-1]) / 2**20) for name in rows[SIZES[-1]]}
    record = {
        "what": f"tokens per second of processor time, beams of width {WIDTH}; megabytes for {SIZES[-1]} sentences",
        "rows": [{"sentences": n} | row for n, row in rows.items()],
        "memory": memory,
        "machine": f"{cpu()}, 1 thread, float32, torch {torch.__version__}",
        "commit": commit.stdout.strip(),
        "made_by": "tests/benchmarks/decoding.py",
    }
    TARGET.write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")


def main():
    """Print the table; exit with 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bars", type=float, nargs="?", const=1.0, default=0.0, help="fail below so many times BAR")
    parser.add_argument("--store", action="store_true", help=f"write {TARGET.name}, for the page")
    parser.add_argument("--steps", type=int, default=300, help="of training")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each size")
    parser.add_argument("--rounds", type=int, default=3, help="tries to meet the bar")
    parser.add_argument("--peak", nargs=3, metavar=("WAY", "WEIGHTS", "SENTENCES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print_peak(*arguments.peak)
        return 0
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, {cpu()}, 1 thread, float32; tokens per second")
    model, rows = trained(arguments.steps), {}
    for n in SIZES[-1:] if arguments.bars and not arguments.store else SIZES:
        for _ in range(arguments.rounds if arguments.bars and n == SIZES[-1] else 1):
            rows[n] = measure(model, n, arguments.seconds)
            ratio = rows[n]["together"] / rows[n]["one by one"]
            print(f"{n:4} sentences", *(f"{name} {value:.0f}" for name, value in rows[n].items()), f"× {ratio:.1f}")
            if ratio >= arguments.bars * BAR:
                break
    if arguments.store:
        store(rows, model)
    if arguments.bars:
        print(f"bar {arguments.bars * BAR:g}: {'met' if ratio >= arguments.bars * BAR else 'missed'}")
    return int(ratio < arguments.bars * BAR)


if __name__ == "__main__":
    sys.exit(main())
