"""The decoder that is told what it attended to: gradients, padding, rows, what is shared, bad input.

With embeddings, encoder and read-out around it, it is tested in test_encoder_decoder.py, there also against a loop; in
test_ways_of_attention.py, where it agrees with attention after the recurrence.
"""

import numpy as np
import pytest

from seqlib.gradcheck import check, relative_error
from seqlib.reference import attending_decoder, attention, rnn, stacked
from seqlib.reference.attention_scores import Dot, Location
from seqlib.reference.bidirectional import Directions

SHAPES = {  # name: (lengths of the targets, of the sources)
    "different lengths": ((3, 2), (2, 4)),
    "one step": ((1, 1), (3, 2)),
    "a batch of one": ((3,), (2,)),
    "a target of no words, a source of none": ((0, 2, 2), (2, 0, 2)),
}
EVERY_ENTRY = ["RNN, additive, before", "LSTM, dot, before", "RNN, deep, location, before"]
EVERY_ENTRY += ["RNN, additive, after", "GRU, general, after", "RNN, deep, location, after"]


def assert_same(got, wanted, tolerance=1e-12):
    """Every array of two dictionaries with the same names."""
    assert got.keys() == wanted.keys()
    for name in wanted:
        assert relative_error(got[name], wanted[name]) < tolerance, name


@pytest.mark.parametrize("name", EVERY_ENTRY)
def test_every_entry_of_the_gradients_agrees_with_complex_step_and_central_differences(decoders, name):
    values, lengths, dout = decoders[name].draw((3, 2), (2, 3), seed=1)
    _, gradients = decoders[name].by_hand(values, lengths, dout)
    report = check(lambda **given: decoders[name].loss(given, lengths, dout), values, gradients)
    assert report.ok, f"\n{report}"
    assert report.worst["complex"] <= 1e-10
    assert report.worst["central"] <= 1e-6
    assert all(np.abs(g).max() > 1e-4 for g in gradients.values())  # nothing is proved by zeros


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_agree_with_the_complex_step_in_random_directions(decoder, shape):
    """All entries of an array move at once, each by another step: Im f(θ + iεv) / ε = vᵀ df/dθ."""
    rng = np.random.default_rng(2)
    values, lengths, dout = decoder.draw(*SHAPES[shape], seed=2)
    _, gradients = decoder.by_hand(values, lengths, dout)
    for name, value in values.items():
        for direction in rng.normal(size=(2, *value.shape)):
            wanted = decoder.loss(values | {name: value + 1e-200j * direction}, lengths, dout).imag / 1e-200
            scale = np.abs(gradients[name] * direction).sum()
            assert scale > 1e-6, name
            assert abs((gradients[name] * direction).sum() - wanted) <= 1e-10 * scale, name


def test_all_steps_together_are_what_layers_and_attention_do_at_once(decoder):
    """Given what was read at each step, the caches are those of one call over all steps."""
    values, (lengths, source_lengths), _ = decoder.draw((4, 2, 3), (2, 4, 3))
    out, cache = decoder.run(values, (lengths, source_lengths))
    params, mask = decoder.params(values), np.arange(4) < lengths[:, None]
    (x, *_), before = (layer.x for layer in cache.layers.layers), decoder.attend == "before"
    s, layers = stacked.forward(
        decoder.cell.module,
        params.layers,
        x,
        decoder.initial(values),
        lengths=lengths,
        **decoder.cell.options,
        **decoder.options,
    )
    top = layers.layers[-1].states[0]
    query = top[:, :-1] if before else s
    may_attend = mask[..., None] & (np.arange(4) < source_lengths[:, None])[:, None]
    context, looks = attention.forward(params.score, query, values["h"], mask=may_attend)
    np.testing.assert_allclose(cache.attention.weights, looks.weights, atol=1e-14)
    assert len(looks.kept) == len(cache.attention.kept)
    for got, wanted in zip(cache.attention.kept, looks.kept, strict=True):
        np.testing.assert_allclose(got[mask], wanted[mask], atol=1e-14)
    fed = np.concatenate([np.zeros_like(out[:, :1]), out[:, :-1]], 1)
    told = np.where(mask[..., None], np.concatenate([values["y"], context if before else fed], -1), 0)
    np.testing.assert_allclose(x, told, atol=1e-14)
    np.testing.assert_allclose(out, np.tanh(np.concatenate([context, s], -1) @ params.W_c.T), atol=1e-14)
    for got, wanted in zip(cache.layers.final, layers.final, strict=True):
        np.testing.assert_allclose(np.stack(got), np.stack(wanted), atol=1e-14)


