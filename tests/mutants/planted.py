"""The planted bugs of the files tests/**/mutants_*.py: which there are, and which are meant."""

import runpy
import shutil
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("seqlib", "coursework", "tests", "tools", "chapters/assignments", "book", "pyproject.toml", ".gitattributes")


class Mutant(NamedTuple):
    """One planted bug: in `file`, `old` (which stands there once) becomes `new`; `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]

    @property
    def place(self) -> str:
        """What no other mutant is called."""
        return f"{self.file}:{self.name}"


def read() -> list[Mutant]:
    """Return the mutants of all files."""
    files = [runpy.run_path(str(path)) for path in sorted((ROOT / "tests").rglob("mutants_*.py"))]
    mutants = [
        Mutant(name, data["FILE"], old, new, [*data["TESTS"], *(["-k", *only] if only else [])])
        for data in files
        for name, (old, new, *only) in data["MUTANTS"].items()
    ]
    twice = [place for place, n in Counter(mutant.place for mutant in mutants).items() if n > 1]
    if twice:
        raise ValueError(f"two mutants have the name {', '.join(twice)}")
    return mutants


def choose(names: list[str], mutants: list[Mutant]) -> list[Mutant]:
    """Return the mutants of these names, each once, in their order; a ValueError says which name is none, or several.

    A name is that of a mutant, of a file, or both with a colon between.
    """
    chosen = set()
    for name in names:
        found = [m for m in mutants if name in (m.name, m.file, m.place)]
        if not found:
            raise ValueError(f"no such mutant: {name}")
        if len(found) > 1 and name != found[0].file:
            raise ValueError(f"{name} stands in several files, say which: {' '.join(m.place for m in found)}")
        chosen |= {m.place for m in found}
    return [m for m in mutants if m.place in chosen]


def copy_tree(base: Path) -> None:
    """Copy what tests need into the folder `base`."""
    base.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, base / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, base / name)
