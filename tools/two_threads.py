"""A plugin of pytest for `make notebooks`: one chapter in five runs with two threads, drawn anew for each commit.

Two threads may round otherwise than one: nothing that is printed may depend on it. But a small network hands each of
its products to the second thread, some million times, and that takes longer than the products. So one thread is for
most chapters, each time, and `make chapter` and `make all-cpus` try two on all that they run.
"""

import hashlib
import math
import os
import random
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

SHARE = 5  # one in so many
ROOT = Path(__file__).resolve().parents[1]


def seed_of(root: Path, notebooks: Iterable[Path]) -> str:
    """The hash of the committed tree; without git, that of the notebooks."""
    try:
        command = ["git", "-C", str(root), "rev-parse", "--short=12", "HEAD^{tree}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(notebooks))).hexdigest()[:12]


def draw(names: Collection[str], seed: str) -> list[str]:
    """One in five of them, and at least one, in alphabetical order; the same seed draws the same."""
    return sorted(random.Random(seed).sample(sorted(names), math.ceil(len(names) / SHARE)))


class TwoThreads:
    """Which notebooks of a run get two threads."""

    def __init__(self, notebooks: list[Path]) -> None:
        self.seed = os.environ.get("SEED") or seed_of(ROOT, notebooks)
        self.drawn = draw({path.stem for path in notebooks}, self.seed)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put them first, for they take longest; all others keep their places."""
        items.sort(key=lambda item: item.path.stem not in self.drawn)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Set what a kernel finds that is started now, for the first cell of a notebook."""
        os.environ["OMP_NUM_THREADS"] = "2" if item.path.stem in self.drawn else "1"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which, and how they can be drawn again."""
        terminalreporter.write_line(f"with two threads: {' '.join(self.drawn)} (SEED={self.seed})")


def pytest_configure(config: pytest.Config) -> None:
    """Draw of the notebooks that are named: in each process the same."""
    config.pluginmanager.register(TwoThreads([Path(name) for name in config.args if name.endswith(".ipynb")]))
