"""GPT-2's files, there and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models
from transformers import GPT2Tokenizer

from seqlib.bpe import BYTES, ByteLevelBPE, to_symbols

END = "<|endoftext|>"
TEXTS = ["the cat sat on the mat, the hat; été 🙂🙂 the 1999 #version, and moreover"] * 3


@pytest.fixture
def bpe():
    return ByteLevelBPE.train(TEXTS, 290, special=[END])


@pytest.fixture
def paths(tmp_path):
    return tmp_path / "vocab.json", tmp_path / "merges.txt"


def test_written_as_gpt2_writes_them(paths):
    ByteLevelBPE([*BYTES, b" t", b" th", END], [(b" ", b"t"), (b" t", b"h")]).to_files(*paths)
    vocab, merges = (path.read_text(encoding="utf8") for path in paths)
    assert merges == "#version: 0.2\nĠ t\nĠt h\n"
    assert vocab.startswith('{"!": 0, "\\"": 1, "#": 2,')
    assert vocab.endswith('"ł": 254, "Ń": 255, "Ġt": 256, "Ġth": 257, "<|endoftext|>": 258}')


def test_there_and_back(bpe, paths):
    bpe.to_files(*paths)
    again = ByteLevelBPE.from_files(*map(str, paths))
    assert again.tokens == bpe.tokens
    assert again.merges == bpe.merges
    assert len(bpe) == 290
    first = [path.read_bytes() for path in paths]
    again.to_files(*paths)
    assert [path.read_bytes() for path in paths] == first


def test_tokenizers_reads_what_is_written(bpe, paths, from_model, texts):
    bpe.to_files(*paths)
    theirs = from_model(models.BPE.from_file(*map(str, paths)))

    @given(texts)
    def law(text):
        assert bpe.encode(text).tolist() == theirs.encode(text).ids

    law()


def test_what_tokenizers_writes_is_read(trained_by_tokenizers, tmp_path, texts):
    theirs = trained_by_tokenizers(TEXTS, 290, 2)
    bpe = ByteLevelBPE.from_files(*theirs.model.save(str(tmp_path)))
    assert len(bpe.merges) == 290 - 256

    @given(texts)
    def law(text):
        assert bpe.encode(text).tolist() == theirs.encode(text).ids

    law()


def test_transformers_reads_what_is_written(bpe, paths):
    bpe.to_files(*paths)
    theirs = GPT2Tokenizer(vocab=str(paths[0]), merges=str(paths[1]))
    text = "the cat's hat\n\n 1999 🙂"
    assert theirs.encode(text) == bpe.encode(text).tolist()
    # there a special token is found in a text, here it is not
    assert theirs.encode(END) == [bpe.ids[END]]
    assert bpe.decode(bpe.encode(END)) == END
    assert bpe.ids[END] not in bpe.encode(END)


@given(st.permutations(range(259)))
def test_ids_in_any_order(tmp_path_factory, order):
    tokens = [*BYTES, b"ab", b"abc", "é|"]
    bpe = ByteLevelBPE([tokens[i] for i in order], [(b"a", b"b"), (b"ab", b"c")])
    folder = tmp_path_factory.mktemp("files")
    paths = folder / "vocab.json", folder / "merges.txt"
    bpe.to_files(*paths)
    again = ByteLevelBPE.from_files(*paths)
    assert again.tokens == bpe.tokens
    assert again.encode("abcab").tolist() == [order.index(257), order.index(256)]
    ids = json.loads(paths[0].read_text(encoding="utf8"))
    paths[0].write_text(json.dumps(dict(sorted(ids.items()))), encoding="utf8")  # the order of the file says nothing
    assert ByteLevelBPE.from_files(*paths).tokens == bpe.tokens


def test_a_merge_may_look_like_the_head(paths):
    """Only the first line is the head."""
    tokens = [*BYTES, b"#v", b"#ve", b"#version", b"ersion", b"rsion", b"sion", b"ion", b"on", b"#versiona"]
    pairs = [(b"o", b"n"), (b"i", b"on"), (b"s", b"ion"), (b"r", b"sion"), (b"e", b"rsion"), (b"#", b"v")]
    bpe = ByteLevelBPE(tokens, [*pairs, (b"#v", b"ersion"), (b"#v", b"e"), (b"#version", b"a")])
    bpe.to_files(*paths)
    assert ByteLevelBPE.from_files(*paths).merges == bpe.merges
    paths[1].write_text(paths[1].read_text(encoding="utf8").removeprefix("#version: 0.2\n"), encoding="utf8")
    assert ByteLevelBPE.from_files(*paths).merges == bpe.merges


BYTE_IDS = {to_symbols(byte): i for i, byte in enumerate(BYTES)}


@pytest.mark.parametrize(
    ("vocab", "merges", "message"),
    [
        (BYTE_IDS, "a b\n", "tokens, but b'ab' of merges"),
        (BYTE_IDS | {"ab": 256}, "a b c\n", "merges must have two tokens on each line, but line 1 is 'a b c'"),
        (BYTE_IDS | {"ab": 256}, "#version: 0.2\na b\nab\n", "line 3 is 'ab'"),
        (BYTE_IDS | {"ab": 256}, "a \u2603\n", "line 1 is 'a \u2603'"),
        (BYTE_IDS | {"ab": 256}, "a b\na b\n", r"merges\[1\] was merges\[0\]"),
        (BYTE_IDS | {"ab": 257}, "a b\n", "vocab must have each id from 0 to 256 once"),
        (BYTE_IDS | {"ab": 255}, "a b\n", "vocab must have each id from 0 to 256 once"),
        (BYTE_IDS | {"ab": 256.0}, "a b\n", "vocab must map tokens to ids"),
        (BYTE_IDS | {"ab": True}, "a b\n", "vocab must map tokens to ids"),
        ([1, 2], "", "vocab must map tokens to ids"),
        ({"a": 0}, "", "tokens must hold all 256 bytes, but b'!' is missing"),
    ],
)
def test_bad_files_are_named(paths, vocab, merges, message):
    paths[0].write_text(json.dumps(vocab), encoding="utf8")
    paths[1].write_text(merges, encoding="utf8")
    with pytest.raises(ValueError, match=message):
        ByteLevelBPE.from_files(*paths)


def test_what_is_no_json_is_named(paths):
    paths[0].write_text("{", encoding="utf8")
    paths[1].write_text("", encoding="utf8")
    with pytest.raises(ValueError, match="vocab must be a JSON file"):
        ByteLevelBPE.from_files(*paths)


def test_a_special_token_that_would_be_read_as_another(paths):
    bpe = ByteLevelBPE([*BYTES, b"ab", "ab"], [(b"a", b"b")])
    assert bpe.encode("ab").tolist() == [256]
    with pytest.raises(ValueError, match="special token 'ab'"):
        bpe.to_files(*paths)
    assert not any(path.exists() for path in paths)
