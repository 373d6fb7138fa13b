"""Where there is no sandbox, nothing of a student's is run unless one says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursework.running import groups, isolation, protection, sandbox
from coursework.running.sandbox import Limits, run

CALLS = [{"name": "f", "calls": [[1.0]]}]


@pytest.fixture
def without(monkeypatch):
    """A machine that has only these tools."""

    def set_up(*tools):
        which = protection.shutil.which
        monkeypatch.setattr(protection.shutil, "which", lambda name: which(name) if name in tools else None)
        protection._best.cache_clear()

    yield set_up
    protection._best.cache_clear()
    protection._told_otherwise = False


@pytest.mark.parametrize(("tools", "found"), [((), "limits only"), (("unshare",), "namespaces")])
def test_without_bubblewrap_it_refuses_unless_told_otherwise_each_time(without, monkeypatch, tools, found):
    without(*tools)
    if tools and not protection._works(isolation.unshare()):
        pytest.skip("this system has no namespaces")
    with pytest.raises(PermissionError, match=r"is not installed.*install bubblewrap|--without-sandbox"):
        sandbox.isolation()
    with pytest.raises(PermissionError, match="--without-sandbox each time, which means that students' code can"):
        run(["def f(x): return x"], CALLS, Limits(seconds=5))
    readable = all(map(protection._open_to_all, (Path(sys.base_prefix), Path(sys.prefix), *isolation.OURS)))
    if os.getuid() == 0 and not readable:
        with pytest.raises(PermissionError, match="as a user who cannot read this Python"):
            sandbox.isolation(unsafe=True)
        monkeypatch.setattr(protection, "_open_to_all", lambda path: True)
    with pytest.warns(UserWarning, match="students' code can .*install bubblewrap"):
        assert sandbox.isolation(unsafe=True) == found
    assert found in sandbox.described()
    if os.getuid() != 0 or readable:
        got = run(["def f(x): return len(bytearray(20_000_000_000))"], CALLS, Limits(seconds=5))
        assert got.answers["f", 0] == (None, "MemoryError")
    with pytest.raises(PermissionError, match="install bubblewrap"):
        sandbox.isolation()
    with pytest.raises(PermissionError):
        run(["def f(x): return x"], CALLS, Limits(seconds=5))


def test_with_a_sandbox_nobody_need_say_anything():
    assert sandbox.isolation() == sandbox.isolation(unsafe=True) == "bubblewrap"
    assert sandbox.described().startswith("isolation: bubblewrap; limits of a submission: ")


def test_what_bounds_a_submission_is_said(monkeypatch):
    monkeypatch.setattr(groups, "home", lambda: None)
    assert "no cgroup may be made here" in sandbox.described()
    monkeypatch.setattr(groups, "home", lambda: groups.Home("cgroup v2 (memory, pids)", ()))
    assert "cgroup v2 (memory, pids) and a watching parent" in sandbox.described()


def test_a_bubblewrap_that_does_not_work_is_told_from_none(without, monkeypatch):
    without("bwrap")
    failed = subprocess.CompletedProcess([], 1, "", "bwrap: setting up uid map: Permission denied\n")
    monkeypatch.setattr(protection.subprocess, "run", lambda *a, **k: failed)
    isolation.bubblewrap.cache_clear()
    monkeypatch.setattr(protection, "bubblewrap", lambda: ("bwrap",))
    with pytest.raises(PermissionError, match=r"is installed, but does not work \(bwrap: setting up uid map"):
        sandbox.isolation()
