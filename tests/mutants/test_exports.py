"""tests/mutants/exports.py: what a package hands on counts name by name, and all of it where that cannot be told."""

import runpy
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # the script imports its neighbour, as it does where it is started
sys.modules.pop("exports", None)  # that of these files, and not of the runner in which this may be a fork
Tree = runpy.run_path(str(HERE / "closure.py"))["Tree"]
sys.path.remove(str(HERE))
INIT = """\
'''A package.'''

from seqlib.nn.gru import GRU
from .lstm import LSTM, Gates as Ports
from seqlib.inner import Deep

SIZES = (1, -2)
__all__ = ["GRU", "LSTM"]
"""
FILES = {
    "seqlib/__init__.py": "__version__ = '1'\n",
    "seqlib/nn/__init__.py": INIT,
    "seqlib/nn/gru.py": "import numpy\n\n\nclass GRU(numpy.ndarray):\n    pass\n",
    "seqlib/nn/lstm.py": "from seqlib.signs import SIGN\n",
    "seqlib/nn/other.py": "",
    "seqlib/signs.py": "SIGN = 1\n",
    "seqlib/inner/__init__.py": "from .deep import Deepest as Deep, deep\n",
    "seqlib/inner/deep.py": "",
    "seqlib/loud/__init__.py": "from .voice import shout\n\nshout()\n",
    "seqlib/loud/voice.py": "",
}
NN, TOP = "seqlib/nn/__init__.py", {"seqlib/__init__.py:"}
PASSED = {*TOP, f"{NN}:"}
GRU = {*PASSED, f"{NN}:GRU", "seqlib/nn/gru.py"}
LSTM = {*PASSED, f"{NN}:LSTM", "seqlib/nn/lstm.py", "seqlib/signs.py"}
DEEPEST = {"seqlib/inner/__init__.py:", "seqlib/inner/__init__.py:Deep", "seqlib/inner/deep.py"}
INNER_DEEP = "seqlib/inner/__init__.py:deep"  # the module has a function of its name
DEEPEST.add(INNER_DEEP)
DEEP = {*PASSED, f"{NN}:Deep", *DEEPEST}
ALL = {NN, *GRU, *LSTM, *DEEP, f"{NN}:Ports"}
TAKES = {
    "from seqlib.nn import GRU": GRU,
    "from seqlib.nn import GRU, LSTM": GRU | LSTM,
    "from seqlib.nn import Ports as P": LSTM - {f"{NN}:LSTM"} | {f"{NN}:Ports"},
    "from seqlib.nn import Deep": DEEP,
    "from seqlib.inner import deep": {*TOP, *DEEPEST} - {"seqlib/inner/__init__.py:Deep"},
    "from seqlib.inner.deep import x": {*TOP, *DEEPEST} - {"seqlib/inner/__init__.py:Deep"},
    "from seqlib.nn import SIZES": {*PASSED, f"{NN}:SIZES"},
    "from seqlib.nn.gru import GRU": {*PASSED, "seqlib/nn/gru.py"},
    "from seqlib.nn import other": {*PASSED, "seqlib/nn/other.py"},
    "from seqlib import __version__": {*TOP, "seqlib/__init__.py:__version__"},
    "import seqlib.nn": PASSED,
    "import seqlib.nn\nx = seqlib.nn.GRU.y(1)": GRU,
    "import seqlib.nn.gru\nx = seqlib.nn.GRU, seqlib.nn.other.x": {*GRU, "seqlib/nn/other.py"},
    "import seqlib.nn as n\ndef f(x=n.GRU): return n.LSTM": GRU | LSTM,
    "from seqlib import nn\nx = nn.GRU()": GRU,
    "from seqlib import nn\nx = nn.GRU, nn.__all__": ALL,
    "from seqlib import nn\nx = nn.__doc__": ALL,
    "from seqlib import nn\nx = nn.missing": ALL,
    "from seqlib import nn\nx = vars(nn)": ALL,
    "from seqlib import nn\nx = getattr(nn, 'GRU')": ALL,
    "from seqlib import nn\nnn.GRU = 1": ALL,
    "from seqlib import nn\ndef f():\n    global nn": ALL,
    "from seqlib import nn\nx = eval('nn.GRU')": ALL,
    "from seqlib import nn\nx = globals()": ALL,
    "import seqlib\nx = seqlib.nn": {*ALL, *TOP},
    "import seqlib\nx = [seqlib]": {*TOP, "seqlib/__init__.py"},
    "from seqlib.nn import *": ALL,
    "from seqlib.nn import __all__": ALL,
    "from seqlib.nn import missing": ALL,
    "x = 'seqlib.nn'": ALL,
    "x = '__init__'": set(),
    "x = 'seqlib.nn.gru'": {*PASSED, "seqlib/nn/gru.py"},
    "x = 'seqlib/nn/__init__.py'": ALL,
    "from seqlib.loud.voice import x": {*TOP, "seqlib/loud/__init__.py", "seqlib/loud/voice.py"},
}
ROAMING = {
    "import importlib\nimportlib.import_module(x)": True,
    "from importlib import import_module as i": True,
    "__import__(x)": True,
    "import pkgutil": True,
    "x = GRU.__subclasses__()": True,
    "import sys\nx = sys.modules": True,
    "import sys\nx = sys.modules[name]": True,
    "import sys as s\nx = s.modules": True,
    "from sys import modules": True,
    "import os\nx = os.sys.modules": True,
    "exec('from importlib import import_module as i')": True,
    "x = getattr(y, '__subclasses__')": True,
    "import sys\nx = sys.modules['json']": False,
    "import sys\nsys.modules[x] = 1": False,
    "import sys\nx = 'json' in sys.modules": False,
    "import sys\nx = y in sys.modules": True,
    "import sys\nsys.modules.setdefault('json', None)": False,
    "import sys\nsys.modules.get(x)": True,
    "import sys\nmonkeypatch.setitem(sys.modules, 'json', None)": False,
    "x = model.modules()": False,
}
KEEPS = {"KNOWN.append(cls)": True, "KNOWN[cls] = 1": True, "super().__init_subclass__()": False, "print(cls)": False}
INERT = {
    "import numpy\nX, Y = numpy.zeros(3), 1\nX += 1\nN: int = 3\ndef f(x=len('')): print(x)": True,
    "if __name__ == '__main__':\n    print()": True,
    "print()": False,
    "if True:\n    X = 1": False,
    "import numpy\nnumpy.x = 1": False,
    "X = {}\nX['a'] = 1": False,
    "from numpy import X\nX += [1]": False,
    "def f(): pass\nX = f()": False,
    "from seqlib.signs import f\nX = f.a(1)": False,
    "from seqlib.signs import f\n@f\ndef g(): pass": False,
    "from seqlib.signs import f\nclass A:\n    x = f()": False,
    "import seqlib.signs\ndef g(x=seqlib.signs.f()): pass": False,
    "import functools\ndef f(): pass\n@functools.partial(f())\ndef g(): pass": False,
    "def f(): pass\ndef g(): f()": True,
}
TRANSPARENT = {
    "": True,
    "x = 1": True,
    "from ..signs import SIGN": True,
    "from __future__ import annotations": False,
    "import numpy": False,
    "from numpy import ones": False,
    "from . import gru": False,
    "from . import GRU as Again": False,
    "from .gru import *": False,
    "x = f()": False,
    "x = (1, f())": False,
    "def __getattr__(name): pass": False,
    "if x:\n    from .other import x": False,
    "GRU = 1": False,
    "other = 1": False,
    "from .lstm import other": False,
    "__path__ = []": False,
    "x.y = 1": False,
    "print()": False,
}


