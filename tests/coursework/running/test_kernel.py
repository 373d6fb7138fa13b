"""What Jupyter runs, the grader runs: cells that a kernel runs without an error, and what they leave."""

import json
import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KERNEL = """\
import json, os, sys
notebooks = json.load(sys.stdin)
said = os.fdopen(os.dup(1), "w")
nothing = os.open(os.devnull, os.O_RDWR)
sys.path.insert(0, ROOT)
from coursework.running.kernel import Kernel
from coursework.running.patience import Watch
results = []
for cells in notebooks:
    notes = []
    kernel = Kernel(Watch(nothing), SECONDS, lambda trouble, starved: notes.append(str(trouble)))
    os.dup2(nothing, 1)
    kernel.run(cells, DEFINITIONS)
    results.append([repr(kernel.space.get("y")), notes])
json.dump(results, said)
"""
SHELL = """\
import gc, json, os, sys
gc.collect = lambda *_: 0  # at every reset
notebooks = json.load(sys.stdin)
said = os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_RDWR), 1)
os.dup2(1, 2)
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
from IPython.utils.text import SList
shell.enable_gui = lambda gui=None: None
shell.system, shell.getoutput = lambda *_, **__: None, lambda *_, **__: SList()  # starting others takes long,
shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None  # and so does a coloured traceback
results = []
for cells in notebooks:
    shell.reset()
    shell.compile.reset_compiler_flags()
    shell.execution_count = 1
    good = all(shell.run_cell(cell, store_history=True).success for cell in cells)
    results.append([repr(shell.user_ns.get("y")), good])
json.dump(results, said)
"""


