"""The laws of all mixers: parallel is step by step is the reference, pieces, order, padding, precision, bad input."""

import copy

import numpy as np
import pytest
import torch
from mixer_case import MIXERS, REFERENCES, D, first_state, flat, made, mapped, vectors

EXACT = {"rtol": 1e-10, "atol": 1e-10}
each = pytest.mark.parametrize("name", MIXERS)
LENGTHS = [1, 2, 3, 7, 64, 100]


def stepped(mixer, x, state):
    """Step by step."""
    outs = []
    for t in range(x.shape[1]):
        out, state = mixer.step(x[:, t], state)
        outs.append(out)
    return torch.stack(outs, 1), state


def assert_same(got, wanted):
    assert len(flat(got)) == len(flat(wanted))
    for a, b in zip(flat(got), flat(wanted), strict=True):
        torch.testing.assert_close(a, b, **EXACT)


@each
@pytest.mark.parametrize("T", LENGTHS)
def test_at_once_is_step_by_step_with_its_gradients(name, T):
    mixer, x = made(name), vectors(T).requires_grad_()
    for state in (None, first_state(mixer)):
        state = state if state is None else mapped(_leaf, state)
        runs = []
        for way in (mixer, lambda x, state: stepped(mixer, x, state)):
            out, after = way(x, state)
            assert_same(after, after)
            torch.manual_seed(3)
            reals = [part for part in flat(after) if part.dtype != torch.bool]
            loss = sum((part * torch.randn(part.shape).double()).sum() for part in [out, *reals])
            inputs = [x, *mixer.parameters()]
            inputs += [part for part in flat(() if state is None else state) if part.requires_grad]
            grads = torch.autograd.grad(loss, inputs)
            runs.append((out, after, grads))
        (out, after, grads), (out2, after2, grads2) = runs
        torch.testing.assert_close(out, out2, **EXACT)
        assert_same(after, after2)
        for got, wanted in zip(grads, grads2, strict=True):
            scale = max(1.0, float(wanted.abs().amax())) if wanted.numel() else 1.0
            torch.testing.assert_close(got / scale, wanted / scale, **EXACT)


