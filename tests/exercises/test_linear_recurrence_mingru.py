"""A minGRU in chapter 16: that of the reference, and of seqlib's cell step by step; each mistake with torch."""

import numpy as np
import pytest
import torch

from seqlib.exercises.linear_recurrence_mingru import mingru_states
from seqlib.reference import mingru


@pytest.mark.parametrize("case", mingru_states.cases)
def test_states_are_those_of_the_reference(case):
    W_z, W_n, b_z, b_n, x, h = case
    params = mingru.Params(np.concatenate([W_z, W_n]), np.concatenate([b_z, b_n]))
    hs = mingru_states.expected(*case)
    np.testing.assert_allclose(hs, mingru.forward(params, x, h)[0], rtol=1e-10, atol=1e-12)
    for t in range(x.shape[1]):
        h = mingru.step(params, x[:, t], h)
        np.testing.assert_allclose(hs[:, t], h, rtol=1e-10, atol=1e-12)


def test_cases_have_a_start_biases_one_step_and_as_many_units_as_inputs_once():
    sizes = [(*x.shape, len(b_z)) for _, _, b_z, _, x, _ in mingru_states.cases]
    assert [T for _, T, _, _ in sizes].count(1) == 1
    assert [D == H for _, _, D, H in sizes].count(True) == 1
    assert {np.sign(D - H) for _, _, D, H in sizes} == {-1, 0, 1}
    for _, _, b_z, b_n, _, h0 in mingru_states.cases:
        assert (abs(np.concatenate([b_z, b_n])) > 0.25).all()
        assert (h0 != 0).all()


def _torch(
    gate=torch.sigmoid,
    candidate=lambda s: s,
    start=lambda h: h,
    mix=lambda z, n, h: torch.lerp(h, n, z),
    bias=(1, 1),
    turn=False,
    first=0,
    read=0,
):
    """The layer step by step in torch, with one thing different; `read` is how much of the state the gate reads."""

    def answer(*given):
        W_z, W_n, b_z, b_n, x, h = (torch.tensor(a) for a in given)
        W = (W_z, W_n) if not first else (W_n, W_z)
        b = (b_z, b_n) if not first else (b_n, b_z)
        if turn:
            W = W[0].T, W[1].T
        h, hs = start(h), []
        for x_t in x.unbind(1):
            into = x_t + read * h if read else x_t
            z = gate(torch.nn.functional.linear(into, W[0], bias[0] * b[0]))
            n = candidate(torch.nn.functional.linear(x_t, W[1], bias[1] * b[1]))
            h = mix(z, n, h)
            hs.append(h)
        return torch.stack(hs, 1)

    return answer


def _positive(s):
    return torch.where(s < 0, s.sigmoid(), s + 0.5)


def _gates(*given):
    W_z, W_n, b_z, b_n, x, h0 = (torch.tensor(a) for a in given)
    linear = torch.nn.functional.linear
    return linear(x, W_z, b_z).sigmoid(), linear(x, W_n, b_n), h0[:, None]


def _alone(*given):
    z, n, h0 = _gates(*given)
    return z * n + (1 - z) * h0


def _faded_once(*given):
    z, _, h0 = _gates(*given)
    return _torch(start=torch.zeros_like)(*given) + (1 - z) * h0


def _late(*given):
    z, n, h0 = _gates(*given)
    before, h, hs = torch.cat([z[:, :1], z], 1), h0[:, 0], []
    for t in range(z.shape[1]):
        h = h - before[:, t] * h + z[:, t] * n[:, t]
        hs.append(h)
    return torch.stack(hs, 1)


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _torch()),
        ("keeps", _torch(mix=lambda z, n, h: torch.lerp(n, h, z))),
        ("no start", _torch(start=torch.zeros_like)),
        ("start made positive", _torch(start=_positive)),
        ("start fades once", _faded_once),
        ("each step alone", _alone),
        ("tanh", _torch(candidate=torch.tanh)),
        ("tanh", lambda *given: _torch()(*given).tanh()),
        ("candidate made positive", _torch(candidate=_positive)),
        ("candidate made positive", _torch(candidate=torch.sigmoid)),
        ("no sigmoid", _torch(gate=lambda s: s)),
        ("no sigmoid", _torch(gate=torch.tanh)),
        ("candidate added", _torch(mix=lambda z, n, h: n + h - z * h)),
        ("old state in full", _torch(mix=lambda z, n, h: h + z * n)),
        ("no biases", _torch(bias=(0, 0))),
        ("one bias", _torch(bias=(0, 1))),
        ("one bias", _torch(bias=(1, 0))),
        ("gate and candidate", _torch(first=1)),
        ("matrices turned", _torch(turn=True)),
        ("gate of the step before", _late),
        ("state in the gate", _torch(read=1)),
        ("last alone", lambda *given: _torch()(*given)[:, -1]),
        ("shares alone", lambda *given: _gates(*given)[:2]),
    ],
)
def test_another_layer_is_told_as_such(id, answer):
    assert mingru_states.judge(answer).id == id
