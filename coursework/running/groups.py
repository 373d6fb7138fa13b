"""A cgroup for each run, where this user may make one: the kernel itself then bounds memory and tasks of it together.

In order: cgroup version 2, in the folder of this process or one above it that is its user's; the same after asking
the systemd of the user for a scope of our own; version 1, where root may write its folders. Where none of them is
there, quotas.Watch bounds a submission alone. Whatever fails here is no reason not to grade: it is said, and left.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["Home", "entering", "home", "made"]

ROOT = Path("/sys/fs/cgroup")
NEEDED, WELCOME = ("memory", "pids"), ("cpu",)
SPARE = 128 << 20  # bytes, for /tmp and /dev/shm, which are bounded by themselves, and the sandbox's own processes
ENTER = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 >"$1" || exit 125; shift; n=$((n - 1)); done; exec "$@"'
_numbers = itertools.count()


class Home(NamedTuple):
    """Where groups can be made: folders (one for version 2, one a controller for version 1), and a name of it."""

    name: str
    folders: tuple[Path, ...]


@functools.cache
def home() -> Home | None:
    """The best place for groups that works here."""
    for find in (_second, _scope, _first):
        with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
            found = find()
            if found and _works(found):
                _sweep(found)
                return found
    return None


@contextlib.contextmanager
def made(place: Home | None, memory: int, tasks: int) -> Iterator[list[Path]]:
    """A group with these limits, as the files by which a process enters it; afterwards it is removed."""
    if place is None:
        yield []
        return
    name = f"coursework-{os.getpid()}-{next(_numbers)}"
    folders = [folder / name for folder in place.folders]
    try:
        for folder in folders:
            folder.mkdir()
            _write(folder, ("memory.max", "memory.limit_in_bytes"), memory + SPARE)
            _write(folder, ("memory.swap.max",), 0)
            _write(folder, ("memory.memsw.limit_in_bytes",), memory + SPARE)
            _write(folder, ("memory.oom.group",), 1)
            _write(folder, ("pids.max",), tasks)
        yield [folder / "cgroup.procs" for folder in folders]
    finally:
        for folder in folders:
            _remove(folder)


def entering(files: list[Path], command: list[str]) -> list[str]:
    """The command that enters a group first."""
    return ["/bin/sh", "-c", ENTER, "sh", str(len(files)), *map(str, files), *command] if files else command


def _write(folder: Path, names: tuple[str, ...], value: int) -> None:
    """Set a limit in the first of these files that is there."""
    for name in names:
        if (folder / name).exists():
            (folder / name).write_text(str(value), encoding="ascii")
            return


def _remove(folder: Path) -> None:
    """Remove a group as soon as nobody is in it; whoever is there after a second is killed, if the kernel can."""
    begin = time.monotonic()
    while folder.is_dir() and time.monotonic() < begin + 3:
        with contextlib.suppress(OSError):
            folder.rmdir()
            return
        if time.monotonic() > begin + 1 and (folder / "cgroup.kill").exists():
            with contextlib.suppress(OSError):
                (folder / "cgroup.kill").write_text("1", encoding="ascii")
        time.sleep(0.002)


def _sweep(place: Home) -> None:
    """Remove what graders left that were killed."""
    for folder in (old for parent in place.folders for old in parent.glob("coursework-*-*")):
        owner = folder.name.split("-")[1]
        if not Path(f"/proc/{owner}").exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def _own() -> dict[str, str]:
    """The group of this process for each controller of version 1, and for "", version 2."""
    text = Path("/proc/self/cgroup").read_text(encoding="utf8")
    found = [line.split(":", 2) for line in text.splitlines()]
    return {name: path.lstrip("/") for _, names, path in found for name in names.split(",")}


def _second() -> Home | None:
    """Version 2: this process's folder, or the nearest above it, which hands memory and tasks down."""
    if not (ROOT / "cgroup.controllers").exists():
        return None
    own = ROOT / _own()[""]
    for folder in (own, *own.parents):
        if not folder.is_relative_to(ROOT):
            break
        if os.access(folder, os.W_OK) and set(NEEDED) <= set(_handed_down(folder)):
            with_cpu = [name for name in (*NEEDED, *WELCOME) if name in _handed_down(folder)]
            return Home(f"cgroup v2 ({', '.join(with_cpu)})", (folder,))
    return None


def _handed_down(folder: Path) -> list[str]:
    return (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()


def _scope() -> Home | None:
    """A scope of systemd for this process, which may then make groups within it."""
    if not (ROOT / "cgroup.controllers").exists() or not os.environ.get("XDG_RUNTIME_DIR"):
        return None
    manager = ["org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"]
    unit, mine = f"coursework-{os.getpid()}.scope", str(os.getpid())
    values = ["2", "PIDs", "au", "1", mine, "Delegate", "b", "true", "0"]
    ask = ["busctl", "--user", "call", *manager, "StartTransientUnit", "ssa(sv)a(sa(sv))", unit, "fail", *values]
    subprocess.run(ask, capture_output=True, check=True, timeout=5)
    end = time.monotonic() + 2
    while not _own()[""].endswith(unit):
        if time.monotonic() > end:
            return None
        time.sleep(0.01)
    own = ROOT / _own()[""]
    (own / "grader").mkdir()  # a group that hands down has no process of its own
    (own / "grader" / "cgroup.procs").write_text(mine, encoding="ascii")
    offered = (own / "cgroup.controllers").read_text(encoding="ascii").split()
    wanted = [name for name in (*NEEDED, *WELCOME) if name in offered]
    (own / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in wanted), encoding="ascii")
    return Home(f"a scope of systemd ({', '.join(wanted)})", (own,)) if set(NEEDED) <= set(wanted) else None


def _first() -> Home | None:
    """Version 1: a folder for each controller."""
    own, found = _own(), {}
    for name in (*NEEDED, *WELCOME):
        below = [ROOT / name / own.get(name, ""), ROOT / name]  # in a container the first may not be there
        there = [folder for folder in below if name in own and (folder / "cgroup.procs").exists()]
        if there and os.access(there[0], os.W_OK):
            found[name] = there[0]
    names = [name for name in (*NEEDED, *WELCOME) if name in found]
    folders = tuple(dict.fromkeys(found[name].resolve() for name in names))
    return Home(f"cgroup v1 ({', '.join(names)})", folders) if set(NEEDED) <= set(names) else None


def _works(place: Home) -> bool:
    """Whether a process can really enter a group there."""
    with made(place, 64 << 20, 16) as files:
        return not subprocess.run(entering(files, ["true"]), capture_output=True).returncode
