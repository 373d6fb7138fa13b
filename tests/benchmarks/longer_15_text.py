"""What chapter 15 says of text: a GPT against chapter 10's LSTM at equal CPU time, by characters and by BPE.

    python tests/benchmarks/longer_training.py 15_text_clock$ 15_text_tuning$ 15_text_finals$ 15_text$ 15_text_bpe$

Split, vocabulary and test of a seed are those of longer_10.py, whose Kneser-Ney is the control: the entropy of real
text is not known, so there is no floor. All is told in bits per byte: the bits of all symbols but the first, over the
bytes that they stand for. With BPE these are the bits of one way to cut the text, an upper bound for the text itself.

Time. "text_clock" lets all networks take turns at training, a few steps each, in CPU time on one thread, so that other
work on the machine slows all of them: a network may take as many steps as the first one, divided by the median over the
rounds of its time over that of the first. The schedule of each ends where its budget ends. What it took is stored too.

Care. Eight choices of each kind are tried on a seed of its own for a part of the budget, schedule included, and judged
by the validation text; the best two for the whole of it (longer_15_finals.py); and, with the GPT that is best at first,
each vocabulary of BPE. A few trials on one more seed came before: smaller batches than chapter 10's served both kinds,
and GPTs of 96 or 128 features learned slowly. One choice has GPT-2's block, the others the modern one of 13_modern.
Each kind is trained in its own way: the LSTM as in chapter 10 (state from chunk to chunk, Adam, cosine to 0), the GPT
on windows that begin anywhere (AdamW, decay 0.1, warm-up, cosine to 0.1), and scored with a window that slides by a
quarter of its length. The LSTM is torch.nn's, which is the faster one (13_speed).

Asked, with bounds set before the recording, for "a Transformer predicts text better than an LSTM at equal CPU time":
bits per byte of the LSTM less those of the GPT, seed by seed; above 0.02 supports, below 0 refutes. Its arms are

    by characters          both alone
    with Kneser-Ney        each mixed with it by characters, the weight chosen on the validation text
    BPE for the GPT        the GPT by BPE, the LSTM by characters
"""

import runpy
import time
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from seqlib.batching import Batch, chunks
from seqlib.bpe import ByteLevelBPE
from seqlib.evidence import rounded
from seqlib.nn import GPT as GPT2
from seqlib.nn import SequenceModel, TransformerModel
from seqlib.reference import kneser_ney
from seqlib.tasks import topics
from seqlib.text import UNK
from seqlib.training import Cosine, fit

CHAPTER = "15"
BEFORE = runpy.run_path(str(Path(__file__).with_name("longer_10.py")))
GPT, LSTM = "GPT", "LSTM"
HEADS, POINTS, LAST = 4, 30, 50
NETWORKS = {  # the first gives the time; windows or chunks of T symbols, B at a time
    "GPT 64": {"kind": GPT, "d": 64, "layers": 3, "T": 128, "B": 4},
    "GPT 64, B 2": {"kind": GPT, "d": 64, "layers": 3, "T": 128, "B": 2},
    "GPT 64, T 64": {"kind": GPT, "d": 64, "layers": 3, "T": 64, "B": 8},
    "GPT 64, as GPT-2": {"kind": GPT, "d": 64, "layers": 3, "T": 128, "B": 4, "block": "GPT-2"},
    "GPT 96": {"kind": GPT, "d": 96, "layers": 3, "T": 128, "B": 4},
    "LSTM 256": {"kind": LSTM, "d": 32, "units": 256, "T": 64, "B": 8},
    "LSTM 256, B 4": {"kind": LSTM, "d": 32, "units": 256, "T": 64, "B": 4},
    "LSTM 256, T 128": {"kind": LSTM, "d": 32, "units": 256, "T": 128, "B": 4},
    "LSTM 192": {"kind": LSTM, "d": 32, "units": 192, "T": 64, "B": 8},
    "LSTM 128": {"kind": LSTM, "d": 32, "units": 128, "T": 64, "B": 8},
}
CHOICES = {  # kind -> network, rate, dropout
    GPT: [
        ["GPT 64", 0.004, 0.0],
        ["GPT 64", 0.008, 0.0],
        ["GPT 64", 0.016, 0.0],
        ["GPT 64, B 2", 0.004, 0.0],
        ["GPT 64, B 2", 0.008, 0.0],
        ["GPT 64, T 64", 0.008, 0.0],
        ["GPT 64, as GPT-2", 0.004, 0.0],
        ["GPT 96", 0.006, 0.0],
    ],
    LSTM: [
        ["LSTM 256", 0.004, 0.0],
        ["LSTM 256", 0.008, 0.0],
        ["LSTM 256", 0.004, 0.25],
        ["LSTM 256, B 4", 0.002, 0.0],
        ["LSTM 256, B 4", 0.004, 0.0],
        ["LSTM 256, T 128", 0.004, 0.0],
        ["LSTM 192", 0.006, 0.0],
        ["LSTM 128", 0.008, 0.0],
    ],
}


