"""Two networks of chapter 4 that stayed at chance, with ten times the budget.

    python tests/benchmarks/ten_times_the_budget.py [--steps 8000] [--out chapters/measured/04_ten_times.json]

Chapter 4 trains six networks on the adding problem, T = 40, for 800 steps at one rate. "Did not learn within 800 steps"
is not "cannot learn". Here two of those that stayed at chance get 8000 steps at each of three rates, from five seeds
each. That takes minutes, which is too long for a page: the page reads the file that this script writes.
"""

import argparse
import json
import platform
import subprocess
import time
from pathlib import Path

import numpy as np
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Adding
from seqlib.training import fit

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "chapters/measured/04_ten_times.json"
STARTS = ("default", "orthogonal")
RATES = (0.0005, 0.0015, 0.005)
SEEDS = range(5)
STEPS = 8000
LAST = 100  # a run is scored by the median of so many steps, as on the page
T, H = 40, 32


def network(start):
    """A function that builds the page's tanh network from one of its two starts."""

    def build():
        core = RNN(2, H, nonlinearity="tanh", batch_first=True)
        if start == "orthogonal":
            with torch.no_grad():
                core.weight_hh_l0.copy_(torch.linalg.qr(torch.randn(H, H))[0])
                core.bias_ih_l0.zero_()
                core.bias_hh_l0.zero_()
        return SequenceModel(core, 1)

    return build


def score(start, rate, seed, steps):
    """The error of the last steps over chance."""
    history = fit(network(start), Adding(T), steps=steps, lr=rate, clip_norm=1.0, seed=seed)
    return float(np.median(history.loss[-LAST:]) / Adding(T).chance)


def measure(steps=STEPS, seeds=SEEDS, rates=RATES, starts=STARTS):
    """The record: what was measured, on what, and the values (start -> rate -> one value per seed)."""
    began = time.process_time()
    values = {
        start: {f"{rate:g}": [round(score(start, rate, seed, steps), 3) for seed in seeds] for rate in rates}
        for start in starts
    }
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "what": f"squared error on the adding problem, T = {T}, tanh, median of the last {LAST} steps",
        "unit": "chance",
        "steps": steps,
        "seeds": list(seeds),
        "values": values,
        "machine": f"{platform.machine()}, 1 thread, torch {torch.__version__.partition('+')[0]}, float32",
        "cpu_seconds": round(time.process_time() - began),
        "commit": commit.stdout.strip(),
        "made_by": str(Path(__file__).relative_to(ROOT)),
    }


def main():
    """Measure, and write the file that the page reads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    record = measure(arguments.steps)
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")
    print(f"{record['cpu_seconds']} s of CPU: {record['values']}")


if __name__ == "__main__":
    main()
