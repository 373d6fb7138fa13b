"""No two runs share a core, and none waits for ever."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursework.running import cores

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no process can be held to a core here")


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Names that no other test, and no grader, uses."""
    number = 10**6 + os.getpid()
    monkeypatch.setattr(cores.os, "getuid", lambda: number)


def test_each_has_a_core_of_its_own():
    now, together, lock = [], [], threading.Lock()

    def one(_):
        with cores.claimed() as core:
            with lock:
                now.append(core)
                together.append(sorted(now))
            time.sleep(0.01)
            with lock:
                now.remove(core)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert all(len(set(some)) == len(some) for some in together)
    assert {core for some in together for core in some} <= os.sched_getaffinity(0)
    if len(os.sched_getaffinity(0)) > 1:
        assert max(map(len, together)) > 1


def test_another_grader_of_the_same_user_is_heeded(monkeypatch):
    monkeypatch.setattr(cores.os, "sched_getaffinity", lambda _: {0})
    code = f"import os\nos.getuid = lambda: {os.getuid()}\nos.sched_getaffinity = lambda _: {{0}}\n"
    code += "from coursework.running import cores\n"
    code += "with cores.claimed() as core:\n    print(core, flush=True)\n    input()\n"
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout.readline() == "0\n"
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(lambda: next(iter([cores.claimed().__enter__()])))
            time.sleep(0.1)
            assert not asked.done()
            other.communicate("\n")
            assert asked.result(10) == 0


def test_one_that_waits_too_long_goes_on(monkeypatch):
    monkeypatch.setattr(cores.os, "sched_getaffinity", lambda _: {0})
    begin = time.monotonic()
    with cores.claimed(), cores.claimed(patience=0.05) as core:
        assert core == 0
        assert 0.05 <= time.monotonic() - begin < 1


def test_what_is_started_is_held_to_the_core_and_this_thread_is_not():
    before = os.sched_getaffinity(0)
    core = max(before)
    with cores.started_on(core):
        ask = "import os; print(os.sched_getaffinity(0))"
        assert subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout == f"{{{core}}}\n"
    assert os.sched_getaffinity(0) == before
    with cores.started_on(None):
        assert os.sched_getaffinity(0) == before


def test_where_nothing_can_be_held_to_a_core(monkeypatch):
    monkeypatch.delattr(cores.os, "sched_getaffinity")
    with cores.claimed() as core:
        assert core is None
