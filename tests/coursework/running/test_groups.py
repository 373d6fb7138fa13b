"""A cgroup for a run: where one is found, what is written into it, and that it goes again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursework.running import groups
from coursework.running.groups import Home

HOG = "x = b'x' * 300_000_000"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A tree of version 2 as systemd lays it out, this process in the session of a user."""
    monkeypatch.setattr(groups, "ROOT", tmp_path)
    tree = {"": "cpu memory pids", "user.slice": "memory pids", "user.slice/app.slice": "memory pids cpu"}
    for place, handed in (tree | {"user.slice/app.slice/a.scope": "", "user.slice/session.scope": ""}).items():
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / "cgroup.subtree_control").write_text(handed + "\n")
        (tmp_path / place / "cgroup.controllers").write_text("cpu memory pids\n")
    monkeypatch.setattr(groups, "_own", lambda: {"": "user.slice/app.slice/a.scope"})
    return tmp_path


def only(monkeypatch, *writable):
    monkeypatch.setattr(groups.os, "access", lambda folder, mode: folder in writable)


def test_the_nearest_folder_above_that_is_ours_is_taken(root, monkeypatch):
    above = root / "user.slice" / "app.slice"
    only(monkeypatch, above, above / "a.scope", root)
    assert groups._second() == Home("cgroup v2 (memory, pids, cpu)", (above,))
    only(monkeypatch, root / "user.slice")
    assert groups._second() == Home("cgroup v2 (memory, pids)", (root / "user.slice",))
    only(monkeypatch, above / "a.scope", root.parent)
    assert groups._second() is None


def test_systemd_is_asked_for_a_scope(root, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(root))
    unit, asked = f"coursework-{os.getpid()}.scope", []

    def run(command, **options):
        asked.append(command)
        place = root / "user.slice" / unit
        place.mkdir()
        (place / "cgroup.controllers").write_text("memory pids")
        monkeypatch.setattr(groups, "_own", lambda: {"": f"user.slice/{unit}"})

    monkeypatch.setattr(groups.subprocess, "run", run)
    place = root / "user.slice" / unit
    assert groups._scope() == Home("a scope of systemd (memory, pids)", (place,))
    assert asked[0][:3] == ["busctl", "--user", "call"]
    assert {"StartTransientUnit", unit, "PIDs", str(os.getpid()), "Delegate"} <= set(asked[0])
    assert (place / "cgroup.subtree_control").read_text() == "+memory +pids"
    assert (place / "grader" / "cgroup.procs").read_text() == str(os.getpid())


def test_version_1_has_a_folder_for_each_controller(tmp_path, monkeypatch):
    monkeypatch.setattr(groups, "ROOT", tmp_path)
    monkeypatch.setattr(groups, "_own", lambda: {"memory": "a/b", "pids": "not/shown/here", "cpu": "", "name=x": ""})
    for place in ("memory/a/b", "pids", "cpu"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "cgroup.procs").write_text("")
    folders = (tmp_path / "memory/a/b", tmp_path / "pids", tmp_path / "cpu")
    assert groups._first() == Home("cgroup v1 (memory, pids, cpu)", folders)
    (tmp_path / "pids" / "cgroup.procs").unlink()
    assert groups._first() is None


@pytest.mark.parametrize(
    ("files", "written"),
    [
        (("memory.max", "memory.swap.max", "memory.oom.group", "pids.max"), ["memory.max", 0, 1, 7]),
        (("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), ["memory.limit_in_bytes", "memory.limit_in_bytes"]),
    ],
)
def test_the_limits_are_written(tmp_path, monkeypatch, files, written):
    make = Path.mkdir
    monkeypatch.setattr(
        Path, "mkdir", lambda folder: (make(folder), [(folder / name).write_text("") for name in files])
    )
    monkeypatch.setattr(groups, "_remove", lambda folder: None)
    with groups.made(Home("x", (tmp_path,)), 1000, 7) as (entry,):
        got = [(entry.parent / name).read_text() for name in files]
    memory = str(1000 + groups.SPARE)
    assert got == [memory if str(value).startswith("memory") else str(value) for value in written]


def test_the_first_place_that_works_is_home(monkeypatch):
    monkeypatch.setattr(groups, "_second", lambda: Home("broken", (Path("/nowhere"),)))
    monkeypatch.setattr(groups, "_scope", lambda: int("no number"))
    monkeypatch.setattr(groups, "_first", lambda: Home("good", ()))
    groups.home.cache_clear()
    try:
        assert groups.home().name == "good"
        monkeypatch.setattr(groups, "_first", lambda: None)
        groups.home.cache_clear()
        assert groups.home() is None
    finally:
        groups.home.cache_clear()


def test_what_a_grader_left_that_was_killed_is_removed(tmp_path):
    with subprocess.Popen(["true"]) as gone:
        pass
    for owner in (gone.pid, os.getpid()):
        (tmp_path / f"coursework-{owner}-0").mkdir()
    groups._sweep(Home("x", (tmp_path,)))
    assert [folder.name for folder in tmp_path.iterdir()] == [f"coursework-{os.getpid()}-0"]


def test_the_kernel_bounds_what_is_in_a_group():
    if groups.home() is None:
        pytest.skip("no cgroup may be made here")
    with groups.made(groups.home(), 50 << 20, 10) as files:
        command = groups.entering(files, [sys.executable, "-S", "-c", HOG])
        assert subprocess.run(command, capture_output=True).returncode == -9
        folders = [file.parent for file in files]
        assert all(folder.is_dir() for folder in folders)
    assert not any(folder.exists() for folder in folders)


def test_a_group_that_cannot_be_entered_is_told():
    command = groups.entering([Path("/nowhere/cgroup.procs")], ["echo", "in"])
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (125, "")
    assert groups.entering([], ["echo"]) == ["echo"]
