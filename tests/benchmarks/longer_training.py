"""What chapter 4 says of longer training than fits on its page, measured once.

    python tests/benchmarks/longer_training.py [ten_times without_clipping] [--steps n] [--folder chapters/measured]

The page trains each network on the adding problem, T = 40, for 800 steps at one rate. These take
half a minute to ten minutes. Each writes a file of its own, and the page reads it.

    ten_times          two networks that stayed at chance, for 8000 steps at each of three rates
    without_clipping   the network whose gradient explodes, for 2400 steps at a low rate and at the page's, not clipped
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
FOLDER = ROOT / "chapters/measured"
LAST = 100  # a run is scored by the median of so many steps
T, H = 40, 32
NETWORKS = {  # name -> activation function, and what W_hh starts as (None: as PyTorch draws it)
    "default + tanh": ("tanh", None),
    "orthogonal + tanh": ("tanh", lambda: torch.linalg.qr(torch.randn(H, H))[0]),
    "1.1 I + relu": ("relu", lambda: 1.1 * torch.eye(H)),
}
MEASUREMENTS = {
    "ten_times": {
        "networks": ["default + tanh", "orthogonal + tanh"],
        "rates": [0.0005, 0.0015, 0.005],
        "clip_norm": 1.0,
        "steps": 8000,
        "seeds": [0, 1, 2, 3, 4],
    },
    "without_clipping": {
        "networks": ["1.1 I + relu"],
        "rates": [0.001, 0.005],
        "clip_norm": None,
        "steps": 2400,
        "seeds": [0, 1, 2, 3, 4, 5],
    },
}


def build(name):
    """The page's network, by its name."""
    activation, start = NETWORKS[name]
    core = RNN(2, H, nonlinearity=activation, batch_first=True)
    if start is not None:
        with torch.no_grad():
            core.weight_hh_l0.copy_(start())
            core.bias_ih_l0.zero_()
            core.bias_hh_l0.zero_()
    return SequenceModel(core, 1)


def score(name, rate, seed, steps, clip_norm):
    """The error of the last steps over chance."""
    history = fit(lambda: build(name), Adding(T), steps=steps, lr=rate, clip_norm=clip_norm, seed=seed)
    return round(float(np.median(history.loss[-LAST:]) / Adding(T).chance), 3)


def measure(networks, rates, clip_norm, steps, seeds):
    """The record: what was measured, on what, and the values (network -> rate -> one value per seed)."""
    began = time.process_time()
    values = {
        name: {f"{rate:g}": [score(name, rate, seed, steps, clip_norm) for seed in seeds] for rate in rates}
        for name in networks
    }
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "what": f"squared error on the adding problem, T = {T}: the median of the last {LAST} steps, Adam",
        "unit": "chance",
        "steps": steps,
        "clip_norm": clip_norm,
        "seeds": seeds,
        "values": values,
        "machine": f"{platform.machine()}, 1 thread, torch {torch.__version__.partition('+')[0]}, float32",
        "cpu_seconds": round(time.process_time() - began),
        "commit": commit.stdout.strip(),
        "made_by": str(Path(__file__).relative_to(ROOT)),
    }


def main():
    """Measure, and write the files that the page reads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help=f"some of {', '.join(MEASUREMENTS)} (all)")
    parser.add_argument("--steps", type=int, help="fewer steps, to try the script")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.folder.mkdir(exist_ok=True)
    for which in arguments.which or MEASUREMENTS:
        settings = MEASUREMENTS[which] | ({"steps": arguments.steps} if arguments.steps else {})
        record = measure(**settings)
        (arguments.folder / f"04_{which}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")
        print(f"{which}: {record['cpu_seconds']} s of CPU, {record['values']}", flush=True)


if __name__ == "__main__":
    main()
