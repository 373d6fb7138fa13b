"""What a run leaves."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.training import Best, History, fit
from seqlib.training.history import Records
from seqlib.training.validation import Validation


def test_one_entry_a_step(network, task):
    run = fit(network, task, steps=5, lr=0.25)
    assert run.steps == len(run.loss) == len(run.grad_norm) == 5
    assert run.lr.tolist() == [0.25] * 5
    assert run.validation.size == run.validation_steps.size == 0
    assert run.best is None
    assert run.last(2) == run.loss[-2:].mean()


def test_it_can_be_made_of_three_things():
    run = History(np.ones(3), np.ones(3), nn.Linear(1, 1))
    assert (run.steps, run.lr.size, run.best) == (3, 0, None)


def test_a_best_model_needs_a_best_validation():
    model = nn.Linear(1, 1)
    with pytest.raises(ValueError, match="give fit validation data"):
        History(np.ones(1), np.ones(1), model).best_model()
    state = {"weight": torch.full((1, 1), 3.0), "bias": torch.zeros(1)}
    best = History(np.ones(1), np.ones(1), model, best=Best(1, 0.5, state)).best_model()
    assert best.weight.item() == 3
    assert model.weight.item() != 3


def test_records_become_a_history():
    records = Records()
    records.add(1.0, 2.0, 3.0)
    run = records.history(nn.Identity(), Validation(None, None, 1, None, 0, None))
    assert (run.loss, run.grad_norm, run.lr) == (1.0, 2.0, 3.0)
