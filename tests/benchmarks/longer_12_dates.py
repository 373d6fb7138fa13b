"""English dates into Somali with attention: what is right, how soon, and whether the weights lie on the gold links.

    python tests/benchmarks/longer_training.py 12_dates

All networks have the same decoder, sizes, batches and number of steps as those of 11_dates. The rate is one of three,
tried on other seeds with the dot product and without attention (`rates`); the other scores were not tuned. A link is
the source word with the largest weight as the true target is read. Links of marks and of EOS are left out on both
sides for "aer", those of EOS for "aer with marks".
"""

import time

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.metrics import alignment_error_rate
from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

CHAPTER = "12"
B, E, H = 64, 24, 64
TRAIN, TEST = Translation("dates", "train"), Translation("dates", "test")
ARMS = {  # name -> score, directions of the encoder, when the decoder attends
    "no attention": [None, 2, "after"],
    "dot": ["dot", 2, "after"],
    "general": ["general", 2, "after"],
    "additive": ["additive", 2, "after"],
    "additive, before": ["additive", 2, "before"],
    "dot, one direction": ["dot", 1, "after"],
}


def network(score, directions, attend, attention=Attention, model=EncoderDecoder):
    """A GRU that reads, with H units in all its directions, and one of H units that writes."""
    reads = GRU(E, H // directions, batch_first=True, bidirectional=directions == 2)
    writes = GRU(E + (H if attend == "before" else 0), H, batch_first=True)
    layer = attention(score, H) if score else None
    return model(reads, writes, TRAIN.vocab_size, TRAIN.n_out, attention=layer, attend=attend)


def trained(make, steps, rate, seed):
    """A network after training, and the seconds of CPU that it took."""

    def data(step):
        return TRAIN.sample(B, np.random.default_rng([seed, step]))

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    began = time.process_time()
    model = fit(make, data, loss="cross_entropy", steps=steps, **how).model
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


def dates(steps, seeds, rate):
    """Arm -> score -> one value per seed; "seconds" of CPU of the training among them."""
    found = {}
    for name, arm in ARMS.items():
        runs = []
        for seed in seeds:
            model, seconds = trained(lambda arm=arm: network(*arm), steps, rate, seed)
            runs.append(scores(model) | {"seconds": round(seconds, 1)})
        found[name] = {score: [run[score] for run in runs] for score in runs[0]}
    return found


def rates(steps, tuning, tried):
    """Arm -> rate -> share right, one value per seed."""

    def exact(arm, rate, seed):
        return scores(trained(lambda: network(*ARMS[arm]), steps, rate, seed)[0])["exact"]

    arms = "no attention", "dot"
    return {arm: {str(rate): [exact(arm, rate, seed) for seed in tuning] for rate in tried} for arm in arms}


MEASUREMENTS = {
    "dates": {
        "what": "English dates into Somali with attention: loss per token, share right, alignment error rate, CPU time",
        "unit": "nats, share, seconds",
        "measure": dates,
        "settings": {"steps": 400, "seeds": list(range(50, 55)), "rate": 0.02},
    },
    "dates_rates": {
        "what": "the same, share right at several learning rates",
        "unit": "share",
        "measure": rates,
        "settings": {"steps": 400, "tuning": [40, 41], "tried": [0.01, 0.02, 0.04]},
    },
}
