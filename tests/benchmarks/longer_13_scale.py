"""With 1/√d_k and without it: what the softmax does at the start, and what is learned, at two sizes of the weights.

    python tests/benchmarks/longer_training.py 13_scale

The task is the reversed order of longer_13.py, the network one head of d_k = d_model in each of two layers. Without the
division, queries and keys of the usual weights make products √d_k times as large. The other two arms tell that apart
from the division: W_q and W_k times d_k^(1/4) make them as large with it, and divided by d_k^(1/4) as small without.
"""

import math
import runpy
from functools import cache
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import MultiHeadAttention, TransformerModel
from seqlib.training import Cosine, fit
from seqlib.training.objective import objective

POSITIONS = runpy.run_path(str(Path(__file__).with_name("longer_13.py")))
drawn, labelled, inside, tuned = (POSITIONS[name] for name in ("drawn", "labelled", "inside", "tuned"))
CHAPTER = "13"
B, LAYERS, LENGTH = 32, 2, 16
ARMS = {  # name -> with the division; by which power of d_k the usual W_q and W_k are multiplied
    "divided, usual weights": [True, 0.0],
    "not divided, usual weights": [False, 0.0],
    "divided, larger weights": [True, 0.25],
    "not divided, smaller weights": [False, -0.25],
}


class Undivided(MultiHeadAttention):
    """Attention by q kᵀ, without the division by √d_k."""

    def attend(self, query, given, mask, **how):
        """Weighted means of the values; the query grows by what it will be divided by."""
        return super().attend(query * math.sqrt(self.d_k), given, mask, **how)


def network(d_model, divided, power):
    """Two layers of one head, in both directions, with sinusoidal positions."""
    ids = POSITIONS["SYMBOLS"] + 1
    net = TransformerModel(ids, ids, d_model, 1, LAYERS, causal=False)
    for block in net.core.layers:
        attention = block.self_attn
        with torch.no_grad():
            attention.in_proj_weight[: 2 * d_model] *= attention.d_k**power
        if not divided:
            attention.__class__ = Undivided
    return net


@cache
def trained(d_model, divided, power, steps, rate, seed):
    """A network after training."""

    def data(step):
        return drawn("reversed", B, np.random.default_rng([seed, step]))

    schedule = Cosine(steps, warmup=steps // 20)
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed, "loss": "cross_entropy"}
    return fit(lambda: network(d_model, divided, power), data, steps=steps, **how).model.eval()


def attended(model, seed):
    """Of the first layer, over sequences of LENGTH: how attention lies, and the gradient that reaches its queries.

    "entropy", in parts of that of equal weights; "passed", 1 - Σ p², the trace of the softmax's Jacobian; "spread", the
    standard deviation of what goes into the softmax along a row; "gradient", the norm of that of W_q and W_k.
    """
    batch = labelled("reversed", [LENGTH] * 200, np.random.default_rng([seed, 10**6, LENGTH]))
    x = torch.tensor(batch.inputs[0])
    with torch.no_grad():
        p = model(x, need_weights=True)[1][0].double()
    log_p = p.clamp_min(1e-300).log()
    model.zero_grad()
    tensors = batch._replace(inputs=(x, batch.inputs[1]), y=torch.tensor(batch.y), mask=torch.tensor(batch.mask))
    objective("cross_entropy", None)(model, tensors).backward()
    attention = model.core.layers[0].self_attn
    gradient = attention.in_proj_weight.grad[: 2 * attention.d_model].norm()
    model.zero_grad()
    found = {
        "entropy": -(p * log_p).sum(-1).mean() / math.log(LENGTH),
        "passed": (1 - p.square().sum(-1)).mean(),
        "spread": log_p.std(-1, correction=0).mean(),
        "gradient": gradient,
    }
    return {name: rounded(float(value)) for name, value in found.items()}


def share(model, seed):
    """The share of right labels of sequences of LENGTH."""
    (x, lengths), y, _ = labelled("reversed", [LENGTH] * 300, np.random.default_rng([seed, 10**6 + 1]))
    with torch.no_grad():
        return rounded((model(torch.tensor(x), lengths)[0].argmax(2).numpy() == y).mean())


def scale(steps, seeds, tuning, tried, d_model, arms):
    """The tuning, the rate of each arm, and its scores before and after training, one per seed."""

    def loss(arm, rate, seed):
        return inside(trained(d_model, *arms[arm], steps, rate, seed), "reversed", seed)

    found, chosen = tuned(arms, tried, tuning, loss)
    values = {}
    for arm, how in arms.items():
        runs = []
        for seed in seeds:
            torch.manual_seed(seed)
            before = attended(network(d_model, *how), seed)
            model = trained(d_model, *how, steps, chosen[arm], seed)
            after = attended(model, seed)
            told = {f"{name} before": value for name, value in before.items()}
            told |= {f"{name} after": after[name] for name in ("entropy", "passed")}
            runs.append(told | {"loss": inside(model, "reversed", seed), "share": share(model, seed)})
        values[arm] = {name: [run[name] for run in runs] for name in runs[0]}
    return {"tuning": found, "chosen": chosen, "arms": values}


MEASUREMENTS = {
    "scale": {
        "what": "the reversed order, one head of 64, with 1/sqrt(d_k) and without, at three sizes of W_q and W_k: "
        "attention and gradient before, loss and share right after",
        "unit": "share, nats",
        "measure": scale,
        "settings": {
            "steps": 300,
            "seeds": list(range(170, 175)),
            "tuning": [160, 161],
            "tried": [0.001, 0.003, 0.01],
            "d_model": 64,
            "arms": ARMS,
        },
    }
}
