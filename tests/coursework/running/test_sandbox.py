"""What a student's code can reach, and how much it may use. Every test is bounded by itself as well."""

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coursework.running import sandbox
from coursework.running.sandbox import Limits, run

LIMITS = Limits(seconds=2)


def f(body, **options):
    source = "def f(x):\n" + "\n".join("    " + line for line in body.split("\n"))
    outcome = run(
        [source], [{"name": "f", "calls": [[1.0]]}], options.get("limits", LIMITS), alone=options.get("alone", False)
    )
    return outcome.answers.get(("f", 0)), outcome.ended


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_limits_are_positive(seconds):
    with pytest.raises(ValueError, match="seconds must be a positive number"):
        Limits(seconds=seconds)


def test_answers_come_back():
    assert f("return x + 1") == ((2.0, None), None)


def test_a_run_alone_has_no_neighbour_and_says_the_same():
    """Four runs ask together, the third to be alone; from outside each is seen to begin and to end."""
    code = "import time\nbegin = time.monotonic()\ntime.sleep(0.2)\nreturn [begin, time.monotonic()]"
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(f, code, alone=k == 2) for k in range(4)]
        spans = [done.result()[0][0] for done in asked]
    begin, end = spans.pop(2)
    assert all(other_end <= begin or end <= other_begin for other_begin, other_end in spans)


def test_memory_processes_and_files_are_bounded():
    assert f("return len(bytearray(20_000_000_000))")[0] == (None, "MemoryError")
    body = "import os, time\nn = 0\ntry:\n    for n in range(200):\n        if os.fork() == 0:\n"
    body += "            time.sleep(5)\n            os._exit(0)\nexcept OSError:\n    pass\nreturn n"
    assert f(body)[0][0] < 100
    body = "try:\n    open('/tmp/big', 'wb').write(bytes(100_000_000))\nexcept OSError as e:\n    return 'stopped'"
    assert f(body)[0] == ("stopped", None)


def test_the_end_of_the_process_is_said():
    assert f("import os\nos._exit(3)") == (None, "the code ended the process itself")
    assert "SIGSEGV" in f("import ctypes\nctypes.string_at(0)")[1]
    assert f("import os\nif os.fork() == 0:\n    while True: pass\nos._exit(0)")[0] is None


def test_a_flood_is_cut():
    small = Limits(seconds=30, output=1 << 20)  # the time is not what is tried, on a busy machine either
    assert f("import numpy as np\nreturn np.zeros(10_000_000)", limits=small)[1] == "the code wrote too much"
    assert f("print('x' * 50_000_000)\nreturn 1", limits=Limits(seconds=30)) == ((1, None), None)


def test_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        got, _ = f(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=1)\nreturn 1")
    assert got[0] is None


def test_no_file_of_others(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    secret.chmod(0o644)
    assert "FileNotFoundError" in f(f"return open({str(secret)!r}).read()")[0][1]
    ours = [Path(place).resolve() for place in (__file__, sys.prefix, sys.base_prefix)]  # which the sandbox needs
    others = [p for p in ("/etc/passwd", "/home", "/var", "/srv") if not any(Path(p) in o.parents for o in ours)]
    got, _ = f(f"import os\nreturn [os.path.exists(p) for p in {others}]")
    assert got == ([False] * len(others), None)
    assert "/etc/passwd" in others


def test_no_other_process_and_no_rights():
    got, _ = f("import os\nreturn [len([p for p in os.listdir('/proc') if p.isdigit()]) < 5, os.getuid() != 0]")
    assert got == ([True, True], None)


def test_the_grader_is_the_one_that_asks_and_the_problems_are_not_there():
    code = "import os, coursework, coursework.values\nhome = os.path.dirname(coursework.__file__)\n"
    got, _ = f(code + "return [home, sorted(os.listdir(home + '/problems'))]")
    assert got == ([str(sandbox.GRADER), []], None)
    assert list((sandbox.GRADER / "problems").glob("*.py")), "outside they are there"
