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

What decides a verdict is known (verdicts.txt): where nothing of it has changed since a bug was caught, the bug counts
as caught, and does not run, but for one in forty, drawn anew for each commit. When one of these is not caught by the
test that caught it before, the record is wrong, and the run fails. --all runs every bug, and so do their names.

A test that fails in a copy of the tree whatever stands there would catch everything. So each one that has caught a
mutant runs alone once more, without a bug, in the same copies: where it does not pass, it has caught none. --control
plants nothing, and does that with the tests of caught_by.json.
"""

import argparse
import contextlib
import functools
import gc
import importlib
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import catchers
import control
import forks
import session
from bed import Bed
from planted import ROOT, Mutant, choose, copy_tree, read
from verdicts import Read, Verdicts, sample, seed_of

# Imported once, for all, where a module of the tree imports them.
USUAL = ("numpy", "torch")
# Also imported once, where one of these is, and more than a few mutants are run. torch.optim needs the second and
# torch.testing the third, when they are first used; nbgrader is what many tests of coursework run.
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


def start(mutant: Mutant, alone: str, bed: Bed, seconds: dict[str, float]) -> tuple[int, Child]:
    """Fork; return the process and what it is at. `seconds` are those that tests took for earlier mutants."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    tests = catchers.only(alone, mutant.tests) if alone else mutant.tests
    pid = forks.fork(folder.name, lambda: session.work(mutant, tests, bed, Path(folder.name).resolve(), seconds))
    return pid, Child(mutant, bed, folder, time.monotonic(), alone)


def result(child: Child, code: int, failed: str) -> str:
    """Return "caught", or a sentence that says why not. `failed` is the test that did."""
    if code == TESTS_FAILED and failed:
        return "caught"
    if code == 0:
        return f"NOT CAUGHT by {' '.join(child.mutant.tests)}"
    output = Path(child.folder.name, "output")
    said = output.read_text(encoding="utf8", errors="replace")[-600:] if output.exists() else ""
    if code == session.NO_MUTANT:
        return f"is no bug that a test could see, it cannot be imported: {said}"
    return f"pytest ended with {code}: {said}"


def seen(child: Child) -> tuple[dict[str, float], str, Read]:
    """Return the seconds of each test, the one that failed, and the files of the tree that were read.

    Nothing if the fork did not get that far.
    """
    path = Path(child.folder.name, "seen")
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else ({}, "", [])


def prepare(mutants: list[Mutant], base: Path, jobs: int) -> str:
    """Collect the tests of the mutants in the tree without a bug, for all; return what was said if they cannot be."""
    files = sorted({test for mutant in mutants for test in mutant.tests if catchers.is_file(test)})
    with contextlib.ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory()) for k in range(jobs) if files[k::jobs]]
        pids = [
            forks.fork(folder, functools.partial(session.collect, files[k::jobs], base, Path(folder).resolve()))
            for k, folder in enumerate(folders)
        ]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        return "\n".join(
            Path(f, "output").read_text(encoding="utf8") for f, code in zip(folders, codes, strict=True) if code
        )


def run(
    mutants: list[Mutant],
    beds: list[Bed],
    limit: float,
    caught_by: dict[str, str],
    drawn: Collection[str],
    read: dict[str, Read],
) -> list[Mutant]:
    """Run the mutants, as many side by side as there are beds; return those that were caught.

    Each result is printed, with its CPU seconds. `caught_by` says which test may catch a mutant, and is brought up to
    date. Of those that are `drawn` nothing but that test runs. For whom it was enough, `read` gets what was read.
    """
    caught, children, seconds, used = list[Mutant](), dict[int, Child](), dict[str, float](), Counter[str]()
    free, waiting = [*beds], [(mutant, catchers.known(mutant, caught_by)) for mutant in mutants]

    def tell(mutant: Mutant, text: str) -> None:
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
            for pid, code, cpu in forks.ended({pid: child.begun for pid, child in children.items()}, limit):
                child = children.pop(pid)
                mutant = child.mutant
                used[mutant.place] += cpu
                took, failed, files = seen(child)
                late = f"its tests did not end within {limit:g} s"
                said = late if code is None else result(child, code, failed)
                if said != "caught" and mutant.place in drawn:
                    said = f"NOT CAUGHT as before, by {child.alone} alone: {said}"
                seconds |= took
                child.folder.cleanup()
                child.bed.clear(mutant)
                free.append(child.bed)
                if child.alone and said != "caught" and mutant.place not in drawn:
                    caught_by.pop(mutant.place)
                    waiting.insert(0, (mutant, ""))
                    continue
                tell(mutant, said)
                if said == "caught":
                    if child.alone == failed:
                        read[mutant.place] = files
                    caught_by[mutant.place] = failed
                    caught.append(mutant)
            time.sleep(0.005)
    finally:  # after Ctrl-C some are left
        for pid in children:
            forks.kill(pid)
    return caught


