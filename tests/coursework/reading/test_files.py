"""Which file of a folder is the notebook, and what is read of it."""

import json
import os
import time

import pytest

from coursework.reading.files import LARGEST, MOST, TRIED, Unreadable, choices, contents
from coursework.reading.submission import read


def cell(source):
    """A cell of code."""
    return {"cell_type": "code", "source": source}


def write(folder, cells, name="a.ipynb"):
    """A notebook in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": cells}))


def test_what_macos_and_jupyter_put_beside_a_notebook_is_not_taken_for_it(tmp_path):
    (tmp_path / "._a.ipynb").write_bytes(b"\0\5\26\7")
    with pytest.raises(Unreadable, match=r"a.ipynb was expected \(what begins with ._ is of macOS"):
        read(tmp_path, "a.ipynb")
    write(tmp_path / ".ipynb_checkpoints", [cell("kept")], "a-checkpoint.ipynb")
    assert [c.source for c in read(tmp_path, "a.ipynb").cells] == ["kept"]
    write(tmp_path / "a", [cell("a folder down")])
    found = read(tmp_path, "a.ipynb")
    assert [c.source for c in found.cells] == ["a folder down"]
    assert "'a/a.ipynb'" in found.notes[0]
    write(tmp_path, [cell("here")], "a.IPYNB")
    found = read(tmp_path, "a.ipynb")
    assert [c.source for c in found.cells] == ["here"]
    assert "'a.IPYNB'" in found.notes[0]


def test_no_link_is_followed(tmp_path):
    write(tmp_path / "elsewhere", [cell("secret")])
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "inner").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreadable, match="no notebook"):
        read(tmp_path / "s", "a.ipynb")
    (tmp_path / "s" / "b.ipynb").symlink_to(tmp_path / "elsewhere" / "a.ipynb")
    with pytest.raises(Unreadable, match="link"):
        read(tmp_path / "s", "a.ipynb")


def test_the_named_one_comes_first_then_the_latest(tmp_path):
    for age, name in enumerate(["c.ipynb", "b.ipynb", "a.ipynb", "d.ipynb", "e.txt"]):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (time.time() - 100 * age,) * 2)
    assert [path.name for path in choices(tmp_path, "a.ipynb")] == ["a.ipynb", "c.ipynb", "b.ipynb", "d.ipynb"]


def test_a_folder_of_very_many_files_takes_no_time(tmp_path):
    for number in range(3 * MOST):
        (tmp_path / f"{number}.ipynb").touch()
    begin = time.monotonic()
    assert len(choices(tmp_path, "a.ipynb")) == TRIED
    assert time.monotonic() - begin < 2


def test_only_regular_files_of_a_bearable_size_are_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert contents(tmp_path / "a") == b"x" * 10
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    for name, why in (
        ("large", "20 MB"),
        ("link", "a link"),
        ("pipe", "no regular"),
        ("", "no regular"),
        ("none", "No such"),
    ):
        with pytest.raises(Unreadable, match=why):
            contents(tmp_path / name)
