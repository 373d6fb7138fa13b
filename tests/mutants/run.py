"""Plant every bug of the files tests/**/mutants_*.py in a copy of the tree, one at a time, and run the tests for it.

python tests/mutants/run.py            all of them, two side by side
python tests/mutants/run.py rnn-sign   some, by name

A mutant is caught when its tests run and fail. It is not caught when they pass, and it is no mutant when its text is
not found exactly once or when it cannot even be imported. Each runs in a fork of this process, which has imported what
takes long to import, and nothing of what may be mutated.
"""

import argparse
import importlib.util
import os
import runpy
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import hypothesis.configuration
import numpy  # noqa: F401  imported once, for all
import pytest
import torch  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("seqlib", "coursework", "tests", "chapters/assignments", "book", "pyproject.toml")
TESTS_FAILED = 1  # pytest's exit code; others mean that nothing could be tested
NOT_STARTED = 70
# pytest minds that hypothesis was imported before it could rewrite its asserts.
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]


class Mutant(NamedTuple):
    """One planted bug: in `file`, `old` (which stands there once) becomes `new`; `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]


class Child(NamedTuple):
    """A fork at work on a mutant, in a temporary folder."""

    mutant: Mutant
    folder: tempfile.TemporaryDirectory
    begun: float


def read() -> list[Mutant]:
    """Return the mutants of all files."""
    files = [runpy.run_path(str(path)) for path in sorted((ROOT / "tests").rglob("mutants_*.py"))]
    return [
        Mutant(name, data["FILE"], old, new, data["TESTS"])
        for data in files
        for name, (old, new) in data["MUTANTS"].items()
    ]


def plant(mutant: Mutant, copy: Path) -> None:
    """Copy the tree to the folder `copy`, with the bug."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    path = copy / mutant.file
    path.write_text(path.read_text(encoding="utf8").replace(mutant.old, mutant.new), encoding="utf8")


def work(mutant: Mutant, copy: Path) -> int:
    """In the fork: test the mutant; return pytest's exit code."""
    plant(mutant, copy)
    os.chdir(copy)
    sys.path[0] = str(copy)
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    hypothesis.configuration.set_hypothesis_home_dir(copy / ".hypothesis")
    package = mutant.file.split("/")[0]
    spec = importlib.util.find_spec(package)
    if package in sys.modules or spec is None or not Path(spec.origin or "/").is_relative_to(copy):
        print(f"{package} is not imported from the copy, but from {spec and spec.origin}")
        return NOT_STARTED
    return int(pytest.main([*OPTIONS, *mutant.tests]))


def start(mutant: Mutant) -> tuple[int, Child]:
    """Fork; return the process and what it is at."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    pid = os.fork()
    if pid:
        return pid, Child(mutant, folder, time.monotonic())
    code = NOT_STARTED
    try:
        os.setsid()
        output = os.open(f"{folder.name}/output", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        copy = Path(folder.name).resolve() / "tree"
        copy.mkdir()
        code = work(mutant, copy)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def kill(pid: int) -> None:
    """End the fork and all that it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # all have ended
        return


def result(child: Child, code: int) -> str:
    """Return "caught", or a sentence that says why not."""
    if code == TESTS_FAILED:
        return "caught"
    if code == 0:
        return f"NOT CAUGHT by {' '.join(child.mutant.tests)}"
    output = Path(child.folder.name, "output")
    said = output.read_text(encoding="utf8", errors="replace")[-600:] if output.exists() else ""
    return f"pytest ended with {code}: {said}"


def run(mutants: list[Mutant], jobs: int, limit: float) -> int:
    """Run the mutants, `jobs` side by side, and print each result; return how many were caught."""
    caught, waiting, children = 0, list(mutants), dict[int, Child]()

    def tell(mutant: Mutant, text: str) -> None:
        nonlocal caught
        caught += text == "caught"
        print(f"{mutant.file:34} {mutant.name:28} {text}", flush=True)

    try:
        while waiting or children:
            if waiting and len(children) < jobs:
                mutant = waiting.pop(0)
                path = ROOT / mutant.file
                stands = path.read_text(encoding="utf8").count(mutant.old) if path.exists() else 0
                if stands == 1:
                    pid, child = start(mutant)
                    children[pid] = child
                else:
                    tell(mutant, f"its text stands {stands} times in {mutant.file}, not once")
                continue
            for pid, child in list(children.items()):
                ended, status = os.waitpid(pid, os.WNOHANG)
                late = not ended and time.monotonic() - child.begun > limit
                if not ended and not late:
                    continue
                kill(pid)
                if late:
                    os.waitpid(pid, 0)
                del children[pid]
                code = os.waitstatus_to_exitcode(status)
                tell(child.mutant, f"its tests did not end within {limit:g} s" if late else result(child, code))
                child.folder.cleanup()
            time.sleep(0.02)
    finally:  # after Ctrl-C some are left
        for pid in children:
            kill(pid)
    return caught


def main() -> int:
    """Run the named mutants, or all; the exit code is 1 if any got away."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side (2)")
    parser.add_argument("--limit", type=float, default=300, help="seconds that a mutant may take (300)")
    arguments = parser.parse_args()
    mutants = read()
    unknown = set(arguments.names) - {m.name for m in mutants}
    if unknown:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    chosen = [m for m in mutants if not arguments.names or m.name in arguments.names]
    caught = run(chosen, max(1, arguments.jobs), arguments.limit)
    print(f"planted bugs: {caught} of {len(chosen)} caught")
    return int(caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
