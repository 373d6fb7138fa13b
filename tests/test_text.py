"""Vocabulary and tokenisers."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib.text import BOS, EOS, PAD, UNK, Vocabulary, characters, words


def test_words_keep_hyphens_and_split_punctuation():
    assert words("I like ice-cream, don't you?") == ["i", "like", "ice-cream", ",", "don't", "you", "?"]
    assert words("") == []
    assert words("Waan ku faraxsanahay!") == ["waan", "ku", "faraxsanahay", "!"]


@pytest.mark.parametrize(
    "word",
    [
        "हिन्दी",
        "क्\u200dष",  # with a joiner
        "العَرَبِيَّةُ",
        "می\u200cخواهم",  # with a non-joiner
        "தமிழ்",
        "ภาษาที่",
        "שָׁלוֹם",
        "e\u0301te\u0301",  # été, decomposed
        "i\u0307stanbul",  # what İstanbul is in lower case
        "co\u00adoperate",
        "नहीं-हैं",
        "don\u2019t",
        "ice\u2011cream",
        "snake_case2",
    ],
)
def test_a_word_keeps_its_marks(word):
    assert words(f"{word}, ({word})") == [word, ",", "(", word, ")"]


def test_a_mark_after_another_sign_stays_with_it():
    assert words("❤\ufe0fok !\u0301 \u0301a") == ["❤\ufe0f", "ok", "!\u0301", "\u0301", "a"]
    assert words("'quoted' a--b - 'tis") == ["'", "quoted", "'", "a", "-", "-", "b", "-", "'", "tis"]


@given(st.text())
def test_letters_are_split_as_before(text):
    """Where there is no mark and no joiner, words are what regular expressions call words."""
    plain = "".join(
        c for c in text.lower() if unicodedata.category(c)[0] != "M" and c not in "\u200c\u200d\xad\u2060‐‑"
    )
    assert words(plain) == re.findall(r"\w+(?:[-'’]\w+)*|[^\w\s]", plain.lower())


@given(st.text())
def test_characters_join_to_the_text(text):
    assert "".join(characters(text)) == text


@given(st.text())
def test_words_lose_only_white_space(text):
    assert "".join(words(text)) == "".join(text.lower().split())


def test_special_ids_come_first():
    assert (PAD, BOS, EOS, UNK) == (0, 1, 2, 3)
    vocabulary = Vocabulary(["b", "a"])
    assert vocabulary.tokens == ["<pad>", "<bos>", "<eos>", "<unk>", "b", "a"]
    assert len(vocabulary) == 6
    assert "a" in vocabulary
    assert "c" not in vocabulary


def test_encode_and_decode():
    vocabulary = Vocabulary(["x", "y"])
    assert vocabulary.encode(["y", "z", "x"], bos=True, eos=True).tolist() == [BOS, 5, UNK, 4, EOS]
    assert vocabulary.decode([5, 0, 3]) == ["y", "<pad>", "<unk>"]
    assert vocabulary.encode([]).tolist() == []


def test_build_orders_by_frequency_then_alphabet():
    vocabulary = Vocabulary.build([["b", "a", "c"], ["c", "b"], ["d"]], min_count=1)
    assert vocabulary.tokens[4:] == ["b", "c", "a", "d"]
    assert Vocabulary.build([["b", "a", "c"], ["c", "b"]], min_count=2).tokens[4:] == ["b", "c"]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: words(3), "text"),
        (lambda: characters(None), "text"),
        (lambda: Vocabulary("abc"), "tokens"),
        (lambda: Vocabulary(["a", "a"]), "tokens"),
        (lambda: Vocabulary(["<pad>"]), "tokens"),
        (lambda: Vocabulary([1]), "tokens"),
        (lambda: Vocabulary(3), "tokens"),
        (lambda: Vocabulary(["a"]).encode("a"), "tokens"),
        (lambda: Vocabulary(["a"]).encode(["a", 1]), "tokens"),
        (lambda: Vocabulary(["a"]).encode([["a"]]), "tokens"),
        (lambda: Vocabulary(["a"]).encode(None), "tokens"),
        (lambda: Vocabulary(["a"]).decode([5]), "ids"),
        (lambda: Vocabulary(["a"]).decode([-1]), "ids"),
        (lambda: Vocabulary(["a"]).decode([0.5]), "ids"),
        (lambda: Vocabulary.build([["a"]], min_count=0), "min_count"),
        (lambda: Vocabulary.build("ab"), "sentences"),
        (lambda: Vocabulary.build(["ab"]), "sentences"),
        (lambda: Vocabulary.build([["a", 1]]), "sentences"),
        (lambda: Vocabulary.build(None), "sentences"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
