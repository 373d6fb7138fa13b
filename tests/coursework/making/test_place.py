"""The folder of a course: what is not `make`'s own is never touched, and nobody else can read what is secret."""

import os
import shutil
import stat

import pytest

from coursework.making import place
from coursework.making.course import Course, make
from coursework.making.own import TEMPLATE

SECRET = "a secret of the tests"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A course of the one assignment that `families` begins with. Copy it to work in it."""
    before = os.umask(0o022)
    try:
        return make(SECRET, TEMPLATE, tmp_path_factory.mktemp("small") / "course", TEMPLATE, name="autumn-2026")
    finally:
        os.umask(before)


@pytest.fixture
def mine(small, tmp_path):
    """A copy of it."""
    return Course(shutil.copytree(small.folder, tmp_path / "course"))


def state(folder):
    """Every file with its bytes."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def again(course, **changed):
    """Make it once more, with something changed."""
    wanted = {"secret": SECRET, "name": "autumn-2026", "each": False} | changed
    return make(wanted.pop("secret"), TEMPLATE, course.folder, TEMPLATE, **wanted)


def test_nobody_else_reads_what_is_secret_and_everybody_what_is_released(small):
    for path in [small.folder, *small.folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if "release" in path.relative_to(small.folder).parts:
            assert mode == (0o755 if path.is_dir() else 0o644), path
        elif path == small.folder:
            assert mode == 0o711
        else:
            assert not mode & 0o077, path
    for name in ("source", "families", "downloaded", "submitted", "autograded", "grades", "feedback"):
        assert stat.S_IMODE((small.folder / name).stat().st_mode) == 0o700


def test_a_folder_that_make_did_not_write_is_never_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(place.shutil, "rmtree", lambda *arguments, **options: pytest.fail("something was removed"))
    thesis = tmp_path / "thesis"
    (thesis / "families").mkdir(parents=True)
    (thesis / "families/notes.txt").write_text("a year of work")
    (thesis / "secret").write_text(SECRET + "\n")
    before = state(tmp_path)
    with pytest.raises(FileExistsError, match="holds families, secret, and `make` did not write it: nothing in it was"):
        make(SECRET, TEMPLATE, thesis, TEMPLATE)
    (tmp_path / "link").symlink_to(thesis)
    for no_folder in (tmp_path / "link", thesis / "secret"):
        with pytest.raises(FileExistsError, match="is no folder: name a new one"):
            make(SECRET, TEMPLATE, no_folder, TEMPLATE)
    assert state(thesis) == {path: data for path, data in before.items() if thesis in path.parents}


def test_an_empty_folder_is_taken_and_one_in_which_making_was_ended(small, tmp_path):
    (tmp_path / "ended/.making-x/families").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    for name in ("ended", "empty"):
        again(Course(tmp_path / name))
        released = "release/01_mine/01_mine.ipynb"
        assert (tmp_path / name / released).read_bytes() == (small.folder / released).read_bytes()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"secret": "another secret of the tests"}, "a course of another secret, which students may have by now"),
        ({"name": "spring-2027"}, "holds the course autumn-2026 with one variant for all"),
        ({"each": True}, "holds the course autumn-2026 with one variant for all"),
    ],
)
def test_another_course_has_another_folder(mine, changed, said):
    before = state(mine.folder)
    with pytest.raises(FileExistsError, match=said):
        again(mine, **changed)
    assert state(mine.folder) == before


@pytest.mark.parametrize("work", ["downloaded", "submitted", "grades", "autograded", "feedback"])
def test_work_of_students_is_never_touched(mine, work):
    (mine.folder / work / "amina").mkdir()
    with pytest.raises(FileExistsError, match=f"{work} holds work of students"):
        again(mine)
    shutil.rmtree(mine.folder / work)
    (mine.folder / work).symlink_to("nowhere")
    with pytest.raises(FileExistsError, match=f"{work} holds work of students"):
        again(mine)


def test_the_same_course_made_again_is_the_same_with_what_the_teacher_put_there(mine):
    (mine.folder / "gradebook.db").write_bytes(b"with a roster")
    (mine.folder / "notes.txt").write_text("mine")
    with (mine.folder / "nbgrader_config.py").open("a") as file:
        file.write("c.ClearSolutions.text_stub = 'mine'\n")
    before = state(mine.folder)
    (mine.folder / "release/01_mine/checks.json").write_text("{}")
    with pytest.warns(UserWarning, match="hand it out again"):
        again(mine)
    after = state(mine.folder)
    assert after.keys() == before.keys()
    assert after[mine.folder / "notes.txt"] == b"mine"
    assert after[mine.folder / "nbgrader_config.py"] == before[mine.folder / "nbgrader_config.py"]
    assert "mine" in (mine.folder / "release/01_mine/01_mine.ipynb").read_text()
    before = state(mine.folder)
    again(mine)  # now nothing is another
    assert state(mine.folder) == before


def test_two_courses_stand_side_by_side(small, tmp_path):
    with pytest.warns(UserWarning, match="by trying"):
        other = make("x", TEMPLATE, tmp_path / "spring", TEMPLATE, name="spring-2027")
    for course, name, secret in ((small, "autumn-2026", SECRET), (other, "spring-2027", "x")):
        assert f'course_id = "{name}"' in (course.folder / "nbgrader_config.py").read_text()
        assert course.secret == secret
        assert course.database == f"sqlite:///{course.folder}/gradebook.db"
        assert place.about(course.folder)["name"] == name
    release = "release/01_mine/01_mine.ipynb"
    assert (small.folder / release).read_bytes() != (other.folder / release).read_bytes()


def test_the_folders_above_are_as_any_other(tmp_path):
    with place.private():
        place.above(tmp_path / "a/b/course")
    assert stat.S_IMODE((tmp_path / "a/b").stat().st_mode) == 0o777 & ~place.USUAL
    assert not (tmp_path / "a/b/course").exists()


def test_a_group_of_teachers_may_read_what_is_written_if_the_course_is_theirs(mine):
    def written():
        with place.private(mine.folder):
            (mine.folder / "new").write_text("")
        return stat.S_IMODE((mine.folder / "new").stat().st_mode)

    before = os.umask(0o022)
    try:
        assert written() == 0o600
        (mine.folder / "new").unlink()
        mine.folder.chmod(0o2771)
        assert written() == 0o660
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
