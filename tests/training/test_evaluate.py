"""evaluate: one number for one data set, however it is cut; the model stays as it was."""

import numpy as np
import pytest
import torch

from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.nn import RNN, SequenceModel
from seqlib.training import evaluate

RNG = np.random.default_rng(0)
SENTENCES = [RNG.integers(1, 9, size=n) for n in (2, 7, 3, 5, 1, 4)]


def batches(size):
    """The sentences `size` at a time, each to be said again word by word."""
    found = []
    for i in range(0, len(SENTENCES), size):
        ids, lengths = pad(SENTENCES[i : i + size])
        found.append(Batch((ids, lengths), ids, mask_from_lengths(lengths)))
    return found


@pytest.mark.parametrize("both", [False, True])
def test_the_result_does_not_depend_on_the_batches(both):
    torch.manual_seed(0)
    core = RNN(3, 4, batch_first=True, bidirectional=both, dtype=torch.float64)
    model = SequenceModel(core, 9, vocab_size=9)
    surprises = []
    with torch.no_grad():
        for ids in map(torch.from_numpy, SENTENCES):
            logits = model(ids[None])[0][0]
            surprises += [-row.log_softmax(0)[id].item() for row, id in zip(logits, ids, strict=True)]
    for size in range(1, 7):
        assert evaluate(model, batches(size), loss="cross_entropy") == pytest.approx(np.mean(surprises), rel=1e-12)


def test_a_list_is_gone_through_once_unless_asked_otherwise(network, task):
    data = [task.sample(2, np.random.default_rng(i)) for i in range(3)]
    used = []

    def loss(model, batch):
        used.append(batch.y[0, 0, 0].item())
        assert not torch.is_grad_enabled()
        return model(*batch.inputs)[0].square().mean()

    evaluate(network(), data, loss=loss)
    assert used == [batch.y[0, 0, 0] for batch in data]
    evaluate(network(), data, loss=loss, batches=5)
    assert len(used) == 3 + 5


def test_evaluate_leaves_the_model_as_it_was(dropping, task):
    model = dropping().train()
    model.core.eval()
    before = [module.training for module in model.modules()]
    model.core.dropout = 0.9
    first = evaluate(model, task, batches=2)
    assert [module.training for module in model.modules()] == before
    model.train()
    assert evaluate(model, task, batches=2) == first, "dropout must be off"
    assert all(module.training for module in model.modules())
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"model": lambda: None}, "model"),
        ({"batches": 0}, "batches"),
        ({"batch_size": 0}, "batch_size"),
        ({"seed": -1}, "seed"),
        ({"data": []}, "data"),
    ],
)
def test_bad_input_is_named(arguments, name, network, task):
    with pytest.raises((ValueError, TypeError), match=name):
        evaluate(**({"model": network(), "data": task} | arguments))
