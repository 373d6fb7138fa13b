"""tests/mutants/control.py: a test that does not pass without a bug, for whatever reason, has caught none."""

import json
import re
import runpy
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KINDS = """\
import os
from pathlib import Path

import pytest

from seqlib import twice

RIGHT = twice(3) == 6
MADE, ONCE = Path("{made}"), Path("{made}-once")
BEFORE = []


@pytest.fixture
def unset():
    raise OverflowError("no set-up")


@pytest.fixture
def unclean():
    yield
    raise OverflowError("no clean-up")


@pytest.fixture(scope="module")
def dear():
    with MADE.open("a") as file:
        file.write("made ")
    return []


def test_good(tmp_path_factory):
    BEFORE.append("good")
    assert RIGHT


def test_good_and_wide(pytestconfig):
    assert pytestconfig.getoption("--wide") == "9"
    assert RIGHT


def test_always():
    assert Path("README.md").exists(), "no readme"


def test_once():
    before = ONCE.exists()
    ONCE.write_text("")
    assert before and RIGHT


def test_dear(dear):
    dear.append(1)
    assert RIGHT


def test_cheap(dear):
    assert RIGHT


def test_spoiled(dear):
    assert RIGHT and not dear


def test_dear_too(dear):
    assert RIGHT


def test_alone(tmp_path_factory):
    assert BEFORE, "nothing before"


def test_set_up(unset):
    pass


def test_clean_up(unclean):
    pass


def test_skipped():
    if RIGHT:
        pytest.skip()
    raise OverflowError


@pytest.mark.xfail(RIGHT, reason="none")
def test_xfailed():
    raise OverflowError


if not RIGHT:
    def test_gone():
        raise OverflowError


def test_gone_with_all():
    if RIGHT:
        os._exit(0)
    raise OverflowError


def test_ended_as_if_failed():
    os._exit(1)
"""
ENDS = {
    "always": r"fails, too \(.*no readme.*\)",
    "alone": r"fails, too \(.*nothing before.*\)",
    "set_up": r"fails, too \(.*no set-up.*\)",
    "clean_up": r"fails, too \(.*no clean-up.*\)",
    "skipped": "is skipped",
    "xfailed": "is skipped",
    "gone": "is not there",
    "gone_with_all": "does not end",
}
GOOD = ("good", "good_and_wide", "once", "dear", "cheap", "dear_too", "spoiled")
MUTANTS = """\
FILE = "seqlib/__init__.py"
TESTS = ["tests/test_kinds.py", "--wide", "9", "--deselect=tests/test_kinds.py::test_other"]
MUTANTS = {name: ("2 * x", "3 * x", f"test_{name}") for name in NAMES}
"""


def known_as(name):
    return f"tests/test_kinds.py::test_{name}"


@pytest.fixture(scope="module")
def kinds(tree, tmp_path_factory):
    """A tree with a test of each kind, and a mutant for each, that it has caught."""
    folder = tmp_path_factory.mktemp("kinds") / "tree"
    shutil.copytree(tree, folder)
    (folder / "tests/test_kinds.py").write_text(KINDS.replace("{made}", str(folder.with_name("made"))))
    (folder / "tests/conftest.py").write_text(
        'def pytest_addoption(parser):\n    parser.addoption("--wide", default="1")\n'
    )
    names = [*GOOD, *ENDS, "always_again", "ended_as_if_failed"]
    (folder / "tests/mutants_twice.py").write_text(MUTANTS.replace("NAMES", str(names)))
    return folder


@pytest.fixture(scope="module")
def told(kinds, run):
    """All of them, run once without a bug."""
    caught_by = {name: known_as(name) for name in (*GOOD, *ENDS)} | {"always_again": known_as("always")}
    (kinds / "tests/mutants/caught_by.json").write_text(json.dumps({"seqlib/__init__.py": caught_by}))
    return run(kinds, "seqlib/__init__.py", "--control", "--jobs", "1")


def test_what_does_not_pass_without_a_bug_caught_nothing(told):
    assert told.returncode == 1, told.stderr
    said = dict(
        re.findall(r"^tests/test_kinds.py::test_(\w+) catches nothing: without the bug it (.+)$", told.stdout, re.M)
    )
    assert said.keys() == ENDS.keys()
    for name, end in ENDS.items():
        relied = f"seqlib/__init__.py:{name}" + " seqlib/__init__.py:always_again" * (name == "always")
        assert re.fullmatch(rf"{end}\. On it relied {relied}", said[name]), said[name]
    assert re.search(r"^without a bug: 7 of 15 catching tests pass \([\d.]+ s\)$", told.stdout, re.M)


def test_what_is_dear_is_made_once_for_all_that_need_it(told, kinds):
    """Of four that need it, the third finds it spoiled: for the last it is made anew, and for that one alone."""
    assert kinds.with_name("made").read_text() == "made " * 3


