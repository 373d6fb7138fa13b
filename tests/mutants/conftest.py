"""A tiny tree with tests and planted bugs, and tests/mutants/run.py, started in it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = (
    "run.py",
    "verdicts.py",
    "closure.py",
    "exports.py",
    "session.py",
    "forks.py",
    "control.py",
    "catchers.py",
    "bed.py",
    "planted.py",
)
SCRIPTS = [Path(__file__).with_name(name) for name in NAMES]
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


@pytest.fixture(scope="session")
def run():
    """A function that runs mutants of a tree, and returns the ended process."""

    def run(tree, *arguments):
        command = [sys.executable, "tests/mutants/run.py", *arguments]
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
        assert (tree / "seqlib/__init__.py").read_text() == FILES["seqlib/__init__.py"]
        return done

    return run


@pytest.fixture(scope="session")
def outcomes(run):
    """A function that runs mutants of a tree, and returns name -> what is said of it."""

    def outcomes(tree, *arguments):
        said = run(tree, *arguments).stdout
        return dict(re.findall(r"^(?:seqlib|tests)/\S+ +(\S+) +[\d.]+ s  (.+)$", said, re.M))

    return outcomes
