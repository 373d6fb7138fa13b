"""Runs side by side and runs alone. No test waits for longer than ten seconds."""

import threading
import time
from functools import partial

import pytest

from coursework.running.turns import Turns


class Watch:
    """Notes who runs beside whom."""

    def __init__(self):
        self.turns, self.lock = Turns(), threading.Lock()
        self.now, self.together, self.broken, self.order = [], 0, False, []

    def run(self, name, alone=False, seconds=0.005):
        with self.turns.turn(alone=alone):
            with self.lock:
                self.order.append(name)
                self.now.append(alone)
                self.together = max(self.together, len(self.now))
                self.broken |= any(self.now) and len(self.now) > 1
            time.sleep(seconds)
            with self.lock:
                self.now.remove(alone)


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.001)


def all_end(calls):
    """Make the calls side by side, in threads that hold nobody up if they wait in vain."""
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    until(lambda: not any(thread.is_alive() for thread in threads))


@pytest.fixture
def watch():
    return Watch()


def test_side_by_side_or_alone(watch):
    all_end([partial(watch.run, k, alone=k % 5 == 0) for k in range(60)])
    assert len(watch.order) == 60
    assert not watch.broken, "somebody ran beside a run that was to be alone"
    assert watch.together > 1, "runs that may be together were one after the other"


@pytest.mark.parametrize("first", [False, True])
def test_who_asked_first_comes_first(watch, first):
    """While one runs, others ask: a run alone is not overtaken by those who come after it, nor they by the next."""
    asked = [("a", not first), ("b", first), ("c", True), ("d", False), ("e", False), ("f", True), ("g", False)]
    go = threading.Event()

    def holder():
        with watch.turns.turn(alone=True):
            go.wait(10)

    threads = [threading.Thread(target=holder, daemon=True)]
    threads[0].start()
    until(lambda: watch.turns._running)
    for k, (name, alone) in enumerate(asked, start=1):
        threads.append(threading.Thread(target=watch.run, args=(name, alone), daemon=True))
        threads[-1].start()
        until(lambda k=k: len(watch.turns._waiting) == k)
    go.set()
    for thread in threads:
        thread.join(10)
    assert watch.order[:3] == ["a", "b", "c"]
    assert set(watch.order[3:5]) == {"d", "e"}
    assert watch.order[5:] == ["f", "g"]
    assert not watch.broken


@pytest.mark.parametrize("alone", [False, True])
def test_an_error_gives_the_turn_back(watch, alone):
    with pytest.raises(RuntimeError, match="of the run"), watch.turns.turn(alone=alone):
        raise RuntimeError("of the run")
    all_end([partial(watch.run, "alone", alone=True), partial(watch.run, "together")])


def test_whoever_gives_up_waiting_holds_nobody_up(watch, monkeypatch):
    """One waits in earnest, a second asks after it and gives up; a third asks later."""
    with watch.turns.turn(alone=True):
        threading.Thread(target=watch.run, args=("first",), daemon=True).start()
        until(lambda: len(watch.turns._waiting) == 1)
        with monkeypatch.context() as patch:
            patch.setattr(watch.turns._changed, "wait_for", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt), watch.turns.turn():
                pass
    until(lambda: watch.order == ["first"])
    threading.Thread(target=watch.run, args=("next", True), daemon=True).start()
    until(lambda: watch.order == ["first", "next"])
