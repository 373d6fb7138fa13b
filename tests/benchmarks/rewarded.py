"""Answers that are rewarded: the best policies, exactly, and the losses with which a network is brought near them.

All that is exact is over tables: a row for each list x, a column for each answer y. `log_ref`: ln π_ref(y | x).
"""

import copy
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import logsigmoid

from seqlib.batching import Batch
from seqlib.training import Cosine, fit

sys.path.append(str(Path(__file__).parent))  # for the file beside this one, when it is read and not run
from hidden_rules import ALL, ANSWER, BOS, SCORE, drawn, log_probability, number, text


def reward(lists, answers=ALL):
    """One for each step upwards in the alphabet, one off for each letter that is not in the list  (n, answers)."""
    upwards = (np.diff(answers) > 0).sum(1)
    made_up = (answers[None, :, :, None] != lists[:, None, None, :]).all(3).sum(2)
    return (upwards - made_up).astype(float)


def log_softmax(scores):
    """Of each row."""
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


def optimum(log_ref, rewards, beta):
    """ln π* of the policy with the largest E r - β KL(π ‖ π_ref):  π* ∝ π_ref exp(r/β)."""
    return log_softmax(log_ref + rewards / beta)


def divergence(log_p, log_q):
    """KL(p ‖ q) in nats, the mean over rows. An answer of probability 0 adds nothing."""
    p = np.exp(log_p)
    return float(np.where(p > 0, p * (np.where(p > 0, log_p, 0) - log_q), 0).sum(1).mean())


def expected(log_p, rewards):
    """E r, the mean over rows."""
    return float((np.exp(log_p) * rewards).sum(1).mean())


def best_of(log_ref, scores, n):
    """ln P(y is the one with the best score of n that are drawn from π_ref); among equals the first drawn.

    P(y) = π_ref(y) / P(score = s_y) · [P(score ≤ s_y)^n - P(score < s_y)^n]
    """
    p, found = np.exp(log_ref), np.empty_like(log_ref)
    for row, (weights, score) in enumerate(zip(p, scores, strict=True)):
        _, level = np.unique(score, return_inverse=True)
        mass = np.bincount(level, weights)
        up_to = np.minimum(np.cumsum(mass), 1)
        up_to[-1] = 1.0
        of_level = up_to**n - np.concatenate([[0.0], up_to[:-1]]) ** n
        with np.errstate(divide="ignore"):
            found[row] = log_ref[row] + (np.log(of_level) - np.log(mass))[level]
    return found


def compared(log_ref, rewards, lists, n, rng):
    """n lists, two answers each from π_ref, and which of them a rater prefers: P(a ≻ b) = σ(r_a - r_b).

    Rows of the tables belong to `lists`. Returns lists, the answers that won, those that lost  (n, LENGTH) each.
    """
    which = rng.integers(len(lists), size=n)
    sums = np.exp(log_ref).cumsum(1)[which]
    pair = np.stack([(sums < u).sum(1) for u in rng.random((2, n, 1))]).clip(max=len(ALL) - 1)
    a, b = rewards[which, pair]
    pair = np.where(rng.random(n) < 1 / (1 + np.exp(b - a)), pair, pair[::-1])
    return lists[which], ALL[pair[0]], ALL[pair[1]]


def preference_loss(won, lost):
    """-ln σ(s_won - s_lost), the mean: that of Bradley and Terry's model."""
    return -logsigmoid(won - lost).mean()


def trained(model, data, loss, steps, seed, rate):
    """A copy of the model after so many steps."""
    how = {"lr": rate, "schedule": Cosine(steps, 0.05, min(10, steps // 2)), "clip_norm": 1.0}
    return fit(copy.deepcopy(model), data, steps=steps, loss=loss, seed=seed, **how).model.eval()


def rows_of(arrays, size, seed):
    """step -> a Batch of `size` rows of the arrays, drawn anew for each step."""

    def data(step):
        rows = np.random.default_rng([seed, step]).integers(len(arrays[0]), size=size)
        chosen = tuple(array[rows] for array in arrays)
        return Batch(chosen, chosen[0], np.full(chosen[0].shape, True))

    return data


def dpo(model, log_ref, pairs, beta, steps, seed, rate, size=64):
    """Direct preference optimisation: the preference loss where s is β ln π/π_ref."""
    lists, won, lost = pairs

    def loss(net, batch):
        x, *both = (part.numpy() for part in batch.inputs)
        ref = torch.tensor(log_ref[number(x)])
        scores = [
            beta * (log_probability(net, x, y) - ref.gather(1, torch.tensor(number(y))[:, None])[:, 0]) for y in both
        ]
        return preference_loss(*scores)

    return trained(model, rows_of((lists, won, lost), size, seed), loss, steps, seed, rate)


def policy_gradient(model, log_ref, rewards, lists, beta, steps, seed, rate, size=32, draws=4):
    """REINFORCE on r - β ln π/π_ref; the baseline of an answer is the mean of the other answers to its list.

    rewards: a function of lists and answers  (n, LENGTH) each -> (n,).
    """

    def loss(net, batch):
        x = batch.inputs[0].numpy().repeat(draws, 0)
        y = drawn(net, x)
        log_p = log_probability(net, x, y)
        drift = log_p.detach().double().numpy() - log_ref[number(x), number(y)]
        returns = (rewards(x, y) - beta * drift).reshape(-1, draws)
        baseline = (returns.sum(1, keepdims=True) - returns) / (draws - 1)
        return -(torch.tensor(returns - baseline).ravel() * log_p).mean()

    return trained(model, rows_of((lists,), size, seed), loss, steps, seed, rate)


def score(model, lists, answers, hidden=False):
    """The score of answers to lists  (n,): the output for an id that stands in no text, after the last letter."""
    lists = np.full_like(lists, SCORE) if hidden else lists
    ids = text(BOS, lists[:, None], answers[:, None])[:, : ANSWER.stop + 1]
    return model(torch.tensor(ids))[0][:, -1, SCORE]


def reward_model(model, pairs, hidden, steps, seed, rate, size=64):
    """A copy of the model whose scores rank the pairs as their raters did; with `hidden` it does not see the lists."""

    def loss(net, batch):
        x, *both = (part.numpy() for part in batch.inputs)
        return preference_loss(*(score(net, x, y, hidden) for y in both))

    return trained(model, rows_of(pairs, size, seed), loss, steps, seed, rate)


def scores(model, lists, hidden):
    """The score of all answers to each of the lists: (n, LENGTH) -> (n, answers)."""
    n = 1 if hidden else len(lists)
    with torch.no_grad():
        found = score(model, lists[:n].repeat(len(ALL), 0), np.tile(ALL, (n, 1)), hidden)
    return np.broadcast_to(found.double().numpy().reshape(n, -1), (len(lists), len(ALL)))
