"""Attention: its parameters, and its answers to bad arguments and bad input."""

import math

import pytest
import torch
from translators import SCORES

from seqlib.nn import Attention

SHAPES = {
    "additive": {"weight_q": (5, 4), "weight_k": (5, 3), "v": (5,)},
    "general": {"weight": (4, 3)},
    "concat": {"weight": (5, 7), "v": (5,)},
    "location": {"weight": (9, 4)},
    "dot": {},
    "scaled dot": {},
}


def made(score):
    more = {"hidden_size": 5} if score in ("additive", "concat") else {"longest": 9} if score == "location" else {}
    return Attention(score, 4, None if "dot" in score else 3, **more)


@pytest.mark.parametrize("score", SCORES)
def test_parameters_have_their_shapes_and_start_as_those_of_a_linear_layer(score):
    torch.manual_seed(0)
    module = made(score)
    assert {name: tuple(p.shape) for name, p in module.named_parameters()} == SHAPES[score]
    for parameter in module.parameters():
        bound = 1 / math.sqrt(parameter.shape[-1])
        assert 0.6 * bound < parameter.abs().max() <= bound
        assert parameter.min() < 0 < parameter.max()
    other = made(score)
    other.load_state_dict(module.state_dict())
    query, keys = torch.randn(2, 3, 4), torch.randn(2, 6, module.key_size)
    assert torch.equal(other(query, keys)[0], module(query, keys)[0])
    assert Attention(score, 4, dtype=torch.float64, longest=9 if score == "location" else None).score == score


def test_sizes_that_are_not_given():
    module = Attention("additive", 4)
    assert (module.key_size, tuple(module.v.shape)) == (4, (4,))
    assert Attention("concat", 4, 3, dtype=torch.float64).weight.dtype == torch.float64
    assert repr(Attention("additive", 4, 3, hidden_size=5)) == "Attention('additive', 4, 3, hidden_size=5)"
    assert repr(Attention("location", 4, longest=9)) == "Attention('location', 4, 4, longest=9)"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Attention("cosine", 4), ValueError, "score must be one of 'additive', 'dot', 'scaled dot', 'general'"),
        (lambda: Attention("dot", 4.0), TypeError, "query_size must be an integer, got float 4.0"),
        (lambda: Attention("general", 4, 0), ValueError, "key_size must be at least 1, got 0"),
        (lambda: Attention("dot", 4, 3), ValueError, "key_size must be query_size=4 for a dot product, got 3"),
        (lambda: Attention("scaled dot", 4, 3), ValueError, "query_size=4 for a scaled dot product, got 3"),
        (lambda: Attention("additive", 4, hidden_size=0), ValueError, "hidden_size must be at least 1, got 0"),
        (lambda: Attention("dot", 4, hidden_size=3), ValueError, "hidden_size must be None for score='dot', which has"),
        (lambda: Attention("location", 4), ValueError, "longest must be given for score='location' and for no other"),
        (lambda: Attention("general", 4, longest=3), ValueError, "for no other, got 3"),
        (lambda: Attention("location", 4, longest=0), ValueError, "longest must be at least 1, got 0"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


Q, KEYS, MASK = torch.ones(2, 3, 4), torch.ones(2, 5, 3), torch.ones(2, 5, dtype=torch.bool)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (([1.0], KEYS), TypeError, "query must be a tensor, got list"),
        ((Q, None), TypeError, "keys must be a tensor, got NoneType"),
        ((Q[0], KEYS), ValueError, r"query must have shape \(B, T, 4\), got \(3, 4\)"),
        ((KEYS, KEYS), ValueError, r"query must have shape \(B, T, 4\), got \(2, 5, 3\)"),
        ((Q, Q), ValueError, r"keys must have shape \(2, S, 3\), got \(2, 3, 4\)"),
        ((Q, KEYS[:1]), ValueError, r"keys must have shape \(2, S, 3\), got \(1, 5, 3\)"),
        ((Q, KEYS, KEYS[:, :4]), ValueError, r"values must have shape \(2, 5, d_v\), got \(2, 4, 3\)"),
        ((Q.long(), KEYS), TypeError, "query must be real-valued, got dtype torch.int64"),
        ((Q, KEYS.long()), TypeError, "keys must be real-valued, got dtype torch.int64"),
        (
            (Q.double(), KEYS.double()),
            TypeError,
            "query must have the dtype of the weights, torch.float32, got torch.f",
        ),
        ((Q, KEYS.double()), TypeError, "keys must have the dtype of query, torch.float32, got torch.float64"),
        ((Q, KEYS, KEYS.double()), TypeError, "values must have the dtype of query, torch.float32, got torch.float64"),
        (
            (Q, KEYS, None, MASK.float()),
            TypeError,
            r"mask must be boolean \(True = may attend\), got dtype torch.float",
        ),
        ((Q, KEYS, None, MASK[:, :4]), ValueError, r"mask must have shape \(2, 5\) or \(2, 3, 5\), got \(2, 4\)"),
        ((Q, KEYS, None, [True]), TypeError, "mask must be a tensor, got list"),
        ((Q, KEYS, None, MASK[0]), ValueError, r"mask must have shape \(B, T, S\), got \(5\)"),
    ],
)
def test_bad_input_is_named(given, error, message):
    with pytest.raises(error, match=message):
        made("additive")(*given)
