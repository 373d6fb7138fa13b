"""Levels are exact, and every policy and every proxy is trained and judged on what its name says."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("longer_15_preferences.py")))
GLOBALS = S["judged"].__globals__
HOW = {name: of["settings"] for name, of in S["MEASUREMENTS"].items()}
OF = vars(GLOBALS["rewarded"])
ALL, number = S["ALL"], GLOBALS["number"]


def tables(rows=3, columns=6, seed=0):
    rng = np.random.default_rng(seed)
    log_ref = rng.normal(size=(rows, columns)) * 2
    return log_ref - np.log(np.exp(log_ref).sum(1, keepdims=True)), *rng.normal(size=(2, rows, columns))


def test_the_reference_is_pretrained_for_six_times_the_steps(monkeypatch):
    monkeypatch.setitem(GLOBALS, "pretrained", lambda steps, seed: (steps, seed))
    monkeypatch.setitem(GLOBALS, "table", lambda net, lists: (net, len(lists)))
    assert S["reference"](20, 7) == ((120, 7), ((120, 7), 512))


def test_optima_are_followed_along_beta():
    log_ref, scored, rewards = tables()
    found = S["along"](log_ref, scored, rewards, [2.0, 0.5])
    assert found["beta"] == [2.0, 0.5]
    for k, beta in enumerate((2.0, 0.5)):
        p = np.exp(log_ref + scored / beta)
        p /= p.sum(1, keepdims=True)
        assert found["kl"][k] == pytest.approx((p * (np.log(p) - log_ref)).sum(1).mean(), rel=1e-3)
        assert found["proxy"][k] == pytest.approx((p * scored).sum(1).mean(), rel=1e-3)
        assert found["true"][k] == pytest.approx((p * rewards).sum(1).mean(), rel=1e-3)


def test_the_frontier_at_a_divergence_is_between_its_neighbours():
    log_ref, _, rewards = tables()
    at = S["along"](log_ref, rewards, rewards, [0.7, 3.0])
    for k in range(2):
        assert S["at_divergence"](log_ref, rewards, at["kl"][k]) == pytest.approx(at["true"][k], abs=1e-3)
    assert S["at_divergence"](log_ref, rewards, 1e6) == pytest.approx(rewards.max(1).mean())
    assert S["at_divergence"](log_ref, rewards, 0.0) == pytest.approx(OF["expected"](log_ref, rewards), abs=1e-2)


def test_a_policy_is_judged_on_the_lists_that_are_asked(monkeypatch):
    log_ref, log_p = tables(512, 512)[0], tables(5, 512, 1)[0]
    asked = ALL[[7, 100, 300, 301, 511]]
    monkeypatch.setitem(GLOBALS, "table", lambda net, lists: log_p if (net, lists is asked) == ("net", True) else None)
    monkeypatch.setitem(GLOBALS, "bits", lambda net, texts, seed: (net, texts, seed) == ("net", 9, 3) and 1.2345678)
    found = S["judged"]("net", log_ref, asked, 3, 9)
    ref, rewards = log_ref[[7, 100, 300, 301, 511]], OF["reward"](asked)
    kl = (np.exp(log_p) * (log_p - ref)).sum(1).mean()
    assert found["kl"] == pytest.approx(kl, rel=1e-3)
    assert found["reward"] == pytest.approx((np.exp(log_p) * rewards).sum(1).mean(), rel=1e-3)
    assert found["frontier"] == pytest.approx(S["at_divergence"](ref, rewards, kl), rel=1e-3)
    assert found["bits"] == 1.2346


def test_true_rewards_are_those_of_one_answer_to_each_list():
    lists, answers = np.array([[1, 2, 3], [2, 1, 0]]), np.array([[1, 2, 4], [0, 1, 2]])
    assert S["true_reward"](lists, answers).tolist() == [1, 2]


@pytest.fixture
def world(monkeypatch):
    """A reference that is a table, and ways of training that say what they were given."""
    log_ref = tables(512, 512)[0]
    asked, lists = ALL[np.arange(0, 512, 8)], ALL[np.arange(1, 512, 8)]
    monkeypatch.setitem(GLOBALS, "reference", lambda steps, seed: (("net", steps, seed), log_ref))
    monkeypatch.setitem(GLOBALS, "split", lambda seed: (lists, asked))
    monkeypatch.setitem(GLOBALS, "bits", lambda net, texts, seed: texts + seed / 100)
    monkeypatch.setitem(GLOBALS, "exact_bits", lambda texts, seed: texts - seed / 100)

    def compared(ref, rewards, of, n, rng):
        assert np.array_equal(ref, log_ref[1::8])
        assert np.array_equal(rewards, OF["reward"](lists))
        assert of is lists
        return n, rng.random()

    monkeypatch.setitem(OF, "compared", compared)
    return log_ref, lists, asked, monkeypatch


def test_policies_are_trained_from_the_reference(world):
    log_ref, lists, asked, monkeypatch = world
    first = np.random.default_rng([7, 10**6 + 2]).random()

    def dpo(net, ref, pairs, beta, steps, seed, rate):
        assert ref is log_ref
        assert (net, pairs, steps, seed, rate) == (("net", 20, 7), (8192, first), 20, 7, 3e-4)
        return "DPO", beta

    def policy_gradient(net, ref, rewards, of, beta, steps, seed, rate):
        assert ref is log_ref
        assert of is lists
        assert rewards is S["true_reward"]
        assert (net, steps, seed, rate) == (("net", 20, 7), 20, 7, 3e-4)
        return "policy gradient", beta

    monkeypatch.setitem(OF, "dpo", dpo)
    monkeypatch.setitem(OF, "policy_gradient", policy_gradient)
    monkeypatch.setitem(
        GLOBALS, "judged", lambda net, ref, of, seed, texts: (net, ref is log_ref, of is asked, seed, texts)
    )
    betas = {"DPO": [2.0], "policy gradient": [0.5, 0.0]}
    (found,) = S["preferences"](20, [7], betas, [2.0, 0.5], 3)["runs"]
    assert found["trained"] == {
        "DPO": {"2": (("DPO", 2.0), True, True, 7, 3)},
        "policy gradient": {f"{beta:g}": (("policy gradient", beta), True, True, 7, 3) for beta in (0.5, 0.0)},
    }
    rewards = OF["reward"](asked)
    assert found["reference"] == {
        "reward": pytest.approx((np.exp(log_ref[::8]) * rewards).sum(1).mean(), rel=1e-3),
        "bits": 3.07,
    }
    assert found["exact bits"] == 2.93
    assert found["best"] == pytest.approx(rewards.max(1).mean(), rel=1e-3)
    expected = S["along"](log_ref[::8], rewards, rewards, [2.0, 0.5])
    assert found["frontier"] == {"beta": [2.0, 0.5], "kl": expected["kl"], "reward": expected["true"]}


def test_agreement_is_a_share_of_pairs_of_unequal_reward():
    log_ref = np.log([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]])
    rewards = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 2.0]])
    scored = np.array([[0.3, 0.1, 0.0], [0.0, 2.0, 2.0]])
    # row 0: pairs (0, 1) right, (1, 2) wrong; row 1: (0, 1) and (0, 2) right, (1, 2) undecided
    right, of_all = 0.15 + 0.06 + 0.03, 0.15 + 0.06 + 0.06 + 0.03 + 0.18
    assert S["agreement"](log_ref, scored, rewards) == pytest.approx(right / of_all)


def test_the_best_of_n_stands_beside_its_bound():
    log_ref, scored, rewards = tables()
    found = S["best_of_n"](log_ref, scored, rewards, [1, 4])
    assert found["n"] == [1, 4]
    assert found["bound"] == [0, pytest.approx(np.log(4) - 0.75, rel=1e-3)]
    best = OF["best_of"](log_ref, scored, 4)
    p = np.exp(best)
    assert found["kl"] == [pytest.approx(0, abs=1e-9), pytest.approx((p * (best - log_ref)).sum(1).mean(), rel=1e-3)]
    assert found["proxy"][1] == pytest.approx((p * scored).sum(1).mean(), rel=1e-3)
    assert found["true"][1] == pytest.approx((p * rewards).sum(1).mean(), rel=1e-3)


@pytest.mark.parametrize("name", ["64 comparisons", "512 comparisons", "4096 comparisons", "4096, list hidden"])
def test_a_proxy_is_what_its_name_says(world, name):
    log_ref, lists, asked, monkeypatch = world
    n, hidden = int(name.split()[0].strip(",")), "hidden" in name
    scored, log_p = tables(32, 512, 3)[1], tables(32, 512, 4)[0]
    first = np.random.default_rng([7, 10**6 + 3]).random()

    def reward_model(net, pairs, hides, steps, seed, rate):
        assert (net, pairs, hides, steps, seed, rate) == (("net", 20, 7), (n, first), hidden, 20, 7, 1e-3)
        return "judge"

    def scores(judge, of, hides):
        assert (judge, hides) == ("judge", hidden)
        assert np.array_equal(of, asked[:32])
        return scored

    def policy_gradient(net, ref, rewards, of, beta, steps, seed, rate):
        assert ref is log_ref
        assert of is lists
        assert (net, beta, steps, seed, rate) == (("net", 20, 7), 0.5, 20, 7, 3e-4)
        assert rewards("x", "y").tolist() == [1.5, 2.5]
        return "policy"

    def score(judge, x, y, hides):
        assert (judge, x, y, hides) == ("judge", "x", "y", hidden)
        return torch.tensor([1.5, 2.5], requires_grad=True)

    for function in (reward_model, scores, policy_gradient, score):
        monkeypatch.setitem(OF, function.__name__, function)
    monkeypatch.setitem(GLOBALS, "table", lambda net, of: log_p if (net, len(of)) == ("policy", 32) else None)
    found = S["of_proxy"](name, 20, 7, {name: [0.5]}, [2.0, 0.5], [1, 4])
    ref, rewards = log_ref[::8][:32], OF["reward"](asked[:32])
    assert found["agrees"] == pytest.approx(S["agreement"](ref, scored, rewards), rel=1e-3)
    assert found["exact"] == S["along"](ref, scored, rewards, [2.0, 0.5])
    assert found["best of n"] == S["best_of_n"](ref, scored, rewards, [1, 4])
    assert found["trained"] == {
        "0.5": {
            "kl": pytest.approx((np.exp(log_p) * (log_p - ref)).sum(1).mean(), rel=1e-3),
            "proxy": pytest.approx((np.exp(log_p) * scored).sum(1).mean(), rel=1e-3),
            "true": pytest.approx((np.exp(log_p) * rewards).sum(1).mean(), rel=1e-3),
        }
    }
    assert S["of_proxy"](name, 20, 7, {}, [2.0], [1])["trained"] == {}


def test_values_of_proxies_are_stored_by_seed(world):
    log_ref, _, asked, monkeypatch = world
    monkeypatch.setitem(GLOBALS, "of_proxy", lambda *how: how)
    found = S["proxy"](20, [7, 8], {}, [2.0], [1])["runs"]
    at_first = OF["expected"](log_ref[::8][:32], OF["reward"](asked[:32]))
    for seed, run in zip((7, 8), found, strict=True):
        assert run.pop("reference") == pytest.approx(at_first, rel=1e-3)
        assert run == {name: (name, 20, seed, {}, [2.0], [1]) for name in S["PROXIES"]}


def test_settings_are_those_of_the_hypotheses():
    for how in HOW.values():
        assert how["steps"] == 200
        assert len(set(how["seeds"])) == 5
        assert how["grid"] == sorted(how["grid"], reverse=True)
    assert HOW["preferences"]["seeds"] == HOW["proxy"]["seeds"]
    assert HOW["preferences"]["betas"] == {"DPO": [1.0, 0.5], "policy gradient": [1.0, 0.5, 0.0]}
    assert HOW["proxy"]["betas"] == {"64 comparisons": [1.0, 0.25]}
    assert HOW["proxy"]["numbers"] == [2**k for k in range(11)]
    assert 0.06 in HOW["proxy"]["grid"]
