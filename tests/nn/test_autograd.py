"""What PyTorch's autograd may ask of a layer: second derivatives, transforms, frozen, tied and changed weights."""

import pytest
import torch
from torch.autograd import forward_ad
from torch.nn.utils.rnn import PackedSequence, pack_sequence

# torch 2.6 warns of what its own gradcheck and jacobian call
torch_s_own_vmap = pytest.mark.filterwarnings("ignore:Please use .torch.vmap. instead of:FutureWarning")
each_rung = pytest.mark.parametrize("gradient", ["derived", "autograd"])


def shapes(T, B):
    """Inputs that take every path of the derived pass: equal lengths, and falling ones."""
    yield torch.randn(T, B, 3, dtype=torch.float64)
    yield pack_sequence([torch.randn(n, 3, dtype=torch.float64) for n in (T, T - 1, 1)])


@torch_s_own_vmap
@each_rung
@pytest.mark.parametrize("check", [torch.autograd.gradcheck, torch.autograd.gradgradcheck])
@pytest.mark.parametrize("packed", [False, True])
def test_gradcheck(pair, tensors, initial, cell, packed, check, gradient):
    """In fast mode: Jacobians are compared along random directions, and not column by column."""
    torch.manual_seed(0)
    layers = 2 if check is torch.autograd.gradcheck else 1
    layer = pair(cell, 3, 3, layers, bidirectional=True, dtype=torch.float64, gradient=gradient)[0]
    x = list(shapes(3, 3))[packed]
    data = (x.data if packed else x).clone().requires_grad_()
    begin = tensors(initial(layer, 3, torch.float64))
    names, values = zip(*layer.named_parameters(), strict=True)

    def run(data, *others):
        whole = PackedSequence(data, x.batch_sizes) if packed else data
        states, parameters = others[: len(begin)], others[len(begin) :]
        named = dict(zip(names, parameters, strict=True))
        hx = states if len(states) > 1 else states[0]
        return tuple(tensors(torch.func.functional_call(layer, named, (whole, hx))))

    assert check(run, (data, *begin, *values), check_batched_grad=True, fast_mode=True)


def test_derivative_of_the_gradient_equals_torchs(pair, assert_close, cell):
    results = []
    for layer in pair(cell, 3, 4, 2, dtype=torch.float64):
        torch.manual_seed(0)
        x = torch.randn(5, 2, 3, dtype=torch.float64, requires_grad=True)
        out = layer(x)[0]
        first = torch.autograd.grad((out * torch.randn_like(out)).sum(), [x, layer.weight_hh_l0], create_graph=True)
        sum(g.square().sum() for g in first).backward()
        results.append([x.grad, *(p.grad for p in layer.parameters())])
    for got, wanted in zip(*results, strict=True):
        assert_close(got, wanted, "second derivative")


@each_rung
def test_the_graph_does_not_grow_with_time(pair, cell, gradient):
    layer = pair(cell, 3, 4, 2, bidirectional=True, gradient=gradient)[0]

    def nodes(T):
        todo, seen = [layer(torch.randn(T, 2, 3))[0].grad_fn], []
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.append(node)
                todo += [next_node for next_node, _ in node.next_functions if next_node is not None]
        return seen

    short, long = nodes(2), nodes(9)
    if gradient == "derived":
        assert len(short) == len(long)
        assert sum("Derived" in node.name() for node in long) == 4, "one Function a layer and direction"
    else:
        assert len(short) < len(long)
        assert not any("Derived" in node.name() for node in long)


def test_backward_twice(pair, assert_close, cell):
    layer = pair(cell, 3, 4)[0]
    out = layer(torch.randn(5, 2, 3))[0].square().sum()
    out.backward(retain_graph=True)
    once = [p.grad.clone() for p in layer.parameters()]
    out.backward(retain_graph=True)
    for p, g in zip(layer.parameters(), once, strict=True):
        torch.testing.assert_close(p.grad, 2 * g)
    out.backward()
    with pytest.raises(RuntimeError, match="second time"):
        out.backward()


