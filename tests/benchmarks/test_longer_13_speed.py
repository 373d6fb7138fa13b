"""What is said of the speed of a Transformer and an LSTM is their own; the clock is made up, nothing is measured."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib import nn as ours
from seqlib.training import fit

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_13_speed.py")))
MEASUREMENTS, CHOICES, TASKS, about = (SCRIPT[name] for name in ("MEASUREMENTS", "CHOICES", "TASKS", "about"))
TRANSFORMER, WITHOUT, OURS, TORCHS = (SCRIPT[name] for name in ("TRANSFORMER", "WITHOUT", "OURS", "TORCHS"))
NAMES = (TRANSFORMER, WITHOUT, OURS, TORCHS)
GLOBALS = SCRIPT["until"].__globals__


def size(net):
    return sum(w.numel() for w in net.parameters())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sizes", [(64, 32, 32), (32, 3, 13), (32, 7, 5)])
def test_networks_have_as_many_parameters_as_each_other(name, sizes):
    d, _, n_out = sizes
    net = SCRIPT["network"](name, *sizes)
    if "LSTM" in name:
        assert type(net.core) is {OURS: ours.LSTM, TORCHS: torch.nn.LSTM}[name]
        assert net.core.input_size == d
        of_unit = 4 * (d + net.core.hidden_size + 1) + n_out  # about what one unit more has
        assert abs(size(net) - size(SCRIPT["network"](TRANSFORMER, *sizes))) < 1.5 * of_unit
    else:
        assert len(net.core.layers) == 2
        assert net.core.layers[0].self_attn.n_heads == 4
        assert net.causal
        assert (net.core.layers[0].self_attn.d_model, net.n_out) == (d, n_out)


def test_a_step_of_training_is_one_of_adam_for_the_next_symbol():
    torch.manual_seed(0)
    net, fresh = SCRIPT["network"](OURS, 32, 32, 32), SCRIPT["network"](OURS, 32, 32, 32)
    x = torch.tensor([[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]])
    seen = []
    net.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    step = SCRIPT["stepper"](net, x)
    for first in (True, False):
        fresh.load_state_dict(net.state_dict())
        fresh.zero_grad()
        torch.nn.functional.cross_entropy(fresh(x[:, :-1])[0].transpose(1, 2), x[:, 1:]).backward()
        step()
        assert torch.equal(seen.pop(), x[:, :-1])
        for w, before in zip(net.parameters(), fresh.parameters(), strict=True):
            assert torch.allclose(w.grad, before.grad, atol=1e-6), "of this step alone"
            if first:  # Adam's first step is its rate, 0.001, against the sign of the gradient
                some = before.grad.abs() > 1e-5
                assert torch.allclose((w - before)[some], -0.001 * before.grad[some].sign(), rtol=0.02)


def test_times_are_medians_of_runs_that_take_turns(monkeypatch):
    now, taken = SimpleNamespace(ms=0.0), []
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: now.ms / 1000))

    def run(name):
        now.ms += {"a": 3, "b": 5}[name] * [99, 1, 8, 0.5][taken.count(name)]  # the first is not counted
        taken.append(name)

    assert SCRIPT["milliseconds"]({"a": lambda: run("a"), "b": lambda: run("b")}, 3) == {"a": 3.0, "b": 5.0}
    assert taken == ["a", "b"] * 4


@pytest.fixture
def turned(monkeypatch):
    """Runs are not timed: a run's time says what it is, and `made` what for."""
    made = []

    def milliseconds(runs, steps):
        assert steps == 7
        return dict(runs)

    def run_of(name, net, x):
        assert (name in (OURS, TORCHS)) == isinstance(net, ours.SequenceModel)
        made.append((name, *x.shape, torch.initial_seed(), net.training))
        return made[-1]

    monkeypatch.setitem(GLOBALS, "milliseconds", milliseconds)
    monkeypatch.setitem(GLOBALS, "writer", run_of)
    kinds = {ours.TransformerModel: lambda net: TRANSFORMER}

    def stepped(net, x):
        name = kinds.get(type(net), lambda net: OURS if type(net.core) is ours.LSTM else TORCHS)(net)
        return run_of(name, net, x)

    monkeypatch.setitem(GLOBALS, "stepper", stepped)
    return made


