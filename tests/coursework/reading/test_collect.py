"""nbgrader's zip_collect with archives as Canvas and Moodle give them: everybody's work is where the grader looks."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursework.making.course import make
from coursework.making.own import TEMPLATE
from coursework.reading.collect import Collector

NAME = "01_mine"
STUDENTS = {
    "amina": {"canvas": "100", "first": "Amina", "last": "de Berg"},
    "ben": {"canvas": "101", "name": "Katz, Ben"},
    "jose": {"canvas": "102", "first": "José", "last": "Núñez"},
    "twin1": {"canvas": "103", "first": "Kim", "last": "Lee"},
    "twin2": {"canvas": "104", "first": "Kim", "last": "Lee"},
    "u_1": {"canvas": "105"},
}
CANVAS = {
    "debergamina_100_9001_01_mine.ipynb": "amina",
    "debergamina_100_9002_checks.json": None,
    "katzben_LATE_101_9003_01_mine-2.ipynb": "ben",
    "nunezjose_102_9004_My Notebook (3).ipynb": "jose",
    "stranger_999_9005_01_mine.ipynb": "stranger_999",
}
MOODLE = {
    "Amina de Berg_3001_assignsubmission_file/01_mine.ipynb": "amina",
    "Amina de Berg_3001_assignsubmission_file/01_MINE (1).ipynb": "amina",
    "Ben Katz_3002_assignsubmission_file_/sub/01_mine.ipynb": "ben",
    "Jose\u0301 Nu\u0301n\u0303ez_3003_assignsubmission_file_01_mine.ipynb": "jose",
    "Kim Lee_3004_assignsubmission_file/01_mine.ipynb": "Kim Lee_3004",
    "Kim Lee_3005_assignsubmission_file/01_mine.ipynb": "Kim Lee_3005",
    "__MACOSX/Amina de Berg_3001_assignsubmission_file/._01_mine.ipynb": None,
    "u_1_final.ipynb": "u_1",
    "=cmd_3009_assignsubmission_file/01_mine.ipynb": "_cmd_3009-",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A course with a roster, into which nbgrader's command has collected both archives, and what it said."""
    course = make("a secret of the tests", TEMPLATE, tmp_path_factory.mktemp("collect") / "course", TEMPLATE)
    (course.folder / "roster.json").write_text(json.dumps({"students": STUDENTS, "canvas": []}))
    place = course.folder / "downloaded" / NAME / "archive"
    place.mkdir(parents=True)
    for form, names in (("canvas", CANVAS), ("moodle", MOODLE)):
        with zipfile.ZipFile(place / f"{form}.zip", "w") as file:
            for name in names:
                file.writestr(name, name)
    command = [Path(sys.executable).with_name("nbgrader"), "zip_collect", NAME, "--force"]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return course.folder / "submitted", done.stderr


def test_each_file_lies_with_its_student(collected):
    top, _ = collected
    names = CANVAS | MOODLE
    found = {path.read_text(): path.relative_to(top).parts for path in top.rglob("*") if path.is_file()}
    assert found.keys() == {name for name, student in names.items() if student}
    for name, (student, assignment, _) in found.items():
        assert student.startswith(names[name]), name
        assert assignment == NAME


def test_a_file_has_the_name_that_was_handed_out_if_it_is_a_form_of_it(collected):
    top, _ = collected
    files = {student: sorted(path.name for path in (top / student / NAME).iterdir()) for student in ("amina", "jose")}
    assert files["amina"] == [
        "01_mine (2).ipynb",
        "01_mine (3).ipynb",
        "01_mine.ipynb",
    ]  # the grader says which it took
    assert files["jose"] == ["01_mine.ipynb", "My Notebook (3).ipynb"]


def test_who_is_not_on_the_roster_is_told(collected):
    _, said = collected
    assert "is not on the roster: look at the folder submitted/stranger_999" in said
    assert said.count("is not on the roster") == 4  # two of one name, and two of none


def test_without_a_roster_the_paths_name_the_students():
    plugin = Collector()
    assert plugin.whose(("amina", "01_mine.ipynb")) == ("amina", False)
    assert plugin.whose(("katzben_101_9003_01_mine.ipynb",)) == ("katzben_101", False)
    assert plugin.whose(("amina.ipynb",)) == ("amina", False)
