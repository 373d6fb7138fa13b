"""What the tests of training share: a small task, two networks for it, and what it means that two runs are the same."""

import pytest
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Oscillator


@pytest.fixture
def task():
    """A task of few steps."""
    return Oscillator(T=6)


@pytest.fixture
def network():
    """The function that builds a small network."""
    return _network


@pytest.fixture
def dropping():
    """The function that builds a network with dropout, so that random states matter."""
    return _dropping


@pytest.fixture
def weights():
    """The function that gives all weights of a trained model in one vector."""
    return _weights


@pytest.fixture
def same():
    """The function that says whether two runs are equal bit for bit."""
    return _same


def _network():
    return SequenceModel(RNN(1, 5, batch_first=True, dtype=torch.float64), 1)


def _dropping():
    return SequenceModel(RNN(1, 5, num_layers=2, dropout=0.4, batch_first=True, dtype=torch.float64), 1)


def _weights(model):
    return torch.cat([p.detach().ravel() for p in model.parameters()])


def _same(a, b):
    return (
        a.steps == b.steps
        and (a.loss == b.loss).all()
        and (a.grad_norm == b.grad_norm).all()
        and torch.equal(_weights(a.model), _weights(b.model))
    )
