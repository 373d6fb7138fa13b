"""Every family: right answers get all, known wrong ones nothing undeserved, and each secret asks something else."""

import copy
import functools
import itertools

import pytest

from coursework.problem import Answer, edited, generator, run_source, verdict
from coursework.trouble import Trouble


def parts(problem, secret, purpose="hidden"):
    """(part, calls, expected, mistakes) of each part."""
    return copy.deepcopy(drawn(problem, secret, purpose))  # what is called may write into what it is given


@functools.cache
def drawn(problem, secret, purpose):
    """The same, drawn once for all tests: the mistakes take longer than the answers that are tried."""
    return [
        (
            part,
            problem.cases(secret, part.name, purpose),
            problem.expected(secret, part.name, purpose),
            problem.mistakes(secret, part.name, purpose),
        )
        for part in problem.parts
    ]


@pytest.mark.parametrize("purpose", ["visible", "hidden"])
def test_right_answers_get_all(problem, purpose, secrets):
    for secret in secrets:
        solutions = problem.solutions(problem.variant(secret))
        assert len(set(solutions)) >= 2
        assert "### BEGIN SOLUTION" in solutions[0]
        for source, (part, calls, expected, mistakes) in itertools.product(solutions, parts(problem, secret, purpose)):
            right, why = verdict(expected, run_source(source, problem.name, calls), mistakes)
            assert right, (secret, part.name, why)


@pytest.mark.parametrize("purpose", ["visible", "hidden"])
def test_wrong_answers_get_nothing_and_are_told_why(problem, purpose, secrets):
    for secret in secrets:
        wrongs = problem.wrongs(problem.variant(secret))
        assert len({wrong.label for wrong in wrongs}) >= 6
        for wrong, (part, calls, expected, mistakes) in itertools.product(wrongs, parts(problem, secret, purpose)):
            right, why = verdict(expected, run_source(wrong.source, problem.name, calls), mistakes)
            where = f"{wrong.label} in {part.name!r} of {secret!r}"
            if part.name in wrong.fails:
                assert not right, f"{where} is not caught"
                assert why == wrong.message, f"{where} is told: {why}"
            else:
                assert right, f"{where} should pass: {why}"


def test_another_secret_asks_another_question(problem, secrets):
    for one, other in itertools.permutations(secrets[:8], 2):
        source = problem.solutions(problem.variant(one))[0]
        assert problem.text(problem.variant(one)) != problem.text(problem.variant(other))
        for part, calls, expected, mistakes in parts(problem, other):
            right, _ = verdict(expected, run_source(source, problem.name, calls), mistakes)
            assert not right, f"the solution of another secret passes {part.name!r}"


def test_hidden_calls_are_other_data(problem):
    for part in problem.parts:
        seen, hidden = (problem.cases("autumn 2026", part.name, purpose) for purpose in ("visible", "hidden"))
        assert repr(seen) != repr(hidden)


def test_float32_is_good_enough(problem, secrets):
    low = (
        "def _low(v):\n"
        "    if isinstance(v, (list, tuple)): return type(v)(_low(x) for x in v)\n"
        "    if isinstance(v, (float, np.floating)): return np.float32(v)\n"
        "    return v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype.kind == 'f' else v\n"
        f"_exact = {problem.name}\n"
        f"def {problem.name}(*arguments):\n    return _low(_exact(*(_low(a) for a in arguments)))\n"
    )
    for secret in secrets:
        for source, found in itertools.product(problem.solutions(problem.variant(secret)), parts(problem, secret)):
            part, calls, expected, mistakes = found
            right, why = verdict(expected, run_source(f"{source}\n{low}", problem.name, calls), mistakes)
            assert right, (secret, part.name, why)


def test_mistakes_of_the_drawn_forms_are_known(problem, secrets):
    for secret in secrets:
        variant = problem.variant(secret)
        labels = {wrong.label for wrong in problem.wrongs(variant)}
        assert len(labels) >= 10
        for table in problem.forms:
            assert labels.issuperset(mistake.label for mistake in getattr(getattr(variant, table), "mistakes", []))


def test_points_of_an_assignment_fit_its_time(assignment):
    assert 3 <= len(assignment.problems) + 1 <= 5
    names = [problem.name for problem in assignment.problems] + [assignment.experiment.name]
    assert len(set(names)) == len(names)


def test_generator_depends_on_every_word():
    assert generator("a", "b").integers(1 << 60) != generator("ab").integers(1 << 60)
    assert generator("a", "b").integers(1 << 60) == generator("a", "b").integers(1 << 60)


def test_edited_wants_each_piece_once():
    assert edited("a + b", ("+", "-")) == "a - b"
    with pytest.raises(ValueError, match="stands 2 times"):
        edited("a + a", ("a", "b"))


def test_verdict_names_the_known_mistake_or_what_is_seen():
    twice = [("You doubled it.", [Answer(2.0), Answer(4.0)])]
    assert verdict([1.0, 2.0], [Answer(1.0), Answer(2.0)], twice) == (True, "right")
    assert verdict([1.0, 2.0], [Answer(2.0), Answer(4.0)], twice) == (False, "You doubled it.")
    assert verdict([1.0, 2.0], [Answer(1.0), Answer(3.0)], twice) == (False, "the number is wrong")
    failed = Answer(error=Trouble("TypeError", 2, 7))
    assert verdict([1.0, 2.0], [failed, Answer(4.0)], twice) == (False, "TypeError in code cell 2, line 7")
    raises = [("You raise it.", [Answer(error=Trouble("TypeError")), Answer(4.0)])]
    assert verdict([1.0, 2.0], [failed, Answer(4.0)], raises) == (False, "You raise it.")
    assert verdict([1.0, 2.0], [Answer(error=Trouble("ValueError")), Answer(4.0)], raises) == (False, "ValueError")
    assert verdict([1.0, 2.0], [Answer(1.0), Answer()], raises)[1].startswith("nothing was returned")


def test_a_verdict_is_no_text():
    """Whatever an error is called, and whatever it reads."""
    for kind in ("right", "all right", "not written yet", "NotImplementedError: x", "", "True"):
        for said in ("", "right", "not written yet"):
            right, why = verdict([1.0], [Answer(error=Trouble(kind, said=said))], [])
            assert right is False
            assert why == (said or kind)
    assert verdict([1.0], [Answer(error=Trouble("NotImplementedError"))], []) == (False, "not written yet")


def test_errors_of_known_mistakes_are_of_the_kinds_that_are_told():
    source = "def f(x):\n    np.linalg.inv(np.zeros((2, 2)))"
    assert [answer.error.kind for answer in run_source(source, "f", [(1,)])] == ["ValueError"]
