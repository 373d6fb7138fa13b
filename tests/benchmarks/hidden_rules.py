"""Documents that follow one of four rules and never say which; what they cost the best reader; a GPT that reads them.

A document is three lists of letters, each with an answer to it:  <bos> c a f = a c f ; h b b = b b h ; …
Its rule is drawn once, and some letters of its answers are slips. Before the first answer nobody can know the rule, so
a model that predicts such texts well has to hedge between all four; after an answer or two the rule is plain.
"""

import itertools
from functools import cache

import numpy as np
import torch

from seqlib.batching import Batch
from seqlib.nn import GPT
from seqlib.training import Cosine, fit

LETTERS, LENGTH, PAIRS, SLIPS = 8, 3, 3, 0.1
BOS, EQUALS, SEMICOLON = LETTERS, LETTERS + 1, LETTERS + 2
RULES = {
    "copied": lambda x: x,
    "reversed": lambda x: x[..., ::-1],
    "sorted": lambda x: np.sort(x, -1),
    "next letters": lambda x: (x + 1) % LETTERS,
}
NEW = {"rotated": lambda x: np.roll(x, -1, -1)}  # a rule of no document
ASKED = RULES | NEW
INSTRUCTION = {rule: LETTERS + 3 + k for k, rule in enumerate(ASKED)}  # ids that stand in no document
SCORE = LETTERS + 3 + len(ASKED)  # nor does this one
VOCABULARY = SCORE + 1
ANSWER = slice(LENGTH + 1, 2 * LENGTH + 1)  # where the letters of the first answer are predicted
ALL = np.array(list(itertools.product(range(LETTERS), repeat=LENGTH)))  # every list, and every answer
B, RATE = 64, 0.003


def number(letters):
    """Which row of ALL: (..., LENGTH) -> (...)."""
    return np.asarray(letters) @ LETTERS ** np.arange(LENGTH)[::-1]


def documents(n, rng):
    """Lists and answers (n, PAIRS, LENGTH), and which rule each document follows (n,)."""
    lists, rule = rng.integers(LETTERS, size=(n, PAIRS, LENGTH)), rng.integers(len(RULES), size=n)
    answers = np.stack([follow(lists) for follow in RULES.values()])[rule, np.arange(n)]
    slips = rng.random(answers.shape) < SLIPS
    return lists, np.where(slips, rng.integers(LETTERS, size=answers.shape), answers), rule


def text(first, lists, answers):
    """The ids of documents, `first` before them: lists, answers (n, pairs, LENGTH) -> (n, 1 + pairs (2 LENGTH + 2))."""
    n, pairs, _ = lists.shape
    mark = np.full((n, pairs, 1), EQUALS)
    body = np.concatenate([lists, mark, answers, mark - EQUALS + SEMICOLON], 2).reshape(n, -1)
    return np.concatenate([np.broadcast_to(first, n)[:, None], body], 1)


def next_ids(ids, mask=True):
    """All but the last id are read, all but the first asked for, where the mask (T - 1,) says so."""
    return Batch((ids[:, :-1],), ids[:, 1:], np.broadcast_to(mask, ids[:, 1:].shape))


def exact(lists, answers):
    """-ln P(answers of a document | its lists), by all rules: (n,). Slips may hit upon the right letter."""
    meant = np.stack([follow(lists) for follow in RULES.values()]) == answers
    p = np.where(meant, 1 - SLIPS + SLIPS / LETTERS, SLIPS / LETTERS)
    return -np.log(p.prod((2, 3)).mean(0))


def network():
    """A small GPT."""
    return GPT(VOCABULARY, 64, 4, 2, longest=PAIRS * (2 * LENGTH + 2), start=0.1)


@cache
def pretrained(steps, seed):
    """The network after so many steps of predicting the next id of fresh documents."""

    def data(step):
        lists, answers, _ = documents(B, np.random.default_rng([seed, step]))
        return next_ids(text(BOS, lists, answers))

    how = {"lr": RATE, "optimiser": "adamw", "schedule": Cosine(steps, 0.1, steps // 24), "clip_norm": 1.0}
    return fit(network, data, steps=steps, loss="cross_entropy", seed=seed, **how).model.eval()


def nats(model, ids):
    """-ln p of every id but the first: (n, T) -> (n, T - 1)."""
    ids = torch.tensor(ids)
    with torch.no_grad():
        log_p = model(ids[:, :-1])[0].double().log_softmax(-1)
    return -log_p.gather(2, ids[:, 1:, None])[..., 0].numpy()


def fresh(n, seed):
    """Documents that no training reads."""
    return documents(n, np.random.default_rng([seed, 10**6]))[:2]


def bits(model, n, seed):
    """Bits per id of n fresh documents."""
    return nats(model, text(BOS, *fresh(n, seed))).mean() / np.log(2)


def exact_bits(n, seed):
    """The same of the exact reader: lists are any letters, and what stands between them and answers is known."""
    per_id = PAIRS * (2 * LENGTH + 2) * np.log(2)
    return (exact(*fresh(n, seed)).mean() + PAIRS * LENGTH * np.log(LETTERS)) / per_id


def log_probability(model, lists, answers):
    """ln π(y | x) of answers to lists, both (n, LENGTH): the first answer of a document, of letters alone."""
    ids = torch.tensor(text(BOS, lists[:, None], answers[:, None])[:, : ANSWER.stop])
    log_p = model(ids)[0][:, ANSWER, :LETTERS].log_softmax(-1)
    return log_p.gather(2, torch.tensor(answers)[..., None])[..., 0].sum(1)


def table(model, lists):
    """ln π(y | x) of all answers to each of the lists: (n, LENGTH) -> (n, LETTERS^LENGTH)."""
    n, begun = len(lists), ALL[::LETTERS]  # what comes last does not matter
    ids = text(BOS, lists.repeat(len(begun), 0)[:, None], np.tile(begun, (n, 1))[:, None])[:, : ANSWER.stop]
    with torch.no_grad():
        log_p = model(torch.tensor(ids))[0][:, ANSWER, :LETTERS].double().log_softmax(-1).numpy()
    said = np.take_along_axis(log_p[:, :-1], np.tile(begun, (n, 1))[:, :-1, None], 2).sum((1, 2))
    return (said[:, None] + log_p[:, -1]).reshape(n, -1)


def drawn(model, lists):
    """An answer to each of the lists, drawn from π by torch's random numbers: (n, LENGTH)."""
    ids = torch.tensor(text(BOS, lists[:, None], lists[:, None])[:, : ANSWER.start + 1])
    with torch.no_grad():
        for _ in range(LENGTH):
            p = model(ids)[0][:, -1, :LETTERS].softmax(-1)
            ids = torch.cat([ids, torch.multinomial(p, 1)], 1)
    return ids[:, -LENGTH:].numpy()


def written(model, ids):
    """What the model finds likeliest after these ids, one at a time: (n, T) -> (n, LENGTH)."""
    ids = torch.tensor(ids)
    with torch.no_grad():
        for _ in range(LENGTH):
            ids = torch.cat([ids, model(ids)[0][:, -1:].argmax(-1)], 1)
    return ids[:, -LENGTH:].numpy()


@cache
def split(seed):
    """All lists in two parts, to train on and to be asked: an eighth is asked."""
    order = np.random.default_rng([seed, 10**6 + 1]).permutation(len(ALL))
    return ALL[order[len(ALL) // 8 :]], ALL[order[: len(ALL) // 8]]
