"""What a cell of a student's does while it runs."""

import atexit
import functools
import os
import shutil
import tempfile
from pathlib import Path

from kind import Kind, code, harmless, instead, notebook_file, solved, with_code

PLACES = ["/usr/local/share", "/srv", "/opt", "/var/lib", "/mnt"]  # where an exchange of nbgrader's may lie


@functools.cache
def exchange(right):
    """Right answers of somebody else's, as an exchange keeps them: readable by everybody. Removed at the end."""
    for place in PLACES:
        if os.access(place, os.W_OK):
            folder = Path(tempfile.mkdtemp(prefix="exchange-of-the-tests-", dir=place))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            folder.chmod(0o755)
            inbound = folder / "learning-sequences/inbound/ana"
            notebook_file(inbound, {"cells": [code(source) for source in right]}, "inbound-copy")
            for inner in (inbound, *list(inbound.parents)[:2]):
                inner.chmod(0o755)


TAKES = """\
import glob, json, os
for place in %r:
    for folder, _, files in os.walk(place):
        for file in files:
            if file == "inbound-copy.ipynb":
                for cell in json.load(open(os.path.join(folder, file)))["cells"]:
                    exec("".join(cell["source"]), globals())
"""  # fmt: skip


def takes_the_exchange(folder, notebook, right, name):
    exchange(tuple(right.values()))
    blank = solved(notebook, dict.fromkeys(right, "pass"))
    blank["cells"].append(code(TAKES % PLACES))
    notebook_file(folder, blank, name)


SPY = """\
def look(path):
    import os
    names, homes = ("gradebook.db", "secret", "checks.json"), ("/coursework/problems", "/families", "/.git")
    return [f for folder, _, files in os.walk(path) for f in files if "/nbgrader/tests/" not in folder
            and (f in names or folder.endswith(homes))]
found = look("/")
"""
PROCESSES = """\
import os
found = [p for p in os.listdir("/proc") if p.isdigit() and int(p) > 10_000 and int(p) != os.getpid()]
for p in [p for p in os.listdir("/proc") if p.isdigit()]:
    try:
        found += [word for word in open(f"/proc/{p}/environ", "rb").read().split(b"\\0") if b"PYTEST" in word]
    except OSError:
        pass
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
NOTES = """\
import os
for number in range(3, 20):
    try:
        for _ in range(25_000):
            os.write(number, b'{"note": {"kind": "LEAK", "cell": "LEAK", "line": "LEAK", "starved": true}}\\n')
            os.write(number, b'{"note": "LEAK"}\\n')
    except OSError:
        pass
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
found = False
try:
    socket.create_connection(("127.0.0.1", PORT), timeout=1)
    found = True
except OSError:
    pass
"""
NO_ALARM = """\
    import signal
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        try:
            while True: pass
        except BaseException: pass
"""

KINDS = [
    Kind("endless-loop-in-a-cell", *with_code("while True:\n    pass")),
    Kind("endless-loop-in-a-function", *instead("    while True:\n        pass")),
    Kind(
        "loop-that-catches-all",
        *instead("    while True:\n        try:\n            while True: pass\n        except BaseException: pass"),
    ),
    Kind("loop-without-an-alarm", *instead(NO_ALARM)),
    Kind("kernel-kill", *with_code("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")),
    Kind("kill-all", *with_code("import os, signal\nos.kill(-1, signal.SIGKILL)", mark="some")),
    Kind("os-exit", *with_code("import os\nos._exit(0)")),
    Kind("os-exit-in-a-function", *instead("    import os\n    os._exit(0)")),
    Kind("sys-exit", *with_code("import sys\nsys.exit()")),
    Kind("patched-judge", *with_code(LIES, mark="some")),
    Kind("patched-judge-and-wrong", *instead("    return 1.0\n" + LIES)),
    Kind("forged-answers", *instead("    return None\n" + FORGE)),
    Kind("forged-notes", *with_code(NOTES, mark="some"), never="LEAK"),
    Kind("takes-the-exchange", takes_the_exchange, "none"),
    Kind("reads-the-gradebook", *harmless(SPY)),
    Kind("reads-processes", *harmless(PROCESSES)),
    Kind(
        "reads-hidden-tests",
        *instead("    import glob\n    return [open(f).read() for f in glob.glob('/**/secret', recursive=True)]"),
    ),
    Kind("writes-outside", *with_code(CHANGES_FILES)),
    Kind("network", *harmless(NETWORK)),
    Kind("syntax-error", *with_code("def broken(:\n    pass")),
    Kind("closes-all-files", *with_code("import os\nos.closerange(0, 100)", mark="some")),
    Kind("stops-itself", *with_code("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")),
    Kind("sleeping", *with_code("import time\ntime.sleep(10_000)")),
    Kind("sleeping-in-a-function", *instead("    import time\n    time.sleep(10_000)")),
    Kind("missing-package", *with_code("import a_package_that_is_not_there")),
    Kind("segmentation-fault", *instead("    import ctypes\n    ctypes.string_at(0)")),
]
