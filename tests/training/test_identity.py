"""What makes a run: each setting counts, and nothing else does."""

import numpy as np
import pytest
import torch

from seqlib.batching import Batch
from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Adding, Blanks, Oscillator
from seqlib.training import Cosine, StepDecay, Warmup, fit
from seqlib.training.identity import check_same, identity


def other_core(**options):
    return lambda: SequenceModel(RNN(1, 5, batch_first=True, **({"dtype": torch.float64} | options)), 1)


def squares(model, batch):
    return model(*batch.inputs)[0].square().mean()


def torchs(nonlinearity):
    """torch's layer does not print its nonlinearity: it must be found all the same."""
    options = {"batch_first": True, "dtype": torch.float64, "nonlinearity": nonlinearity}
    return lambda: SequenceModel(torch.nn.RNN(1, 5, **options), 1)


def started(kind):
    """One architecture, and another place to begin at: the matrices have the same norm, and the same entries."""

    def build():
        model = other_core()()
        eye = torch.eye(5, dtype=torch.float64)
        with torch.no_grad():
            model.core.weight_hh_l0.copy_({"identity": eye, "shift": eye.roll(1, 0)}[kind])
        return model

    return build


def frozen():
    model = other_core()()
    model.readout.bias.requires_grad_(False)
    return model


RNG = np.random.default_rng(0)
LIST = [Oscillator(T=6).sample(2, RNG) for _ in range(2)]
CHANGED = [LIST[0], LIST[1]._replace(y=LIST[1].y + 1e-9)]

OTHERS = [
    ({}, {"seed": 1}, "seed=0, this run has seed=1"),
    ({}, {"lr": 0.5}, "lr=0.001, this run has lr=0.5"),
    ({}, {"batch_size": 3}, "batch_size=32, this run has batch_size=3"),
    ({}, {"clip_norm": 2.0}, "clip_norm=None, this run has clip_norm=2.0"),
    ({"clip_value": 1}, {"clip_value": 2}, "clip_value=1.0, this run has clip_value=2.0"),
    ({}, {"optimiser": "sgd"}, "optimiser='torch.optim.adam.Adam', this run has optimiser='torch.optim.sgd.SGD'"),
    ({"optimiser": "sgd"}, {"optimiser": "momentum"}, "optimiser.momentum=0, this run has optimiser.momentum=0.9"),
    (
        {},
        {"optimiser": lambda p, lr: torch.optim.Adam(p, lr=lr, betas=(0.5, 0.999))},
        r"optimiser.betas=\(0.9, 0.999\), this run has optimiser.betas=\(0.5, 0.999\)",
    ),
    ({}, {"data": Oscillator(T=7)}, "data.T=6, this run has data.T=7"),
    ({}, {"data": Oscillator(0.5, T=6)}, "data.a1=1.8, this run has data.a1=0.5"),
    ({"data": LIST, "loss": squares}, {"data": LIST[::-1], "loss": squares}, "data='2 batches, digest"),
    ({"data": LIST, "loss": squares}, {"data": CHANGED, "loss": squares}, "data='2 batches, digest"),
    (
        {"data": lambda step: LIST[0], "loss": squares},
        {"data": lambda step: LIST[1], "loss": squares},
        "data.first='1 batches, digest",
    ),
    ({}, {"loss": squares}, "loss='squared_error', this run has loss='.*squares'"),
    ({}, {"model": other_core(nonlinearity="relu")}, "model.core.nonlinearity='tanh'"),
    ({}, {"model": other_core(num_layers=2)}, "model.core.num_layers=1, this run has model.core.num_layers=2"),
    (
        {},
        {"model": other_core(dtype=torch.float32)},
        r"model.core.weight_ih_l0='float64 \(5, 1\)', .*'float32 \(5, 1\)'",
    ),
    ({"model": started("identity")}, {"model": started("shift")}, "start of model.core.weight_hh_l0="),
    ({}, {"model": frozen}, r"model.readout.bias='float64 \(1,\)', this run has .*'float64 \(1,\) frozen'"),
    ({}, {"weight_decay": 0.1}, "weight_decay=None, this run has weight_decay=0.1"),
    (
        {"optimiser": "adamw", "weight_decay": 0.1},
        {"optimiser": "adam", "weight_decay": 0.1},
        "optimiser='torch.optim.adamw",
    ),
    ({}, {"accumulate": 2}, "accumulate=1, this run has accumulate=2"),
    (
        {"model": other_core(dtype=torch.float32)},
        {"model": other_core(dtype=torch.float32), "precision": "bfloat16"},
        "precision='full', this run has precision='bfloat16'",
    ),
    ({}, {"schedule": Cosine(9)}, "schedule=None, this run has schedule='seqlib.training.schedules.Cosine'"),
    ({"schedule": Cosine(9)}, {"schedule": Cosine(8)}, "schedule.steps=9, this run has schedule.steps=8"),
    ({"schedule": Cosine(9)}, {"schedule": Cosine(9, warmup=1)}, "schedule.warmup=0, this run has schedule.warmup=1"),
    ({"schedule": Cosine(9)}, {"schedule": Warmup(1)}, "schedule='.*Cosine', this run has schedule='.*Warmup'"),
    (
        {"schedule": StepDecay(9)},
        {"schedule": StepDecay(9, 0.5)},
        "schedule.factor=0.1, this run has schedule.factor=0.5",
    ),
    ({}, {"validation": LIST}, "validation=None, this run has validation='2 batches, digest"),
    ({"validation": LIST}, {"validation": CHANGED}, "validation='2 batches, digest .*', this run has validation='2 b"),
    (
        {"validation": LIST},
        {"validation": LIST, "validate_every": 7},
        "validate_every=100, this run has validate_every=7",
    ),
    ({"validation": LIST}, {"validation": LIST, "patience": 2}, "patience=None, this run has patience=2"),
    ({"validation": Oscillator(T=8)}, {"validation": Oscillator(T=9)}, "validation.T=8, this run has validation.T=9"),
    ({"model": torchs("tanh")}, {"model": torchs("relu")}, "model.core.(mode|nonlinearity)="),
    ({}, {"model": torchs("tanh")}, "model.core='seqlib.nn.rnn.RNN', this run has model.core='torch.nn"),
]


