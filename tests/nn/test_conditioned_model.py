"""ConditionedModel: the three ways in are what their formulas say, padding changes nothing, and bad input is named."""

import pytest
import torch

import seqlib.nn
from seqlib.nn import ConditionedModel, SequenceModel

G, W, H, V = 4, 3, 5, 6
WAYS = ("state", "first", "every", "nowhere")
CORES = [(maker, cell) for maker in (seqlib.nn, torch.nn) for cell in ("RNN", "GRU", "LSTM")]
every_core = pytest.mark.parametrize(("maker", "cell"), CORES, ids=lambda p: p if isinstance(p, str) else p.__name__)


def made(where, maker=seqlib.nn, cell="GRU", layers=1):
    torch.manual_seed(0)
    size = W + (G if where in ("first", "every") else 0)
    core = getattr(maker, cell)(size, H, layers, batch_first=True, dtype=torch.float64)
    return ConditionedModel(core, V, G, where)


def inputs(B=3, T=6):
    torch.manual_seed(1)
    given = torch.randn(B, 1, G, dtype=torch.float64).expand(B, T, G)
    return torch.cat([given, torch.randn(B, T, W, dtype=torch.float64)], 2)


def by_hand(model, x):
    """The formulas of the docstring, on torch's own cell, one step at a time."""
    v, w = x[:, 0, :G], x[..., G:]
    core, state = model.model.core, None
    if model.where == "state":
        c = v @ model.start.weight.T + model.start.bias
        c = c.reshape(len(x), core.num_layers, H).transpose(0, 1).contiguous()
        state = (c.tanh(), c) if "LSTM" in type(core).__name__ else c.tanh()
    if model.where == "first":
        _, state = core(torch.cat([v, 0 * w[:, 0]], 1)[:, None], state)
    answers = []
    for t in range(x.shape[1]):
        read = {"first": [0 * v, w[:, t]], "every": [v, w[:, t]]}.get(model.where, [w[:, t]])
        h, state = core(torch.cat(read, 1)[:, None], state)
        answers.append(h @ model.model.readout.weight.T + model.model.readout.bias)
    return torch.cat(answers, 1), state


@every_core
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("where", WAYS)
def test_every_way_is_its_formula(where, layers, maker, cell):
    model, x = made(where, maker, cell, layers), inputs()
    out, state = model(x)
    wanted, last = by_hand(model, x)
    assert out.shape == (3, 6, V)
    torch.testing.assert_close(out, wanted)
    torch.testing.assert_close(state, last)


@pytest.mark.parametrize("where", WAYS)
def test_padding_changes_nothing(where):
    model, x = made(where), inputs()
    out, state = model(x, torch.tensor([6, 2, 4]))
    for b, n in enumerate([6, 2, 4]):
        alone, last = model(x[b : b + 1, :n])
        torch.testing.assert_close(out[b : b + 1, :n], alone)
        torch.testing.assert_close(state[:, b : b + 1], last)


@pytest.mark.parametrize("where", WAYS)
def test_what_is_given_later_is_read_by_every_alone(where):
    model, x = made(where), inputs()
    later = x.clone()
    later[:, 3:, :G] += 1
    assert torch.equal(model(x)[0], model(later)[0]) == (where != "every")
    first = x.clone()
    first[:, 0, :G] += 1
    assert torch.equal(model(x)[0], model(first)[0]) == (where == "nowhere")


@pytest.mark.parametrize("where", ["state", "first", "every"])
def test_every_parameter_learns(where):
    model = made(where, layers=2)
    model(inputs())[0].square().sum().backward()
    assert all((p.grad != 0).any() for p in model.parameters())


def test_told_nothing_it_is_a_sequence_model():
    model, x = made("nowhere"), inputs()
    assert torch.equal(model(x)[0], model.model(x[..., G:])[0])
    assert isinstance(model.model, SequenceModel)
    assert not hasattr(model, "start")


CORE = {"input_size": 7, "hidden_size": 5, "batch_first": True}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ConditionedModel(seqlib.nn.GRU(**CORE), 6, 4, "always"), ValueError, "where must be one of 'state'"),
        (lambda: ConditionedModel(seqlib.nn.GRU(**CORE), 6, 0), ValueError, "n_given must be at least 1"),
        (lambda: ConditionedModel(seqlib.nn.GRU(**CORE), 6, 1.0), TypeError, "n_given must be an integer"),
        (lambda: ConditionedModel(seqlib.nn.GRU(**CORE), 0, 4), ValueError, "n_out must be at least 1"),
        (lambda: ConditionedModel(torch.nn.Linear(7, 5), 6, 4), TypeError, "core must be a recurrent layer"),
        (
            lambda: ConditionedModel(seqlib.nn.GRU(**CORE, bidirectional=True), 6, 4),
            ValueError,
            "core must read in one direction",
        ),
        (lambda: ConditionedModel(seqlib.nn.GRU(**CORE), 6, 7), ValueError, "core.input_size must be n_given=7"),
        (lambda: made("every")(torch.zeros(2, 3, 6)), ValueError, r"x must have shape \(B, T, 7\), got \(2, 3, 6\)"),
        (lambda: made("state")(torch.zeros(2, 3, 3)), ValueError, r"x must have shape \(B, T, 7\), got \(2, 3, 3\)"),
        (lambda: made("first")([1.0]), TypeError, "x must be"),
        (lambda: made("first")(torch.zeros(2, 0, 7)), ValueError, "x must have at least one step"),
        (lambda: made("first")(torch.zeros(2, 3, 7).long()), TypeError, "x must be real-valued"),
        (lambda: made("first")(inputs(), [6, 7, 1]), ValueError, "lengths must be at least 1 and at most 6"),
        (lambda: made("first")(inputs(), [6, 0, 1]), ValueError, "lengths must be at least 1 and at most 6"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
