"""What 80/10/10 is for: masked words with and without some that are replaced, with and without some that are kept.

    python tests/benchmarks/longer_training.py 14_shares

Devlin et al. 2019 (appendix C.2, table 8) tried the same four ways, and found little difference after fine-tuning; but
where weights were not adjusted, and the h of words were all that a tagger got, hiding alone was worst (NER, F1 on the
development set 94.0, with 80/10/10 94.9). So here h is read as it is, where nothing is hidden: is a word off the topic
of its sentence? That is a question about a word in its context, and needs both at one place. For each seed the arms
have the same sentences, the same words chosen and the same weights at the start; their rates are tuned alike, on
another seed, by the loss with one clean mask. The language is smaller than that of 14_pretraining (4 topics of 8
words), and so is the model (d_model 32), so that every arm gets to its best.

Written down before the measurement, after one run of each arm with the seed of the tuning; each for 5 seeds of 5:

1. With one clean mask every arm ends at most 0.03 nats above the exact reader.
2. Of words off the topic, a linear probe tells more with 80/10/10 than with each of the others: its AUC is higher by
   0.05 or more.
3. Of the topic of a sentence, a linear probe on the mean of its h tells as much with any arm: the accuracy is at most
   0.05 below that of Bayes' rule.
4. Where words are kept and none is replaced, the scores copy: the loss of a word at its own place is below 0.15 nats,
   and its AUC for words off the topic below 0.7.
5. Where some are replaced, the scores notice a verb of the wrong number, AUC 0.98 or more; where none is, below 0.98.
"""

import runpy
from functools import cache
from pathlib import Path

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import BertForPretraining, pretraining_loss
from seqlib.tasks import Grammar, MaskedWords
from seqlib.training import Cosine, fit

PRETRAINING = runpy.run_path(str(Path(__file__).with_name("longer_14_pretraining.py")))
losses, cloze = PRETRAINING["losses"], PRETRAINING["cloze"]
tuned = runpy.run_path(str(Path(__file__).with_name("longer_rates.py")))["tuned"]
CHAPTER = "14"
ARMS = {  # name -> of the chosen words: hidden, replaced, kept
    "hidden, replaced, kept": [0.8, 0.1, 0.1],
    "hidden": [1.0, 0.0, 0.0],
    "hidden, replaced": [0.8, 0.2, 0.0],
    "hidden, kept": [0.8, 0.0, 0.2],
}
TOPICS, WORDS, SHARE = 4, 8, 0.3
D_MODEL, HEADS, LAYERS, START, B = 32, 4, 2, 0.1, 32
LANGUAGE = Grammar(TOPICS, WORDS)
CONTENT, VERB = np.isin(LANGUAGE.kinds, "content"), LANGUAGE.kinds.index("verb")
RIDGE = 1.0


@cache
def trained(of, steps, rate, seed):
    """The task with these shares, and the run of a model that is trained by it."""
    task = MaskedWords(TOPICS, WORDS, share=SHARE, shares=of)

    def network():
        return BertForPretraining(task.vocab_size, D_MODEL, HEADS, LAYERS, longest=task.T + 2, start=START)

    how = {"lr": rate, "optimiser": "adamw", "schedule": Cosine(steps, 0.1, steps // 20), "clip_norm": 1.0}
    run = fit(network, task, steps=steps, batch_size=B, seed=seed, loss=pretraining_loss, **how)
    run.model.eval()
    return task, run


def gap(of, steps, rate, seed, sentences):
    """By how much the loss with one clean mask is above that of the exact reader."""
    task, run = trained(of, steps, rate, seed)
    batch, exact = cloze(task, sentences, seed)
    return rounded(losses(run.model, batch).mean() - exact.mean(), 4)


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
    most = np.isclose(belief, belief.max(1, keepdims=True))  # of topics that are as likely, either is as good
    right = most[np.arange(tested), topics] / most.sum(1)
    found = {"topic": right.mean(), "off topic": auc(off, about(words) != topics[:, None])}
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


def scores(of, steps, rate, seed, sentences, labels, tested):
    """All that is asked of an arm."""
    task, run = trained(of, steps, rate, seed)
    found = {"gap": gap(of, steps, rate, seed, sentences)}
    found |= probed(run.model, seed, labels, tested) | noticed(run.model, task, seed, labels, tested)
    found |= {"training": np.mean(run.loss[-100:]), "floor": task.floor}
    return {name: rounded(value, 4) for name, value in found.items()}


def shares(steps, seeds, tuning, tried, sentences, labels, tested, arms):
    """The tuning, the rate of each arm, what Bayes' rule can do, and the scores of each arm, one per seed."""
    of = {arm: tuple(parts) for arm, parts in arms.items()}
    found, chosen = tuned(arms, tried, tuning, lambda arm, rate, seed: gap(of[arm], steps, rate, seed, sentences))
    values = {}
    for arm, parts in of.items():
        runs = [scores(parts, steps, chosen[arm], seed, sentences, labels, tested) for seed in seeds]
        values[arm] = {name: [run[name] for run in runs] for name in runs[0]}
    bayes = [best(seed, labels, tested) for seed in seeds]
    return {"tuning": found, "chosen": chosen, "best": bayes, "arms": values}


MEASUREMENTS = {
    "shares": {
        "what": "BERT on masked words, of which some are replaced or kept or none: with one clean mask, and what is "
        "known at words that are not hidden (4 topics of 8 words, d_model 32, share 0.3)",
        "unit": "nats, share",
        "measure": shares,
        "settings": {
            "steps": 1000,
            "seeds": list(range(210, 215)),
            "tuning": [190],
            "tried": [0.0015, 0.003, 0.006],
            "sentences": 300,
            "labels": 64,
            "tested": 1000,
            "arms": ARMS,
        },
    }
}
