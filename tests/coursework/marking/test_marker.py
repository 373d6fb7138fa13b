"""The record of one submission: judged once, judged anew when what it depends on has changed, never lost."""

import pytest

from coursework.marking import environment, marker
from coursework.marking.grader import grade
from coursework.running.sandbox import Limits

FAST = Limits(seconds=2)


def hand_in(course, first, kinds, student):
    """A right notebook; return where a grader notes when it was handed in."""
    kinds.hand_in(course, first, kinds.KINDS[0], student, 9)
    return course.folder / "submitted" / student / first.name / "timestamp.txt"


def test_what_could_not_be_judged_is_tried_again_by_itself(own, first, kinds, monkeypatch):
    def fails(*arguments, **options):
        raise ValueError("a fault of ours")

    hand_in(own, first, kinds, "amina")
    monkeypatch.setattr(marker, "judge", fails)
    (record,) = grade(own, first.name, limits=FAST, say=str)
    assert "a person has to look: ValueError: a fault of ours" in record["reason"]
    monkeypatch.undo()
    said = []
    (record,) = grade(own, first.name, limits=FAST, say=said.append)
    assert "grading had failed" in "\n".join(said)
    assert record["points"] == 15


def test_other_limits_and_another_environment_are_another_version(own, first, kinds, monkeypatch):
    hand_in(own, first, kinds, "amina")
    log = own.folder / "grades" / first.name / "log"
    counts = []
    grade(own, first.name, limits=Limits(seconds=3), say=str)
    grade(own, first.name, say=str)  # as the last time
    counts.append(len(log.read_text().splitlines()))
    grade(own, first.name, limits=Limits(seconds=4), say=str)
    counts.append(len(log.read_text().splitlines()))
    monkeypatch.setattr(environment, "version", lambda name: "99")
    said = []
    grade(own, first.name, say=said.append)
    counts.append(len(log.read_text().splitlines()))
    assert counts == [1, 2, 3]
    assert "numpy" in said[-1]
    assert "-> 99" in said[-1]


def test_a_time_that_cannot_be_read_is_noted(own, first, kinds):
    hand_in(own, first, kinds, "amina").write_text("the day before yesterday")
    hand_in(own, first, kinds, "ben")
    amina, ben = grade(own, first.name, limits=FAST, say=str)
    assert any("timestamp.txt" in note for note in amina["notes"])
    assert ben["notes"] == []
    assert [amina["points"], ben["points"]] == [15, 15]


def test_a_submission_that_ends_the_grader_with_itself_does_so_three_times_at_most(own, first, kinds, monkeypatch):
    hand_in(own, first, kinds, "a")

    def die(*arguments, **options):
        raise KeyboardInterrupt  # as a kill: nothing after it is done

    monkeypatch.setattr(marker, "judge", die)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            grade(own, first.name, jobs=1, limits=FAST, say=str)
    (record,) = grade(own, first.name, limits=FAST, say=str)
    assert record["points"] == 0
    assert "a person has to look" in record["reason"]
    assert not list((own.folder / "grades" / first.name).glob("*.tries"))
    assert grade(own, first.name, limits=FAST, say=str) == [record]  # nobody tries it a fifth time
