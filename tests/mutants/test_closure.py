"""tests/mutants/closure.py: what a file may read is found in its text, in each of the ways in which files are named."""

import runpy
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # the script imports its neighbour, as it does where it is started
sys.modules.pop("exports", None)  # that of these files, and not of the runner in which this may be a fork
Tree = runpy.run_path(str(HERE / "closure.py"))["Tree"]
sys.path.remove(str(HERE))
FILES = {
    "seqlib/__init__.py": "from seqlib.text import words\n",
    "seqlib/text.py": "import numpy\n",
    "seqlib/signs.py": "",
    "seqlib/nn/__init__.py": "",
    "seqlib/nn/cell.py": "from .. import signs\nfrom . import gate\n",
    "seqlib/nn/gate.py": "",
    "coursework/__init__.py": "",
    "coursework/marks.py": "import csv\n",
    "tests/nn/kinds.py": "",
    "tests/nn/longer_01.py": "import timing\n",
    "tests/nn/longer_02.py": "",
    "tests/nn/other.py": "",
    "tests/nn/students/one.py": "",
    "tests/other/students/two.py": "",
    "tests/other/longer_03.py": "",
    "tests/other/timing.py": "",
    "tools/live_01.py": "",
    "chapters/assignments/01_one.ipynb": '"source": "from seqlib.nn import cell\\n"',
    "chapters/assignments/02_two.ipynb": "",
    "book/chapters.yml": "",
}
SEQLIB = {"seqlib/__init__.py:"}  # of a package that only hands on: that it is imported
NN = {*SEQLIB, "seqlib/nn/__init__.py:"}
GATE = {*NN, "seqlib/nn/gate.py"}
CELL = {*GATE, "seqlib/signs.py", "seqlib/nn/cell.py"}
TEXT = {*SEQLIB, "seqlib/text.py"}
ALL = {*CELL, *TEXT, "seqlib/__init__.py", "seqlib/nn/__init__.py"}
ASSIGNMENTS = {*CELL, "seqlib/nn/__init__.py", "chapters/assignments/01_one.ipynb", "chapters/assignments/02_two.ipynb"}
PROCESS = {*ALL, "coursework/__init__.py", "coursework/__init__.py:", "coursework/marks.py"}
READS = {
    "import numpy": set(),
    "import seqlib": SEQLIB,
    "import seqlib.nn.gate as g": GATE,
    "def f():\n    from seqlib.nn import (\n        cell,\n    )": CELL,
    "from seqlib.text import words": TEXT,
    "from kinds import KINDS": {"tests/nn/kinds.py"},
    "import timing": {"tests/other/timing.py"},
    "run(HERE / 'longer_01.py')": {"tests/nn/longer_01.py", "tests/other/timing.py"},
    "run(f'longer_{n}.py')": {"tests/nn/longer_01.py", "tests/nn/longer_02.py", "tests/other/timing.py"},
    "glob('longer_*.py')": {"tests/nn/longer_01.py", "tests/nn/longer_02.py", "tests/other/timing.py"},
    "load('kinds')": {"tests/nn/kinds.py"},
    "load('seqlib.nn.cell')": CELL,
    "load('seqlib.nn.gate.Gate')": GATE,
    "NAME = 'tools'": set(),
    "ROOT / 'seqlib/nn/gate.py'": GATE,
    "ROOT / 'tools/live_01.py'": {"tools/live_01.py"},
    "ROOT / 'tools' / f'live_{n}.py'": {"tools/live_01.py"},
    "ROOT / 'chapters' / 'assignments' / name": ASSIGNMENTS,
    "(ROOT / 'chapters/assignments').glob('*')": ASSIGNMENTS,
    "ROOT.glob('chapters/assignments/*.ipynb')": ASSIGNMENTS,
    "HERE / 'students'": {"tests/nn/students/one.py"},
    "pytest.main(['tests/nn/other.py::test_other[a-b]'])": {"tests/nn/other.py"},
    "CODE = 'import json\\nfrom seqlib.nn import cell, gate'": {*CELL, "seqlib/nn/__init__.py"},
    "python('-c', 'from seqlib import text; text.words()')": {*TEXT, "seqlib/__init__.py"},
    "command = 'python tools/live_01.py --all'": {"tools/live_01.py"},
    "f'book/{name}.yml'": {"book/chapters.yml"},
    "NAME = 'chapters.yml'": {"book/chapters.yml"},
    "def f():\n    '''As tools/live_01.py does.'''": set(),
    "name = 'students of kinds'": set(),
    "f'{a}/{b}'": set(),
    "import subprocess": PROCESS,
    "pid = os.fork()": PROCESS,
}


@pytest.fixture
def read(tmp_path):
    """What a test of this text may read, beside itself."""

    def read(text, more=(), name="tests/nn/test_this.py"):
        files = FILES | {name: text, **dict.fromkeys(more, "")}
        for file, content in files.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        found = Tree(tmp_path, set(files)).closure(name)
        assert name in found
        return found - {name}

    return read


@pytest.mark.parametrize("text", READS)
def test_what_it_names(text, read):
    assert read(text + "\n") == READS[text]


def test_what_is_beside_it_and_above_it(read):
    more = ("tests/conftest.py", "tests/nn/conftest.py", "tests/other/conftest.py", "tests/nn/a.csv", "tests/b.csv")
    assert read("", more) == {"tests/conftest.py", "tests/nn/conftest.py", "tests/nn/a.csv", "tests/b.csv"}
    assert "tests/other/conftest.py" in read("import timing\n", more)


def test_the_tiny_trees_of_planted_bugs_are_elsewhere(read):
    text = "import timing\nimport subprocess\nFILES = ['tools/live_01.py', 'tests/mutants/run.py']\n"
    more = ("tests/mutants/run.py", "tests/mutants/bed.py")
    assert read(text, more, "tests/mutants/test_this.py") == {"tests/other/timing.py", "tests/mutants/run.py"}
