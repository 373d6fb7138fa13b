"""What is broken here never becomes a zero there: a right answer is marked first, and again where there is a doubt."""

import fcntl

import pytest

from coursework.marking import marker, rehearsal
from coursework.marking.grader import grade, judged_notebook
from coursework.marking.rehearsal import Broken, doubtful
from coursework.running import sandbox
from coursework.running.sandbox import Limits, Outcome

FAST = Limits(seconds=2)
DIED = Outcome(ended="the code ended the process itself (exit code 1)")


def records(course, name):
    return sorted(path.stem for path in (course.folder / "grades" / name).glob("*.json"))


@pytest.fixture
def handed(own, first, kinds):
    """A course in which three have handed in what is right."""
    for student in ("amina", "ben", "chloe"):
        kinds.hand_in(own, first, kinds.KINDS[0], student, 9)
    return own


@pytest.fixture
def light(monkeypatch):
    """Nobody need import torch to say what is broken, 2 seconds each time; a package that is missing is tried below."""
    monkeypatch.setattr(rehearsal, "PACKAGES", ("numpy", "seqlib"))


@pytest.mark.usefixtures("light")
def test_a_broken_installation_stops_before_the_class_and_marks_it_rightly_once_mended(handed, first, monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *arguments, **options: DIED)
    begun = []
    monkeypatch.setattr(marker, "judge", lambda *arguments, **options: begun.append(arguments))
    for _ in range(4):  # more often than a submission may end the grader
        with pytest.raises(Broken, match="marking stops here") as raised:
            grade(handed, first.name, limits=FAST, say=str)
    assert "exit code 1" in str(raised.value)
    assert "numpy, torch and seqlib are installed" in str(raised.value)
    with pytest.raises(Broken):
        judged_notebook(handed, first.name, "ben")
    assert (records(handed, first.name), begun) == ([], []), "nobody's work is begun"
    monkeypatch.undo()
    assert [record["points"] for record in grade(handed, first.name, limits=FAST, say=str)] == [15, 15, 15]


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("how", ["dies", "raises"])
def test_what_breaks_in_the_middle_of_a_class_stops_it_and_nobody_loses_a_point(handed, first, monkeypatch, how):
    real, calls = sandbox.run, []

    def breaks(*arguments, **options):
        calls.append(how)
        if len(calls) <= 2:  # the rehearsal, and the first of the class
            return real(*arguments, **options)
        if how == "raises":
            raise OSError(28, "No space left on device")
        return DIED

    for _ in range(4):
        monkeypatch.setattr(sandbox, "run", breaks)
        with pytest.raises(Broken):
            grade(handed, first.name, jobs=1, limits=FAST, say=str)
        calls[:] = [how]  # from now on the second of the class breaks
    monkeypatch.setattr(sandbox, "run", real)
    assert records(handed, first.name) == ["amina"]
    assert [record["points"] for record in grade(handed, first.name, limits=FAST, say=str)] == [15, 15, 15]


def test_what_was_broken_for_a_moment_is_judged_once_more(handed, first, monkeypatch):
    real, failed = marker.judge, []

    def once(*arguments, **options):
        if not failed:
            failed.append(True)
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(marker, "judge", once)
    assert [record["points"] for record in grade(handed, first.name, limits=FAST, say=str)] == [15, 15, 15]
    assert failed


@pytest.mark.usefixtures("light")
def test_the_message_says_which_disk_is_full(own, first, monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *arguments, **options: DIED)
    monkeypatch.setattr(rehearsal, "ROOM", 1 << 62)
    with pytest.raises(Broken, match=r"MB free: make room"):
        rehearsal.rehearse(own, first, "amina", FAST)


def test_a_package_that_students_are_told_to_use_is_there(own, first, monkeypatch):
    rehearsal.rehearse(own, first, "amina", FAST)
    monkeypatch.setattr(rehearsal, "PACKAGES", ("numpy", "a_package_that_is_not_there"))
    with pytest.raises(Broken, match="No module named 'a_package_that_is_not_there'"):
        rehearsal.rehearse(own, first, "amina", FAST)


@pytest.mark.parametrize(
    ("points", "why", "notes", "wanted"),
    [
        (0, "not written yet", [], False),
        (0, "the code ended the process itself (exit code 1)", [], True),
        (0, "returned 1.0 instead of 2.0", [], True),
        (5, "returned 1.0 instead of 2.0", [], False),
        (5, "ModuleNotFoundError: No module named 'torch'", [], True),
        (5, "not written yet", ["code cell 1: ImportError: libgomp"], True),
        (5, "OSError: [Errno 28] No space left on device", [], True),
    ],
)
def test_what_could_be_our_fault(points, why, notes, wanted):
    marks = [{"parts": [{"why": why}]}]
    assert doubtful({"points": points, "marks": marks, "notes": notes, "trouble": None}) is wanted
    assert not doubtful({"points": 0, "marks": [], "notes": [], "trouble": "the file is empty"})
    assert doubtful({"points": 0, "marks": [], "notes": [], "trouble": None})


def test_without_a_sandbox_nobody_is_graded_unless_told_otherwise_each_time(handed, first, monkeypatch):
    from coursework.running import protection

    monkeypatch.setattr(protection, "_best", lambda: ("limits only", "bwrap is not there"))
    for grader in (grade, judged_notebook):
        with pytest.raises(PermissionError, match="--without-sandbox"):
            grader(handed, first.name, **({"student": "ben"} if grader is judged_notebook else {"say": str}))
    assert records(handed, first.name) == []


def test_one_grader_at_a_time(handed, first):
    """Through nbgrader's autograde, too."""
    for kind in (fcntl.LOCK_EX, fcntl.LOCK_SH):
        with (handed.folder / ".grading").open("w") as lock:
            fcntl.flock(lock, kind)
            for ask in (lambda: grade(handed, first.name, say=str), lambda: judged_notebook(handed, first.name, "ben")):
                with pytest.raises(BlockingIOError, match="wait until it has ended"):
                    ask()


def test_what_isolates_and_limits_is_said(handed, first):
    said = []
    grade(handed, first.name, limits=FAST, say=said.append)
    assert "3 submissions, the last of each student counts" in said[0]
    assert f"isolation: {sandbox.isolation()}" in said[0]
    assert "2 s for a call, 3000 MB" in said[0]
