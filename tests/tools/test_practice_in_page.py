"""What runs in a page, run here: the names that a page has, and the word on what a reader wrote."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import numpy as np\nfrom seqlib.exercises import bptt as practice\n"


@pytest.fixture
def in_page(monkeypatch):
    """The module that worker.js starts."""
    monkeypatch.syspath_prepend(str(ROOT / "book/_pyodide"))
    monkeypatch.delitem(sys.modules, "in_page", raising=False)
    import in_page

    return in_page


@pytest.fixture
def practice(monkeypatch):
    """The extension that tells a page what runs before an exercise."""
    monkeypatch.syspath_prepend(str(ROOT / "book/_ext"))
    for name in ("practice", "python_files"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import practice

    return practice


@pytest.fixture
def told(in_page):
    """The word on a text for the exercise through_tanh."""

    def tell(text, absent=(), setup=SETUP, exercise="through_tanh"):
        asked = {"chapter": setup, "setup": setup, "absent": [*absent], "exercise": exercise, "text": text}
        return json.loads(in_page.answer(json.dumps(asked)))

    return tell


def test_the_verdict_is_the_checkers(told):
    assert told("def through_tanh(dh, h): ...")["status"] == "empty"
    assert told("def through_tanh(dh, h):\n    return dh * (1 - h**2)")["status"] == "right"
    wrong = told("through_tanh = lambda dh, h: dh")
    assert (wrong["status"], wrong["id"]) == ("wrong", "no slope")
    assert wrong["lines"] == wrong["printed"] == ""


def test_texts_know_nothing_of_each_other(told):
    told("kept = 1\ndef through_tanh(dh, h):\n    return dh * (1 - h**2)")
    assert told("print(kept)")["message"] == "line 1: NameError: name 'kept' is not defined"
    assert told("pass")["message"].startswith("there is no through_tanh in your text")
    setup = f"{SETUP}def through_tanh(dh, h):\n    return dh * (1 - h**2)\n"
    assert told("pass", setup=setup, exercise="through_tanh")["status"] == "error"


def test_what_is_printed_is_kept_in_bounds(told, in_page):
    found = told("import sys\nprint('a')\nprint('b', file=sys.stderr)\nthrough_tanh = lambda dh, h: print('c')")
    assert found["printed"] == "a\nb\nc\nc\nc"
    assert found["id"] == "no-return"
    exact = told(f"print('x' * {in_page.PRINTED}, end='')")["printed"]
    assert exact == "x" * in_page.PRINTED
    assert told(f"print('x' * {in_page.PRINTED + 1}, end='')")["printed"] == exact + "\n… and more, which is not shown"


@pytest.mark.parametrize(
    ("text", "message", "lines"),
    [
        ("1 / 0", "line 1: ZeroDivisionError: division by zero", "line 1\n    1 / 0"),
        (
            "def f(x):\n    return x.y\n\nf(1)",
            "line 2: AttributeError: 'int' object has no attribute 'y'",
            "line 4\n    f(1)\nline 2, in f\n    return x.y",
        ),
        ("np.linalg.inv(np.zeros((2, 2)))", "line 1: LinAlgError: Singular matrix", None),
        ("import sys\nsys.exit(3)", "line 2: SystemExit: 3", "line 2\n    sys.exit(3)"),
        ("raise ValueError", "line 1: ValueError", "line 1\n    raise ValueError"),
        ("a = 1\nif a\n    a = 2", "line 2: SyntaxError: expected ':'", "if a\n    ^"),
        ("def f():\nreturn 1", "line 2: IndentationError: expected an indented block after function", None),
        ("a = '\0'", "source code string cannot contain null bytes", ""),
    ],
)
def test_errors_name_lines_of_the_text_alone(told, text, message, lines):
    found = told(text)
    assert found["status"] == "error"
    assert message in found["message"]
    assert lines is None or found["lines"] == lines
    assert "seqlib" not in found["lines"]
    assert "in_page" not in found["lines"]


def test_an_error_without_words_has_no_colon_and_lines_of_others_are_not_listed(told):
    assert told("raise ValueError")["message"] == "line 1: ValueError"
    below = told("\n" * 9000 + "np.linalg.inv(np.zeros((2, 2)))")
    assert below["lines"] == "line 9001\n    np.linalg.inv(np.zeros((2, 2)))"


def test_a_function_that_stops_is_told_where(told):
    found = told("def through_tanh(dh, h):\n    a = dh\n    return a.b")
    assert found["id"] == "exception"
    assert found["lines"] == "line 3, in through_tanh\n    return a.b"
    deep = told("def f(n):\n    return f(n + 1)\nf(0)")
    assert "RecursionError" in deep["message"]
    assert deep["lines"].count("line") == 10


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import torch", "torch"),
        ("import torch.nn as nn", "torch"),
        ("from torch.nn import functional", "torch"),
        ("from matplotlib import pyplot", "matplotlib"),
        ("def through_tanh(dh, h):\n    return torch.tanh(h) * fit", "fit, torch"),
    ],
)
def test_what_a_page_does_not_have_is_said_before_anything_runs(told, text, names):
    found = told(f"print('run')\n{text}", absent=["fit"])
    assert (found["status"], found["message"], found["printed"]) == ("absent", names, "")


@pytest.mark.parametrize(
    "text",
    [
        "fit = 1\nthrough_tanh = fit",
        "def through_tanh(dh, h, fit=2):\n    return dh * fit",
        "through_tanh = lambda fit, torch: fit",
        "import math as torch\ntorch.pi",
        "class A:\n    fit = 3\nA.fit",
    ],
)
def test_names_of_ones_own_are_not_missed(told, text):
    assert told(text, absent=["fit"])["status"] != "absent"


def test_a_page_has_what_needs_numpy_alone(practice):
    cells = [
        "import os, torch\nimport numpy as np\nfrom seqlib import plotting, text",
        "from seqlib.nn import RNN as Net\nk = 2",
        "def clean(x):\n    return np.exp(x)\n\ndef of_torch(x):\n    return torch.exp(x)",
        "def of_a_value(x):\n    return k * x\n\ndef of_both(x, y=clean(0)):\n    return of_torch(x)",
        "def calls(x, k=1):\n    return clean(x) + k + sum(t for t in x)\n\ndef default(x=k):\n    return x",
        "class Kept:\n    def __len__(self):\n        return len(calls([1]))\n\nclass Net2(Net):\n    pass",
    ]
    text, absent = practice.prepared(cells)
    assert absent == ["Net", "plotting", "torch"]
    space = {}
    exec(text, space)
    assert {"np", "os", "text", "clean", "calls", "Kept"} <= set(space)
    assert not {"torch", "k", "of_torch", "of_a_value", "of_both", "default", "Net2"} & set(space)


def test_a_name_that_is_made_anew_is_the_last_one(practice):
    text, absent = practice.prepared(
        ["import numpy as np\nimport torch", "np = 3", "def f():\n    return np", "import math as torch"]
    )
    assert absent == []
    assert "def f" not in text


def test_a_file_that_is_not_as_published_stops_the_build(practice, monkeypatch, tmp_path):
    import python_files

    (tmp_path / python_files.CORE).write_bytes(b"another")
    monkeypatch.setattr(python_files, "HERE", tmp_path)
    with pytest.raises(ValueError, match=r"pyodide-0.28.3.tgz must have the sha256 bc3a.*, got "):
        python_files.parts()


def test_the_archive_of_seqlib_is_what_a_page_needs(practice):
    import io
    import zipfile

    import python_files

    made = python_files.seqlib()
    assert made == python_files.seqlib()
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert {"seqlib/exercises/bptt.py", "seqlib/reference/rnn.py", "seqlib/tasks/cldr.json"} <= set(names)
    assert not [name for name in names if name.startswith(("seqlib/nn/", "seqlib/training/", "seqlib/plotting/"))]
    assert not [name for name in names if "__pycache__" in name]


def test_the_site_gets_the_scripts_with_their_licences_and_an_epub_does_not(practice, monkeypatch, tmp_path):
    import python_files

    monkeypatch.setattr(python_files, "parts", lambda: {"part": "text"})
    for name in ("html", "epub"):
        builder = SimpleNamespace(name=name, format="html")
        python_files.write(SimpleNamespace(builder=builder, outdir=tmp_path / name), None)
    made = {path.name for path in (tmp_path / "html/_static/python").iterdir()}
    assert made == {"part.js", "README.md", "MPL-2.0.txt", "PSF-2.0.txt"}
    assert not (tmp_path / "epub").exists()
