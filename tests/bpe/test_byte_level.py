"""Any text to ids and back."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models

from seqlib.bpe import BYTES, ByteLevelBPE, pieces, to_symbols
from seqlib.tasks.topics import FILE

END = "<|endoftext|>"
TEXT = FILE.read_text(encoding="utf8")[:60_000]
MORE = [
    "naïve café, 東京の東京, привет привет, हिन्दी हिन्दी 🙂🙂🙂🙂 \t\t\t\n\n\n\n",
    "aaaaaaaaaaaaa 0000000 ......",
] * 3


@pytest.fixture(scope="module")
def bpe():
    return ByteLevelBPE.train([TEXT, *MORE], 1000, special=[END])


@pytest.fixture(scope="module")
def theirs(bpe, from_model):
    """The same vocabulary and merges in tokenizers."""
    ids = {to_symbols(token): i for i, token in enumerate(bpe.tokens) if isinstance(token, bytes)}
    return from_model(models.BPE(ids | {END: len(bpe) - 1}, [tuple(map(to_symbols, pair)) for pair in bpe.merges]))


def by_definition(bpe, text):
    """GPT-2's loop: the merge that was learnt first, everywhere in the piece, until there is none."""
    ids = []
    for piece in pieces(text):
        row = [bytes([byte]) for byte in piece.encode()]
        for a, b in bpe.merges:
            i = 0
            while i < len(row) - 1:
                if row[i] == a and row[i + 1] == b:
                    row[i : i + 2] = [a + b]
                i += 1
        ids += map(bpe.ids.__getitem__, row)
    return ids


def test_known_ids():
    bpe = ByteLevelBPE([*BYTES, b"ab", b" a", END], [(b"a", b"b"), (b" ", b"a")])
    assert bpe.encode("ab ab a\u00e9").tolist() == [256, 220, 256, 257, 127, 102]
    assert bpe.encode("ab ab").dtype == np.int64
    assert bpe.encode("").tolist() == []
    assert bpe.decode([257, 127, 102, 258]) == " a\u00e9<|endoftext|>"
    assert bpe.decode([]) == ""
    assert (len(bpe), bpe.ids[END], bpe.ids[b"ab"]) == (259, 258, 256)


def test_ten_thousand_strings_equal_to_tokenizers(bpe, theirs):
    """Stretches of a real text, any Unicode, single characters of every plane, and runs."""
    rng = random.Random(16)
    some = [TEXT[i : i + rng.randrange(1, 60)] for i in (rng.randrange(len(TEXT)) for _ in range(3000))]
    scalars = [n for n in range(0x110000) if not 0xD800 <= n < 0xE000]
    some += ["".join(chr(rng.choice(scalars)) for _ in range(rng.randrange(1, 20))) for _ in range(3000)]
    low = [chr(n) for n in range(0x600)]
    some += ["".join(rng.choices(low, k=rng.randrange(1, 30))) for _ in range(2000)]
    some += ["".join(rng.choice("ab 's.0\n\u3000é") * rng.randrange(1, 9) for _ in range(8)) for _ in range(2000)]
    assert len(set(some)) > 9900
    for text, their in zip(some, theirs.encode_batch(some), strict=True):
        ids = bpe.encode(text)
        assert ids.tolist() == their.ids, text
        assert bpe.decode(ids) == text


def test_any_text_equal_to_tokenizers_and_to_the_definition_and_back(bpe, theirs, texts):
    @given(texts)
    def law(text):
        ids = bpe.encode(text)
        assert ids.tolist() == theirs.encode(text).ids == by_definition(bpe, text)
        assert bpe.decode(ids) == text
        assert bpe.encode(text).tolist() == ids.tolist()  # now remembered

    law()


@given(st.lists(st.text("abc", min_size=1, max_size=40), min_size=1, max_size=6), st.text("abc", max_size=80))
def test_merges_of_few_letters_equal_to_the_definition(some, text):
    bpe = ByteLevelBPE.train(some, 300, min_count=1)
    assert bpe.encode(text).tolist() == by_definition(bpe, text)


@given(st.data())
def test_merges_in_any_order_equal_to_tokenizers(from_model, data):
    """Also such as no training gives: two for the same token, a part after the whole."""
    tokens, pairs = [*BYTES], []
    for _ in range(data.draw(st.integers(1, 8))):
        pair = data.draw(st.tuples(*[st.sampled_from([b"a", b"b", *tokens[256:]])] * 2))
        if pair not in pairs:
            pairs.append(pair)
            tokens += [b"".join(pair)] * (b"".join(pair) not in tokens)
    pairs = data.draw(st.permutations(pairs))
    bpe = ByteLevelBPE(tokens, pairs)
    symbols = [(to_symbols(a), to_symbols(b)) for a, b in pairs]
    theirs = from_model(models.BPE({to_symbols(token): i for i, token in enumerate(tokens)}, symbols))
    text = data.draw(st.text("ab", max_size=60))
    assert bpe.encode(text).tolist() == theirs.encode(text).ids


def test_any_ids_decode_as_in_tokenizers(bpe, theirs):
    """Bytes that are no UTF-8, as a model may write them, included."""

    @given(st.lists(st.integers(0, len(bpe) - 1) | st.integers(94, 255)))
    def law(ids):
        assert bpe.decode(np.array(ids, dtype=int)) == theirs.decode(ids, skip_special_tokens=False)

    law()
    assert bpe.decode([bpe.ids[b"\xed"], bpe.ids[b"\xa0"], bpe.ids[b"\x80"]]) == "\ufffd" * 3


