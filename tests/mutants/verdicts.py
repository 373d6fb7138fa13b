"""Which planted bugs need not run: those of whom it was seen that their test catches them as everything is now.

verdicts.txt holds a fingerprint a line, of all that decides whether a test catches a bug: the bug, the test, the
options, the text of all that the two files may read (closure.py), pytest's settings, this runner, and the versions of
what is installed; those of a large package that few tests ask count where one of these files imports it. So a line is
true for ever, and no two contradict each other: branches are merged by keeping the lines of both.
"""

import functools
import hashlib
import importlib.metadata
import json
import math
import random
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

from closure import Tree
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from planted import ROOT, Mutant

RECORD = Path(__file__).with_name("verdicts.txt")
NOT_READ = ("tests/mutants/verdicts.txt", "tests/mutants/caught_by.json")
RUNNER = ("run", "verdicts", "closure", "exports", "session", "forks", "control", "catchers", "bed", "planted")
ORACLES = ("transformers", "tokenizers")  # asked by few tests; with all that nothing else needs
Read = list[tuple[str, list[str]]]  # a file, and the packages that were being imported when it was read
SAMPLED = 40  # one in so many of those that need not run does so all the same


def digest(*parts: object) -> str:
    """Sixty-four hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def needed(names: set[str]) -> set[str]:
    """These packages and all that they need, as far as they are installed."""
    found, new = set[str](), {str(canonicalize_name(name)) for name in names}
    while new:
        found |= new
        asked = set[Requirement]()
        for name in new:
            try:
                asked.update(map(Requirement, importlib.metadata.requires(name) or ()))
            except importlib.metadata.PackageNotFoundError:
                continue
        here = {each for each in asked if not each.marker or each.marker.evaluate({"extra": ""})}
        new = {str(canonicalize_name(each.name)) for each in here} - found
    return found


def apart(project: dict[str, Any]) -> dict[str, set[str]]:
    """What each oracle needs, itself included, and nothing else that the project asks for."""
    asked = [*project.get("dependencies", ()), *chain(*project.get("optional-dependencies", {}).values())]
    others = needed({Requirement(each).name for each in asked} - {*ORACLES, project.get("name", "")})
    return {oracle: needed({oracle}) - others for oracle in ORACLES}


def versions() -> dict[str, list[str]]:
    """Package -> what constraints.txt says of it, and what is installed if that is otherwise."""
    path = ROOT / "constraints.txt"
    text = path.read_text(encoding="utf8") if path.exists() else ""
    found: dict[str, list[str]] = {}
    for line in sorted(line for line in text.splitlines() if line and not line.startswith("#")):
        pinned = Requirement(line)
        said = found.setdefault(str(canonicalize_name(pinned.name)), [])
        said.append(line)
        try:
            there = importlib.metadata.version(pinned.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        # +cpu, of torch, stands in none of them
        if (not pinned.marker or pinned.marker.evaluate()) and not pinned.specifier.contains(there, prereleases=True):
            said.append(f"{pinned.name}=={there}")
    return found


class Verdicts:
    """The fingerprints of planted bugs in a copy of the tree, and those that are known."""

    def __init__(self, base: Path) -> None:
        found = [path for path in base.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        names = {path.relative_to(base).as_posix() for path in found}
        self.tree = Tree(base, {name for name in names if not re.search(r"(^|/)\.", name)} - {*NOT_READ})
        self.known = set(RECORD.read_text(encoding="utf8").split()) if RECORD.exists() else set()
        self.new = set[str]()

    @functools.cached_property
    def common(self) -> str:
        """What every verdict depends on."""
        settings = self.project.get("tool", {})
        runner = [(name, self.text(f"tests/mutants/{name}.py")) for name in RUNNER]
        system = [f"Python {sys.version_info[0]}.{sys.version_info[1]}", sys.platform]
        everywhere = {
            name: said for name, said in self.versions.items() if name not in set().union(*self.apart.values())
        }
        return digest(settings.get("pytest"), runner, system, everywhere)

    @functools.cached_property
    def project(self) -> dict[str, Any]:
        """What pyproject.toml says."""
        return tomllib.loads((self.tree.root / "pyproject.toml").read_text(encoding="utf8"))

    @functools.cached_property
    def versions(self) -> dict[str, list[str]]:
        """What is installed."""
        return versions()

    @functools.cached_property
    def apart(self) -> dict[str, set[str]]:
        """The packages of each oracle."""
        return apart(self.project.get("project", {}))

    @functools.cache  # noqa: B019
    def text(self, file: str) -> str:
        """What stands in a file, or in a part of one."""
        if ":" in file:
            return self.tree.part(file)
        return hashlib.sha256((self.tree.root / file).read_bytes()).hexdigest()

    def files(self, mutant: Mutant, test: str) -> frozenset[str]:
        """What may be read while a test tries a bug."""
        return self.tree.closure(mutant.file, test.split("::")[0])

    @functools.cache  # noqa: B019
    def texts(self, *files: str) -> str:
        """What stands in these files, and in all that they may read."""
        read = self.tree.closure(*files)
        named = [self.apart[oracle] for oracle in ORACLES if any(self.asks(file, oracle) for file in read)]
        asked = {name: said for name, said in self.versions.items() if name in set().union(*named)}
        return digest([(file, self.text(file)) for file in sorted(read)], asked)

    @functools.cache  # noqa: B019
    def asks(self, file: str, oracle: str) -> bool:
        """Whether a file imports this package, by a statement or by its name in a string."""
        text = (self.tree.root / file).read_text(encoding="utf8") if file.endswith(".py") else ""
        return re.search(rf"(\b(import|from) +|[\"']){oracle}\b", text) is not None

    def fingerprint(self, mutant: Mutant, test: str) -> str:
        """Twelve digits, of all that decides whether the test catches the bug."""
        texts = self.texts(mutant.file, test.split("::")[0])
        return digest(self.common, mutant.place, mutant.old, mutant.new, mutant.tests, test, texts)[:12]

    def knows(self, mutant: Mutant, test: str) -> bool:
        """Whether it was seen that the test catches the bug."""
        return bool(test) and self.fingerprint(mutant, test) in self.known

    def remember(self, caught: list[Mutant], caught_by: dict[str, str], read_by: dict[str, Read]) -> None:
        """Keep which tests have caught these, alone; but not where one has read what nobody knew that it may."""
        for mutant in caught:
            test = caught_by[mutant.place]
            unknown = self.unknown(read_by[mutant.place], self.files(mutant, test)) - {"pyproject.toml"}
            if unknown:
                print(f"{mutant.place} will run each time: {test} reads what closure.py does not find, {min(unknown)}")
            else:
                self.new.add(self.fingerprint(mutant, test))

    def unknown(self, read: Read, found: frozenset[str]) -> set[str]:
        """What of this tree was read and is not found; but not what a package was read for that only hands on."""
        entered = {file.removesuffix(":") for file in found if file.endswith(":")}
        return {file for file, inits in read if file in self.tree.files - found and not entered & {*inits}}

    def write(self, all_ran: bool) -> None:
        """Write them down. What was known before and is not seen again goes when all have run."""
        lines = sorted(self.new if all_ran else self.known | self.new)
        RECORD.write_text("".join(f"{line}\n" for line in lines), encoding="utf8")


def seed_of(known: list[Mutant]) -> str:
    """The hash of the committed tree; without git, that of what may be drawn from."""
    try:
        command = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD^{tree}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return digest([mutant.place for mutant in known])[:12]


def sample(known: list[Mutant], seed: str) -> list[Mutant]:
    """Draw one in forty, in their order; the same seed draws the same."""
    places = sorted(mutant.place for mutant in known)
    drawn = set(random.Random(seed).sample(places, math.ceil(len(places) / SAMPLED)))
    return [mutant for mutant in known if mutant.place in drawn]
