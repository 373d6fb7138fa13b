"""Pairs of chapter 14: the package's answer, and Bayes' rule over pairs of topics; each mistake as another table."""

import numpy as np
import pytest

from seqlib.exercises.bert_pairs import same_topic
from seqlib.tasks import SentencePairs


def test_the_answer_is_that_of_the_package():
    task = SentencePairs(3, 4, 1, 0.5)
    x = task.sample(9, np.random.default_rng(3)).inputs[0]
    sides = x[:, 1 : task.T + 1], x[:, task.T + 2 : -1]
    beliefs = []
    for side in sides:
        joint = task.seen(side).prod(1).reshape(len(x), task.topics, 2).sum(2)
        beliefs.append(joint / joint.sum(1, keepdims=True))
    ours = same_topic.expected(*beliefs, 0.5)
    np.testing.assert_allclose(ours, task.probabilities(x)[:, 0, 1], rtol=1e-10)


def _table(weights, answer=lambda together, all, share: together / all):
    """An answer from a table of weights of both topics, (Z, Z): of share, Z, and whether the topics are the same."""

    def made(b, c, share):
        Z = b.shape[1]
        prior = np.array([[weights(share, Z, z == w) for w in range(Z)] for z in range(Z)])
        joint = np.einsum("bz,bw,zw->bzw", b, c, prior)
        return np.array([answer(one.trace(), one.sum(), share) for one in joint])

    return made


def _drawn(share, Z, same):
    return share / Z if same else (1 - share) / (Z * (Z - 1))


@pytest.mark.parametrize(("b", "c", "share"), same_topic.cases)
def test_the_answer_is_bayes_rule_over_all_pairs_of_topics(b, c, share):
    np.testing.assert_allclose(same_topic.expected(b, c, share), _table(_drawn)(b, c, share), rtol=1e-12)


def test_cases_are_unsure_and_draw_unevenly():
    for b, c, share in same_topic.cases:
        np.testing.assert_allclose([b.sum(1), c.sum(1)], 1, rtol=1e-12)
        assert share != 0.5
        right = same_topic.expected(b, c, share)
        assert ((right > 0.02) & (right < 0.98)).mean() > 0.5
    assert any(len(b) == b.shape[1] for b, *_ in same_topic.cases)
    assert any(b.shape[1] > 5 for b, *_ in same_topic.cases)
    shares = [share for *_, share in same_topic.cases]
    assert min(shares) < 0.5 < max(shares)


def _by_chance(b, c, share):
    """Of `share` pairs both topics are the same; of the others each is drawn alone."""
    Z = b.shape[1]
    together = share / Z * (b * c).sum(1)
    return together / (together + (1 - share) / Z**2 * np.outer(b.sum(1), c.sum(1)).diagonal())


def _all(together, all, share):
    return all


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _table(_drawn)),
        ("right", lambda b, c, share: 1 / (1 + (1 - share) / share * ((1 / (b * c).sum(1)) - 1) / (b.shape[1] - 1))),
        ("as if independent", _table(lambda share, Z, same: 1)),
        ("pairs not counted", _table(lambda share, Z, same: share if same else 1 - share)),
        ("pairs not counted", _table(lambda share, Z, same: share if same else 1 - share, _all)),
        ("divided by Z", _table(lambda share, Z, same: share if same else (1 - share) / Z)),
        ("same by chance", _by_chance),
        ("pairs of topics", _table(lambda share, Z, same: share if same else (1 - share) / (Z * (Z - 1)))),
        ("pairs of topics", _table(lambda share, Z, same: share / Z if same else (1 - share) / (Z - 1))),
        ("pairs of topics", _table(lambda share, Z, same: share if same else 2 * (1 - share) / (Z * (Z - 1)))),
        ("share forgotten", _table(lambda share, Z, same: _drawn(0.5, Z, same))),
        ("share swapped", _table(lambda share, Z, same: _drawn(1 - share, Z, same))),
        ("not normalised", _table(lambda share, Z, same: share, lambda together, all, share: together)),
        ("not normalised", _table(lambda share, Z, same: share * Z, lambda together, all, share: together)),
        ("odds", _table(_drawn, lambda together, all, share: together / (all - together))),
        ("logarithm", _table(_drawn, lambda together, all, share: np.log(together / all))),
        ("logarithm", _table(_drawn, lambda together, all, share: np.log(together / (all - together)))),
        ("others", _table(_drawn, lambda together, all, share: (all - together) / all)),
    ],
)
def test_another_table_of_weights_is_told_as_such(id, function):
    assert same_topic.judge(function).id == id


def _with(s):
    return lambda b, c, share: np.array(
        [share * v / (share * v + (1 - share) * (1 - v) / (b.shape[1] - 1)) for v in s(b, c)]
    )


def _cosines(b, c):
    return [np.dot(p, q) / np.hypot.reduce(p) / np.hypot.reduce(q) for p, q in zip(b, c, strict=True)]


def _alike(b, c):
    return [float(list(p).index(max(p)) == list(q).index(max(q))) for p, q in zip(b, c, strict=True)]


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _with(lambda b, c: np.einsum("bz,bz->b", b, c))),
        ("best topics", _with(_alike)),
        ("best topics", lambda b, c, share: _alike(b, c)),
        ("best topics", lambda b, c, share: [v == 1 for v in _alike(b, c)]),
        ("cosine", _with(_cosines)),
        ("cosine", lambda b, c, share: _cosines(b, c)),
        ("largest product", _with(lambda b, c: [max(p * q) for p, q in zip(b, c, strict=True)])),
        ("largest product", _with(lambda b, c: [np.dot(p, q) / len(p) for p, q in zip(b, c, strict=True)])),
        ("whole batch", _with(lambda b, c: [np.vdot(b, c)] * len(b))),
        ("whole batch", _with(lambda b, c: [np.vdot(p, c.sum(0)) for p in b])),
        ("whole batch", lambda b, c, share: (v := np.vdot(b, c)) * share / (v * share + (1 - share) * (1 - v))),
        ("square", lambda b, c, share: [_with(lambda b, c, p=p: c @ p)(b, c, share) for p in b]),
    ],
)
def test_another_sum_is_told_as_such(id, function):
    assert same_topic.judge(function).id == id
