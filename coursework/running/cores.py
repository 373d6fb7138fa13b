"""A core of the processor for each run, so that what one submission makes of its own costs no other a thing.

A run is held to one core, which it cannot leave (seccomp denies that), and no other run gets it meanwhile, of this
grader or of another one of the same user: the name of a socket stands for a core, and goes with the process. So no
more runs are under way than there are cores. This needs no right and no cgroup.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import time
from collections.abc import Iterator

__all__ = ["claimed", "started_on"]

PATIENCE = 120.0  # seconds for which a core is waited for: longer than any run


@contextlib.contextmanager
def claimed(patience: float = PATIENCE) -> Iterator[int | None]:
    """Wait for a core that no other run has, and keep it; None where processes cannot be held to a core."""
    if not hasattr(os, "sched_getaffinity"):
        yield None
        return
    end = time.monotonic() + patience
    while True:
        cores = sorted(os.sched_getaffinity(os.getpid()))  # of the main thread, which no run changes
        for core in random.sample(cores, len(cores)):
            claim = socket.socket(socket.AF_UNIX)
            try:
                claim.bind(f"\0coursework of {os.getuid()}: core {core}")
            except OSError:
                claim.close()
                continue
            with claim:
                yield core
            return
        if time.monotonic() > end:  # somebody holds the names in spite
            yield random.choice(cores)
            return
        time.sleep(0.002)


@contextlib.contextmanager
def started_on(core: int | None) -> Iterator[None]:
    """What this thread starts meanwhile is held to the core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