def used() -> list[str]:
    """Return those of USUAL that a module of the tree imports."""
    modules = "\n".join(path.read_text(encoding="utf8") for path in (ROOT / "seqlib").rglob("*.py"))
    return [name for name in USUAL if re.search(rf"^(import|from) {name}\b", modules, re.MULTILINE)]


def get_ready(number: int) -> None:
    """Import what takes long, before so many mutants are run."""
    usual = used()
    for name in (*usual, *(SLOW if usual and number > FEW else ())):
        importlib.import_module(name)
    session.load()
    gc.freeze()  # what was imported stays: no fork need look through it


def leave_out(mutants: list[Mutant], known: Verdicts, caught_by: dict[str, str], seed: str) -> tuple[list[Mutant], set]:
    """Return those mutants that must run, and the places of those among them that are known, but drawn."""
    sure = [mutant for mutant in mutants if known.knows(mutant, catchers.known(mutant, caught_by))]
    seed = seed or seed_of(sure)
    drawn = {mutant.place for mutant in sample(sure, seed)}
    print(f"known: {len(sure)} of {len(mutants)}, of which {len(drawn)} run all the same (SEED={seed})", flush=True)
    left_out = {mutant.place for mutant in sure} - drawn
    return [mutant for mutant in mutants if mutant.place not in left_out], drawn


def parsed() -> tuple[argparse.Namespace, list[Mutant], list[Mutant]]:
    """Return the arguments, all mutants, and those that are meant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side (2)")
    parser.add_argument(
        "--limit", type=float, default=300, help="seconds that a mutant may take on a quiet machine (300)"
    )
    parser.add_argument(
        "--control", action="store_true", help="plant nothing: run what caught them before without a bug"
    )
    parser.add_argument("--all", action="store_true", help="run those, too, that are known to be caught")
    parser.add_argument("--seed", default="", help="what is drawn of those that are known (the hash of the tree)")
    parser.add_argument("--remember", action="store_true", help="write down which test caught which")
    arguments = parser.parse_args()
    try:
        mutants = read()
        return arguments, mutants, choose(arguments.names, mutants) if arguments.names else mutants
    except ValueError as error:
        parser.error(str(error))


def main() -> int:
    """Run the named mutants, or all that are not known to be caught; the exit code is 1 if any got away."""
    arguments, mutants, chosen = parsed()
    jobs, caught_by, meant = max(1, arguments.jobs), catchers.read(), len(chosen)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder).resolve() / "base"
        copy_tree(base)
        known, drawn, read_by = Verdicts(base), set[str](), dict[str, Read]()
        if not (arguments.names or arguments.all or arguments.control):
            chosen, drawn = leave_out(chosen, known, caught_by, arguments.seed)
        get_ready(len(chosen))
        broken = prepare(chosen, base, jobs)
        if broken:
            print(f"without any bug, the tests cannot be collected:\n{broken}", file=sys.stderr)
            return 2
        try:
            beds = [Bed(base, base.with_name(f"bed-{k}") / "tree") for k in range(min(jobs, len(chosen)))]
            if arguments.control:
                chosen = caught = [mutant for mutant in chosen if catchers.known(mutant, caught_by)]
            else:
                caught = run(chosen, beds, arguments.limit, caught_by, drawn, read_by)
            uncaught = control.uncaught(caught, beds, arguments.limit, caught_by)
            for place in uncaught:
                del caught_by[place]
        finally:  # after Ctrl-C too
            if arguments.remember:
                places = {mutant.place for mutant in mutants}
                catchers.write({place: test for place, test in caught_by.items() if place in places})
        caught = [mutant for mutant in caught if mutant.place not in uncaught]
        if arguments.remember and not arguments.control:
            known.remember([mutant for mutant in caught if mutant.place in read_by], caught_by, read_by)
            known.write(arguments.all)
    stale = drawn - {mutant.place for mutant in caught}
    if stale:
        print(f"the record is wrong, and `make mutants ALL=1` writes it anew: not caught as before {' '.join(stale)}")
    escaped = len(chosen) - len(caught)
    if not arguments.control:
        print(f"planted bugs: {meant - escaped} of {meant} caught")
    return int(escaped > 0)


if __name__ == "__main__":
    sys.exit(main())
