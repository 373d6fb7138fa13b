"""The layers as modules: constructor, parameters, state_dict, copies, precision, dropout."""

import copy
import io
import pickle
import warnings
from itertools import chain, product

import pytest
import torch

KEPT = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
POSITIONAL = (3, 4, 2, False, True, 0.5, True, "cpu", torch.float64)


def test_constructor_takes_torchs_arguments_in_torchs_order(cells, cell):
    *kinds, more = cells[cell]
    arguments = list(POSITIONAL)
    if hasattr(kinds[1](3, 4), "nonlinearity"):
        arguments.insert(3, more.get("nonlinearity", "tanh"))
    elif "proj_size" in vars(kinds[0](3, 4)):
        arguments.insert(7, more.get("proj_size", 0))
    # torch documents device and dtype as the last two, but its RNN takes them for something else
    for n in range(2, len(arguments) - 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours, theirs = (kind(*arguments[:n]) for kind in kinds)
        assert repr(ours) == repr(theirs)
        assert {k: (v.shape, v.dtype) for k, v in ours.state_dict().items()} == {
            k: (v.shape, v.dtype) for k, v in theirs.state_dict().items()
        }
        for name in (*KEPT, "mode"):
            assert getattr(ours, name) == getattr(theirs, name), name
        assert getattr(ours, "nonlinearity", None) == getattr(theirs, "nonlinearity", None)
        assert getattr(ours, "proj_size", 0) == theirs.proj_size
    assert kinds[0](*arguments).weight_hh_l0.dtype == torch.float64


@pytest.mark.parametrize(("layers", "bias", "both"), list(product([1, 3], [True, False], [True, False])))
def test_same_seed_same_state_dict_both_ways(pair, assert_close, cell, layers, bias, both):
    ours, theirs = pair(cell, 3, 5, num_layers=layers, bias=bias, bidirectional=both)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value), name
    assert [len(row) for row in ours.all_weights] == [len(row) for row in theirs.all_weights]
    for mine, torchs in zip(chain(*ours.all_weights), chain(*theirs.all_weights), strict=True):
        assert torch.equal(mine, torchs)
    assert all(any(p is q for q in ours.parameters()) for row in ours.all_weights for p in row)
    for layer in (ours, theirs):
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter)
    x = torch.randn(2, 4, 3)
    assert theirs.load_state_dict(ours.state_dict()).missing_keys == []
    assert_close(ours(x)[0], theirs(x)[0], "ours -> torch", torch.float32)
    torch.manual_seed(5)
    theirs.reset_parameters()
    assert ours.load_state_dict(theirs.state_dict()).missing_keys == []
    assert_close(ours(x)[0], theirs(x)[0], "torch -> ours", torch.float32)
    torch.manual_seed(5)
    ours.reset_parameters()
    assert torch.equal(ours.weight_hh_l0, theirs.weight_hh_l0)
    assert ours.flatten_parameters() is None


def test_copies_are_the_same_layer(pair, tensors, cell):
    layer = pair(cell, 3, 4, 2, bidirectional=True)[0]
    x = torch.randn(5, 2, 3)
    wanted = tensors(layer(x))
    buffer = io.BytesIO()
    torch.save(layer, buffer)
    buffer.seek(0)
    copies = [pickle.loads(pickle.dumps(layer)), torch.load(buffer, weights_only=False), copy.deepcopy(layer)]
    for twin in copies:
        assert type(twin) is type(layer)
        assert repr(twin) == repr(layer)
        assert twin.weight_hh_l0 is not layer.weight_hh_l0
        for got, want in zip(tensors(twin(x)), wanted, strict=True):
            assert torch.equal(got, want)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_moves_to_another_precision(pair, tensors, cell, dtype):
    ours, theirs = pair(cell, 3, 4, bidirectional=True)
    ours, theirs = ours.to(dtype), theirs.to(dtype)
    x = torch.randn(5, 2, 3).to(dtype)
    got, wanted = ours(x), theirs(x)
    tolerance = {torch.float64: 1e-12, torch.bfloat16: 0.02, torch.float16: 0.003}[dtype]
    for a, b in zip(tensors(got), tensors(wanted), strict=True):
        assert a.dtype == b.dtype == dtype
        torch.testing.assert_close(a, b, rtol=0, atol=tolerance)
    for result in (got, wanted):
        result[0].sum().backward()
    scale = theirs.weight_hh_l0.grad.abs().max().item()
    torch.testing.assert_close(ours.weight_hh_l0.grad, theirs.weight_hh_l0.grad, rtol=0, atol=5 * tolerance * scale)


def test_dropout_alone_warns_and_dropout_between_layers_does_not(cells, cell):
    kind = cells[cell][0]
    with pytest.warns(UserWarning, match="num_layers=1") as caught:
        kind(3, 4, dropout=0.5)
    assert caught[0].filename == __file__, "the warning points at the caller"
    kind(3, 4, 2, dropout=0.5)  # warnings are errors here
    kind(3, 4, dropout=0)


def test_dropout_works_in_training_only(pair, cell):
    layer = pair(cell, 3, 4, 2, dropout=0.5)[0]
    x = torch.randn(6, 2, 3)
    assert not torch.equal(layer(x)[0], layer(x)[0])
    layer.eval()
    assert torch.equal(layer(x)[0], layer(x)[0])
