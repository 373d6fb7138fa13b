"""Reward against likelihood: how near training on preferences comes to the best policies, and what a proxy does to it.

    python tests/benchmarks/longer_training.py 15_preferences 15_proxy

The reference is the GPT of hidden_rules.py, pretrained on documents that never say by which of four rules a list is to
be answered. A rater likes letters in alphabetical order, and none that are not in the list: the rule "sorted". There
are 512 answers to a list, so for every β the policy with the largest E r - β KL(π ‖ π_ref) is computed by enumeration:
these are the frontier. It is drawn for lists that training on preferences has not used. A seed draws the documents, the
weights, which lists these are, the comparisons and the answers. A reward model is fitted to comparisons of two answers
of the reference; one of them is not shown the list. Rates are those of a trial with another seed.

Written down before the measurement:

1. Policy gradient ends less than 0.1 points of reward below the frontier at its own KL, for β = 1 and 0.5.
2. DPO, which sees comparisons alone, ends less than 0.25 points below it, and gains more than half of the reward that
   its KL can buy.
3. What is gained in reward is lost in likelihood: every trained policy needs over 0.03 bits per id more for documents
   as in pretraining than the reference; without a penalty (β = 0) over 0.02 more than with β = 1.
4. The exact optimum of a proxy of 64 comparisons earns, at β = 0.06, over 0.5 points less true reward than at its best
   β: the fall is no fault of training. The best of 1024 earns over 0.3 points less than the best of the best n.
5. A proxy of 4096 comparisons loses less than 0.3 by β = 0.06; if the list was hidden, more than 0.15.
6. A policy trained on the proxy of 64 comparisons earns over 0.1 points less true reward with β = 0.25 than with β = 1.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np

from seqlib.evidence import rounded

sys.path.append(str(Path(__file__).parent))  # for the two files beside this one, when it is read and not run
import rewarded
from hidden_rules import ALL, bits, exact_bits, number, pretrained, split, table

CHAPTER = "15"
RATE, PROXY_RATE = 3e-4, 1e-3
COMPARISONS, ASKED = 8192, 32
PROXIES = {  # how many comparisons it has seen, whether the list was hidden
    "64 comparisons": (64, False),
    "512 comparisons": (512, False),
    "4096 comparisons": (4096, False),
    "4096, list hidden": (4096, True),
}


@cache
def reference(steps, seed):
    """The pretrained network, and its table for all lists."""
    net = pretrained(6 * steps, seed)
    return net, table(net, ALL)


def worth(policies, log_ref, scored, rewards):
    """KL from the reference, expected score and expected reward of each of the policies."""
    return {
        "kl": [rounded(rewarded.divergence(log_p, log_ref), 4) for log_p in policies],
        "proxy": [rounded(rewarded.expected(log_p, scored), 4) for log_p in policies],
        "true": [rounded(rewarded.expected(log_p, rewards), 4) for log_p in policies],
    }


def along(log_ref, scored, rewards, betas):
    """What the exact optima for the scores are worth, by β."""
    best = [rewarded.optimum(log_ref, scored, beta) for beta in betas]
    return {"beta": list(betas)} | worth(best, log_ref, scored, rewards)


def at_divergence(log_ref, rewards, kl):
    """The largest reward of a policy that is no further from the reference: β by bisection of its logarithm."""
    low, high = np.log(1e-3), np.log(1e3)
    for _ in range(60):
        middle = (low + high) / 2
        further = rewarded.divergence(rewarded.optimum(log_ref, rewards, np.exp(middle)), log_ref) > kl
        low, high = (middle, high) if further else (low, middle)
    return rewarded.expected(rewarded.optimum(log_ref, rewards, np.exp(high)), rewards)


def judged(net, log_ref, asked, seed, texts):
    """Of a policy: KL from the reference, expected reward, the most that this KL can buy, bits per id of the texts."""
    log_p, rewards, ref = table(net, asked), rewarded.reward(asked), log_ref[number(asked)]
    kl = rewarded.divergence(log_p, ref)
    return {
        "kl": rounded(kl, 4),
        "reward": rounded(rewarded.expected(log_p, rewards), 4),
        "frontier": rounded(at_divergence(ref, rewards, kl), 4),
        "bits": rounded(bits(net, texts, seed), 5),
    }


def true_reward(lists, answers):
    """Of answers, one to each list  (n,)."""
    return rewarded.reward(lists)[np.arange(len(lists)), number(answers)]


def preferences(steps, seeds, betas, grid, texts):
    """What was seen of each seed: levels, the frontier, and the trained policies by β."""
    runs = []
    for seed in seeds:
        net, log_ref = reference(steps, seed)
        lists, asked = split(seed)
        rows, rewards = log_ref[number(asked)], rewarded.reward(asked)
        rng = np.random.default_rng([seed, 10**6 + 2])
        pairs = rewarded.compared(log_ref[number(lists)], rewarded.reward(lists), lists, COMPARISONS, rng)
        ways = {
            "DPO": lambda beta, net=net, ref=log_ref, pairs=pairs, seed=seed: rewarded.dpo(
                net, ref, pairs, beta, steps, seed, RATE
            ),
            "policy gradient": lambda beta, net=net, ref=log_ref, lists=lists, seed=seed: rewarded.policy_gradient(
                net, ref, true_reward, lists, beta, steps, seed, RATE
            ),
        }
        frontier = along(rows, rewards, rewards, grid)
        runs.append(
            {
                "reference": {
                    "reward": rounded(rewarded.expected(rows, rewards), 4),
                    "bits": rounded(bits(net, texts, seed), 5),
                },
                "exact bits": rounded(exact_bits(texts, seed), 5),
                "best": rounded(rewards.max(1).mean(), 4),
                "frontier": {"beta": frontier["beta"], "kl": frontier["kl"], "reward": frontier["true"]},
                "trained": {
                    way: {f"{beta:g}": judged(make(beta), log_ref, asked, seed, texts) for beta in betas[way]}
                    for way, make in ways.items()
                },
            }
        )
    return {"runs": runs}


def agreement(log_ref, scored, rewards):
    """How often two answers of the reference, of unequal reward, are ranked by the scores as by the rewards."""
    p, hits, all_ = np.exp(log_ref), 0.0, 0.0
    for weight, s, r in zip(p, scored, rewards, strict=True):
        both = np.outer(weight, weight)
        hits += both[(r[:, None] - r) * (s[:, None] - s) > 0].sum()
        all_ += both[r[:, None] != r].sum()
    return hits / all_


def best_of_n(log_ref, scored, rewards, numbers):
    """The best of n answers of the reference, exactly, beside the bound of its KL."""
    best = [rewarded.best_of(log_ref, scored, n) for n in numbers]
    bound = [rounded(np.log(n) - (n - 1) / n, 4) for n in numbers]
    return {"n": list(numbers), "bound": bound} | worth(best, log_ref, scored, rewards)


def of_proxy(name, steps, seed, betas, grid, numbers):
    """A reward model: how often it agrees, what its exact optima and the best of n are worth, and trained policies."""
    n, hidden = PROXIES[name]
    net, log_ref = reference(steps, seed)
    lists, asked = split(seed)
    asked = asked[:ASKED]
    rows, rewards = log_ref[number(asked)], rewarded.reward(asked)
    rng = np.random.default_rng([seed, 10**6 + 3])
    pairs = rewarded.compared(log_ref[number(lists)], rewarded.reward(lists), lists, n, rng)
    judge = rewarded.reward_model(net, pairs, hidden, steps, seed, PROXY_RATE)
    scored = rewarded.scores(judge, asked, hidden)
    found = {
        "agrees": rounded(agreement(rows, scored, rewards), 4),
        "exact": along(rows, scored, rewards, grid),
        "best of n": best_of_n(rows, scored, rewards, numbers),
        "trained": {},
    }
    for beta in betas.get(name, []):

        def said(x, y):
            return rewarded.score(judge, x, y, hidden).detach().double().numpy()

        policy = rewarded.policy_gradient(net, log_ref, said, lists, beta, steps, seed, RATE)
        log_p = table(policy, asked)
        found["trained"][f"{beta:g}"] = {
            "kl": rounded(rewarded.divergence(log_p, rows), 4),
            "proxy": rounded(rewarded.expected(log_p, scored), 4),
            "true": rounded(rewarded.expected(log_p, rewards), 4),
        }
    return found


def proxy(steps, seeds, betas, grid, numbers):
    """What was seen of each seed: proxy -> how it does, and the true reward of the reference."""
    runs = []
    for seed in seeds:
        asked = split(seed)[1][:ASKED]
        at_first = rewarded.expected(reference(steps, seed)[1][number(asked)], rewarded.reward(asked))
        of = {name: of_proxy(name, steps, seed, betas, grid, numbers) for name in PROXIES}
        runs.append({"reference": rounded(at_first, 4), **of})
    return {"runs": runs}


SETTINGS = {"steps": 200, "seeds": list(range(310, 315))}
MEASUREMENTS = {
    "preferences": {
        "what": "reward and KL from the reference of policies trained by DPO and by policy gradient, the exact "
        "frontier, and what the documents of pretraining cost afterwards",
        "unit": "points of reward, nats, bits per id",
        "measure": preferences,
        "settings": SETTINGS
        | {
            "betas": {"DPO": [1.0, 0.5], "policy gradient": [1.0, 0.5, 0.0]},
            "grid": [16.0, 8.0, 4.0, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.06],
            "texts": 500,
        },
    },
    "proxy": {
        "what": "true reward, and that of a reward model, of the exact optima for the model, of the best of n, and of "
        "policies trained against it",
        "unit": "points of reward, nats, share",
        "measure": proxy,
        "settings": SETTINGS
        | {
            "betas": {"64 comparisons": [1.0, 0.25]},
            "grid": [16.0, 8.0, 4.0, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.06, 0.03],
            "numbers": [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
        },
    },
}
