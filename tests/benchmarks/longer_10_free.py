"""What chapter 10 says of exposure bias: how far a model is from the truth in given, own and foreign texts.

    python tests/benchmarks/longer_training.py 10_exposure

The texts are noisy sums, whose next symbol has a known distribution after every beginning, so that both distances are
exact for each text. Foreign texts are a control: texts of the task with so much noise that they break the rule as often
as the model's own. With scheduled sampling a model reads, in training, some of its own symbols.
"""

import numpy as np
import torch

from seqlib.decoding import sample
from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.tasks import NoisySum
from seqlib.training import Cosine, ScheduledSampling, fit

CHAPTER = "10"
ARMS = {"teacher forcing": [1, 3, 8], "scheduled sampling": [1]}  # and how many times the steps


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


def breaks(task, text):
    """Where a symbol, from the fourth on, is not the one that the rule gives  (B, t - 3)."""
    return text[:, 3:] != task.ruled(np.lib.stride_tricks.sliding_window_view(text, 3, axis=1)[:, :-1])


def foreign(task, texts, share, seed):
    """Texts of the task in which that share of the symbols breaks the rule, on average."""
    noise = min(share * task.n_out / (task.n_out - 1), 0.999)  # what is drawn from all symbols may obey by chance
    batch = NoisySum(task.T, task.n_out, noise).sample(texts, np.random.default_rng(seed))
    return np.concatenate([batch.inputs[0], batch.y[:, -1:]], axis=1)


def since_a_break(broken):
    """How many symbols in a row have obeyed the rule since it was broken; -1 before the first break  (B, t - 2)."""
    since = np.full((len(broken), broken.shape[1] + 1), -1)
    for t in range(1, since.shape[1]):
        since[:, t] = np.where(broken[:, t - 1], 0, np.where(since[:, t - 1] < 0, -1, since[:, t - 1] + 1))
    return since


def after_a_break(values, since, far):
    """The mean of the values 0, 1, … far places after a break with none in between; and before the first break."""

    def mean(places):
        return rounded(float(values[places].mean())) if places.any() else float("nan")  # so long is rare in some texts

    return [mean(since == k) for k in range(far + 1)], mean(since < 0)


def judged(model, task, text, far):
    """All that is kept of a set of texts: distances and breaks, by place and by what came before."""
    kl, broken = distances(model, task, text), breaks(task, text)
    since = since_a_break(broken)
    after, before = after_a_break(kl, since, far)
    again, first = after_a_break(broken, since[:, :-1], far)
    halves = np.array_split(broken, 2, axis=1)
    return {
        "": rounded(kl.mean()),
        "by place": [rounded(v) for v in kl.mean(0)],
        "after a break": after,
        "before a break": before,
        "broken": rounded(float(broken.mean())),
        "broken, by halves": [rounded(float(half.mean())) for half in halves],
        "broken after a break": again,
        "broken before a break": first,
        "places after a break": [int((since[:, :-1] == k).sum()) for k in range(far + 1)],
    }


def exposure(seeds, arms, steps, texts, symbols, noise, length, embedding, units, batch, rate, far):
    """For each arm and budget, over seeds: the distances in given, own and foreign texts, and where they break."""
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
                kinds = dict(zip(("given", "own"), written(model, task, texts, rng), strict=True))
                kinds["foreign"] = foreign(task, texts, breaks(task, kinds["own"]).mean(), [seed, 11])
                for which, text in kinds.items():
                    for name, value in judged(model, task, text, far).items():
                        runs.setdefault(f"{which} {name}".strip(), []).append(value)
    return found


MEASUREMENTS = {
    "exposure": {
        "what": "mean distance of an LSTM from the truth about the next symbol, in given, own and foreign texts",
        "unit": "nats, KL(truth, model)",
        "measure": exposure,
        "settings": {"steps": 200, "seeds": list(range(10, 15)), "arms": ARMS, "texts": 300, "symbols": 8}
        | {"noise": 0.03, "length": 30, "embedding": 16, "units": 32, "batch": 32, "rate": 0.01, "far": 8},
    }
}
