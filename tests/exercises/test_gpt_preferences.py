"""The loss of DPO in chapter 15: torch's logsigmoid and autograd, and each mistake pair by pair."""

import math

import numpy as np
import pytest
import torch

from seqlib.exercises.gpt_preferences import dpo


@pytest.mark.parametrize("case", dpo.cases)
def test_loss_and_gradient_are_torch_s(case):
    c, r, c0, r0, beta = (torch.tensor(part) for part in case)
    c.requires_grad_()
    loss = -torch.nn.functional.logsigmoid(beta * (c - c0 - (r - r0))).mean()
    (slope,) = torch.autograd.grad(loss, c)
    found, gradient = dpo.expected(*case)
    assert found == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12)


def test_cases_have_one_margin_that_overflows_margins_of_both_signs_and_one_pair():
    margins = [beta * (c - c0 - r + r0) for c, r, c0, r0, beta in dpo.cases]
    assert [bool((m < -709).any()) for m in margins].count(True) == 1
    assert all(m.max() < 700 for m in margins)
    small = np.concatenate([m[abs(m) < 20] for m in margins])
    assert (small > 0.1).any()
    assert (small < -0.1).any()
    assert any(len(m) == 1 for m in margins)
    for *logs, beta in dpo.cases:
        assert all((part < 0).all() for part in logs)
        assert beta != 1


def _sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def _pairs(
    margin=lambda c, r, c0, r0: c - r - c0 + r0,
    temper=lambda beta: beta,
    loss=lambda m, beta, B: _softplus(-m) / B,
    slope=lambda m, beta, B: -beta * _sigmoid(-m) / B,
    said=lambda loss, slope: (loss, slope),
):
    """An answer that goes through the pairs; losses are added up."""

    def answer(*given):
        beta, B = given[4], len(given[0])
        m = [temper(beta) * margin(*map(float, pair)) for pair in zip(*given[:4], strict=True)]
        return said(sum(loss(x, beta, B) for x in m), np.array([slope(x, beta, B) for x in m]))

    return answer


def _plain(x):
    return 1 / (1 + np.exp(np.float64(-x)))


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("no reference", {"margin": lambda c, r, c0, r0: c - r}),
        ("reference added", {"margin": lambda c, r, c0, r0: c - r + c0 - r0}),
        ("reference alone", {"margin": lambda c, r, c0, r0: c - c0 + r - r0}),
        ("ratio of logarithms", {"margin": lambda c, r, c0, r0: c / c0 - r / r0}),
        ("swapped", {"margin": lambda c, r, c0, r0: r - c + c0 - r0}),
        (
            "swapped",
            {
                "margin": lambda c, r, c0, r0: r - c + c0 - r0,
                "slope": lambda m, beta, B: beta * _sigmoid(-m) / B,
            },
        ),
        ("no β", {"temper": lambda beta: 1, "slope": lambda m, beta, B: -_sigmoid(-m) / B}),
        ("β outside", {"temper": lambda beta: 1, "loss": lambda m, beta, B: beta * _softplus(-m) / B}),
        ("β lost on the way", {"slope": lambda m, beta, B: -_sigmoid(-m) / B}),
        ("sign of the gradient", {"slope": lambda m, beta, B: beta * _sigmoid(-m) / B}),
        ("σ(m)", {"slope": lambda m, beta, B: -beta * _sigmoid(m) / B}),
        ("σ(m)", {"slope": lambda m, beta, B: beta * _sigmoid(m) / B}),
        ("slope of σ", {"slope": lambda m, beta, B: -beta * _sigmoid(m) * _sigmoid(-m) / B}),
        ("slope of σ", {"slope": lambda m, beta, B: beta * _sigmoid(m) * _sigmoid(-m) / B}),
        ("gradient of each", {"slope": lambda m, beta, B: -beta * _sigmoid(-m)}),
        (
            "sum",
            {"loss": lambda m, beta, B: _softplus(-m), "slope": lambda m, beta, B: -beta * _sigmoid(-m)},
        ),
        ("half a sum", {"loss": lambda m, beta, B: _softplus(-m)}),
        ("no logarithm", {"loss": lambda m, beta, B: _sigmoid(m) / B}),
        ("no logarithm", {"loss": lambda m, beta, B: _sigmoid(-m) / B}),
        ("sign of the loss", {"loss": lambda m, beta, B: -_softplus(-m) / B}),
        ("bits", {"loss": lambda m, beta, B: _softplus(-m) / B / math.log(2)}),
        ("overflow", {"loss": lambda m, beta, B: -np.log(_plain(m)) / B}),
        ("overflow", {"slope": lambda m, beta, B: -beta * np.exp(np.float64(-m)) * _plain(m) / B}),
        (
            "overflow",
            {
                "loss": lambda m, beta, B: -np.log(_plain(m)) / B,
                "slope": lambda m, beta, B: -beta * np.exp(np.float64(-m)) * _plain(m) / B,
            },
        ),
        ("loss alone", {"said": lambda loss, slope: loss}),
        ("gradient alone", {"said": lambda loss, slope: slope}),
        ("order", {"said": lambda loss, slope: (slope, loss)}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert dpo.judge(_pairs(**changed)).id == id


def test_the_mean_of_the_margins_is_told_as_such():
    def mean_first(c, r, c0, r0, beta):
        m = beta * float(np.mean(c - c0 - r + r0))
        return _softplus(-m), _pairs()(c, r, c0, r0, beta)[1]

    assert dpo.judge(mean_first).id == "mean first"
