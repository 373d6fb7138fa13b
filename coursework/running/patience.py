"""How long a student's code is waited for: an alarm that it can catch, one that it can not, and one below Python."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import time
from collections.abc import Callable, Iterator

__all__ = ["CELLS", "GRACE", "LOST", "OutOfTime", "Watch", "ran_and_waited", "waited"]

CELLS = 6  # times the seconds of a call may all cells of a notebook take together; each as long as a call
LOST = 0.1  # the share of its time without a processor from which on a run may be others' victim
GRACE = 1.5  # seconds for code that catches everything, and as many again for code that never comes back to Python


class OutOfTime(BaseException):
    """A statement or a call took too long."""


class Watch:
    """Ends what takes too long. `last_word` is called before the process is ended for want of another way."""

    def __init__(self, silent: int) -> None:
        """`silent` is an open file in which nobody reads."""
        self.silent, self.rings, self.waiting, self.began = silent, 0, False, (0.0, 0.0, 0.0)
        self.last_word: Callable[[], None] = lambda: None
        signal.signal(signal.SIGALRM, self.ring)

    @contextlib.contextmanager
    def __call__(self, seconds: float) -> Iterator[None]:
        """Raise OutOfTime inside after so many seconds; soon afterwards, end the process."""
        self.rings, self.waiting, self.began = 0, True, (time.monotonic(), time.process_time(), waited())
        with contextlib.suppress(RuntimeError):  # no more threads
            faulthandler.dump_traceback_later(seconds + 2 * GRACE, exit=True, file=self.silent)
        signal.setitimer(signal.ITIMER_REAL, seconds, GRACE / 3)
        try:
            yield
        finally:
            self.waiting = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()

    def ring(self, number: int, frame: object) -> None:
        """The alarm, which rings again until somebody listens."""
        if not self.waiting:
            return
        self.rings += 1
        if self.rings > 3:
            self.last_word()
            os._exit(3)
        raise OutOfTime

    def starved(self) -> bool:
        """Whether the code wanted the processor and did not get it for much of the time: others may be to blame.

        A loop has it, and a sleep does not want it.
        """
        wall, processor, wait = self.began
        gone = time.monotonic() - wall
        return time.process_time() - processor < 0.9 * gone and waited() - wait > LOST * gone


def waited(process: int | str = "self") -> float:
    """Seconds for which a process was ready and had no processor; where the kernel does not count them, all."""
    return ran_and_waited(process)[1]


def ran_and_waited(process: int | str = "self") -> tuple[float, float]:
    """Seconds of its first thread with a processor, and ready without one; where nobody counts them, none and all."""
    try:
        with open(f"/proc/{process}/schedstat", encoding="ascii") as file:
            ran, waited = file.read().split()[:2]
        return int(ran) / 1e9, int(waited) / 1e9
    except (OSError, ValueError):
        return 0.0, time.monotonic()
