"""The losses: over the positions that count and no others."""

import numpy as np
import pytest
import torch

from seqlib.batching import Batch
from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Blanks
from seqlib.training import CrossEntropy, evaluate, fit


@pytest.mark.parametrize("task", [Blanks(3), Blanks((1, 4))], ids=["one length", "mixed lengths"])
def test_cross_entropy_counts_only_the_mask(task):
    seen = []

    def loss(model, batch):
        logits = model(*batch.inputs)[0]
        picked = logits.log_softmax(-1).gather(-1, batch.y[..., None])[..., 0]
        value = -(picked * batch.mask).sum() / batch.mask.sum()
        seen.append(value.item())
        return value

    def model():
        core = RNN(3, 4, batch_first=True, dtype=torch.float64)
        return SequenceModel(core, task.n_out, vocab_size=task.vocab_size)

    own = fit(model, task, steps=5, loss=loss).loss
    assert fit(model, task, steps=5).loss == pytest.approx(own, rel=1e-12)
    assert fit(model, task, steps=5, loss="cross_entropy").loss == pytest.approx(own, rel=1e-12)
    assert len(seen) == 5


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32])
def test_targets_of_every_integer_dtype(dtype, task, network):
    x, y = np.ones((2, 3, 1)), np.zeros((2, 3), dtype=np.int64)
    runs = [fit(network, [Batch((x,), y.astype(d), None)], steps=1, loss="cross_entropy") for d in (np.int64, dtype)]
    assert runs[0].loss == runs[1].loss


X, KEPT = np.ones((1, 2, 1)), np.ones((1, 2), dtype=bool)


@pytest.mark.parametrize(
    ("y", "mask", "loss", "message"),
    [
        (np.ones((1, 2, 3)), None, "squared_error", r"model must answer in the shape of y, \(2, 3\), got \(2, 1\)"),
        (
            np.ones((1, 3, 1)),
            None,
            "squared_error",
            r"model must answer at every step, \(1, 3\), got shape \(1, 2, 1\)",
        ),
        (np.array([[0, 7]]), KEPT, "cross_entropy", r"batch\.y must hold ids from 0 to 0, but batch\.y\[0, 1\] is 7"),
        (np.array([[0, -1]]), KEPT, "cross_entropy", r"batch\.y must hold ids from 0 to 0, but batch\.y\[0, 1\] is -1"),
        (np.array([[0.0, 0.0]]), KEPT, "cross_entropy", r"batch\.y must hold integer ids, got dtype float64"),
        (np.array([[[0], [0]]]), KEPT, "cross_entropy", r"batch\.y must have shape \(1, 2\), got \(1, 2, 1\)"),
        (np.array([[0, 0]]), None, None, "loss must be given"),
        (np.array([[0, 0]]), None, "hinge", "loss must be one of 'cross_entropy', 'squared_error', got 'hinge'"),
    ],
)
def test_bad_targets_are_named(y, mask, loss, message, network):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(network, [Batch((X,), y, mask)], steps=1, loss=loss)


class Wrapped(torch.nn.Module):
    """A network that gives its answers in another form."""

    def __init__(self, inner, form):
        super().__init__()
        self.inner, self.form = inner, form

    def forward(self, x):
        return self.form(*self.inner(x))


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
@pytest.mark.parametrize(
    ("form", "message"),
    [
        (lambda out, h: {"out": out}, "a tensor, or a tuple that begins with one, got dict: pick the tensor in a loss"),
        (lambda out, h: ({}, out), "a tensor, or a tuple that begins with one, got tuple that begins with dict"),
        (lambda out, h: (), "a tensor, or a tuple that begins with one, got tuple:"),
        (lambda out, h: [out, h], "a tensor, or a tuple that begins with one, got list"),
        (lambda out, h: None, "a tensor, or a tuple that begins with one, got NoneType"),
        (lambda out, h: out + 0j, "real numbers, got dtype complex128"),
        (lambda out, h: out.long(), "real numbers, got dtype int64"),
        (lambda out, h: (out[:, :1], h), "every step"),
    ],
)
def test_an_answer_that_is_no_answer_is_named(form, message, loss, network):
    y = np.zeros((1, 2), dtype=np.int64) if loss == "cross_entropy" else np.zeros((1, 2, 1))
    model, data = Wrapped(network(), form), [Batch((X,), y, KEPT)]
    for call in (
        lambda: fit(model, data, steps=1, loss=loss),
        lambda: evaluate(model, data, loss=loss),
    ):
        with pytest.raises((ValueError, TypeError), match="model must answer (with|at) " + message):
            call()


@pytest.mark.parametrize("form", [lambda out, h: out[..., 0], lambda out, h: out[..., None]])
def test_scores_without_classes_are_named(form, network):
    axes = form(torch.ones(1, 1, 1), None).ndim
    with pytest.raises(ValueError, match=rf"model must answer with one score a class, \(B, T, V\), got {axes} axes"):
        fit(Wrapped(network(), form), [Batch((X,), np.zeros((1, 2), int), KEPT)], steps=1, loss="cross_entropy")


@pytest.mark.parametrize("form", [lambda out, h: out, lambda out, h: (out,), lambda out, h: (out, None, {})])
def test_the_answer_may_stand_alone_or_first(form, network):
    data = [Batch((X,), np.zeros((1, 2, 1)), KEPT)]
    runs = [
        fit(model, data, steps=2, loss="squared_error").loss.tolist()
        for model in (network, lambda: Wrapped(network(), form))
    ]
    assert runs[0] == runs[1]


def test_a_target_that_does_not_count_may_be_anything(network):
    mask = np.array([[True, False]])
    values = [
        fit(network, [Batch((X,), np.array([[0, id]]), mask)], steps=1, loss="cross_entropy").loss for id in (0, 9)
    ]
    assert values[0] == values[1]


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5, 1.0])
def test_label_smoothing_is_torchs_over_the_mask(smoothing):
    """In value and gradient, and against the target distribution typed out."""
    rng = np.random.default_rng(1)
    logits = torch.from_numpy(rng.normal(size=(3, 5, 7))).requires_grad_()
    y, mask = rng.integers(7, size=(3, 5)), rng.random((3, 5)) < 0.6
    model = torch.nn.Module()
    model.forward = lambda x: logits
    batch = Batch((torch.zeros(3, 5),), torch.from_numpy(y), torch.from_numpy(mask))
    value = CrossEntropy(smoothing)(model, batch)
    (got,) = torch.autograd.grad(value, logits)
    asked = torch.where(batch.mask, batch.y, -100)
    oracle = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)(logits.flatten(0, 1), asked.flatten())
    (wanted,) = torch.autograd.grad(oracle, logits)
    torch.testing.assert_close(value, oracle, rtol=1e-13, atol=0)
    torch.testing.assert_close(got, wanted, rtol=1e-12, atol=1e-16)
    target = (1 - smoothing) * np.eye(7)[y] + smoothing / 7
    typed = -(target * logits.detach().log_softmax(-1).numpy()).sum(-1)[mask].mean()
    assert value.item() == pytest.approx(typed, rel=1e-13)


def test_without_smoothing_it_is_the_plain_cross_entropy(same):
    task = Blanks(3)

    def build():
        return SequenceModel(RNN(3, 4, batch_first=True), task.n_out, vocab_size=task.vocab_size)

    assert same(fit(build, task, steps=3, loss=CrossEntropy()), fit(build, task, steps=3, loss="cross_entropy"))
