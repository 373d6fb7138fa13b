"""tests/mutants/catchers.py: which test caught a mutant before decides the order, and never the result."""

import json
import re
import shutil

import pytest


def remembered(tree, folder, caught_by):
    """A copy of the tree, in a folder, with what caught the mutants of seqlib/__init__.py before, and a second test."""
    shutil.copytree(tree, folder / "tree")
    tests = folder / "tree/tests/test_twice.py"
    more = "from pathlib import Path\n\n\ndef test_first():\n"
    more += f"    with Path({str(folder / 'said')!r}).open('a') as file:\n        file.write('first ')\n\n\n"
    tests.write_text(more + tests.read_text())
    (folder / "tree/tests/test_other.py").write_text("def test_other():\n    raise OverflowError\n")
    record = folder / "tree/tests/mutants/caught_by.json"
    record.write_text(json.dumps({"seqlib/__init__.py": caught_by}))
    return record


def test_what_caught_it_before_runs_alone(tree, run, tmp_path):
    remembered(tree, tmp_path, {"thrice": "tests/test_twice.py::test_twice"})
    assert run(tmp_path / "tree", "thrice").stdout.endswith("planted bugs: 1 of 1 caught\n")
    assert not (tmp_path / "said").exists()


@pytest.mark.parametrize(
    "before",
    [
        "tests/test_twice.py::test_first",  # does not see it
        "tests/test_twice.py::test_gone",
        "tests/test_other.py::test_other",  # fails, but is none of its tests
        "tests/gone.py::test_twice",
        "",
    ],
)
def test_what_does_not_catch_it_any_more_decides_nothing(tree, run, tmp_path, before):
    record = remembered(tree, tmp_path, {"thrice": before, "harmless": before, "unreadable": before})
    names = ("thrice", "seqlib/__init__.py:harmless", "unreadable")
    done = run(tmp_path / "tree", *names, "--remember")
    assert done.stdout.endswith("planted bugs: 1 of 3 caught\n")
    assert re.search(r" harmless +[\d.]+ s  NOT CAUGHT", done.stdout)
    assert "cannot be imported: SyntaxError" in done.stdout
    now = json.loads(record.read_text())["seqlib/__init__.py"]
    assert now["thrice"] == "tests/test_twice.py::test_twice"


def test_a_test_that_is_left_out_catches_nothing_though_it_did_before(tree, outcomes, tmp_path):
    tests = "tests/test_twice.py::test_twice"
    remembered(tree, tmp_path, {"seen-by-these": tests, "unseen-by-these": tests})
    said = outcomes(tmp_path / "tree", "seen-by-these", "unseen-by-these")
    assert said["seen-by-these"] == "caught"
    assert said["unseen-by-these"].startswith("pytest ended with 5")  # no test was left
