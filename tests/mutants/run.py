"""Plant every bug of the files mutants_*.py in a copy of the code, one at a time, and run the tests that must catch it.

python tests/mutants/run.py               all of them, two side by side
python tests/mutants/run.py slope-sign    some, by name

Each file stands beside the tests of its module and gives FILE, the module; TESTS, arguments of pytest; and MUTANTS, a
name -> (the text that stands once in FILE, what becomes of it). A mutant is caught when its tests run and fail. It is
not caught when they pass, and it is no mutant when its text is not found exactly once or when nothing could be tested.

NumPy, torch and pytest are imported once, and each mutant gets a fork of that process, which imports the copy.
"""

import argparse
import contextlib
import importlib
import os
import runpy
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("seqlib", "coursework", "tests", "chapters/assignments", "book", "pyproject.toml")
OURS = ("seqlib", "coursework", "tests")
SECONDS = 300
CAUGHT, AWAY, STRAYED = 1, 0, 70  # exit codes: the first two are pytest's


class Mutant(NamedTuple):
    """One planted bug: in `file`, `old` becomes `new`, and the tests must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def collect(root: Path = ROOT) -> list[Mutant]:
    """The mutants of all files, in order; names are unique within a file."""
    found = []
    for path in sorted((root / "tests").rglob("mutants_*.py")):
        data = runpy.run_path(str(path))
        found += [Mutant(name, data["FILE"], *texts, tuple(data["TESTS"])) for name, texts in data["MUTANTS"].items()]
    return found


def copied(root: Path, folder: Path) -> None:
    """Copy what the tests need."""
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(
                root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb_checkpoints")
            )
        elif (root / name).exists():
            shutil.copy(root / name, folder / name)


def start(mutant: Mutant, folder: Path) -> int:
    """Fork a process that runs the tests on the copy; return its number."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = STRAYED
    try:
        os.setsid()  # so that its children can be ended with it
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(folder)
        os.environ |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        package = importlib.import_module(mutant.file.split("/")[0])
        if not str(package.__file__).startswith(str(folder.resolve())):
            print(f"not the copy but {package.__file__} was imported")
        else:
            import pytest

            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *mutant.tests]))
    except BaseException as error:
        print(f"{type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        os._exit(code)


def said(mutant: Mutant, code: int | None, log: str) -> str:
    """What the exit code means: "caught", or a sentence that says why not."""
    if code == CAUGHT:
        return "caught"
    if code == AWAY:
        return f"NOT CAUGHT by {' '.join(mutant.tests)}"
    return f"its tests did not end within {SECONDS} s" if code is None else f"nothing was tested ({code}): {log[-400:]}"


def plant(mutants: list[Mutant], jobs: int = 2, root: Path = ROOT) -> list[str]:
    """Try every mutant; return what became of each."""
    results: dict[int, str] = {}
    running: dict[int, tuple[int, tempfile.TemporaryDirectory[str], float]] = {}
    waiting = list(enumerate(mutants))
    while waiting or running:
        if waiting and len(running) < jobs:
            i, mutant = waiting.pop(0)
            source = (root / mutant.file).read_text(encoding="utf8")
            if source.count(mutant.old) != 1:
                results[i] = f"its text stands {source.count(mutant.old)} times in {mutant.file}, not once"
                continue
            place = tempfile.TemporaryDirectory()
            copied(root, Path(place.name))
            (Path(place.name) / mutant.file).write_text(source.replace(mutant.old, mutant.new), encoding="utf8")
            running[start(mutant, Path(place.name))] = (i, place, time.monotonic() + SECONDS)
            continue
        for child, (i, place, end) in list(running.items()):
            done, status = os.waitpid(child, os.WNOHANG)
            late = not done and time.monotonic() > end
            if late:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
            if done or late:
                log = (Path(place.name) / "log").read_text(encoding="utf8", errors="replace")
                results[i] = said(mutants[i], None if late else os.waitstatus_to_exitcode(status), log)
                place.cleanup()
                del running[child]
        time.sleep(0.02)
    return [results[i] for i in range(len(mutants))]


def main() -> int:
    """Try the named mutants, or all; the exit code is 1 if one got away."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    mutants = collect()
    unknown = set(arguments.names) - {m.name for m in mutants}
    if unknown:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    chosen = [m for m in mutants if not arguments.names or m.name in arguments.names]
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
    for slow in ("numpy", "torch", "pytest"):
        importlib.import_module(slow)
    assert not any(name.split(".")[0] in OURS for name in sys.modules), "the copy must be imported, not the original"
    results = plant(chosen, arguments.jobs)
    for mutant, result in zip(chosen, results, strict=True):
        if result != "caught" or arguments.names:
            print(f"{mutant.file}: {mutant.name}: {result}")
    away = sum(result != "caught" for result in results)
    print(f"planted bugs: {len(chosen) - away} of {len(chosen)} caught")
    return int(away > 0)


if __name__ == "__main__":
    sys.exit(main())
