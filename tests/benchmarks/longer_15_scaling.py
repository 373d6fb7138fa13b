"""A small law of scale: GPTs of several sizes read words whose entropy is known, so that nothing about it is fitted.

    python tests/benchmarks/longer_training.py 15_scaling$
    python tests/benchmarks/longer_training.py 15_scaling_largest

The source: each line is one of K words of T letters, drawn independently; the word of rank k has p_k ∝ k^-1.5, Zipf's
law, and its letters are drawn at random, once for each seed. By the chain rule the losses of its letters add up to
-log q(word), whose expectation is at least H = -Σ p_k log p_k; what is above it, the excess, is Σ p_k log(p_k / q_k).
All K words are looked at, so neither H nor the excess is estimated; and every step draws fresh words: no epoch ends.

Why a power law: letters tell nothing about each other but by heart. A reader who knows the n most frequent words, each
with its p_k, and gives what is left of the probability, R = Σ_{k>n} p_k, to all V^T strings alike, has the excess

    E(n) = Σ_{k>n} p_k log(p_k V^T / R),      R ∝ n^-0.5 for n far below K

so a power of n but for a logarithm and the end of the list. If n is proportional to the parameters N, the excess falls
as a power of N; if a word has to be seen so often before it is known, then n ∝ D^(1/1.5) for D letters, and the excess
falls as a power of D with an exponent two thirds as large. Michaud et al. 2023 derive the two in this way (quanta for
words). The model is GPT with one layer and one head, for nothing has to be looked up but the letters before.

Written down before the measurement, after runs of one seed for each of some sizes (log-log slopes there: 0.63 from 888
to 3,312 parameters, 0.36 from 3,312 to 12,768, 0.28 from there to 50,112; for 768,000 of 16,384 words; after 400 steps
0.06 was as good a rate as 0.12 for width 8, and after 200 0.004 better than 0.002 and 0.01 for width 96):

1. With the most data, the excess falls by every step in size, for 3 seeds of 3.
2. It is no straight line: a line fitted to the three smallest sizes is steeper by 0.15 or more than one fitted to the
   three largest. Data have become what is short.
3. A law of size and data, A N^-α + B D^-β, fitted to all runs but those of the largest model, tells its loss within the
   interval that is stored here before the largest is trained; the straight line tells too little loss.
4. Fitted with a floor in place of the known H, α at the most data is larger by 0.15 or more, and the floor above H.
5. 6 N D counts between 0.8 and 1 of the FLOP of matrix products, more of them the larger the model.
6. Of two sizes at equal FLOP neither is always better: the best size grows with the budget.
"""

import itertools
import runpy
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.nn import GPT
from seqlib.training import Cosine, fit

HERE = Path(__file__).parent
tuned = runpy.run_path(str(HERE / "longer_rates.py"))["tuned"]
LAWS = runpy.run_path(str(HERE / "longer_laws.py"))
straight, with_floor, both, said = (LAWS[name] for name in ("straight", "with_floor", "both", "said"))
CHAPTER = "15"
V, T, K, POWER = 32, 4, 8192, 1.5  # letters, letters of a word, words, Zipf's exponent
B = 512  # words per step
P = np.arange(1, K + 1) ** -POWER / np.sum(np.arange(1, K + 1) ** -POWER)
FLOOR = -np.sum(P * np.log(P))  # nats per word
RANKS = [1, 10, 30, 100, 300, 1000]  # where a group of ranks begins; the last of them ends the last group


@cache
def dictionary(seed):
    """What each word looks like to a model: V, which begins a line, and its letters but the last; and its letters."""
    codes = np.random.default_rng([seed, 10**6]).choice(V**T, K, replace=False)
    y = codes[:, None] // V ** np.arange(T) % V
    return np.concatenate([np.full((K, 1), V), y[:, :-1]], 1), y


def drawn(seed, step):
    """The words of a step."""
    x, y = dictionary(seed)
    k = np.searchsorted(P.cumsum()[:-1], np.random.default_rng([seed, step]).random(B), side="right")
    return Batch((x[k],), y[k], np.ones((B, T), bool))


def network(width):
    """GPT with one layer of one head."""
    return GPT(V + 1, width, 1, 1, longest=T)


def parameters(width):
    """Those of the block and the last norm: without the embeddings, the larger of which is also the read-out."""
    return sum(parameter.numel() for parameter in network(width).core.parameters())


def flop(width):
    """Of the matrix products of training, per letter read: forward, and twice as much backward.

    Forward 2 · 12 width² in the block, 4 T width for scores and means of T values, 2 (V + 1) width for the read-out.
    """
    return 3 * (24 * width**2 + 4 * T * width + 2 * (V + 1) * width)


