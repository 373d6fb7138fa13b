"""Marks: all for the right, none for the wrong, and one bad statement costs no other problem."""

import re

import numpy as np
import pytest

from coursework.marking.judge import judge
from coursework.problem import Part, Problem
from coursework.running import sandbox
from coursework.running.sandbox import Limits

LIMITS, SECRET = Limits(seconds=2), "a secret of the tests"


def total(marks):
    return sum(mark.points for mark in marks)


def test_right_answers_written_twice(assignment):
    largest = sum(problem.points for problem in assignment.problems)
    for k in range(2):
        code = ["import numpy as np"] + [p.solutions(p.variant(SECRET))[k] for p in assignment.problems]
        marks, notes = judge(code, assignment.problems, SECRET, LIMITS)
        assert total(marks) == largest, [mark.lines() for mark in marks]
        assert notes == []


def test_wrong_answers_get_the_parts_they_should(assignment):
    for problem in assignment.problems:
        wrong = problem.wrongs(problem.variant(SECRET))[-1]
        marks, _ = judge(["import numpy as np", wrong.source], [problem], SECRET, LIMITS)
        assert marks[0].largest == problem.points
        for part in marks[0].parts:
            assert (part["points"] == 0) == (part["name"] in wrong.fails) == (part["ok"] is False)
            assert part["why"] == (wrong.message if part["name"] in wrong.fails else "right")


def test_a_problem_that_kills_the_process_costs_the_others_nothing(first):
    problems = first.problems
    code = ["import numpy as np"] + [p.solutions(p.variant(SECRET))[0] for p in problems]
    code.append(f"def {problems[0].name}(*a):\n    import os\n    os._exit(1)")
    marks, _ = judge(code, problems, SECRET, LIMITS)
    assert marks[0].points == 0
    assert "ended the process" in marks[0].parts[0]["why"]
    assert [part["ok"] for part in marks[0].parts] == [False] * len(marks[0].parts)
    assert total(marks[1:]) == sum(p.points for p in problems[1:])


def test_the_experiment_is_not_run_but_its_definitions_are_there(first):
    problem = first.problems[0]
    right = problem.solutions(problem.variant(SECRET))[0].replace(f"def {problem.name}", "def mine")
    code = ["import numpy as np", f"def {problem.name}(*arguments):\n    return mine(*arguments)"]
    for begin in ("while True:\n    pass\n", ""):
        experiment = f"{begin}{right}\nmine = print(mine)"
        marks, notes = judge(code, [problem], SECRET, LIMITS, unmarked=[experiment])
        assert (total(marks), notes) == (problem.points, [])
    marks, notes = judge(code, [problem], SECRET, LIMITS)
    assert total(marks) == 0
    assert marks[0].parts[0]["why"] == "NameError in code cell 2, line 2"


@pytest.fixture
def runs(monkeypatch):
    """What the judge asks for: (parts, options) of each run."""
    made, run = [], sandbox.run

    def kept(cells, problems, limits, **options):
        made.append(([(p["name"], p["first"]) for p in problems], options))
        return run(cells, problems, limits, **options)

    monkeypatch.setattr(sandbox, "run", kept)
    return made


def test_a_part_that_kills_the_process_costs_the_others_nothing(first, runs):
    """A call of the first part of the second problem ends the process."""
    two = first.problems[1]
    code = ["import numpy as np"] + [p.solutions(p.variant(SECRET))[0] for p in first.problems]
    counts = two.cases(SECRET, two.parts[0].name, "hidden")[0][0].tolist()
    code.append(f"right = {two.name}\ndef {two.name}(x):\n    import os")
    code[-1] += f"\n    if x.tolist() == {counts}: os._exit(7)\n    return right(x)"
    marks, notes = judge(code, first.problems, SECRET, LIMITS)
    assert [[part["ok"] for part in mark.parts] for mark in marks] == [[True, True], [False, True], [True, True]]
    assert notes == ["the code ended the process itself"]
    assert len(runs) <= 4


def test_what_a_neighbour_may_have_kept_from_its_time_is_asked_again_alone(first, runs, monkeypatch):
    """The first run finds the processor taken: calls that sleep here, and not when they are alone."""
    problem = first.problems[0]
    right = problem.solutions(problem.variant(SECRET))[0]
    slow = f"right = {problem.name}\ndef {problem.name}(*a):\n    import time\n    time.sleep(2)\n    return right(*a)"
    run = sandbox.run

    def taken(cells, problems, limits, *, alone=False, **options):
        outcome = run([*cells, "" if alone else slow], problems, limits, alone=alone, **options)
        outcome.late = not alone
        return outcome

    monkeypatch.setattr(sandbox, "run", taken)
    marks, _ = judge(["import numpy as np", right], [problem], SECRET, Limits(seconds=1))
    assert total(marks) == problem.points
    assert [options["alone"] for _, options in runs] == [False, True]


