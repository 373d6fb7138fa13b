"""The scripts that pages load for their exercises: what of a chapter runs first, and the files of Python."""

import base64
import gzip
import hashlib
import importlib
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

ROOT = Path(__file__).resolve().parents[2]
STUB = "def double(x): ...\n\n\npractice.double(double)"


@pytest.fixture(autouse=True)
def extensions(monkeypatch):
    """The extensions can be imported."""
    monkeypatch.syspath_prepend(str(ROOT / "book/_ext"))
    for name in ("practice", "python_files"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def practice(extensions):
    """The extension of the exercises."""
    return importlib.import_module("practice")


@pytest.fixture
def files(extensions, monkeypatch, tmp_path):
    """The extension of the files of Python, with a Pyodide of a few bytes; `publish` writes it anew."""
    module = importlib.import_module("python_files")
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "SHA256", {})
    (tmp_path / "worker.js").write_text("run()")
    (tmp_path / "in_page.py").write_text("answer = 1")
    (tmp_path / module.NUMPY).write_bytes(b"wheel")
    module.SHA256[module.NUMPY] = hashlib.sha256(b"wheel").hexdigest()

    def publish(numpy=module.NUMPY, digest=module.SHA256[module.NUMPY]):
        packages = {"numpy": {"file_name": numpy, "sha256": digest}, "scipy": {"file_name": "s"}}
        inside = dict.fromkeys(("pyodide.js", "pyodide.asm.js"), b"x\n//# sourceMappingURL=x.map\ny")
        inside |= {"pyodide.asm.wasm": b"w", "python_stdlib.zip": b"z", "README.md": b"r"}
        inside["pyodide-lock.json"] = json.dumps({"info": 1, "packages": packages}).encode()
        with tarfile.open(tmp_path / module.CORE, "w:gz") as archive:
            for name, data in inside.items():
                about = tarfile.TarInfo(f"package/{name}")
                about.size = len(data)
                archive.addfile(about, io.BytesIO(data))
        module.SHA256[module.CORE] = hashlib.sha256((tmp_path / module.CORE).read_bytes()).hexdigest()

    module.publish = publish
    publish()
    return module


def read(script):
    """name -> bytes of the files that a script holds."""
    held = json.loads(script.partition("??= {}, ")[2].partition(");\n")[0])
    return {name: gzip.decompress(base64.b64decode(data)) for name, data in held.items()}


def test_each_script_holds_its_files(files):
    made = files.parts()
    assert all(script.startswith("Object.assign(self.seqPythonFiles ??= {}, ") for script in made.values())
    held = {part: read(script) for part, script in made.items()}
    assert {part: [*found] for part, found in held.items()} == {
        "seqlib": ["seqlib.zip", "in_page.py"],
        "pyodide": ["pyodide.js", "pyodide.asm.js", "pyodide-lock.json"],
        "stdlib": ["python_stdlib.zip"],
        "numpy": [files.NUMPY],
        "wasm": ["pyodide.asm.wasm"],
    }
    assert held["seqlib"]["in_page.py"] == b"answer = 1"
    assert held["pyodide"]["pyodide.js"] == held["pyodide"]["pyodide.asm.js"] == b"x\ny"
    lock = json.loads(held["pyodide"]["pyodide-lock.json"])
    assert (lock["info"], [*lock["packages"]]) == (1, ["numpy"])
    assert made["seqlib"].endswith('self.seqPythonWorker = "run()";\n')
    assert [part for part, script in made.items() if "seqPythonWorker" in script] == ["seqlib"]


def test_the_same_files_make_the_same_text_at_any_time(files, monkeypatch):
    packed = files.packed(b"text")
    made = files.seqlib()
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    monkeypatch.setattr(gzip.time, "time", lambda: 1e9)
    assert files.packed(b"text") == packed


@pytest.mark.parametrize("other", [{"numpy": "numpy-1.whl"}, {"digest": "0" * 64}])
def test_pyodide_and_numpy_belong_together(files, other):
    files.publish(**other)
    with pytest.raises(ValueError, match=r"pyodide-.*tgz must name numpy-.* with its sha256, got"):
        files.core()


def test_names_of_torch_are_absent_in_every_form(practice):
    text, absent = practice.prepared(["import torch.nn as tn", "import seqlib.nn.rnn as ours", "import torchless as t"])
    assert absent == ["ours", "tn"]
    assert text == "import torchless as t"


def test_a_function_may_call_itself_and_hides_what_had_its_name(practice):
    text, _ = practice.prepared(["import math as f\nimport torch", "def fall(n):\n    return n and fall(n - 1)"])
    assert "def fall" in text
    text, _ = practice.prepared(["import math as f\nimport torch", "def f():\n    torch", "def g():\n    return f"])
    assert "def g" not in text


def notebook(path, *cells):
    """Write a notebook of code cells, after a text that asks for nothing."""
    found = [{"cell_type": "markdown", "source": ["practice.prose(prose)"]}]
    found += [{"cell_type": "code", "source": text.splitlines(keepends=True)} for text in cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": found}), encoding="utf8")
    return path


def test_a_chapter_says_what_runs_before_its_exercises(practice, tmp_path):
    colab = "import colab_only, torch"
    path = notebook(tmp_path / "01_a.ipynb", "import math, torch", colab, STUB, "practice.triple(double)")
    assert practice.page(path) == {"setup": "import math", "absent": ["torch"], "exercises": ["double"]}
    assert practice.page(notebook(tmp_path / "02_b.ipynb", "import math")) is None


def test_the_site_gets_a_script_for_each_chapter_with_exercises(practice, tmp_path):
    notebook(tmp_path / "chapters/01_a.ipynb", "import math", STUB)
    notebook(tmp_path / "chapters/02_b.ipynb", "import math")
    notebook(tmp_path / "chapters/draft.ipynb", STUB)
    for name, error in (("html", None), ("epub", None), ("html", ValueError())):
        out = tmp_path / ("failed" if error else name)
        builder = SimpleNamespace(name=name, format="html")
        practice.write(SimpleNamespace(builder=builder, outdir=out, srcdir=tmp_path), error)
    folder = tmp_path / "html/_static/python/chapters"
    assert [path.name for path in folder.iterdir()] == ["01_a.js"]
    script = (folder / "01_a.js").read_text(encoding="utf8")
    said = json.loads(script.removeprefix("Object.assign(self.seqPythonChapters ??= {}, ").removesuffix(");\n"))
    assert said == {"01_a": {"setup": "import math", "absent": [], "exercises": ["double"]}}
    assert not (tmp_path / "epub").exists()
    assert not (tmp_path / "failed").exists()


def test_the_cell_of_an_exercise_is_wrapped_and_no_other(practice):
    asked = nodes.container("", nodes.literal_block("", STUB), classes=["cell"])
    other = nodes.container("", nodes.literal_block("", "practice.double(triple)"), classes=["cell"])
    text = nodes.container("", nodes.paragraph("", STUB), classes=["cell"])
    document = nodes.section("", asked, other, text, nodes.container("", nodes.literal_block("", STUB)))
    practice.mark(SimpleNamespace(env=SimpleNamespace(docname="chapters/01_a")), document)
    (wrapped,) = document.findall(practice.exercise)
    assert (wrapped["chapter"], wrapped["exercise"]) == ("01_a", "double")
    assert wrapped.children == [asked]
    assert document[1:3] == [other, text]
