"""Two sentences: are both about the same topic? BERT learns to answer, and to fill in the words of both.

    python tests/benchmarks/longer_training.py 14_pairs

Language, model, rate and share are those of 14_pretraining, a batch is 48 pairs. A mean over batches would weigh words
of batches with few chosen words more than others; so the model, and the exact reader beside it, are scored on one set
of pairs of each seed, masked as in training, and on one in which all words are true.

Written down before the measurement, after one run with another seed; each for 5 seeds of 5:

1. Answers about pairs are right as often as those of the exact reader, but for 0.03; with all words true as well.
2. The loss of these answers ends at most 0.08 nats above that of the exact reader, that of words at most 0.15.
"""

import runpy
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.tasks import SentencePairs

PRETRAINING = runpy.run_path(str(Path(__file__).with_name("longer_14_pretraining.py")))
trained, losses, SHARE = (PRETRAINING[name] for name in ("trained", "losses", "SHARE"))
CHAPTER = "14"
B = 48
SCORES = ("word", "pair", "accuracy")


def stored(found):
    """Rounded as it is stored."""
    return {name: rounded(value, 4) for name, value in found.items()}


def words_alone(batch):
    """The batch without the question about the pair, which stands at <cls>."""
    return batch._replace(mask=batch.mask & (np.arange(batch.mask.shape[1]) > 0))


def answered(model, batch):
    """log P of both answers about each pair  (n, 2)."""
    with torch.no_grad():
        h, _ = model.bert(*map(torch.tensor, batch.inputs))
        return model.pair(model.bert.pooled(h)).log_softmax(-1).double().numpy()


def judged(log_p, batch):
    """The loss of answers about pairs, and how many are right."""
    same = batch.y[:, 0]
    return {"pair": -log_p[np.arange(len(same)), same].mean(), "accuracy": (log_p.argmax(1) == same).mean()}


def scores(model, batch):
    """Of a model: the loss of the words that are asked for, and what it says of the pairs."""
    return {"word": losses(model, words_alone(batch)).mean()} | judged(answered(model, batch), batch)


def exact(task, masked, clean):
    """The same of the exact reader, and its answers where all words are true."""
    p, words = task.probabilities(masked.inputs[0]), words_alone(masked).mask
    found = {"word": -np.log(p[words, masked.y[words]]).mean()} | judged(np.log(p[:, 0, :2]), masked)
    return found | {"clean accuracy": judged(np.log(task.probabilities(clean.inputs[0])[:, 0, :2]), clean)["accuracy"]}


def drawn(task, pairs, seed):
    """Pairs with words hidden and replaced as in training, and pairs in which all words are true."""
    masked = task.sample(pairs, np.random.default_rng([seed, 10**6]))
    return masked, task.clean(pairs, np.random.default_rng([seed, 10**6 + 1]))


def followed(task, steps, seed, pairs, at):
    """A training: what the model reaches on the test at the end, and after the steps `at`."""
    masked, clean = drawn(task, pairs, seed)
    seen = []

    def watch(step, model):
        if step in at:
            seen.append(stored(scores(model, masked)))

    run, seconds = trained(task, steps, seed, watch, B)
    found = scores(run.model, masked) | {"clean accuracy": judged(answered(run.model, clean), clean)["accuracy"]}
    return stored(found | {"seconds": seconds}) | {f"{name} at": [of[name] for of in seen] for name in SCORES}


def pairs(steps, seeds, share, tested, at):
    """What the exact reader and the model reach on the same pairs, one per seed."""
    task = SentencePairs(share=share)
    runs = [followed(task, steps, seed, tested, at) for seed in seeds]
    best = [stored(exact(task, *drawn(task, tested, seed))) for seed in seeds]
    return {"exact": best, "model": {name: [run[name] for run in runs] for name in runs[0]}}


MEASUREMENTS = {
    "pairs": {
        "what": "BERT on pairs of sentences: the loss of words, and of the answer whether both are about one topic, "
        "and the exact reader on the same pairs",
        "unit": "nats, share, seconds",
        "measure": pairs,
        "settings": {
            "steps": 2000,
            "seeds": list(range(220, 225)),
            "share": SHARE,
            "tested": 1000,
            "at": [100, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 2000],
        },
    }
}
