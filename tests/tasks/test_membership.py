"""Membership: the answers found again, and each floor by a sum over every sequence, or by a search over all tables."""

import itertools

import numpy as np
import pytest
import torch

from seqlib.tasks import Membership

SIZES = [(2, 2), (4, 3), (6, 2), (5, 4)]


def every(T, symbols):
    return np.array(list(itertools.product(range(symbols), repeat=T)))


def asked(x):
    """What is asked at each step but the last, from the definition."""
    return np.array([[row[-1] in row[: t + 1] for t in range(len(row) - 1)] for row in x.tolist()])


def conditional(y, known):
    """H(y | known) of equally likely rows, in nats."""
    total = 0.0
    for key in set(known):
        p = np.mean([a for a, k in zip(y, known, strict=True) if k == key])
        share = known.count(key) / len(known)
        total -= share * sum(q * np.log(q) for q in (p, 1 - p) if q > 0)
    return total


@pytest.mark.parametrize(("T", "symbols"), [(2, 2), (3, 5), (12, 4)])
def test_each_step_but_the_last_asks_for_the_last_symbol(T, symbols):
    (x,), y, mask = Membership(T, symbols).sample(300, np.random.default_rng(0))
    assert (y[:, :-1] == asked(x)).all()
    assert mask[:, :-1].all()
    assert not mask[:, -1].any()
    np.testing.assert_allclose(np.bincount(x.ravel(), minlength=symbols) / x.size, 1 / symbols, atol=0.1)


@pytest.mark.parametrize(("T", "symbols"), SIZES)
def test_floors_by_every_sequence(T, symbols):
    x, task = every(T, symbols), Membership(T, symbols)
    y = asked(x)
    steps = range(T - 1)
    by_position = [conditional(y[:, t], [0] * len(x)) for t in steps]
    by_past = [conditional(y[:, t], [tuple(row[: t + 1]) for row in x]) for t in steps]
    by_all = [conditional(y[:, t], [tuple(row) for row in x]) for t in steps]
    assert task.chance == pytest.approx(np.mean(by_position), abs=1e-12)
    assert task.past_floor == pytest.approx(np.mean(by_past), abs=1e-12)
    assert task.floor == np.mean(by_all) == 0
    by_names = []  # what is left to know when the others have no names
    for t in steps:
        known = [(row[-1] == row[t], len(set(row[:t]) - {row[t]})) for row in x.tolist()]
        by_names.append(conditional(y[:, t], known))
    assert task.sum_floor == pytest.approx(np.mean(by_names), abs=1e-12)


@pytest.mark.parametrize(("T", "symbols"), [(3, 3), (4, 3), (3, 4)])
def test_no_sum_of_two_tables_comes_below_the_floor_of_sums(T, symbols):
    """f and g are a free number for every past and every future: gradient descent on a convex loss."""
    x = every(T, symbols)
    y, total = asked(x), 0.0
    for t in range(T - 1):
        past, future = (np.unique(part, axis=0, return_inverse=True)[1].ravel() for part in (x[:, : t + 1], x[:, t:]))
        f, g = (torch.zeros(part.max() + 1, dtype=torch.float64, requires_grad=True) for part in (past, future))
        search = torch.optim.LBFGS([f, g], max_iter=500, tolerance_change=1e-12, line_search_fn="strong_wolfe")
        true = torch.tensor(y[:, t], dtype=torch.float64)

        def loss(f=f, g=g, past=past, future=future, true=true):
            return torch.nn.functional.binary_cross_entropy_with_logits(f[past] + g[future], true)

        def closure(search=search, loss=loss):
            search.zero_grad()
            value = loss()
            value.backward()
            return value

        search.step(closure)
        total += loss().item()
    found, floor = total / (T - 1), Membership(T, symbols).sum_floor
    assert floor - 1e-9 <= found <= floor + 1e-3


def test_knowing_more_never_hurts():
    for T, symbols in [(3, 2), (12, 4), (40, 6)]:
        task = Membership(T, symbols)
        assert 0 == task.floor <= task.sum_floor < task.past_floor < task.chance < np.log(2)
    assert Membership(12, 2).sum_floor == 0, "of two symbols it is this one or the other"


def test_the_best_answer_from_the_past_scores_its_floor_on_samples():
    task = Membership(8, 3)
    (x,), y, _ = task.sample(20_000, np.random.default_rng(0))
    come = np.array([[len(set(row[: t + 1])) / 3 for t in range(7)] for row in x.tolist()])
    right = np.where(y[:, :-1], come, 1 - come)
    surprise = -np.log(right).mean(1)
    assert abs(surprise.mean() - task.past_floor) < 4 * surprise.std() / np.sqrt(len(x))


@pytest.mark.parametrize(("arguments", "name"), [({"T": 1}, "T"), ({"symbols": 1}, "symbols")])
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        Membership(**arguments)
