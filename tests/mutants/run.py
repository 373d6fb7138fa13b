"""Plant every bug of the files tests/**/mutants_*.py in a copy of the tree, one at a time, and run the tests for it.

python tests/mutants/run.py                                all of them, two side by side
python tests/mutants/run.py rnn-sign seqlib/text.py       some, by name, or all of a file
python tests/mutants/run.py seqlib/nn/rnn.py:rnn-sign     a name that stands in several files

A mutant is (old, new), or (old, new, name of the tests that must catch it) where all tests together take long.
It is caught when its tests run and fail. It is not caught when they pass. It is no mutant, which is an error too,
when its text is not found exactly once, when the module cannot be imported with it, or when an ImportError or a
SyntaxError keeps its tests from being collected or set up: nothing was tested then. Each runs in a fork of this
process, which has imported what takes long to import, and nothing of what may be mutated.

The one of its tests that caught it before (caught_by.json; --remember writes it) runs alone, first. When that one does
not catch it again, for whatever reason, all of its tests run.
"""

import argparse
import contextlib
import functools
import gc
import importlib
import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import catchers
import session
from bed import Bed
from planted import ROOT, Mutant, choose, copy_tree, read

# Imported once, for all, where a module of the tree imports them.
USUAL = ("numpy", "torch")
# Also imported once, where more than a few mutants are run. torch.optim needs the second and torch.testing the third,
# when they are first used; nbgrader is what many tests of coursework run.
SLOW = ("matplotlib.figure", "torch._dynamo", "torch.distributed.tensor", "nbformat.v4", "nbgrader.apps")
FEW = 5
TESTS_FAILED = 1  # pytest's exit code; others mean that nothing could be tested


class Child(NamedTuple):
    """A fork at work on a mutant, which is planted in a bed, with a temporary folder of its own."""

    mutant: Mutant
    bed: Bed
    folder: tempfile.TemporaryDirectory
    begun: float
    alone: str  # the test that runs alone; nothing where all run


