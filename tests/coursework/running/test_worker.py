"""What the worker does with the statements of a notebook, and with calls."""

import textwrap

from coursework.running.sandbox import Limits, run

LIMITS = Limits(seconds=2)


def ask(*cells, calls=([1.0],), **options):
    return run(list(cells), [{"name": "f", "calls": list(calls)}], LIMITS, **options)


def test_statements_in_spite_of_each_other():
    outcome = ask("def f(x:\n", "1 / 0\ny = 5", "%time\n!ls\ndef f(x):\n    return x + y")
    assert outcome.answers == {("f", 0): (6.0, None)}
    assert outcome.notes == ["SyntaxError in code cell 1, line 1", "ZeroDivisionError in code cell 2, line 1"]
    assert outcome.ended is None


def test_order_of_cells_does_not_matter_and_the_last_definition_counts():
    assert ask("z = y + 1", "y = 1", "def f(x):\n    return 0", "def f(x):\n    return z").answers["f", 0] == (2, None)


def test_definitions_only_runs_no_statement():
    cells = ["import math\nN = 3\nraise SystemExit\nhere = print", "def f(x):\n    return N + math.floor(x)"]
    assert ask(*cells, definitions_only=True).answers["f", 0] == (4, None)


def test_each_call_has_its_answer_and_the_place_of_its_error():
    outcome = ask("y = 1\ndef f(x):\n    return 1 / x", calls=([2.0], [0.0], [4.0]))
    assert [outcome.answers["f", i] for i in range(3)] == [(0.5, None), (None, "ZeroDivisionError"), (0.25, None)]
    assert outcome.places == {("f", 1): (1, 3)}


def test_what_is_missing_or_no_answer_is_said():
    source = """
def f(x):
    if x == 1: return object()
    if x == 2: return {}["f"]
    if x == 3: return 10**5000
    if x == 4: raise type("right", (OSError,), {})("right")
    if x == 5: raise type("LookupError", (Exception,), {"__module__": "builtins"})("right")
    if x == 6: raise NotImplementedError("right")
    if x == 7: return undefined
    return "x" * 10_000
"""
    request = {"name": "f", "calls": [[float(x)] for x in range(1, 9)], "room": 1000}
    answers = run([source], [request, {"name": "g", "calls": [[]]}], LIMITS).answers
    kinds = [
        "unsuitable",
        "KeyError",
        "unsuitable",
        "OSError",
        "Exception",
        "NotImplementedError",
        "NameError",
        "large",
    ]
    assert [answers["f", i] for i in range(8)] == [(None, kind) for kind in kinds]
    assert answers["g", 0] == (None, "missing")


def test_a_slow_call_ends_its_part_and_no_other():
    source = "import time\ndef f(x):\n    if x == 1: time.sleep(100)\n    return x"
    parts = [{"name": "f", "first": first, "calls": [[1.0 + first], [2.0], [2.0]]} for first in (0, 3)]
    outcome = run([source], parts, Limits(seconds=0.5))
    assert [outcome.answers["f", i][1] for i in range(6)] == ["slow", "skipped", "skipped", None, None, None]
    assert not outcome.late, "a sleep wants no processor, so nobody took it"


def test_an_answer_that_is_far_too_large_ends_its_part_and_no_other():
    """To write it down may take as long as a call may take, each time."""
    source = "def f(x):\n    return [None] * 5000 if x == 1 else x"
    parts = [{"name": "f", "first": first, "calls": [[1.0 + first], [2.0]], "room": 1000} for first in (0, 2)]
    outcome = run([source], parts, LIMITS)
    assert [outcome.answers["f", i][1] for i in range(4)] == ["large", "skipped", None, None]
    assert not outcome.late


def test_code_that_catches_every_alarm_is_ended_and_said_to_be_slow():
    deaf = "__import__('time').sleep(9)"
    for _ in range(3):  # an alarm may come while one is caught
        deaf = "while True:\n    try:\n" + textwrap.indent(deaf, " " * 8) + "\n    except BaseException: pass"
    source = "def f(x):\n" + textwrap.indent(deaf, " " * 4)
    outcome = run([source], [{"name": "f", "calls": [[1.0]] * 2}], Limits(seconds=1))
    assert outcome.answers == {("f", 0): (None, "slow")}
    assert outcome.ended == "the code ended the process itself"


def test_code_that_never_comes_back_to_python_is_ended():
    outcome = ask("def f(x):\n    import itertools\n    sum(itertools.repeat(1))", calls=([1.0], [1.0]))
    assert (outcome.answers, outcome.begun) == ({}, ("f", 0))
    assert outcome.seconds < LIMITS.whole(0), "sooner than by a silence"


def test_calls_get_the_time_that_is_stated():
    """Four calls that take 0.7 of what one may take: more than twice the limit together."""
    source = "import time\ndef f(x):\n    time.sleep(0.7)\n    return x"
    outcome = run([source], [{"name": "f", "calls": [[1.0]] * 4}], Limits(seconds=1))
    assert [outcome.answers["f", i] for i in range(4)] == [(1.0, None)] * 4


def test_many_slow_statements_leave_time_for_the_calls():
    slow = "import time\n" + "time.sleep(0.4)\n" * 100
    outcome = ask(slow, "N = 2", "def f(x):\n    return x + N")
    assert outcome.answers == {("f", 0): (3.0, None)}
    assert outcome.seconds < 8
    assert len(outcome.notes) == 1


def test_the_visible_check_is_not_run():
    assert ask("check('f', undefined)\ndef f(x):\n    return 1").notes == []


def test_a_process_that_forges_gains_nothing():
    """It may write answers of its own, before and after; they are such as it could have returned."""
    forge = """
import os, json
def f(x):
    for fd in range(3, 12):
        try:
            os.write(fd, b'{"note": {"kind": "hidden 77", "cell": 1, "line": 77}}\\n' * 25_000)
            os.write(fd, b'{"problem": "f", "call": 0, "value": 5, "error": null, "points": 99, "ok": true}\\n')
            os.write(fd, b'{"problem": "f", "call": 9, "value": 5, "error": null}\\n{"problem": "g", "call": 0}\\n')
        except OSError: pass
    return x
"""
    outcome = ask(forge)
    assert set(outcome.answers) <= {("f", 0)}
    assert outcome.notes == ["Exception"]
