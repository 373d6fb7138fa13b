"""What chapter 6 says of the reset gate on seeds that its page does not use, at other rates, after more training."""

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import GRU, SequenceModel, open_gate
from seqlib.tasks import Latch, Swing
from seqlib.training import evaluate, fit

CHAPTER = "06"
TASKS = {"caught": Swing(20, restart=0.2), "free": Swing(20, restart=0), "latch": Latch(12, writes=3)}
ARMS = {  # units, the start of W_hn and b_hn, and what the reset gate may see
    "full": {},
    "r = 1": {"sees": None},
    "r = 1, 20 units": {"sees": None, "H": 20},
    "r = 1, half start": {"sees": None, "start": 0.5},
    "r constant": {"sees": ""},
    "r sees h alone": {"sees": "h"},
    "r sees x alone": {"sees": "x"},
}


def build(task, H=16, start=1.0, sees="xh"):
    """A GRU for the task; a reset gate that sees nothing learns a constant, and with None it stays at 1."""
    ids = {"vocab_size": task.vocab_size} if hasattr(task, "vocab_size") else {}
    core = GRU(8 if ids else task.n_in, H, batch_first=True)

    def still(weight):
        """The rows of r are 0, and have no gradient."""
        with torch.no_grad():
            weight[:H] = 0
        weight.register_hook(lambda d: torch.cat([torch.zeros_like(d[:H]), d[H:]]))

    with torch.no_grad():
        core.weight_hh_l0[2 * H :] *= start
        core.bias_hh_l0[2 * H :] *= start
    if sees is None:  # σ(50 + …) is 1 in float32, and its slope is 0
        open_gate(core, "r", 50.0)
    if sees is not None and "x" not in sees:
        still(core.weight_ih_l0)
    if sees is not None and "h" not in sees:
        still(core.weight_hh_l0)
    return SequenceModel(core, task.n_out, **ids)


def ends(task, arm, rate, seed, steps):
    """The loss over chance: the median of the last 100 batches, and of the last network on fresh sequences."""
    task = TASKS[task]
    run = fit(lambda: build(task, **ARMS[arm]), task, steps=steps, lr=rate, clip_norm=1.0, seed=seed)
    fresh = evaluate(run.model, task, batches=4, seed=10**6 + seed)
    return np.median(run.loss[-100:]) / task.chance, fresh / task.chance


def compared(arms, rate, steps, seeds):
    """task -> arm -> score -> one value per seed."""
    found = {}
    for task, names in arms.items():
        for arm in names:
            pairs = zip(*(ends(task, arm, rate, seed, steps) for seed in seeds), strict=True)
            values = [[rounded(v) for v in score] for score in pairs]
            found.setdefault(task, {})[arm] = dict(zip(("last", "fresh"), values, strict=True))
    return found


TWO, FIRST, UNSEEN = ["full", "r = 1"], list(range(5)), list(range(5, 15))
WHAT = "loss over chance with a reset gate and without it, Adam: median of the last 100 batches; on fresh sequences"
MEASUREMENTS = {
    name: {
        "what": WHAT,
        "unit": "chance",
        "measure": compared,
        "settings": {"arms": arms, "rate": rate, "steps": steps, "seeds": seeds},
    }
    for name, (arms, rate, steps, seeds) in {
        "swing_first": ({"caught": list(ARMS)[:4], "free": TWO}, 0.01, 400, FIRST),
        "swing": ({"caught": list(ARMS), "free": TWO}, 0.01, 400, UNSEEN),
        "latch": ({"latch": TWO}, 0.01, 300, UNSEEN),
        "rate_low": ({"caught": TWO}, 0.003, 400, UNSEEN),
        "rate_high": ({"caught": TWO}, 0.03, 400, UNSEEN),
        "swing_longer": ({"caught": [*TWO, "r = 1, 20 units", "r constant"], "free": TWO}, 0.01, 2000, UNSEEN),
    }.items()
}