class Text(NamedTuple):
    """The ids of the three texts of a split, how many there are, and for how many bytes each symbol stands."""

    ids: dict[str, np.ndarray]
    V: int
    widths: dict[str, np.ndarray]


@cache
def tokeniser(seed, size):
    """BPE of the training text of a split."""
    return ByteLevelBPE.train([topics.split(seed).train], size)


@cache
def encoded(seed, size=None):
    """A split by characters, as in longer_10.py, or by BPE with so many tokens."""
    texts, vocabulary, ids = BEFORE["encoded"](seed)
    if size is None:
        widths = {part: np.array([len(c.encode()) for c in text]) for part, text in texts._asdict().items()}
        return Text(ids, len(vocabulary), widths)
    bpe = tokeniser(seed, size)
    ids = {part: bpe.encode(text) for part, text in texts._asdict().items()}
    return Text(ids, len(bpe), {part: np.array([len(bpe.tokens[i]) for i in of]) for part, of in ids.items()})


def network(name, V, dropout=0.0):
    """A network of that name for V symbols."""
    of = NETWORKS[name]
    if of["kind"] == LSTM:
        core = nn.LSTM(of["d"], of["units"], batch_first=True)
        return SequenceModel(core, V, vocab_size=V, dropout=dropout)
    if "block" in of:
        return GPT2(V, of["d"], HEADS, of["layers"], longest=of["T"], dropout=dropout)
    options = {"positions": "rotary", "norm": "rms", "activation": "swiglu", "tied": True, "bias": False}
    return TransformerModel(V, V, of["d"], HEADS, of["layers"], round(8 * of["d"] / 3), dropout=dropout, **options)


def windows(ids, T, B, seed, step):
    """B windows of T symbols that begin anywhere, and the symbol after each of theirs."""
    starts = np.random.default_rng([seed, step]).integers(0, len(ids) - T, B)
    whole = np.stack([ids[start : start + T + 1] for start in starts])
    return Batch((whole[:, :-1],), whole[:, 1:], np.ones((B, T), bool))