@pytest.mark.parametrize(("first", "second", "message"), OTHERS, ids=[message[:40] for *_, message in OTHERS])
def test_another_run_is_refused_by_the_name_of_what_differs(first, second, message, tmp_path, network, task):
    path = tmp_path / "run.pt"
    options = {"model": network, "data": task, "checkpoint": path}
    fit(**(options | first), steps=2)
    with pytest.raises(ValueError, match=message):
        fit(**(options | second), steps=4)
    fit(**(options | first), steps=4)


def test_a_setting_that_one_of_two_runs_lacks_is_named(task):
    """Such as the second layer of a model, when one layer is asked for."""
    stored = identity(other_core(num_layers=2)(), torch.optim.SGD([torch.ones(1)], lr=1.0), task, None, {})
    fewer = {name: value for name, value in stored.items() if not name.endswith("weight_hh_l1")}
    with pytest.raises(ValueError, match=r"weight_hh_l1='float64 \(5, 5\)', .*='nothing of that name'"):
        check_same("run", stored, fewer)
    with pytest.raises(ValueError, match=r"weight_hh_l1='nothing of that name'"):
        check_same("run", fewer, stored)
    check_same("run", stored | {"a": float("nan"), "b": 1}, stored | {"a": float("nan"), "b": 1.0})


def test_a_model_that_is_given_may_begin_anywhere(tmp_path, network, task, same):
    """It was made before the run, perhaps without a seed: resuming replaces its weights."""
    first = fit(network(), task, steps=3, checkpoint=tmp_path / "run")
    torch.manual_seed(12345)
    assert same(fit(network(), task, steps=3, checkpoint=tmp_path / "run"), first)


def test_another_version_of_the_package_is_refused(tmp_path, network, task, monkeypatch):
    fit(network, task, steps=1, checkpoint=tmp_path / "run")
    monkeypatch.setattr("seqlib.training.identity.__version__", "0.0.7")
    with pytest.raises(ValueError, match=r"seqlib='.*', this run has seqlib='0.0.7'"):
        fit(network, task, steps=2, checkpoint=tmp_path / "run")


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16, np.int64, np.uint8, int])
def test_numpys_numbers_are_stored_as_plain_ones(kind, tmp_path, network, same):
    def run(number, steps):
        return fit(
            network,
            Oscillator(1.0, -0.5, number(1), T=int(number(6))),
            steps=steps,
            clip_norm=number(1),
            clip_value=number(2),
            lr=number(1),
            seed=int(number(3)),
            checkpoint=tmp_path / "run",
        )

    first = run(kind, 2)
    assert same(run(float, 2), first), "a number is the same number, whatever its type"
    assert run(kind, 3).steps == 3


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8, np.uint64])
def test_numpys_integers_are_taken_everywhere(kind, tmp_path, network, same):
    def run(number):
        options = {"batch_size": number(4), "seed": number(3), "checkpoint_every": number(1)}
        data = Oscillator(T=number(6))
        return fit(network, data, steps=number(2), checkpoint=tmp_path / "run", **options)

    assert same(run(kind), run(int))


class Duck:
    """Data that is no Task, with a NumPy number among its settings."""

    loss, size = "squared_error", np.int64(6)

    def __init__(self):
        self.scale = np.float32(0.5)

    def sample(self, batch_size, rng):
        return Oscillator(T=self.size).sample(batch_size, rng)


def test_numpys_numbers_of_optimisers_and_own_data_are_read_again(tmp_path, network, same):
    def decaying(parameters, lr):
        options = {"weight_decay": np.float64(0.1), "betas": (np.float64(0.5), np.float64(0.75))}
        return torch.optim.Adam(parameters, lr=np.float64(lr), **options)

    whole = fit(network, Duck(), steps=4, optimiser=decaying)
    for steps in (2, 4):
        run = fit(network, Duck(), steps=steps, optimiser=decaying, checkpoint=tmp_path / "run")
    assert same(run, whole)


def test_every_task_is_told_by_plain_settings():
    for task in (Adding(np.int64(4)), Blanks(np.int8(2)), Blanks([np.int64(1), 3]), Oscillator(np.float32(0.5), 0.25)):
        table = identity(torch.nn.Linear(1, 1), torch.optim.SGD([torch.ones(1)], lr=1.0), task, None, {})
        for name, value in table.items():
            for item in value if isinstance(value, tuple) else (value,):
                assert type(item) in (int, float, str, bool, type(None)), f"{name}: {type(item)}"


def test_what_a_batch_is_made_of_does_not_matter(tmp_path, network):
    tensors = [Batch((torch.from_numpy(b.inputs[0]),), torch.from_numpy(b.y), torch.from_numpy(b.mask)) for b in LIST]
    fit(network, LIST, steps=1, loss="squared_error", checkpoint=tmp_path / "run")
    assert fit(network, tensors, steps=2, loss="squared_error", checkpoint=tmp_path / "run").steps == 2