def run(notebooks, folder, program=KERNEL, seconds=5, definitions=False):
    """[repr(y), notes] of each notebook."""
    filled = program.replace("ROOT", repr(str(ROOT))).replace("SECONDS", str(seconds))
    done = subprocess.run(
        [sys.executable, *(["-P"] if program is KERNEL else []), "-c", filled.replace("DEFINITIONS", str(definitions))],
        input=json.dumps([[textwrap.dedent(cell) for cell in cells] for cells in notebooks]),
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "IPYTHONDIR": str(folder), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


# Each runs in Jupyter by "Restart and run all" without an error, and leaves this `y`.
CELLS = {
    "time": (["%time y = 3"], 3),
    "annotations-of-our-own": (["def f(x: int): pass\ny = f.__annotations__['x'] is int"], True),
    "an-expression-that-is-not-last": (["7", "5\nx = 1", "y = _"], 7),
    "time-of-an-expression": (["y = %time 1 + 2"], 3),
    "time-of-a-cell": (["%%time\ny = 1\ny += 2"], 3),
    "time-after-empty-lines": (["\n\n%%time\ny = 3"], 3),
    "time-with-a-magic-inside": (["%%time\n%matplotlib inline\ny = 3"], 3),
    "time-in-a-block": (["for k in range(3):\n    %time y = k + 1"], 3),
    "capture": (["%%capture\nprint(1)\ny = 3"], 3),
    "capture-by-name": (["%%capture seen\nprint('ab')\n", "y = seen.stdout"], "ab\n"),
    "capture-without-errors": (["%%capture --no-stderr seen\ny = 3", "seen.show()"], 3),
    "prun": (["%%prun -q\ny = 3"], 3),
    "matplotlib": (["%matplotlib inline\ny = 3"], 3),
    "extension": (["%load_ext autoreload\n%autoreload 2\ny = 3"], 3),
    "pip": (["%pip list\n!pip --version\ny = 3"], 3),
    "command": (["!true\ny = 3"], 3),
    "command-over-two-lines": (["!true \\\n  again\ny = 3"], 3),
    "output-of-a-command": (["x = !true", "y = len(x), list(x), x.n, x.s, x.l"], (0, [], "", "", [])),
    "command-in-a-block": (["if True:\n    !true\n    y = 3"], 3),
    "magic-alone-in-a-block": (["if True:\n    %matplotlib inline\ny = 3"], 3),
    "magic-alone-in-a-function": (["def f():\n    %matplotlib inline\nf()\ny = 3"], 3),
    "help": (["y = 3\ny?"], 3),
    "source": (["def y(): return 3", "y??\ny = y()"], 3),
    "help-before": (["?print\ny = 3"], 3),
    "pattern": (["*int*?\ny = 3"], 3),
    "continuation": (["y = (10\n%7)"], 3),
    "continuation-by-backslash": (["y = 10 \\\n  % 7"], 3),
    "text-over-lines": (["y = '''\n%time\n!ls\nx?\n'''"], "\n%time\n!ls\nx?\n"),
    "text-over-lines-beside-a-magic": (["%matplotlib inline\ny = '''\n%time\n!ls\n'''"], "\n%time\n!ls\n"),
    "text-with-percent": (["%time x = 1\ny = 'ten %d' % 10"], "ten 10"),
    "list-over-lines-beside-a-magic": (["%time x = 1\ny = [5,\n  9\n  %6]"], [5, 3]),
    "comment-with-a-mark": (["y = 3  # why?"], 3),
    "comment-before-a-magic": (["# plots\n%matplotlib inline\ny = 3"], 3),
    "indented-cell": (["    x = 1\n    y = x + 2"], 3),
    "prompts": ([">>> x = 1\n>>> y = x + 2"], 3),
    "ipython-prompts": (["In [1]: y = 3"], 3),
    "semicolon": (["y = 3;"], 3),
    "await": (["import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 3", "y = await f()"], 3),
    "await-in-a-block": (["async def f():\n    return 3", "for k in range(1):\n    y = await f()"], 3),
    "async-for": (["async def g():\n    yield 3", "async for y in g():\n    pass"], 3),
    "future": (
        ["from __future__ import annotations", "def f(x: Unknown): pass\ny = f.__annotations__['x']"],
        "Unknown",
    ),
    "main": (["if __name__ == '__main__':\n    y = 3"], 3),
    "pickle": (["import pickle\nclass A: pass\ny = type(pickle.loads(pickle.dumps(A()))) is A"], True),
    "dataclass": (
        [
            "from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int = 3",
            "import typing\ny = A().x, typing.get_type_hints(A)['x'] is int",
        ],
        (3, True),
    ),
    "source-of-a-function": (["def f():\n    return 3", "import inspect\ny = inspect.getsource(f)"], None),
    "last-value": (["1 + 2", "y = _"], 3),
    "last-values": (["1", "2", "y = _, __"], (2, 1)),
    "last-value-taken": (["for _ in range(4): pass", "5", "y = _"], 3),
    "out": (["1 + 2", "y = Out[1], _1"], (3, 3)),
    "display": (["display(3)\ny = 3"], 3),
    "display-imported": (["from IPython.display import display, HTML\ndisplay(HTML('<b>'))\ny = 3"], 3),
    "get-ipython": (["get_ipython().run_line_magic('matplotlib', 'inline')\ny = 3"], 3),
    "get-ipython-imported": (["from IPython import get_ipython\nget_ipython().run_line_magic('time', 'y = 3')"], 3),
    "shell-options": (["get_ipython().ast_node_interactivity = 'all'\ny = 3"], 3),
    "automagic": (["pwd", "y = 3"], 3),
    "automagic-with-words": (["matplotlib inline", "y = 3"], 3),
    "file": (["%%writefile ours_73.py\nx = 3", "import ours_73\ny = ours_73.x"], 3),
    "bash": (["%%bash\nexit 0", "y = 3"], 3),
    "html": (["%%html\n<b>3</b>", "y = 3"], 3),
    "lambda": (["f = lambda x: x + 1\ny = f(2)"], 3),
    "twice": (["y = 0", "y += 1", "y += 1"], 2),
    "overwritten": (["def f(): return 1", "def f(): return 3", "y = f()"], 3),
    "caught": (["try:\n    undefined\nexcept NameError:\n    y = 3"], 3),
    "a-slow-constant": (["import time\ny = time.sleep(1.5) or 3"], 3),
    "warnings": (["import warnings\nwarnings.simplefilter('error')\ny = 3"], 3),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What our kernel makes of all of them, and IPython's own shell."""
    notebooks = [cells for cells, _ in CELLS.values()]
    ours = run(notebooks, tmp_path_factory.mktemp("ours"))
    theirs = run(notebooks, tmp_path_factory.mktemp("theirs"), SHELL)
    return {name: (one, other) for name, one, other in zip(CELLS, ours, theirs, strict=True)}


@pytest.mark.parametrize("name", CELLS)
def test_what_jupyter_runs_is_run(name, results):
    (found, notes), (theirs, good) = results[name]
    assert notes == []
    needed = CELLS[name][1]
    assert found == (theirs if needed is None else repr(needed))
    assert good, "IPython's shell runs it too"
    assert theirs == found


# Pieces of cells, which a notebook is drawn of.
PIECES = [
    "y = {n}", "y = y + {n} if 'y' in dir() else {n}", "%time y = {n}", "x = !true\ny = len(x) + {n}",
    "y = '''%time {n}\n!ls'''", "if {n} > 4:\n    %matplotlib inline\n    y = {n}",
    "def f(a):\n    %time b = a\n    return a", "y = [{n}\n%3]", "y = {n} \\\n  %3",
    "print({n})\nf = lambda a: a * {n}\ny = f(2)", "%%time\ny = {n}\n{n}", "{n}\n", "_", "y = str(_)", "y?",
    "y = %time {n}", "async def g():\n    return {n}\ny = await g()", "# %time\ny = {n}", "%pwd\ny = {n}",
    "from __future__ import annotations\ndef h(a: B{n}): pass\ny = h.__annotations__",
    "for _ in range({n}):\n    y = _", "%%capture out\nprint({n})\ny = {n}", "y = out.stdout",
    "try:\n    y = 1 / ({n} - 4)\nexcept ZeroDivisionError:\n    y = 0", "    y = {n}", ">>> y = {n}", "y = {n};",
    "y = '%d' % {n}", "!true {n}\ny = {n}", "y = In[-1]", "class A:\n    z = {n}\ny = A.z",
    "y = {n} if __name__ == '__main__' else 0",
    "with open('f.txt', 'w') as file:\n    file.write('{n}')\ny = open('f.txt').read()", "global y\ny = {n}", "del y",
    "import math as y", "y = (yy := {n})", "assert y", "1 / 0", "y = undefined",
]  # fmt: skip


def test_random_notebooks_leave_what_they_leave_in_ipython(tmp_path):
    rng = random.Random(11)
    drawn = [
        [rng.choice(PIECES).replace("{n}", str(rng.randint(1, 9))) for _ in range(rng.randint(1, 5))] for _ in range(80)
    ]
    theirs, ours = run(drawn, tmp_path, SHELL), run(drawn, tmp_path)
    compared = 0
    for cells, (needed, good), (found, notes) in zip(drawn, theirs, ours, strict=True):
        if good:
            compared += 1
            assert (found, notes) == (needed, []), cells
    assert compared > 30


@pytest.mark.parametrize(
    ("cells", "y", "notes"),
    [
        (["x = 1 / 0\ny = 3"], 3, ["ZeroDivisionError in code cell 1, line 1"]),
        (["y = 3", "x = (\n"], 3, ["SyntaxError in code cell 2, line 1"]),
        (
            ["y = 3", "%never heard\ny = 4"],
            4,
            ["a magic that is not known here, and did nothing in code cell 2, line 1"],
        ),
        (["%%time\nx = 1\nx = 1 / 0\ny = 3"], 3, ["ZeroDivisionError in code cell 1, line 3"]),
        (["y = z + 1", "z = 2"], 3, []),
        (["check(undefined)\ny = 3"], 3, []),
        (["from coursework import check\nif check('f', 3) is None:\n    y = 3"], 3, []),
        (["raise SystemExit", "y = 3"], 3, ["SystemExit in code cell 1, line 1"]),
        (["def f():\n    raise type('all right', (ValueError,), {})('secret')\n", "f()\ny = 3"], None, None),
    ],
)
def test_a_failure_costs_what_failed(cells, y, notes, tmp_path):
    ((found, said),) = run([cells], tmp_path)
    assert found == repr(y or 3)
    assert said == (["ValueError in code cell 1, line 2"] if notes is None else notes)


def test_the_time_of_a_cell_and_of_all(tmp_path):
    cells = [
        "import time\nwhile True: pass\nx = print(1)\ndef f(): return 1\nN = 2",
        *["time.sleep(0.2)\n" * 3] * 5,
        "y = time.sleep(0) or 1",
        "def g(): return f() + N",
        "z = g()",
    ]
    ((found, notes),) = run([cells], tmp_path, seconds=0.3)
    assert found == "None", "all cells together have had their time"
    assert notes[0] == "took too long in code cell 1, line 2"
    assert any("only definitions" in note for note in notes)
    cells[-1] = "y = 3"
    assert run([cells], tmp_path, seconds=0.3)[0][0] == "3", "a constant is a definition"


def test_definitions_alone(tmp_path):
    cells = [
        "import math\nN = 3\nraise SystemExit\nM, K = -2 ** 10, [N, 0.5 * 2]\nf = lambda x: print(x)",
        "try:\n    import json\nexcept ImportError:\n    json = None\nif N:\n    def g(): return 1\ng = print(3)",
        "H = 10 ** 10 ** 10\nL: int = 4\nasync def h(): pass",
        "y = sorted(name for name in ('N', 'M', 'K', 'f', 'json', 'g', 'H', 'L', 'h', 'math') if name in globals())",
        "def y(): pass",
    ]
    cells[-2:] = ["y = [*map(globals().get, 'N')]", "y = (N, M, K, f is not None, json.dumps, g, L, h)"]
    ((found, notes),) = run([cells], tmp_path, definitions=True)
    assert notes == []
    assert found.startswith("(3, -1024, [3, 1.0], True, <function dumps")
    assert "<function g" in found
