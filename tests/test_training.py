"""fit, evaluate, repeat: against a loop by hand, through interruptions, and with bad input."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from jupyter_client.manager import start_new_kernel
from torch import nn

from seqlib.batching import Batch
from seqlib.evidence import interval
from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Adding, Blanks, Oscillator
from seqlib.training import History, evaluate, fit, repeat

TASK = Oscillator(T=6)


def network(dropout=0.0):
    layers = 2 if dropout else 1
    return SequenceModel(RNN(1, 5, num_layers=layers, dropout=dropout, batch_first=True, dtype=torch.float64), 1)


def dropping():
    return network(0.4)


def weights(run):
    return torch.cat([p.detach().ravel() for p in run.model.parameters()])


def same(a, b):
    return (a.loss == b.loss).all() and (a.grad_norm == b.grad_norm).all() and torch.equal(weights(a), weights(b))


def by_hand(make, steps, batch_size, seed, clip_norm=None, clip_value=None):
    torch.manual_seed(seed)
    model = network()
    optimiser, losses, norms = make(model.parameters()), [], []
    for step in range(steps):
        x, y, mask = TASK.sample(batch_size, np.random.default_rng([seed, step]))
        out = model(torch.from_numpy(x))[0]
        errors = (out - torch.from_numpy(y)) ** 2
        loss = errors[torch.from_numpy(mask)].mean()
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.cat([p.grad.ravel() for p in model.parameters()]).norm().item())
        if clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        if clip_value:
            nn.utils.clip_grad_value_(model.parameters(), clip_value)
        optimiser.step()
        losses.append(loss.item())
    return losses, norms, torch.cat([p.detach().ravel() for p in model.parameters()])


OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
}


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("clip", [{}, {"clip_norm": 0.3}, {"clip_value": 0.05}])
def test_equals_a_loop_by_hand(name, clip):
    run = fit(network, TASK, steps=12, optimiser=name, lr=0.05, batch_size=7, seed=3, **clip)
    losses, norms, final = by_hand(OPTIMISERS[name], 12, 7, 3, **clip)
    assert run.loss == pytest.approx(losses, rel=1e-12)
    assert run.grad_norm == pytest.approx(norms, rel=1e-12)
    assert torch.allclose(weights(run), final, rtol=1e-12, atol=1e-14)
    assert run.steps == 12


def test_cross_entropy_counts_only_the_mask():
    task = Blanks((1, 4))
    seen = []

    def loss(model, batch):
        logits = model(batch.x)[0]
        picked = logits.log_softmax(-1).gather(-1, batch.y[..., None])[..., 0]
        value = -(picked * batch.mask).sum() / batch.mask.sum()
        seen.append(value.item())
        return value

    def model():
        return SequenceModel(RNN(3, 4, batch_first=True), task.n_out, vocab_size=task.vocab_size)

    assert fit(model, task, steps=5).loss == pytest.approx(fit(model, task, steps=5, loss=loss).loss, rel=1e-5)
    assert len(seen) == 5


def test_learning_gets_somewhere():
    run = fit(network, TASK, steps=150, lr=0.02)
    assert run.last(20) < run.loss[:5].mean() / 3
    assert evaluate(run.model, TASK, batches=4) < TASK.chance / 3


def test_lists_and_functions_of_batches():
    batches = [TASK.sample(4, np.random.default_rng(i)) for i in range(3)]
    a = fit(network, batches, loss="squared_error", steps=7)
    b = fit(network, lambda step: batches[step % 3], loss="squared_error", steps=7)
    assert same(a, b)


def test_global_random_states_are_untouched():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    fit(dropping, TASK, steps=3, seed=9)
    assert torch.equal(torch.rand(3), expected)


def test_same_seed_same_result_also_with_dropout():
    runs = [fit(dropping, TASK, steps=6, seed=s) for s in (1, 1, 2)]
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_resumed_after_every_step_is_bit_the_same(tmp_path, optimiser):
    options = {"optimiser": optimiser, "batch_size": 4, "seed": 2, "clip_norm": 1.0}
    whole = fit(dropping, TASK, steps=9, **options)
    path = tmp_path / "new folder" / "run.pt"
    for steps in range(1, 10):
        part = fit(dropping, TASK, steps=steps, checkpoint=path, checkpoint_every=4, **options)
    assert same(part, whole)
    assert [p.name for p in path.parent.iterdir()] == ["run.pt"]
    assert same(fit(dropping, TASK, steps=9, checkpoint=path, **options), whole)


def test_twenty_kills_in_small():
    script = Path(__file__).parent / "kill_resume.py"
    done = subprocess.run([sys.executable, script, "--kills", "3"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("3 of 3 killed trainings resumed bit for bit")


@pytest.mark.parametrize("damage", [b"", b"not a checkpoint", None])
def test_damaged_checkpoints_are_named(tmp_path, damage):
    path = tmp_path / "run.pt"
    fit(network, TASK, steps=2, checkpoint=path)
    path.write_bytes(path.read_bytes()[:-400] if damage is None else damage)
    with pytest.raises(ValueError, match=r"run\.pt cannot be read"):
        fit(network, TASK, steps=4, checkpoint=path)


@pytest.mark.parametrize(
    "other",
    [{"seed": 1}, {"lr": 0.5}, {"batch_size": 3}, {"optimiser": "sgd"}, {"clip_norm": 2.0}, {"clip_value": 1.0}],
)
def test_checkpoints_of_other_settings_are_refused(tmp_path, other):
    path = tmp_path / "run.pt"
    fit(network, TASK, steps=2, checkpoint=path)
    with pytest.raises(ValueError, match=next(iter(other)) + r"=|optimiser="):
        fit(network, TASK, steps=4, checkpoint=path, **other)


def test_checkpoint_of_another_task_or_model_is_refused(tmp_path):
    path = tmp_path / "run.pt"
    fit(network, TASK, steps=2, checkpoint=path)
    with pytest.raises(ValueError, match="data="):
        fit(network, Oscillator(T=7), steps=4, checkpoint=path)
    with pytest.raises(ValueError, match="shapes="):
        fit(lambda: SequenceModel(RNN(1, 6, batch_first=True, dtype=torch.float64), 1), TASK, steps=4, checkpoint=path)


def test_divergence_is_said_or_ends_the_run():
    def explode(model, batch):
        return model(batch.x)[0].sum() * torch.tensor(float("inf"))

    with pytest.raises(FloatingPointError, match="step 0"):
        fit(network, TASK, steps=3, loss=explode)
    assert fit(network, TASK, steps=3, loss=explode, on_nonfinite="stop").steps == 0


def test_says_nothing_when_nobody_watches(capfd):
    fit(network, TASK, steps=3)
    fit(network, TASK, steps=3, progress=False)
    assert capfd.readouterr() == ("", "")


def outputs_in_a_notebook(cells, somebody_watches):
    """What a front end holds after running each cell: clearing and updating done, empty displays left in."""
    manager, client = start_new_kernel(kernel_name="python3")
    found, places = [], {}

    def take(message):
        content, kind = message["content"], message["msg_type"]
        if kind == "clear_output":
            found[-1].clear()
        elif kind == "stream":
            found[-1].append(content["text"])
        elif kind == "display_data":
            places[content["transient"].get("display_id")] = found[-1], len(found[-1])
            found[-1].append(content["data"])
        elif kind == "update_display_data":
            cell, i = places[content["transient"]["display_id"]]
            assert content["data"] != cell[i]
            cell[i] = content["data"]

    try:
        for cell in cells:
            found.append([])
            client.execute_interactive(
                cell, allow_stdin=somebody_watches, output_hook=take, store_history=True, timeout=60
            )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return found, places


@pytest.mark.parametrize("somebody_watches", [True, False])
def test_the_bar_in_a_notebook_leaves_nothing_and_takes_nothing_away(somebody_watches):
    begin = (
        "from seqlib.nn import RNN, SequenceModel\nfrom seqlib.tasks import Adding\nfrom seqlib.training import fit\n"
        "def go(): fit(lambda: SequenceModel(RNN(2, 8, batch_first=True), 1), Adding(20), steps=40)"
    )
    cells = [begin, "go(); go()", "go(); print('after')", "print('before'); go(); print('after')"]
    found, bars = outputs_in_a_notebook(cells, somebody_watches)
    assert len(bars) == (4 if somebody_watches else 0)
    assert found[:3] == [[], [], ["after\n"]]
    text = [output for output in found[3] if output]
    assert "".join(text) == "before\nafter\n"


def test_evaluate_leaves_the_model_as_it_was():
    model = dropping().train()
    a, b = evaluate(model, TASK, batches=2), evaluate(model, TASK, batches=2)
    assert a == b, "dropout must be off"
    assert model.training


def test_repeat_is_median_and_interval():
    result = repeat(lambda seed: [seed, seed**2], [1, 2, 4])
    for column in range(2):
        expected = interval(result.values[:, column])
        assert (result.median[column], result.low[column], result.high[column]) == pytest.approx(expected[:3])
    runs = repeat(lambda seed: fit(network, TASK, steps=4, seed=seed), range(2))
    assert runs.values.shape == (2, 4)
    assert all(isinstance(run, History) for run in runs.results)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: fit(network, TASK, steps=-1), "steps"),
        (lambda: fit(network, TASK, steps=2.5), "steps"),
        (lambda: fit(network, TASK, steps=1, lr=float("nan")), "lr"),
        (lambda: fit(network, TASK, steps=1, seed=-1), "seed"),
        (lambda: fit(network, TASK, steps=1, batch_size=0), "batch_size"),
        (lambda: fit(network, TASK, steps=1, clip_norm=0), "clip_norm"),
        (lambda: fit(network, TASK, steps=1, clip_value=-1), "clip_value"),
        (lambda: fit(network, TASK, steps=1, optimiser="adagrad"), "optimiser"),
        (lambda: fit(network, TASK, steps=1, loss="hinge"), "loss"),
        (lambda: fit(network, TASK, steps=1, on_nonfinite="shrug"), "on_nonfinite"),
        (lambda: fit(network, TASK, steps=1, checkpoint_every=0), "checkpoint_every"),
        (lambda: fit(network, 3, steps=1, loss="squared_error"), "data"),
        (lambda: fit(network, [], steps=1, loss="squared_error"), "data"),
        (lambda: fit(network, lambda step: None, steps=1), "loss"),
        (lambda: fit(lambda: 3, TASK, steps=1), "model"),
        (lambda: fit(nn.Identity(), TASK, steps=1), "model"),
        (
            lambda: fit(network, [Batch(np.ones((1, 2, 1)), np.ones((1, 2, 3)), None)], steps=1, loss="squared_error"),
            "y",
        ),
        (
            lambda: fit(
                network,
                [Batch(np.ones((1, 2, 1)), np.ones((1, 2, 1)), np.zeros((1, 2), bool))],
                steps=1,
                loss="squared_error",
            ),
            "mask",
        ),
        (
            lambda: fit(
                network,
                [Batch(np.ones((1, 2, 1)), np.full((1, 2), 7), np.ones((1, 2), bool))],
                steps=1,
                loss="cross_entropy",
            ),
            "target ids",
        ),
        (lambda: evaluate(network, TASK), "model"),
        (lambda: evaluate(network(), TASK, batches=0), "batches"),
        (lambda: repeat(lambda s: s, [1]), "seeds"),
        (lambda: repeat(lambda s: s, [1, 1]), "seeds"),
        (lambda: repeat(lambda s: s, [1.5, 2]), "seeds"),
        (lambda: repeat(lambda s: [0] * s, [1, 2]), "run"),
        (lambda: fit(network, Adding(4), steps=1), "x must"),
        (lambda: fit(network, TASK, steps=2).last(0), "n must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
