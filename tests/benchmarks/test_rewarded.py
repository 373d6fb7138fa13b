"""Optima are optimal, the best of n is that of all draws, and each loss is the one that it is called."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("rewarded.py")))
GLOBALS = S["dpo"].__globals__
ALL, number = S["ALL"], GLOBALS["number"]
NETWORK = runpy.run_path(str(Path(__file__).with_name("hidden_rules.py")))["network"]


@pytest.fixture
def net():
    torch.manual_seed(0)
    with torch.no_grad():
        net = NETWORK().eval()
        net.embedding.words.weight.mul_(5)
    return net


def tables(rows=3, columns=6):
    rng = np.random.default_rng(0)
    log_ref = rng.normal(size=(rows, columns)) * 2
    return log_ref - np.log(np.exp(log_ref).sum(1, keepdims=True)), rng.normal(size=(rows, columns))


def test_a_rater_likes_the_alphabet_and_nothing_made_up():
    lists = np.array([[3, 1, 5], [2, 2, 0]])
    answers = np.array([[1, 3, 5], [5, 3, 1], [1, 1, 3], [0, 2, 4], [0, 0, 7], [3, 4, 5]])
    assert S["reward"](lists, answers).tolist() == [[2, 0, 1, -1, -2, 1], [-1, -3, -2, 1, 0, -1]]
    assert S["reward"](lists).shape == (2, 512)
    assert S["reward"](lists)[0, number([1, 3, 5])] == 2


def test_the_optimum_is_the_best_of_all_policies():
    log_ref, rewards = tables()
    for beta in (0.2, 1.0, 3.0):
        best = S["optimum"](log_ref, rewards, beta)
        assert np.exp(best).sum(1) == pytest.approx(1)
        value = S["expected"](best, rewards) - beta * S["divergence"](best, log_ref)
        assert value == pytest.approx(beta * np.log((np.exp(log_ref + rewards / beta)).sum(1)).mean())
        rng = np.random.default_rng(1)
        for size in (0.01, 0.3):
            other = best + size * rng.normal(size=best.shape)
            other -= np.log(np.exp(other).sum(1, keepdims=True))
            assert S["expected"](other, rewards) - beta * S["divergence"](other, log_ref) < value


def test_divergence_and_reward_are_means_over_lists():
    p, q = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]), np.array([[0.25, 0.25, 0.5], [0.6, 0.2, 0.2]])
    rewards = np.array([[1.0, 2.0, 9.0], [3.0, -1.0, 0.5]])
    with np.errstate(divide="ignore"):
        log_p = np.log(p)
    expected = (np.log(2) + 0.2 * np.log(0.2 / 0.6) + 0.3 * np.log(0.3 / 0.2) + 0.5 * np.log(0.5 / 0.2)) / 2
    assert S["divergence"](log_p, np.log(q)) == pytest.approx(expected)
    assert S["expected"](log_p, rewards) == pytest.approx((1.5 + 0.6 - 0.3 + 0.25) / 2)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_best_of_n_is_that_of_all_draws(n):
    log_ref, _ = tables(2, 5)
    scores = np.array([[1.0, 3.0, 1.0, -2.0, 3.0], [0.0, 0.0, 0.5, 4.0, 4.0]])  # with equals
    expected = np.zeros((2, 5))
    for row, draws in itertools.product(range(2), itertools.product(range(5), repeat=n)):
        best = max(draws, key=lambda y, row=row: scores[row, y])  # the first of equals
        expected[row, best] += np.exp(log_ref[row, list(draws)].sum())
    assert np.exp(S["best_of"](log_ref, scores, n)) == pytest.approx(expected)


def test_the_divergence_of_the_best_of_n_keeps_to_its_bound():
    log_ref, scores = tables(4, 400)
    for n in (2, 8, 64):
        kl = S["divergence"](S["best_of"](log_ref, scores, n), log_ref)
        assert 0.5 * (np.log(n) - (n - 1) / n) < kl <= np.log(n) - (n - 1) / n


def test_pairs_are_drawn_from_the_reference_and_judged():
    lists = np.array([[1, 2, 3], [4, 5, 6]])
    rows = [number(y) for y in ([0, 0, 1], [3, 1, 4], [7, 7, 7])]
    p = np.full((2, 512), 1e-12)
    p[0, rows], p[1, rows] = [0.5, 0.3, 0.2], [0.1, 0.1, 0.8]
    rewards = np.zeros((2, 512))
    rewards[:, rows] = [[0.0, 1.0, 2.0], [0.0, -1.0, 0.5]]
    log_ref = np.log(p / p.sum(1, keepdims=True))
    x, won, lost = S["compared"](log_ref, rewards, lists, 40_000, np.random.default_rng(0))
    assert x.shape == won.shape == lost.shape == (40_000, 3)
    found = np.zeros((2, 3, 3))
    first = (x == lists[0]).all(1)
    assert first.mean() == pytest.approx(0.5, abs=0.02)
    of = {row: k for k, row in enumerate(rows)}
    for row, a, b in zip(1 - first, number(won), number(lost), strict=True):
        found[int(row), of[a], of[b]] += 1 / 20_000
    for row in range(2):
        share, r = p[row, rows], rewards[row, rows]
        expected = 2 * np.outer(share, share) / (1 + np.exp(r - r[:, None]))
        assert found[row] == pytest.approx(expected, abs=0.012)


def test_the_preference_loss_is_that_of_bradley_and_terry():
    won, lost = torch.tensor([1.0, -0.5], requires_grad=True), torch.tensor([0.2, 0.7])
    loss = S["preference_loss"](won, lost)
    sigma = 1 / (1 + np.exp(-np.array([0.8, -1.2])))
    assert loss.item() == pytest.approx(-np.log(sigma).mean(), rel=1e-5)
    loss.backward()
    assert won.grad.numpy() == pytest.approx(-(1 - sigma) / 2, rel=1e-5)


def test_a_copy_is_trained(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, model=model, data=data)
        return SimpleNamespace(model=model)

    monkeypatch.setitem(GLOBALS, "fit", fit)
    model = torch.nn.Linear(2, 2)
    found = S["trained"](model, "data", "loss", 200, 7, 0.5)
    assert found is seen["model"]
    assert found is not model
    assert not found.training
    assert [seen[name] for name in ("data", "loss", "steps", "seed", "lr", "clip_norm")] == [
        "data",
        "loss",
        200,
        7,
        0.5,
        1.0,
    ]
    assert [round(seen["schedule"](step), 3) for step in (0, 9, 10, 105, 200)] == [0.1, 1.0, 1.0, 0.525, 0.05]


def test_rows_are_drawn_together_and_anew():
    arrays = np.arange(300).reshape(100, 3), np.arange(300).reshape(100, 3) + 1000
    data = S["rows_of"](arrays, 20, 7)
    (x, y), _, mask = data(3)
    assert np.array_equal(x + 1000, y)
    assert x.shape == mask.shape == (20, 3)
    assert mask.all()
    assert np.array_equal(x[:, 0] // 3, np.random.default_rng([7, 3]).integers(100, size=20))
    assert not np.array_equal(data(4).inputs[0], x)


def caught(monkeypatch, call):
    """What `trained` is given: model, data, loss, steps, seed, rate."""
    monkeypatch.setitem(GLOBALS, "trained", lambda *given: given)
    return call()


def batch_of(*arrays):
    return SimpleNamespace(inputs=tuple(map(torch.tensor, arrays)))


LISTS = np.array([[1, 2, 3], [4, 5, 6]])
WON, LOST = np.array([[1, 2, 2], [4, 4, 4]]), np.array([[0, 7, 0], [5, 6, 7]])


def test_dpo_scores_by_what_was_added_to_the_reference(net, monkeypatch):
    log_ref = np.random.default_rng(0).normal(size=(512, 512))
    pairs = LISTS.repeat(50, 0), WON.repeat(50, 0), LOST.repeat(50, 0)
    model, data, loss, *rest = caught(monkeypatch, lambda: S["dpo"](net, log_ref, pairs, 0.3, 9, 7, 0.1))
    assert (model, rest) == (net, [9, 7, 0.1])
    assert [part.shape for part in data(0).inputs] == [(64, 3)] * 3
    expected = []
    for x, won, lost in zip(LISTS, WON, LOST, strict=True):
        margin = 0
        for sign, y in ((1, won), (-1, lost)):
            log_p = GLOBALS["log_probability"](net, x[None], y[None]).item()
            margin += sign * 0.3 * (log_p - log_ref[number(x), number(y)])
        expected.append(np.log(1 + np.exp(-margin)))
    value = loss(net, batch_of(LISTS, WON, LOST))
    assert value.item() == pytest.approx(np.mean(expected), rel=1e-4)
    value.backward()
    assert net.embedding.words.weight.grad.abs().max() > 0


def test_the_policy_gradient_is_that_of_the_formula(net, monkeypatch):
    log_ref = np.random.default_rng(0).normal(size=(512, 512))
    said = np.random.default_rng(1).integers(8, size=(6, 3))
    asked = {}

    def drawn(model, x):
        asked["x"] = x
        return said

    def rewards(x, y):
        assert np.array_equal(x, LISTS.repeat(3, 0))
        return y.sum(1).astype(float)

    monkeypatch.setitem(GLOBALS, "drawn", drawn)
    call = lambda: S["policy_gradient"](net, log_ref, rewards, LISTS, 0.3, 9, 7, 0.1, size=2, draws=3)  # noqa: E731
    model, data, loss, *rest = caught(monkeypatch, call)
    assert (model, rest) == (net, [9, 7, 0.1])
    assert data(0).inputs[0].shape == (2, 3)
    loss(net, batch_of(LISTS)).backward()
    found = net.embedding.words.weight.grad.clone()
    net.zero_grad()
    log_p = GLOBALS["log_probability"](net, LISTS.repeat(3, 0), said)
    returns = said.sum(1) - 0.3 * (log_p.detach().numpy() - log_ref[number(LISTS.repeat(3, 0)), number(said)])
    total = 0
    for k in range(6):
        others = [j for j in range(6) if j // 3 == k // 3 and j != k]
        total = total - (returns[k] - np.mean(returns[others])) * log_p[k] / 6
    total.backward()
    assert found.numpy() == pytest.approx(net.embedding.words.weight.grad.numpy(), abs=1e-5)


def test_policies_are_trained_on_so_many_answers(net, monkeypatch):
    call = lambda: S["policy_gradient"](net, None, None, ALL, 0.3, 9, 7, 0.1)  # noqa: E731
    _, data, loss, *_ = caught(monkeypatch, call)
    assert data(0).inputs[0].shape == (32, 3)
    monkeypatch.setitem(GLOBALS, "drawn", lambda model, x: (_ for _ in ()).throw(KeyError(len(x))))
    with pytest.raises(KeyError, match="128"):
        loss(net, batch_of(data(0).inputs[0]))


def test_a_score_is_read_behind_the_answer(net):
    for hidden in (False, True):
        ids = [[8, *([16] * 3 if hidden else x), 9, *y] for x, y in zip(LISTS, WON, strict=True)]
        with torch.no_grad():
            expected = net(torch.tensor(ids))[0][:, 7, 16]
        assert S["score"](net, LISTS, WON, hidden).detach().numpy() == pytest.approx(expected.numpy(), abs=1e-6)
    assert S["score"](net, LISTS, WON).requires_grad


@pytest.mark.parametrize("hidden", [False, True])
def test_a_reward_model_ranks_pairs(net, monkeypatch, hidden):
    call = lambda: S["reward_model"](net, (LISTS, WON, LOST), hidden, 9, 7, 0.1)  # noqa: E731
    model, data, loss, *rest = caught(monkeypatch, call)
    assert (model, rest) == (net, [9, 7, 0.1])
    assert [part.shape for part in data(0).inputs] == [(64, 3)] * 3
    margin = S["score"](net, LISTS, WON, hidden) - S["score"](net, LISTS, LOST, hidden)
    value = loss(net, batch_of(LISTS, WON, LOST)).item()
    assert value == pytest.approx(np.log(1 + np.exp(-margin.detach().numpy())).mean(), rel=1e-5)


@pytest.mark.parametrize("hidden", [False, True])
def test_scores_are_those_of_all_answers(net, hidden):
    found = S["scores"](net, LISTS, hidden)
    assert found.shape == (2, 512)
    for row, column in itertools.product(range(2), (0, 83, 511)):
        one = S["score"](net, LISTS[row : row + 1], ALL[column : column + 1], hidden).item()
        assert found[row, column] == pytest.approx(one, abs=1e-5)
    assert np.array_equal(found[0], found[1]) == hidden
