"""What chapter 13 says of deep Transformers: the gradient of each block at the start, and which stacks learn to count.

    python tests/benchmarks/longer_training.py 13_depth

Four kinds of stack, each one change away from another: where the norm stands, no norm, no residual. Two ways to draw
the weights: that of PyTorch's layers and of seqlib.nn, and Glorot's for every matrix, that of torch.nn.Transformer.

What Xiong et al. 2020 say, with bounds set before the recording, for Glorot's; W_2 is the second matrix of a
feed-forward network, the slope that of the logarithm of its gradient's norm over the logarithm of the depth, 2 to 48:

    post-norm, last block     the gradient of W_2 does not shrink with depth: slope above -0.15 supports, below -0.35
                              refutes
    pre-norm, last block      it shrinks as 1/√L: slope between -0.65 and -0.35 supports, outside -0.8 to -0.2 refutes
    post-norm, 24 blocks      it grows with the block: last over first above 1.5 supports, below 1 refutes
    pre-norm, 24 blocks       it is nearly the same in all: last over first between 0.5 and 2 supports, outside 1/3 to 3
                              refutes
"""

import numpy as np
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from seqlib.evidence import rounded
from seqlib.nn import TransformerModel
from seqlib.tasks import Counting
from seqlib.training import Cosine, fit

CHAPTER = "13"
TASK = Counting(12, 3)
B, HEADS = 32, 4
KINDS = ("pre-norm", "post-norm", "no norm", "no residual")


class Deep(nn.Module):
    """A causal Transformer over ids, and where its blocks have their norm; `stream` is what went into each, and out.

    pre-norm      x ← x + f(norm(x))        no norm       x ← x + f(x)
    post-norm     x ← norm(x + f(x))        no residual   x ← f(norm(x))
    """

    def __init__(self, kind, start, d_model, n_layers):
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"no stack is called {kind!r}")
        self.kind, norm_first = kind, kind != "post-norm"
        self.net = TransformerModel(TASK.vocab_size, TASK.n_out, d_model, HEADS, n_layers, norm_first=norm_first)
        if kind == "no norm":
            self.net.core.norm = None
            for block in self.net.core.layers:
                block.norm1, block.norm2 = nn.Identity(), nn.Identity()
        if start == "Glorot":
            glorot(self.net)
        elif start != "PyTorch":
            raise ValueError(f"no start is called {start!r}")
        self.stream = []

    def forward(self, x):
        x = self.net.embedding("x", x)
        self.stream = [x]
        for block in self.net.core.layers:
            x = unadded(block, x) if self.kind == "no residual" else block(x, causal=True)
            self.stream.append(x)
        return self.net.readout(x if self.net.core.norm is None else self.net.core.norm(x))


def unadded(block, x):
    """A block of pre-norm without its residual stream."""
    x = block.self_attn(block.norm1(x), causal=True)[0]
    return block.linear2(block.linear1(block.norm2(x)).relu())


def glorot(net):
    """Draw every matrix of the blocks as Glorot & Bengio 2010, W_q, W_k and W_v each for itself; no biases."""
    for block in net.core.layers:
        matrices = block.self_attn.in_proj_weight.chunk(3)
        for w in (*matrices, block.self_attn.out_proj.weight, block.linear1.weight, block.linear2.weight):
            nn.init.xavier_uniform_(w.detach())  # a view of a parameter, which autograd would not let be changed
        for b in (block.self_attn.out_proj.bias, block.linear1.bias, block.linear2.bias):
            nn.init.zeros_(b)


def loss_of(net, batch):
    """The mean loss at every step of a batch of TASK."""
    out = net(torch.as_tensor(batch.inputs[0]))
    return nn.functional.cross_entropy(out.flatten(0, 1), torch.as_tensor(batch.y).flatten())


def gradients(seed, steps, kind, start, d_model, n_layers):
    """By block, of a network before its training, means over `steps` batches: "W_2", the norm of its gradient; before
    each block and after the last, "gradient", the norm of that of the stream, and "stream", its root mean square.

    Without a norm, the numbers leave what float32 can hold, and the scores of attention what the fused kernel can.
    """
    torch.manual_seed(seed)
    net = Deep(kind, start, d_model, n_layers).double()
    weights = [block.linear2.weight for block in net.net.core.layers]
    runs = []
    for step in range(steps):
        with sdpa_kernel(SDPBackend.MATH):
            loss = loss_of(net, TASK.sample(B, np.random.default_rng([seed, step])))
            found = torch.autograd.grad(loss, [*weights, *net.stream])
        size = [float(x.detach().square().mean().sqrt()) for x in net.stream]
        runs.append([float(g.norm()) for g in found] + size)
    means = [rounded(value) for value in np.mean(runs, 0)]
    parts = np.split(means, [n_layers, 2 * n_layers + 1])
    return {name: part.tolist() for name, part in zip(("W_2", "gradient", "stream"), parts, strict=True)}


