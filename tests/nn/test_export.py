"""Layers that are exported, traced, spread over processes, and very long sequences: as torch's own layers do."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from seqlib.nn import RNN, SequenceModel
from seqlib.nn.recurrent import Recurrent


@pytest.mark.parametrize(("batch_first", "states"), [(False, True), (True, False)])
def test_an_exported_layer_takes_any_batch(pair, tensors, assert_close, cell, batch_first, states):
    axis = 0 if batch_first else 1
    batch = {axis: torch.export.Dim("batch", min=1, max=64)}
    layers = 2 if states else 1
    layer = pair(cell, 3, 4, layers, bidirectional=True, batch_first=batch_first, dtype=torch.float64)[0]

    def given(B):
        x = torch.randn(3, B, 3, dtype=torch.float64)
        hx = tuple(torch.randn(2 * layers, B, width, dtype=torch.float64) for width in layer.widths)
        hx = hx if len(hx) > 1 else hx[0]
        return (x.transpose(0, 1) if batch_first else x, *((hx,) if states else ()))

    shapes = {1: batch[axis]}
    shapes = (batch, *((shapes if len(layer.widths) == 1 else (shapes,) * len(layer.widths),) if states else ()))
    exported = torch.export.export(layer, given(2), dynamic_shapes=shapes).module()
    for B in (1, 2, 7):
        inputs = given(B)
        for got, wanted in zip(tensors(exported(*inputs)), tensors(layer(*inputs)), strict=True):
            assert_close(got, wanted, f"batch of {B}")


@pytest.mark.parametrize("vocab_size", [None, 9])
def test_an_exported_model_takes_any_batch(vocab_size):
    torch.manual_seed(0)
    model = SequenceModel(RNN(3, 4, batch_first=True), 5, vocab_size=vocab_size)

    def given(B):
        return torch.randint(9, (B, 6)) if vocab_size else torch.randn(B, 6, 3)

    exported = torch.export.export(model, (given(2),), dynamic_shapes=({0: torch.export.Dim("batch")},)).module()
    for B in (2, 7):
        x = given(B)
        torch.testing.assert_close(exported(x)[0], model(x)[0])


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning", "ignore:.torch.jit")
def test_a_traced_layer_takes_any_batch_and_refuses_another_number_of_steps(pair, tensors, assert_close, cell):
    layer = pair(cell, 3, 4, 2, bidirectional=True, dtype=torch.float64)[0]
    traced = torch.jit.trace(layer, (torch.randn(5, 2, 3, dtype=torch.float64),))
    for B in (1, 7):
        x = torch.randn(5, B, 3, dtype=torch.float64)
        for got, wanted in zip(tensors(traced(x)), tensors(layer(x)), strict=True):
            assert_close(got, wanted, f"batch of {B}")
    for T in (1, 4, 6, 10):
        with pytest.raises(RuntimeError, match="TorchScript interpreter"):
            traced(torch.randn(T, 2, 3, dtype=torch.float64))


def test_symbolic_tracing_takes_a_layer_as_a_leaf_as_it_takes_torchs(pair, cell):
    class Tracer(torch.fx.Tracer):
        def is_leaf_module(self, module, name):
            return isinstance(module, Recurrent) or super().is_leaf_module(module, name)

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.core = pair(cell, 3, 4)[0]
            self.readout = nn.Linear(self.core.widths[0], 2)

        def forward(self, x):
            return self.readout(self.core(x)[0])

    model, x = Model(), torch.randn(5, 2, 3)
    graph = Tracer().trace(model)
    assert torch.equal(torch.fx.GraphModule(model, graph)(x), model(x))
    with pytest.raises(TypeError, match="input must be a tensor or a PackedSequence, got Proxy"):
        torch.fx.symbolic_trace(model)


def test_gradients_over_two_processes_are_those_of_the_whole_batch(tmp_path):
    script = Path(__file__).with_name("two_processes.py")
    runs = [
        subprocess.Popen([sys.executable, script, str(rank), tmp_path / "store"], stderr=subprocess.PIPE, text=True)
        for rank in range(2)
    ]
    said = [run.communicate(timeout=300)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(said)


@pytest.mark.parametrize(("gradient", "T"), [("derived", 30_000), ("autograd", 10_000)])
def test_ten_thousand_steps_and_more_need_no_recursion(gradient, T):
    torch.manual_seed(0)
    layer = RNN(2, 3, dtype=torch.float64, gradient=gradient)
    x = torch.randn(T, 1, 2, dtype=torch.float64)
    out, h_n = layer(x)
    out.square().sum().backward()
    found = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    h, parts = None, []
    with torch.no_grad():
        for part in x.split(5_000):
            piece, h = layer(part, h)
            parts.append(piece)
    torch.testing.assert_close(torch.cat(parts), out)
    torch.testing.assert_close(h, h_n)
    theirs = nn.RNN(2, 3, dtype=torch.float64)
    theirs.load_state_dict(layer.state_dict())
    theirs(x)[0].square().sum().backward()
    for got, parameter in zip(found, theirs.parameters(), strict=True):
        torch.testing.assert_close(got, parameter.grad, rtol=1e-8, atol=1e-8)


def test_time_grows_as_the_number_of_steps():
    layer = RNN(2, 3)

    def seconds(T):
        x = torch.randn(T, 1, 2)
        begin = time.process_time()
        layer(x)[0].sum().backward()
        return time.process_time() - begin

    seconds(100)
    assert min(seconds(40_000) for _ in range(2)) < 24 * min(seconds(5_000) for _ in range(3)), "64 if it were square"
