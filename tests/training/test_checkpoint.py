"""Checkpoints: resumed bit for bit, whole or not there, each its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from seqlib.training import fit


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
def test_resumed_after_every_step_is_bit_the_same(tmp_path, optimiser, dropping, task, same):
    options = {"optimiser": optimiser, "batch_size": 4, "seed": 2, "clip_norm": 1.0}
    whole = fit(dropping, task, steps=9, **options)
    path = tmp_path / "new folder" / "run.pt"
    for steps in range(1, 10):
        part = fit(dropping, task, steps=steps, checkpoint=path, checkpoint_every=4, **options)
    assert same(part, whole)
    assert [p.name for p in path.parent.iterdir()] == ["run.pt"]
    assert same(fit(dropping, task, steps=9, checkpoint=path, **options), whole)


def test_a_killed_training_is_resumed():
    """One kill, to see that the script works; `make kills` does more."""
    script = Path(__file__).parents[1] / "kill_resume.py"
    done = subprocess.run([sys.executable, script, "--kills", "1"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1 of 1 killed trainings resumed bit for bit")


@pytest.mark.parametrize("damage", [b"", b"not a checkpoint", None])
def test_damaged_checkpoints_are_named(tmp_path, damage, network, task):
    path = tmp_path / "run.pt"
    fit(network, task, steps=2, checkpoint=path)
    path.write_bytes(path.read_bytes()[:-400] if damage is None else damage)
    with pytest.raises(ValueError, match=r"run\.pt cannot be read"):
        fit(network, task, steps=4, checkpoint=path)


def test_a_file_of_another_run_is_refused_and_kept(tmp_path, network, task, same):
    """By everything that makes a run: see test_identity."""
    path = tmp_path / "run.pt"
    whole = fit(network, task, steps=2, optimiser="sgd", checkpoint=path)
    with pytest.raises(ValueError, match=r"optimiser\.momentum=0, this run has optimiser\.momentum=0\.9"):
        fit(network, task, steps=3, optimiser="momentum", checkpoint=path)
    assert same(fit(network, task, steps=2, optimiser="sgd", checkpoint=path), whole)


def test_a_file_of_an_older_format_is_named(tmp_path, network, task):
    path = tmp_path / "run.pt"
    fit(network, task, steps=1, checkpoint=path)
    torch.save(torch.load(path, weights_only=True) | {"format": 1}, path)
    with pytest.raises(ValueError, match="has format 1, needed 4: delete it to start again"):
        fit(network, task, steps=1, checkpoint=path)


def test_a_file_of_more_steps_is_refused_and_kept(tmp_path, network, task, same):
    path = tmp_path / "run.pt"
    whole = fit(network, task, steps=5, checkpoint=path)
    with pytest.raises(ValueError, match="holds 5 steps, this run has steps=3"):
        fit(network, task, steps=3, checkpoint=path)
    assert same(fit(network, task, steps=5, checkpoint=path), whole)


@pytest.mark.parametrize(
    "name",
    [
        "run",
        "run[1]",
        "run*",
        "a run",
        "run.tmp",
        "run.",
        ".run",
        "(a|b)+",
        "läuft 走る 🏃",
        " ",
        "-rf",
        "%s\\d",
        "a'\"b",
    ],
)
def test_neighbours_keep_their_files(tmp_path, name, network, task):
    """Saving removes what a killed run of this checkpoint left half written, and nothing else."""
    others = [f"{name}.1", f"{name}.1.abcd1234.tmp", "runX.abcd1234.tmp", "run1.abcd1234.tmp", f"{name}.1.tmp.pt"]
    stale = f"{name}.abcd1234.tmp"
    for other in [*others, stale]:
        (tmp_path / other).write_text("mine")
    fit(network, task, steps=1, checkpoint=tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == sorted([*others, name])
    assert all((tmp_path / other).read_text() == "mine" for other in others)


def test_two_runs_side_by_side(tmp_path, network, task, same):
    runs = {"run": 0, "run.1": 1}
    for steps in (1, 2, 3):
        for name, seed in runs.items():
            run = fit(network, task, steps=steps, seed=seed, checkpoint=tmp_path / name)
            assert same(run, fit(network, task, steps=steps, seed=seed))


def test_a_link_stays_a_link(tmp_path, network, task, same):
    (tmp_path / "large disk").mkdir()
    link, target = tmp_path / "run.pt", tmp_path / "large disk" / "run 7"
    link.symlink_to(target)
    for steps in (1, 3):
        run = fit(network, task, steps=steps, checkpoint=link)
    assert link.is_symlink()
    assert target.is_file()
    assert same(run, fit(network, task, steps=3, checkpoint=target))


def test_what_is_no_file_is_refused_and_kept(tmp_path, network, task):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    for place in ("folder", "folder/", "link", "pipe", ""):
        with pytest.raises(ValueError, match="is a directory or a device: give the name of a file"):
            fit(network, task, steps=1, checkpoint=f"{tmp_path}/{place}")
    assert sorted(os.listdir(tmp_path)) == ["folder", "link", "pipe"]
    for value in (3, True, b"run"):
        with pytest.raises(TypeError, match="checkpoint must be the path of a file, got"):
            fit(network, task, steps=1, checkpoint=value)


def test_a_place_that_cannot_be_written_is_named_before_the_first_step(tmp_path, network, task, monkeypatch):
    def refuse(**keywords):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "file").write_text("")
    for place in ("file/run.pt", "a" * 252):  # a file for a folder; no room for the name of the half written file
        with pytest.raises(ValueError, match=r"cannot be written \(.*\): give another file"):
            fit(network, task, steps=10**9, checkpoint=tmp_path / place)
    monkeypatch.setattr("tempfile.mkstemp", refuse)  # root may write everywhere
    with pytest.raises(ValueError, match=r"cannot be written .*Permission denied"):
        fit(network, task, steps=1, checkpoint=tmp_path / "run.pt")
    assert os.listdir(tmp_path) == ["file"]


def test_a_finished_run_is_read_where_nothing_can_be_written(tmp_path, network, task, monkeypatch, same):
    path = tmp_path / "run.pt"
    whole = fit(network, task, steps=2, checkpoint=path)
    monkeypatch.setattr("seqlib.training.checkpoint.Checkpoint._begun", lambda self: 1 / 0)
    assert same(fit(network, task, steps=2, checkpoint=path), whole)
    with pytest.raises(ZeroDivisionError):
        fit(network, task, steps=3, checkpoint=path)


def test_a_link_to_nothing_yet_begins_what_it_points_to(tmp_path, network, task, same):
    link = tmp_path / "run.pt"
    link.symlink_to("not/yet/run 1.pt")
    run = fit(network, task, steps=2, checkpoint=link)
    assert link.is_symlink()
    assert same(fit(network, task, steps=2, checkpoint=tmp_path / "not/yet/run 1.pt"), run)


def test_a_run_that_fails_at_once_leaves_nothing(tmp_path, network):
    with pytest.raises(TypeError, match="data must give a Batch"):
        fit(network, lambda step: None, steps=1, loss="squared_error", checkpoint=tmp_path / "run.pt")
    assert os.listdir(tmp_path) == []
