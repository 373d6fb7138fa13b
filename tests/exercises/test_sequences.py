"""Practice of chapter 1: right answers written differently pass, usual mistakes are recognised."""

import math

import numpy as np
import pytest

from seqlib.exercises import sequences as practice


def plogp(values):
    return -sum(float(p) * math.log(p) for p in np.ravel(values) if p > 0)


def by_words(log_p, mask):
    surprises = [-log_p[b, t] for b in range(len(log_p)) for t in range(log_p.shape[1]) if mask[b, t]]
    return math.exp(sum(surprises) / len(surprises))


RIGHT = [
    ("entropy_nats", plogp),
    ("entropy_nats", lambda p: -(p * np.log(np.where(p > 0, p, 1))).sum()),
    ("perplexity", by_words),
    ("perplexity", lambda log_p, mask: np.prod(np.exp(-log_p[mask])) ** (1 / mask.sum())),
    ("smoothed", lambda c, a: np.array([(n + a) / (sum(c) + a * len(c)) for n in c])),
    ("smoothed", lambda c, a: (c + a) / (c + a).sum()),
    ("floor_and_chance", lambda c, a: (plogp(c[:, None] * a) - plogp(c), plogp(c @ a))),
    ("floor_and_chance", lambda c, a: [sum(p * plogp(r) for p, r in zip(c, a, strict=True)), plogp(a.T @ c)]),
]

WRONG = [
    ("entropy_nats", "sign", lambda p: -plogp(p)),
    ("entropy_nats", "bits", lambda p: plogp(p) / math.log(2)),
    ("entropy_nats", "unweighted", lambda p: -sum(math.log(q) for q in p if q > 0)),
    ("entropy_nats", "perplexity", lambda p: math.exp(plogp(p))),
    ("perplexity", "no mask", lambda log_p, mask: np.exp(-np.mean(log_p))),
    ("perplexity", "padding counts", lambda log_p, mask: np.exp(-np.where(mask, log_p, 0).mean())),
    ("perplexity", "mean of exp", lambda log_p, mask: np.mean(np.exp(-log_p[mask]))),
    ("perplexity", "base 2", lambda log_p, mask: 2 ** -log_p[mask].mean()),
    ("perplexity", "no exp", lambda log_p, mask: math.log(by_words(log_p, mask))),
    ("perplexity", "sign", lambda log_p, mask: 1 / by_words(log_p, mask)),
    ("smoothed", "one alpha", lambda c, a: (c + a) / (sum(c) + a)),
    ("smoothed", "add one", lambda c, a: (c + 1) / (c + 1).sum()),
    ("smoothed", "denominator", lambda c, a: (c + a) / max(1, sum(c))),
    ("floor_and_chance", "exchanged", lambda c, a: (plogp(c @ a), plogp(c[:, None] * a) - plogp(c))),
    ("floor_and_chance", "joint", lambda c, a: (plogp(c[:, None] * a), plogp(c @ a))),
    ("floor_and_chance", "plain chance", lambda c, a: (plogp(c[:, None] * a) - plogp(c), plogp(a.mean(0)))),
    ("floor_and_chance", "plain mean", lambda c, a: (np.mean([plogp(r) for r in a]), plogp(c @ a))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass(name, answer):
    result = getattr(practice, name).judge(answer)
    assert result.status == "right", result.message


@pytest.mark.parametrize(("name", "id", "answer"), WRONG)
def test_mistakes_are_recognised(name, id, answer):
    result = getattr(practice, name).judge(answer)
    assert (result.status, result.id) == ("wrong", id), result.message
