"""Edit distance against the recursion, its edits applied; word error rate against jiwer; bad input."""

import functools

import jiwer
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.metrics import edit_distance, edits, word_error_rate

STRINGS = st.text("abc", max_size=9)


def recursion(x, y):
    """Levenshtein's distance as it is defined."""

    @functools.cache
    def d(i, j):
        if not i or not j:
            return i + j
        return min(d(i - 1, j) + 1, d(i, j - 1) + 1, d(i - 1, j - 1) + (x[i - 1] != y[j - 1]))

    return d(len(x), len(y))


@settings(deadline=None)  # a busy machine is no fault
@given(STRINGS, STRINGS)
def test_the_distance_is_that_of_the_recursion(x, y):
    assert edit_distance(x, y) == recursion(x, y)
    assert edit_distance(list(x), tuple(y)) == edit_distance(x, y)


@settings(deadline=None)  # a busy machine is no fault
@given(STRINGS, STRINGS)
def test_the_edits_make_one_of_the_other(x, y):
    made, i, j = [], 0, 0
    found = edits(x, y)
    for edit in found:
        assert (edit.i, edit.j) == (i, j)
        if edit.kind in ("keep", "substitute"):
            assert (x[i] == y[j]) == (edit.kind == "keep")
        made += [] if edit.kind == "delete" else [y[j]]
        i, j = i + (edit.kind != "insert"), j + (edit.kind != "delete")
    assert (i, j) == (len(x), len(y))
    assert "".join(made) == y
    assert sum(edit.kind != "keep" for edit in found) == edit_distance(x, y)


def test_by_hand():
    assert edit_distance("kitten", "sitting") == 3
    assert [tuple(edit) for edit in edits("ab", "cab")] == [("insert", 0, 0), ("keep", 0, 1), ("keep", 1, 2)]
    assert [edit.kind for edit in edits("axc", "abc")] == ["keep", "substitute", "keep"]
    assert [edit.kind for edit in edits(["a", "b"], ["b"])] == ["delete", "keep"]
    assert edits("", "") == []
    assert edit_distance(np.array([1, 2, 3]), [1, 3]) == 1
    assert type(edit_distance("a", "b")) is int


def test_words_are_counted_as_jiwer_counts_them(corpus):
    hypotheses, references = ([" ".join(s.split()) for s in side] for side in corpus)
    kept = [k for k in range(len(references)) if references[k]]
    rates = set()
    for k in kept[::3]:
        wanted = jiwer.wer(references[k], hypotheses[k])
        assert word_error_rate([hypotheses[k]], [references[k]]) == pytest.approx(wanted, rel=0, abs=1e-12)
        rates.add(round(wanted, 6))
    assert len(rates) > 20
    for size in (2, 30, len(references)):
        wanted = jiwer.wer(references[:size], hypotheses[:size])
        assert word_error_rate(hypotheses[:size], references[:size]) == pytest.approx(wanted, rel=0, abs=1e-12)
        tokens = [[s.split() for s in side[:size]] for side in (hypotheses, references)]
        assert word_error_rate(*tokens) == pytest.approx(wanted, rel=0, abs=1e-12)
    few = slice(0, 40)
    wanted = jiwer.cer(references[few], hypotheses[few])
    characters = [[list(s) for s in side[few]] for side in (hypotheses, references)]
    assert word_error_rate(*characters) == pytest.approx(wanted, rel=0, abs=1e-12)


def test_rates_by_hand():
    assert word_error_rate(["a b"], ["a b"]) == 0
    assert word_error_rate(["a x c d"], ["a b c"]) == pytest.approx(2 / 3)
    assert word_error_rate(["a b", ""], ["a", "c d"]) == pytest.approx(3 / 3)
    assert word_error_rate(["a b c"], ["d"]) == 3  # above 1
    assert word_error_rate(["a", "b"], ["a", ""]) == 1


BAD = [
    (lambda: edit_distance(3, "a"), TypeError, "hypothesis must be a string or a sequence of tokens, got int"),
    (lambda: edits("a", None), TypeError, "reference must be a string or a sequence of tokens, got NoneType"),
    (lambda: word_error_rate("a", ["a"]), TypeError, "hypotheses must be a list with one entry for each sentence"),
    (lambda: word_error_rate(["a"], [["a", "b"]]), ValueError, r"references\[0\] must be a single reference, got 2"),
    (lambda: word_error_rate(["a"], [""]), ValueError, "references must have at least one word, got none"),
    (lambda: word_error_rate(["a"], []), ValueError, "references must have one entry"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
