"""How long a student's code is waited for: an alarm that it can catch, one that it can not, and one below Python."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import time
from collections.abc import Callable, Iterator

__all__ = ["CELLS", "OutOfTime", "Watch"]

CELLS = 6  # times the seconds of a call may all cells of a notebook take together; each as long as a call
GRACE = 1.5  # seconds for code that catches everything, and as many again for code that never comes back to Python


class OutOfTime(BaseException):
    """A statement or a call took too long."""


class Watch:
    """Ends what takes too long. `last_word` is called before the process is ended for want of another way."""

    def __init__(self, silent: int) -> None:
        """`silent` is an open file in which nobody reads."""
        self.silent, self.rings, self.waiting, self.began = silent, 0, False, (0.0, 0.0)
        self.last_word: Callable[[], None] = lambda: None
        signal.signal(signal.SIGALRM, self.ring)

    @contextlib.contextmanager
    def __call__(self, seconds: float) -> Iterator[None]:
        """Raise OutOfTime inside after so many seconds; soon afterwards, end the process."""
        self.rings, self.waiting, self.began = 0, True, (time.monotonic(), time.process_time())
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

    def busy(self) -> bool:
        """Whether the code itself had the processor nearly all of the time, so that no other process is to blame."""
        wall, processor = self.began
        return time.process_time() - processor >= 0.9 * (time.monotonic() - wall)
