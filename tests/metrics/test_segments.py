"""Segments as they are given: strings, tokens, one reference or several; and how strings are cut."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

from seqlib.metrics.segments import pairs, sequence, words

THEIRS = Tokenizer13a()


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(st.sampled_from("aZ09é .,-'\"&;<>/\\()[]{}^_`~|@#\n\t\u00a0—"), max_size=30))
def test_any_text_is_cut_as_mteval_cuts_it(text):
    assert words("text", text, "13a") == THEIRS(text.rstrip()).split()


@pytest.mark.parametrize(
    "text", ["&quot;a&quot; &amp;lt;", "&amp;quot;", "<skipped>a-\nb\nc", "1.5, 2-3 a.b .5 5.", "", " \n "]
)
def test_what_is_written_in_a_special_way(text):
    assert words("text", text, "13a") == THEIRS(text.rstrip()).split()


def test_sequences_of_every_make():
    assert sequence("x", "ab ") == ["a", "b", " "]
    assert sequence("x", (1, "b")) == [1, "b"]
    assert sequence("x", np.array([3, 1])) == sequence("x", torch.tensor([3, 1])) == [3, 1]
    assert words("x", " a  b\t\n") == ["a", "b"]
    with pytest.raises(TypeError, match="x must hold tokens, each a string or a number, got list in it"):
        sequence("x", np.zeros((2, 2)))
    with pytest.raises(TypeError, match="x must be a string or a sequence of tokens, got set"):
        sequence("x", {1})


def test_one_reference_or_several():
    assert pairs(["a"], ["a b"]) == [("a", ["a b"], "[0]")]
    assert pairs(["a"], [["a b", "c"]]) == [("a", ["a b", "c"], "[0]")]
    assert pairs([["a"]], [["a", "b"]]) == [(["a"], [["a", "b"]], "[0]")]
    assert pairs([["a"]], [[["a", "b"], ["c"]]]) == [(["a"], [["a", "b"], ["c"]], "[0]")]
    assert pairs([["a"], []], [[], [1]]) == [(["a"], [[]], "[0]"), ([], [[1]], "[1]")]
