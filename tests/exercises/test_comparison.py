"""The practice of chapter 8: parameters and products are torch's, and luck is that of the sign test."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from seqlib.evidence import sign_test
from seqlib.exercises import comparison as practice
from seqlib.nn import GRU, LSTM, RNN

CELLS = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}


def size(G, D, H, K):
    modules = CELLS[G](D, H), torch.nn.Linear(H, K)
    return sum(w.numel() for module in modules for w in module.parameters())


@pytest.mark.parametrize(("P", "G", "D", "K"), practice.equal_units.cases)
def test_one_unit_more_is_too_many(P, G, D, K):
    H = practice.equal_units.expected(P, G, D, K)
    assert size(G, D, H, K) <= P < size(G, D, H + 1, K)


@pytest.mark.parametrize(("G", "layer"), [(1, RNN), (3, GRU), (4, LSTM)])
def test_torch_counts_these_products(G, layer):
    D, H, B, T = 5, 7, 3, 4
    core, x = layer(D, H, batch_first=True, gradient="autograd"), torch.randn(B, T, D, requires_grad=True)
    h = torch.randn(1, B, H, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        core(x, (h, torch.randn(1, B, H)) if G == 4 else h)[0].sum().backward()
    assert counter.get_total_flops() / 2 == practice.products.expected(G, D, H, B, T)


def test_luck_is_the_sign_test():
    for a, b in practice.luck.cases:
        assert practice.luck.expected(a, b) == pytest.approx(sign_test(int(np.sum(a < b)), len(a)))
        assert len(set(a) & set(b)) == 0


def test_a_rate_is_best_by_its_median_and_divergence_is_no_luck():
    assert practice.best_rates.expected(np.array([[[1, np.nan, np.nan], [9, 9, 9]]])).tolist() == [1]
    assert practice.best_rates.expected(np.array([[[1, 1, np.nan], [9, 9, 9]]])).tolist() == [0]
