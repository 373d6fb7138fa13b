"""Runs a student's code where it can harm nobody: its own process, no network, no files but its own, and limits.

With bubblewrap (Linux): new namespaces, a file system of the Python installation alone, read-only, and 64 MB of memory
to write in. Where there is none: namespaces of processes and network by util-linux' unshare, or at the least limits of
time, memory and processes, and a warning that says what is missing.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

import seqlib
from coursework.patience import CELLS
from coursework.said import Outcome, hear
from coursework.turns import Turns

__all__ = ["USUAL", "Limits", "Outcome", "isolation", "run"]

GRADER = Path(__file__).resolve().parent
OURS = [str(GRADER), str(Path(seqlib.__file__).resolve().parent)]
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one run may use: `seconds` are for a call, and for a cell; 6 times as many for all cells together.

    After that only imports, definitions and constants of the notebook are run. The whole run may take what cells and
    calls may take: `whole(calls)`.

    Raises:  ValueError for seconds that are not positive
    """

    seconds: float = 10
    memory: int = 3000 * MEGABYTE
    files: int = 64 * MEGABYTE
    processes: int = 64
    output: int = 64 * MEGABYTE

    def __post_init__(self) -> None:
        if not 0 < self.seconds < 1e6:
            raise ValueError(f"seconds must be a positive number, got {self.seconds}")

    def whole(self, calls: int) -> float:
        """Seconds for a run of so many calls; code that catches the alarm is ended a little later."""
        return (CELLS + 1 + calls) * self.seconds + 5

    def rlimits(self, calls: int) -> dict[str, int]:
        """As the resource module names them."""
        return {
            "CPU": int(self.whole(calls)),
            "DATA": self.memory,
            "FSIZE": self.files,
            "NPROC": self.processes,
            "CORE": 0,
        }


USUAL = Limits()


WARNINGS = {
    "namespaces": "students' code can read and write the files that this user can",
    "limits only": "students' code can reach the network, and the files and processes of this user",
}


@functools.cache
def isolation() -> str:
    """The best there is: "bubblewrap", else "namespaces" or "limits only", these two with a warning.

    Raises:  PermissionError for root without bubblewrap, if another user could not read this Python
    """
    if _works(_bubblewrap()):
        return "bubblewrap"
    if os.getuid() == 0 and not all(_open_to_all(path) for path in (sys.base_prefix, sys.prefix, *OURS)):
        raise PermissionError(
            "without bubblewrap, root would have to run students' code as a user who cannot read this Python: install "
            "bubblewrap (Debian: apt install bubblewrap), or grade as an ordinary user"
        )
    found = "namespaces" if _works(_unshare()) else "limits only"
    warnings.warn(
        f"{WARNINGS[found]}: install bubblewrap (Debian: apt install bubblewrap), and grade only what you trust "
        "until then",
        stacklevel=2,
    )
    return found


def _works(command: list[str]) -> bool:
    """Whether a command before the command is there, and may do here what it does."""
    return bool(shutil.which(command[0])) and not subprocess.run([*command, "true"], capture_output=True).returncode


_RUNS = Turns()


def run(
    cells: list[str],
    problems: list[dict[str, Any]],
    limits: Limits,
    *,
    definitions_only: bool = False,
    alone: bool = False,
) -> Outcome:
    """Run the cells of a notebook and make the calls, in a process of their own.

    With alone=True it waits until no other run of this grader is under way, and holds the others back meanwhile: for
    a run that ended or lost calls for want of time, which a neighbour may have taken. The waiting is not counted.
    """
    with _RUNS.turn(alone=alone):
        return _run(cells, problems, limits, definitions_only)