@pytest.mark.parametrize(
    ("which", "names", "more", "training"),
    [("speed", (TRANSFORMER, OURS, TORCHS), 1, True), ("speed_generation", NAMES, 0, False)],
)
def test_each_network_is_timed_at_each_size(turned, which, names, more, training):
    found = MEASUREMENTS[which]["measure"](steps=7, seeds=[3, 4], d=32, batches=[1, 5], lengths=[8, 20])
    assert set(found) == {"T", "1", "5"}
    assert found["T"] == {f"{T}": [about(T, 3), about(T, 4)] for T in (8, 20)}
    for N in (1, 5):
        assert found[f"{N}"] == {
            name: {f"{T}": [(name, N, about(T, seed) + more, seed, training) for seed in (3, 4)] for T in (8, 20)}
            for name in names
        }
    turns = [
        (N, about(T, seed) + more, seed, name) for N, T, seed, name in itertools.product((1, 5), (8, 20), (3, 4), names)
    ]
    assert [(N, T, seed, name) for name, N, T, seed, _ in turned] == turns


@pytest.mark.parametrize("name", NAMES)
def test_writing_one_more_symbol_is_all_that_is_timed(name, monkeypatch):
    torch.manual_seed(0)
    net = SCRIPT["network"](name, 32, 11, 11).eval()
    x = torch.randint(11, (3, 9))
    wanted = net(x)[0][:, -1]
    said, read = [], []
    net.readout.register_forward_hook(lambda _, args, out: said.append(out))
    net.core.register_forward_pre_hook(lambda _, args: read.append(args[0].shape[1]))
    monkeypatch.setattr(net, "step", lambda *a, step=net.step: read.append(1) or step(*a))
    write = SCRIPT["writer"](name, net, x)
    for _ in range(3):
        said.clear()
        read.clear()
        write()
        assert [out.numel() for out in said] == [3 * 11], "no other symbol is read out"
        assert (said[0].flatten(0, -2) - wanted).abs().max() < 1e-5, "each time from the same state"
        assert not said[0].requires_grad
        assert set(read) == {9 if name == WITHOUT else 1}


def timed(monkeypatch, losses, **how):
    """`until` on a network that answers with these losses, one for every look; a step takes 10 ms, a look a second."""
    now, seen = SimpleNamespace(ms=0.0), {}
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: now.ms / 1000))

    def fitted(net, task, *, on_step, steps, **given):
        seen.update(given, net=net, task=task, steps=steps)
        fit(net, task, steps=0, **given)  # there are no settings that fit does not have
        for step in range(1, steps + 1):
            now.ms += 10
            on_step(SimpleNamespace(step=step))

    looks = iter(losses)

    def cross_entropy(out, y):
        now.ms += 1000
        seen["looked at"] = out, y
        return torch.tensor(next(looks))

    monkeypatch.setitem(GLOBALS, "fit", fitted)
    monkeypatch.setattr(torch.nn.functional, "cross_entropy", cross_entropy)
    return SCRIPT["until"](**how), seen


LATCH = {"name": TORCHS, "task": TASKS["latch"], "choice": "0.03, forget bias 3", "seed": 5, "d": 32, "batch": 16}


def test_time_until_the_loss_is_near_the_floor_counts_training_alone(monkeypatch):
    spent, seen = timed(monkeypatch, [0.5, 0.021, 0.019, 0.0], steps=40, **LATCH)
    assert spent == {"seconds": pytest.approx(0.15), "steps": 15, "reached": 1.0}
    assert seen["task"] is TASKS["latch"]
    assert type(seen["net"].core) is torch.nn.LSTM
    names = ("lr", "clip_norm", "batch_size", "seed", "on_nonfinite", "steps", "schedule")
    assert [seen[name] for name in names] == [0.03, 1.0, 16, 5, "stop", 40, None]
    bias = seen["net"].core.bias_ih_l0 + seen["net"].core.bias_hh_l0
    H = seen["net"].core.hidden_size
    assert torch.equal(bias[H : 2 * H], torch.full((H,), 3.0))
    held = TASKS["latch"].sample(512, np.random.default_rng([5, 10**6]))
    assert torch.equal(seen["looked at"][1], torch.as_tensor(held.y)[torch.as_tensor(held.mask)])
    with torch.no_grad():
        out = seen["net"](torch.as_tensor(held.inputs[0]))[0][torch.as_tensor(held.mask)]
    assert torch.equal(seen["looked at"][0], out)


