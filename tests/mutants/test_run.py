"""tests/mutants/run.py on a tiny tree: what is caught, what gets away, and what is no mutant."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "run.py"
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
    "endless": ("return 2 * x", "while True: pass"),
}
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
    shutil.copy(RUN, folder / "tests/mutants")
    return folder


def run(tree, *arguments):
    command = [sys.executable, "tests/mutants/run.py", *arguments]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    assert (tree / "seqlib/__init__.py").read_text() == FILES["seqlib/__init__.py"]
    return done


def test_only_a_test_that_fails_catches(tree):
    done = run(tree, "thrice", "harmless", "missing", "often", "unreadable")
    assert done.returncode == 1, done.stderr
    assert re.search(r" thrice +caught$", done.stdout, re.M)
    assert re.search(r" harmless +NOT CAUGHT by tests/test_twice.py$", done.stdout, re.M)
    assert re.search(r" missing +its text stands 0 times in seqlib/__init__.py, not once$", done.stdout, re.M)
    assert re.search(r" often +its text stands 2 times", done.stdout, re.M)
    assert re.search(r" unreadable +pytest ended with 2: [^§]*SyntaxError", done.stdout, re.M)
    assert done.stdout.endswith("planted bugs: 1 of 5 caught\n")
    assert not (tree / ".hypothesis").exists()


def test_all_caught(tree):
    done = run(tree, "thrice")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("planted bugs: 1 of 1 caught\n")


def test_tests_that_do_not_end(tree):
    done = run(tree, "endless", "--limit", "2")
    assert done.returncode == 1
    assert "its tests did not end within 2 s" in done.stdout


def test_an_unknown_name(tree):
    done = run(tree, "fourfold")
    assert done.returncode == 2
    assert "no such mutant: fourfold" in done.stderr
