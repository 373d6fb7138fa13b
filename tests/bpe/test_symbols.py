"""Bytes as visible characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import pre_tokenizers

from seqlib.bpe import BYTES, from_symbols, to_symbols


def test_known_symbols():
    assert to_symbols(b" the\n") == "ĠtheĊ"
    assert to_symbols("é".encode()) == "Ã©"
    assert to_symbols(b"\x00\x7f\xad\xff") == "Āġ" + chr(256 + 67) + "ÿ"


def test_bytes_are_in_the_order_of_their_symbols():
    """GPT-2's ids: "!" is 0, and the last is the soft hyphen, byte 0xAD."""
    symbols = list(map(to_symbols, BYTES))
    assert symbols == sorted(symbols) == sorted(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(BYTES) == [bytes([byte]) for byte in range(256)]
    assert (BYTES[0], BYTES[220], BYTES[255]) == (b"!", b" ", b"\xad")
    assert all(one.isprintable() and not one.isspace() for one in symbols)


@given(st.binary())
def test_there_and_back(token):
    assert from_symbols(to_symbols(token)) == token
    assert len(to_symbols(token)) == len(token)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_symbols_are_those_of_tokenizers(text):
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(text)
    assert to_symbols(text.encode()) == "".join(symbols for symbols, _ in cut)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: to_symbols("a"), TypeError, "token must be bytes, got str"),
        (lambda: from_symbols(b"a"), TypeError, "symbols must be a string, got bytes"),
        (lambda: from_symbols("a b"), ValueError, r"symbols\[1\] is ' '"),
        (lambda: from_symbols("ń"), ValueError, r"symbols\[0\]"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
