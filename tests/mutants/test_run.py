"""tests/mutants/run.py on a tiny tree: what is caught, what gets away, and what is no mutant."""

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLANTED = runpy.run_path(str(Path(__file__).with_name("planted.py")))
SCRIPTS = [Path(__file__).with_name(name) for name in ("run.py", "session.py", "catchers.py", "bed.py", "planted.py")]
FILES = {
    "seqlib/__init__.py": "def twice(x):\n    return 2 * x  # a comment\n",
    "tests/test_twice.py": "from seqlib import twice\n\n\ndef test_twice():\n    assert twice(3) == 6\n",
    "tests/mutants_twice.py": """\
FILE = "seqlib/__init__.py"
TESTS = ["tests/test_twice.py"]
MUTANTS = {
    "thrice": ("2 * x", "3 * x"),
    "harmless": ("a comment", "another comment"),
    "missing": ("4 * x", "5 * x"),
    "often": ("x", "y"),
    "unreadable": ("return 2", "return return 2"),
    "seen-by-these": ("2 * x", "4 * x", "no_such_test or twice"),
    "unseen-by-these": ("2 * x", "4 * x", "once"),
    "endless": ("return 2 * x", "while True: pass"),
}
""",
    "seqlib/late.py": """\
from seqlib import twice as double


def four(x):
    from seqlib import twice
    return twice(twice(x))
""",
    "tests/test_late.py": """\
import pytest


@pytest.fixture
def four():
    from seqlib.late import four
    four(1)
    return four


def test_four(four):
    assert four(2) == 8
""",
    "tests/mutants_late.py": """\
FILE = "seqlib/late.py"
TESTS = ["tests/test_late.py"]
MUTANTS = {
    "harmless": ("return twice", "return  twice"),
    "three": ("twice(twice(x))", "twice(x) + x"),
    "too-many": ("return twice(twice(x))", "raise OverflowError"),
    "no-such-name": ("from seqlib import twice as", "from seqlib import thrice as"),
    "no-python": ("def four(x)", "def four(x"),
    "name-error": ("import twice as double", "import twice as double\\ndouble = triple"),
    "late-import-error": ("import twice\\n", "import thrice\\n"),
}
""",
    "tests/script.py": "LONG = 7  # steps\n",
    "tests/test_script.py": """\
import runpy
from pathlib import Path

LONG = runpy.run_path(str(Path(__file__).with_name("script.py")))["LONG"]


def test_long():
    assert LONG == 7
""",
    "tests/mutants_script.py": """\
FILE = "tests/script.py"
TESTS = ["tests/test_script.py"]
MUTANTS = {"eight": ("7", "8"), "harmless": ("steps", "more steps"), "no-python": ("= 7", "= = 7")}
""",
    "pyproject.toml": '[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n',
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "tests/mutants").mkdir()
    for script in SCRIPTS:
        shutil.copy(script, folder / "tests/mutants")
    return folder


def outcomes(tree, *arguments):
    """name -> what is said of it."""
    said = run(tree, *arguments).stdout
    return dict(re.findall(r"^(?:seqlib|tests)/\S+ +(\S+) +[\d.]+ s  (.+)$", said, re.M))


def run(tree, *arguments):
    command = [sys.executable, "tests/mutants/run.py", *arguments]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    assert (tree / "seqlib/__init__.py").read_text() == FILES["seqlib/__init__.py"]
    return done


def test_only_a_test_that_fails_catches(tree):
    done = run(tree, "thrice", "seqlib/__init__.py:harmless", "missing", "often", "unreadable")
    assert done.returncode == 1, done.stderr
    assert re.search(r" thrice +[\d.]+ s  caught$", done.stdout, re.M)
    assert re.search(r" harmless +[\d.]+ s  NOT CAUGHT by tests/test_twice.py$", done.stdout, re.M)
    assert re.search(r" missing .* its text stands 0 times in seqlib/__init__.py, not once$", done.stdout, re.M)
    assert re.search(r" often .* its text stands 2 times", done.stdout, re.M)
    assert re.search(r" unreadable .*cannot be imported: SyntaxError", done.stdout, re.M)
    assert done.stdout.endswith("planted bugs: 1 of 5 caught\n")
    assert not (tree / ".hypothesis").exists()


def test_what_was_slow_for_one_mutant_comes_last_for_the_next(tree, tmp_path):
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


def test_all_caught(tree):
    done = run(tree, "thrice")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n")


def test_a_mutant_may_name_the_tests_that_must_catch_it(tree):
    tests = tree / "tests/test_twice.py"
    before = tests.read_text()
    tests.write_text(before + "\n\ndef test_once():\n    assert True\n")
    said = outcomes(tree, "seen-by-these", "unseen-by-these")
    tests.write_text(before)
    assert said["seen-by-these"] == "caught"
    assert said["unseen-by-these"].startswith("NOT CAUGHT")


def test_tests_that_do_not_end(tree):
    done = run(tree, "endless", "--limit", "2")
    assert done.returncode == 1
    assert "its tests did not end within 2 s" in done.stdout


