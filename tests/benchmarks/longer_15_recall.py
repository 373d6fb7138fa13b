"""Associative recall, learned step by step: who falls to the floor, when, and how suddenly by which measure.

    python tests/benchmarks/longer_training.py '15_recall$'

A seed draws the sequences, the weights, and the sequences of the test, which stay the same while a network trains. Of
the keys of the test only those that have been there before are scored, except in "all". Steps are those of training:
"suddenly" is said here of time; longer_15_recall_scale.py is about width.

How sudden a change is, is said by its width, (t_90 - t_10) / t_50, where t_q is the first step at which q % of the
whole change of a measure is done. An exponential approach has ln 9 / ln 2 = 3.17, a straight line 1.6, whatever the
number of steps. Written down before the recording, after trials with seeds 900 and 901 and a rate of 0.003:

1. `icl-emerges`, for each measure of the two layers of attention: below 0.5 is sudden, above 1 is not. (In the trials:
   loss 0.68 and 0.73, its part below what values alone tell 0.18 and 0.22, probability of the right value 0.35 and
   0.39, Brier 0.45 and 0.50, accuracy 0.71 and 0.71, the last five all right 0.04 and 0.13.)
2. The same network, where there are only frequencies to learn, has a loss of width above 1, 5 seeds of 5.
3. The two layers have a loss below 0.1 at repeated keys within 60 CPU seconds, 5 seeds of 5; one layer and recurrent
   networks stay above 1.5 in all of their steps, 5 seeds of 5.
4. In trained networks the loss is below 0.1 with a single example before, and above ln V, with any number of them,
   where values are shuffled.
"""

import itertools
import math
import time

import numpy as np
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.nn import GRU, LSTM, SequenceModel, TransformerModel
from seqlib.tasks import AssociativeRecall
from seqlib.training import Warmup, fit

CHAPTER = "15"
TASK = AssociativeRecall()
SHUFFLED = AssociativeRecall(fixed=False)
READERS = ("chance", "values alone", "values in context", "exact")
D_MODEL, B, RATE, WARM_UP = 64, 64, 0.003, 100
AT = (*range(0, 200, 5), *range(200, 10_000, 25))  # steps after which the test is read
SHOTS = 8  # the last of them: so many less one, or more
FALLS, STAYS = 200, 450


def transformer(layers, hidden_size=None, d_model=D_MODEL, n_heads=1):
    """Blocks with rotary positions; without `hidden_size` of attention alone: what else a block has adds 0 for ever."""
    net = TransformerModel(TASK.vocab_size, TASK.n_out, d_model, n_heads, layers, hidden_size or 1, positions="rotary")
    if hidden_size is None:
        for block, name in itertools.product(net.core.blocks, ("linear1", "linear2", "norm2")):
            for parameter in getattr(block, name).parameters():
                nn.init.zeros_(parameter).requires_grad_(False)
    return net


def recurrent(kind, layers=1):
    """A recurrent network of as many units."""
    core = kind(D_MODEL, D_MODEL, num_layers=layers, batch_first=True)
    return SequenceModel(core, TASK.n_out, vocab_size=TASK.vocab_size)


ARMS = {
    "2 layers": (lambda: transformer(2), FALLS),
    "2 layers, full block": (lambda: transformer(2, 4 * D_MODEL), FALLS),
    "1 layer": (lambda: transformer(1), STAYS),
    "1 layer, full block": (lambda: transformer(1, 2 * D_MODEL), STAYS),
    "GRU": (lambda: recurrent(GRU), STAYS),
    "GRU, 2 layers": (lambda: recurrent(GRU, 2), STAYS),
    "LSTM": (lambda: recurrent(LSTM), STAYS),
    "frequencies": (lambda: transformer(2), FALLS),
}
SMOOTH = ("all", "loss", "p", "brier", "accuracy")
PASSING = {"frequencies": SMOOTH}  # the arms whose passage is told, by which measures
PASSING |= dict.fromkeys(("2 layers", "2 layers, full block"), (*SMOOTH, "last five", "below values alone"))


