"""Other layouts of a matrix are the same map, and follow the matrix."""

import gc

import pytest
import torch

from seqlib.nn import layouts
from seqlib.nn.layouts import COPIES, Followed, kept, laid_out, linear_map

NEAR = {"rtol": 1e-5, "atol": 1e-5}
blocks = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="there is no oneDNN here")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(layouts, "LARGE", 35)
    torch.manual_seed(0)


def matrix(rows=7, columns=5, **options):
    return torch.nn.Parameter(torch.randn(rows, columns, **options))


def same(made, weight, bias, N):
    x = torch.randn(N, weight.shape[1], dtype=weight.dtype)
    with torch.no_grad():
        torch.testing.assert_close(made(x), x @ weight.T + (0 if bias is None else bias), **NEAR)


@pytest.mark.parametrize("N", [1, 2, 5])
@pytest.mark.parametrize("biased", [True, False])
def test_another_layout_is_the_same_map(N, biased):
    for shape in ((7, 5), (5, 7), (6, 5), (6, 6)):
        weight, bias = matrix(*shape), torch.randn(shape[0]) if biased else None
        same(laid_out(weight, bias, N), weight, bias, N)
        same(laid_out(weight, None, N), weight, None, N + 1)
        same(kept(weight, bias), weight, bias, N)


@blocks
def test_which_layout():
    def way(N, *shape):
        weight = matrix(*shape)
        laid_out(weight, None, N)
        copy = COPIES.get(weight)
        return "rows" if copy is None else "blocks" if copy.blocks else "columns"

    assert [way(N, 7, 5) for N in (1, 2, 5)] == ["columns", "blocks", "blocks"]
    assert [way(N, 5, 7) for N in (1, 2, 5)] == ["rows", "blocks", "blocks"]
    assert [way(N, 4, 8) for N in (1, 2)] == ["rows", "columns"]
    assert [way(N, 5, 5) for N in (1, 2)] == ["columns", "columns"]
    weight = matrix()
    laid_out(weight, None, 1)
    assert COPIES[weight].layout.stride() == (1, 7)


def test_without_onednn_there_are_columns(monkeypatch):
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    weight, bias = matrix(), torch.randn(7)
    same(laid_out(weight, bias, 3), weight, bias, 3)
    assert not COPIES[weight].blocks


def test_others_are_read_as_they_are():
    with torch.inference_mode():
        inference = torch.randn(7, 5)
    for weight in (matrix(dtype=torch.float64), matrix(device="meta"), inference):
        laid_out(weight, None, 3)
        assert weight not in COPIES
        kept(weight, None)
    weight = matrix(dtype=torch.float64)
    same(laid_out(weight, None, 3), weight, None, 3)


@pytest.mark.parametrize("N", [1, 3])
def test_a_copy_is_made_once_for_each_layout(N):
    weight = matrix()
    laid_out(weight, None, N)
    first = COPIES[weight]
    laid_out(weight, torch.randn(7), N)
    assert COPIES[weight] is first
    laid_out(weight, None, 4 - N)
    assert (COPIES[weight].layout is not first.layout) == torch.backends.mkldnn.is_available()


@pytest.mark.parametrize("N", [1, 3])
@pytest.mark.parametrize("made", [laid_out, kept])
def test_after_a_change_there_is_no_old_copy(N, made):
    def again(weight):
        return made(weight, None, N) if made is laid_out else kept(weight, None)

    weight = matrix()
    laid_out(weight, None, N)
    with torch.no_grad():
        weight[6, 4] += 1
    same(again(weight), weight, None, N)
    laid_out(weight, None, N)
    weight.data = torch.randn(7, 5)
    same(again(weight), weight, None, N)


@pytest.mark.parametrize("at", [(0, 0), (6, 4), (3, 2)])
def test_what_leaves_no_trace_is_seen_by_kept(at):
    weight = matrix()
    laid_out(weight, None, 3)
    weight.data[at] += 1
    same(kept(weight, None), weight, None, 3)
    assert weight not in COPIES
    weight.data.copy_(torch.arange(35.0).view(7, 5))
    laid_out(weight, None, 3)
    weight.data.copy_(weight.data.flip(1))
    same(kept(weight, None), weight, None, 3)


def test_a_matrix_that_moved_has_no_copy_though_it_is_equal():
    """Else it would be taken for a changed one at each step."""
    weight = matrix()
    laid_out(weight, None, 3)
    weight.data = weight.data.clone()
    same(kept(weight, None), weight, None, 3)
    assert weight not in COPIES


def test_a_copy_goes_with_its_matrix():
    gc.collect()
    before, weight = len(COPIES), matrix()
    made = laid_out(weight, None, 3)
    assert len(COPIES) == before + 1
    del weight
    gc.collect()
    assert len(COPIES) == before
    made(torch.randn(3, 5))


def test_what_is_followed():
    def layers():
        net = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Linear(7, 5, bias=False))
        laid_out(net[0].weight, net[0].bias, 3)
        followed = Followed(net)
        followed.copies()
        assert followed.unchanged()
        return net, followed

    net, followed = layers()
    with torch.no_grad():
        net[1].weight.add_(1)
        net[0].bias.add_(1)
    assert followed.unchanged(), "these have no copy: whoever reads them reads them as they are"
    with torch.no_grad():
        net[0].weight.add_(1)
    assert not followed.unchanged()
    net, followed = layers()
    net[0].weight.data = torch.randn(7, 5)
    assert not followed.unchanged()
    for i, name in ((0, "weight"), (0, "bias"), (1, "weight"), (1, "bias")):
        net, followed = layers()
        setattr(net[i], name, torch.nn.Parameter(torch.randn(5, 7)))
        assert not followed.unchanged(), (i, name)
    net, followed = layers()
    del net[0].bias
    assert not followed.unchanged()


def test_the_plain_map():
    weight, bias, x = matrix(), torch.randn(7), torch.randn(3, 5)
    torch.testing.assert_close(linear_map(weight, bias)(x), x @ weight.T + bias, **NEAR)
