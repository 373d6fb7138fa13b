"""The heads of networks that recall: what each looks at while it learns, and what is lost without it.

    python tests/benchmarks/longer_training.py '15_heads$'

Two layers of attention, as in longer_15_recall.py, with one head per layer and with four. Two scores of a head: to
look at what stands before, the mean weight from a value to its key, and induction (Olsson et al. 2022), from a key that
has been there before to the values that stood after it. Weights tell what a head looks at. What it does is seen when
something is changed: heads write 0, or their mean over other sequences at that place, or, as a control, the same change
of the stream turned into a random direction; or they look at another value, and the answer follows or does not.

Bounds written down before the recording, after trials with two other seeds, in which the only head of either layer
could not be spared, and any one of four could, when they wrote 0. Mean output and what follows had not been tried.

1. With one head per layer, at the end: previous above 0.9 in layer 1, induction above 0.9 in layer 2.
2. `attention-explains`: what the loss at repeated keys gains if heads write their mean, above 1 or below 0.3, for the
   one head of each layer, for that of four in layer 2 which scores highest in induction, and for all four of a layer;
   and how much more that is than with the control, above 0.5 or below 0.25.
3. `attention-explains`: where the head of layer 2 looks at the value of another key, the answer is that value: above
   0.9 or below 0.5; and so if only the one of four that scores highest does.
"""

import contextlib
import itertools
import runpy
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded

RECALL = runpy.run_path(str(Path(__file__).with_name("longer_15_recall.py")))
CHAPTER = "15"
TASK, text, scores, times = (RECALL[name] for name in ("TASK", "text", "scores", "times"))
HEADS = {"1 head": 1, "4 heads": 4}
EVERY = 10  # steps from one look at the heads to the next
DRAWN_PAIRS, DRAWN_AT = 10, (0, 50, 80, 90, 100, 110, 120, 130, 150, 200, 250)


def read(model, x):
    """Probabilities at the keys and weights of the heads: (B, T) -> (B, P, V), (layers, B, heads, T, T)."""
    model.eval()
    with torch.no_grad():
        out, weights = model(torch.tensor(x), need_weights=True)
    model.train()
    return out[:, ::2].double().softmax(-1).numpy(), weights.numpy()


def copies_of(keys):
    """[b, j, i]: whether the i-th key of a sequence, before the j-th, is the same one: (B, P) -> (B, P, P)."""
    return np.tril(keys[:, :, None] == keys[:, None, :], -1)


def looks(weights, keys):
    """Both scores of every head: (layers, B, heads, T, T), (B, P) -> (layers, heads), (layers, heads)."""
    T = weights.shape[-1]
    values = np.arange(1, T, 2)
    previous = weights[..., values, values - 1].mean((1, 3))
    same = copies_of(keys)[:, :, : len(values)]
    to_values = weights[..., ::2, 1::2]  # from keys to values
    found = (to_values * same[:, None]).sum(-1).transpose(0, 2, 1, 3)[..., same.any(2)]
    return previous, found.mean(-1)


def named(layer, heads):
    """The name of some heads of a layer."""
    return f"block {layer + 1}, heads {'+'.join(str(head + 1) for head in heads)}"


