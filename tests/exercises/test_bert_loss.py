"""The loss of chapter 14 at the chosen words: torch's, and the package's; each mistake made in torch."""

import numpy as np
import pytest
import torch

from seqlib.exercises.bert_loss import masked_loss


@pytest.mark.parametrize(("scores", "words", "chosen"), masked_loss.cases)
def test_the_loss_is_torch_s_with_all_else_ignored(scores, words, chosen):
    labels = torch.tensor(np.where(chosen, words, -100))
    theirs = torch.nn.functional.cross_entropy(torch.tensor(scores).flatten(0, 1), labels.flatten())
    assert masked_loss.expected(scores, words, chosen) == pytest.approx(float(theirs), rel=1e-12)


def test_cases_choose_unequally_have_a_text_without_and_scores_that_overflow():
    counts = [chosen.sum(1) for *_, chosen in masked_loss.cases]
    assert all(len(set(n.tolist())) > 1 for n in counts)
    assert any((n == 0).any() for n in counts)
    assert any((n > 0).all() for n in counts)
    assert sum(scores.max() > 710 for scores, *_ in masked_loss.cases) == 1  # e^710 is too large for a float64
    assert any(len(set(scores.shape)) == 1 for scores, *_ in masked_loss.cases)
    for scores, *_ in masked_loss.cases:
        np.testing.assert_array_equal(scores.astype(np.float32), scores)  # float32 holds them


def _torch(reduce, dim=-1, logs=torch.log_softmax, scores=lambda o, chosen: o):
    """An answer in torch: what is made of the losses of all positions and of the boolean that says which count."""

    def answer(o, words, chosen):
        o, words, chosen = torch.tensor(o), torch.tensor(words), torch.tensor(chosen)
        losses = -logs(scores(o, chosen), dim).gather(-1, words[..., None])[..., 0]
        return reduce(losses, chosen)

    return answer


def _mean(losses, chosen):
    return losses[chosen].mean()


def _flat(o, dim):
    return torch.log_softmax(o.flatten(1), 1).reshape(o.shape)


def _of_all(o, dim):
    return torch.log_softmax(o.flatten(), 0).reshape(o.shape)


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _torch(_mean)),
        ("all positions", _torch(lambda losses, chosen: losses.mean())),
        ("divided by all", _torch(lambda losses, chosen: (losses * chosen).mean())),
        ("mean of means", _torch(lambda losses, chosen: ((losses * chosen).sum(1) / chosen.sum(1)).mean())),
        ("mean of means", _torch(lambda losses, chosen: ((losses * chosen).sum(1) / chosen.sum(1)).nanmean())),
        ("mean of means", _torch(lambda losses, chosen: ((losses * chosen).sum(1) / chosen.sum(1).clamp(1)).mean())),
        ("per text", _torch(lambda losses, chosen: (losses * chosen).sum() / len(losses))),
        ("sum", _torch(lambda losses, chosen: losses[chosen].sum())),
        ("the others", _torch(lambda losses, chosen: losses[~chosen].mean())),
        ("not added up", _torch(lambda losses, chosen: losses[chosen])),
        ("not added up", _torch(lambda losses, chosen: losses.masked_fill(~chosen, 0))),
        ("sign", _torch(lambda losses, chosen: -losses[chosen].mean())),
        ("overflow", _torch(_mean, logs=lambda o, dim: (o.exp() / o.exp().sum(dim, keepdim=True)).log())),
        ("overflow", _torch(_mean, logs=lambda o, dim: o - o.exp().sum(dim, keepdim=True).log())),
        ("overflow", _torch(_mean, logs=lambda o, dim: (o.exp() / o.exp().sum(dim, keepdim=True) + 1e-12).log())),
        ("another axis", _torch(_mean, dim=1)),
        ("another axis", _torch(_mean, dim=0)),
        ("another axis", _torch(_mean, logs=_flat)),
        ("another axis", _torch(_mean, logs=_of_all)),
        ("no softmax", _torch(_mean, logs=lambda o, dim: o)),
        ("no softmax", _torch(_mean, logs=lambda o, dim: o.log())),
        ("probabilities", _torch(lambda losses, chosen: (-losses[chosen]).exp().mean())),
        ("probabilities", _torch(lambda losses, chosen: (1 - (-losses[chosen]).exp()).mean())),
        ("log of the mean", _torch(lambda losses, chosen: -(-losses[chosen]).exp().mean().log())),
        ("bits", _torch(lambda losses, chosen: losses[chosen].mean() / np.log(2))),
        ("perplexity", _torch(lambda losses, chosen: losses[chosen].mean().exp())),
        (
            "scores set to 0",
            _torch(lambda losses, chosen: losses.mean(), scores=lambda o, chosen: o * chosen[..., None]),
        ),
        (
            "scores set to 0",
            _torch(
                lambda losses, chosen: losses.sum() / chosen.sum(),
                scores=lambda o, chosen: o.masked_fill(~chosen[..., None], 0),
            ),
        ),
    ],
)
def test_another_loss_is_told_as_such(id, function):
    assert masked_loss.judge(function).id == id