@each_rung
@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l0"])
def test_a_weight_changed_between_forward_and_backward_is_an_error(pair, cell, name, gradient):
    layer = pair(cell, 3, 4, gradient=gradient)[0]
    out = layer(torch.randn(5, 2, 3, requires_grad=True))[0].sum()
    with torch.no_grad():
        getattr(layer, name).mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        out.backward()


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_the_caller_may_write_into_the_results(pair, tensors, assert_close, cell, both, packed):
    results = []
    for layer in pair(cell, 3, 4, bidirectional=both, dtype=torch.float64):
        torch.manual_seed(0)
        result = tensors(layer(list(shapes(4, 3))[packed]))
        loss = sum((part * torch.randn_like(part)).sum() for part in result)
        with torch.no_grad():  # after the loss has been computed from them
            for part in result:
                part.mul_(0)
        result = tensors(layer(list(shapes(4, 3))[packed]))
        for part in result:
            part.mul_(2)
        (loss + sum(part.square().sum() for part in result)).backward()
        results.append([p.grad for p in layer.parameters()])
    for got, wanted in zip(*results, strict=True):
        assert_close(got, wanted, "gradient")


@pytest.mark.parametrize("T", [1, 5])
@pytest.mark.parametrize("graph", [False, True])
def test_no_two_results_share_memory(pair, tensors, initial, cell, T, graph):
    layer = pair(cell, 3, 4, 1)[0]
    x, hx = torch.randn(T, 1, 3, requires_grad=True), initial(layer, 1)
    first, second = tensors(layer(x, hx)), tensors(layer(x, hx))
    loss = sum(part.square().sum() for part in first)
    grads = torch.autograd.grad(loss, [x, *tensors(hx), *layer.parameters()], create_graph=graph)
    everything = [*first, *second, *grads, x, *tensors(hx), *layer.parameters()]
    addresses = [tensor.untyped_storage().data_ptr() for tensor in everything]
    assert len(set(addresses)) == len(addresses)


def test_without_grad_nothing_is_kept(pair, tensors, cell):
    layer = pair(cell, 3, 4, 2)[0]
    x = torch.randn(5, 2, 3)
    with_graph = tensors(layer(x))
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            results = tensors(layer(x))
        for got, wanted in zip(results, with_graph, strict=True):
            assert not got.requires_grad
            assert torch.equal(got, wanted)


def test_tied_weights_get_both_shares(pair, assert_close, cell):
    results = []
    for layer in pair(cell, 4, 4, 2, dtype=torch.float64):
        layer.weight_hh_l1 = layer.weight_hh_l0
        layer.weight_ih_l1 = layer.weight_hh_l0  # and the same tensor twice in one layer
        if hasattr(layer, "_flat_weights"):
            layer._flat_weights = [getattr(layer, name) for name in layer._flat_weights_names]
        torch.manual_seed(0)
        layer(torch.randn(5, 2, 4, dtype=torch.float64))[0].square().sum().backward()
        results.append(dict(layer.named_parameters()))
    assert results[0].keys() == results[1].keys()
    for name in results[0]:
        assert_close(results[0][name].grad, results[1][name].grad, name)


def test_tied_weights_get_both_shares_when_a_graph_is_wanted(pair, assert_close, cells, cell):
    found, D = [], cells[cell][2].get("proj_size", 4)
    for layer in pair(cell, D, 4, dtype=torch.float64):
        layer.weight_ih_l0 = layer.weight_hh_l0
        if hasattr(layer, "_flat_weights"):
            layer._flat_weights = [getattr(layer, name) for name in layer._flat_weights_names]
        torch.manual_seed(0)
        loss = layer(torch.randn(5, 2, D, dtype=torch.float64))[0].square().sum()
        (first,) = torch.autograd.grad(loss, layer.weight_hh_l0, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), layer.weight_hh_l0)
        found.append((first, second))
    for ours, theirs, what in zip(*found, ("first", "second"), strict=True):
        assert_close(ours, theirs, what)


@each_rung
def test_autocast_keeps_the_precision_of_the_weights(pair, cell, gradient):
    layer, head = pair(cell, 3, 4, gradient=gradient)[0], torch.nn.Linear(3, 3)
    x = torch.randn(5, 2, 3)
    wanted = layer(x)[0]
    wanted.square().sum().backward()
    grads = [p.grad.clone() for p in layer.parameters()]
    layer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = layer(x)[0]
        assert torch.equal(out, wanted)
        if gradient == "derived":  # a backward pass under autocast: torch lowers the precision of its own nodes there
            out.square().sum().backward()
        assert head(x).dtype == torch.bfloat16
        assert layer(head(x))[0].dtype == torch.float32, "what comes in at a lower precision is raised"
    if gradient == "autograd":
        out.square().sum().backward()
    for parameter, grad in zip(layer.parameters(), grads, strict=True):
        assert torch.equal(parameter.grad, grad)


