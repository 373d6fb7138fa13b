"""A computed table: its numbers rounded, its rows as long as its head, its text safe."""

import numpy as np
import pytest

from seqlib.table import table

ROWS = {"time, `torch.nn`": [0.0211, 251.0, 1], "a|b": ["GRU 4/5", np.float32(0.5), -3.14159]}
MADE = table(["over the LSTM's", "RNN", "GRU", "LSTM"], ROWS)


def test_markdown_has_a_line_for_the_head_a_rule_and_each_row():
    assert MADE._repr_markdown_().splitlines() == [
        "| over the LSTM's | RNN | GRU | LSTM |",
        "| :-- | --: | --: | --: |",
        "| time, `torch.nn` | 0.021 | 250 | 1 |",
        r"| a\|b | GRU 4/5 | 0.5 | -3.1 |",
    ]


def test_what_looks_like_an_element_is_text():
    said = table(["<unk>", "n"], {"</s> and a < b": ["<!"]})._repr_markdown_().splitlines()
    assert said[0] == r"| \<unk> | n |"
    assert said[2] == r"| \</s> and a < b | \<! |"


def test_text_is_aligned():
    assert repr(MADE).splitlines() == [
        "over the LSTM's       RNN  GRU  LSTM",
        "time, `torch.nn`    0.021  250     1",
        "a|b               GRU 4/5  0.5  -3.1",
    ]


def test_digits_are_significant_digits_without_exponents_where_numbers_are_short():
    assert table(["x", "y"], {"row": [1234.5]}, digits=3).rows == [("row", "1230")]
    assert table(["x", "y"], {"row": [0.00012345]}, digits=3).rows == [("row", "0.000123")]


@pytest.mark.parametrize("entries", [[], [1], [1, 2, 3]])
def test_a_row_has_as_many_entries_as_the_head(entries):
    with pytest.raises(ValueError, match=f"row 'b' must have 2 entries, as the head has, got {len(entries)}"):
        table(["x", "y", "z"], {"a": [1, 2], "b": entries})
