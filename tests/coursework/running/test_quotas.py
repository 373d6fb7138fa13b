"""A submission as a whole has bounds, however many processes it is made of. Each attack ends by itself in seconds."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursework.running import groups, quotas, sandbox
from coursework.running.quotas import MEGABYTE, Watch
from coursework.running.sandbox import Limits, run

SMALL = Limits(seconds=4, memory=400 * MEGABYTE)
CALLS = [{"name": "f", "calls": [[1.0]]}]
HONEST = "import time\ndef f(x):\n    begin = time.process_time()\n    while time.process_time() < begin + 0.3: pass\n"
HONEST += "    return 2 * x\n"
HOG = "import os, time\nend = time.monotonic() + 5\nfor k in range(58):\n    if os.fork() == 0:\n"
HOG += "        while time.monotonic() < end: pass\n        os._exit(0)\nwhile time.monotonic() < end: pass\n"


def attack(body, limits=SMALL):
    return run([body + "\ndef f(x): return 1.0\n"], CALLS, limits)


@pytest.fixture(params=["with a cgroup", "without"])
def bounded_by(request, monkeypatch):
    """What a submission is bounded by: the kernel and the watch, or the watch alone."""
    if request.param == "without":
        monkeypatch.setattr(groups, "home", lambda: None)
    elif groups.home() is None:
        pytest.skip("no cgroup may be made here")
    return request.param


MANY = "import os, time\nfor k in range(8):\n    if os.fork() == 0:\n        x = b'x' * 100_000_000\n"
MANY += "        time.sleep(3)\n        os._exit(0)\ntime.sleep(3)\n"
CLOSED = "import os\nos.closerange(3, 200)\n"  # what it says to the grader included
ORPHANS = "import os\nfor k in range(2):\n    if os.fork() == 0:\n        os.fork() and os._exit(0)\n        break\n"


def test_memory_of_many_processes_counts_together(bounded_by):
    body = MANY if bounded_by == "without" else CLOSED + ORPHANS + MANY
    outcome = attack(body)
    assert re.search("took more than 400 MB of memory|too much processor time or memory", outcome.ended)
    assert outcome.seconds < 3 + 4 * (os.getloadavg()[0] > 4), "it was left to itself"


def test_honest_children_that_share_memory_are_not_counted_twice():
    body = "import os, time\nx = bytearray(150_000_000)\nfor k in range(6):\n    if os.fork() == 0:\n"
    body += "        time.sleep(0.3)\n        os._exit(0)\ntime.sleep(0.4)\n"
    assert attack(body).answers["f", 0] == (1.0, None)


SOCKETS = "import os, socket, time\nfor k in range(20):\n    if os.fork() == 0:\n"
SOCKETS += "        kept = [socket.socketpair() for _ in range(50)]\n        time.sleep(3)\n        os._exit(0)\n"
SOCKETS += "time.sleep(3)\n"


def test_what_may_wait_in_sockets_is_counted(monkeypatch):
    """2,000 sockets may hold 400 MB that no process shows; here nothing is put into them."""
    monkeypatch.setattr(groups, "home", lambda: None)
    assert "took more than 400 MB of memory" in attack(SOCKETS).ended


def test_sockets_that_others_have_are_not_counted():
    assert quotas._sockets(os.getpid()) == 0
    assert 50_000 < quotas._buffer() < 5_000_000


def test_files_without_content_are_counted(monkeypatch):
    monkeypatch.setattr(quotas, "MOST_FILES", 2000)
    body = "import time\nfor k in range(3000): open(f'/tmp/{k}', 'w').close()\ntime.sleep(0.5)\n"
    assert attack(body).ended == "the code was ended: it made more than 2000 files"


def test_memory_to_write_in_is_bounded():
    body = (
        "def f(x):\n    n = 0\n    for folder in ('/tmp', '/dev/shm'):\n        try:\n            for k in range(40):\n"
    )
    body += "                open(f'{folder}/{k}', 'wb').write(bytes(4_000_000))\n                n += 4\n"
    body += "        except OSError: pass\n    return n\n"
    assert run([body], CALLS, SMALL).answers["f", 0][0] <= 80


def test_processor_time_counts_together():
    """That of children that run, and of those that have ended."""
    code = "import time\nwhile time.process_time() < 0.3: pass\n"
    used = [quotas._stat(os.getpid())[1]]
    with subprocess.Popen(
        [sys.executable, "-S", "-c", code + "print(flush=True)\ninput()"], stdin=-1, stdout=-1
    ) as loop:
        loop.stdout.readline()
        used.append(sum(quotas._stat(process)[1] for process in quotas.family(os.getpid())))
        loop.communicate(b"\n")
    used.append(quotas._stat(os.getpid())[1])
    assert used[1] - used[0] > 0.25
    assert used[2] - used[0] > 0.25
    watch = Watch(os.getpid(), memory=10**12, tasks=10**6, seconds=used[0])
    assert watch.trouble() == "the code was ended: too much processor time or memory"


def test_threads_are_tasks():
    watch = Watch(os.getpid(), memory=10**12, tasks=30, seconds=10**6)
    release = []
    with ThreadPoolExecutor(80) as pool:
        waiting = [pool.submit(lambda: [time.sleep(0.01) for _ in iter(lambda: not release, False)]) for _ in range(80)]
        try:
            assert watch.trouble() == "the code was ended: it was more than 30 processes and threads"
        finally:
            release.append(True)
    assert all(done.done() for done in waiting)


def test_it_looks_no_more_than_twenty_times_a_second(monkeypatch):
    watch = Watch(os.getpid(), memory=1, tasks=1, seconds=1e9)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)  # however long others keep the core
    assert watch.trouble()
    assert watch.trouble() is None


def test_58_busy_loops_cost_a_neighbour_nothing():
    """Each of the loops would get as much of a core as the honest one: 0.3 s would last 9 s, on two cores."""
    limits = Limits(seconds=5)
    with ThreadPoolExecutor(2) as pool:
        hog = pool.submit(attack, HOG, limits)
        time.sleep(0.3)
        honest = [pool.submit(run, [HONEST], CALLS, limits).result() for _ in range(2)]
        hog.result()
    assert [outcome.answers.get(("f", 0)) for outcome in honest] == [(2.0, None)] * 2


def test_the_end_is_for_all_of_them():
    command = ["sh", "-c", "sleep 20 & echo; wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        process.stdout.readline()
        below = list(quotas.family(process.pid))
        try:
            Watch(process.pid, memory=1, tasks=1, seconds=1).end(wait=True)
            assert process.wait(2) == -9
            assert list(quotas._running(set(below))) == []
        finally:
            process.kill()


def test_nothing_is_left_of_a_run():
    body = "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    body += "for k in range(5):\n    if os.fork() == 0:\n        time.sleep(30)\nos.closerange(3, 200)\nos._exit(0)"
    attack(body)
    attack(MANY)
    place = groups.home()
    assert list(quotas.family(os.getpid()))[1:] == []
    assert not [f for folder in (place.folders if place else ()) for f in folder.glob(f"coursework-{os.getpid()}-*")]


def test_an_ordinary_run_is_not_disturbed(bounded_by):
    outcome = run(
        ["import numpy as np\nfrom threading import Thread\ndef f(x): return x + 1"], CALLS * 20, sandbox.USUAL
    )
    assert outcome.ended is None
    assert outcome.answers["f", 0] == (2.0, None)


def test_who_is_starved_by_others_is_told_from_a_hog():
    """Four loops on one core: of one submission they take no time from themselves, of two each is starved."""
    core = min(os.sched_getaffinity(0))
    loop = f"import os, time\nos.sched_setaffinity(0, {{{core}}})\nfor k in range(2): os.fork()\n"
    loop += "end = time.monotonic() + 10\nwhile time.monotonic() < end: pass"
    limits = {"memory": 10**9, "tasks": 64, "seconds": 60}

    def watched(programs):
        processes = [subprocess.Popen([sys.executable, "-c", loop], start_new_session=True) for _ in range(programs)]
        watches = [Watch(process.pid, **limits) for process in processes]
        end = time.monotonic() + 1.2
        while time.monotonic() < end:
            assert not any(watch.trouble() for watch in watches)
            time.sleep(0.02)
        said = [watch.starved() for watch in watches]
        for watch, process in zip(watches, processes, strict=True):
            watch.end(wait=True)
            process.wait()
        return said

    assert watched(2) == [True, True]
    assert any(not watched(1)[0] for _ in range(12)), "once in twelve tries a core is free enough"


@pytest.mark.parametrize(("used", "lost", "starved"), [(9.5, 5.0, False), (5.0, 5.0, True), (5.0, 0.5, False)])
def test_starved_is_who_waited_for_much_of_ten_seconds_and_ran_for_less_than_nine(used, lost, starved):
    watch = Watch(1, memory=10**12, tasks=64, seconds=60)
    watch.began, watch.used, watch.lost = time.monotonic() - 10, used, lost
    assert watch.starved() is starved


@pytest.mark.parametrize(("waited", "lost"), [(0.0, 0.0), (1.0, 0.0), (3.0, 2.0)])
def test_who_waits_for_one_of_its_own_has_lost_nothing(monkeypatch, waited, lost):
    """Two processes that ran for a second each, one after the other, and waited besides."""
    monkeypatch.setattr(quotas, "family", lambda process: [1, 2])
    monkeypatch.setattr(quotas, "_stat", lambda process: (1, 1.0))
    monkeypatch.setattr(quotas, "ran_and_waited", lambda process: (1.0, waited))
    watch = Watch(1, memory=10**12, tasks=64, seconds=60)
    assert watch.trouble() is None
    assert watch.lost == lost


FORGED = "import os\nfor number in range(3, 12):\n    try:\n"
FORGED += '        os.write(number, b\'{"note": {"kind": "slow", "starved": true}}\\n\')\n    except OSError: pass\n'


@pytest.mark.parametrize(("waited", "late"), [(0.0, False), (1e6, True)])
def test_that_it_was_starved_is_believed_where_it_was_seen(monkeypatch, waited, late):
    """Whoever is believed is run again while all the others wait."""
    monkeypatch.setattr(quotas, "ran_and_waited", lambda process: (0.0, waited))
    assert attack(FORGED).late is late