def test_special_tokens_come_last_and_never_from_a_text(bpe):
    assert bpe.tokens[-1] == END
    assert bpe.tokens[:256] == BYTES
    assert len(bpe) == 1000
    assert len(bpe.merges) == 1000 - 256 - 1
    assert bpe.ids[END] not in bpe.encode(f"a{END}b")
    assert bpe.decode(bpe.encode(f"a{END}b")) == f"a{END}b"
    two = ByteLevelBPE.train(["abab"], 300, special=["<a>", "<é>"], min_count=1)
    assert two.decode([two.ids["<é>"], two.ids[b"ab"]]) == "<é>ab"
    assert two.tokens[-2:] == ["<a>", "<é>"]


def test_training_on_a_real_text_equal_to_tokenizers(bpe, trained_by_tokenizers, merges_of):
    theirs = trained_by_tokenizers([TEXT, *MORE], 999, 2)
    assert bpe.merges == merges_of(theirs)
    assert theirs.get_vocab() == {to_symbols(token): i for i, token in enumerate(bpe.tokens[:-1])}


def test_training_is_the_same_whatever_the_order_of_the_texts(bpe):
    again = ByteLevelBPE.train([*reversed(MORE), TEXT], 1000, special=[END])
    assert (again.tokens, again.merges) == (bpe.tokens, bpe.merges)


def test_a_long_piece_takes_no_quadratic_time(bpe):
    """100,000 letters without a blank; the square of that would be hours."""
    text = "".join(random.Random(0).choices("etaoinshrdlu", k=100_000))
    ids = bpe.encode(text)
    assert bpe.decode(ids) == text
    assert len(ids) < len(text)


def test_what_is_remembered_is_not_handed_out(bpe):
    first = bpe.encode("the")
    first[:] = 0
    assert bpe.decode(bpe.encode("the")) == "the"
    assert bpe.decode(bpe.encode("the the")) == "the the"


BYTE = list(BYTES)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ByteLevelBPE("abc", []), TypeError, "tokens must be a list, got str"),
        (lambda: ByteLevelBPE(BYTE, 3), TypeError, "merges must be a list, got int"),
        (lambda: ByteLevelBPE([*BYTE, 3], []), TypeError, r"tokens\[256\] is 3"),
        (lambda: ByteLevelBPE([*BYTE, b""], []), ValueError, r"tokens must not be empty, but tokens\[256\]"),
        (lambda: ByteLevelBPE([*BYTE, "\ud800"], []), ValueError, "half of a pair"),
        (lambda: ByteLevelBPE([*BYTE, b"a"], []), ValueError, r"tokens\[64\] and tokens\[256\] are b'a'"),
        (lambda: ByteLevelBPE([*BYTE, "<a>", "<a>"], []), ValueError, "tokens must be distinct"),
        (lambda: ByteLevelBPE(BYTE[:-1], []), ValueError, r"b'\\xad' is missing"),
        (lambda: ByteLevelBPE(BYTE, [b"ab"]), TypeError, r"merges\[0\] is b'ab'"),
        (lambda: ByteLevelBPE(BYTE, [("a", "b")]), TypeError, "merges must hold pairs of bytes"),
        (lambda: ByteLevelBPE(BYTE, [(b"a", b"b", b"c")]), TypeError, "merges must hold pairs of bytes"),
        (lambda: ByteLevelBPE(BYTE, [(b"a", b"b")]), ValueError, r"b'ab' of merges\[0\] is none"),
        (lambda: ByteLevelBPE([*BYTE, b"abc"], [(b"ab", b"c")]), ValueError, r"b'ab' of merges\[0\] is none"),
        (lambda: ByteLevelBPE([*BYTE, b"ab"], [(b"a", b"b")] * 2), ValueError, r"merges\[1\] was merges\[0\]"),
        (lambda: ByteLevelBPE.train("abc", 300), TypeError, "texts must be a list of strings, got str"),
        (lambda: ByteLevelBPE.train(None, 300), TypeError, "texts must be a list of strings"),
        (lambda: ByteLevelBPE.train([3], 300), TypeError, "text must be a string, got int"),
        (lambda: ByteLevelBPE.train(["a"], 256, special=[END]), ValueError, "size must be at least 257"),
        (lambda: ByteLevelBPE.train(["a"], 300.0), TypeError, "size must be an integer"),
        (lambda: ByteLevelBPE.train(["a"], 300, min_count=0), ValueError, "min_count"),
        (lambda: ByteLevelBPE.train(["a"], 300, special=END), TypeError, "special must be a list"),
        (lambda: ByteLevelBPE.train(["a"], 300, special=[b"x"]), TypeError, r"special\[0\] is b'x'"),
        (lambda: ByteLevelBPE(BYTE, []).encode(b"a"), TypeError, "text must be a string, got bytes"),
        (lambda: ByteLevelBPE(BYTE, []).encode("a\ud800"), ValueError, r"text\[1\] is half of a pair"),
        (lambda: ByteLevelBPE(BYTE, []).decode([256]), ValueError, r"ids\[0\] is 256"),
        (lambda: ByteLevelBPE(BYTE, []).decode([0, -1]), ValueError, r"ids\[1\] is -1"),
        (lambda: ByteLevelBPE(BYTE, []).decode([0.5]), TypeError, "ids must hold integer ids"),
        (lambda: ByteLevelBPE(BYTE, []).decode([[1]]), ValueError, "ids must have shape"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
