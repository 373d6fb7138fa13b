"""The LSTMs of chapter 8's question about the GRU differ in their input gate, and in nothing else."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.reference import lstm
from seqlib.training import fit

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_08_coupled.py")))
ARMS, Coupled = SCRIPT["ARMS"], SCRIPT["Coupled"]
D, H = 3, 4


def core(arm):
    torch.manual_seed(0)
    return Coupled(D, H, *ARMS[arm]).double()


def inputs():
    rng = np.random.default_rng(0)
    return torch.tensor(rng.normal(size=(2, 6, D))), tuple(torch.tensor(rng.normal(size=(2, H))) for _ in range(2))


@pytest.mark.parametrize("arm", ["i free", "i starts at 1 - f"])
def test_with_a_free_input_gate_it_is_an_lstm(arm):
    net, (x, state) = core(arm), inputs()
    hs, (h, c) = net(x, state)
    expected, (h_n, c_n) = net.cell(x, tuple(s[None] for s in state))
    torch.testing.assert_close(hs, expected)
    torch.testing.assert_close(h, h_n[0])
    torch.testing.assert_close(c, c_n[0])


def test_with_a_coupled_one_it_is_the_coupled_lstm_of_the_reference():
    net, (x, state) = core("i = 1 - f"), inputs()
    W_x, W_h, b = (
        w.detach().numpy()
        for w in (net.cell.weight_ih_l0, net.cell.weight_hh_l0, net.cell.bias_ih_l0 + net.cell.bias_hh_l0)
    )
    weights = lstm.Params(W_x[H:], W_h[H:], b[H:])  # f g o: there is no block of i
    hs, _ = lstm.forward(weights, x.numpy(), *(s.numpy() for s in state), coupled=True)
    np.testing.assert_allclose(net(x, state)[0].detach().numpy(), hs, atol=1e-12)


def test_states_are_zero_at_the_start():
    net, (x, _) = core("i free"), inputs()
    torch.testing.assert_close(net(x)[0], net.cell(x)[0])


def test_they_start_alike_but_for_the_bias_of_the_input_gate():
    free, other, tied = (core(arm).cell for arm in ARMS)
    for name, w in free.named_parameters():
        assert torch.equal(w, tied.get_parameter(name))
        assert torch.equal(w[H:], other.get_parameter(name)[H:])
    i, f = (other.bias_ih_l0 + other.bias_hh_l0).detach().sigmoid()[: 2 * H].split(H)
    torch.testing.assert_close(i, 1 - f)
    assert list(ARMS) == ["i free", "i starts at 1 - f", "i = 1 - f"]


@pytest.mark.parametrize("arm", ARMS)
def test_it_is_trained_as_in_the_comparison(arm, monkeypatch):
    seen = {}

    def watched(make, task, **how):
        seen.update(how, net=make(), task=task)
        return fit(make, task, **how | {"steps": 1})

    monkeypatch.setitem(SCRIPT["trained"].__globals__, "fit", watched)
    found = SCRIPT["coupled"](steps=12, seeds=[7], arms=[arm], rates=[0.02])
    assert seen["task"] is SCRIPT["TASKS"]["latch"]
    assert (seen["steps"], seen["seed"], seen["clip_norm"], seen["lr"], seen["batch_size"]) == (12, 7, 1.0, 0.02, 32)
    assert seen["schedule"](12) < 1e-6 < seen["schedule"](6)
    assert (seen["net"].core.hidden_size, seen["net"].core.coupled) == (32, arm == "i = 1 - f")
    assert found.keys() == {arm}
    assert found[arm]["0.02"]["error"][0] > 0
    again = SCRIPT["coupled"](steps=12, seeds=[8], arms=[arm], rates=[0.02])
    assert again != found


def test_its_seeds_are_fresh():
    others = SCRIPT["COMPARED"]["MEASUREMENTS"]
    used = {seed for each in others.values() for name in ("seeds", "tuning") for seed in each["settings"].get(name, ())}
    settings = SCRIPT["MEASUREMENTS"]["coupled"]["settings"]
    assert not used & set(settings["seeds"])
    assert settings["steps"] == others["latch"]["settings"]["steps"]
