"""A variant for each student: drawn by the secret and the name, handed out in private, and known again."""

import json
import shutil
import stat
import unicodedata
import zipfile

import pytest

from coursework.making.course import Course, make
from coursework.making.handout import hand_out, remark
from coursework.making.own import TEMPLATE
from coursework.marking.grader import grade
from coursework.problem import run_source, verdict
from coursework.running.sandbox import Limits
from coursework.showing import clean

NAME = "01_mine"
CLASS = ["amina", "ben", "cleo@uni.example"]


@pytest.fixture(scope="module")
def each(tmp_path_factory):
    """A course with a variant for each of three students."""
    course = make("a secret of the tests", TEMPLATE, tmp_path_factory.mktemp("each") / "course", TEMPLATE, each=True)
    assert hand_out(course, CLASS) == 3
    return course


def cells(notebook):
    """As a submission holds them."""
    found = [(cell["metadata"]["nbgrader"]["grade_id"], "".join(cell["source"])) for cell in notebook["cells"]]
    return [{"id": name, "source": source} for name, source in found]


def test_each_student_gets_another_variant_and_the_same_each_time(each, tmp_path):
    problem = each.assignment(NAME).problems[0]
    asked = {repr(problem.text(problem.variant(each.secret_of(s)))) for s in CLASS}
    assert len(asked) == 3
    moved = Course(shutil.copytree(each.folder, tmp_path / "moved"))
    assert [moved.secret_of(s) for s in CLASS] == [each.secret_of(s) for s in CLASS]
    shutil.rmtree(moved.folder / "handout")
    hand_out(moved, ["ben"])
    for path in (each.folder / "handout" / NAME).glob("ben*"):
        for file in [path, *path.rglob("*")]:
            if file.is_file():
                copy = moved.folder / file.relative_to(each.folder)
                assert copy.read_bytes() == file.read_bytes(), file


