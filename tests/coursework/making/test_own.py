"""A folder of problems of one's own begins as a copy of the template, and never over something."""

import pytest

from coursework.making.assignment import assignments
from coursework.making.own import TEMPLATE, begin


def test_what_is_begun_is_an_assignment_and_nothing_else(tmp_path):
    begin(tmp_path / "mine")
    (found,) = assignments(tmp_path / "mine", tmp_path / "mine")
    assert [problem.name for problem in found.problems] == ["smooth"]
    files = sorted(str(path.relative_to(tmp_path / "mine")) for path in (tmp_path / "mine").rglob("*.*"))
    assert files == ["01_mine.ipynb", "01_mine/memory.py", "01_mine/smooth.py"]
    assert (TEMPLATE / "ruff.toml").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(FileExistsError, match="is there already: name a new folder"):
        begin(tmp_path / "mine")
    assert not list((tmp_path / "mine").iterdir())
