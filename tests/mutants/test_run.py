"""tests/mutants/run.py on a tiny tree: what is caught, what gets away, and what is no mutant."""

import re
import runpy
import shutil
from pathlib import Path

PLANTED = runpy.run_path(str(Path(__file__).with_name("planted.py")))


def test_only_a_test_that_fails_catches(tree, run):
    done = run(tree, "thrice", "seqlib/__init__.py:harmless", "missing", "often", "unreadable")
    assert done.returncode == 1, done.stderr
    assert re.search(r" thrice +[\d.]+ s  caught$", done.stdout, re.M)
    assert re.search(r" harmless +[\d.]+ s  NOT CAUGHT by tests/test_twice.py$", done.stdout, re.M)
    assert re.search(r" missing .* its text stands 0 times in seqlib/__init__.py, not once$", done.stdout, re.M)
    assert re.search(r" often .* its text stands 2 times", done.stdout, re.M)
    assert re.search(r" unreadable .*cannot be imported: SyntaxError", done.stdout, re.M)
    assert done.stdout.endswith("planted bugs: 1 of 5 caught\n")
    assert not (tree / ".hypothesis").exists()


def test_what_was_slow_for_one_mutant_comes_last_for_the_next(tree, run, tmp_path):
    """test_slow stands first, takes a second, and sees neither."""
    shutil.copytree(tree, tmp_path / "tree")
    tests = tmp_path / "tree/tests/test_twice.py"
    slow = "import time\nfrom pathlib import Path\n\n\ndef test_slow():\n    time.sleep(1)\n"
    slow += f"    with Path({str(tmp_path / 'said')!r}).open('a') as file:\n        file.write('slow ')\n\n\n"
    tests.write_text(slow + tests.read_text())
    more = '    "thrice-more": ("2 * x", "3.5 * x"),\n    "missing"'
    mutants = tmp_path / "tree/tests/mutants_twice.py"
    mutants.write_text(mutants.read_text().replace('    "missing"', more))
    done = run(tmp_path / "tree", "thrice", "thrice-more", "--jobs", "1")
    assert done.stdout.endswith("planted bugs: 2 of 2 caught\n")
    assert (tmp_path / "said").read_text() == "slow "


def test_all_caught(tree, run):
    done = run(tree, "thrice")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n")


def test_a_mutant_may_name_the_tests_that_must_catch_it(tree, outcomes):
    tests = tree / "tests/test_twice.py"
    before = tests.read_text()
    tests.write_text(before + "\n\ndef test_once():\n    assert True\n")
    said = outcomes(tree, "seen-by-these", "unseen-by-these")
    tests.write_text(before)
    assert said["seen-by-these"] == "caught"
    assert said["unseen-by-these"].startswith("NOT CAUGHT")


def test_tests_that_do_not_end(tree, run):
    done = run(tree, "endless", "--limit", "2")
    assert done.returncode == 1
    assert "its tests did not end within 2 s" in done.stdout


def test_that_a_comparison_fails_is_enough_and_nobody_reads_how_long_lists_differ(tree, run, tmp_path, monkeypatch):
    """In CI, pytest explains it line by line, which takes minutes."""
    monkeypatch.setenv("CI", "true")
    shutil.copytree(tree, tmp_path / "tree")
    tests = tmp_path / "tree/tests/test_twice.py"
    long = "[10**9 + 7 * x + twice(1) for x in range(500)] == [10**9 + 7 * x + 2 for x in range(500)]"
    tests.write_text(tests.read_text().replace("twice(3) == 6", long))
    done = run(tmp_path / "tree", "thrice", "--limit", "10")
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n"), done.stdout