def by_frequency(n, rng):
    """Sequences like those of the task, whose values have nothing to do with keys: p(v) ∝ 1 / (v + 1), all alike."""
    batch = SHUFFLED.sample(n, rng)
    p = 1 / np.arange(1, TASK.values + 1)
    said = rng.choice(TASK.values, (n, TASK.pairs), p=p / p.sum())
    x, y = batch.inputs[0].copy(), batch.y.copy()
    x[:, 1::2], y[:, ::2] = TASK.all_keys + said[:, :-1], said
    return Batch((x,), y, batch.mask)


def drawn(arm, n, rng):
    """Sequences to learn from, or to be asked about."""
    return by_frequency(n, rng) if arm == "frequencies" else TASK.sample(n, rng)


def times(batch):
    """How often each key has been there before: (B, pairs)."""
    keys = batch.inputs[0][:, ::2]
    return np.array([[row[:j].count(key) for j, key in enumerate(row)] for row in keys.tolist()])


def answers(model, batch):
    """What a network says at each key: (B, pairs, V)."""
    model.eval()
    with torch.no_grad():
        p = model(torch.tensor(batch.inputs[0]))[0][:, ::2].double().softmax(-1).numpy()
    model.train()
    return p


def scores(p, batch, seen):
    """Measure -> its value, of probabilities (B, pairs, V) at keys, which of them have been there before (B, pairs)."""
    y = batch.y[:, ::2]
    right = np.take_along_axis(p, y[..., None], 2)[..., 0]
    losses, hit = -np.log(np.maximum(right, 1e-300)), p.argmax(2) == y
    return {
        "all": losses.mean(),
        "loss": losses[seen].mean(),
        "p": right[seen].mean(),
        "brier": (np.square(p).sum(2) - 2 * right + 1)[seen].mean(),
        "accuracy": hit[seen].mean(),
        "last five": np.mean([row[before][-5:].all() for row, before in zip(hit, seen, strict=True)]),
    }


def passage(at, values):
    """When 10, 50, 90 % of the change from the first to the last value is done, and the width: infinite if none is."""
    if values[0] == values[-1]:
        return {"10": at[-1], "50": at[-1], "90": at[-1], "width": math.inf}
    done = (np.array(values) - values[0]) / (values[-1] - values[0])
    t = {q: at[int(np.argmax(done >= q / 100))] for q in (10, 50, 90)}
    return {**{f"{q}": step for q, step in t.items()}, "width": rounded((t[90] - t[10]) / t[50])}


def by_shots(values, seen):
    """The mean of values (B, pairs) by how often a key has been there: 0, 1, …, SHOTS - 1 or more."""
    return [values[np.minimum(seen, SHOTS - 1) == s].mean() for s in range(SHOTS)]


def copies(p, batch):
    """Whether the answer is one of the values that stood beside that key before: (B, pairs)."""
    keys, y, said = batch.inputs[0][:, ::2], batch.y[:, ::2], p.argmax(2)
    n = range(y.shape[1])
    return np.array([[said[b, j] in y[b, :j][keys[b, :j] == keys[b, j]] for j in n] for b in range(len(y))])


def shots(model, sequences, seed):
    """Kind of sequences -> measure -> its values by the number of examples, all by a network that learns no more."""
    found = {}
    for k, (name, task) in enumerate({"fixed": TASK, "shuffled": SHUFFLED}.items()):
        batch = task.sample(sequences, np.random.default_rng([seed, 10**6, 1 + k]))
        p, seen = answers(model, batch), times(batch)
        y = batch.y[:, ::2]
        loss = -np.log(np.take_along_axis(p, y[..., None], 2)[..., 0])
        of = {"loss": loss, "accuracy": p.argmax(2) == y, "copies": copies(p, batch)}
        found[name] = {measure: text(by_shots(values, seen)) for measure, values in of.items()}
    return found


def text(values):
    """Numbers in one line."""
    return " ".join(f"{rounded(float(value), 4):g}" for value in values)


