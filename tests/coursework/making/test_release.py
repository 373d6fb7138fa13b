"""What students get: by nbgrader's own command for a course, and by the same steps for a student's variant."""

import importlib.util

import pytest

from coursework.making import release
from coursework.making.course import drawn, make
from coursework.making.own import TEMPLATE


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A course of the one assignment that `families` begins with."""
    return make("a secret of the tests", TEMPLATE, tmp_path_factory.mktemp("release") / "course", TEMPLATE)


def test_the_steps_for_a_student_are_those_of_nbgrader(small):
    source, _ = drawn(small.assignment("01_mine"), small.secret)
    path = small.folder / "release/01_mine/01_mine.ipynb"
    assert release.released(source, "01_mine", small.folder) == path.read_text(encoding="utf8")


def test_the_teacher_s_configuration_counts_for_a_student_too(small, tmp_path):
    config = (small.folder / "nbgrader_config.py").read_text()
    (tmp_path / "nbgrader_config.py").write_text(config.replace("# Write your code here.", "# It is your turn."))
    source, _ = drawn(small.assignment("01_mine"), small.secret)
    text = release.released(source, "01_mine", tmp_path)
    assert "# It is your turn." in text
    assert "# Write your code here." not in text


def test_the_version_of_the_gradebook_is_the_one_that_nbgrader_finds(small):
    from nbgrader.api import Gradebook

    with Gradebook(small.database) as book:  # nbgrader compares, and asks for an upgrade where it differs
        row = book.db.connection().exec_driver_sql("select version_num from alembic_version").scalar()
    assert row == release._version_of_the_gradebook()
    assert len(row) == 12


def test_what_nbgrader_says_is_handed_on(small, tmp_path, monkeypatch):
    (tmp_path / "source/01_x").mkdir(parents=True)
    (tmp_path / "source/01_x/01_x.ipynb").write_text("no notebook")
    (tmp_path / "nbgrader_config.py").write_text((small.folder / "nbgrader_config.py").read_text())
    with pytest.raises(RuntimeError, match="nbgrader could not generate the assignments:"):
        release.generate(tmp_path, "a secret of the tests")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install '.\[grading\]'"):
        release.generate(tmp_path, "a secret of the tests")
