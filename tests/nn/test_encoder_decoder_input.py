"""EncoderDecoder's answers to bad arguments and bad input."""

import pytest
import torch
from translators import K, V, attention, made

import seqlib.nn
from seqlib.decoding import greedy
from seqlib.nn import Attention, EncoderDecoder
from seqlib.text import BOS

FIRST = {"batch_first": True}
GRU, LSTM = seqlib.nn.GRU, seqlib.nn.LSTM
LAYERS = {"encoder": LSTM(3, 4, **FIRST), "decoder": LSTM(5, 4, **FIRST), "vocab_size": V, "n_out": K}
DOT = Attention("dot", 4)
BAD = [
    ({"encoder": torch.nn.Linear(3, 4)}, TypeError, "encoder must be a recurrent layer of seqlib.nn or torch.nn, got "),
    ({"decoder": None}, TypeError, "decoder must be a recurrent layer of seqlib.nn or torch.nn, got NoneType"),
    ({"encoder": LSTM(3, 4)}, ValueError, "encoder must be built with batch_first=True, got batch_first=False"),
    ({"decoder": torch.nn.LSTM(5, 4)}, ValueError, "decoder must be built with batch_first=True"),
    ({"decoder": LSTM(5, 4, bidirectional=True, **FIRST)}, ValueError, "decoder must read in one direction, got "),
    ({"decoder": GRU(5, 4, **FIRST)}, ValueError, "both be an LSTM or neither, got LSTM and GRU"),
    ({"decoder": LSTM(5, 4, 2, **FIRST)}, ValueError, "same number of layers, got num_layers=1 and num_layers=2"),
    ({"decoder": LSTM(5, 4, dtype=torch.float64, **FIRST)}, ValueError, "same dtype, got torch.float32 and torch.fl"),
    ({"attention": attention("general")}, ValueError, "attention and decoder must have the same dtype, got torch.fl"),
    ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1, got 0"),
    ({"n_out": 1.5}, TypeError, "n_out must be an integer, got float 1.5"),
    ({"dropout": 1.5}, ValueError, "dropout must be at most 1, got 1.5"),
    ({"attention": "dot"}, TypeError, "attention must be a seqlib.nn.Attention or None, got str"),
    ({"attention": Attention("dot", 5)}, ValueError, "have query_size=4, the width of the decoder, and key_size=4"),
    ({"attention": Attention("general", 4, 5)}, ValueError, "in all its directions, got 4 and 5"),
    ({"attention": Attention("general", 5, 4)}, ValueError, "in all its directions, got 5 and 4"),
    ({"attention": DOT, "attend": "during"}, ValueError, "attend must be one of 'after', 'before', got 'during'"),
    ({"attend": "before"}, ValueError, "attention must be given with input_feeding or attend='before', got None"),
    ({"input_feeding": True}, ValueError, "attention must be given with input_feeding or attend='before', got None"),
    ({"attention": DOT, "input_feeding": 1}, TypeError, "input_feeding must be True or False, got 1"),
    (
        {"attention": DOT, "attend": "before", "input_feeding": True},
        ValueError,
        "input_feeding must be False with attend='before'",
    ),
    (
        {"attention": DOT, "attend": "before", "decoder": LSTM(4, 4, **FIRST)},
        ValueError,
        "decoder.input_size must be 4 and at least 1 for the embedding, got 4",
    ),
    (
        {"attention": DOT, "input_feeding": True, "decoder": LSTM(3, 4, **FIRST)},
        ValueError,
        "decoder.input_size must be 4 and at least 1 for the embedding, got 3",
    ),
]


@pytest.mark.parametrize(("changed", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(changed, error, message):
    with pytest.raises(error, match=message):
        EncoderDecoder(**(LAYERS | changed))


IDS = torch.ones(2, 3, dtype=torch.long)
BAD_INPUT = [
    ((IDS.tolist(), [3, 2], IDS), TypeError, "source must be a tensor, got list"),
    ((IDS.float(), [3, 2], IDS), TypeError, "source must hold integer ids, got dtype torch.float32"),
    ((IDS[0], [3, 2], IDS), ValueError, r"source must have shape \(B, T\), got \(3\)"),
    ((IDS[:, :0], [3, 2], IDS), ValueError, r"source must have at least one step, got shape \(2, 0\)"),
    ((IDS + 8, [3, 2], IDS), ValueError, "source must hold ids from 0 to 8, got 9 to 9"),
    ((IDS, [3, 0], IDS), ValueError, r"lengths must be at least 1 and at most 3, but lengths\[1\] is 0"),
    ((IDS, torch.tensor([4, 1]), IDS), ValueError, r"lengths must be at least 1 and at most 3, but lengths\[0\] is 4"),
    ((IDS, [3], IDS), ValueError, r"lengths must have shape \(2\), got \(1\)"),
    ((IDS, [3, 2], IDS.bool()), TypeError, "previous must hold integer ids, got dtype torch.bool"),
    ((IDS, [3, 2], None), TypeError, "previous must be a tensor, got NoneType"),
    ((IDS, [3, 2], -IDS), ValueError, "previous must hold ids from 0 to 6, got -1 to -1"),
    ((IDS, [3, 2], IDS[:, :0]), ValueError, "previous must have at least one step"),
    ((IDS, [3, 2], IDS[:1]), ValueError, "previous must hold one target for each of 2 sources, got 1"),
]


@pytest.mark.parametrize(("given", "error", "message"), BAD_INPUT, ids=[message for *_, message in BAD_INPUT])
def test_bad_input_is_named(given, error, message):
    with pytest.raises(error, match=message):
        made()(*given)


def test_decoding_needs_a_source():
    model = made()
    with pytest.raises(TypeError, match=r"state must be what encode\(source, lengths\) returns, got NoneType"):
        greedy(model, [BOS], max_length=3)
    with pytest.raises(ValueError, match=r"tokens must have shape \(N\), got \(1, 1\)"):
        model.step([[BOS]], model.encode(IDS))
    with pytest.raises(ValueError, match="previous must hold one target for each of 2 sources, got 3"):
        model.step([BOS] * 3, model.encode(IDS))


def test_a_model_of_one_dtype_has_all_of_it():
    for way in ("none", "after", "fed", "before"):
        model = made(way, H=(3, 4), both=True)
        assert {parameter.dtype for parameter in model.parameters()} == {torch.float64}
