"""seqlib.nn's attention and encoder–decoder against the backward pass by hand: the same weights, outputs, gradients."""

import numpy as np
import pytest
import torch

from seqlib import nn as layers
from seqlib.gradcheck import relative_error
from seqlib.reference import attention, encoder_decoder, gru, lstm, rnn
from seqlib.reference.encoder_decoder_conversion import from_torch, score_from_torch

B, S, T, V_X, V_Y, A = 4, 5, 6, 7, 8, 3
SCORES = ("additive", "concat", "dot", "general", "location", "scaled dot")
CELLS = {"RNN": (rnn, layers.RNN), "LSTM": (lstm, layers.LSTM), "GRU": (gru, layers.GRU)}


def numbers(module):
    """The weights by name."""
    return {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}


def gradients(module):
    """The gradients by name; of two biases that have the same one, the second counts as 0 unless it is a GRU's."""
    found = {}
    for name, parameter in module.named_parameters():
        twice = "bias_hh" in name and not isinstance(module.get_submodule(name.split(".")[0]), layers.GRU)
        found[name] = np.zeros(parameter.shape) if twice or parameter.grad is None else parameter.grad.numpy()
    return found


def arrays(tree, place=""):
    """Every array of nested tuples and lists, with its place."""
    if isinstance(tree, tuple | list):
        names = getattr(tree, "_fields", range(len(tree)))
        return {
            k: v for name, part in zip(names, tree, strict=True) for k, v in arrays(part, f"{place} {name}").items()
        }
    return {} if tree is None else {place: tree}


def assert_same(got, wanted):
    got, wanted = arrays(got), arrays(wanted)
    assert got.keys() == wanted.keys()
    for place, value in wanted.items():
        assert relative_error(got[place], value) < 1e-10, place
        assert np.abs(value).max() > 1e-8, place  # nothing is proved by zeros


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("tied", [False, True], ids=["values", "keys are values"])
@pytest.mark.parametrize("kind", ["no mask", "(B, S)", "(B, T, S)"])
def test_attention_is_the_one_by_hand(score, tied, kind):
    """Rows that may attend to nothing among them, and for "location" places that it does not know."""
    rng = np.random.default_rng(0)
    d_k = 3 if "dot" in score else 2
    more = {"longest": S - 1} if score == "location" else {"hidden_size": A} if score in ("additive", "concat") else {}
    torch.manual_seed(0)
    module = layers.Attention(score, 3, d_k, dtype=torch.float64, **more)
    query, keys = rng.normal(size=(B, T, 3)), rng.normal(size=(B, S, d_k))
    values = None if tied else rng.normal(size=(B, S, 4))
    mask = None if kind == "no mask" else rng.random((B, T, S)) < 0.6
    if mask is not None:
        mask[1] = mask[2, 3] = False
        mask = mask[:, 0] if kind == "(B, S)" else mask
    dcontext, dweights = rng.normal(size=(B, T, d_k if tied else 4)), rng.normal(size=(B, T, S))

    inputs = [None if array is None else torch.tensor(array, requires_grad=True) for array in (query, keys, values)]
    context, weights = module(*inputs, None if mask is None else torch.tensor(mask))
    ((context * torch.tensor(dcontext)).sum() + (weights * torch.tensor(dweights)).sum()).backward()

    found, cache = attention.forward(score_from_torch(score, numbers(module)), query, keys, values, mask)
    grads = attention.backward(dcontext, cache, dweights)
    assert relative_error(found, context.detach().numpy()) < 1e-10
    assert relative_error(cache.weights, weights.detach().numpy()) < 1e-10
    assert_same(grads.score, score_from_torch(score, gradients(module)))
    for array, tensor in zip(grads[1:], inputs, strict=True):
        assert (array is None) == (tensor is None)
        if tensor is not None:
            assert relative_error(array, np.zeros(array.shape) if tensor.grad is None else tensor.grad.numpy()) < 1e-10


