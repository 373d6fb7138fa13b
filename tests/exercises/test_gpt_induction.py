"""An induction head of chapter 15: two layers of attention in torch, and each mistake position by position."""

from collections import Counter

import numpy as np
import pytest
import torch

from seqlib.exercises.gpt_induction import induction


def _two_layers(ids, V):
    """Attention by sharp scores: the first layer copies the token before, the second looks for it."""
    T = ids.shape[1]
    place, token = torch.eye(T, dtype=torch.double), torch.eye(V, dtype=torch.double)[torch.tensor(ids)]
    causal = torch.ones(T, T).tril().bool()
    back = torch.nn.functional.pad(place, (0, 0, 1, 0))[:-1]  # the place before each
    first = (1000 * back @ place.T).masked_fill(~causal, -torch.inf).softmax(-1)
    before = first @ token
    before[:, 0] = 0  # nothing stands before the first
    scores = 1000 * token @ before.transpose(1, 2)
    second = scores.masked_fill(~causal, -torch.inf).softmax(-1)
    found = (scores.tril() > 0).any(-1, keepdim=True)
    return torch.where(found, second @ token, 1 / V).numpy()


@pytest.mark.parametrize("case", induction.cases)
def test_two_layers_of_sharp_attention_guess_the_same(case):
    np.testing.assert_allclose(induction.expected(*case), _two_layers(*case), rtol=1e-9, atol=1e-12)


def test_cases_have_new_tokens_twins_and_several_matches():
    for ids, V in induction.cases:
        assert ids.max() < V
        expected = induction.expected(ids, V)
        np.testing.assert_allclose(expected.sum(-1), 1)
        assert (np.ptp(expected, axis=-1) == 0).any()
        assert ((expected > 0) & (expected < 1) & (expected != 1 / V)).any()
    assert any((ids[:, 1:] == ids[:, :-1]).any() for ids, _ in induction.cases)
    assert any(ids.shape[1] == V for ids, V in induction.cases)
    assert any(len(ids) == 1 for ids, _ in induction.cases)


def _place_by_place(
    match=lambda row, t, s: s >= 1 and row[s - 1] == row[t] and s <= t,
    choose=lambda places: places,
    share=lambda n, k, t, T: k / n,
    none=lambda V: 1 / V,
):
    """An answer that goes through the positions."""

    def answer(ids, V):
        p = np.empty((*ids.shape, V))
        for b, row in enumerate(ids.tolist()):
            for t in range(len(row)):
                places = choose([s for s in range(len(row)) if match(row, t, s)])
                copied = Counter(row[s] for s in places)
                p[b, t] = [share(len(places), copied[w], t, len(row)) if places else none(V) for w in range(V)]
        return p

    return answer


def _before(row, t, s):
    return s + 1 < len(row) and row[s + 1] == row[t]


def _after(row, t, s):
    return s >= 1 and row[s - 1] == row[t]


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("the token itself", {"match": lambda row, t, s: row[s] == row[t] and s <= t}),
        ("the token itself", {"match": lambda row, t, s: row[s] == row[t] and s < t}),
        ("the token before", {"match": lambda row, t, s: _before(row, t, s) and s < t}),
        ("the token before", {"match": lambda row, t, s: _before(row, t, s) and s + 1 < t}),
        ("the future", {"match": _after}),
        ("one step ahead", {"match": lambda row, t, s: _after(row, t, s) and s <= t + 1}),
        ("not at t", {"match": lambda row, t, s: _after(row, t, s) and s < t}),
        ("the last alone", {"choose": lambda places: places[-1:]}),
        ("the first alone", {"choose": lambda places: places[:1]}),
        ("zeros", {"none": lambda V: 0}),
        ("NaN", {"none": lambda V: np.nan}),
        ("not divided", {"share": lambda n, k, t, T: k}),
        ("divided by the texts' length", {"share": lambda n, k, t, T: k / (t + 1)}),
        ("divided by the texts' length", {"share": lambda n, k, t, T: k / T}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert induction.judge(_place_by_place(**changed)).id == id


def _counted(value):
    """An answer made of counts, of each text or of all up to t."""

    def answer(ids, V):
        found = np.zeros((*ids.shape, V))
        for b, t, s in np.ndindex(len(ids), *[ids.shape[1]] * 2):
            if _after(ids[b].tolist(), t, s) and s <= t:
                found[b, t, ids[b, s]] += 1
        return value(found, V)

    return answer


def _most_frequent(n, V):
    return np.where(n.sum(-1, keepdims=True) > 0, n.argmax(-1)[..., None] == np.arange(V), 1 / V)


def _all_texts(ids, V):
    found = np.zeros((*ids.shape, V))
    for b, c, t, s in np.ndindex(len(ids), len(ids), *[ids.shape[1]] * 2):
        if 1 <= s <= t and ids[c, s - 1] == ids[b, t]:
            found[b, t, ids[c, s]] += 1
    total = found.sum(-1, keepdims=True)
    return np.where(total == 0, 1 / V, found / np.where(total == 0, 1, total))


def test_other_mistakes_are_told_as_such():
    assert induction.judge(_counted(lambda n, V: n)).id == "not divided"
    assert induction.judge(_counted(_most_frequent)).id == "favourite"
    assert induction.judge(_counted(lambda n, V: (n + 1) / (n + 1).sum(-1, keepdims=True))).id == "smoothed"
    assert induction.judge(_counted(lambda n, V: (V * n + 1) / (V * n + 1).sum(-1, keepdims=True))).id == "smoothed"
    assert induction.judge(_all_texts).id == "all texts"

    def weights(ids, V):
        p = np.zeros((*ids.shape, ids.shape[1]))
        for b, t, s in np.ndindex(p.shape):
            p[b, t, s] = _after(ids[b].tolist(), t, s) and s <= t
        return p / np.maximum(p.sum(-1, keepdims=True), 1)

    assert induction.judge(weights).id == "weights"