def _run(cells: list[str], problems: list[dict[str, Any]], limits: Limits, definitions_only: bool) -> Outcome:
    calls = sum(len(problem["calls"]) for problem in problems)
    request = {
        "cells": cells,
        "problems": problems,
        "limits": limits.rlimits(calls),
        "uid": 200_000 + os.getpid() % 10_000 + _turn() if os.getuid() == 0 else None,
        "seconds": limits.seconds,
        "definitions_only": definitions_only,
    }
    outcome, begin = Outcome(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder, tempfile.TemporaryFile() as asked:
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        before = {"bubblewrap": _bubblewrap, "namespaces": _unshare, "limits only": list}[isolation()]
        command = [*before(), sys.executable, "-I", str(GRADER / "worker.py")]
        process = subprocess.Popen(
            command,
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(),
            start_new_session=True,
        )
        written, why = _collect(process, begin + limits.whole(calls), limits.whole(0), limits.output)
        if why is None and process.returncode:
            why = _death(process.returncode)
        outcome.ended = why
    hear(written, outcome, problems, cells)
    outcome.seconds = time.monotonic() - begin
    outcome.late |= outcome.ended is not None and outcome.seconds > limits.seconds
    return outcome


def _collect(process: subprocess.Popen[bytes], deadline: float, silence: float, most: int) -> tuple[bytes, str | None]:
    """Read until the end, the deadline, a long silence or too much; nothing of the process is left afterwards."""
    assert process.stdout is not None
    parts, size, why, heard = [], 0, None, time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while why is None:
            left = min(deadline, heard + silence) - time.monotonic()
            if left <= 0:
                why = "the code did not come to an end in time"
            elif selector.select(min(left, 0.5)):
                part = os.read(process.stdout.fileno(), MEGABYTE)
                if not part:
                    break
                parts.append(part)
                size, heard = size + len(part), time.monotonic()
                if size > most:
                    why = "the code wrote too much"
    if why is None:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            why = "the code did not come to an end in time"
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return b"".join(parts), why


def _death(code: int) -> str:
    number = -code if code < 0 else code - 128
    if number in (signal.SIGXCPU, signal.SIGKILL):
        return "the code was ended: too much processor time or memory"
    if number in set(signal.Signals):
        return f"the code was ended by signal {signal.Signals(number).name}"
    return "the code ended the process itself"  # its exit code could say something of the hidden calls


def _open_to_all(path: str) -> bool:
    """Whether everybody may go down to a folder."""
    place = Path(path).resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))


_turns = 0


def _turn() -> int:
    """A number for each run, so that runs side by side are different users."""
    global _turns
    _turns = (_turns + 1) % 50_000
    return 10_000 * _turns % 500_000 + _turns


def _environment() -> dict[str, str]:
    own = {"HOME": "/tmp", "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "LC_ALL": "C.UTF-8"}
    return own | dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONDONTWRITEBYTECODE"), "1")


def _bubblewrap() -> list[str]:
    """The command before the command. Only the system's libraries, Python, seqlib and the grader can be seen."""
    seen = ["/usr", "/bin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/alternatives"]
    seen += [sys.base_prefix, sys.prefix, *OURS, str(Path(numpy.__file__).parents[1])]
    command = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session"]
    if os.getuid() == 0:  # the worker becomes another user, and loses these rights with it
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(16 * MEGABYTE), "--perms", "1777", "--tmpfs", "/dev/shm"]
    command += ["--size", str(64 * MEGABYTE), "--perms", "1777", "--tmpfs", "/tmp"]
    # after /tmp, for the project may lie in it
    above = {folder for path in seen for folder in Path(path).parents} - {Path("/"), Path("/tmp")}
    for folder in sorted(above):
        command += ["--perms", "0755", "--dir", str(folder)]
    for path in dict.fromkeys(seen):
        command += ["--ro-bind-try", path, path]
    for hidden in filter(Path.is_dir, [GRADER / "problems"]):
        command += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    return [*command, "--chdir", "/tmp"]


def _unshare() -> list[str]:
    """The same where there is no bubblewrap: other processes and the network cannot be reached, files can."""
    own = [] if os.getuid() == 0 else ["--user", "--map-current-user"]
    return ["unshare", *own, "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--ipc", "--uts", "--"]
