"""Merges learnt: the definition counted anew each time, and tokenizers."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.bpe import BYTES, ByteLevelBPE, learn_merges

FEW = st.dictionaries(st.text("ab c", max_size=12).map(str.encode), st.integers(0, 4), max_size=8)
ANY = st.dictionaries(st.binary(max_size=12), st.integers(0, 4), max_size=8)


def by_definition(counts, size, min_count):
    """Count all pairs of all pieces, merge the first of the most frequent, and begin again."""
    rows = {piece: [bytes([byte]) for byte in piece] for piece in counts}
    tokens, merges = list(BYTES), []
    while len(tokens) < size:
        found = Counter()
        for piece, row in rows.items():
            for a, b in pairwise(row):
                found[a, b] += counts[piece]
        if not found or max(found.values()) < min_count:
            break
        most = max(found.values())
        best = min((pair for pair, n in found.items() if n == most), key=lambda pair: list(map(tokens.index, pair)))
        merges.append(best)
        tokens.append(b"".join(best))
        for row in rows.values():
            i = 0
            while i < len(row) - 1:
                if (row[i], row[i + 1]) == best:
                    row[i : i + 2] = [tokens[-1]]
                i += 1
    return merges


@given(FEW | ANY, st.integers(256, 300), st.integers(1, 3))
def test_merges_are_those_of_the_definition(counts, size, min_count):
    assert learn_merges(counts, size, min_count=min_count) == by_definition(counts, size, min_count)


@given(FEW | ANY, st.randoms())
def test_order_does_not_matter_and_no_bytes_are_made_twice(counts, random):
    merges = learn_merges(counts, 400, min_count=1)
    items = list(counts.items())
    random.shuffle(items)
    assert learn_merges(dict(items), 400, min_count=1) == merges
    assert len({a + b for a, b in merges}) == len(merges)


def test_ties_go_to_the_smaller_ids():
    # all three pairs occur once; "!" has id 0, "a" 64, " " 220
    assert learn_merges({b"a!": 1, b"!a": 1, b" !": 1}, 259, min_count=1) == [(b"!", b"a"), (b"a", b"!"), (b" ", b"!")]
    # ab, made first, is older than xy, and both are younger than z
    counts = {b"abq": 2, b"xyq": 2, b"zq": 2, b"ab": 3, b"xy": 2}
    learnt = [(b"a", b"b"), (b"x", b"y"), (b"z", b"q"), (b"ab", b"q"), (b"xy", b"q")]
    assert learn_merges(counts, 300) == learnt


def test_example_by_hand():
    """er occurs 9 times, and then er before a dot; lo and ow 7 times each, and l is before o."""
    counts = {b"low.": 5, b"lowest.": 2, b"newer.": 6, b"wider.": 3}
    assert learn_merges(counts, 260) == [(b"e", b"r"), (b"er", b"."), (b"l", b"o"), (b"lo", b"w")]


def test_a_run_is_merged_from_the_left():
    assert learn_merges({b"aaaaa": 1}, 300, min_count=1) == [(b"a", b"a"), (b"aa", b"a"), (b"aa", b"aaa")]


def test_min_count_and_size_end_it():
    counts = {b"ab": 3, b"cd": 2, b"ef": 1}
    assert learn_merges(counts, 300, min_count=2) == [(b"a", b"b"), (b"c", b"d")]
    assert learn_merges(counts, 300) == learn_merges(counts, 300, min_count=2)
    assert learn_merges(counts, 257, min_count=1) == [(b"a", b"b")]
    assert learn_merges(counts, 256, min_count=1) == []
    assert learn_merges({b"ab": 0}, 300, min_count=1) == []


def test_equal_to_tokenizers(texts, trained_by_tokenizers, merges_of):
    @settings(max_examples=60)
    @given(st.lists(texts | st.text("ab c'é"), max_size=6), st.integers(256, 300), st.integers(1, 3))
    def law(some, size, min_count):
        ours = ByteLevelBPE.train(some, size, min_count=min_count)
        theirs = trained_by_tokenizers(some, size, min_count)
        assert ours.merges == merges_of(theirs)
        assert len(ours) == theirs.get_vocab_size()

    law()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: learn_merges([b"a"], 256), TypeError, "counts must map pieces"),
        (lambda: learn_merges({"a": 1}, 256), TypeError, "counts must have bytes as keys, got str"),
        (lambda: learn_merges({b"a": 0.5}, 256), TypeError, r"counts\[b'a'\] must be an integer"),
        (lambda: learn_merges({b"a": -1}, 256), ValueError, r"counts\[b'a'\] must be at least 0"),
        (lambda: learn_merges({b"a": 1}, 255), ValueError, "size must be at least 256"),
        (lambda: learn_merges({b"a": 1}, "256"), TypeError, "size must be an integer"),
        (lambda: learn_merges({b"a": 1}, 256, min_count=0), ValueError, "min_count must be at least 1"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