def test_a_module_that_cannot_be_imported_is_no_bug_that_was_seen(tree, outcomes):
    """Its tests import it in a fixture, where pytest ends with 1, as when a test fails."""
    said = outcomes(tree, "seqlib/late.py")
    assert said["three"] == said["too-many"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")
    assert "cannot be imported: ImportError: cannot import name 'thrice'" in said["no-such-name"]
    assert "cannot be imported: SyntaxError: '(' was never closed" in said["no-python"]
    assert "cannot be imported: NameError: name 'triple'" in said["name-error"]
    assert "cannot be imported: tests/test_late.py::test_four: ImportError" in said["late-import-error"]


def test_a_script_of_the_tests_is_read_from_the_copy(tree, outcomes):
    said = outcomes(tree, "tests/script.py")
    assert said["eight"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")
    assert "cannot be imported: SyntaxError" in said["no-python"]


def test_a_mutant_that_is_named_twice_runs_once(tree, run):
    done = run(tree, "thrice", "thrice", "seqlib/__init__.py:thrice")
    assert done.stdout.count(" s  caught\n") == 1
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n")


def test_a_name_of_several_mutants_is_asked_about(tree, run, outcomes):
    done = run(tree, "harmless")
    assert done.returncode == 2
    assert "say which: seqlib/late.py:harmless tests/script.py:harmless seqlib/__init__.py:harmless" in done.stderr
    assert list(outcomes(tree, "seqlib/late.py:harmless")) == ["harmless"]


def test_two_mutants_of_one_place(tree, run, tmp_path):
    shutil.copytree(tree, tmp_path / "tree")
    shutil.copy(tree / "tests/mutants_twice.py", tmp_path / "tree/tests/mutants_again.py")
    done = run(tmp_path / "tree")
    assert done.returncode == 2
    assert "two mutants have the name seqlib/__init__.py:thrice" in done.stderr


def test_an_unknown_name(tree, run):
    done = run(tree, "fourfold")
    assert done.returncode == 2
    assert "no such mutant: fourfold" in done.stderr


def test_what_is_to_be_changed_stands_there_once():
    """Told in a second; `make mutants` would tell it after minutes."""
    mutants = PLANTED["read"]()
    texts = {file: (PLANTED["ROOT"] / file).read_text(encoding="utf8") for file in {m.file for m in mutants}}
    assert [m.place for m in mutants if texts[m.file].count(m.old) != 1] == []


def test_tests_that_cannot_be_collected_without_a_bug_catch_none(tree, run, tmp_path):
    shutil.copytree(tree, tmp_path / "tree")
    tests = tmp_path / "tree/tests/test_twice.py"
    tests.write_text("import no_such_module\n" + tests.read_text())
    done = run(tmp_path / "tree", "thrice")
    assert done.returncode == 2
    assert "without any bug, the tests cannot be collected" in done.stderr
    assert "no_such_module" in done.stderr


LITTERING = """\
from pathlib import Path

from seqlib import twice


def test_twice():
    assert not Path("seqlib/left.py").exists()
    assert Path("seqlib/late.py").read_text()
    if twice(3) != 6:
        Path("seqlib/left.py").write_text("")
        Path("seqlib/late.py").write_text("")
        raise OverflowError
"""


def test_nothing_of_a_mutant_is_there_for_the_next(tree, outcomes, tmp_path):
    """The first one, for whom the tests leave a file, must not be seen by those of the second, which has no bug."""
    shutil.copytree(tree, tmp_path / "tree")
    (tmp_path / "tree/tests/test_twice.py").write_text(LITTERING)
    said = outcomes(tmp_path / "tree", "thrice", "seqlib/__init__.py:harmless", "--jobs", "1")
    assert said["thrice"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")


def test_how_a_test_failed_is_not_looked_for_in_every_module(tree, run, tmp_path):
    """That is what pytest does for its own words, and takes longer than most tests."""
    shutil.copytree(tree, tmp_path / "tree")
    asked = f"""\
import sys
from pathlib import Path
from types import ModuleType


class Asked(ModuleType):
    @property
    def __file__(self):
        Path({str(tmp_path / "asked")!r}).write_text("")
        return "asked.py"


def test_twice():
    from seqlib import twice
    sys.modules["asked"] = Asked("asked")
    assert twice(3) == 6
"""
    (tmp_path / "tree/tests/test_twice.py").write_text(asked)
    assert run(tmp_path / "tree", "thrice").stdout.endswith("planted bugs: 1 of 1 caught\n")
    assert not (tmp_path / "asked").exists()


def test_branches_are_merged_by_keeping_the_lines_of_both():
    assert "tests/mutants/verdicts.txt merge=union" in (PLANTED["ROOT"] / ".gitattributes").read_text().splitlines()