def test_what_stands_behind_the_ends_is_not_read(decoder):
    values, lengths, dout = decoder.draw()
    out, gradients = decoder.by_hand(values, lengths, dout)
    real, source = (np.arange(max(n)) < n[:, None] for n in lengths)
    for filler in (1e6, np.nan, np.inf):
        padded = values | {"y": np.where(real[..., None], values["y"], filler)}
        padded["h"] = np.where(source[..., None], values["h"], filler)
        got, found = decoder.by_hand(padded, lengths, np.where(real[..., None], dout, filler))
        np.testing.assert_array_equal(got, out)
        for name, gradient in gradients.items():
            np.testing.assert_array_equal(found[name], gradient)
    assert not out[~real].any()
    assert not gradients["y"][~real].any()
    assert not gradients["h"][~source].any()


def test_longer_arrays_change_nothing(decoder):
    values, lengths, dout = decoder.draw()
    out, gradients = decoder.by_hand(values, lengths, dout)
    more = ((0, 0), (0, 2), (0, 0))
    wide = values | {"y": np.pad(values["y"], more), "h": np.pad(values["h"], more)}
    got, found = decoder.by_hand(wide, lengths, np.pad(dout, more))
    np.testing.assert_allclose(got, np.pad(out, more), atol=1e-15)
    assert_same(found, gradients | {name: np.pad(gradients[name], more) for name in ("y", "h")})


def test_rows_do_not_know_each_other(decoder):
    values, lengths, dout = decoder.draw((4, 2, 3), (2, 4, 3))
    out, gradients = decoder.by_hand(values, lengths, dout)
    own = {"y", "h", *(name for name in values if name.endswith("0"))}
    total = dict.fromkeys(values.keys() - own, 0.0)
    for b in range(3):
        alone = {name: value[[b]] if name in own else value for name, value in values.items()}
        got, found = decoder.by_hand(alone, tuple(n[[b]] for n in lengths), dout[[b]])
        np.testing.assert_allclose(got, out[[b]], atol=1e-14)
        for name in own:
            np.testing.assert_allclose(found[name], gradients[name][[b]], atol=1e-12, err_msg=name)
        total |= {name: value + found[name] for name, value in total.items()}
    assert_same(total, {name: gradients[name] for name in total})


def test_no_steps(decoder):
    values, (_, source_lengths), dout = decoder.draw()
    out, gradients = decoder.by_hand(values | {"y": values["y"][:, :0]}, (None, source_lengths), dout[:, :0])
    assert out.shape == (2, 0, dout.shape[2])
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, np.zeros_like(values["y"][:, :0] if name == "y" else values[name]))


def test_the_way_back_is_linear_in_complex_cotangents_too(decoder):
    values, lengths, dout = decoder.draw()
    other = np.random.default_rng(9).normal(size=dout.shape)
    _, one = decoder.by_hand(values, lengths, dout)
    _, two = decoder.by_hand(values, lengths, other)
    _, both = decoder.by_hand(values, lengths, dout + 1j * other)
    for name, gradient in both.items():
        np.testing.assert_allclose(gradient, one[name] + 1j * two[name], atol=1e-12, err_msg=name)


def test_what_it_is_fed_of_itself_changes_it_and_what_it_starts_from_is_zero(decoder):
    """Two steps with the same word: at the first nothing was said yet, at the second s̃_1 or another context is read."""
    values, lengths, _ = decoder.draw((2, 2), (2, 4))
    told = {name: value.copy() for name, value in values.items()}
    told["0 W_xh"][:, values["y"].shape[2] :] *= 2
    out, _ = decoder.run(values, lengths)
    other, _ = decoder.run(told, lengths)
    changed = np.any(other != out, -1)
    assert changed[:, 1].all()
    assert changed[:, 0].all() == changed[:, 0].any() == (decoder.attend == "before")


def test_nothing_of_the_callers_is_changed_or_shared(decoder):
    values, lengths, dout = decoder.draw()
    given = (*values.values(), *lengths, dout)
    copies = [value.copy() for value in given]
    out, cache = decoder.run(values, lengths)
    first = decoder.flat(attending_decoder.backward(dout, cache))
    for value, copy in zip(given, copies, strict=True):
        np.testing.assert_array_equal(value, copy)
        assert not any(np.shares_memory(value, gradient) for gradient in first.values())
    for value in (*values.values(), *lengths, out):
        value[...] = 1
    again = decoder.flat(attending_decoder.backward(copies[-1], cache))
    for name, gradient in first.items():
        np.testing.assert_array_equal(again[name], gradient)
        assert not any(np.shares_memory(gradient, other) for other in again.values())


