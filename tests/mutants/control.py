"""Tests that caught a mutant, each run alone once more without a bug: one that fails then has caught nothing."""

import functools
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import catchers
import forks
import session
from bed import Bed
from planted import Mutant


class Catcher(NamedTuple):
    """A test, and the options of pytest with which it has caught a mutant."""

    test: str
    options: tuple[str, ...]

    @property
    def together(self) -> tuple[str, tuple[str, ...]]:
        """Those of a folder that have the same options are collected together."""
        return str(Path(self.file).parent), self.options

    @property
    def file(self) -> str:
        """Where the test is."""
        return self.test.split("::")[0]


class Child(NamedTuple):
    """A fork at work on tests of a folder, in a bed, with a temporary folder of its own."""

    catchers: list[Catcher]
    bed: Bed
    folder: tempfile.TemporaryDirectory
    begun: float


def start(tests: list[Catcher], bed: Bed) -> tuple[int, Child]:
    """Fork; return the process and what it is at."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    names, files = {catcher.test for catcher in tests}, sorted({catcher.file for catcher in tests})
    options = list(tests[0].options)
    path = Path(folder.name).resolve()
    pid = forks.fork(folder.name, functools.partial(session.control, files, options, names, bed, path))
    return pid, Child(tests, bed, folder, time.monotonic())


def became(child: Child, code: int | None) -> dict[Catcher, str]:
    """Return what became of each test that did not pass. `code` is what the fork ended with; it was late if None."""
    folder = Path(child.folder.name)
    ends = session.ends(folder / "told")
    if code is None:
        missing = "was not reached"
    elif code in (0, 5):  # pytest has collected others, or none
        missing = "is not there"
    else:
        said = folder.joinpath("output").read_text(encoding="utf8", errors="replace")
        missing = f"was not run: pytest ended with {code}: {said[-600:]}"
    told_of = {catcher: ends.get(catcher.test, missing) for catcher in child.catchers}
    return {catcher: end for catcher, end in told_of.items() if end != session.PASSED}


def run(tests: list[Catcher], beds: list[Bed], limit: float) -> tuple[dict[Catcher, str], float]:
    """Run each test alone, those of as many folders side by side as there are beds.

    Return what became of each one that did not pass, and the CPU seconds of all.
    """
    folders: dict[tuple[str, tuple[str, ...]], list[Catcher]] = {}
    for catcher in tests:
        folders.setdefault(catcher.together, []).append(catcher)
    waiting, free, children = list(folders.values()), [*beds], dict[int, Child]()
    failed, seconds = dict[Catcher, str](), 0.0
    try:
        while waiting or children:
            if waiting and free:
                pid, child = start(waiting.pop(0), free.pop())
                children[pid] = child
                continue
            for pid, code, cpu in forks.ended({pid: child.begun for pid, child in children.items()}, limit):
                child = children.pop(pid)
                seconds += cpu
                failed |= became(child, code)
                child.folder.cleanup()
                child.bed.tidy()
                free.append(child.bed)
            time.sleep(0.005)
    finally:  # after Ctrl-C some are left
        for pid in children:
            forks.kill(pid)
    return failed, seconds


def uncaught(caught: list[Mutant], beds: list[Bed], limit: float, caught_by: dict[str, str]) -> set[str]:
    """Control what caught these mutants, and say what fails without a bug, too; return the places of its mutants."""
    relied: dict[Catcher, list[str]] = {}
    for mutant in caught:
        catcher = Catcher(caught_by[mutant.place], catchers.options(mutant.tests))
        relied.setdefault(catcher, []).append(mutant.place)
    failed, seconds = run(list(relied), beds, limit)
    # what waits for a core that nobody else uses may have waited in vain: once more, with nothing side by side
    failed, more = run(list(failed), beds[:1], limit)
    seconds += more
    for catcher, end in failed.items():
        print(f"{catcher.test} catches nothing: without the bug it {end}. On it relied {' '.join(relied[catcher])}")
    print(
        f"without a bug: {len(relied) - len(failed)} of {len(relied)} catching tests pass ({seconds:.1f} s)", flush=True
    )
    return {place for catcher in failed for place in relied[catcher]}
