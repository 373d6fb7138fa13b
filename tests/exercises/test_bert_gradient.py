"""The gradient of a tied table in chapter 14: autograd's, and each mistake as autograd makes it of another loss."""

import numpy as np
import pytest
import torch

from seqlib.exercises.bert_gradient import tied_gradient


def _mean(losses, chosen):
    return losses[chosen].mean()


def _autograd(
    reduce=_mean,
    enter=lambda E, ids, dx, words, chosen: (E[ids] * dx).sum(),
    loss=lambda o, words: torch.nn.functional.cross_entropy(o.flatten(0, 1), words.flatten(), reduction="none"),
    answer=lambda ids, words: words,
    parts=(1, 1),
):
    """The gradient of a loss at the head, and of what is looked up times its gradient; either may be another."""

    def made(E, ids, dx, h, words, chosen):
        table = torch.tensor(E, requires_grad=True)
        ids, dx, h, words, chosen = map(torch.tensor, (ids, dx, h, words, chosen))
        losses = loss(h @ table.T, answer(ids, words)).reshape(chosen.shape)
        out, entered = reduce(losses, chosen), enter(table, ids, dx, words, chosen)
        return torch.autograd.grad(parts[0] * entered + parts[1] * out, table)[0]

    return made


@pytest.mark.parametrize("case", tied_gradient.cases)
def test_the_gradient_is_autograd_s_of_the_package_s_head(case):
    E, ids, dx, h, words, chosen = case
    table = torch.nn.Embedding.from_pretrained(torch.tensor(E), freeze=False)
    looked_up = table(torch.tensor(ids))
    scores = torch.nn.functional.linear(torch.tensor(h[chosen]), table.weight)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(words[chosen]))
    theirs = torch.autograd.grad([looked_up, loss], table.weight, [torch.tensor(dx), torch.ones_like(loss)])[0]
    np.testing.assert_allclose(tied_gradient.expected(*case), theirs, rtol=1e-12, atol=1e-14)


def test_cases_repeat_ids_lack_a_word_and_choose_unequally():
    for E, ids, _, _, words, chosen in tied_gradient.cases:
        assert len(set(ids.ravel().tolist())) < ids.size
        assert len(E) - 1 not in ids
        assert len(E) - 1 not in words
        assert len(set(chosen.sum(1).tolist())) > 1
        assert (ids != words)[chosen].any()
        assert not chosen.all()
    assert any((chosen.sum(1) == 0).any() for *_, chosen in tied_gradient.cases)
    assert any(len({*ids.shape, E.shape[1]}) == 1 for E, ids, *_ in tied_gradient.cases)


def _once(add):
    """The right gradient of the head, to which the input is added by hand."""

    def made(E, ids, dx, h, words, chosen):
        dE = _autograd(parts=(0, 1))(E, ids, dx, h, words, chosen).numpy()
        add(dE, ids, dx)
        return dE

    return made


def _assigned(dE, ids, dx):
    for b, t in np.ndindex(ids.shape):
        dE[ids[b, t]] = dx[b, t]


def _last_of_several(dE, ids, dx):
    last = {ids[place]: dx[place] for place in np.ndindex(ids.shape)}
    for word, d in last.items():
        dE[word] += d


def _mean_of_several(dE, ids, dx):
    for word in set(ids.ravel().tolist()):
        dE[word] += dx[ids == word].mean(0)


def _over(dim):
    def loss(o, words):
        at_word = -torch.log_softmax(o, -1).gather(-1, words[..., None])[..., 0]
        wrong = (torch.softmax(o, dim) - torch.softmax(o, -1)).detach()
        return at_word + (wrong * o).sum(-1)

    return loss


def _by_scores(do):
    """A loss whose gradient with respect to the scores is written down, of scores and one-hot words."""

    def loss(o, words):
        return (do(o.detach(), torch.nn.functional.one_hot(words, o.shape[-1])) * o).sum(-1)

    return loss


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _autograd()),
        ("input alone", _autograd(parts=(1, 0))),
        ("output alone", _autograd(parts=(0, 1))),
        ("repeated ids lost", _once(_last_of_several)),
        ("written over", _once(_assigned)),
        ("mean of repeated ids", _once(_mean_of_several)),
        (
            "input at chosen words",
            _autograd(enter=lambda E, ids, dx, words, chosen: (E[ids[chosen]] * dx[chosen]).sum()),
        ),
        (
            "input at chosen words",
            _autograd(enter=lambda E, ids, dx, words, chosen: (E[ids[~chosen]] * dx[~chosen]).sum()),
        ),
        ("words for ids", _autograd(enter=lambda E, ids, dx, words, chosen: (E[words] * dx).sum())),
        ("ids for words", _autograd(answer=lambda ids, words: ids)),
        ("all positions", _autograd(lambda losses, chosen: losses.mean())),
        ("all positions", _autograd(lambda losses, chosen: losses.sum() / chosen.sum())),
        ("all positions", _autograd(lambda losses, chosen: losses.sum())),
        ("divided by all", _autograd(lambda losses, chosen: (losses * chosen).mean())),
        ("per text", _autograd(lambda losses, chosen: (losses * chosen).sum(1).mean())),
        ("per text", _autograd(lambda losses, chosen: ((losses * chosen).sum(1) / chosen.sum(1).clamp(1)).mean())),
        ("sum", _autograd(lambda losses, chosen: losses[chosen].sum())),
        ("everything divided", lambda *given: _autograd(parts=(1 / given[-1].sum(), 1))(*given)),
        ("mean of both", _autograd(parts=(0.5, 0.5))),
        ("difference", _autograd(parts=(1, -1))),
        ("no softmax", _autograd(loss=_by_scores(lambda o, hot: o - hot))),
        ("no softmax", _autograd(loss=_by_scores(lambda o, hot: -hot))),
        ("no softmax", _autograd(loss=_by_scores(lambda o, hot: o.softmax(-1)))),
        ("no softmax", _autograd(loss=_by_scores(lambda o, hot: -hot / o.softmax(-1)))),
        ("no softmax", _autograd(loss=_by_scores(lambda o, hot: (o.softmax(-1) - 1) * hot))),
        ("another axis", _autograd(loss=_over(1))),
        ("another axis", _autograd(loss=_over(0))),
        ("transposed", lambda *given: _autograd()(*given).T),
        ("both apart", lambda *given: (_autograd(parts=(1, 0))(*given), _autograd(parts=(0, 1))(*given))),
    ],
)
def test_another_loss_or_sum_is_told_as_such(id, function):
    assert tied_gradient.judge(function).id == id


def test_the_head_s_division_applied_to_the_sum_is_told():
    def divided(*given):
        total = _autograd(lambda losses, chosen: losses[chosen].sum())(*given)
        return total / given[-1].sum()

    assert tied_gradient.judge(divided).id == "everything divided"
    plain = _once(lambda dE, ids, dx: np.add.at(dE, ids, dx))
    assert tied_gradient.judge(plain).id == "right"