def log_q(model, seed):
    """log q of each word, the sum over its letters."""
    x, y = dictionary(seed)
    with torch.no_grad():
        log_p = model(torch.tensor(x))[0].log_softmax(-1).double().numpy()
    return -Batch((x,), y, np.ones((K, T), bool)).losses(log_p)


@cache
def trained(width, steps, rate, seed):
    """The excess of a model after training, in nats per word, and which words it gives half their probability."""
    schedule = Cosine(steps, 0.0, steps // 20)
    how = {"lr": rate, "optimiser": "adamw", "weight_decay": 0.0, "schedule": schedule, "clip_norm": 1.0, "seed": seed}
    run = fit(lambda: network(width), lambda step: drawn(seed, step), steps=steps, loss="cross_entropy", **how)
    found = log_q(run.model.eval(), seed)
    return float(P @ (np.log(P) - found)), found > np.log(P / 2)


@cache
def ideal():
    """E(n), the excess of a reader who knows the n most frequent words, for n = 0 … K - 1."""
    rest, plogp = (of[::-1].cumsum()[::-1] for of in (P, P * np.log(P)))  # sums over k > n
    return plogp + rest * (T * np.log(V) - np.log(rest))


def words(excess):
    """The n whose E(n) is nearest to an excess, on the log scale that both are shown on."""
    return int(np.abs(np.log(ideal()) - np.log(excess)).argmin())


def grid(widths, parts, steps, rates, seeds):
    """The excess of each width, part of the steps, and seed; and which words are known after all the steps."""
    excess = np.zeros((len(widths), len(parts), len(seeds)))
    known = {}
    for (i, j, k), _ in np.ndenumerate(excess):
        ran = trained(widths[i], max(1, steps // parts[j]), rates[f"{widths[i]}"], seeds[k])
        excess[i, j, k] = ran[0]
        if parts[j] == 1:
            known[widths[i], seeds[k]] = ran[1]
    return excess, known


def shares(known, seeds, widths):
    """Width -> the first rank of a group -> the share of its words that are known, one per seed."""
    groups = list(itertools.pairwise(RANKS))
    return {
        f"{d}": {f"{a}": [rounded(float(known[d, seed][a - 1 : b - 1].mean())) for seed in seeds] for a, b in groups}
        for d in widths
    }


def numbers(values):
    """Rounded, at all depths; arrays as texts, low … high."""
    if isinstance(values, dict):
        return {name: numbers(value) for name, value in values.items()}
    return {"low": rounded(values[0]), "high": rounded(values[1])} if np.ndim(values) else rounded(float(values))


LINES = {  # name -> the law of parameters N and tokens D, fitted to the excess (sizes, amounts of data)
    "line": lambda N, D, y: straight(N, y[:, D.argmax()]),
    "floor fitted": lambda N, D, y: with_floor(N, y[:, D.argmax()] + FLOOR),
    "joint": lambda N, D, y: both(np.repeat(N, len(D)), np.tile(D, len(N)), y.ravel()),
}


def mean(excess):
    """Over the seeds, of the logarithms."""
    return np.exp(np.log(excess).mean(-1))


def fitted(N, D, excess):
    """The laws; what each is with seeds drawn anew and with a size left out; what each says one size ahead."""
    y, told = mean(excess), {}
    for name, law in LINES.items():
        again = [law(N, D, mean(of)) for of in LAWS["resampled"](excess)]
        cut = partial(fitted_to, law, N, D, y)
        told[name] = {
            "fit": law(N, D, y),
            "seeds": LAWS["spread"](again),
            "sizes": LAWS["leaving_one_out"](cut, len(N)),
        }
        if name != "floor fitted":
            errors = LAWS["one_ahead"](cut, lambda of, i: said(of, N[i], D.max()), y[:, D.argmax()], first=4)
            told[name] |= {
                "margin": LAWS["margin"](errors),
                "one ahead": {f"{n}": e for n, e in zip(N[4:], np.exp(errors), strict=True)},
            }
    for name, part in {"smallest three": slice(3), "largest three": slice(-3, None)}.items():
        told["line"][name] = LINES["line"](N[part], D, y[part])
    return told


def fitted_to(law, N, D, y, kept):
    """A law fitted to some of the sizes."""
    return law(N[kept], D, y[kept])


def rates_of(widths, steps, tuning, tried, tuned_at):
    """Width -> rate -> the excess of the tuning's seeds after a part of the steps; and width -> the best rate."""

    def excess(width, rate, seed):
        return rounded(trained(int(width), max(1, steps // tuned_at), rate, seed)[0], 4)

    return tuned([f"{d}" for d in widths], tried, tuning, excess)


def scaling(steps, seeds, tuning, tried, widths, parts, tuned_at, largest):
    """The tuning, the excess of each run, the laws, and what they say of a model that is larger than all of these."""
    found, chosen = rates_of(widths, steps, tuning, tried, tuned_at)
    excess, known = grid(widths, parts, steps, chosen, seeds)
    N, D = np.array([parameters(d) for d in widths]), np.array([max(1, steps // part) * B * T for part in parts])
    laws = fitted(N, D, excess)
    size, most, told = parameters(largest), int(D.max()), {}
    for name in ("line", "joint"):
        law, factor = laws[name]["fit"], laws[name]["margin"]
        y = said(law, size, most)
        told[name] = numbers({"excess": y, "low": y / factor, "high": y * factor})
    costs = {f"{d}": [flop(d) * tokens for tokens in sorted(D)] for d in widths}
    order = D.argsort()
    of = {f"{d}": list(mean(excess)[i, order]) for i, d in enumerate(widths)}
    budgets = np.geomspace(min(map(min, costs.values())), max(map(max, costs.values())), 13)
    each = words(mean(excess)[0, D.argmax()]) / N[0]
    alpha = straight(N, ideal()[np.clip(np.rint(each * N).astype(int), 1, K - 1)])["alpha"]
    n = np.unique(np.rint(np.geomspace(1, K - 1, 40)).astype(int))
    return {
        "tuning": found,
        "chosen": chosen,
        "floor": rounded(FLOOR, 6),
        "parameters": {f"{d}": int(size) for d, size in zip(widths, N, strict=True)},
        "tokens": {f"{part}": int(tokens) for part, tokens in zip(parts, D, strict=True)},
        "flop per token": {f"{d}": {"counted": flop(d), "6 N": int(6 * N[i])} for i, d in enumerate(widths)},
        "excess": {
            f"{d}": {f"{part}": [rounded(y) for y in excess[i, j]] for j, part in enumerate(parts)}
            for i, d in enumerate(widths)
        },
        "known": shares(known, seeds, widths),
        "words": {f"{d}": [words(y) for y in excess[i, D.argmax()]] for i, d in enumerate(widths)},
        "ideal": {"words": {f"{i}": rounded(ideal()[i]) for i in n}, "alpha": rounded(alpha)},
        "laws": numbers(laws),
        "said of the largest": {"width": largest, "parameters": size, "tokens": most} | told,
        "budgets": {f"{C:.3e}": numbers(LAWS["at_budget"](C, costs, of)) for C in budgets},
    }


def record(steps, seeds, tuning, tried, width, tuned_at, earlier):
    """A model that is larger than all that the laws were fitted to, and whether its excess is as they said."""
    (values,) = earlier
    found, chosen = rates_of([width], steps, tuning, tried, tuned_at)
    excess, known = grid([width], [1], steps, chosen, seeds)
    y = float(mean(excess)[0, 0])
    told = {name: values["said of the largest"][name] for name in ("line", "joint")}
    return {
        "tuning": found,
        "chosen": chosen,
        "parameters": parameters(width),
        "excess": [rounded(y) for y in excess[0, 0]],
        "mean": rounded(y),
        "known": shares(known, seeds, [width])[f"{width}"],
        "words": [words(y) for y in excess[0, 0]],
        "held": {
            name: {"inside": bool(of["low"] <= y <= of["high"]), "ratio": rounded(y / of["excess"])}
            for name, of in told.items()
        },
    }


SHARED = {"steps": 1600, "seeds": [220, 221, 222], "tuning": [215], "tried": [0.004, 0.01, 0.025, 0.06], "tuned_at": 4}
WHAT = "words by Zipf's law, of which the entropy is known: GPTs of one layer, the excess over it in nats per word"
MEASUREMENTS = {
    "scaling": {
        "what": f"{WHAT}, by width and by part of the data; the laws fitted, and what they say of a larger one",
        "unit": "nats per word, share of words, FLOP",
        "measure": scaling,
        "settings": SHARED | {"widths": [8, 12, 16, 24, 32, 48, 64], "parts": [16, 8, 4, 2, 1], "largest": 96},
    },
    "scaling_largest": {
        "what": f"{WHAT}, of one that is larger than those that the laws were fitted to",
        "unit": "nats per word, share of words",
        "measure": record,
        "settings": SHARED | {"width": 96},
        "reads": ["15_scaling"],
    },
}
