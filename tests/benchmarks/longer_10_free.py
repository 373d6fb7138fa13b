"""What chapter 10 says of exposure bias: how far a model is from the truth in given texts, and in its own.

    python tests/benchmarks/longer_training.py 10_exposure

The texts are noisy sums, whose next symbol has a known distribution after every beginning, so that both distances are
exact for each text. With scheduled sampling a model reads, in training, some of its own symbols.
"""

import numpy as np
import torch

from seqlib.decoding import sample
from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.tasks import NoisySum
from seqlib.training import Cosine, ScheduledSampling, fit

CHAPTER = "10"
ARMS = {"teacher forcing": [1, 3], "scheduled sampling": [1]}  # and how many times the steps


def loss_of(arm, steps):
    """What is minimised: with scheduled sampling the share of own symbols rises from 0 to a half."""
    if arm == "teacher forcing":
        return "cross_entropy"
    return ScheduledSampling(lambda step: 0.5 * step / steps)


def distances(model, task, text):
    """KL(truth ‖ model) of the next symbol at each place from the third on, in nats  (B, t - 2)."""
    P = task.next_probabilities(text)
    with torch.no_grad():
        log_q = model(torch.tensor(text))[0].log_softmax(-1).double().numpy()[:, 2:]
    return (P * (np.log(P) - log_q)).sum(-1)


def written(model, task, texts, rng):
    """Texts of the task, and texts that the model writes after the same first three symbols."""
    batch = task.sample(texts, rng)
    given = np.concatenate([batch.inputs[0], batch.y[:, -1:]], axis=1)
    own = sample(model, given[:, :3], rng=rng, max_length=task.T).ids
    return given, np.concatenate([given[:, :3], own], axis=1)


def after_a_break(task, text, found, far):
    """The mean distance 0, 1, … far places after a place where the rule was broken and then obeyed again so long."""
    kept = text[:, 3:] == task.ruled(np.lib.stride_tricks.sliding_window_view(text, 3, axis=1)[:, :-1])
    since = np.full(found.shape, -1)  # before the first break of a text it is -1 and lower
    for t in range(1, found.shape[1]):
        since[:, t] = np.where(~kept[:, t - 1], 0, np.where(since[:, t - 1] < 0, -1, since[:, t - 1] + 1))

    def mean(places):
        return rounded(found[places].mean()) if places.any() else float("nan")  # few obey the rule so long by chance

    return [mean(since == k) for k in range(far + 1)], mean(since < 0)


def exposure(seeds, arms, steps, texts, symbols, noise, length, embedding, units, batch, rate, far):
    """For each arm and budget, over seeds: the mean distance in given and in own texts, by place and after breaks."""
    task, found = NoisySum(length, symbols, noise), {}
    for arm, times in arms.items():
        for n in times:
            runs = found.setdefault(arm, {}).setdefault(f"{steps * n}", {})
            for seed in seeds:

                def network():
                    core = LSTM(embedding, units, batch_first=True)
                    return SequenceModel(core, task.n_out, vocab_size=task.vocab_size)

                how = {"steps": steps * n, "schedule": Cosine(steps * n), "lr": rate, "clip_norm": 1.0}
                how["loss"] = loss_of(arm, steps * n)
                model = fit(network, task, batch_size=batch, seed=seed, **how).model.eval()
                rng = np.random.default_rng([seed, 10])
                for which, text in zip(("given", "own"), written(model, task, texts, rng), strict=True):
                    kl = distances(model, task, text)
                    runs.setdefault(which, []).append(rounded(kl.mean()))
                    runs.setdefault(f"{which} by place", []).append([rounded(v) for v in kl.mean(0)])
                    broken, before = after_a_break(task, text, kl, far)
                    runs.setdefault(f"{which} after a break", []).append(broken)
                    runs.setdefault(f"{which} before a break", []).append(before)
    return found


MEASUREMENTS = {
    "exposure": {
        "what": "mean distance of an LSTM from the true distribution of the next symbol, in given and in own texts",
        "unit": "nats, KL(truth, model)",
        "measure": exposure,
        "settings": {"steps": 200, "seeds": list(range(10, 15)), "arms": ARMS, "texts": 300, "symbols": 8}
        | {"noise": 0.03, "length": 30, "embedding": 16, "units": 32, "batch": 32, "rate": 0.01, "far": 8},
    }
}
