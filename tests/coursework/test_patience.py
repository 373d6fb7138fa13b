"""The alarm; what it can not end is tried in test_worker, in a process that may be ended."""

import os
import signal
import time

import pytest

from coursework.patience import OutOfTime, Watch


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
    assert not watch.busy(), "who sleeps does not need the processor"
    with watch(0.1):
        pass
    time.sleep(0.2)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_code_that_does_not_listen_hears_it_again(watch):
    heard = []

    def deaf():
        try:
            time.sleep(5)
        except OutOfTime:
            heard.append(1)
        time.sleep(5)

    with pytest.raises(OutOfTime), watch(0.05):
        deaf()
    assert heard == [1]


def test_no_exception_of_a_students_is_out_of_time():
    assert not issubclass(OutOfTime, Exception)
