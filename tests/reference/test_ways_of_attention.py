"""The three ways in which an encoder–decoder attends: where they agree, and which of them there are."""

import numpy as np
import pytest

from seqlib.gradcheck import relative_error
from seqlib.reference import encoder_decoder, rnn
from seqlib.reference.attention_scores import Dot

FED = ["RNN, dot, fed", "LSTM, both ways, concat, fed", "GRU, deep, both ways, scaled dot, mapped, fed"]
BEFORE = ["RNN, additive, before", "LSTM, deep, both ways, general, mapped, before", "GRU, deep, location, before"]


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


def blind(model, seed=0):
    """Values of an encoder–decoder whose decoder does not hear what it is told."""
    values, words, dlogits = model.draw(seed=seed)
    values["decoder 0 W_xh"][:, values["E_y"].shape[1] :] = 0
    return values, words, dlogits


def after(model, values, words, dlogits):
    """Logits, weights of attention and gradients of the same model with attention after the recurrence."""
    (source, lengths, previous, _, mask), (params, initial) = words, model.params(values)
    first = params.decoder[0]
    narrow = first._replace(W_xh=first.W_xh[:, : values["E_y"].shape[1]])
    params = params._replace(decoder=[narrow, *params.decoder[1:]])
    options = {"mask": mask, "initial": initial} | model.cell.options
    logits, cache = encoder_decoder.forward(model.cell.module, params, source, lengths, previous, **options)
    return logits, cache.weights, model.flat(encoder_decoder.backward(dlogits, cache))


@pytest.mark.parametrize("name", FED)
def test_with_input_feeding_that_is_not_heard_it_is_attention_after_the_recurrence(models, name):
    values, words, dlogits = blind(models[name])
    logits, gradients = models[name].by_hand(values, words, dlogits)
    wanted, weights, grads = after(models[name], values, words, dlogits)
    np.testing.assert_allclose(logits, wanted, atol=1e-13)
    np.testing.assert_allclose(models[name].forward(values, words)[1].weights, weights, atol=1e-14)
    D = values["E_y"].shape[1]
    assert gradients["decoder 0 W_xh"][:, D:].any()  # it could be heard
    assert_same(gradients | {"decoder 0 W_xh": gradients["decoder 0 W_xh"][:, :D]}, grads)


@pytest.mark.parametrize("name", BEFORE)
def test_with_a_context_that_is_not_heard_the_weights_are_those_of_the_step_before(models, name):
    values, words, dlogits = blind(models[name])
    _, _, _, _, mask = words
    weights = models[name].forward(values, words)[1].weights
    _, wanted, _ = after(models[name], values, words, dlogits)
    later = mask[:, 1:]
    np.testing.assert_allclose(weights[:, 1:][later], wanted[:, :-1][later], atol=1e-14)
    assert np.abs(weights[:, 1:][later] - wanted[:, 1:][later]).max() > 1e-3


def test_with_a_query_that_says_nothing_before_is_after(models):
    """All weights are alike: it does not matter who asks. The context is not heard, or the recurrence would differ."""
    model = models["GRU, deep, location, before"]
    values, words, dlogits = blind(model)
    values["score W_a"][:] = 0
    logits, gradients = model.by_hand(values, words, dlogits)
    wanted, _, grads = after(model, values, words, dlogits)
    np.testing.assert_allclose(logits, wanted, atol=1e-13)
    D = values["E_y"].shape[1]
    heard = {name: gradients[name] for name in values.keys() - {"score W_a", "decoder 0 W_xh"}}
    assert_same(heard, {name: grads[name] for name in heard})
    np.testing.assert_allclose(gradients["decoder 0 W_xh"][:, :D], grads["decoder 0 W_xh"], atol=1e-12)


def test_attention_before_the_step_tells_the_step_where_it_looked(models):
    """The context that is read at a step is the one in which its word is written."""
    for name in BEFORE:
        values, words, _ = models[name].draw()
        _, cache = models[name].forward(values, words)
        D, K = values["E_y"].shape[1], cache.encoder.shape[2]
        read = cache.decoder.layers.layers[0].x[..., D:]
        np.testing.assert_allclose(read, cache.both[..., :K], atol=1e-15)
        np.testing.assert_allclose(read, cache.weights @ cache.attention.values, atol=1e-14)


RNG = np.random.default_rng(0)
RNN = rnn.init(2, 3, RNG)
PARAMS = encoder_decoder.Params(
    np.ones((6, 2)),
    [RNN],
    None,
    np.ones((5, 2)),
    [rnn.init(5, 3, RNG)],
    np.ones((5, 3)),
    np.ones(5),
    Dot(),
    np.ones((3, 6)),
)
MUTE = PARAMS._replace(score=None, W_c=None, decoder=[RNN])
SOURCE, PREVIOUS = np.ones((2, 4), int), np.ones((2, 3), int)
BAD = {  # what is changed -> (error, message)
    "attend": ({"attend": "during"}, ValueError, "attend must be one of 'after', 'before', got 'during'"),
    "input_feeding": ({"input_feeding": 1}, TypeError, "input_feeding must be True or False, got 1"),
    "both ways": (
        {"input_feeding": True, "attend": "before"},
        ValueError,
        "input_feeding must be False with attend='before', where the context is fed in already",
    ),
    "no attention, fed": (
        {"params": MUTE, "input_feeding": True},
        ValueError,
        "params must have a score with input_feeding or attend='before', got None: there is no context",
    ),
    "no attention, before": ({"params": MUTE, "attend": "before"}, ValueError, "params must have a score"),
    "neither": ({"params": PARAMS}, ValueError, r"in the decoder: in layer 1: x must have shape \(B, T, 5\)"),
    "no room": (
        {"params": PARAMS._replace(decoder=[RNN]), "attend": "before"},
        ValueError,
        r"in the decoder: params.layers\[0\].W_xh must have 5 columns, 2 for a word and 3 for the context, got 2",
    ),
    "fewer layers": (
        {"params": PARAMS._replace(encoder=[RNN, rnn.init(3, 3, RNG)]), "input_feeding": True},
        ValueError,
        "in the decoder: initial must have an entry for each of 1 layers, got 2",
    ),
    "W_c": (
        {"params": PARAMS._replace(W_c=np.ones((3, 5))), "attend": "before"},
        ValueError,
        r"params.W_c must have shape \(A, 6\), got \(3, 5\)",
    ),
    "W_o": (
        {"params": PARAMS._replace(W_o=np.ones((5, 4))), "input_feeding": True},
        ValueError,
        r"params.W_o must have shape \(5, 3\), got \(5, 4\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(params=PARAMS, **options):
        _, cache = encoder_decoder.loss(rnn, params, (SOURCE, None, PREVIOUS), PREVIOUS, **options)
        encoder_decoder.loss_backward(cache)

    there_and_back(attend="before")
    there_and_back(input_feeding=True)
    there_and_back(params=MUTE)
    with pytest.raises(error, match=message):
        there_and_back(**wrong)
