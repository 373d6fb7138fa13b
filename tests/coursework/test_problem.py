"""Every family keeps the laws, and knows more mistakes than they ask for; how sources are edited, run and judged."""

import pytest

from coursework.making.laws import broken
from coursework.problem import Answer, edited, generator, run_source, verdict
from coursework.trouble import Trouble


def test_no_law_is_broken(problem, secrets):
    """Right answers get all, known wrong ones nothing undeserved, and each secret asks something else."""
    assert list(broken(problem, secrets)) == []


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
