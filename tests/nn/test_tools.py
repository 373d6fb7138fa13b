"""What PyTorch's own tools do with a layer, they do with ours."""

import gc
import io

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune
from torch.utils.checkpoint import checkpoint


def norms(layer, x):
    """The size of every gradient of a layer, by name."""
    layer.zero_grad()
    layer(x)[0].square().sum().backward()
    return {name: p.grad.norm().item() for name, p in layer.named_parameters()}


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning", "ignore:.torch.jit")
def test_a_traced_layer_is_the_same_layer(pair, tensors, assert_close, cell):
    layer = pair(cell, 3, 4, 2, bidirectional=True)[0]
    traced = torch.jit.trace(layer, (torch.randn(5, 2, 3),))
    buffer = io.BytesIO()
    torch.jit.save(traced, buffer)
    buffer.seek(0)
    x = torch.randn(5, 2, 3)
    for twin in (traced, torch.jit.load(buffer)):
        for got, wanted in zip(tensors(twin(x)), tensors(layer(x)), strict=True):
            assert_close(got, wanted, "traced", torch.float32)
    got, wanted = norms(traced, x), norms(layer, x)
    assert got == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("reentrant", [False, True])
def test_activation_checkpointing_keeps_no_states_and_gives_the_same_gradients(pair, cell, reentrant):
    layer = pair(cell, 3, 17, dtype=torch.float64)[0]
    x = torch.randn(101, 2, 3, dtype=torch.float64, requires_grad=True)
    layer(x)[0].sum().backward()
    wanted = {name: p.grad.norm().item() for name, p in layer.named_parameters()}, x.grad.clone()
    x.grad = None
    layer.zero_grad()
    gc.collect()
    gc.freeze()  # what there was before need not be looked through
    try:
        loss = checkpoint(layer, x, use_reentrant=reentrant)[0].sum()
        gc.collect()
        kept = [
            t
            for t in gc.get_objects()
            if type(t) is torch.Tensor and t.numel() >= 101 * 2 * 17 and t.is_floating_point()
        ]
        assert not kept
    finally:
        gc.unfreeze()
    loss.backward()
    assert {name: p.grad.norm().item() for name, p in layer.named_parameters()} == pytest.approx(wanted[0], rel=1e-12)
    torch.testing.assert_close(x.grad, wanted[1])


def test_gradients_are_made_of_what_hooks_give_back(pair, cell):
    layer = pair(cell, 3, 4)[0]
    x = torch.randn(5, 2, 3)
    with torch.autograd.graph.save_on_cpu():
        loss = layer(x)[0].square().sum()
    loss.backward()
    assert {name: p.grad.norm().item() for name, p in layer.named_parameters()} == pytest.approx(norms(layer, x))
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t, torch.zeros_like):
        loss = layer(x)[0].sum()
    layer.zero_grad()
    loss.backward()
    assert layer.weight_hh_l0.grad.norm() == 0, "zeros were given back"


CHANGES = {
    "weight norm": lambda layer: parametrizations.weight_norm(layer, "weight_hh_l0"),
    "orthogonal": lambda layer: parametrizations.orthogonal(layer, "weight_hh_l0"),
    "pruned": lambda layer: prune.l1_unstructured(layer, "weight_hh_l0", 0.5),
}


@pytest.mark.parametrize("change", CHANGES)
def test_parametrised_and_pruned_weights_learn_as_torchs_do(pair, cell, change):
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    found = []
    for layer in pair(cell, 3, 4, dtype=torch.float64):
        torch.manual_seed(0)
        CHANGES[change](layer)
        found.append(norms(layer, x))
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_per_sample_gradients_add_up_to_the_gradient(pair, cell):
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    x = torch.randn(5, 2, 3, dtype=torch.float64)

    def loss(parameters, one):
        return torch.func.functional_call(layer, parameters, (one.unsqueeze(1),))[0].square().sum()

    parameters = {name: p.detach() for name, p in layer.named_parameters()}
    each = torch.func.vmap(torch.func.grad(loss), (None, 1))(parameters, x)
    norms(layer, x)
    for name, p in layer.named_parameters():
        torch.testing.assert_close(each[name].sum(0), p.grad)


def test_layers_on_the_meta_device_have_shapes_only(pair, cell):
    with torch.device("meta"):
        layer = pair(cell, 3, 4, 2)[0]
        out = layer(torch.randn(5, 2, 3))[0]
        out.sum().backward()
    assert out.device.type == "meta"
    assert out.shape == (5, 2, layer.widths[0])
    assert layer.weight_hh_l0.grad.shape == layer.weight_hh_l0.shape
    layer = layer.to_empty(device="cpu")
    layer.reset_parameters()
    assert isinstance(layer, nn.Module)
    assert layer(torch.randn(5, 2, 3))[0].isfinite().all()