def trained(build, data, steps, seed, watch, rate=RATE, warm_up=WARM_UP):
    """A network that has learned from data(n, rng); `watch` sees it before the first step and after each."""
    models = []

    def built():
        models.append(build())
        watch(0, models[0])
        return models[0]

    fit(
        built,
        lambda step: data(B, np.random.default_rng([seed, step])),
        steps=steps,
        loss="cross_entropy",
        lr=rate,
        schedule=Warmup(warm_up),
        clip_norm=1.0,
        seed=seed,
        on_step=lambda record: watch(record.step, models[0]),
    )
    return models[0]


class Stopwatch:
    """CPU seconds, of what lies between a start and a stop; it stands still at first."""

    def __init__(self):
        self.seconds, self.began = 0.0, None

    def start(self):
        self.began = time.process_time()

    def stop(self):
        if self.began is not None:
            self.seconds += time.process_time() - self.began


def followed(arm, seed, sequences, steps, rate=RATE, build=None, warm_up=WARM_UP):
    """A training: the network, the steps `at`, each measure there, and the CPU seconds of training until then."""
    build = build or ARMS[arm][0]
    batch = drawn(arm, sequences, np.random.default_rng([seed, 10**6]))
    seen, at, found = times(batch) > 0, [], {}
    trains = Stopwatch()

    def watch(step, model):
        if step not in AT and step != steps:
            return
        trains.stop()
        now = scores(answers(model, batch), batch, seen) | {"seconds": trains.seconds}
        for name, value in now.items():
            found.setdefault(name, []).append(float(value))
        at.append(step)
        trains.start()

    model = trained(build, lambda n, rng: drawn(arm, n, rng), steps, seed, watch, rate, warm_up)
    return model, at, found


def recall(seeds, sequences, steps):
    """What was seen of each arm, in so many steps, or in its own; what exact readers say of the same sequences."""
    arms, level = {}, TASK.level("values alone", repeated=True)
    for arm, (_, own) in ARMS.items():
        runs, passed, shown = {}, {}, {}
        for seed in seeds:
            model, at, found = followed(arm, seed, sequences, min(own, steps))
            for name, values in found.items():
                runs.setdefault(name, []).append(text(values))
            found["below values alone"] = np.minimum(found["loss"], level)
            for name in PASSING.get(arm, ()):
                for q, value in passage(at, found[name]).items():
                    passed.setdefault(name, {}).setdefault(q, []).append(value)
            if arm != "frequencies":
                for kind, of in shots(model, sequences, seed).items():
                    for name, line in of.items():
                        shown.setdefault(kind, {}).setdefault(name, []).append(line)
        size = sum(p.numel() for p in model.parameters() if p.requires_grad)
        arms[arm] = {"parameters": size, "steps": at[-1], "at": text(at), "runs": runs} | (
            {"passage": passed} if passed else {}
        )
        arms[arm] |= {"shots": shown} if shown else {}
    return {"arms": arms, "readers": read_exactly(seeds, sequences)}


def read_exactly(seeds, sequences):
    """Reader -> measure -> its values, one per seed, on the sequences of the test."""
    found = {}
    for seed in seeds:
        batch = drawn("2 layers", sequences, np.random.default_rng([seed, 10**6]))
        for reader in READERS:
            p = TASK.probabilities(reader, batch.inputs[0])[:, ::2]
            for name, value in scores(p, batch, times(batch) > 0).items():
                found.setdefault(reader, {}).setdefault(name, []).append(rounded(float(value), 4))
    return found


MEASUREMENTS = {
    "recall": {
        "what": "associative recall step by step: losses and other measures on a fixed test, by architecture; what "
        "one, two, … examples in the context are worth, and shuffled ones; the exact readers on the same sequences",
        "unit": "nats, probability, share, steps, CPU seconds",
        "measure": recall,
        "settings": {"seeds": list(range(250, 255)), "sequences": 128, "steps": STAYS},
    },
}
