"""A class of students: right, half right, blank, hostile and broken submissions, each bounded by itself as well."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of submission. `build` writes it into a folder, from the released notebook and the right sources.

    `mark` is "all", "none", or "some" (anything between, for code that may or may not get that far).
    """

    name: str
    build: Callable[[Path, dict[str, Any], dict[str, str], str], None]
    mark: str


def notebook_file(folder, notebook, name):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf8")


def solved(notebook, sources):
    """The released notebook with these sources in the solution cells."""
    notebook = json.loads(json.dumps(notebook))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell["source"] = sources[name]
    return notebook


def code(source):
    return {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def with_code(source, *, first=True, mark="all"):
    """A right notebook with a cell of one's own."""

    def build(folder, notebook, right, name):
        made = solved(notebook, right)
        made["cells"].insert(0 if first else len(made["cells"]), code(source))
        notebook_file(folder, made, name)

    return build, mark


def changed(change):
    """A right notebook, changed as a whole."""

    def build(folder, notebook, right, name):
        made = solved(notebook, right)
        change(made)
        notebook_file(folder, made, name)

    return build


def instead(body, mark="none"):
    """Every function has this body."""

    def build(folder, notebook, right, name):
        sources = {problem: f"def {problem}(*arguments):\n" + body for problem in right}
        notebook_file(folder, solved(notebook, sources), name)

    return build, mark


def raw(data):
    def build(folder, notebook, right, name):
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(data)

    return build


def half(folder, notebook, right, name):
    first = next(iter(right))
    notebook_file(folder, solved(notebook, {first: right[first]}), name)


def unicode_name(folder, notebook, right, name):
    notebook_file(folder, solved(notebook, right), f"Lösung – {name} ✓")


def link(folder, notebook, right, name):
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").symlink_to(folder.parents[2] / "gradebook.db")


def pipe(folder, notebook, right, name):
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{name}.ipynb")


def nothing(folder, notebook, right, name):
    folder.mkdir(parents=True)


def other_chapter(folder, notebook, right, name):
    cells = [code("def something_else(x):\n    return x")]
    notebook_file(folder, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, name)


def delete_tests(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]


def edit_tests(notebook):
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("check("):
            cell["source"] = "print('all right')"


def duplicate(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]


def reverse(notebook):
    notebook["cells"].reverse()


def wrong_kernel(notebook):
    notebook["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}


def no_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def folder_instead(folder, notebook, right, name):
    (folder / f"{name}.ipynb").mkdir(parents=True)


def worked_through(notebook):
    """As an honest student leaves it: an experiment that takes long, cells of one's own, outputs, a conclusion."""
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["solution"] and not "".join(cell["source"]).startswith(("def ", "import ")):
            text = cell["cell_type"] == "markdown"
            cell["source"] = "I saw a fall." if text else "import time\ntime.sleep(1000)"
            cell |= {} if text else {"outputs": [{"output_type": "stream", "name": "stdout", "text": "my figure\n"}]}
    notebook["cells"].insert(3, code("tried = sum(range(10))"))


SPY = """\
def look(path):
    import os
    names, homes = ("gradebook.db", "secret"), ("/coursework/problems", "/families")
    return [f for folder, _, files in os.walk(path) for f in files if f in names or folder.endswith(homes)]
found = look("/")
assert not found, found
"""
LIES = """\
import numpy as np, builtins, sys
np.allclose = lambda *a, **k: True
np.isclose = lambda *a, **k: np.array(True)
import coursework.values as v, coursework.problem as p
import seqlib.answers
v.difference = seqlib.answers.difference = lambda *a, **k: None
p.verdict = lambda *a: (True, "right")
builtins.AssertionError = Exception
"""
FORGE = """\
import os, json
for number in range(3, 20):
    try:
        os.write(number, b'{"points": 100, "problem": "x", "call": 0, "value": 1, "error": null}\\n')
    except OSError:
        pass
"""
FORK = """\
import os, time
for _ in range(200):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
"""
CHANGES_FILES = """\
import os
for path in ("/tmp/from-a-student", "/etc/from-a-student", os.path.expanduser("~/from-a-student"), "../from-a-student"):
    try:
        open(path, "w").write("x")
    except OSError:
        pass
"""
NETWORK = """\
import socket
reached = False
try:
    socket.create_connection(("127.0.0.1", PORT), timeout=1)
    reached = True
except OSError:
    pass
assert not reached
"""

# The first four are usual students; the others come once in a class.
USUAL = 4
KINDS = [
    Kind("right", changed(lambda notebook: None), "all"),
    Kind("half-right", half, "some"),
    Kind("blank", lambda folder, notebook, right, name: notebook_file(folder, notebook, name), "none"),
    Kind("worked-through", changed(worked_through), "all"),
    Kind("endless-loop-in-a-cell", *with_code("while True:\n    pass")),
    Kind("endless-loop-in-a-function", *instead("    while True:\n        pass")),
    Kind(
        "loop-that-catches-all",
        *instead("    while True:\n        try:\n            while True: pass\n        except BaseException: pass"),
    ),
    Kind("fork-bomb", *with_code(FORK)),
    Kind("memory-hog", *with_code("hog = bytearray(8_000_000_000)")),
    Kind("memory-hog-in-a-function", *instead("    return bytearray(8_000_000_000)")),
    Kind("flood-of-output", *with_code("for _ in range(1000):\n    print('x' * 10_000_000)")),
    Kind("huge-answer", *instead("    import numpy as np\n    return np.zeros(20_000_000)")),
    Kind(
        "huge-file-written",
        *with_code("with open('big', 'wb') as f:\n    for _ in range(200): f.write(bytes(1_000_000))"),
    ),
    Kind("kernel-kill", *with_code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")),
    Kind("kill-all", *with_code("import os, signal\nos.kill(-1, signal.SIGKILL)", mark="some")),
    Kind("os-exit", *with_code("import os\nos._exit(0)")),
    Kind("os-exit-in-a-function", *instead("    import os\n    os._exit(0)")),
    Kind("sys-exit", *with_code("import sys\nsys.exit()")),
    Kind("deleted-tests", changed(delete_tests), "all"),
    Kind("edited-tests", changed(edit_tests), "all"),
    Kind("edited-tests-and-blank", lambda f, n, r, name: (edit_tests(n), notebook_file(f, n, name))[1], "none"),
    Kind("patched-judge", *with_code(LIES, mark="some")),
    Kind("patched-judge-and-wrong", *instead("    return 1.0\n" + LIES)),
    Kind("forged-answers", *instead("    return None\n" + FORGE)),
    Kind("reads-the-gradebook", *with_code(SPY + "import sqlite3\n")),
    Kind(
        "reads-hidden-tests",
        *instead("    import glob\n    return [open(f).read() for f in glob.glob('/**/secret', recursive=True)]"),
    ),
    Kind("writes-outside", *with_code(CHANGES_FILES)),
    Kind("network", *with_code(NETWORK)),
    Kind("syntax-error", *with_code("def broken(:\n    pass")),
    Kind("wrong-kernel", changed(wrong_kernel), "all"),
    Kind("not-json", raw(b"this is no notebook"), "none"),
    Kind("deep-json", raw(b'{"cells":' + b"[" * 100_000), "none"),
    Kind("list-instead", raw(b"[1, 2, 3]"), "none"),
    Kind("empty-file", raw(b""), "none"),
    Kind("huge-file", raw(b" " * (21 << 20)), "none"),
    Kind("binary", raw(bytes(range(256)) * 100), "none"),
    Kind("another-chapter", other_chapter, "none"),
    Kind("unicode-file-name", unicode_name, "all"),
    Kind("symbolic-link", link, "none"),
    Kind("named-pipe", pipe, "none"),
    Kind("folder-for-a-notebook", folder_instead, "none"),
    Kind("no-file", nothing, "none"),
    Kind("duplicated-ids", changed(duplicate), "all"),
    Kind("reordered-cells", changed(reverse), "all"),
    Kind("no-metadata", changed(no_metadata), "all"),
    Kind("endless-recursion", *instead("    return arguments[0] if False else (lambda f: f(f))(lambda f: f(f))")),
    Kind("endless-list", *instead("    made = []\n    made.append(made)\n    return made")),
    Kind("endless-number", *instead("    return 10**5000")),
    Kind("no-unicode", *instead("    raise ValueError('\\ud800 \\x1b[31m')")),
    Kind("leaves-a-process", *with_code("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(100)")),
    Kind("closes-all-files", *with_code("import os\nos.closerange(0, 100)", mark="some")),
    Kind("stops-itself", *with_code("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")),
    Kind("sleeping", *with_code("import time\ntime.sleep(10_000)")),
    Kind("sleeping-in-a-function", *instead("    import time\n    time.sleep(10_000)")),
    Kind("missing-package", *with_code("import a_package_that_is_not_there")),
    Kind("magic", *with_code("%matplotlib inline\n!ls\n%%time")),
    Kind("segmentation-fault", *instead("    import ctypes\n    ctypes.string_at(0)")),
]


def hand_in(course, assignment, kind, student, port):
    """Write one submission where nbgrader collects it."""
    released = json.loads((course.folder / "release" / assignment.name / f"{assignment.name}.ipynb").read_text())
    right = {p.name: p.solutions(p.variant(course.secret))[1] for p in assignment.problems}
    folder = course.folder / "submitted" / student / assignment.name
    kind.build(folder, released, right, assignment.name)
    for path in folder.glob("*.ipynb"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 20:
            path.write_bytes(path.read_bytes().replace(b"PORT", str(port).encode()))