@pytest.fixture
def found(tmp_path):
    """What counts for a file of this text, beside itself."""

    def found(text, name="tests/test_this.py", **changed):
        files = FILES | {name: text} | {file.replace("__", "/") + ".py": more for file, more in changed.items()}
        files[NN] = INIT + changed.get("init", "")
        for file, content in files.items():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(content)
        return Tree(tmp_path, set(files)).closure(name) - {name}

    return found


def without_parts(names):
    """Where all of the package counts, its parts say nothing more."""
    return {name for name in names if NN not in names or not name.startswith(f"{NN}:")}


@pytest.mark.parametrize("text", TAKES)
def test_what_is_taken_counts(text, found):
    assert without_parts(found(text + "\n")) == without_parts(TAKES[text])


def test_others_may_take_a_package_from_a_module_that_has_imported_it(found):
    names = found("from seqlib import nn\nx = nn.GRU\n", "tests/helper.py")
    assert without_parts(names) == without_parts(ALL)


@pytest.mark.parametrize("text", ROAMING)
def test_all_counts_where_modules_are_found_that_nobody_names(text, found):
    assert (NN in found(f"from seqlib.nn import GRU\n{text}\n")) == ROAMING[text]


@pytest.mark.parametrize("text", KEEPS)
def test_so_it_does_where_a_class_may_keep_those_that_are_made_of_it(text, found):
    lstm = f"class A:\n    def __init_subclass__(cls):\n        {text}\n"
    assert (NN in found("from seqlib.nn import LSTM\n", seqlib__nn__lstm=lstm)) == KEEPS[text]


def test_its_own_package_is_not_what_a_method_names(found):
    assert NN not in found("class A:\n    def f(self):\n        return self, '__init__'\n", "seqlib/nn/this.py")


@pytest.mark.parametrize("text", INERT)
def test_what_does_something_when_it_is_imported_counts(text, found):
    assert ("seqlib/nn/gru.py" not in found("from seqlib.nn import LSTM\n", seqlib__nn__gru=text)) == INERT[text]


def test_so_does_what_such_a_module_imports(found):
    changed = {"seqlib__nn__gru": "import seqlib.nn.other\n", "seqlib__nn__other": "print()\n"}
    assert found("from seqlib.nn import LSTM\n", **changed) == {*LSTM, "seqlib/nn/other.py"}


@pytest.mark.parametrize("text", TRANSPARENT)
def test_a_package_hands_on_and_does_nothing_else(text, found):
    names = found("from seqlib.nn import LSTM\n", init=f"{text}\n")
    assert (names == LSTM) == TRANSPARENT[text]
    assert (NN not in names) == TRANSPARENT[text]


def test_a_module_of_the_same_name_is_too_much(found):
    assert NN in found("from seqlib.nn import LSTM\n", seqlib__nn="")


def test_where_classes_that_are_made_run_what_is_planted_all_of_them_count(found):
    """A bug there can keep a module from being imported that nobody takes."""
    for text in ("class A:\n    def __init_subclass__(cls): pass\n", "class A(metaclass=B): pass\n"):
        for name, counts in (("seqlib/nn/lstm.py", True), ("tests/test_this.py", True)):
            assert (NN in found(f"from seqlib.nn import GRU\n{text}", name)) == counts
        assert NN not in found("from seqlib.nn import LSTM\n", seqlib__nn__lstm=text)
