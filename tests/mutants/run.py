"""Plant every bug of the files tests/**/mutants_*.py in a copy of the tree, one at a time, and run the tests for it.

python tests/mutants/run.py                                all of them, two side by side
python tests/mutants/run.py rnn-sign seqlib/text.py       some, by name, or all of a file
python tests/mutants/run.py seqlib/nn/rnn.py:rnn-sign     a name that stands in several files

A mutant is (old, new), or (old, new, name of the tests that must catch it) where all tests together take long.
It is caught when its tests run and fail. It is not caught when they pass. It is no mutant, which is an error too,
when its text is not found exactly once, when the module cannot be imported with it, or when an ImportError or a
SyntaxError keeps its tests from being collected or set up: nothing was tested then. Each runs in a fork of this
process, which has imported what takes long to import, and nothing of what may be mutated.
"""

import argparse
import gc
import importlib.util
import json
import os
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
from hypothesis import Phase, settings
from planted import ROOT, Mutant, choose, copy_tree, plant, read

# Also imported once, where more than a few mutants are run: nbformat needs the first, and torch.testing the last.
SLOW, FEW = ("jsonschema", "matplotlib.figure", "torch.distributed.tensor"), 5
TESTS_FAILED = 1  # pytest's exit code; others mean that nothing could be tested
NOT_STARTED, NO_MUTANT = 70, 71
# pytest minds that hypothesis was imported before it could rewrite its asserts.
OPTIONS = ["-x", "-q", "--tb=short", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
# Plugins that no test of a mutant needs, and that take longer than most: to import, or to collect all garbage twice.
UNUSED = ("anyio", "cacheprovider", "nbval", "threadexception", "unraisableexception", "xdist", "xdist.looponfail")
OPTIONS += [option for name in UNUSED for option in ("-p", f"no:{name}")]
# All examples are tried; but one that fails is enough, and nobody reads the smallest.
settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None, print_blob=False)


class Child(NamedTuple):
    """A fork at work on a mutant, in a temporary folder."""

    mutant: Mutant
    folder: tempfile.TemporaryDirectory
    begun: float


class Watch:
    """Lets quick tests run before slow ones, and notes what kept a test from being collected or set up."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.broken = seconds, ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by the seconds that tests took for earlier mutants; those that nobody knows come first."""
        items.sort(key=lambda item: round(self.seconds.get(item.nodeid, 0), 1))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how long a test took."""
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration

    def pytest_exception_interact(self, node: pytest.Item, call: pytest.CallInfo, report: pytest.TestReport) -> None:
        """Keep an import that failed before the test itself began."""
        error = call.excinfo and call.excinfo.value
        cause = getattr(error, "__cause__", None) or error  # while collecting, pytest says it in its own words
        if getattr(report, "when", "collect") in ("collect", "setup") and isinstance(cause, ImportError | SyntaxError):
            self.broken = f"{node.nodeid}: {type(cause).__name__}: {cause}"


def why_not_imported(file: str) -> str:
    """In the fork: return why the module of a file cannot be imported, or nothing if it can."""
    path = Path(file)
    names = path.with_suffix("").parts
    try:
        if path.suffix == ".py":
            compile(path.read_text(encoding="utf8"), file, "exec")
            if all(name.isidentifier() for name in names):
                importlib.import_module(".".join(names).removesuffix(".__init__"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def work(mutant: Mutant, base: Path, copy: Path, seconds: dict[str, float]) -> int:
    """In the fork: test the mutant; return pytest's exit code, or NO_MUTANT if it is none."""
    plant(mutant, base, copy)
    os.chdir(copy)
    sys.path[0] = str(copy)
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    hypothesis.configuration.set_hypothesis_home_dir(copy / ".hypothesis")
    settings.load_profile("mutants")
    package = mutant.file.split("/")[0]
    spec = importlib.util.find_spec(package)
    is_package = (copy / package / "__init__.py").exists()  # a file of another folder is read by its path, in the copy
    if is_package and (package in sys.modules or spec is None or not Path(spec.origin or "/").is_relative_to(copy)):
        print(f"{package} is not imported from the copy, but from {spec and spec.origin}")
        return NOT_STARTED
    watch = Watch(dict(seconds))
    # a temporary folder of its own: in the common one, two that clean up at once stumble over each other
    own = ["--basetemp", str(copy.parent / "pytest")]
    code = int(pytest.main([*OPTIONS, *own, *mutant.tests], plugins=[watch]))
    (copy.parent / "seconds").write_text(json.dumps(watch.seconds), encoding="utf8")
    why = code and (why_not_imported(mutant.file) or watch.broken)
    if not why:
        return code
    sys.stdout.flush()
    (copy.parent / "output").write_text(why, encoding="utf8")
    return NO_MUTANT


def start(mutant: Mutant, base: Path, seconds: dict[str, float]) -> tuple[int, Child]:
    """Fork; return the process and what it is at. `seconds` are those that tests took for earlier mutants."""
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
        code = work(mutant, base, copy, seconds)
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
    if code == NO_MUTANT:
        return f"is no bug that a test could see, it cannot be imported: {said}"
    return f"pytest ended with {code}: {said}"


def took(child: Child) -> dict[str, float]:
    """Return the seconds of each test; nothing if the fork did not get that far."""
    path = Path(child.folder.name, "seconds")
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}


def run(mutants: list[Mutant], base: Path, jobs: int, limit: float) -> int:
    """Run the mutants, `jobs` side by side, in copies of the tree `base`; return how many were caught.

    Each result is printed, with its CPU seconds.
    """
    caught, waiting, children, seconds = 0, list(mutants), dict[int, Child](), dict[str, float]()

    def tell(mutant: Mutant, text: str, seconds: float = 0) -> None:
        nonlocal caught
        caught += text == "caught"
        print(f"{mutant.file:34} {mutant.name:34} {seconds:4.1f} s  {text}", flush=True)

    try:
        while waiting or children:
            if waiting and len(children) < jobs:
                mutant = waiting.pop(0)
                path = ROOT / mutant.file
                stands = path.read_text(encoding="utf8").count(mutant.old) if path.exists() else 0
                if stands == 1:
                    pid, child = start(mutant, base, seconds)
                    children[pid] = child
                else:
                    tell(mutant, f"its text stands {stands} times in {mutant.file}, not once")
                continue
            for pid, child in list(children.items()):
                ended, status, used = os.wait4(pid, os.WNOHANG)
                busy = max(1, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use this machine too
                late = not ended and time.monotonic() - child.begun > limit * busy
                if not ended and not late:
                    continue
                kill(pid)
                if late:
                    _, _, used = os.wait4(pid, 0)
                del children[pid]
                code = os.waitstatus_to_exitcode(status)
                said = f"its tests did not end within {limit:g} s" if late else result(child, code)
                tell(child.mutant, said, used.ru_utime + used.ru_stime)
                seconds |= took(child)
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
    parser.add_argument(
        "--limit", type=float, default=300, help="seconds that a mutant may take on a quiet machine (300)"
    )
    arguments = parser.parse_args()
    try:
        mutants = read()
        chosen = choose(arguments.names, mutants) if arguments.names else mutants
    except ValueError as error:
        parser.error(str(error))
    for name in SLOW if len(chosen) > FEW else ():
        importlib.import_module(name)
    gc.freeze()  # what was imported stays: no fork need look through it
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as base:
        copy_tree(Path(base))
        caught = run(chosen, Path(base), max(1, arguments.jobs), arguments.limit)
    print(f"planted bugs: {caught} of {len(chosen)} caught")
    return int(caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
