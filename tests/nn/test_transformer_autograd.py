"""What PyTorch may ask of a Transformer: second derivatives, transforms, export, copies, memory."""

import copy
import io
import pickle

import pytest
import torch
from blocks import DOUBLE, LENGTHS, drawn, model, sequence, translator
from torch.nn.attention import SDPBackend, sdpa_kernel

from seqlib.nn import Bert, BertForClassification, TransformerDecoder, TransformerEncoder

EXACT = {"rtol": 1e-10, "atol": 1e-10}
torch_s_own_script = pytest.mark.filterwarnings("ignore:.torch.jit")


def stack(**options):
    return drawn(TransformerDecoder(2, 8, 4, 12, rotary=10.0, n_kv_heads=2, **options, **DOUBLE))


def loss(net, parameters, x, mask):
    return torch.func.functional_call(net, parameters, (x,), {"mask": mask}).square().sum()


def test_transforms_of_torch_func():
    net, (x, mask) = stack(), sequence()
    parameters = dict(net.named_parameters())
    found = torch.func.grad(lambda p: loss(net, p, x, mask))(parameters)
    loss(net, parameters, x, mask).backward()
    for name, parameter in parameters.items():
        torch.testing.assert_close(found[name], parameter.grad, **EXACT)
    each = torch.func.vmap(torch.func.grad(lambda p, *given: loss(net, p, *given)), (None, 0, 0))
    for name, gradient in each(parameters, x[:, None], mask[:, None]).items():
        torch.testing.assert_close(gradient.sum(0), parameters[name].grad, **EXACT, msg=name)


@torch_s_own_script
def test_forward_mode_is_reverse_mode_and_second_derivatives_are_there():
    net, x = stack(), sequence(2, 3)[0]
    direction = torch.randn_like(x)
    out, tangent = torch.func.jvp(net, (x,), (direction,))
    torch.testing.assert_close(out, net(x), **EXACT)
    jacobian = torch.func.jacrev(net)(x)
    torch.testing.assert_close((jacobian * direction).sum((-3, -2, -1)), tangent, **EXACT)
    hessian = torch.func.hessian(lambda x: net(x).square().sum())(x)
    y = x.clone().requires_grad_()
    with sdpa_kernel(SDPBackend.MATH):
        (first,) = torch.autograd.grad(net(y).square().sum(), y, create_graph=True)
    (second,) = torch.autograd.grad((first * direction).sum(), y)
    torch.testing.assert_close((hessian * direction).sum((-3, -2, -1)), second, **EXACT)


@pytest.mark.parametrize("decodes", [False, True])
def test_an_exported_stack_takes_any_batch_and_any_length(decodes):
    net = stack() if decodes else drawn(TransformerEncoder(2, 8, 4, 12, **DOUBLE))
    (x, mask), sizes = sequence(), {0: torch.export.Dim("B", min=1, max=64), 1: torch.export.Dim("T", min=2, max=64)}
    given = {"mask": mask}
    shapes = {"x": sizes, "mask": sizes}
    exported = torch.export.export(net, (x,), given, dynamic_shapes=shapes).module()
    for B, T in ((1, 2), (3, 9), (5, 33)):
        x, mask = torch.randn(B, T, 8, **DOUBLE), torch.arange(T) < torch.randint(1, T + 1, (B, 1))
        torch.testing.assert_close(exported(x, mask=mask), net(x, mask=mask), **EXACT)


def test_an_exported_model_takes_any_batch_and_any_length():
    net = model("sinusoidal")
    sizes = {0: torch.export.Dim("B", min=1, max=64), 1: torch.export.Dim("T", min=2, max=64)}
    exported = torch.export.export(net, (torch.randint(11, (2, 6)),), dynamic_shapes=(sizes,)).module()
    for B, T in ((1, 2), (3, 9), (5, 33)):
        x = torch.randint(11, (B, T))
        torch.testing.assert_close(exported(x)[0], net(x)[0], **EXACT)


