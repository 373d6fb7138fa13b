"""Few labels: what a model that has read the language makes of them, and what others make that have not.

    python tests/benchmarks/longer_training.py 14_labels

A seed draws the weights, what is read in pretraining, the labelled sentences and those of the test. Pretraining is on
words (`MaskedWords`) or on pairs (`SentencePairs`, half as many pairs as sentences), in as many steps. Each way of
learning from the labels has options: rate and number of steps, a penalty, a smoothing. A seed that is not shown decides
among them, for each number of labels. `shares` are the numbers of steps that are tried, as shares of the most: that is
a twentieth of pretraining, or for "equal compute" pretraining and the twentieth together. There training ends once the
labels are memorised; the CPU seconds say when that was. With dropout, measured for itself, it takes longer. The rate
grows in the first tenth of the twentieth, and then stays.
"mean" is a linear read-out of the mean of h, which needs no pooler.
"""

import contextlib
import copy
import time
from functools import cache

import numpy as np
import torch
from torch import nn

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.nn import BertForClassification, BertForPretraining, pretraining_loss
from seqlib.tasks import LabelledSentences, MaskedWords, SentencePairs
from seqlib.training import Cosine, Warmup, fit

CHAPTER = "14"
READ = {"words": MaskedWords(share=0.3), "pairs": SentencePairs(share=0.3)}
LABELS = LabelledSentences()
SIZES = {"d_model": 64, "n_heads": 4, "n_layers": 2, "longest": 2 * LABELS.T + 3, "start": 0.1}
B = 64  # sentences of a step, or all that are labelled if they are fewer
CLOZE = 200  # sentences that a pretrained model is scored on, one word hidden at a time
MEMORISED = 0.01  # the mean loss in nats of the last so many steps:
RECENT = 20
TRAINED = {  # what it has read before, what the answer is read from, whether it may spend as much compute, dropout
    "words, pooler": ("words", "pooler", False, 0.0),
    "words, mean": ("words", "mean", False, 0.0),
    "pairs, pooler": ("pairs", "pooler", False, 0.0),
    "scratch, pooler": (None, "pooler", False, 0.0),
    "scratch, mean": (None, "mean", False, 0.0),
    "scratch, mean, equal compute": (None, "mean", True, 0.0),
    "scratch, mean, equal compute, dropout": (None, "mean", True, 0.5),
}
PROBES = {"probe": "words", "probe, random weights": None}


class MemorisedError(Exception):
    """Training has nothing left to learn."""


