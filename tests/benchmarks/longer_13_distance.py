"""Why rotary positions fail all at once, from place 23 on: is it one distance, 22, that looks like distance 3?

    python tests/benchmarks/longer_training.py 13_distance$

The networks are those of the arm "lag, causal, rotary" in 13_positions: trained on lengths up to 16, asked up to 32 for
the symbol LAG = 3 places before. Nothing is trained anew: afterwards some distances t - s are forbidden, in all blocks
and heads. `beyond` is the share of right answers at the places that have a word 22 back, the 23rd to the 32nd.

The theory. A query and a key that have the same part in each pair of features score Σ_i cos((d - 3) ω_i) at distance d,
if they are turned so that 3 scores most. Of the distances that the training has not, 16 to 31, the one with the largest
mean of these cosines looks most like 3 (`alike`, "mean": no weight has to be chosen). Two other weights, since a head
that tells 3 from 2 and 4 has to lean on fast pairs: the rates ω_i themselves, and the two fastest pairs alone. It came
after the curves of 13_positions had been seen, and was first tried on six other networks. Forbidding a distance in
these five had not been tried when the bounds were written:

* 22 forbidden: of what is missing in `beyond`, (new - old) / (1 - old) comes back; at least 0.8 supports the theory,
  at most 0.5 refutes it;
* 16 to 21, or 21, or 23 to 31, or all these but 22 forbidden: `beyond` moves by at most 0.05 for the theory, by 0.1 or
  more against it;
* each distance from 16 to 31 forbidden alone: `beyond` is largest for 22.

Each has to hold in five networks of five.
"""

import runpy
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded

S = runpy.run_path(str(Path(__file__).with_name("longer_13.py")))
CHAPTER = "13"
ARM = "lag, causal, rotary"
NAMED = 22  # by the theory, of the distances in NEW
NEW = list(range(S["TRAINED"][1], max(S["TESTED"])))  # 0 to 15 are in the training
FORBIDDEN = {
    "nothing": [],
    "22": [NAMED],
    "16 to 21": list(range(16, NAMED)),
    "21": [21],
    "23 to 31": list(range(23, 32)),
    "16 to 31 but 22": [d for d in NEW if d != NAMED],
}


def alike(distances):
    """Weights of the pairs -> distance -> how much it looks like LAG: the weighted mean of cos((d - LAG) ω_i)."""
    d_k = S["D_MODEL"] // S["HEADS"]
    rates = 10_000.0 ** (-np.arange(0, d_k, 2) / d_k)
    weights = {"mean": np.ones_like(rates), "by rate": rates, "two fastest": 1.0 * (np.arange(len(rates)) < 2)}
    cosines = {d: np.cos((d - S["LAG"]) * rates) for d in distances}
    return {
        name: {f"{d}": rounded(np.average(cosine, weights=w)) for d, cosine in cosines.items()}
        for name, w in weights.items()
    }


def allowed(T, forbidden):
    """The mask of a sequence in which no place attends to another at such a distance before it  (1, T, T)."""
    at = torch.arange(T)
    distance = at[:, None] - at
    return ~torch.isin(distance, torch.tensor(forbidden, dtype=distance.dtype))[None]


def right(model, batch, forbidden):
    """Which answers are right where these distances are forbidden, in every block  (cases, T)."""
    x = torch.tensor(batch.inputs[0])
    with torch.no_grad():
        h = model.core(model.embedding("x", x), mask=allowed(x.shape[1], forbidden))
        return model.readout(h).argmax(2).numpy() == batch.y


def beyond(found):
    """The share right at the places that have a word NAMED before them."""
    return rounded(found[:, NAMED:].mean())


def attention(model, batch, distances):
    """The weight on each distance at those places, of the head that gives most to LAG; which that is, LAG decides."""
    with torch.no_grad():
        weights = model(torch.tensor(batch.inputs[0]), need_weights=True)[1].mean(1).flatten(0, 1).numpy()
    T = weights.shape[-1]
    by_distance = {
        d: weights[:, range(max(NAMED, d), T), range(max(NAMED, d) - d, T - d)].mean(1) for d in (S["LAG"], *distances)
    }
    head = by_distance[S["LAG"]].argmax()
    return {f"{d}": rounded(of[head]) for d, of in by_distance.items()}


def distance(steps, seeds, new, forbidden, earlier):
    """Shares right by what is forbidden, and with one distance at a time; the attention; how alike each distance is."""
    task, causal, kind = S["ARMS"][ARM]
    rate = earlier[0]["chosen"][ARM]
    arms = {name: {"places": [], "beyond": []} for name in forbidden}
    alone, seen = {f"{d}": [] for d in new}, []
    for seed in seeds:
        model = S["trained"](task, causal, kind, steps, rate, seed)
        longest = max(S["TESTED"])
        # the sequences that 13_positions tests this length on
        batch = S["labelled"](task, [longest] * S["CASES"], np.random.default_rng([seed, 10**6, longest]))
        for name, these in forbidden.items():
            found = right(model, batch, these)
            arms[name]["places"].append([rounded(v) for v in found[:, S["LAG"] :].mean(0)])
            arms[name]["beyond"].append(beyond(found))
        for d in new:
            alone[f"{d}"].append(beyond(right(model, batch, [d])))
        seen.append(attention(model, batch, new))
    weights = {name: [of[name] for of in seen] for name in seen[0]}
    return {"arms": arms, "alone": alone, "attention": weights, "alike": alike(new)}


MEASUREMENTS = {
    "distance": {
        "what": "the symbol three before, rotary, up to twice the length: share right as distances are forbidden",
        "unit": "share",
        "measure": distance,
        "reads": ["13_positions"],
        "settings": {
            "steps": S["MEASUREMENTS"]["positions"]["settings"]["steps"],
            "seeds": S["SEEDS"],
            "new": NEW,
            "forbidden": FORBIDDEN,
        },
    }
}
