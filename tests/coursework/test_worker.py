"""What the worker does with the statements of a notebook, and with calls."""

from coursework.sandbox import Limits, run

LIMITS = Limits(seconds=2)


def ask(*cells, calls=([1.0],), **options):
    return run(list(cells), [{"name": "f", "calls": list(calls)}], LIMITS, **options)


def test_statements_in_spite_of_each_other():
    outcome = ask("def f(x:\n", "1 / 0\ny = 5", "%time\n!ls\ndef f(x):\n    return x + y")
    assert outcome.answers == {("f", 0): (6.0, None)}
    assert any("SyntaxError" in note for note in outcome.notes)
    assert any("ZeroDivisionError" in note for note in outcome.notes)
    assert outcome.ended is None


def test_order_of_cells_does_not_matter():
    assert ask("z = y + 1", "y = 1", "def f(x):\n    return z").answers["f", 0] == (2, None)


def test_the_last_definition_counts():
    assert ask("def f(x):\n    return 1", "def f(x):\n    return 2").answers["f", 0] == (2, None)


def test_definitions_only_runs_no_statement():
    cells = ["import math\nN = 3\nraise SystemExit\nhere = print", "def f(x):\n    return N + math.floor(x)"]
    assert ask(*cells, definitions_only=True).answers["f", 0] == (4, None)


def test_each_call_has_its_answer():
    outcome = ask("def f(x):\n    return 1 / x", calls=([2.0], [0.0], [4.0]))
    assert [outcome.answers["f", i][0] for i in range(3)] == [0.5, None, 0.25]
    assert "ZeroDivisionError" in outcome.answers["f", 1][1]


def test_what_is_missing_or_no_answer_is_said():
    assert "not defined" in ask("pass").answers["f", 0][1]
    assert "no answer" in ask("def f(x):\n    return object()").answers["f", 0][1]
    assert "took more than 2 s" in ask("def f(x):\n    while True: pass").answers["f", 0][1]
    assert "KeyError" in ask("def f(x):\n    return {}['f']").answers["f", 0][1]


def test_many_slow_statements_leave_time_for_the_calls():
    slow = "import time\n" + "time.sleep(0.4)\n" * 100
    outcome = ask(slow, "N = 2", "def f(x):\n    return x + N")
    assert outcome.answers == {("f", 0): (3.0, None)}
    assert outcome.seconds < 8


def test_the_visible_check_is_not_run():
    assert ask("check('f', undefined)\ndef f(x):\n    return 1").notes == []
