"""Texts of all kinds, and Hugging Face's tokenizers as the other side."""

import json

import pytest
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from seqlib.bpe import from_symbols

# what GPT-2's pattern tells apart, and what UTF-8 writes with one byte to four
PARTS = [
    *"abstdrevml AZ09 \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x00\x7f\x85\xa0_.,!'\"-’<|>",
    *"éßµªºſ²½٣Ⅷ①〇五ηЖяאعहि\u0301\u200d\u200c\ufe0f\u2003\u2028\u3000\ufeff\ufffd",
    *"𝒳𐍈🙂🏽🇸🇴\U000e0067\U0010ffff\U00031350\U00010d40\U000105c0\u1c89\uffff",
    *("'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", " 's", "  ", " \n", "don't", "<|endoftext|>", " the", "ing"),
]


@pytest.fixture(scope="session")
def texts():
    """Any Unicode, and strings in which the cases of the pattern meet."""
    return st.text() | st.lists(st.sampled_from(PARTS)).map("".join)


@pytest.fixture(scope="session")
def trained_by_tokenizers():
    """What tokenizers learns from texts, with GPT-2's settings."""

    def train(texts, size, min_count):
        tokenizer = _from_model(models.BPE())
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            vocab_size=size, min_frequency=min_count, initial_alphabet=alphabet, show_progress=False
        )
        tokenizer.train_from_iterator(texts, trainer)
        return tokenizer

    return train


@pytest.fixture(scope="session")
def merges_of():
    """The merges of a tokenizer of tokenizers, in their order."""

    def merges(tokenizer):
        return [tuple(map(from_symbols, pair)) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]

    return merges


@pytest.fixture(scope="session")
def from_model():
    """A model of tokenizers between GPT-2's two other steps."""
    return _from_model


def _from_model(model):
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
