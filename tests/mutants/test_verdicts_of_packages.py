"""tests/mutants/verdicts.py: of a package that only hands on, what a test takes counts; what it reads is noticed."""

import re
import shutil
import subprocess
import sys

import pytest

MUTANT = 'FILE = "seqlib/nn/{0}s.py"\nTESTS = ["tests/{1}/test_{1}.py"]\n'
MUTANT += 'MUTANTS = {{"{1}-off": ("return ", "return 1 + ")}}\n'
TEST = "from seqlib.nn import {0}\n\n\ndef test_{0}(x=1):\n    assert {0}(3) == {1}\n"
FILES = {
    "seqlib/nn/__init__.py": """\
'''Two functions.'''

from seqlib.nn.fours import four
from seqlib.nn.twos import two

__all__ = ["four", "two"]
""",
    "seqlib/nn/fours.py": "def four(x):\n    return 4 * x\n",
    "seqlib/nn/twos.py": "def two(x):\n    return 2 * x\n",
    "seqlib/nn/six.py": "def six(x):\n    return 6 * x\n",
    "tests/two/test_two.py": TEST.format("two", 6),
    "tests/four/test_four.py": TEST.format("four", 12),
    "tests/every/test_every.py": """\
from seqlib import nn


def test_every():
    assert {name: getattr(nn, name)(3) for name in nn.__all__}["two"] == 6
""",
    "tests/two/mutants_two.py": MUTANT.format("two", "two"),
    "tests/four/mutants_four.py": MUTANT.format("four", "four"),
    "tests/every/mutants_every.py": MUTANT.format("two", "every"),
}
TWO, FOUR, EVERY = "seqlib/nn/twos.py:two-off", "seqlib/nn/fours.py:four-off", "seqlib/nn/twos.py:every-off"


@pytest.fixture
def package(tree, tmp_path):
    """A tree with three bugs."""
    folder = tmp_path / "tree"
    shutil.copytree(tree, folder)
    for path in folder.glob("tests/*.py"):
        path.unlink()
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def remembered(folder, run):
    """What is said when all have run, alone, and are remembered."""
    done = [run(folder, "--all", "--remember", "--jobs", "1") for _ in range(2)][-1]  # the first finds which test it is
    assert done.stdout.endswith("planted bugs: 3 of 3 caught\n"), done.stdout + done.stderr
    return done.stdout


def again(folder):
    """The bugs that are not known."""
    code = "import sys\nsys.path.insert(0, 'tests/mutants')\nimport catchers, planted\nfrom verdicts import *\n"
    code += "known, caught_by = Verdicts(ROOT), catchers.read()\n"
    code += "print(*(b.place for b in planted.read() if not known.knows(b, catchers.known(b, caught_by))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


CHANGES = {
    "its module": ("twos.py", "2 * x", "x + x", {TWO, EVERY}),
    "a sibling": ("fours.py", "4 * x", "x + x + x + x", {FOUR, EVERY}),
    "a sibling that does something": ("fours.py", "def", "print()\n\n\ndef", {TWO, FOUR, EVERY}),
    "a module that nobody takes": ("six.py", "6 * x", "x * 6", set()),
    "a module more": ("__init__.py", "twos import two\n", "twos import two\nfrom seqlib.nn.six import six\n", {EVERY}),
    "where it comes from": (
        "__init__.py",
        "from seqlib.nn.twos import two",
        "from seqlib.nn.six import six as two",
        {TWO},
    ),
    "what it is called there": ("__init__.py", "twos import two\n", "twos import double as two\n", {TWO, EVERY}),
    "where a sibling comes from": ("__init__.py", "nn.fours import four", "nn.six import six as four", {FOUR}),
    "a name that its module has, too": (
        "__init__.py",
        "twos import two\n",
        "twos import two\nfrom seqlib.nn.twos import two as six\n",
        {TWO, FOUR, EVERY},
    ),
    "the docstring": ("__init__.py", "Two functions", "Functions", {EVERY}),
    "all names": ("__init__.py", '"four", ', "", {EVERY}),
    "more than handing on": ("__init__.py", "\n\n__all__", "\n\nprint()\n__all__", {TWO, FOUR, EVERY}),
}


def test_what_changes_for_a_test_and_what_does_not(package, run):
    assert "will run each time" not in remembered(package, run)
    assert again(package) == set()
    for change, (name, old, new, expected) in CHANGES.items():
        path = package / "seqlib/nn" / name
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))
        assert again(package) == expected | ({EVERY} if "where" in change else set()), change
        path.write_text(text)


READ = {
    "open('seqlib' + '/nn/fours' + '.py').close()": "seqlib/nn/fours.py",
    "open('seqlib' + '/nn/__init__' + '.py').close()": "seqlib/nn/__init__.py",
    "exec('import ' + 'seqlib.nn' + '.six')": "seqlib/nn/six.py",
}


@pytest.mark.parametrize("code", READ)
def test_what_a_test_reads_itself_is_no_affair_of_the_package(package, run, code):
    path = package / "tests/two/test_two.py"
    path.write_text(path.read_text().replace("(x=1):\n", f"(x=1):\n    {code}\n"))
    said = re.findall(r"^(\S+) will run each time: .* does not find, (\S+)$", remembered(package, run), re.M)
    assert said == [(TWO, READ[code])]
    assert again(package) == {TWO}