def test_what_caught_nothing_counts_for_nothing_and_is_not_remembered(kinds, run, tmp_path):
    shutil.copytree(kinds, tmp_path / "tree")
    record = tmp_path / "tree/tests/mutants/caught_by.json"
    record.write_text(json.dumps({"seqlib/__init__.py": {"always": known_as("always")}}))
    done = run(tmp_path / "tree", "good", "always", "skipped", "--remember")
    assert done.returncode == 1
    assert done.stdout.endswith("\nplanted bugs: 1 of 3 caught\n"), done.stdout
    assert json.loads(record.read_text()) == {"seqlib/__init__.py": {"good": known_as("good")}}


def test_a_process_that_ends_as_if_a_test_had_failed_caught_nothing(kinds, run):
    """None was seen to fail, so there is none that could be controlled."""
    done = run(kinds, "ended_as_if_failed")
    assert re.search(r" ended_as_if_failed +[\d.]+ s  pytest ended with 1: ", done.stdout)


LEAVING = """\
from pathlib import Path

from seqlib import twice


def test_other():
    if twice(3) == 6:
        Path("seqlib/left.py").write_text("")


def test_leaving():
    assert not Path("seqlib/left.py").exists()
    if twice(3) == 6:
        Path("seqlib/left.py").write_text("")
    else:
        raise OverflowError
"""


def test_what_one_folder_leaves_the_next_does_not_find(tree, run, tmp_path):
    shutil.copytree(tree, tmp_path / "tree")
    for name in ("one", "two"):
        (tmp_path / f"tree/tests/{name}").mkdir()
        (tmp_path / f"tree/tests/{name}/test_{name}.py").write_text(LEAVING)
        mutants = f'FILE = "seqlib/__init__.py"\nTESTS = ["tests/{name}/test_{name}.py"]\n'
        mutants += f'MUTANTS = {{"{name}": ("2", "3")}}\n'
        (tmp_path / f"tree/tests/mutants_{name}.py").write_text(mutants)
    done = run(tmp_path / "tree", "one", "two", "--jobs", "1")
    assert re.search(r"^without a bug: 2 of 2 catching tests pass ", done.stdout, re.M), done.stdout
    assert done.returncode == 0


def test_those_of_the_record_without_any_bug(tree, run, tmp_path):
    """One whose file is none of the mutant's any more would not be run, and is not run here."""
    shutil.copytree(tree, tmp_path / "tree")
    (tmp_path / "tree/tests/test_late.py").write_text("def test_four():\n    raise OverflowError\n")
    caught_by = {
        "seqlib/__init__.py": {"thrice": "tests/test_twice.py::test_twice", "often": "tests/gone.py::test_gone"},
        "seqlib/late.py": {"three": "tests/test_late.py::test_four"},
    }
    (tmp_path / "tree/tests/mutants/caught_by.json").write_text(json.dumps(caught_by))
    done = run(tmp_path / "tree", "--control", "thrice", "often", "three")
    assert done.returncode == 1, done.stderr
    line = r"tests/test_late.py::test_four catches nothing: without the bug it fails, too \(.*\)\. "
    line += "On it relied seqlib/late.py:three"
    assert re.fullmatch(line + r"\nwithout a bug: 1 of 2 catching tests pass \([\d.]+ s\)\n", done.stdout)
    assert run(tmp_path / "tree", "--control", "thrice", "often").returncode == 0


def test_what_is_not_reached_in_time_did_not_pass(tmp_path, monkeypatch):
    """The first passes, the second does not end, the third is not begun."""
    monkeypatch.syspath_prepend(str(HERE))
    control = runpy.run_path(str(HERE / "control.py"))
    lines = [["a", "does not end"], ["a", "passes"], ["b", "does not end"]]
    (tmp_path / "told").write_text("".join(json.dumps(line) + "\n" for line in lines))
    catchers = [control["Catcher"](name, ()) for name in "abc"]

    class folder:
        name = str(tmp_path)

    child = control["Child"](catchers, None, folder, 0.0)
    became = {catcher.test: end for catcher, end in control["became"](child, None).items()}
    assert became == {"b": "does not end", "c": "was not reached"}


def test_what_cannot_be_collected_is_told(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))
    control = runpy.run_path(str(HERE / "control.py"))
    (tmp_path / "output").write_text("no such thing")

    class folder:
        name = str(tmp_path)

    catcher = control["Catcher"]("a", ())
    child = control["Child"]([catcher], None, folder, 0.0)
    assert control["became"](child, 2) == {catcher: "was not run: pytest ended with 2: no such thing"}
    assert control["became"](child, 5) == {catcher: "is not there"}
