"""The step that stands in for the student's kernel in nbgrader's autograde. test_nbgrader runs the whole command."""

import nbformat
import pytest
from traitlets.config import Config

from coursework.marking.preprocessor import Door, Judge


@pytest.fixture
def judge(own):
    """The step, set up for a course as its nbgrader_config.py does."""
    return Judge(config=Config({"CourseDirectory": {"root": str(own.folder)}}))


def resources(assignment, student):
    return {"nbgrader": {"assignment": assignment, "student": student}}


def test_the_marks_are_results_of_the_released_checks(own, first, kinds, judge):
    from nbgrader.utils import determine_grade

    half = next(kind for kind in kinds.KINDS if kind.name == "half-right")
    kinds.hand_in(own, first, half, "amina", 9)
    submitted = nbformat.v4.new_notebook()  # what nbgrader read does not matter
    judged, after = judge.preprocess(submitted, resources(first.name, "amina"))
    nbformat.validate(judged)
    assert after["nbgrader"]["student"] == "amina"
    checks = {c.metadata.nbgrader.grade_id: c for c in judged.cells if c.metadata.get("nbgrader", {}).get("grade")}
    graded = {name: determine_grade(cell) for name, cell in checks.items() if cell.cell_type == "code"}
    right, *others = first.problems
    assert graded == {f"check-{right.name}": (5, 5)} | {f"check-{p.name}": (0, 5) for p in others}
    assert "not written yet" in checks[f"check-{others[0].name}"].outputs[0].text
    log = own.folder / "grades" / first.name / "log"
    before = log.read_text()
    assert judge.preprocess(submitted, resources(first.name, "amina"))[0] == judged
    assert log.read_text() == before


def test_an_assignment_of_another_course_is_refused(judge):
    with pytest.raises(ValueError, match="assignment must be one of"):
        judge.preprocess(nbformat.v4.new_notebook(), resources("09_nothing", "amina"))


def test_a_name_that_a_page_cannot_bear_stops_at_the_door(own, first):
    from nbgrader.api import Gradebook

    evil, door = "<img src=x onerror=alert(1)>", Door()
    with Gradebook(own.database) as book:
        for student in ("amina", evil):
            book.update_or_create_student(student)
    notebook = nbformat.v4.new_notebook()
    for student in ("amina", evil):
        ours = {"nbgrader": {"assignment": first.name, "student": student, "db_url": own.database}}
        if student == evil:
            with pytest.raises(ValueError, match=r"rename the folder .* in submitted/"):
                door.preprocess(notebook, ours)
        else:
            assert door.preprocess(notebook, ours) == (notebook, ours)
    with Gradebook(own.database) as book:
        assert [student.id for student in book.students] == ["amina"]


def test_the_course_names_this_step(course):
    config = (course.folder / "nbgrader_config.py").read_text()
    assert "coursework.marking.preprocessor.Judge" in config
    assert "coursework.marking.preprocessor.Door" in config