def columns(attention, heads):
    """Where these heads write in what goes into W_o: (d,) boolean."""
    return np.isin(np.arange(attention.d_model) // attention.d_k, list(heads))


@contextlib.contextmanager
def changed(block, heads, wanted, turn=None):
    """These heads write wanted(x) in place of x, (B, T, d); with `turn` the change of the stream is turned by it."""
    of_heads = torch.tensor(columns(block.self_attn, heads))

    def hook(module, given, out):
        written = torch.where(of_heads, wanted(given[0]) - given[0], 0.0) @ module.weight.T
        return out + (written if turn is None else written @ turn)

    handle = block.self_attn.out_proj.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()


def means(model, x):
    """What the heads of each layer write at each place, the mean over sequences: (layers, T, d)."""
    found, handles = [], []
    for block in model.core.blocks:
        hook = lambda module, given, out: found.append(given[0].mean(0))  # noqa: E731
        handles.append(block.self_attn.out_proj.register_forward_hook(hook))
    with torch.no_grad():
        model(torch.tensor(x))
    for handle in handles:
        handle.remove()
    return found


def at_random(seed):
    """A random rotation or reflection of the stream: (d, d)."""
    a = np.random.default_rng([seed, 10**6, 3]).normal(size=(RECALL["D_MODEL"],) * 2)
    return torch.tensor(np.linalg.qr(a)[0], dtype=torch.float32)


def without(model, batch, reference, seed):
    """Way -> which heads -> loss and accuracy at repeated keys, if these heads of one layer do not say what they do."""
    seen, mean, turn = times(batch) > 0, means(model, reference), at_random(seed)

    def measured():
        of = scores(RECALL["answers"](model, batch), batch, seen)
        return {name: rounded(float(of[name]), 4) for name in ("loss", "accuracy")}

    found = {}
    for way in ("zero", "mean", "random"):
        found[way] = {"nothing": measured()}
        for layer, block in enumerate(model.core.blocks):
            n = block.self_attn.n_heads
            to = torch.zeros_like(mean[layer]) if way == "zero" else mean[layer]
            for size in range(1, n + 1):
                for heads in itertools.combinations(range(n), size):
                    with changed(block, heads, lambda x, to=to: to, turn if way == "random" else None):
                        found[way][named(layer, heads)] = measured()
    return found


def another(batch, rng):
    """For sequences whose last key has been there: their rows, a pair before it with another value, so key, each."""
    keys, y = batch.inputs[0][:, ::2], batch.y[:, ::2]
    rows, pairs = [], []
    for b in np.flatnonzero((keys[:, :-1] == keys[:, -1:]).any(1)):
        others = np.flatnonzero(y[b, :-1] != y[b, -1])
        if len(others):
            rows.append(b)
            pairs.append(rng.choice(others))
    return np.array(rows), np.array(pairs)


def redirected(model, batch, seed):
    """Which heads -> how often the last answer is the value of another pair, if they look there and nowhere else."""
    rows, pairs = another(batch, np.random.default_rng([seed, 10**6, 4]))
    x, wanted = batch.inputs[0][rows], batch.y[rows, 2 * pairs]
    found = {"nothing": follow(model, x, wanted)}
    for layer, block in enumerate(model.core.blocks):
        n = block.self_attn.n_heads
        for heads in [*([head] for head in range(n)), *([list(range(n))] if n > 1 else [])]:
            with looking_at(block, heads, 2 * pairs + 1):
                found[named(layer, heads)] = follow(model, x, wanted)
    return found


@contextlib.contextmanager
def looking_at(block, heads, places):
    """At the last place of sequence b these heads read the value vector of places[b] alone."""
    normed = []

    def wanted(x):
        values = block.self_attn.project(normed[-1])[1].values.transpose(1, 2).flatten(2)
        to = x.clone()
        to[:, -1] = values[torch.arange(len(x)), torch.tensor(places)]
        return to

    handle = block.norm1.register_forward_hook(lambda module, given, out: normed.append(out))
    try:
        with changed(block, heads, wanted):
            yield
    finally:
        handle.remove()


def follow(model, x, wanted):
    """How often the last answer is as wanted."""
    return rounded(float((read_last(model, x) == wanted).mean()), 4)


def read_last(model, x):
    """The last answer to each sequence."""
    with torch.no_grad():
        return model(torch.tensor(x))[0][:, -1].argmax(-1).numpy()


def picture(seed):
    """The beginning of a sequence in which no two keys have one value, and more of them come back than in 200 others.

    Shapes:  x (1, 2 DRAWN_PAIRS - 1), y (DRAWN_PAIRS,)
    """
    batch = TASK.sample(200, np.random.default_rng([seed, 10**6, 5]))
    x, y = batch.inputs[0][:, : 2 * DRAWN_PAIRS - 1], batch.y[:, : 2 * DRAWN_PAIRS - 1 : 2]
    come = [(Counter(keys), set(values)) for keys, values in zip(x[:, ::2].tolist(), y.tolist(), strict=True)]
    back = [sum(n > 1 for n in keys.values()) if len(keys) == len(values) else 0 for keys, values in come]
    best = int(np.argmax(back))
    return x[[best]], y[best]


def frame(model, step, x, y):
    """What the heads look at in one sequence, in percents, and what is said of the right value at each key."""
    p, weights = read(model, x)
    maps = {
        f"block {k}": [[" ".join(f"{round(100 * float(w))}" for w in row) for row in head] for head in of[0]]
        for k, of in enumerate(weights, 1)
    }
    right = p[0, np.arange(len(y)), y]
    return {"step": step, "right": " ".join(f"{100 * q:.0f}" for q in right), "maps": maps}


def learned(n_heads, steps, seed, sequences, x=None, y=None):
    """A training that is watched: the network, steps, losses, both scores of each head there, and frames of x."""
    batch = TASK.sample(sequences, np.random.default_rng([seed, 10**6]))
    seen, told = times(batch) > 0, {"at": [], "loss": [], "previous": {}, "induction": {}, "frames": []}

    def watch(step, model):
        if step % EVERY == 0 or step == steps:
            p, weights = read(model, batch.inputs[0])
            told["at"].append(step)
            told["loss"].append(scores(p, batch, seen)["loss"])
            for score, of in zip(("previous", "induction"), looks(weights, batch.inputs[0][:, ::2]), strict=True):
                for (layer, head), value in np.ndenumerate(of):
                    told[score].setdefault(f"block {layer + 1}, head {head + 1}", []).append(float(value))
            if x is not None and step in DRAWN_AT:
                told["frames"].append(frame(model, step, x, y))

    build = lambda: RECALL["transformer"](2, n_heads=n_heads)  # noqa: E731
    model = RECALL["trained"](build, lambda n, rng: TASK.sample(n, rng), steps, seed, watch)
    model.eval()
    return model, batch, told


def heads(seeds, sequences, steps):
    """Number of heads -> scores over training, what is lost without heads, what follows them; one sequence drawn."""
    x, y = picture(seeds[0])
    found = {}
    for name, n_heads in HEADS.items():
        of = found[name] = {"at": "", "loss": [], "previous": {}, "induction": {}, "off": {}, "redirected": {}}
        for seed in seeds:
            model, batch, told = learned(n_heads, steps, seed, sequences, x, y)
            reference = TASK.sample(sequences, np.random.default_rng([seed, 10**6, 6])).inputs[0]
            of["at"] = text(told["at"])
            of["loss"].append(text(told["loss"]))
            for score in ("previous", "induction"):
                for head, values in told[score].items():
                    of[score].setdefault(head, []).append(text(values))
            for way, which in without(model, batch, reference, seed).items():
                for heads_, measures in which.items():
                    for measure, value in measures.items():
                        at = of["off"].setdefault(way, {}).setdefault(heads_, {})
                        at.setdefault(measure, []).append(value)
            for heads_, share in redirected(model, batch, seed).items():
                of["redirected"].setdefault(heads_, []).append(share)
            if (n_heads, seed) == (1, seeds[0]):
                shown = {"words": words(x[0]), "answers": [f"v{v + 1}" for v in y], "frames": told["frames"]}
    return found | {"drawn": shown}


def words(x):
    """Ids as keys k1, k2, … and values v1, v2, …"""
    return [f"k{i + 1}" if i < TASK.all_keys else f"v{i - TASK.all_keys + 1}" for i in x.tolist()]


MEASUREMENTS = {
    "heads": {
        "what": "associative recall: what each head looks at over training, what is lost without some, what follows "
        "them; the maps of one sequence at several steps",
        "unit": "nats, share, percent",
        "measure": heads,
        "settings": {"seeds": list(range(260, 265)), "sequences": 128, "steps": 250},
    },
}