def trained(name, rate, dropout, steps, seed, size=None, on_step=None):
    """The run of a network, and the CPU seconds that it took."""
    text, of = encoded(seed, size), NETWORKS[name]
    if of["kind"] == LSTM:
        data, how = chunks(text.ids["train"], of["B"], of["T"]), {"schedule": Cosine(steps)}
    else:
        data = partial(windows, text.ids["train"], of["T"], of["B"], seed)
        how = {"schedule": Cosine(steps, 0.1, steps // 20), "optimiser": "adamw", "weight_decay": 0.1}
    how |= {"steps": steps, "lr": rate, "clip_norm": 1.0, "seed": seed, "loss": "cross_entropy", "on_step": on_step}
    began = time.process_time()
    run = fit(partial(network, name, text.V, dropout), data, **how)
    run.model.eval()
    return run, time.process_time() - began


def sliding(model, ids, T, stride):
    """Bits of each symbol but the first, each with at least T - stride before it, or with all that there are."""
    found, done = np.empty(len(ids) - 1), 0
    starts = [*range(0, len(found) - T, stride), max(len(found) - T, 0)]  # the last one ends with the text
    for some in np.array_split(starts, -(-len(starts) // 32)):
        x = torch.tensor(np.stack([ids[start : start + T + 1] for start in some]))
        with torch.no_grad():
            log_p = model(x[:, :-1])[0].log_softmax(-1).double()
        bits = -log_p.gather(2, x[:, 1:, None])[..., 0].numpy() / np.log(2)
        for start, row in zip(some, bits, strict=True):
            found[done : start + len(row)] = row[done - start :]
            done = start + len(row)
    return found


def bits_of(name, model, ids):
    """Bits of each symbol but the first: the LSTM reads the text at one go, the GPT through a sliding window."""
    of = NETWORKS[name]
    return BEFORE["frozen"](model, ids) if of["kind"] == LSTM else sliding(model, ids, of["T"], of["T"] // 4)


def per_byte(bits, widths):
    """The bits of all symbols but the first over the bytes that they stand for."""
    return rounded(float(bits.sum() / widths[1:].sum()), 4)


def scores(name, rate, dropout, steps, seed, size=None):
    """What is stored of a network after training, and the bits of the symbols of validation and test text."""
    text = encoded(seed, size)
    run, seconds = trained(name, rate, dropout, steps, seed, size)
    bits = {part: bits_of(name, run.model, text.ids[part]) for part in ("valid", "test")}
    nats = 1 / np.log(2) / text.widths["train"].mean()  # of a symbol, as bits of a byte
    return bits, {
        "bits per byte": per_byte(bits["test"], text.widths["test"]),
        "valid": per_byte(bits["valid"], text.widths["valid"]),
        "training": rounded(float(np.mean(run.loss[-LAST:]) * nats), 4),
        "curve": [rounded(float(part.mean() * nats)) for part in np.array_split(run.loss, min(POINTS, steps))],
        "seconds": rounded(seconds),
        "steps": steps,
        "parameters": sum(p.numel() for p in run.model.parameters()),
    }


def label(name, size=None):
    """What a network is called with an alphabet."""
    return name if size is None else f"{name}, {size} tokens"


def timed(name, steps, seed, size):
    """Milliseconds of CPU of a step, the mean of `steps` after a first one."""
    marks = []
    trained(name, 0.001, 0.0, steps + 1, seed, size, lambda record: marks.append(time.process_time()))
    return 1000 * (marks[-1] - marks[0]) / steps


def clock(steps, seeds, rounds, sizes):
    """Network -> a row of milliseconds of a step, by rounds; and the median of its time over that of the first."""
    (seed,) = seeds
    arms = [(name, size) for name, of in NETWORKS.items() for size in [None, *(sizes if of["kind"] == GPT else [])]]
    took = {label(*arm): [] for arm in arms}
    for _ in range(rounds):
        for arm in arms:
            took[label(*arm)].append(timed(arm[0], steps, seed, arm[1]))
    first = np.array(next(iter(took.values())))
    ratios = {arm: rounded(float(np.median(np.array(ms) / first)), 3) for arm, ms in took.items()}
    return {"ms": {arm: [[rounded(v) for v in ms]] for arm, ms in took.items()}, "ratio": ratios}


def tuning(steps, seeds, choices, part, sizes, earlier):
    """Bits per byte of the validation text by choice, with a part of the budget; and what is chosen."""
    (seed,) = seeds
    ratio = earlier[0]["ratio"]

    def loss(name, rate, dropout, size=None):
        budget = max(1, round(steps * part / ratio[label(name, size)]))
        return scores(name, rate, dropout, budget, seed, size)[1]["valid"]

    found, chosen = {}, {}
    for kind, tried in choices.items():
        found[kind] = {
            f"{name}; rate {rate}; dropout {dropout}": loss(name, rate, dropout) for name, rate, dropout in tried
        }
        chosen[kind] = tried[int(np.argmin(list(found[kind].values())))]
    found["BPE"] = {f"{size}": loss(*chosen[GPT], size) for size in sizes}
    return found | {"chosen": chosen | {"size": min(sizes, key=lambda size: found["BPE"][f"{size}"])}}


def gathered(runs):
    """Name -> the values of all runs."""
    return {name: [run[name] for run in runs] for name in runs[0]}


def characters(steps, seeds, order, earlier):
    """Bits per byte of Kneser-Ney, and of both networks at equal CPU time, alone and mixed with it, seed by seed."""
    ratio, chosen = earlier[0]["ratio"], earlier[1]["chosen"]
    runs, of_text = {GPT: [], LSTM: []}, []
    for seed in seeds:
        text = encoded(seed)
        kn = kneser_ney.fit(text.ids["train"], order, text.V)
        counted = {part: -kn.score(text.ids[part])[1:] / np.log(2) for part in ("valid", "test")}
        told = {f"KN-{order}": per_byte(counted["test"], text.widths["test"]), "bytes": int(text.widths["test"].sum())}
        told |= {"symbols": len(text.ids["test"]), "unknown": int((text.ids["test"] == UNK).sum())}
        of_text.append(told)
        for kind, of in runs.items():
            bits, told = scores(*chosen[kind], round(steps / ratio[chosen[kind][0]]), seed)
            weight = BEFORE["best_weight"](bits["valid"], counted["valid"])
            mixed = per_byte(BEFORE["mixture"](weight, bits["test"], counted["test"]), text.widths["test"])
            of.append(told | {"weight": weight, "mixture": mixed})
    return {"arms": {kind: gathered(of) for kind, of in runs.items()}, "text": gathered(of_text)}


def bpe(steps, seeds, earlier):
    """Bits per byte of the GPT by BPE with as much CPU time, seed by seed."""
    ratio, chosen = earlier[0]["ratio"], earlier[1]["chosen"]
    name, size, runs = chosen[GPT][0], chosen["size"], []
    for seed in seeds:
        _, told = scores(*chosen[GPT], round(steps / ratio[label(name, size)]), seed, size)
        runs.append(told | {"symbols": len(encoded(seed, size).ids["test"])})
    return {"size": size, "arms": {GPT: gathered(runs)}}


STEPS, SEEDS, SIZES = 3000, list(range(10, 15)), [512, 1000, 2000]
CLOCK, TUNING, CHOSEN = "15_text_clock", "15_text_tuning", "15_text_finals"
MEASUREMENTS = {
    "text_clock": {
        "what": "a step of training on chapter 10's text, all networks taking turns, and the ratio to the first",
        "unit": "ms of CPU",
        "measure": clock,
        "settings": {"steps": 3, "seeds": [20], "rounds": 7, "sizes": SIZES},
    },
    "text_tuning": {
        "what": "networks, rates and vocabularies tried at equal CPU time, judged by the validation text",
        "unit": "bits per byte",
        "measure": tuning,
        "reads": [CLOCK],
        "settings": {"steps": STEPS, "seeds": [20], "choices": CHOICES, "part": 0.3, "sizes": SIZES},
    },
    "text": {
        "what": "held-out topics by characters: GPT and LSTM at equal CPU time, Kneser-Ney, and mixtures",
        "unit": "bits per byte; s of CPU; share",
        "measure": characters,
        "reads": [CLOCK, CHOSEN],
        "settings": {"steps": STEPS, "seeds": SEEDS, "order": 6},
    },
    "text_bpe": {
        "what": "held-out topics by BPE: the GPT with as much CPU time as by characters",
        "unit": "bits per byte; s of CPU",
        "measure": bpe,
        "reads": [CLOCK, CHOSEN],
        "settings": {"steps": STEPS, "seeds": SEEDS},
    },
}
