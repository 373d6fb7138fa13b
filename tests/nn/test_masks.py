"""Masks: what their formulas say, entry by entry, and their answers to bad input."""

import pytest
import torch

from seqlib.nn.masks import causal_mask, check_attention_mask, combined_mask, padding_mask


def test_of_lengths_it_lets_attend_to_what_is_real():
    for lengths in ([3, 0, 1], torch.tensor([3, 0, 1])):
        assert padding_mask(lengths).tolist() == [[True] * 3, [False] * 3, [True, False, False]]
    assert padding_mask([2], 4).tolist() == [[True, True, False, False]]
    assert padding_mask([]).shape == (0, 0)
    assert padding_mask([2, 1]).dtype == torch.bool


@pytest.mark.parametrize(("T", "S"), [(4, 4), (1, 1), (2, 5), (1, 3), (0, 2)])
def test_no_query_attends_to_what_is_later(T, S):
    mask = causal_mask(T, S)
    assert mask.shape == (1, T, S)
    for t in range(T):
        for s in range(S):
            assert bool(mask[0, t, s]) == (s <= S - T + t)


def test_it_is_square_unless_said_otherwise_and_as_torch_has_it():
    assert torch.equal(causal_mask(3), causal_mask(3, 3))
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 2, 4, 5, dtype=torch.float64)
    attended = torch.nn.functional.scaled_dot_product_attention
    torch.testing.assert_close(attended(q, k, v, attn_mask=causal_mask(4)), attended(q, k, v, is_causal=True))


def test_several_let_attend_where_all_do():
    torch.manual_seed(0)
    B, T, S = 3, 2, 4
    every_query, each, shared = torch.rand(B, S) < 0.7, torch.rand(B, T, S) < 0.7, causal_mask(T, S)
    found = combined_mask(every_query, None, each, shared)
    for b in range(B):
        for t in range(T):
            for s in range(S):
                assert found[b, t, s] == (every_query[b, s] and each[b, t, s] and shared[0, t, s])
    assert found.shape == (B, T, S)
    assert torch.equal(found, combined_mask(shared, each, every_query))
    assert not torch.equal(found, each)


def test_one_stays_as_it_is_and_none_is_none():
    mask = padding_mask([2, 1])
    assert combined_mask(None, mask) is mask
    assert combined_mask() is None
    assert combined_mask(None, None) is None


def test_it_gets_an_axis_for_the_queries():
    assert check_attention_mask("mask", padding_mask([3, 1]), 2, 5, 3).shape == (2, 1, 3)
    assert check_attention_mask("mask", causal_mask(3), 2, 3, 3).shape == (1, 3, 3)
    full = torch.ones(2, 5, 3, dtype=torch.bool)
    assert check_attention_mask("mask", full, 2, 5, 3) is full


ONES = torch.ones(2, 3, dtype=torch.bool)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: padding_mask([3, -1]), ValueError, r"lengths must be at least 0, but lengths\[1\] is -1"),
        (lambda: padding_mask([3, 1], 2), ValueError, "lengths must be at least 0 and at most 2"),
        (lambda: padding_mask([1.5]), TypeError, "lengths must hold integers"),
        (lambda: padding_mask([1], -1), ValueError, "S must be at least 0"),
        (lambda: causal_mask(-1), ValueError, "T must be at least 0"),
        (lambda: causal_mask(3, 2), ValueError, "S must be at least 3, got 2"),
        (lambda: causal_mask(2.0), TypeError, "T must be an integer"),
        (lambda: combined_mask(ONES, [True]), TypeError, r"masks\[1\] must be a tensor, got list"),
        (
            lambda: combined_mask(ONES.float()),
            TypeError,
            r"masks\[0\] must be boolean \(True = may attend\), got dtype",
        ),
        (lambda: combined_mask(ONES[0]), ValueError, r"masks\[0\] must have shape \(B, T, S\), got \(3\)"),
        (
            lambda: combined_mask(ONES, None, ONES[:, :2]),
            ValueError,
            r"masks\[2\] must fit the masks before it, \(2, 1",
        ),
        (lambda: combined_mask(ONES[:1], ONES[:, :1]), ValueError, r"masks\[1\] must fit the masks before it"),
        (lambda: combined_mask(ONES[:, None].expand(2, 2, 3), causal_mask(3)), ValueError, "must fit the masks"),
        (lambda: check_attention_mask("mask", ONES.int(), 2, 4, 3), TypeError, "mask must be boolean"),
        (lambda: check_attention_mask("mask", ONES.T, 2, 4, 3), ValueError, r"shape \(2, 3\) or \(2, 4, 3\), got \(3"),
        (lambda: check_attention_mask("mask", padding_mask([3, 1, 2]), 2, 4, 3), ValueError, r"got \(3, 3\)"),
        (lambda: check_attention_mask("mask", causal_mask(3), 2, 4, 3), ValueError, r"or \(2, 4, 3\), got \(1, 3, 3\)"),
        (lambda: check_attention_mask("mask", ONES[:, :1], 2, 4, 3), ValueError, r"\(2, 4, 3\), got \(2, 1\)"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
