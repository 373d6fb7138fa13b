"""Who runs when: runs side by side, or one run alone, each in the order of asking, so that nobody waits for ever."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Turns"]


class Turns:
    """Many may run together, or one alone; whoever asked first comes first, so neither kind can starve the other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._running = 0
        self._alone = False

    @contextmanager
    def turn(self, *, alone: bool = False) -> Iterator[None]:
        """Wait for the turn and keep it: with others, or, with alone=True, while nobody else has one.

        Whoever has a turn must not ask for a second one.
        """
        me = object()
        with self._changed:
            self._waiting.append(me)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is me and not (self._running if alone else self._alone))
                self._running += 1
                self._alone = alone
            finally:
                self._waiting.remove(me)
                self._changed.notify_all()  # the next in the queue may perhaps run beside this one
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._alone = False
                self._changed.notify_all()
