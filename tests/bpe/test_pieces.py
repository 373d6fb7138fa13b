"""Where GPT-2's pattern cuts a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import pre_tokenizers

from seqlib.bpe import pieces

CUTTER = pre_tokenizers.ByteLevel(add_prefix_space=False)


def by_tokenizers(text):
    return [text[start:end] for _, (start, end) in CUTTER.pre_tokenize_str(text)]


def by_hand(text):
    """The pattern as its alternatives say, one character after the other, without a regular expression."""
    out = []
    while text:
        out.append(first_piece(text))
        text = text[len(out[-1]) :]
    return out


def first_piece(text):
    for ending in ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d"):
        if text.startswith(ending):
            return ending
    blank = text[0] == " "
    for kind in "LNS":
        n = blank
        while n < len(text) and kind_of(text[n]) == kind:
            n += 1
        if n > blank:
            return text[:n]
    n = next((i for i, one in enumerate(text) if kind_of(one) != " "), len(text))
    return text[: n if n == len(text) or n == 1 else n - 1]


def kind_of(character):
    category = unicodedata.category(character)
    if category[0] in "LN":
        return category[0]
    # Unicode's property White_Space: the separators, and six control characters
    return " " if category[0] == "Z" or character in "\t\n\x0b\x0c\r\x85" else "S"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Hello world", ["Hello", " world"]),
        ("I don't, we'll, they've", ["I", " don", "'t", ",", " we", "'ll", ",", " they", "'ve"]),
        ("DON'T 'sure", ["DON", "'", "T", " '", "sure"]),  # as GPT-2: small letters only, and no blank before it
        ("'sure", ["'s", "ure"]),
        ("I'd I'm it's", ["I", "'d", " I", "'m", " it", "'s"]),
        ("a1b22", ["a", "1", "b", "22"]),
        ("a   b", ["a", "  ", " b"]),
        ("a  \n b  ", ["a", "  \n", " b", "  "]),
        ("a\nb", ["a", "\n", "b"]),
        ("a\n\nb", ["a", "\n", "\n", "b"]),
        ("x_y = 'z'!?", ["x", "_", "y", " =", " '", "z", "'!?"]),
        ("e\u0301t", ["e", "\u0301", "t"]),  # a mark is no letter
        ("ſ五Ⅷ½²", ["ſ五", "Ⅷ½²"]),
        ("a\x1cb", ["a", "\x1c", "b"]),
        (" \x1c", [" \x1c"]),  # a separator of files is not white space
        ("a\u3000b", ["a", "\u3000", "b"]),
        ("\u1c89a \U00010d409", ["\u1c89a", " \U00010d409"]),  # a letter and a number since Unicode 16.0
    ],
)
def test_pieces_known(text, cut):
    assert pieces(text) == cut == by_tokenizers(text)


def test_nothing_is_lost_and_the_cuts_are_those_of_tokenizers(texts):
    @given(texts)
    def law(text):
        assert "".join(pieces(text)) == text
        assert pieces(text) == by_tokenizers(text)

    law()


def test_the_pattern_read_by_hand(texts):
    @given(texts)
    def law(text):
        if all(unicodedata.category(one) != "Cn" for one in text):  # what this version of Python knows
            assert pieces(text) == by_hand(text)

    law()


def test_every_character_is_of_the_kind_that_tokenizers_gives_it():
    """After a letter, a number and a sign: all up to U+33FFF, the tags, and of what is not assigned one in 97."""
    every = [*range(0xD800), *range(0xE000, 0x34000), *range(0x34000, 0xE0000, 97), *range(0xE0000, 0xE1000)]
    every += range(0xE1000, 0x110000, 97)
    for start in range(0, len(every), 0x100):
        text = "".join(f"a{one}1{one}.{one}" for one in map(chr, every[start : start + 0x100]))
        assert pieces(text) == by_tokenizers(text)


@given(st.text(), st.sampled_from(["\ud800", "\udfff"]), st.text())
def test_half_a_pair_is_named(before, half, after):
    with pytest.raises(ValueError, match=rf"text\[{len(before)}\] is half of a pair"):
        pieces(before + half + after)


@pytest.mark.parametrize("text", [None, b"bytes", ["a"], 3])
def test_bad_input_is_named(text):
    with pytest.raises(TypeError, match="text must be a string"):
        pieces(text)
