"""The alarm; what it can not end is tried in test_worker, in a process that may be ended."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from coursework.running import patience
from coursework.running.patience import OutOfTime, Watch


@pytest.fixture
def watch():
    before = signal.getsignal(signal.SIGALRM)
    nothing = os.open(os.devnull, os.O_WRONLY)
    yield Watch(nothing)
    signal.signal(signal.SIGALRM, before)
    os.close(nothing)


def test_what_takes_too_long_is_ended_and_nothing_afterwards(watch):
    begin = time.monotonic()
    with pytest.raises(OutOfTime), watch(0.1):
        time.sleep(5)
    assert time.monotonic() - begin < 2
    assert not watch.starved(), "who sleeps does not want the processor"
    with watch(0.1):
        pass
    time.sleep(0.2)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_who_shares_a_core_is_starved_and_who_has_it_is_not(watch):
    def loop():
        with contextlib.suppress(OutOfTime), watch(0.6):
            while True:
                pass
        return watch.starved()

    core = {min(os.sched_getaffinity(0))}
    before = os.sched_getaffinity(0)
    hog = "import time\nend = time.monotonic() + 20\nwhile time.monotonic() < end: pass"
    os.sched_setaffinity(0, core)
    try:
        hogs = [subprocess.Popen([sys.executable, "-c", hog]) for _ in range(2)]
        time.sleep(0.3)
        assert loop()
    finally:
        for process in hogs:
            process.kill()
            process.wait()
        os.sched_setaffinity(0, before)
    assert any(not loop() for _ in range(15)), "once in fifteen tries a core is free enough"


@pytest.mark.parametrize(("used", "lost", "starved"), [(9.5, 5.0, False), (5.0, 5.0, True), (5.0, 0.5, False)])
def test_starved_is_who_waited_for_much_of_ten_seconds_and_ran_for_less_than_nine(
    watch, monkeypatch, used, lost, starved
):
    watch.began = (100.0, 20.0, 3.0)
    monkeypatch.setattr(patience.time, "monotonic", lambda: 110.0)
    monkeypatch.setattr(patience.time, "process_time", lambda: 20.0 + used)
    monkeypatch.setattr(patience, "waited", lambda: 3.0 + lost)
    assert watch.starved() is starved


def test_code_that_does_not_listen_hears_it_again(watch):
    heard = []

    def deaf():
        try:
            time.sleep(5)
        except OutOfTime:
            heard.append(1)
        time.sleep(2)  # the last of all alarms, which ends the process, comes later

    with pytest.raises(OutOfTime), watch(0.05):
        deaf()
    assert heard == [1]


def test_no_exception_of_a_students_is_out_of_time():
    assert not issubclass(OutOfTime, Exception)
