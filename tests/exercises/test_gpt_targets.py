"""What a text is asked for in chapter 15: token by token, and each mistake as another rule."""

import numpy as np
import pytest

from seqlib.exercises.gpt_targets import next_tokens


def _token_by_token(first=0, step=1, columns=None, ask=lambda t, n, y: t < n - 1):
    """Read from position `first` on, ask for what stands `step` further, where `ask` says so."""

    def answer(ids, lengths):
        ids = np.asarray(ids).tolist()
        T = len(ids[0])
        places = range(columns(T) if columns else T - 1)
        x = [[row[first + t] for t in places] for row in ids]
        y = [[row[(first + t + step) % T] for t in places] for row in ids]
        asked = [[bool(ask(t, n, y[b][t])) for t in places] for b, n in enumerate(lengths)]
        return np.array(x), np.array(y), np.array(asked)

    return answer


@pytest.mark.parametrize("case", next_tokens.cases)
def test_every_real_token_but_the_first_is_asked_for_once(case):
    ids, lengths = case
    x, y, asked = next_tokens.expected(ids, lengths)
    for b, n in enumerate(lengths):
        assert y[b][asked[b]].tolist() == ids[b, 1:n].tolist()
        assert x[b][asked[b]].tolist() == ids[b, : n - 1].tolist()
    for made, known in zip((x, y, asked), _token_by_token()(ids, lengths), strict=True):
        np.testing.assert_array_equal(made, known)


def test_cases_have_texts_of_all_lengths_0_as_a_token_and_tokens_in_the_padding():
    for ids, lengths in next_tokens.cases:
        real = np.arange(ids.shape[1]) < lengths[:, None]
        assert lengths.max() == ids.shape[1]
        assert lengths.min() < ids.shape[1] - 1
        assert (ids[real] == 0).any()
        assert (ids[~real] != 0).any()
    assert any((lengths == 1).any() for _, lengths in next_tokens.cases)
    assert any(len(set(ids.shape)) == 1 for ids, _ in next_tokens.cases)


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("not shifted", {"step": 0}),
        ("not shifted", {"step": 0, "columns": lambda T: T}),
        ("not shifted", {"step": 0, "first": 1}),
        ("backwards", {"first": 1, "step": -1}),
        ("shifted by two", {"step": 2, "columns": lambda T: T - 2}),
        ("shifted by two", {"first": 1, "columns": lambda T: T - 2}),
        ("around the corner", {"columns": lambda T: T}),
        ("around the corner", {"columns": lambda T: T, "ask": lambda t, n, y: t < n}),
        ("padding asked", {"ask": lambda t, n, y: t < n}),
        ("padding asked", {"ask": lambda t, n, y: t <= n}),
        ("everything asked", {"ask": lambda t, n, y: True}),
        ("one too few", {"ask": lambda t, n, y: t < n - 2}),
        ("0 as padding", {"ask": lambda t, n, y: y != 0}),
        ("0 as padding", {"ask": lambda t, n, y: y != 0 and t < n - 1}),
        ("not asked", {"ask": lambda t, n, y: t >= n - 1}),
        ("last token alone", {"ask": lambda t, n, y: t == n - 2}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert next_tokens.judge(_token_by_token(**changed)).id == id


def test_other_mistakes_are_told_as_such():
    def along_the_texts(ids, lengths):
        ids = ids.tolist()
        return ids[:-1], ids[1:], [[t < n for t in range(len(ids[0]))] for n in lengths[1:]]

    assert next_tokens.judge(along_the_texts).id == "along the texts"
    assert next_tokens.judge(lambda *given: _token_by_token()(*given)[:2]).id == "asked left out"
    read_0 = next_tokens.judge(lambda ids, lengths: (*_token_by_token()(ids, lengths)[:2], ids[:, :-1] > 0))
    assert read_0.id == "0 as padding"
    short = next_tokens.judge(lambda ids, n: (ids[:-1], ids[1:], np.arange(ids.shape[1]) < n[1:, None] - 1))
    assert short.id == "other"
