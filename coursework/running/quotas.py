"""The limits of a submission as a whole, however many processes it is made of: a parent that watches.

Twenty times a second the processes below one are found, and what they use is added up: memory of their own or shared,
swapped out or not, with the tables that the kernel keeps for it; what may wait in sockets; processes and threads;
processor time; files in /tmp.
This works on every Linux, for every user. Shared memory that no process shows, the sandbox does not give (seccomp).
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from coursework.running.patience import LOST, ran_and_waited

__all__ = ["Watch"]

PERIOD = 0.05
MEGABYTE = 1 << 20
COUNTED = ("RssAnon", "RssShmem", "VmSwap", "VmPTE")  # of /proc/<process>/status, in kB
MOST_FILES = 20_000  # an empty one takes a kilobyte of the kernel's memory
MARGIN = 16  # tasks of the sandbox itself, and those that have ended but are not yet cleared away


class Watch:
    """Watches a process and all below it.

    Args:    memory in bytes, tasks (processes and threads), seconds of processor time: of all together
    """

    def __init__(self, process: int, *, memory: int, tasks: int, seconds: float) -> None:
        self.process, self.memory, self.tasks, self.seconds = process, memory, tasks, seconds
        self.began, self.used, self.lost = time.monotonic(), 0.0, 0.0
        self.seen: set[int] = set()
        self._next = 0.0

    def trouble(self) -> str | None:
        """What is used too much, if anything. Does nothing if it was asked a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return None
        memory = tasks = 0
        seconds = 0.0
        below, waits = list(family(self.process)), []
        for process in below:
            memory += _status(process, COUNTED)
            threads, used = _stat(process)
            tasks, seconds = tasks + threads, seconds + used
            ran, waited = ran_and_waited(process)
            waits.append(waited + ran)
        sockets = next(filter(None, map(_sockets, reversed(below))), 0) * _buffer()  # all see the same network
        memory += sockets
        self.used = seconds
        self.lost = max(self.lost, max(waits, default=0.0) - seconds)  # who waits for one of its own has lost nothing
        self.seen = set(below)
        self._next = time.monotonic() + PERIOD
        if memory > self.memory and sum(map(_proportional, below)) + sockets > self.memory:
            return f"the code was ended: all its processes took more than {self.memory // MEGABYTE} MB of memory"
        if tasks > self.tasks + MARGIN:
            return f"the code was ended: it was more than {self.tasks} processes and threads"
        if seconds > self.seconds:
            return "the code was ended: too much processor time or memory"
        if next(filter(None, map(_files, reversed(below))), 0) > MOST_FILES:  # all see the same /tmp
            return f"the code was ended: it made more than {MOST_FILES} files"
        return None

    def starved(self) -> bool:
        """Whether it wanted the processor and did not get it for much of the time: others may be to blame."""
        gone = time.monotonic() - self.began
        return self.used < 0.9 * gone and self.lost > LOST * gone

    def end(self, *, wait: bool) -> None:
        """Kill them all; wait until they are gone, for two seconds at most."""
        self.seen |= set(family(self.process)) if wait else set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        deadline = time.monotonic() + 2
        while wait and (self.seen - {self.process}) & set(_running(self.seen)) and time.monotonic() < deadline:
            time.sleep(0.005)


def family(process: int) -> Iterator[int]:
    """A process and all that descend from it."""
    waiting = [process]
    while waiting:
        parent = waiting.pop(0)
        yield parent
        with contextlib.suppress(OSError, ValueError):
            for task in os.listdir(f"/proc/{parent}/task"):
                waiting += map(int, _read(f"/proc/{parent}/task/{task}/children").split())


def _read(path: str) -> str:
    """A file of /proc; nothing if the process has gone, or is not ours to look at."""
    try:
        with open(path, encoding="utf8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _status(process: int, names: tuple[str, ...]) -> int:
    """The sum of these lines, in bytes."""
    lines = (line.split() for line in _read(f"/proc/{process}/status").splitlines())
    return sum(int(words[1]) * 1024 for words in lines if words and words[0].rstrip(":") in names)


def _proportional(process: int) -> int:
    """What a process uses, a page that several share counted in parts: slow, so asked only when it matters."""
    lines = (line.split() for line in _read(f"/proc/{process}/smaps_rollup").splitlines())
    found = [int(words[1]) * 1024 for words in lines if words and words[0] in ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")]
    tables = _status(process, ("VmPTE",))
    return sum(found) + tables if found else _status(process, COUNTED)


def _stat(process: int) -> tuple[int, float]:
    """How many threads a process has, and the processor time of it and of its children that have ended."""
    words = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    if len(words) < 18:
        return 0, 0.0
    return int(words[17]), sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")


def _sockets(process: int) -> int:
    """How many sockets are in the network that a process sees, if it is another one than ours."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        if os.readlink(f"/proc/{process}/ns/net") != os.readlink("/proc/self/ns/net"):
            return int(_read(f"/proc/{process}/net/sockstat").split()[2])  # sockets: used 2
    return 0


@functools.cache
def _buffer() -> int:
    """How many bytes may wait in a socket whose buffer nobody has enlarged."""
    return int(_read("/proc/sys/net/core/wmem_default") or 212_992)


def _files(process: int) -> int:
    """How many files are in the /tmp that a process sees, if it is another one than ours."""
    try:
        place = os.path.join(f"/proc/{process}/root", "tmp")
        if os.stat(place).st_dev == os.stat("/tmp").st_dev:
            return 0
        found = os.statvfs(place)
    except OSError:
        return 0
    return found.f_files - found.f_ffree


def _running(processes: set[int]) -> Iterator[int]:
    for process in processes:
        words = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
        if words and words[0] not in "ZX" and Path(f"/proc/{process}").exists():
            yield process