BEFORE, FED = {"attend": "before"}, {"input_feeding": True}
MODELS = {  # name: (cell, layers, both directions, width of the encoder, of the decoder, score, how it attends)
    "context vector": ("LSTM", 1, False, 4, 4, None, {}),
    "deep": ("LSTM", 3, False, 4, 4, None, {}),
    "both directions": ("LSTM", 2, True, 2, 4, None, {}),
    "mapped": ("LSTM", 2, True, 3, 4, None, {}),
    "GRU": ("GRU", 2, False, 4, 4, None, {}),
    "GRU, mapped": ("GRU", 2, True, 3, 4, None, {}),
    "RNN": ("RNN", 2, True, 2, 4, None, {}),
    "RNN, general": ("RNN", 1, False, 3, 4, "general", {}),
    **{score: ("LSTM", 1, False, 4, 4, score, {}) for score in SCORES},
    **{f"GRU, deep, both directions, {score}": ("GRU", 2, True, 2, 4, score, {}) for score in SCORES},
    **{f"LSTM, mapped, {score}": ("LSTM", 2, True, 3, 4, score, {}) for score in ("additive", "concat", "general")},
    **{f"RNN, {score}, before": ("RNN", 1, False, 4, 4, score, BEFORE) for score in SCORES},
    **{f"RNN, {score}, fed": ("RNN", 1, False, 4, 4, score, FED) for score in SCORES},
    **{f"{cell}, before": (cell, 2, True, 3, 4, "additive", BEFORE) for cell in CELLS},
    **{f"{cell}, fed": (cell, 2, True, 3, 4, "general", FED) for cell in CELLS},
}


def built(cell, depth, both, width_x, width, score, way):
    """The model of seqlib.nn, with weights as they are drawn."""
    recurrent, kind = CELLS[cell][1], {"num_layers": depth, "batch_first": True, "dtype": torch.float64}
    more, told = dict(way), {"": 0, "input_feeding": width, "attend": width_x * (1 + both)}["".join(way)]
    if score is not None:
        extra = (
            {"longest": S - 1} if score == "location" else {"hidden_size": A} if score in ("additive", "concat") else {}
        )
        key_size = 2 * width_x if both else width_x
        more["attention"] = layers.Attention(score, width, key_size, dtype=torch.float64, **extra)
    encoder, decoder = recurrent(2, width_x, bidirectional=both, **kind), recurrent(3 + told, width, **kind)
    return layers.EncoderDecoder(encoder, decoder, V_X, V_Y, **more)


@pytest.mark.parametrize("name", MODELS)
def test_the_encoder_decoder_is_the_one_by_hand(name):
    """Logits, the loss of a batch of sentences of different lengths, and the gradient of every weight."""
    rng, (cell, _, both, width_x, width, score, way) = np.random.default_rng(1), MODELS[name]
    torch.manual_seed(1)
    model = built(*MODELS[name])
    lengths, targets = np.array([3, 5, 1, 4]), np.array([6, 2, 4, 1])
    source, previous, y = (rng.integers(V, size=(B, n)) for V, n in ((V_X, S), (V_Y, T), (V_Y, T)))
    mask = np.arange(T) < targets[:, None]

    logits, state = model(torch.tensor(source), torch.tensor(lengths), torch.tensor(previous))
    loss = torch.nn.functional.cross_entropy(logits[torch.tensor(mask)], torch.tensor(y[mask]))
    loss.backward()

    params = from_torch(CELLS[cell][0], model.state_dict(), score)
    assert (params.bridge is not None) == (width_x * (1 + both) != width)
    value, cache = encoder_decoder.loss(CELLS[cell][0], params, (source, lengths, previous), y, mask, **way)
    grads = encoder_decoder.loss_backward(cache)
    by_hand_logits, _ = encoder_decoder.forward(CELLS[cell][0], params, source, lengths, previous, mask=mask, **way)
    assert relative_error(by_hand_logits[mask], logits.detach().numpy()[mask]) < 1e-10
    assert value == pytest.approx(loss.item(), rel=1e-10)
    assert_same(grads.params, from_torch(CELLS[cell][0], gradients(model), score))
    if score is not None:
        assert relative_error(cache.model.weights[mask], state.weights.detach().numpy()[mask]) < 1e-10
