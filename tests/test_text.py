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


EMOJI = {
    "family": "👨\u200d👩\u200d👧\u200d👦",
    "skin tone": "👍🏽",
    "skin tone and joiner": "👩🏽\u200d🚀",
    "five joiners and marks": "🧑🏻\u200d❤\ufe0f\u200d💋\u200d🧑🏿",
    "joined to a sign of mathematics": "🙂\u200d↔\ufe0f",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "pirate flag": "🏴\u200d☠\ufe0f",
    "flag of two letters": "🇸🇴",
    "flag with tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "keycap": "#\ufe0f\u20e3",
    "not yet assigned": "\U0001fadd\u200d\U0001f8ff",
}
TOKENS = [
    *EMOJI.values(),
    "❤\ufe0f",
    "हिन्दी",
    "क्\u200dष",
    "العَرَبِيَّةُ",
    "می\u200cخواهم",
    "e\u0301te\u0301",
    "ice-cream",
    "!",
    ",",
]


@pytest.mark.parametrize("emoji", EMOJI.values(), ids=EMOJI)
def test_an_emoji_of_several_characters_is_one_token(emoji):
    assert len(emoji) > 1
    assert words(f"ok{emoji}{emoji}ok {emoji}!") == ["ok", emoji, emoji, "ok", emoji, "!"]


@given(st.lists(st.sampled_from(TOKENS)), st.data())
def test_tokens_come_out_as_they_went_in(tokens, data):
    """With a space between them, or none where a sign begins or ends one of the two."""
    text = ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        apart = before[-1:].isalnum() or unicodedata.category(before[-1:] or " ")[0] == "M"
        apart = apart and (token[0].isalnum() or before not in EMOJI.values())
        text += (" " if apart or data.draw(st.booleans()) else "") + token
    assert words(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("🇸🇴🇫🇮🇸", ["🇸🇴", "🇫🇮", "🇸"]),
        ("👩👩", ["👩", "👩"]),
        ("👩\u200dx 👩\u200d 👩", ["👩\u200d", "x", "👩\u200d", "👩"]),  # it joins signs, and nothing over a space
        ("👩\u200d\ufe0f👩", ["👩\u200d\ufe0f", "👩"]),  # and only where it is the last before the second
        ("a🏽", ["a", "🏽"]),
        ("🏽\u200d👩", ["🏽\u200d👩"]),
        ("👩\u200d🇸🇴", ["👩\u200d", "🇸🇴"]),
    ],
)
def test_what_is_joined_to_what(text, tokens):
    assert words(text) == tokens


@given(st.text())
def test_letters_are_split_as_before(text):
    """Where there is no mark, no joiner and no part of an emoji, words are what regular expressions call words."""
    parts = "\u200c\u200d\xad\u2060‐‑" + "".join(map(chr, [*range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400)]))
    plain = "".join(
        c
        for c in text.lower()
        if unicodedata.category(c)[0] != "M" and c not in parts and not 0xE0020 <= ord(c) <= 0xE007F
    )
    assert words(plain) == re.findall(r"\w+(?:[-'’]\w+)*|[^\w\s]", plain.lower())


@given(st.text())
def test_characters_join_to_the_text(text):
    assert "".join(characters(text)) == text


@given(st.text() | st.text(st.sampled_from("".join(TOKENS) + " 🇸🏽\u200d")))
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