def fork(folder: str, task: Callable[[], int]) -> int:
    """Fork, and do the task there, whose result is the exit code; its output goes to a file. Return the process."""
    pid = os.fork()
    if pid:
        return pid
    code = session.NOT_STARTED
    try:
        os.setsid()
        output = os.open(f"{folder}/output", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = task()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def start(mutant: Mutant, alone: str, bed: Bed, seconds: dict[str, float]) -> tuple[int, Child]:
    """Fork; return the process and what it is at. `seconds` are those that tests took for earlier mutants."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    tests = catchers.only(alone, mutant.tests) if alone else mutant.tests
    pid = fork(folder.name, lambda: session.work(mutant, tests, bed, Path(folder.name).resolve(), seconds))
    return pid, Child(mutant, bed, folder, time.monotonic(), alone)


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
    if code == session.NO_MUTANT:
        return f"is no bug that a test could see, it cannot be imported: {said}"
    return f"pytest ended with {code}: {said}"


def seen(child: Child) -> tuple[dict[str, float], str]:
    """Return the seconds of each test, and the one that failed; nothing if the fork did not get that far."""
    path = Path(child.folder.name, "seen")
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else ({}, "")


def prepare(mutants: list[Mutant], base: Path, jobs: int) -> str:
    """Collect the tests of the mutants in the tree without a bug, for all; return what was said if they cannot be."""
    files = sorted({test for mutant in mutants for test in mutant.tests if catchers.is_file(test)})
    with contextlib.ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory()) for k in range(jobs) if files[k::jobs]]
        pids = [
            fork(folder, functools.partial(session.collect, files[k::jobs], base, Path(folder).resolve()))
            for k, folder in enumerate(folders)
        ]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        return "\n".join(
            Path(f, "output").read_text(encoding="utf8") for f, code in zip(folders, codes, strict=True) if code
        )


def run(mutants: list[Mutant], beds: list[Bed], limit: float, caught_by: dict[str, str]) -> int:
    """Run the mutants, as many side by side as there are beds; return how many were caught.

    Each result is printed, with its CPU seconds. `caught_by` says which test may catch a mutant, and is brought up to
    date.
    """
    caught, children, seconds, used = 0, dict[int, Child](), dict[str, float](), Counter[str]()
    free, waiting = [*beds], [(mutant, catchers.known(mutant, caught_by)) for mutant in mutants]

    def tell(mutant: Mutant, text: str) -> None:
        nonlocal caught
        caught += text == "caught"
        print(f"{mutant.file:34} {mutant.name:34} {used[mutant.place]:4.1f} s  {text}", flush=True)

    try:
        while waiting or children:
            if waiting and free:
                mutant, alone = waiting.pop(0)
                path = ROOT / mutant.file
                stands = path.read_text(encoding="utf8").count(mutant.old) if path.exists() else 0
                if stands == 1:
                    pid, child = start(mutant, alone, free.pop(), seconds)
                    children[pid] = child
                else:
                    tell(mutant, f"its text stands {stands} times in {mutant.file}, not once")
                continue
            for pid, child in list(children.items()):
                ended, status, usage = os.wait4(pid, os.WNOHANG)
                busy = max(1, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use this machine too
                late = not ended and time.monotonic() - child.begun > limit * busy
                if not ended and not late:
                    continue
                kill(pid)
                if late:
                    _, _, usage = os.wait4(pid, 0)
                del children[pid]
                mutant = child.mutant
                used[mutant.place] += usage.ru_utime + usage.ru_stime
                said = (
                    f"its tests did not end within {limit:g} s"
                    if late
                    else result(child, os.waitstatus_to_exitcode(status))
                )
                took, failed = seen(child)
                seconds |= took
                child.folder.cleanup()
                child.bed.clear(mutant)
                free.append(child.bed)
                if child.alone and said != "caught":
                    caught_by.pop(mutant.place)
                    waiting.insert(0, (mutant, ""))
                    continue
                tell(mutant, said)
                if said == "caught" and failed:
                    caught_by[mutant.place] = failed
            time.sleep(0.005)
    finally:  # after Ctrl-C some are left
        for pid in children:
            kill(pid)
    return caught


def used() -> list[str]:
    """Return those of USUAL that a module of the tree imports."""
    modules = "\n".join(path.read_text(encoding="utf8") for path in (ROOT / "seqlib").rglob("*.py"))
    return [name for name in USUAL if re.search(rf"^(import|from) {name}\b", modules, re.MULTILINE)]


def main() -> int:
    """Run the named mutants, or all; the exit code is 1 if any got away."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side (2)")
    parser.add_argument(
        "--limit", type=float, default=300, help="seconds that a mutant may take on a quiet machine (300)"
    )
    parser.add_argument("--remember", action="store_true", help="write down which test caught which")
    arguments = parser.parse_args()
    try:
        mutants = read()
        chosen = choose(arguments.names, mutants) if arguments.names else mutants
    except ValueError as error:
        parser.error(str(error))
    for name in (*used(), *(SLOW if len(chosen) > FEW else ())):
        importlib.import_module(name)
    session.load()
    gc.freeze()  # what was imported stays: no fork need look through it
    jobs, caught_by = max(1, arguments.jobs), catchers.read()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder).resolve() / "base"
        copy_tree(base)
        broken = prepare(chosen, base, jobs)
        if broken:
            print(f"without any bug, the tests cannot be collected:\n{broken}", file=sys.stderr)
            return 2
        try:
            beds = [Bed(base, base.with_name(f"bed-{k}") / "tree") for k in range(min(jobs, len(chosen)))]
            caught = run(chosen, beds, arguments.limit, caught_by)
        finally:  # after Ctrl-C too
            if arguments.remember:
                places = {mutant.place for mutant in mutants}
                catchers.write({place: test for place, test in caught_by.items() if place in places})
    print(f"planted bugs: {caught} of {len(chosen)} caught")
    return int(caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
