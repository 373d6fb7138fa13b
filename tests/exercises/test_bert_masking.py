"""Words of chapter 14 that are hidden, replaced or kept: one by one, and each mistake as another rule."""

import numpy as np
import pytest

from seqlib.exercises.bert_masking import hide_words
from seqlib.tasks import MaskedWords


def _word_by_word(choose=lambda id, draw: id >= 7 and draw < 0.15, becomes=None, ask=None, everyone=False):
    """An answer that goes through the words; `becomes` and `ask` are other rules for them."""
    becomes = becomes or (lambda id, fate, other, draw: 6 if fate < 0.8 else other if fate < 0.9 else id)
    ask = ask or (lambda read, id, fate, chosen: chosen)

    def answer(ids, draws, fates, others):
        read, asked = ids.copy(), np.empty(ids.shape, dtype=object)
        for place in np.ndindex(ids.shape):
            chosen = choose(ids[place], draws[place])
            if chosen or everyone:
                read[place] = becomes(ids[place], fates[place], others[place], draws[place])
            asked[place] = ask(read[place], ids[place], fates[place], chosen)
        return read, np.array(asked.tolist())

    return answer


@pytest.mark.parametrize("case", hide_words.cases)
def test_what_is_read_and_asked_for_is_said_word_by_word(case):
    for made, known in zip(hide_words.expected(*case), _word_by_word()(*case), strict=True):
        np.testing.assert_array_equal(made, known)


def test_ids_are_those_of_the_task_of_the_chapter():
    task = MaskedWords()
    assert (task.cls, task.sep, task.mask_id, task.first) == (4, 5, 6, 7)
    for ids, *_ in hide_words.cases:
        assert (ids[:, 0] == task.cls).all()
        assert (ids[:, -2] == task.sep).all()
        assert (ids[:, 1:-2] >= task.first).all()


def test_cases_have_every_fate_and_no_draw_at_an_edge():
    for ids, draws, fates, others in hide_words.cases:
        read, chosen = hide_words.expected(ids, draws, fates, others)
        assert ((read == ids) & (fates >= 0.9) & chosen).any()
        assert ((read != ids) & (fates >= 0.8) & chosen).any()
        assert ((read == ids) & (fates < 0.9) & chosen).any()  # replaced by itself
        assert (read == 6).any()
        assert 0.25 < chosen[ids >= 7].mean() < 0.75
        assert min(abs(draws - 0.15).min(), abs(fates - 0.8).min(), abs(fates - 0.9).min()) > 1e-3
        assert (others >= 7).all()
    assert any(((ids == 7) & (draws < 0.15)).any() for ids, draws, *_ in hide_words.cases)
    assert all(((ids < 7) & (draws < 0.15)).any() for ids, draws, *_ in hide_words.cases)


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("special ids chosen", {"choose": lambda id, draw: draw < 0.15}),
        ("7 is no word", {"choose": lambda id, draw: id > 7 and draw < 0.15}),
        ("above the share", {"choose": lambda id, draw: id >= 7 and draw > 0.15}),
        ("hidden alone", {"ask": lambda read, id, fate, chosen: read == 6}),
        ("what differs", {"ask": lambda read, id, fate, chosen: read != id}),
        ("kept not asked", {"ask": lambda read, id, fate, chosen: chosen and fate < 0.9}),
        ("not chosen", {"ask": lambda read, id, fate, chosen: not chosen}),
        ("labels", {"ask": lambda read, id, fate, chosen: id if chosen else -100}),
        ("labels", {"ask": lambda read, id, fate, chosen: id if chosen else -1}),
        ("labels", {"ask": lambda read, id, fate, chosen: id if chosen else 0}),
        ("labels", {"ask": lambda read, id, fate, chosen: id}),
        ("all hidden", {"becomes": lambda id, fate, other, draw: 6}),
        ("replaced never", {"becomes": lambda id, fate, other, draw: 6 if fate < 0.8 else id}),
        ("kept never", {"becomes": lambda id, fate, other, draw: 6 if fate < 0.8 else other}),
        ("tenths overlap", {"becomes": lambda id, fate, other, draw: other if fate < 0.1 else 6 if fate < 0.8 else id}),
        (
            "tenths overlap",
            {
                "becomes": lambda id, fate, other, draw: (
                    other if fate < 0.1 else id if fate < 0.2 else 6 if fate < 0.8 else id
                )
            },
        ),
        (
            "kept for replaced",
            {"becomes": lambda id, fate, other, draw: 6 if fate < 0.8 else id if fate < 0.9 else other},
        ),
        (
            "hidden for replaced",
            {"becomes": lambda id, fate, other, draw: other if fate < 0.8 else 6 if fate < 0.9 else id},
        ),
        ("hidden above", {"becomes": lambda id, fate, other, draw: 6 if fate > 0.8 else id}),
        (
            "hidden above",
            {"becomes": lambda id, fate, other, draw: 6 if fate > 0.2 else other if fate > 0.1 else id},
        ),
        (
            "one draw for both",
            {"becomes": lambda id, fate, other, draw: 6 if draw < 0.12 else other if draw < 0.135 else id},
        ),
        ("hidden without being chosen", {"everyone": True}),
        ("as it was", {"becomes": lambda id, fate, other, draw: id}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert hide_words.judge(_word_by_word(**changed)).id == id


def test_words_alone_may_be_changed_too_and_two_arrays_are_asked_for():
    def changed(ids, draws, fates, others):
        read, chosen = _word_by_word(everyone=True)(ids, draws, fates, others)
        return np.where(ids < 7, ids, read), chosen

    assert hide_words.judge(changed).id == "hidden without being chosen"
    assert hide_words.judge(lambda *given: _word_by_word()(*given)[0]).id == "read alone"
    assert hide_words.judge(lambda *given: _word_by_word()(*given)[::-1]).id == "order"