@cache
def pretrained(read, steps, seed, dropout=0.0):
    """BERT that was pretrained on words or pairs for so many steps, and CPU seconds; on None: it is as it was drawn."""

    def network():
        return BertForPretraining(LABELS.vocab_size, **SIZES, dropout=dropout)

    steps, size = (steps, B // 2 if read == "pairs" else B) if read else (0, B)
    schedule = Cosine(max(steps, 1), 0.1, steps // 24)
    how = {"lr": 1.5e-3, "optimiser": "adamw", "schedule": schedule, "clip_norm": 1.0, "batch_size": size, "seed": seed}
    began = time.process_time()
    model = fit(network, READ[read or "words"], steps=steps, loss=pretraining_loss, **how).model.eval()
    return model, time.process_time() - began


def cloze(model, seed):
    """The loss at the one hidden word of fresh sentences, and that of the best reader of the same."""
    task = READ["words"]
    batch = task.cloze(CLOZE, np.random.default_rng([seed, 10**6]))
    with torch.no_grad():
        h, _ = model.bert(torch.tensor(batch.inputs[0]))
        log_p = torch.log_softmax(model.scores(h[torch.tensor(batch.mask)]).double(), -1).numpy()
    words = batch.y[:: task.T, 1:-1]
    best = np.take_along_axis(task.cloze_probabilities(words), words[..., None], 2)
    return -log_p[np.arange(len(log_p)), batch.y[batch.mask]].mean(), -np.log(best).mean()


class Mean(nn.Module):
    """A linear read-out of the mean of h, the same at every position, begun as that of BertForClassification."""

    def __init__(self, bert):
        super().__init__()
        self.bert, self.readout = bert, nn.Linear(SIZES["d_model"], LABELS.classes)
        nn.init.normal_(self.readout.weight, 0, SIZES["start"])
        nn.init.zeros_(self.readout.bias)

    def forward(self, x):
        """The score of every class: (B, T) ids -> (B, T, K)."""
        return self.readout(self.bert(x)[0].mean(1))[:, None].expand(-1, x.shape[1], -1)


def classifier(way, steps, seed):
    """A network for the labels: its encoder pretrained or as it was drawn, its read-out as it was drawn."""
    read, head, _, dropout = TRAINED[way]
    bert = copy.deepcopy(pretrained(read, steps, seed, dropout)[0].bert).train()  # in `fit` parts keep their modes
    return Mean(bert) if head == "mean" else BertForClassification(bert, n_classes=LABELS.classes)


def accuracy(scores, batch):
    """How often the best score (B, K) is that of the label."""
    return float((np.asarray(scores).argmax(1) == batch.y[:, 0]).mean())


def limits(way, steps):
    """The most steps that a way may take, and the steps in which its rate grows."""
    twentieth = max(1, steps // 20)
    return twentieth + TRAINED[way][2] * steps, twentieth // 10


def followed(way, few, steps, seed, rate, stops, test):
    """Step -> accuracy of a network after so many steps of its training; and the CPU seconds of that."""
    net, losses, found, spent = [], [], {}, 0.0

    def build():
        net.append(classifier(way, steps, seed))
        return net[0]

    def data(step):
        rows = np.random.default_rng([seed, step]).permutation(len(few.y))[:B]
        return Batch((few.inputs[0][rows],), few.y[rows], few.mask[rows])

    def scored(step):
        nonlocal spent
        losses.append(step.loss)
        memorised = TRAINED[way][2] and step.step >= RECENT and np.mean(losses[-RECENT:]) < MEMORISED
        if step.step in stops or memorised:
            began = time.process_time()
            with torch.no_grad():
                score = accuracy(copy.deepcopy(net[0]).eval()(torch.tensor(test.inputs[0]))[:, 0], test)
            found.update({stop: score for stop in stops if stop == step.step or (memorised and stop > step.step)})
            spent += time.process_time() - began
        if memorised:
            raise MemorisedError

    how = {"lr": rate, "optimiser": "adamw", "schedule": Warmup(limits(way, steps)[1]), "clip_norm": 1.0}
    pretrained(TRAINED[way][0], steps, seed, TRAINED[way][3])  # its seconds are told apart
    began = time.process_time()
    with contextlib.suppress(MemorisedError):
        fit(build, data, steps=max(stops), seed=seed, loss="cross_entropy", on_step=scored, **how)
    return found, time.process_time() - began - spent


def features(way, steps, seed, x):
    """What a probe reads: the mean of h of an encoder that is left as it is."""
    model = pretrained(PROBES[way], steps, seed)[0]
    with torch.no_grad():
        return model.bert(torch.tensor(x))[0].mean(1).double()


def logistic(X, y, K, penalty, rounds):
    """The weights (d + 1, K) of a multinomial logistic regression with penalty/2 ‖W‖²; biases last, and free."""
    X1 = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], 1)
    W = torch.zeros(X1.shape[1], K, dtype=X.dtype, requires_grad=True)
    y = torch.as_tensor(y)
    search = torch.optim.LBFGS([W], max_iter=rounds, line_search_fn="strong_wolfe")

    def loss():
        search.zero_grad()
        value = nn.functional.cross_entropy(X1 @ W, y) + penalty / 2 * W[:-1].square().sum()
        value.backward()
        return value

    search.step(loss)
    return W.detach()


def bag(few, smoothing, x):
    """ln P(label) + Σ_t ln P(x_t | label) of naive Bayes, `smoothing` added to every count: (B, K)."""
    counts = np.full((LABELS.classes, LABELS.vocab_size), float(smoothing))
    np.add.at(counts, (few.y[:, :1], few.inputs[0]), 1)
    prior = np.log(np.bincount(few.y[:, 0], minlength=LABELS.classes) + smoothing)
    return np.log(counts / counts.sum(1, keepdims=True))[:, x].sum(2).T + prior


def results(way, n, steps, seed, options, shares, test):
    """(option, share) -> accuracy on the test after `n` labels, and the CPU seconds of the last.

    An option is a rate, a penalty or a smoothing, as the way needs. Ways without steps have share 1 alone.
    """
    few, found, seconds = LABELS.labelled(n, np.random.default_rng([seed, n])), {}, 0.0
    for option in options:
        if way in TRAINED:
            stops = {share: max(1, round(share * limits(way, steps)[0])) for share in shares}
            at, seconds = followed(way, few, steps, seed, option, set(stops.values()), test)
            found |= {(option, share): at[stop] for share, stop in stops.items()}
            continue
        if way in PROBES:
            X, X_test = (features(way, steps, seed, batch.inputs[0]) for batch in (few, test))
        began = time.process_time()
        if way in PROBES:
            W = logistic(X, few.y[:, 0], LABELS.classes, option, max(1, steps // 8))
            scores = X_test @ W[:-1] + W[-1]
        else:
            scores = bag(few, option, test.inputs[0])
        found[option, 1.0], seconds = accuracy(scores, test), time.process_time() - began
    return found, seconds


def labels(steps, seeds, tuning, tried, shares, numbers, cases, ways):
    """Number of labels -> way -> accuracies, one per seed; what was tried and chosen, seconds, pretraining, levels.

    tried: the options of each kind of way; ways: way -> its kind; cases: sentences of the test, and of the tuning.
    """
    many = dict.fromkeys(seeds, cases[0]) | dict.fromkeys(tuning, cases[1])
    tests = {seed: LABELS.sample(n, np.random.default_rng([seed, 10**6])) for seed, n in many.items()}
    values = {}
    for n in numbers:
        of = values[f"{n} labels"] = {"tuning": {}, "chosen": {}, "accuracy": {}, "seconds": {}}
        for way, kind in ways.items():
            runs = [results(way, n, steps, seed, tried[kind], shares, tests[seed])[0] for seed in tuning]
            best = max(runs[0], key=lambda option, runs=runs: np.mean([run[option] for run in runs]))
            of["tuning"][way] = {f"{a:g}, {b:g}": [rounded(run[a, b]) for run in runs] for a, b in runs[0]}
            of["chosen"][way] = {kind: best[0]} | ({"share": best[1]} if way in TRAINED else {})
            runs = [results(way, n, steps, seed, best[:1], best[1:], tests[seed]) for seed in seeds]
            of["accuracy"][way] = [rounded(run[best], 4) for run, _ in runs]
            of["seconds"][way] = [rounded(max(seconds, 1e-4)) for _, seconds in runs]
    for read in (read for read in READ if any(TRAINED.get(way, [None])[0] == read for way in ways)):
        scores = [cloze(pretrained(read, steps, seed)[0], seed) for seed in seeds]
        values[f"pretrained on {read}"] = {
            "cloze": [rounded(loss, 4) for loss, _ in scores],
            "best reader": [rounded(best, 4) for _, best in scores],
            "seconds": [rounded(pretrained(read, steps, seed)[1]) for seed in seeds],
        }
    return values | {"levels": {"Bayes": rounded(LABELS.accuracy, 4), "chance": rounded(1 / LABELS.classes)}}


DROPOUT = dict.fromkeys((way for way in TRAINED if way.endswith("dropout")), "rate")
WAYS = {way: "rate" for way in TRAINED if way not in DROPOUT}
WAYS |= dict.fromkeys(PROBES, "penalty") | {"bag of words": "smoothing"}
SETTINGS = {
    "steps": 2400,
    "seeds": list(range(230, 235)),
    "tuning": [240],
    "tried": {
        "rate": [0.0003, 0.001, 0.003],
        "penalty": [0.0001, 0.001, 0.01, 0.1, 1.0],
        "smoothing": [0.01, 0.1, 1.0, 10.0, 100.0],
    },
    "shares": [0.0625, 0.125, 0.25, 0.5, 1.0],
    "numbers": [8, 64, 1024],
    "cases": [2000, 500],
}
MEASUREMENTS = {
    "labels": {
        "what": "the topic of a sentence after 8, 64 and 1024 labels: accuracy on fresh sentences, of networks that "
        "were pretrained and of others; CPU seconds",
        "unit": "share, nats, seconds",
        "measure": labels,
        "settings": SETTINGS | {"ways": WAYS},
    },
    "labels_dropout": {
        "what": "the same without pretraining, with dropout, in as many steps as pretraining and fine-tuning together",
        "unit": "share, seconds",
        "measure": labels,
        "settings": SETTINGS | {"ways": DROPOUT},
    },
}
