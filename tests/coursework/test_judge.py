"""Marks: all for the right, none for the wrong, and one bad statement costs no other problem."""

from coursework.judge import judge
from coursework.sandbox import Limits

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
            assert (part["points"] == 0) == (part["name"] in wrong.fails)
            assert part["why"] == (wrong.message if part["name"] in wrong.fails else "right")


def test_a_problem_that_kills_the_process_costs_the_others_nothing(first):
    problems = first.problems
    code = ["import numpy as np"] + [p.solutions(p.variant(SECRET))[0] for p in problems]
    code.append(f"def {problems[0].name}(*a):\n    import os\n    os._exit(1)")
    marks, _ = judge(code, problems, SECRET, LIMITS)
    assert marks[0].points == 0
    assert "ended the process" in marks[0].parts[0]["why"]
    assert total(marks[1:]) == sum(p.points for p in problems[1:])


def test_the_experiment_is_not_run_but_its_definitions_are_there(first):
    problem = first.problems[0]
    right = problem.solutions(problem.variant(SECRET))[0].replace(f"def {problem.name}", "def mine")
    code = ["import numpy as np", f"def {problem.name}(*arguments):\n    return mine(*arguments)"]
    experiment = f"while True:\n    pass\n{right}\nmine = print(mine)"
    marks, notes = judge(code, [problem], SECRET, LIMITS, unmarked=[experiment])
    assert (total(marks), notes) == (problem.points, [])
    marks, notes = judge(code, [problem], SECRET, LIMITS)
    assert total(marks) == 0
    assert "NameError" in marks[0].parts[0]["why"]
