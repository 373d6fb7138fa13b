"""What 80/10/10 is for: masked words with and without some that are replaced, with and without some that are kept.

    python tests/benchmarks/longer_training.py 14_shares

HYPOTHESES
"""

import runpy
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.tasks import Grammar, MaskedWords

PRETRAINING = runpy.run_path(str(Path(__file__).with_name("longer_14_pretraining.py")))
trained, losses, cloze, SHARE = (PRETRAINING[name] for name in ("trained", "losses", "cloze", "SHARE"))
CHAPTER = "14"
ARMS = {  # name -> of the chosen words: hidden, replaced, kept
    "hidden, replaced, kept": [0.8, 0.1, 0.1],
    "hidden": [1.0, 0.0, 0.0],
    "hidden, replaced": [0.8, 0.2, 0.0],
    "hidden, kept": [0.8, 0.0, 0.2],
}
LANGUAGE = Grammar()
CONTENT, VERB = np.isin(LANGUAGE.kinds, "content"), LANGUAGE.kinds.index("verb")
RIDGE = 1.0


def drawn(seed, labels, tested):
    """True sentences and their topics, some with labels for the probes, and some for the test."""
    words, topics = LANGUAGE.sentences(labels + tested, np.random.default_rng([seed, 10**6 + 2]))
    return (words[:labels], topics[:labels]), (words[labels:], topics[labels:])


def about(words):
    """The topic of each content word  (n, C)."""
    return (words[:, CONTENT] - LANGUAGE.vocabulary.ids["a0"]) // LANGUAGE.words


def believed(words):
    """P(topic | all words)  (n, Z)."""
    counts = (about(words)[..., None] == np.arange(LANGUAGE.topics)).sum(1)
    likely = np.exp(counts @ np.log(LANGUAGE.topic_shares).T)
    return likely / likely.sum(1, keepdims=True)


def disagreeing(words):
    """The sentences with a verb of the other number."""
    wrong, first = words.copy(), LANGUAGE.vocabulary.ids["is"]
    wrong[:, VERB] = first + (words[:, VERB] - first + 2) % 4
    return wrong


def auc(scores, positive):
    """How often one of the positive has a higher score than one of the others; of equal scores, half."""
    _, where, counts = np.unique(scores.ravel(), return_inverse=True, return_counts=True)
    rank, n = (counts.cumsum() - (counts - 1) / 2)[where], positive.sum()
    return (rank[positive.ravel()].sum() - n * (n + 1) / 2) / (n * (~positive).sum())


def probe(features, answers, asked):
    """What least squares with a ridge say of others, on features of mean 0 and deviation 1  (n, d), (n, k), (m, d)."""
    mean, deviation = features.mean(0), features.std(0)
    x, new = ((of - mean) / deviation for of in (features, asked))
    weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ (answers - answers.mean(0)))
    return new @ weights + answers.mean(0)


def read(model, words):
    """Nothing is hidden: h of each word, and the loss of that word at its own place  (n, T, d_model), (n, T)."""
    x = torch.tensor(LANGUAGE.framed(words))
    with torch.no_grad():
        h, _ = model.bert(x)
        log_p = model.scores(h).log_softmax(-1).gather(2, x[..., None])[..., 0]
    return h[:, 1:-1].double().numpy(), -log_p[:, 1:-1].double().numpy()


def best(seed, labels, tested):
    """What Bayes' rule names right, and how well it tells words off the topic of their sentence from the others."""
    _, (words, topics) = drawn(seed, labels, tested)
    belief = believed(words)
    off = 1 - np.take_along_axis(belief, about(words), 1)
    found = {"topic": (belief.argmax(1) == topics).mean(), "off topic": auc(off, about(words) != topics[:, None])}
    return {name: rounded(value, 4) for name, value in found.items()}


def probed(model, seed, labels, tested):
    """The same of probes: of the topic on the mean of a sentence's h, and of a word off it on the h of that word."""
    (few, of_few), (words, topics) = drawn(seed, labels, tested)
    h, new = read(model, few)[0], read(model, words)[0]
    named = probe(h.mean(1), np.eye(LANGUAGE.topics)[of_few], new.mean(1)).argmax(1)
    off = (about(few) != of_few[:, None]).astype(float)
    said = probe(h[:, CONTENT].reshape(-1, h.shape[2]), off.ravel(), new[:, CONTENT].reshape(-1, h.shape[2]))
    return {"topic": (named == topics).mean(), "off topic, probe": auc(said, about(words) != topics[:, None])}


def noticed(model, task, seed, labels, tested):
    """What the scores at the place of a word say of that word, which is not hidden."""
    _, (words, topics) = drawn(seed, labels, tested)
    own, wrong = read(model, words)[1], read(model, disagreeing(words))[1]
    framed = LANGUAGE.framed(words)
    exact = -np.log(np.take_along_axis(task.probabilities(framed), framed[..., None], 2)[:, 1:-1, 0])
    verbs = np.concatenate([own[:, VERB], wrong[:, VERB]])
    return {
        "off topic, own": auc(own[:, CONTENT], about(words) != topics[:, None]),
        "verb, own": auc(verbs, np.arange(len(verbs)) >= len(words)),
        "shown": own[:, CONTENT].mean(),
        "shown exact": exact[:, CONTENT].mean(),
    }


def scores(task, steps, seed, sentences, labels, tested):
    """Train by a task, and tell all that is asked for."""
    run, seconds = trained(task, steps, seed)
    batch, exact = cloze(task, sentences, seed)
    found = {"gap": losses(run.model, batch).mean() - exact.mean()}
    found |= probed(run.model, seed, labels, tested) | noticed(run.model, task, seed, labels, tested)
    found |= {"training": np.mean(run.loss[-100:]), "floor": task.floor, "seconds": seconds}
    return {name: rounded(value, 4) for name, value in found.items()}


def shares(steps, seeds, share, sentences, labels, tested, arms):
    """What Bayes' rule can do, one per seed; and of each arm its scores, one per seed."""
    values = {}
    for arm, of in arms.items():
        task = MaskedWords(share=share, shares=of)
        runs = [scores(task, steps, seed, sentences, labels, tested) for seed in seeds]
        values[arm] = {name: [run[name] for run in runs] for name in runs[0]}
    return {"best": [best(seed, labels, tested) for seed in seeds], "arms": values}


MEASUREMENTS = {
    "shares": {
        "what": "BERT on masked words, of which some are replaced or kept or none: with one clean mask, and what is "
        "known at words that are not hidden",
        "unit": "nats, share, seconds",
        "measure": shares,
        "settings": {
            "steps": 1600,
            "seeds": list(range(210, 215)),
            "share": SHARE,
            "sentences": 300,
            "labels": 64,
            "tested": 1000,
            "arms": ARMS,
        },
    }
}
