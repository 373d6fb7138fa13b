"""tests/mutants/bed.py: whatever a mutant and its tests did to the tree, the next one finds it as it was."""

import contextlib
import os
import runpy
import shutil
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def read(name):
    """The script imports its neighbours, as it does where it is started."""
    sys.path.insert(0, str(HERE))
    try:
        return runpy.run_path(str(HERE / name))
    finally:
        sys.path.remove(str(HERE))


BED = read("bed.py")


@pytest.fixture
def bed(tmp_path):
    """A bed of three files, of which two are compiled, and one of these in two ways."""
    base = tmp_path / "base"
    (base / "seqlib/__pycache__").mkdir(parents=True)
    (base / "tests").mkdir()
    for name in ("seqlib/twice.py", "seqlib/other.py", "tests/test_twice.py"):
        (base / name).write_text("2 * x")
    for name in ("twice.cpython-311", "twice.cpython-311-pytest-9", "other.cpython-311"):
        (base / f"seqlib/__pycache__/{name}.pyc").write_text("compiled")
    return BED["Bed"](base, tmp_path / "bed/tree")


THRICE = BED["Mutant"]("thrice", "seqlib/twice.py", "2", "3", [])


def contents(folder):
    """name -> text, age and rights of every file, and which folders there are."""
    files = {path.relative_to(folder): path for path in folder.rglob("*")}
    told = {
        name: (path.stat().st_mode, path.stat().st_mtime_ns, path.read_text())
        for name, path in files.items()
        if path.is_file()
    }
    return {name: told.get(name) for name in files}


@contextlib.contextmanager
def the_same(path):
    """As long as it is open, no other file gets its number."""
    with path.open() as file:
        yield
        assert os.path.samestat(os.fstat(file.fileno()), path.stat())


def test_only_the_file_with_the_bug_is_compiled_anew(bed):
    bed.plant(THRICE)
    assert [path.name for path in (bed.tree / "seqlib/__pycache__").iterdir()] == ["other.cpython-311.pyc"]
    assert (bed.tree / "seqlib/twice.py").read_text() == "3 * x"
    assert (bed.base / "seqlib/twice.py").read_text() == "2 * x"
    assert len(list((bed.base / "seqlib/__pycache__").iterdir())) == 3


def test_a_bed_is_used_again(bed):
    """Only the file with the bug is copied again; the others are the same, not copies once more."""
    for _ in range(2):
        with the_same(bed.tree / "seqlib/other.py"):
            bed.plant(THRICE)
            for name in ("twice.cpython-311.pyc", "twice.cpython-311.opt-1.pyc"):
                (bed.tree / "seqlib/__pycache__" / name).write_text("the bug, compiled")
            bed.clear(THRICE)
            assert contents(bed.tree) == contents(bed.base)


def left_behind(tree):
    (tree / "seqlib/left.py").write_text("4 * x")


def left_deep(tree):
    (tree / "tests/a/b").mkdir(parents=True)


def hidden(tree):
    (tree / "seqlib/__pycache__/left.cpython-311.pyc").write_text("compiled")


def written(tree):
    """As long as before, and as old. Clocks of files tick a few hundred times a second."""
    time.sleep(0.05)
    path = tree / "seqlib/other.py"
    before = path.stat()
    path.write_text("7 * x")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(tree):
    (tree / "seqlib/other.py").unlink()
    (tree / "seqlib/other.py").symlink_to(tree / "tests/test_twice.py")


def removed(tree):
    (tree / "tests/test_twice.py").unlink()


def unreadable(tree):
    (tree / "tests/test_twice.py").chmod(0)


def without_a_folder(tree):
    shutil.rmtree(tree / "seqlib")


def gone(tree):
    shutil.rmtree(tree)


def moved(tree):
    """The file with the bug is a folder now."""
    (tree / "seqlib/twice.py").unlink()
    (tree / "seqlib/twice.py").mkdir()


MESSES = [left_behind, left_deep, hidden, written, replaced, removed, unreadable, without_a_folder, gone, moved]


@pytest.mark.parametrize("mess", MESSES)
def test_what_tests_did_to_a_bed_is_undone_and_is_in_no_other(bed, mess):
    other = BED["Bed"](bed.base, bed.tree.parents[1] / "another")
    before = contents(bed.base)
    bed.plant(THRICE)
    mess(bed.tree)
    bed.clear(THRICE)
    assert contents(bed.tree) == contents(bed.base) == contents(other.tree) == before
    with the_same(bed.tree / "seqlib/other.py"):
        bed.plant(THRICE)
        bed.clear(THRICE)


@pytest.mark.parametrize("mess", [left_behind, gone])
def test_a_bed_in_which_nothing_was_planted_is_tidied(bed, mess):
    mess(bed.tree)
    bed.tidy()
    assert contents(bed.tree) == contents(bed.base)