RNG = np.random.default_rng(0)
LAYERS = [rnn.init(6, 3, RNG), rnn.init(3, 3, RNG)]  # words of 2 features; h and s̃ have 3 and 4
PARAMS = attending_decoder.Params([LAYERS[0]._replace(W_xh=np.ones((3, 5))), LAYERS[1]], Dot(), np.ones((4, 6)))
FEEDING = PARAMS._replace(layers=LAYERS)
Y, STATES, DOUT = np.ones((2, 4, 2)), np.ones((2, 5, 3)), np.ones((2, 4, 4))
BAD = {  # what is changed -> (error, message)
    "params": ({"params": tuple(PARAMS)}, TypeError, "params must be an attending_decoder.Params, got tuple"),
    "attend": ({"attend": "during"}, ValueError, "attend must be one of 'after', 'before', got 'during'"),
    "y is not 3-d": ({"y": Y[0]}, ValueError, r"y must have shape \(B, T, D\), got \(4, 2\)"),
    "y NaN": ({"y": Y * np.nan}, ValueError, "^y must be finite"),
    "h of another batch": ({"h": STATES[:1]}, ValueError, r"h must have shape \(2, S, K\), got \(1, 5, 3\)"),
    "h NaN": ({"h": STATES * np.nan}, ValueError, "^h must be finite"),
    "no room for the context": (
        {"params": FEEDING},
        ValueError,
        r"params.layers\[0\].W_xh must have 5 columns, 2 for a word and 3 for the context, got 6",
    ),
    "no room for s̃": (
        {"attend": "after"},
        ValueError,
        r"params.layers\[0\].W_xh must have 6 columns, 2 for a word and 4 for s̃, got 5",
    ),
    "layers are one": ({"params": PARAMS._replace(layers=LAYERS[1])}, TypeError, "params must be a list.*got Params"),
    "no layers": ({"params": PARAMS._replace(layers=[])}, ValueError, "params must hold at least one layer"),
    "a layer of numbers": (
        {"params": PARAMS._replace(layers=[np.ones(3)])},
        TypeError,
        "in layer 1: params must be a Pa",
    ),
    "a layer that looks ahead": (
        {"params": PARAMS._replace(layers=[PARAMS.layers[0], Directions(LAYERS[1], LAYERS[1])])},
        TypeError,
        "params.layers must read in one direction, got Directions in layer 2",
    ),
    "score": ({"params": PARAMS._replace(score="dot")}, TypeError, "score must be one of Additive"),
    "W_c": (
        {"params": PARAMS._replace(W_c=np.ones((4, 5)))},
        ValueError,
        r"W_c must have shape \(A, 6\), got \(4, 5\)",
    ),
    "W_c NaN": ({"params": PARAMS._replace(W_c=np.full((4, 6), np.nan))}, ValueError, "params.W_c must be finite"),
    "lengths": ({"lengths": [4, 5]}, ValueError, r"lengths must be at least 0 and at most 4, but lengths\[1\] is 5"),
    "source_lengths": ({"source_lengths": [6, 5]}, ValueError, r"source_lengths must be at least 0 and at most 5"),
    "source_lengths of one": ({"source_lengths": [5]}, ValueError, r"source_lengths must have shape \(2\), got \(1\)"),
    "initial": ({"initial": [None, (np.ones((1, 3)),)]}, ValueError, r"in layer 2: h0 must have shape \(2, 3\)"),
    "dout": ({"dout": Y}, ValueError, r"dout must have shape \(2, 4, 4\), got \(2, 4, 2\)"),
    "dout NaN": ({"dout": DOUT * np.nan}, ValueError, "dout must be finite"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    wrong, error, message = BAD[case]

    def there_and_back(params=PARAMS, y=Y, h=STATES, initial=None, attend="before", dout=DOUT, **options):
        _, cache = attending_decoder.forward(rnn, params, y, h, initial, attend=attend, **options)
        attending_decoder.backward(dout, cache)

    there_and_back()
    there_and_back(params=FEEDING, attend="after")
    there_and_back(params=PARAMS._replace(score=Location(np.ones((2, 3)))), source_lengths=[0, 5])
    with pytest.raises(error, match=message):
        there_and_back(**wrong)