def test_autocast_keeps_the_precision_of_second_derivatives(pair, cell):
    layer = pair(cell, 3, 4, 2)[0]
    x = torch.randn(5, 2, 3, requires_grad=True)

    def twice(lowered):
        layer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=lowered):
            (dx,) = torch.autograd.grad(layer(x)[0].square().sum(), x, create_graph=True)
        dx.square().sum().backward()
        return [dx, *(p.grad for p in layer.parameters())]

    for got, wanted in zip(twice(True), twice(False), strict=True):
        assert torch.equal(got, wanted)


@torch_s_own_vmap
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # torch.func.jvp calls it itself
def test_function_transforms_see_through(pair, assert_close, cell):
    torch.manual_seed(0)
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    x = torch.randn(6, 5, 2, 3, dtype=torch.float64)
    wanted = torch.stack([layer(one)[0] for one in x])
    assert_close(torch.func.vmap(lambda one: layer(one)[0])(x), wanted, "vmap")
    parameters = {name: p.detach() for name, p in layer.named_parameters()}
    by_transform = torch.func.grad(lambda p: torch.func.functional_call(layer, p, (x[0],))[0].square().sum())(
        parameters
    )
    layer(x[0])[0].square().sum().backward()
    for name, parameter in layer.named_parameters():
        assert_close(by_transform[name], parameter.grad, name)
    tangent = torch.randn_like(x[0])
    _, forward = torch.func.jvp(lambda one: layer(one)[0], (x[0],), (tangent,))
    jacobian = torch.autograd.functional.jacobian(lambda one: layer(one)[0], x[0], vectorize=True)
    assert_close(torch.einsum("abcdef,def->abc", jacobian, tangent), forward, "jvp")
    assert_close(torch.func.jacrev(lambda one: layer(one)[0])(x[0]), jacobian, "jacrev")


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")
def test_forward_mode_sees_through(pair, assert_close, cell):
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    x, tangent = torch.randn(2, 5, 2, 3, dtype=torch.float64)
    with forward_ad.dual_level():
        got = forward_ad.unpack_dual(layer(forward_ad.make_dual(x, tangent))[0]).tangent
    assert_close(got, torch.func.jvp(lambda one: layer(one)[0], (x,), (tangent,))[1], "forward mode")


@pytest.mark.filterwarnings("ignore:Guards may run slower on Python 3.13.0")
def test_a_compiled_layer_has_the_same_gradients(pair, tensors, assert_close, cell):
    layer = pair(cell, 3, 4, dtype=torch.float64)[0]
    x = torch.randn(3, 2, 3, dtype=torch.float64, requires_grad=True)
    found = []
    for run in (layer, torch.compile(layer, backend="aot_eager", fullgraph=True)):
        loss = sum(part.square().sum() for part in tensors(run(x)))
        found.append(torch.autograd.grad(loss, [x, *layer.parameters()]))
    for got, wanted in zip(*found, strict=True):
        assert_close(got, wanted, "compiled")


@pytest.mark.parametrize("packed", [False, True])
def test_the_walk_back_writes_into_nothing_that_is_not_its_own(pair, tensors, cell, packed):
    layer = pair(cell, 3, 4, bidirectional=True)[0]
    x = list(shapes(4, 3))[packed].to(torch.float32)
    results = tensors(layer(x))
    cotangents = [torch.randn_like(part) for part in results]
    watched = [*results, *cotangents, *tensors(x), *layer.parameters()]
    versions, copies = [t._version for t in watched], [t.detach().clone() for t in watched]
    torch.autograd.backward(results, cotangents)
    for tensor, version, copy in zip(watched, versions, copies, strict=True):
        assert tensor._version == version
        assert torch.equal(tensor, copy)


def test_training_takes_the_same_path_as_torchs(pair, assert_close, cell):
    paths = []
    for layer in pair(cell, 3, 8, 2, dtype=torch.float64):
        torch.manual_seed(0)
        optimiser = torch.optim.Adam(layer.parameters(), lr=0.01)
        path = []
        for _ in range(20):
            optimiser.zero_grad()
            loss = (layer(torch.randn(6, 4, 3, dtype=torch.float64))[0] - 0.5).square().mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(layer.parameters(), 0.1)
            optimiser.step()
            path.append(loss.detach())
        paths.append(torch.stack(path))
    assert_close(*paths, "losses")
