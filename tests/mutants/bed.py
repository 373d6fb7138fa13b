"""Where mutants are planted: a copy of the tree that one after another uses, and that is each time as it was."""

import os
import shutil
from pathlib import Path

from planted import Mutant


class Bed:
    """A copy of the tree `base`, in which one mutant is planted after another.

    It is a copy of its own: whatever a test does to its files, no other bed sees it.
    """

    def __init__(self, base: Path, tree: Path) -> None:
        self.base, self.tree = base, tree
        self._make()

    def _make(self) -> None:
        """What `base` holds compiled is compiled here too, for a copy is as old as its original."""
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(self.base, self.tree)
        self._clean = state(self.tree)

    def plant(self, mutant: Mutant) -> None:
        """Put the bug into its file. That is never read from a cache: what was compiled of it goes."""
        path = self.tree / mutant.file
        text = path.read_text(encoding="utf8")
        for file in (path, *compiled(path)):
            file.unlink()
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf8")

    def clear(self, mutant: Mutant) -> None:
        """Take the bug out again; where its tests left, changed or removed anything else, make the tree anew."""
        path = self.tree / mutant.file
        original = self.base / mutant.file
        files = [original, *compiled(original)]
        try:
            for file in (path, *compiled(path)):
                file.unlink()
            for file in files:
                copied = self.tree / file.relative_to(self.base)
                shutil.copy2(file, copied)
                self._clean[str(copied)] = seen(copied.stat())
        except OSError:  # not even its folder is left
            self._make()
            return
        self.tidy()

    def tidy(self) -> None:
        """Where tests left, changed or removed anything, make the tree anew."""
        try:
            clean = state(self.tree) == self._clean
        except OSError:  # it is gone, or somebody is still at it
            clean = False
        if not clean:
            self._make()


def compiled(path: Path) -> list[Path]:
    """Return what was compiled of a file, by Python and by pytest."""
    return list(path.parent.glob(f"__pycache__/{path.stem}.*"))


def seen(status: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is written, replaced, or made unreadable."""
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def state(folder: Path | str) -> dict[str, tuple[int, ...]]:
    """Return what can be seen of all files below a folder, and which folders there are."""
    found = dict[str, tuple[int, ...]]()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found[entry.path] = (entry.stat(follow_symlinks=False).st_mode,)
                found |= state(entry.path)
            else:
                found[entry.path] = seen(entry.stat(follow_symlinks=False))
    return found
