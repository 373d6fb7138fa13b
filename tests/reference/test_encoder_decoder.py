"""The encoder–decoder: gradients by complex step and by torch, padding, causality, EOS, what bad input is told."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlib.gradcheck import check, complex_step, relative_error
from seqlib.reference import encoder_decoder, rnn
from seqlib.reference.attention_scores import Dot
from seqlib.reference.bidirectional import Directions


def total(model, values, words, dlogits):
    """The number whose gradients `by_hand` gives, from the logits that count."""
    logits, _ = model.forward(values, words)
    return (np.where(words[-1][..., None], logits, 0) * dlogits).sum()


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@pytest.mark.parametrize("name", ["LSTM", "RNN, dot", "GRU, both ways, location, mapped"])
def test_every_entry_of_the_gradients_agrees_with_the_complex_step(models, name):
    model = models[name]
    values, words, dlogits = model.draw()
    _, gradients = model.by_hand(values, words, dlogits)
    for array, value in values.items():
        wanted = complex_step(lambda v, array=array: total(model, values | {array: v}, words, dlogits), value)
        assert relative_error(gradients[array], wanted) < 1e-10, array
        assert np.abs(wanted).max() > 1e-6, array  # nothing is proved by zeros


def test_gradients_agree_with_the_complex_step_in_random_directions(model):
    """All entries of an array move at once, each by another step: Im f(θ + iεv) / ε = vᵀ df/dθ."""
    rng = np.random.default_rng(3)
    values, words, dlogits = model.draw([2, 4], [3, 2], seed=2)
    _, gradients = model.by_hand(values, words, dlogits)
    for array, value in values.items():
        for direction in rng.normal(size=(3, *value.shape)):
            moved = values | {array: value + 1e-200j * direction}
            wanted = total(model, moved, words, dlogits).imag / 1e-200
            scale = np.abs(gradients[array] * direction).sum()
            assert scale > 1e-6, array
            assert abs((gradients[array] * direction).sum() - wanted) < 1e-10 * scale, array


def test_gradients_of_the_loss_agree_with_central_differences_too(models):
    model = models["RNN, dot"]
    values, words, _ = model.draw([3, 1], [1, 2])
    _, cache = model.loss(values, words)
    gradients = model.flat(encoder_decoder.loss_backward(cache))
    report = check(lambda **given_: model.loss(given_, words)[0], values, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6


@pytest.mark.parametrize("seed", range(2))
def test_equal_to_a_loop_over_sentences_that_knows_no_padding(model, seed):
    values, words, dlogits = model.draw(seed=seed)
    logits, gradients = model.by_hand(values, words, dlogits)
    leaves, answers = model.by_loop(values, words)
    total = 0.0
    for b, (wanted, _) in enumerate(answers):
        assert relative_error(logits[b, : len(wanted)], wanted.detach().numpy()) < 1e-12
        total = total + (wanted * torch.tensor(dlogits[b, : len(wanted)])).sum()
    total.backward()
    assert_same(gradients, {name: leaf.grad.numpy() for name, leaf in leaves.items()})


def test_the_loss_is_the_mean_over_the_words_of_all_targets(model):
    values, words, _ = model.draw(seed=1)
    value, cache = model.loss(values, words)
    leaves, answers = model.by_loop(values, words)
    wanted = torch.nn.functional.cross_entropy(*(torch.cat(part) for part in zip(*answers, strict=True)))
    wanted.backward()
    assert value == pytest.approx(wanted.item(), rel=1e-13)
    gradients = model.flat(encoder_decoder.loss_backward(cache))
    assert_same(gradients, {name: leaf.grad.numpy() for name, leaf in leaves.items()})
    for name, gradient in model.flat(encoder_decoder.loss_backward(cache, -2.5)).items():
        np.testing.assert_allclose(gradient, -2.5 * gradients[name], atol=1e-15)


def test_the_last_word_of_each_target_is_scored(models):
    """It is the EOS: a loss that leaves it out would not teach when to end."""
    model = models["LSTM"]
    values, (source, lengths, previous, y, mask), _ = model.draw()
    before, _ = model.loss(values, (source, lengths, previous, y, mask))
    for b, last in enumerate(mask.sum(1) - 1):
        other = y.copy()
        other[b, last] = (y[b, last] + 1) % 5
        assert model.loss(values, (source, lengths, previous, other, mask))[0] != before
        if last + 1 < y.shape[1]:  # and what stands behind it is not
            behind = y.copy()
            behind[b, last + 1] = 99
            assert model.loss(values, (source, lengths, previous, behind, mask))[0] == before


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_padding_changes_nothing_whatever_stands_in_it(model, data):
    rows = data.draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=3))
    more, late = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))
    values, words, dlogits = model.draw(*zip(*rows, strict=True), seed=data.draw(st.integers(0, 10_000)))
    source, lengths, previous, y, mask = words
    logits, gradients = model.by_hand(values, words, dlogits)
    wide = values
    if "score W_a" in values and model.score.kind.__name__ == "Location":
        wide = values | {"score W_a": np.pad(values["score W_a"], ((0, more), (0, 0)), constant_values=1.0)}
    real, counts = np.arange(source.shape[1] + more) < lengths[:, None], np.pad(mask, ((0, 0), (0, late)))
    filler = data.draw(st.sampled_from([-1, 999]))
    padded = (
        np.where(real, np.pad(source, ((0, 0), (0, more))), filler),
        lengths,
        np.where(counts, np.pad(previous, ((0, 0), (0, late))), filler),
        np.where(counts, np.pad(y, ((0, 0), (0, late))), filler),
        counts,
    )
    dpadded = np.where(counts[..., None], np.pad(dlogits, ((0, 0), (0, late), (0, 0))), np.nan)
    got, found = model.by_hand(wide, padded, dpadded)
    np.testing.assert_allclose(got[:, : mask.shape[1]][mask], logits[mask], atol=1e-12)
    for name, value in gradients.items():
        np.testing.assert_allclose(found[name][: len(value)], value, atol=1e-12, err_msg=name)
        assert not np.any(found[name][len(value) :]), name
    assert model.loss(wide, padded)[0] == pytest.approx(model.loss(values, words)[0], rel=1e-12)


def test_no_answer_depends_on_a_later_word_of_the_target(model):
    values, (source, lengths, previous, y, mask), _ = model.draw()
    mask = np.ones_like(mask)
    before, _ = model.forward(values, (source, lengths, previous, y, mask))
    other = previous.copy()
    other[:, 2] = (other[:, 2] + 1) % 5
    after, _ = model.forward(values, (source, lengths, other, y, mask))
    np.testing.assert_array_equal(after[:, :2], before[:, :2])
    assert np.all(np.any(after[:, 2:] != before[:, 2:], 2))


def test_every_answer_depends_on_every_word_of_the_source(model):
    values, (source, lengths, previous, y, mask), _ = model.draw()
    before, _ = model.forward(values, (source, lengths, previous, y, mask))
    for place in range(source.shape[1]):
        other = source.copy()
        other[:, place] = (other[:, place] + 1) % 6
        after, _ = model.forward(values, (other, lengths, previous, y, mask))
        heard = np.any(after != before, 2)
        np.testing.assert_array_equal(heard, mask & (place < lengths)[:, None])


def test_weights_are_shares_of_the_source_for_each_word_of_the_target(model):
    values, words, _ = model.draw()
    _, lengths, _, _, mask = words
    _, cache = model.forward(values, words)
    if model.score is None:
        assert cache.weights is None
        return
    may = mask[:, :, None] & (np.arange(4) < lengths[:, None])[:, None]
    np.testing.assert_array_equal(cache.weights > 0, may)
    np.testing.assert_allclose(cache.weights.sum(2), mask, atol=1e-15)


def test_the_encoder_hears_of_the_loss_on_two_ways(model):
    """Through its last states, and with attention through all states: its gradient is the sum of both."""
    values, words, dlogits = model.draw()
    _, gradients = model.by_hand(values, words, dlogits)
    ways = {}
    for open_, cut in (("states", "last"), ("last", "states")):
        leaves, answers = model.by_loop(values, words, cut)
        loss = sum((got * torch.tensor(dlogits[b, : len(got)])).sum() for b, (got, _) in enumerate(answers))
        found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
        ways[open_] = {
            name: np.zeros(leaf.shape) if g is None else g.numpy()
            for (name, leaf), g in zip(leaves.items(), found, strict=True)
        }
    for name in (name for name in values if name == "E_x" or name.startswith("encoder")):
        assert relative_error(ways["states"][name] + ways["last"][name], gradients[name]) < 1e-12, name
        assert np.any(ways["last"][name])
        # the initial c of the topmost layer too: through every h_i
        assert np.any(ways["states"][name]) == (model.score is not None), name


@pytest.mark.parametrize("name", ["LSTM", "GRU, deep, concat"])
def test_a_source_of_no_words_leaves_the_initial_states(models, name):
    model = models[name]
    values, (source, _, *target), dlogits = model.draw()
    words = source, np.array([4, 0, 3]), *target
    logits, gradients = model.by_hand(values, words, dlogits)
    assert np.all(np.isfinite(logits))
    for array in ("encoder 0 forward h0", "E_x", "decoder 0 W_xh"):
        wanted = complex_step(lambda v, array=array: total(model, values | {array: v}, words, dlogits), values[array])
        assert relative_error(gradients[array], wanted) < 1e-10, array
    assert np.any(gradients["encoder 0 forward h0"][1])


def test_nothing_of_the_callers_is_changed_or_shared(model):
    values, words, dlogits = model.draw()
    copies = {name: value.copy() for name, value in values.items()}
    kept = [part.copy() for part in (*words, dlogits)]
    logits, cache = model.forward(values, words)
    wanted = model.flat(encoder_decoder.backward(dlogits, cache))
    for name, value in values.items():
        np.testing.assert_array_equal(value, copies[name])
        assert not any(np.shares_memory(value, g) for g in wanted.values())
        value[...] = 7.0  # what the caller writes afterwards does not change the gradient
    for part, copy in zip((*words, dlogits), kept, strict=True):
        np.testing.assert_array_equal(part, copy)
    for part in words:
        part[...] = 1
    logits[...] = 7.0
    again = model.flat(encoder_decoder.backward(kept[-1], cache))
    for name, value in wanted.items():
        np.testing.assert_array_equal(again[name], value)


RNG = np.random.default_rng(0)
RNN = rnn.init(2, 3, RNG)
PARAMS = encoder_decoder.Params(np.ones((6, 2)), [RNN], None, np.ones((5, 2)), [RNN], np.ones((5, 3)), np.ones(5))
LOOKING = PARAMS._replace(score=Dot(), W_c=np.ones((3, 6)))
SOURCE, PREVIOUS, Y, MASK = np.ones((2, 4), int), np.ones((2, 3), int), np.ones((2, 3), int), np.ones((2, 3), bool)
GAP = np.array([[True, False, True], [True, True, True]])
BAD = {  # what is changed -> (error, message)
    "params": ({"params": tuple(PARAMS)}, TypeError, "params must be an encoder_decoder.Params, got tuple"),
    "no W_c": ({"params": LOOKING._replace(W_c=None)}, ValueError, "both score and W_c, or neither, but W_c is None"),
    "no score": ({"params": LOOKING._replace(score=None)}, ValueError, "or neither, but score is None"),
    "a name for a score": ({"params": LOOKING._replace(score="dot")}, TypeError, "score must be one of Additive"),
    "E_x": ({"params": PARAMS._replace(E_x=np.ones(6))}, ValueError, r"params.E_x must have shape \(V, D\), got \(6\)"),
    "E_x wide": (
        {"params": PARAMS._replace(E_x=np.ones((6, 3)))},
        ValueError,
        r"in the encoder: in layer 1: x must have shape \(B, T, 2\), got \(2, 4, 3\)",
    ),
    "E_y wide": (
        {"params": PARAMS._replace(E_y=np.ones((5, 3)))},
        ValueError,
        r"in the decoder: in layer 1: x must have shape \(B, T, 2\), got \(2, 3, 3\)",
    ),
    "E_y NaN": ({"params": PARAMS._replace(E_y=np.full((5, 2), np.nan))}, ValueError, "params.E_y must be finite"),
    "decoder reads both ways": (
        {"params": PARAMS._replace(decoder=[Directions(RNN, RNN)])},
        TypeError,
        "params.decoder must read in one direction, got Directions in layer 1",
    ),
    "states that do not fit": (
        {"params": PARAMS._replace(encoder=[Directions(RNN, RNN)])},
        ValueError,
        r"in the decoder: in layer 1: h0 must have shape \(2, 3\), got \(2, 6\)",
    ),
    "fewer layers": (
        {"params": PARAMS._replace(encoder=[RNN, rnn.init(3, 3, RNG)])},
        ValueError,
        "in the decoder: initial must have an entry for each of 1 layers, got 2",
    ),
    "W_o": ({"params": PARAMS._replace(W_o=np.ones((5, 4)))}, ValueError, r"params.W_o must have shape \(5, 3\)"),
    "b_o": ({"params": PARAMS._replace(b_o=np.ones(4))}, ValueError, r"params.W_o must have shape \(4, 3\)"),
    "W_c": ({"params": LOOKING._replace(W_c=np.ones((3, 5)))}, ValueError, r"params.W_c must have shape \(A, 6\)"),
    "source is not 2-d": ({"source": SOURCE[0]}, ValueError, r"source must have shape \(B, S\), got \(4\)"),
    "source id": ({"source": 6 * SOURCE}, ValueError, r"source must hold ids from 0 to 5, but source\[0, 0\] is 6"),
    "source of numbers": ({"source": 1.0 * SOURCE}, TypeError, "source must hold integer ids, got dtype float64"),
    "previous of another batch": ({"previous": PREVIOUS[:1]}, ValueError, r"previous must have shape \(2, T\)"),
    "previous id": ({"previous": 5 * PREVIOUS}, ValueError, r"previous must hold ids from 0 to 4"),
    "lengths": ({"lengths": [5, 4]}, ValueError, r"lengths must be at least 0 and at most 4, but lengths\[0\] is 5"),
    "mask with a gap": ({"mask": GAP}, ValueError, "mask must be True on the first positions of each row"),
    "mask of numbers": ({"mask": 1 * MASK}, TypeError, "mask must be boolean"),
    "mask shape": ({"mask": MASK[:, :2]}, ValueError, r"mask must have shape \(2, 3\), got \(2, 2\)"),
    "no word counts": ({"mask": ~MASK}, ValueError, "in the loss: mask must keep at least one entry"),
    "y id": ({"y": 5 * Y}, ValueError, r"in the loss: target must hold ids from 0 to 4"),
    "initial": ({"initial": [(np.ones((2, 4)),)]}, ValueError, r"in the encoder: in layer 1: h0 must have shape"),
    "inputs": ({"inputs": (SOURCE, PREVIOUS)}, TypeError, r"inputs must be \(source, lengths, previous\), got tuple"),
    "dlogits": ({"dlogits": np.ones((2, 3, 4))}, ValueError, r"dlogits must have shape \(2, 3, 5\)"),
    "dlogits NaN": ({"dlogits": np.full((2, 3, 5), np.nan)}, ValueError, "dlogits must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(
        params=PARAMS, source=SOURCE, lengths=None, previous=PREVIOUS, y=Y, mask=MASK, dlogits=None, inputs=None, **more
    ):
        inputs = (source, lengths, previous) if inputs is None else inputs
        _, cache = encoder_decoder.loss(rnn, params, inputs, y, mask, **more)
        encoder_decoder.loss_backward(cache)
        encoder_decoder.backward(np.ones((2, 3, 5)) if dlogits is None else dlogits, cache.model)

    there_and_back()
    there_and_back(params=LOOKING)
    with pytest.raises(error, match=message):
        there_and_back(**wrong)
