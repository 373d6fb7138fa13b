"""The practice of chapter 8: parameters and products are torch's."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

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


def test_at_most_is_tried_where_the_budget_is_met_exactly():
    units = practice.equal_units.expected
    left = [P - size(G, D, units(P, G, D, K), K) for P, G, D, K in practice.equal_units.cases]
    assert left.count(0) == 1


@pytest.mark.parametrize(("G", "layer"), [(1, RNN), (3, GRU), (4, LSTM)])
def test_torch_counts_these_products(G, layer):
    D, H, B, T = 5, 7, 3, 4
    core, x = layer(D, H, batch_first=True, gradient="autograd"), torch.randn(B, T, D, requires_grad=True)
    h = torch.randn(1, B, H, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        core(x, (h, torch.randn(1, B, H)) if G == 4 else h)[0].sum().backward()
    assert counter.get_total_flops() / 2 == practice.products.expected(G, D, H, B, T)