def at_the_start(seeds, steps, starts, widths, depths, shown):
    """start -> kind -> width -> "first" and "last": depth -> the gradient of W_2 in that block, by seed; and for the
    stack that is `shown` (width, depth) all of `gradients`, by seed and block.
    """
    found = {}
    for start in starts:
        for kind in KINDS:
            of = found.setdefault(start, {}).setdefault(kind, {})
            for d in widths:
                for L in depths:
                    runs = [gradients(seed, steps, kind, start, d, L) for seed in seeds]
                    for name, block in {"first": 0, "last": -1}.items():
                        values = [run["W_2"][block] for run in runs]
                        of.setdefault(f"{d}", {}).setdefault(name, {})[f"{L}"] = values
                    if [d, L] == shown:
                        of["by block"] = {name: [run[name] for run in runs] for name in runs[0]}
    return found


def counted(seed, kind, start, warm_up, rate, d_model, n_layers, steps):
    """The loss over chance after training, on 512 fresh sequences."""
    schedule = Cosine(steps, warmup=round(warm_up * steps))
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed}
    run = fit(lambda: Deep(kind, start, d_model, n_layers), TASK, steps=steps, on_nonfinite="stop", **how)
    with torch.no_grad():
        loss = float(loss_of(run.model.eval(), TASK.sample(512, np.random.default_rng([seed, 10**6]))))
    return rounded(loss / TASK.chance)


def trained(steps, tuning, seeds, rates, arms, d_model):
    """arm -> rate -> loss over chance by seed of the tuning, and "shown": rate, loss over chance by seed, at the rate
    with the smallest median in the tuning. arms: name -> kind, start, blocks, share of the steps that warm up.
    """
    found = {}
    for name, (kind, start, n_layers, warm_up) in arms.items():
        how = {"kind": kind, "start": start, "warm_up": warm_up, "d_model": d_model, "n_layers": n_layers}
        tried = {rate: [counted(seed, rate=rate, steps=steps, **how) for seed in tuning] for rate in rates}
        best = min(tried, key=lambda rate: np.nan_to_num(np.median(tried[rate]), nan=np.inf))
        found[name] = {f"{rate}": values for rate, values in tried.items()}
        found[name]["shown"] = {
            "rate": best,
            "loss": [counted(seed, rate=best, steps=steps, **how) for seed in seeds],
        }
    return found


def name_of(kind, start, n_layers, warm_up):
    """What an arm is called."""
    return f"{kind}, {start}, {n_layers} blocks, {'warm-up' if warm_up else 'no warm-up'}"


ARMS = [(kind, start, 12, w) for start in ("Glorot", "PyTorch") for kind in KINDS[:2] for w in (0.25, 0)]
ARMS += [(kind, "PyTorch", 12, 0.25) for kind in KINDS[2:]]
ARMS += [("post-norm", "Glorot", 3, w) for w in (0.25, 0)]
MEASUREMENTS = {
    "depth": {
        "what": "norm of the gradient of W_2 at the start, first and last block, by depth; by block for one stack",
        "unit": "norm",
        "measure": at_the_start,
        "settings": {
            "steps": 2,
            "seeds": list(range(20, 27)),
            "starts": ["Glorot", "PyTorch"],
            "widths": [16, 64],
            "depths": [2, 6, 24, 48],
            "shown": [64, 24],
        },
    },
    "depth_trained": {
        "what": "counting: loss over chance of deep stacks, tuned over rates",
        "unit": "chance",
        "measure": trained,
        "settings": {
            "steps": 100,
            "tuning": [40],
            "seeds": list(range(50, 55)),
            "rates": [0.0003, 0.001, 0.003, 0.01],
            "arms": {name_of(*arm): list(arm) for arm in ARMS},
            "d_model": 32,
        },
    },
}