def test_copies_and_files():
    net, x = model("rotary"), torch.randint(11, (2, 6))
    wanted = net(x)[0]
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    loaded = torch.load(file, weights_only=False)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net)), loaded):
        assert torch.equal(other(x)[0], wanted)
        with torch.no_grad():
            other.readout.weight.zero_()
    assert torch.equal(net(x)[0], wanted)


@pytest.mark.parametrize("kind", [model, translator])
def test_what_is_tied_stays_tied(kind):
    """Where every tensor becomes a new one: weights that are assigned, and those of a model from the meta device."""
    net = kind(tied=True) if kind is model else kind(V=7, tied=True, shared=True)
    empty = copy.deepcopy(net).to("meta")
    assert dict(empty.named_parameters()).keys() == dict(net.named_parameters()).keys(), "a tied weight is named once"
    assigned, moved = copy.deepcopy(net), empty.to_empty(device="cpu")
    moved.load_state_dict(net.state_dict())
    assigned.load_state_dict(drawn(copy.deepcopy(net), seed=3).state_dict(), assign=True)
    read = (torch.randint(7, (2, 6)),) if kind is model else (torch.randint(7, (2, 6)), None, torch.randint(7, (2, 5)))
    assert torch.equal(moved(*read)[0], net(*read)[0])
    assert not torch.equal(assigned(*read)[0], net(*read)[0])
    for other in (assigned, moved, copy.deepcopy(assigned), pickle.loads(pickle.dumps(moved)), net.float()):
        embedding = other.embedding if kind is model else other.target_embedding
        assert other.readout.weight is embedding.words.weight
        if kind is translator:
            assert other.source_embedding.words.weight is embedding.words.weight


@pytest.mark.parametrize("dtype", [torch.uint8, torch.uint16, torch.int32])
def test_ids_of_any_integer_type(dtype):
    """As files of tokens have them: without a sign, in two bytes."""
    x, reader = torch.randint(11, (4, 7)), Bert(11, 8, 2, 2, longest=9)
    for net, read in ((model(), (LENGTHS,)), (reader, (LENGTHS,)), (translator(V=11), (LENGTHS, x[:, :3] % 7))):
        assert torch.equal(net(x.to(dtype), *read)[0], net(x, *read)[0])


def test_gradients_of_each_text_and_shapes_without_numbers():
    net, x = drawn(BertForClassification(11, 8, 2, 2, n_classes=3, longest=9, **DOUBLE)), torch.randint(11, (4, 6))
    parameters = {name: parameter.detach() for name, parameter in net.named_parameters()}

    def score(p, text):
        return torch.func.functional_call(net, p, (text[None],))[0, 0].square().sum()

    each = torch.func.vmap(torch.func.grad(score), (None, 0))(parameters, x)
    net(x)[:, 0].square().sum().backward()
    for name, parameter in net.named_parameters():
        torch.testing.assert_close(each[name].sum(0), parameter.grad, **EXACT, msg=name)
    for other in (net, model()):
        out = other.to("meta")(x.to("meta"), [6, 3, 5, 1])
        assert (out if isinstance(out, torch.Tensor) else out[0]).is_meta


def test_in_inference_mode_and_afterwards_in_training():
    net, x = model("rotary"), torch.randint(11, (2, 6))
    with torch.inference_mode():
        wanted = net(x)[0]
    out = net(x)[0]
    assert torch.equal(out, wanted)
    out.sum().backward()
    assert net.readout.weight.grad.isfinite().all()


def test_frozen_parts_get_no_gradient_and_the_others_theirs():
    net, x = model(), torch.randint(11, (2, 6))
    net(x)[0].square().sum().backward()
    wanted = {name: parameter.grad for name, parameter in net.named_parameters()}
    net.zero_grad()
    net.core.blocks[0].requires_grad_(False)
    net(x)[0].square().sum().backward()
    for name, parameter in net.named_parameters():
        if name.startswith("core.layers.0"):
            assert parameter.grad is None
        else:
            torch.testing.assert_close(parameter.grad, wanted[name], **EXACT)
