"""Runs a student's code where it can harm nobody: its own process, no network, no files but its own, and limits.

With bubblewrap (Linux): isolation.py says what can be seen, seccomp.py which calls of the kernel can be made, cores.py,
quotas.py and groups.py how much of the machine can be used. Where there is none nothing is run, unless one says each
time that it may: then there are namespaces of processes and network by util-linux' unshare, or at the least limits.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursework.running import cores, groups, protection, quotas
from coursework.running.isolation import GRADER, environment, unshare
from coursework.running.patience import CELLS, GRACE, LOST
from coursework.running.protection import described, isolation
from coursework.running.said import Outcome, hear
from coursework.running.turns import Turns

__all__ = ["USUAL", "Limits", "Outcome", "described", "isolation", "run"]

MEGABYTE = 1 << 20
WORKER = GRADER / "running/worker.py"


@dataclass(frozen=True)
class Limits:
    """What one run may use, all its processes together. `seconds` are for a call, and for a cell of the notebook.

    All cells together may take six times as long; after that only imports, definitions and constants are run. The run
    may take what cells and calls may take: `whole(calls)`.

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
        """Seconds for a run of so many calls; what no alarm ends is ended by then."""
        return (CELLS + 1 + calls) * self.seconds + 5

    def rlimits(self, calls: int) -> dict[str, int]:
        """As the resource module names them."""
        return {
            "CPU": int(self.whole(calls)),
            "DATA": self.memory,
            "FSIZE": self.files,
            "NOFILE": 128,  # the buffers of sockets are memory that belongs to no process
            "MSGQUEUE": 0,
            "SIGPENDING": 1000,
            "CORE": 0,
        } | ({"NPROC": self.processes} if _counts_by_sandbox() else {})


USUAL = Limits()


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

    Raises:  PermissionError without a sandbox, unless isolation(unsafe=True) was said
    """
    kind = protection.allowed()
    with _RUNS.turn(alone=alone), cores.claimed() as core:
        return _run(kind, core, cells, problems, limits, definitions_only)


def _run(
    kind: str,
    core: int | None,
    cells: list[str],
    problems: list[dict[str, Any]],
    limits: Limits,
    definitions_only: bool,
) -> Outcome:
    calls = sum(len(problem["calls"]) for problem in problems)
    request = {
        "cells": cells,
        "problems": problems,
        "limits": limits.rlimits(calls),
        "uid": _user() if os.getuid() == 0 else None,
        "seconds": limits.seconds,
        "definitions_only": definitions_only,
    }
    outcome, begin = Outcome(), time.monotonic()
    with contextlib.ExitStack() as stack:
        asked = stack.enter_context(tempfile.TemporaryFile())
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        command: list[str] = unshare() if kind == "namespaces" else []
        files: tuple[int, ...] = ()
        folder = "/"
        if kind == "bubblewrap":
            command, files = stack.enter_context(protection.filtered())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="grading-"))
        group = stack.enter_context(groups.made(groups.home(), limits.memory, limits.processes + quotas.MARGIN))
        command = groups.entering(group, [*command, sys.executable, "-P", str(WORKER)])
        with cores.started_on(core):
            process = subprocess.Popen(
                command,
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment(),
                pass_fds=files,
                start_new_session=True,
            )
        watch = quotas.Watch(process.pid, memory=limits.memory, tasks=limits.processes, seconds=limits.whole(calls) + 1)
        written, why = _collect(process, begin + limits.whole(calls), limits, watch)
        if why is None and process.returncode:
            why = _death(process.returncode)
        outcome.ended = why
        outcome.late = why is not None and time.monotonic() - begin > limits.seconds and watch.starved()
    hear(written, outcome, problems, cells)
    # a worker says that it was starved, and code in it can say so too: no more than was seen from here
    outcome.late &= watch.lost > LOST * limits.seconds
    outcome.seconds = time.monotonic() - begin
    return outcome


def _collect(
    process: subprocess.Popen[bytes], deadline: float, limits: Limits, watch: quotas.Watch
) -> tuple[bytes, str | None]:
    """Read until the end, the deadline, a long silence or too much; nothing of the process is left afterwards.

    Silence is long while cells run, of which nothing is said, and short once calls are made, each of which is told.
    """
    assert process.stdout is not None
    parts, size, why, open_, heard = [], 0, None, True, time.monotonic()
    silence = limits.whole(0)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while why is None and (open_ or process.poll() is None):
            if time.monotonic() > min(deadline, heard + silence):
                why = "the code did not come to an end in time"
            elif not open_:  # it may have closed its end, and work on
                time.sleep(0.005)
            elif selector.select(quotas.PERIOD):
                part = os.read(process.stdout.fileno(), MEGABYTE)
                parts.append(part)
                if b'"call"' in part:
                    silence = limits.seconds + 2 * GRACE + 3
                size, heard = size + len(part), time.monotonic()
                open_ = bool(part)
                if size > limits.output:
                    why = "the code wrote too much"
            why = why or watch.trouble()
    watch.end(wait=why is not None)
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


_turns = itertools.count()


def _user() -> int:
    """Another user for each run, so that no run can reach into one beside it. A container has few users to choose."""
    first, most = 200_000, 0
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/uid_map").read_text().splitlines():
            begin, _, number = map(int, line.split())
            most = max(most, begin + number)
    first, many = (first, 500_000) if most > 700_000 else (most // 2, max(1, most // 4))
    return first + (os.getpid() * 7919 + next(_turns)) % many


def _counts_by_sandbox() -> bool:
    """Whether the kernel's limit of processes counts those of one sandbox; before Linux 5.14, all of a user's."""
    if os.getuid() == 0:
        return True
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return version is not None and tuple(map(int, version.groups())) >= (5, 14)
