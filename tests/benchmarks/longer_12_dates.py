"""English dates into Somali with attention: what is right, how soon, and whether the weights lie on the gold links.

    python tests/benchmarks/longer_training.py 12

The width of the decoder, the batches, the rate and the number of steps are those of 11_dates; the rate was tuned for
none of these networks. A link is the source token with the largest weight as the true target is read. Links of marks
and of EOS are left out on both sides for "aer", those of EOS for "aer with marks". What is done for `causal` and `mask`
is in dates_interference.py and dates_padding.py.
"""

import runpy
import time
from functools import cache
from pathlib import Path

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.metrics import alignment_error_rate
from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

INTERFERENCE, PADDING = (
    runpy.run_path(str(Path(__file__).with_name(f"dates_{topic}.py"))) for topic in ("interference", "padding")
)
CHAPTER = "12"
B, E, H = 64, 24, 64
TRAIN, TEST = Translation("dates", "train"), Translation("dates", "test")
ARMS = {  # name -> what is told to `network`
    "no attention": {"score": None},
    "dot": {"score": "dot"},
    "general": {"score": "general"},
    "additive": {"score": "additive"},
    "dot, one direction": {"score": "dot", "directions": 1},
    "no mask": {"score": "dot", "attention": PADDING["Unmasked"]},
    "lengths unknown": {"score": "dot", "model": PADDING["Untold"]},
}


def network(score, directions=2, attention=Attention, model=EncoderDecoder):
    """A GRU that reads, with H units in all its directions together, and one of H units that writes."""
    reads = GRU(E, H // directions, batch_first=True, bidirectional=directions == 2)
    writes = GRU(E, H, batch_first=True)
    layer = attention(score, H) if score else None
    return model(reads, writes, TRAIN.vocab_size, TRAIN.n_out, attention=layer)


@cache
def trained(arm, steps, rate, seed):
    """A network of an arm after training, and the seconds of CPU that it took."""

    def data(step):
        return TRAIN.sample(B, np.random.default_rng([seed, step]))

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    began = time.process_time()
    model = fit(lambda: network(**ARMS[arm]), data, loss="cross_entropy", steps=steps, **how).model
    return model, time.process_time() - began


def right(model, batch):
    """Which sentences of a batch are translated without a mistake  (B,)."""
    source, lengths, _ = batch.inputs
    T = batch.y.shape[1]
    state = model.encode(source, lengths)
    ids = greedy(model, [[BOS]] * len(source), max_length=T, eos=EOS, state=state).ids
    ids = np.pad(ids, ((0, 0), (0, T - ids.shape[1])))
    return (ids == np.where(batch.mask, batch.y, 0)).all(1)


def linked(weights, chosen):
    """For each sentence the links (s, t) of every token of the target with the source token of the largest weight."""
    found = []
    for row, one in zip(weights, chosen, strict=True):
        best = row[: len(one.target)].argmax(1)
        found.append({(int(s), t) for t, s in enumerate(best) if s < len(one.source)})
    return found


def of_words(links, one):
    """Those links whose target token is a word or a digit, no mark."""
    return {(s, t) for s, t in links if one.roles[1][t]}


def error_rates(found, chosen):
    """AER of words and digits, of all tokens, and of the words and digits of each form."""
    gold = [(one.sure, one.possible) for one in chosen]
    bare = [[of_words(links, one) for links in (A, *g)] for A, g, one in zip(found, gold, chosen, strict=True)]
    rates = {"aer": alignment_error_rate(*zip(*bare, strict=True))}
    rates["aer with marks"] = alignment_error_rate(found, *zip(*gold, strict=True))
    for form in sorted({one.form for one in chosen}):
        own = [links for links, one in zip(bare, chosen, strict=True) if one.form == form]
        rates[f"aer, {form}"] = alignment_error_rate(*zip(*own, strict=True))
    return rates


def next_to(found, chosen):
    """The share of words and digits with one sure link whose own is with the token beside it."""
    off = []
    for A, one in zip(found, chosen, strict=True):
        gold = {t: s for s, t in of_words(one.sure, one)}
        off += [abs(s - gold[t]) == 1 for s, t in A if t in gold]
    return np.mean(off)


def scores(model):
    """On all dates of the test: expected loss per token, expected share right, and how the weights lie."""
    batch, P = TEST.every_case()
    source, lengths, previous = batch.inputs
    with torch.no_grad():
        logits, state = model(torch.tensor(source), lengths, torch.tensor(previous))
    losses = batch.losses(torch.log_softmax(logits.double(), -1).numpy())
    found = {"loss": P @ losses / (P @ batch.mask.sum(1)), "exact": P @ right(model, batch)}
    if state.weights is not None:
        links = linked(state.weights.numpy(), TEST.sentences)
        found |= error_rates(links, TEST.sentences) | {"beside": next_to(links, TEST.sentences)}
    return {name: rounded(value, 4) for name, value in found.items()}


def by_score(runs):
    """Score -> one value per seed."""
    return {score: [run[score] for run in runs] for score in runs[0]}


def dates(steps, seeds, rate, arms):
    """Arm -> score -> one value per seed; "seconds" of CPU of the training among them."""
    found = {}
    for arm in arms:
        nets = [trained(arm, steps, rate, seed) for seed in seeds]
        found[arm] = by_score([scores(model) | {"seconds": round(seconds, 1)} for model, seconds in nets])
    return found


def causal(steps, seeds, rate, arms, cases):
    """Arm -> what is done -> one value per seed."""
    effects = INTERFERENCE["effects"]
    return {arm: by_score([effects(trained(arm, steps, rate, seed)[0], seed, cases) for seed in seeds]) for arm in arms}


def mask(steps, seeds, rate, arms):
    """Name -> score -> one value per seed; an arm is what is trained, and what translates with its parameters."""
    found = {}
    for name, (taught, used) in arms.items():
        runs = []
        for seed in seeds:
            model = network(**ARMS[used])
            model.load_state_dict(trained(taught, steps, rate, seed)[0].state_dict())
            runs.append(PADDING["scores"](model))
        found[name] = by_score(runs)
    return found


HOW = {"steps": 400, "seeds": list(range(50, 55)), "rate": 0.02}
MEASUREMENTS = {
    "dates": {
        "what": "English dates into Somali with attention: loss per token, share right, alignment error rate, CPU time",
        "unit": "nats, share, seconds",
        "measure": dates,
        "settings": HOW | {"arms": ["no attention", "dot", "general", "additive", "dot, one direction"]},
    },
    "causal": {
        "what": "the same: what changes if attended words are erased or swapped, or the weights permuted",
        "unit": "share, total variation, correlation",
        "measure": causal,
        "settings": HOW | {"arms": ["additive", "dot", "dot, one direction"], "cases": 300},
    },
    "mask": {
        "what": "the same alone and beside longer sentences, with the mask and without: share right, share changed",
        "unit": "share",
        "measure": mask,
        "settings": HOW
        | {
            "arms": {
                "masked": ["dot", "dot"],
                "mask off, afterwards": ["dot", "no mask"],
                "no mask": ["no mask", "no mask"],
                "lengths unknown": ["lengths unknown", "lengths unknown"],
            }
        },
    },
}