def _leaf(part):
    return part if part.dtype == torch.bool else part.detach().requires_grad_()


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("T", [1, 2, 7, 20])
def test_it_is_the_reference_forward_and_backward(name, T):
    mixer, x = made(name), vectors(T).requires_grad_()
    h0 = _leaf(first_state(mixer))
    out, last = mixer(x, h0)
    rng = np.random.default_rng(T)
    dout, dlast = rng.normal(size=out.shape), rng.normal(size=last.shape)
    arrays = [part.detach().numpy() for part in (x, h0)]
    wanted, final, grads, dx, dh0 = REFERENCES[name](mixer, *arrays, dout, dlast)
    torch.autograd.backward((out, last), (torch.tensor(dout), torch.tensor(dlast)))
    np.testing.assert_allclose(out.detach().numpy(), wanted, **EXACT)
    np.testing.assert_allclose(last.detach().numpy(), final, **EXACT)
    for parameter, tensor in mixer.named_parameters():
        np.testing.assert_allclose(tensor.grad.numpy(), grads[parameter], rtol=1e-9, atol=1e-9, err_msg=parameter)
    np.testing.assert_allclose(x.grad.numpy(), dx, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(h0.grad.numpy(), dh0, rtol=1e-9, atol=1e-9)


@each
def test_the_state_carries_over_from_piece_to_piece(name):
    mixer, x = made(name), vectors(23)
    whole, last = mixer(x)
    for cuts in ([1, 22], [7, 16], [5, 1, 1, 16]):
        state, outs = None, []
        for piece in x.split(cuts, 1):
            out, state = mixer(piece, state)
            outs.append(out)
        torch.testing.assert_close(torch.cat(outs, 1), whole, **EXACT)
        assert_same(state, last)


@each
def test_no_step_depends_on_a_later_one_or_on_another_sequence(name):
    mixer, x = made(name), vectors(20)
    out = mixer(x)[0]
    for t in (0, 7, 19):
        other = x.clone()
        other[1, t] += 1
        change = (mixer(other)[0] - out).abs().amax(-1)
        assert change[1, :t].numel() == 0 or change[1, :t].max() < 1e-12
        assert change[1, t] > 1e-6
        assert change[[0, 2]].max() < 1e-12


@each
def test_padding_is_not_read_and_changes_nothing(name):
    mixer, x, lengths = made(name), vectors(19), [19, 1, 8]
    x[1, 1:], x[2, 8:] = torch.nan, torch.inf
    for state in (None, first_state(mixer)):
        out, last = mixer(x, state, torch.tensor(lengths))
        for b, n in enumerate(lengths):
            one = state if state is None else mapped(lambda part, b=b: part[b : b + 1], state)
            alone, alone_last = mixer(x[b : b + 1, :n], one)
            torch.testing.assert_close(out[b, :n], alone[0], **EXACT)
            assert not out[b, n:].any()
            if not name.startswith("attention"):
                assert_same(mapped(lambda part, b=b: part[b : b + 1], last), alone_last)
        more = vectors(3, seed=9)
        after = mixer(more, last)[0]
        steps, _ = stepped(mixer, more, last)
        for b, n in enumerate(lengths):
            one = state if state is None else mapped(lambda part, b=b: part[b : b + 1], state)
            whole = torch.cat([x[b : b + 1, :n], more[b : b + 1]], 1)
            for got in (after, steps):
                torch.testing.assert_close(got[b], mixer(whole, one)[0][0, n:], **EXACT)
    all_real = mixer(vectors(19), None, [19, 19, 19])
    assert_same(all_real, mixer(vectors(19)))


@each
def test_gradients_do_not_see_padding(name):
    mixer, lengths = made(name), [6, 1, 4]
    grads = []
    for fill in (0.0, 7.0, torch.nan):
        x = vectors(6)
        for b, n in enumerate(lengths):
            x[b, n:] = fill
        x.requires_grad_()
        out, last = mixer(x, None, lengths)
        reals = [part for part in flat(last) if part.dtype != torch.bool]
        loss = (out * torch.arange(1.0, 7)[:, None]).sum()
        if not name.startswith("attention"):  # whose state has what stands there in it, unread
            loss = loss + sum(part.square().sum() for part in reals)
        grads.append(torch.autograd.grad(loss, [x, *mixer.parameters()]))
        assert all(not grads[-1][0][b, n:].any() for b, n in enumerate(lengths))
    for got, of_seven, of_nan in zip(*grads, strict=True):
        torch.testing.assert_close(got, of_seven, **EXACT)
        torch.testing.assert_close(got, of_nan, **EXACT)


@each
def test_single_precision_stays_finite_and_near(name):
    exact = made(name)
    mixer = copy.deepcopy(exact).float()
    x = vectors(300) * 3
    out, wanted = mixer(x.float())[0], exact(x)[0]
    assert out.dtype == torch.float32
    assert (out - wanted).abs().max() < 1e-3 * max(1, wanted.abs().max())
    # where weights are divided by their sum, not all of them may be 0
    large = (vectors(50) * (5 if name.startswith("linear attention") else 100)).float().requires_grad_()
    if name != "S6-euler":  # which is not stable
        out, _ = mixer(large)
        out.sum().backward()
        assert out.isfinite().all()
        assert large.grad.isfinite().all()


@each
def test_one_sequence_and_none(name):
    mixer = made(name)
    torch.testing.assert_close(mixer(vectors(9))[0][:1], mixer(vectors(9)[:1])[0], **EXACT)
    if name not in ("LSTM", "GRU", "torch-GRU"):
        assert mixer(vectors(9)[:0])[0].shape[:2] == (0, 9)


@each
def test_it_is_copied_and_saved(name, tmp_path):
    mixer, twin = made(name), made(name, seed=5)
    torch.save(mixer.state_dict(), tmp_path / "weights.pt")
    twin.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert torch.equal(twin(vectors(5))[0], mixer(vectors(5))[0])
    assert repr(mixer)


@each
def test_bad_input_is_named(name):
    mixer, x = made(name), vectors(4)
    for call, error, message in [
        (lambda: mixer(x[..., 1:]), ValueError, r"x must have shape \(B, T, 6\), got \(3, 4, 5\)"),
        (lambda: mixer(x[0]), ValueError, "x must have shape"),
        (lambda: mixer(x[:, :0]), ValueError, "x must have at least one step"),
        (lambda: mixer(x.float()), TypeError, "x must have the dtype of the weights, torch.float64, got torch.float32"),
        (lambda: mixer(x.long()), TypeError, "x must be real-valued, got dtype torch.int64"),
        (lambda: mixer(x.numpy()), TypeError, "x must be a tensor, got ndarray"),
        (lambda: mixer.step(x), ValueError, r"x must have shape \(B, 6\)"),
        (lambda: mixer.step(x[:, 0].float()), TypeError, "x must have the dtype of the weights"),
        (lambda: mixer(x, None, [4, 0, 1]), ValueError, r"lengths must be at least 1"),
        (lambda: mixer(x, None, [4, 5, 1]), ValueError, r"lengths must be at least 1 and at most 4"),
        (lambda: mixer(x, None, [4, 4]), ValueError, r"lengths must have shape \(3\), got \(2\)"),
        (lambda: mixer(x, None, [4.0, 4.0, 1.0]), TypeError, "lengths must hold integers"),
    ]:
        with pytest.raises(error, match=message):
            call()
    state = first_state(mixer, B=2)
    for way in (lambda s: mixer(x, s), lambda s: mixer.step(x[:, 0], s)):
        with pytest.raises((ValueError, TypeError, RuntimeError), match=r"state|hx"):
            way(state)
        with pytest.raises((TypeError, ValueError), match=r"state|hx"):
            way("state")


def test_every_mixer_says_how_wide_it_reads():
    assert {mixer.input_size for mixer in map(made, MIXERS)} == {D}