def test_what_is_handed_out_is_private_has_no_solution_and_is_in_the_archive_too(each):
    top = each.folder / "handout" / NAME
    for student in CLASS:
        text = (top / student / f"{NAME}.ipynb").read_text(encoding="utf8")
        for word in ("SOLUTION", "MARK SCHEME", "«", each.secret, each.secret_of(student)):
            assert word not in text
        with zipfile.ZipFile(top / f"{student}.zip") as archive:
            assert archive.namelist() == [f"{NAME}/{NAME}.ipynb", f"{NAME}/checks.json"]
            assert archive.read(f"{NAME}/{NAME}.ipynb").decode() == text
        assert json.loads((top / student / "checks.json").read_text())["smooth"]
        assert each.released(NAME, student) == json.loads(text)
    for path in [top.parent, *top.parent.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_the_answers_of_a_neighbour_are_wrong(each):
    problem = each.assignment(NAME).problems[0]
    ben, amina = each.secret_of("ben"), each.secret_of("amina")
    for owner, right in ((amina, True), (ben, False)):
        source = problem.solutions(problem.variant(owner))[0]
        for part in problem.parts:
            answers = run_source(source, problem.name, problem.cases(amina, part.name, "hidden"))
            assert verdict(problem.expected(amina, part.name, "hidden"), answers, [])[0] is right


def test_a_secret_of_a_student_is_no_help_for_another_and_a_name_has_one_form(each):
    assert each.secret not in each.secret_of("amina")
    assert len({each.secret_of(s) for s in ("amina", "Amina", "amina ", "")}) == 4
    assert each.secret_of(unicodedata.normalize("NFD", "José")) == each.secret_of("José")
    assert each.secret_of("jos\udce9")


def test_whose_questions_were_handed_in_is_said(each):
    own = each.released(NAME, "amina")
    assert remark(each, NAME, "amina", cells(own)) is None
    edited = [cell for cell in cells(own) if cell["id"] != "about-memory"]
    assert remark(each, NAME, "amina", edited) is None
    assert remark(each, NAME, "amina", []) is None
    said = remark(each, NAME, "amina", cells(each.released(NAME, "ben")))
    assert said == "the questions are those of 'ben', and the marks are for those of 'amina'"
    path = each.folder / "release" / NAME / f"{NAME}.ipynb"
    assert "those of release/" in remark(each, NAME, "amina", cells(json.loads(path.read_text())))


def test_whoever_is_not_on_the_roster_is_told_what_to_do(each):
    said = remark(each, NAME, "zoe", [])
    assert said.startswith("nothing was handed out to 'zoe': name the folder as the roster does")
    assert "those of 'ben'" in remark(each, NAME, "zoe", cells(each.released(NAME, "ben")))
    assert each.released(NAME, "zoe")["cells"]  # what the feedback of that hand-in shows
    assert not (each.folder / "handout" / NAME / "zoe").exists()


def test_a_class_is_judged_each_by_their_own_variant(each, tmp_path):
    course = Course(shutil.copytree(each.folder, tmp_path / "course"))
    problem = course.assignment(NAME).problems[0]
    for student, owner in {"amina": "amina", "ben": "amina", "zoe": "amina", "cleo@uni.example": None}.items():
        notebook = course.released(NAME, owner or student)
        for cell in notebook["cells"]:
            if owner and cell["metadata"]["nbgrader"]["grade_id"] == problem.name:
                cell["source"] = problem.solutions(problem.variant(course.secret_of(owner)))[0]
        (course.folder / "submitted" / student / NAME).mkdir(parents=True)
        (course.folder / "submitted" / student / NAME / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    records = {record["student"]: record for record in grade(course, NAME, limits=Limits(seconds=2), say=str)}
    assert {name: record["points"] for name, record in records.items()} == {
        "amina": 5,
        "ben": 0,
        "zoe": 0,
        "cleo@uni.example": 0,
    }
    assert records["amina"]["reason"] == "all right"
    for name in ("ben", "zoe"):
        assert records[name]["reason"].startswith("the questions are those of 'amina', and the marks are for those of")
        assert any("the questions are those of 'amina'" in note for note in records[name]["notes"])
    assert "questions" not in records["cleo@uni.example"]["reason"]
    page = course.folder / "autograded" / "ben" / NAME / f"{NAME}.ipynb"
    asked = course.released(NAME, "ben")["cells"][2]["source"]
    assert "".join(json.loads(page.read_text())["cells"][2]["source"]) == clean.markdown("".join(asked))


def test_later_students_are_added_and_the_others_stay(each, tmp_path):
    course = Course(shutil.copytree(each.folder, tmp_path / "course"))
    mine = course.folder / "handout" / NAME / "ben" / f"{NAME}.ipynb"
    mine.write_text(mine.read_text() + " ")
    assert hand_out(course, ["ben", "zoe"]) == 1
    assert mine.read_text().endswith(" ")
    assert remark(course, NAME, "zoe", cells(course.released(NAME, "zoe"))) is None
    assert hand_out(course, (f"s{k}" for k in range(40)), jobs=2) == 40
    assert len(list((course.folder / "handout" / NAME).glob("*.zip"))) == 44
    assert not list(course.folder.rglob(".making-*"))


def test_names_that_a_folder_cannot_have_are_refused(each, tmp_path):
    for student in ("", "..", "a/b", ".hidden", "a\0", "x.zip", "<b>"):
        with pytest.raises(ValueError, match="student must be a name of letters"):
            hand_out(each, [student])
    with pytest.raises(ValueError, match="differ by more than capitals, got Ben, ben"):
        hand_out(each, ["Ben", "ben"])
    with pytest.raises(ValueError, match="assignment must be one of 01_mine"):
        hand_out(each, ["ben"], ["02_yours"])


def test_a_course_with_one_variant_has_none_to_hand_out(tmp_path):
    (tmp_path / "secret").write_text("a secret of the tests\n")
    course = Course(tmp_path)
    with pytest.raises(ValueError, match="one variant for all, in release/"):
        hand_out(course, ["ben"])
    assert course.secret_of("ben") == "a secret of the tests"
    assert remark(course, "01_sequences", "ben", []) is None
