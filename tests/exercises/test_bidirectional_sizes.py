"""The practice of chapter 7, part two: the worth is that of the task, and the numbers of parameters are torch's."""

import numpy as np
import pytest
import torch

from seqlib.exercises import bidirectional_sizes as practice
from seqlib.tasks import Pizza
from seqlib.tasks.pizza import HUNGER, MEALS


def symmetric(prior, likely):
    """The other way round: how much less uncertain the meal is when the word is known."""

    def entropy(p):
        return -(p * np.log(p)).sum(-1)

    return entropy(prior @ likely) - prior @ entropy(likely)


def counted(D, H, layers):
    """By torch."""
    return sum(p.numel() for p in torch.nn.GRU(D, H, layers, bidirectional=True).parameters())


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [(practice.future_worth, symmetric), (practice.gru_parameters, counted)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_answers_found_another_way_are_right(exercise, answer):
    result = exercise.judge(answer)
    assert result.status == "right", result.message


def test_the_worth_of_the_future_is_that_of_the_task():
    task = Pizza()
    likely = np.array(list(MEALS.values())).T
    worth = []
    for prior in HUNGER.values():
        joint = np.array(prior)[:, None] * likely
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(joint > 0, np.log(joint / (np.array(prior)[:, None] * joint.sum(0))), 0.0)
        worth.append((joint * logs).sum())
    assert np.mean(worth) == pytest.approx(task.past_floor - task.floor, abs=1e-12)
    prior, positive = np.array(HUNGER["work"]), likely + 0.01
    positive /= positive.sum(1, keepdims=True)
    before, after = (
        -(p * np.log(p)).sum(0) for p in (prior, prior[:, None] * positive / (prior[:, None] * positive).sum(0))
    )
    assert practice.future_worth.expected(prior, positive) == pytest.approx(before - prior @ positive @ after)