def test_a_loss_that_is_not_reached_is_said_so(monkeypatch):
    spent, _ = timed(monkeypatch, [0.5] * 8, steps=40, **LATCH)
    assert spent == {"seconds": pytest.approx(0.4), "steps": 40, "reached": 0.0}


def test_choices_say_what_is_done(monkeypatch):
    starts = []
    for choice in CHOICES[TRANSFORMER]:
        how = LATCH | {"name": TRANSFORMER, "choice": choice}
        _, seen = timed(monkeypatch, [0.5], steps=4, **how)
        assert f"{seen['lr']}" == choice.partition(",")[0]
        assert (seen["schedule"] is None) == ("no warm-up" in choice)
        if seen["schedule"]:
            assert [round(seen["schedule"](step), 2) for step in (0, 24, 49, 60)] == [0.02, 0.5, 1, 1]
        starts.append(next(seen["net"].parameters()).detach().clone())
    assert all(torch.equal(start, starts[0]) for start in starts), "the same start for all choices of a seed"
    _, seen = timed(monkeypatch, [0.5], steps=4, **how | {"seed": 6})
    assert not torch.equal(next(seen["net"].parameters()), starts[0])
    for choice in CHOICES[TORCHS]:
        _, seen = timed(monkeypatch, [0.5], steps=4, **LATCH | {"choice": choice})
        H = seen["net"].core.hidden_size
        bias = (seen["net"].core.bias_ih_l0 + seen["net"].core.bias_hh_l0)[H : 2 * H]
        assert torch.equal(bias, torch.full((H,), float(choice[-1])))
    assert len({*CHOICES[TRANSFORMER]}) == len({*CHOICES[TORCHS]}) == 8


def test_the_choice_that_reached_it_soonest_is_shown(monkeypatch):
    asked = []
    first = {name: choices[0] for name, choices in CHOICES.items()}
    second = {name: choices[1] for name, choices in CHOICES.items()}

    def until(name, task, choice, steps, seed, d, batch):
        asked.append((name, choice, seed))
        assert (steps, d, batch) == (9, 32, 16)
        if choice == first[name]:  # soon, but not always
            return {"seconds": 1.0, "steps": 2, "reached": float(seed != 2)}
        seconds = {0: 3, 1: 3, 2: 9}.get(seed, seed) if choice == second[name] else 4
        return {"seconds": seconds + (task is TASKS["latch"]), "steps": 10 * seed, "reached": 1.0}

    monkeypatch.setitem(GLOBALS, "until", until)
    found = MEASUREMENTS["speed_result"]["measure"](steps=9, tuning=[0, 1, 2], seeds=[5, 6], d=32, batch=16)
    assert list(found) == ["counting", "latch"]
    for more, of in enumerate(found.values()):
        assert list(of) == [TRANSFORMER, TORCHS]
        for name, values in of.items():
            assert list(values) == [*CHOICES[name], "shown"]
            assert values[first[name]] == [1.0, 1.0, 1.0]
            assert values[second[name]] == [3 + more, 3 + more, 9 + more]
            shown = {"seconds": [5 + more, 6 + more], "steps": [50, 60], "reached": [1.0, 1.0]}
            assert values["shown"] == {"choice": second[name]} | shown
    assert asked[-4:] == [(name, second[name], seed) for seed in (5, 6) for name in CHOICES], "in turn"


def test_settings_are_those_of_the_page():
    result = MEASUREMENTS["speed_result"]["settings"]
    assert not set(result["tuning"]) & set(result["seeds"])
    assert (TASKS["counting"].T, TASKS["counting"].symbols, TASKS["latch"].T) == (12, 3, 20)
    assert [len(set(m["settings"]["seeds"])) for m in MEASUREMENTS.values()] == [5, 5, 8]


def test_a_seed_draws_its_own_length_near_by():
    drawn = np.array([about(1000, seed) for seed in range(200)]) / 1000
    assert 0.84 <= drawn.min() < 0.88
    assert 1.14 < drawn.max() <= 1.19
    assert np.log(np.median(drawn)) == pytest.approx(0, abs=0.03)
    assert about(2000, 3) != 2 * about(1000, 3)