def test_nobody_waits_for_what_is_right_or_wrong_of_itself(first, runs):
    problem = first.problems[0]
    right = problem.solutions(problem.variant(SECRET))[0]
    judge(["import numpy as np", right], [problem], SECRET, LIMITS)
    judge([f"def {problem.name}(*a):\n    return 1"], [problem], SECRET, LIMITS)
    assert [options["alone"] for _, options in runs] == [False, False]


def test_a_slow_neighbour_of_a_cell_costs_no_constant(first, monkeypatch):
    problem = first.problems[0]
    right = problem.solutions(problem.variant(SECRET))[0].replace("):\n", "):\n    assert needed\n", 1)
    run = sandbox.run

    def taken(cells, problems, limits, *, alone=False, **options):
        seconds = "0.5" if alone else "3"
        outcome = run([cell.replace("SECONDS", seconds) for cell in cells], problems, limits, alone=alone, **options)
        outcome.late = not alone
        return outcome

    monkeypatch.setattr(sandbox, "run", taken)
    code = ["import numpy as np, time", "needed = time.sleep(SECONDS) or 1", right]
    marks, notes = judge(code, [problem], SECRET, Limits(seconds=1))
    assert (total(marks), notes) == (problem.points, [])


LEAK = """
import numpy as np, sys
def leaked(x):
    return "leaked" + "".join(f"{value:.3f}" for value in x), 1000 + int(x[0] * 1e5)
def leaky(which, x):
    text, number = leaked(x)
    return globals()["leak_" + which](text, number)
"""
LEAKS = {  # ways to say something of the arguments: through the value, its form, the error, or its place
    "text": "return text",
    "number": "return float(number)",
    "shape": "return np.zeros((0, number, number))",
    "length": "return [1.0] * number",
    "entries": "return np.eye(number % 10 + 1)",
    "keys": "return {text: 1, number: 2}",
    "type": "return type(text, (), {})()",
    "tuple-type": "return type(text, (tuple,), {})([1.0])",
    "error": "raise ValueError(text)",
    "type-of-an-error": "raise type(text, (ValueError,), {})(text)",
    "right": "raise type('right', (Exception,), {})('right')",
    "not-written": "raise type('NotImplementedError: all right', (Exception,), {})(text)",
    "a-built-in-type": "raise type('KeyError', (Exception,), {'__module__': 'builtins'})(text)",
    "text-of-an-error": "raise type('A', (Exception,), {'__str__': lambda self: text})()",
    "type-of-types": "raise type('M', (type,), {'__name__': text, '__mro__': (text,)})('A', (ValueError,), {})(text)",
    "group": "raise ExceptionGroup(text, [ValueError(text)])",
    "name": "raise NameError(text, name=text)",
    "place": "exec(compile('\\n' * number + 'raise ValueError', '<code cell 1>', 'exec'))",
    "cell": "exec(compile('raise ValueError', f'<code cell {number}>', 'exec'))",
    "exit-code": "import os; os._exit(number % 256)",
    "system-exit": "sys.exit(text)",
    "lines": """import os, json
    for fd in range(3, 20):
        for line in ({"note": text}, {"note": {"kind": text, "cell": 1, "line": number}}, text):
            try: os.write(fd, (json.dumps(line) + chr(10)).encode())
            except OSError: pass""",
}


class Leaky(Problem):
    """A part for each leak."""

    name = "leaky"
    parts = tuple(Part(name.replace("-", "_"), 1, "nothing is said") for name in LEAKS)

    def constants(self, rng, variant):
        return {}

    def case(self, variant, part, rng):
        return part, rng.random(50)

    def oracle(self, variant, which, x):
        return np.ones((2, 2)) if which in ("shape", "entries") else 1.0

    def wrongs(self, variant):
        return []


@pytest.fixture(scope="module")
def said():
    """What the student gets back of all leaks: notes, and the parts by name."""
    functions = [f"def leak_{name.replace('-', '_')}(text, number):\n    {body}" for name, body in LEAKS.items()]
    marks, notes = judge([LEAK, *functions], [Leaky()], SECRET, LIMITS)
    return notes, {part["name"]: part for part in marks[0].parts}


@pytest.mark.parametrize("name", LEAKS)
def test_nothing_of_the_hidden_calls_comes_back(name, said):
    """Whatever the code does, what is said of it are words of ours and lines of its own source."""
    notes, parts = said
    part = parts[name.replace("-", "_")]
    assert part["points"] == 0
    assert part["ok"] is False
    assert part["why"] not in ("right", "all right", "not written yet")
    assert name != "text" or part["why"] == "returned far more than was asked for"
    for text in (*notes, part["why"]):
        assert "leaked" not in text
        assert not re.search(r"\d{3,}", text), text


def test_who_answers_nothing_and_takes_all_the_time_is_asked_twice(first, monkeypatch):
    """A first run that was as long as it may be leaves no time for several more of that length."""
    asked = []

    def run(cells, problems, limits, **options):
        asked.append(problems)
        return sandbox.Outcome(seconds=limits.whole(sum(len(problem["calls"]) for problem in problems)))

    monkeypatch.setattr(sandbox, "run", run)
    judge(["while True: pass"], first.problems, SECRET)
    assert len(asked) == 2
