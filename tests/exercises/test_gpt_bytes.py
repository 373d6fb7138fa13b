"""Bits per byte of chapter 15: from the probability of a whole text, and each mistake token by token."""

import math

import numpy as np
import pytest

from seqlib.bpe import ByteLevelBPE
from seqlib.exercises.gpt_bytes import bits_per_byte


@pytest.mark.parametrize("case", bits_per_byte.cases)
def test_bits_are_minus_the_binary_logarithm_of_the_probability_of_the_text(case):
    nats, ids, sizes = case
    text = sum(-math.log2(math.exp(-loss)) for loss in nats)
    size = sum(int(sizes[i]) for i in ids)
    assert bits_per_byte.expected(nats, ids, sizes) == pytest.approx(text / size, rel=1e-12)


def test_a_model_that_knows_nothing_needs_eight_bits_per_byte():
    bpe = ByteLevelBPE.train(["la la land, lala"], 258, special=["<|end|>"])
    ids = bpe.encode("la la ländle")
    sizes = np.array([0 if isinstance(token, str) else len(token) for token in bpe.tokens])
    nats = sizes[ids] * math.log(256)
    assert bits_per_byte.expected(nats, ids, sizes) == pytest.approx(8)
    assert sizes[ids].sum() == len("la la ländle".encode())


def test_cases_with_and_without_an_end_whose_numbers_float32_holds():
    ends = [bool((sizes[ids] == 0).any()) for _, ids, sizes in bits_per_byte.cases]
    assert set(ends) == {True, False}
    for nats, ids, sizes in bits_per_byte.cases:
        assert sizes[0] == 0
        assert sizes[1:].min() > 0
        assert len(set(sizes[ids].tolist())) > 2
        np.testing.assert_array_equal(nats.astype(np.float32), nats)
    assert any(len(ids) == len(sizes) for _, ids, sizes in bits_per_byte.cases)


def _sums(value):
    """An answer made of lists: bits of the tokens, their bytes, and all sizes."""
    return lambda nats, ids, sizes: value(
        [loss / math.log(2) for loss in nats], [int(sizes[i]) for i in ids], sizes.tolist()
    )


def _ratio(n, d):
    return n / d if d else math.inf


@pytest.mark.parametrize(
    ("id", "function"),
    [
        ("right", _sums(lambda bits, n, all: sum(bits) / sum(n))),
        ("nats", _sums(lambda bits, n, all: sum(bits) * math.log(2) / sum(n))),
        ("multiplied by ln 2", _sums(lambda bits, n, all: sum(bits) * math.log(2) ** 2 / sum(n))),
        ("digits", _sums(lambda bits, n, all: sum(bits) / math.log2(10) / sum(n))),
        ("digits", _sums(lambda bits, n, all: math.log2(sum(bits) * math.log(2)) / sum(n))),
        ("digits", _sums(lambda bits, n, all: sum(math.log2(b * math.log(2)) for b in bits) / sum(n))),
        ("per token", _sums(lambda bits, n, all: sum(bits) / len(n))),
        ("mean of ratios", _sums(lambda bits, n, all: np.mean([_ratio(b, k) for b, k in zip(bits, n, strict=True)]))),
        ("mean of ratios", _sums(lambda bits, n, all: np.mean([b / k for b, k in zip(bits, n, strict=True) if k]))),
        ("mean of ratios", _sums(lambda bits, n, all: np.mean([b / (k or 1) for b, k in zip(bits, n, strict=True)]))),
        ("not added up", _sums(lambda bits, n, all: [_ratio(b, k) for b, k in zip(bits, n, strict=True)])),
        ("bytes of the vocabulary", _sums(lambda bits, n, all: sum(bits) / len(n) / (sum(all) / len(all)))),
        ("bytes of the vocabulary", _sums(lambda bits, n, all: sum(bits) / sum(all))),
        ("bytes of the vocabulary", _sums(lambda bits, n, all: sum(bits) / len(n) / (sum(all) / (len(all) - 1)))),
        ("ids for sizes", lambda nats, ids, sizes: sum(nats) / math.log(2) / sum(ids.tolist())),
        ("end left out", _sums(lambda bits, n, all: sum(b for b, k in zip(bits, n, strict=True) if k) / sum(n))),
        ("end as a byte", _sums(lambda bits, n, all: sum(bits) / sum(k or 1 for k in n))),
        ("turned over", _sums(lambda bits, n, all: sum(n) / sum(bits))),
        ("weighted", _sums(lambda bits, n, all: np.dot(bits, n) / sum(n))),
        ("weighted", _sums(lambda bits, n, all: np.dot(bits, n) / len(n))),
        ("eight bits", _sums(lambda bits, n, all: sum(bits) / sum(n) / 8)),
        ("eight bits", _sums(lambda bits, n, all: sum(bits) * math.log(2) / sum(n) / 8)),
        ("perplexity", _sums(lambda bits, n, all: math.exp(sum(bits) * math.log(2) / sum(n)))),
        ("perplexity", _sums(lambda bits, n, all: math.exp(sum(bits) * math.log(2) / len(n)))),
    ],
)
def test_another_rate_is_told_as_such(id, function):
    assert bits_per_byte.judge(function).id == id
