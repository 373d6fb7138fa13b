"""The practice of chapter 12: the masked softmax is torch's, and its rows that nothing is allowed in are 0."""

import numpy as np
import pytest
import torch

from seqlib.exercises import attention as practice
from seqlib.exercises.attention import masked_softmax
from seqlib.exercises.checker import _Raised
from seqlib.reference import attention


def _soft(scores, mask, low):
    return torch.softmax(torch.tensor(scores).masked_fill(~torch.tensor(mask), low), -1)


@pytest.mark.parametrize(("scores", "mask"), masked_softmax.cases)
def test_weights_are_those_of_torch_and_of_the_package(scores, mask):
    weights = masked_softmax.expected(scores, mask)
    np.testing.assert_allclose(weights, _soft(scores, mask, -torch.inf).nan_to_num(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(weights, attention.softmax(scores, mask), rtol=1e-12, atol=1e-15)


def test_cases_have_what_the_text_says_that_there_may_be():
    scores = np.concatenate([s.ravel() for s, _ in masked_softmax.cases])
    mask = np.concatenate([m.ravel() for _, m in masked_softmax.cases])
    assert abs(scores).max() <= 1000
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(scores[mask])).any()
        assert np.isinf(np.exp(scores[~mask])).any()
    assert (np.exp(scores[mask & (scores < 0)]) == 0).any()
    rows = [m for _, mask in masked_softmax.cases for m in mask.reshape(-1, mask.shape[-1])]
    assert {int(row.sum()) for row in rows} >= {0, 2, 4}


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("NaN where nothing is allowed", lambda s, m: _soft(s, m, -torch.inf)),
        ("weights where nothing is allowed", lambda s, m: _soft(s, m, -1e9)),
        (
            "weights where nothing is allowed",
            lambda s, m: _soft(s, m, -torch.inf).masked_fill(torch.tensor(~m.any(-1, keepdims=True)), 1),
        ),
        ("not renormalised", lambda s, m: _soft(s, m | True, 0) * torch.tensor(m)),
        ("0 under the mask", lambda s, m: _soft(s, m, 0)),
        ("mask too weak", lambda s, m: _soft(s, m, -100)),
        ("mask turned over", lambda s, m: _soft(s, ~m, -1e9)),
        ("mask not used", lambda s, m: _soft(s, m | True, 0)),
        ("another axis", lambda s, m: torch.softmax(torch.tensor(s).masked_fill(~torch.tensor(m), -1e9), 1)),
        ("logarithms", lambda s, m: _soft(s, m, -torch.inf).nan_to_num().log()),
        ("largest alone", lambda s, m: (_soft(100 * s, m, -torch.inf).nan_to_num() > 0.5).double()),
    ],
)
def test_what_torch_makes_of_it_is_told_as_such(id, function):
    assert masked_softmax.judge(function).id == id


def test_what_overflows_is_told_from_the_largest_score_of_all():
    def plain(scores, mask):
        p = np.exp(scores) * mask
        return p / p.sum(-1, keepdims=True)

    def shifted(scores, mask):
        p = np.exp(scores - scores.max(-1, keepdims=True)) * mask
        return np.nan_to_num(p / p.sum(-1, keepdims=True))

    assert masked_softmax.judge(plain).id == "overflow"
    assert masked_softmax.judge(shifted).id == "largest of all"


def _shifted(off, epsilon=0.0):
    """A softmax that takes something else off than the largest score of each row that counts."""

    def weights(scores, mask):
        p = np.exp(np.where(mask, scores - off(scores, mask), -np.inf))
        total = p.sum(-1, keepdims=True) + epsilon
        return np.divide(p, total, out=np.zeros_like(p), where=total != 0)

    return weights


@pytest.mark.parametrize(
    ("id", "off"),
    [
        ("right", lambda s, m: np.max(s, -1, keepdims=True, where=m, initial=-1001)),
        ("smallest taken off", lambda s, m: s.min(-1, keepdims=True)),
        ("smallest taken off", lambda s, m: np.min(s, -1, keepdims=True, where=m, initial=1001)),
        ("largest of all", lambda s, m: s.max()),
        ("largest of all", lambda s, m: s[m].max()),
        ("largest of all", lambda s, m: s.max((1, 2), keepdims=True)),
        ("overflow", lambda s, m: 0),
    ],
)
def test_what_is_taken_off_is_told(id, off):
    assert masked_softmax.judge(_shifted(off)).id == id


@pytest.mark.parametrize("epsilon", [1e-12, 1e-8, 1e-6])
def test_a_small_number_in_the_sum_does_not_hide_an_overflow(epsilon):
    assert masked_softmax.judge(_shifted(lambda s, m: 0, epsilon)).id == "overflow"


@pytest.mark.parametrize("epsilon", [1e-12, 1e-9, 1e-7, 1e-6])
@pytest.mark.parametrize(
    "off",
    [
        lambda s, m: s.max(-1, keepdims=True),
        lambda s, m: (s * m).max(-1, keepdims=True),
        lambda s, m: s.max((1, 2), keepdims=True),
    ],
    ids=["of the row", "0 under the mask", "of the sentence"],
)
def test_a_small_number_that_swallows_the_sum_is_told(off, epsilon):
    assert masked_softmax.judge(_shifted(off, epsilon)).id == "sum swallowed"


@pytest.mark.parametrize("least", [1e-15, 1e-9, 1e-6])
def test_a_least_sum_swallows_as_well(least):
    def weights(scores, mask):
        p = np.exp(scores - scores.max(-1, keepdims=True)) * mask
        return p / np.maximum(p.sum(-1, keepdims=True), least)

    assert masked_softmax.judge(weights).id == "sum swallowed"


def test_a_small_number_in_the_sum_is_no_mistake_after_the_largest_that_counts():
    assert masked_softmax.judge(_shifted(lambda s, m: np.where(m, s, -1001).max(-1, keepdims=True), 1e-9)).id == "right"


@pytest.mark.parametrize("name", practice.__all__)
def test_the_page_gets_every_exercise_from_one_module(name):
    assert getattr(practice, name).name == name


@pytest.mark.parametrize("name", practice.__all__)
def test_no_usual_mistake_stops_on_every_case(name):
    for id, outcomes in getattr(practice, name)._wrong:
        assert not all(isinstance(outcome, _Raised) for outcome in outcomes), id