def test_that_a_comparison_fails_is_enough_and_nobody_reads_how_long_lists_differ(tree, tmp_path, monkeypatch):
    """In CI, pytest explains it line by line, which takes minutes."""
    monkeypatch.setenv("CI", "true")
    shutil.copytree(tree, tmp_path / "tree")
    tests = tmp_path / "tree/tests/test_twice.py"
    long = "[10**9 + 7 * x + twice(1) for x in range(500)] == [10**9 + 7 * x + 2 for x in range(500)]"
    tests.write_text(tests.read_text().replace("twice(3) == 6", long))
    done = run(tmp_path / "tree", "thrice", "--limit", "10")
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n"), done.stdout


def test_a_module_that_cannot_be_imported_is_no_bug_that_was_seen(tree):
    """Its tests import it in a fixture, where pytest ends with 1, as when a test fails."""
    said = outcomes(tree, "seqlib/late.py")
    assert said["three"] == said["too-many"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")
    assert "cannot be imported: ImportError: cannot import name 'thrice'" in said["no-such-name"]
    assert "cannot be imported: SyntaxError: '(' was never closed" in said["no-python"]
    assert "cannot be imported: NameError: name 'triple'" in said["name-error"]
    assert "cannot be imported: tests/test_late.py::test_four: ImportError" in said["late-import-error"]


def test_a_script_of_the_tests_is_read_from_the_copy(tree):
    said = outcomes(tree, "tests/script.py")
    assert said["eight"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")
    assert "cannot be imported: SyntaxError" in said["no-python"]


def test_a_mutant_that_is_named_twice_runs_once(tree):
    done = run(tree, "thrice", "thrice", "seqlib/__init__.py:thrice")
    assert done.stdout.count(" s  caught\n") == 1
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n")


def test_a_name_of_several_mutants_is_asked_about(tree):
    done = run(tree, "harmless")
    assert done.returncode == 2
    assert "say which: seqlib/late.py:harmless tests/script.py:harmless seqlib/__init__.py:harmless" in done.stderr
    assert list(outcomes(tree, "seqlib/late.py:harmless")) == ["harmless"]


def test_two_mutants_of_one_place(tree, tmp_path):
    shutil.copytree(tree, tmp_path / "tree")
    shutil.copy(tree / "tests/mutants_twice.py", tmp_path / "tree/tests/mutants_again.py")
    done = run(tmp_path / "tree")
    assert done.returncode == 2
    assert "two mutants have the name seqlib/__init__.py:thrice" in done.stderr


def test_an_unknown_name(tree):
    done = run(tree, "fourfold")
    assert done.returncode == 2
    assert "no such mutant: fourfold" in done.stderr


def test_what_is_to_be_changed_stands_there_once():
    """Told in a second; `make mutants` would tell it after minutes."""
    mutants = PLANTED["read"]()
    texts = {file: (PLANTED["ROOT"] / file).read_text(encoding="utf8") for file in {m.file for m in mutants}}
    assert [m.place for m in mutants if texts[m.file].count(m.old) != 1] == []


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


def test_what_caught_it_before_runs_alone(tree, tmp_path):
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
def test_what_does_not_catch_it_any_more_decides_nothing(tree, tmp_path, before):
    record = remembered(tree, tmp_path, {"thrice": before, "harmless": before, "unreadable": before})
    names = ("thrice", "seqlib/__init__.py:harmless", "unreadable")
    done = run(tmp_path / "tree", *names, "--remember")
    assert done.stdout.endswith("planted bugs: 1 of 3 caught\n")
    assert re.search(r" harmless +[\d.]+ s  NOT CAUGHT", done.stdout)
    assert "cannot be imported: SyntaxError" in done.stdout
    now = json.loads(record.read_text())["seqlib/__init__.py"]
    assert now["thrice"] == "tests/test_twice.py::test_twice"


def test_a_test_that_is_left_out_catches_nothing_though_it_did_before(tree, tmp_path):
    tests = "tests/test_twice.py::test_twice"
    remembered(tree, tmp_path, {"seen-by-these": tests, "unseen-by-these": tests})
    said = outcomes(tmp_path / "tree", "seen-by-these", "unseen-by-these")
    assert said["seen-by-these"] == "caught"
    assert said["unseen-by-these"].startswith("pytest ended with 5")  # no test was left


def test_tests_that_cannot_be_collected_without_a_bug_catch_none(tree, tmp_path):
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


def test_nothing_of_a_mutant_is_there_for_the_next(tree, tmp_path):
    """The first one, for whom the tests leave a file, must not be seen by those of the second, which has no bug."""
    shutil.copytree(tree, tmp_path / "tree")
    (tmp_path / "tree/tests/test_twice.py").write_text(LITTERING)
    said = outcomes(tmp_path / "tree", "thrice", "seqlib/__init__.py:harmless", "--jobs", "1")
    assert said["thrice"] == "caught"
    assert said["harmless"].startswith("NOT CAUGHT")


def test_how_a_test_failed_is_not_looked_for_in_every_module(tree, tmp_path):
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
