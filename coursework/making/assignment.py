"""An assignment: the template of its notebook, the families of its problems, and the notebook that a secret draws."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from coursework.problem import Experiment, Problem

__all__ = ["PROBLEMS", "Assignment", "assignments", "keep"]

PROBLEMS = Path(__file__).resolve().parents[1] / "problems"  # the families of the book; a course keeps a copy of them
PLACE = re.compile(r"«([\w-]+)\.(\w+)»")


@dataclass(frozen=True)
class Assignment:
    """One assignment: its template notebook and the families of its problems."""

    name: str
    template: Path
    problems: list[Problem]
    experiment: Experiment

    def notebook(self, secret: str) -> dict[str, Any]:
        """The nbgrader source that a secret draws, solutions included."""
        words = self._words(secret)
        notebook = json.loads(self.template.read_text(encoding="utf8"))
        points = {f"check-{problem.name}": problem.points for problem in self.problems}
        points[f"{self.experiment.name}-conclusion"] = self.experiment.points
        for cell in notebook["cells"]:
            source = PLACE.sub(lambda place: words[place[1], place[2]], "".join(cell["source"]))
            cell["source"] = source.rstrip("\n").splitlines(keepends=True)
            ours = cell["metadata"]["nbgrader"]
            if ours["grade"]:
                ours["points"] = points[ours["grade_id"]]
        return notebook

    def _words(self, secret: str) -> dict[tuple[str, str], str]:
        words: dict[tuple[str, str], str] = {}
        for problem in self.problems:
            variant = problem.variant(secret)
            said = problem.text(variant) | {"points": str(problem.points), "solution": problem.solutions(variant)[0]}
            words |= {(problem.name, key): str(value) for key, value in said.items()}
        experiment = self.experiment
        said = experiment.text(experiment.variant(secret)) | {"points": str(experiment.points)}
        words |= {(experiment.name, key): str(value) for key, value in said.items()}
        words["points", "total"] = str(sum(problem.points for problem in self.problems) + experiment.points)
        return words


def assignments(templates: Path, problems: Path = PROBLEMS, only: str | None = None) -> list[Assignment]:
    """All assignments of a folder: each NN_topic.ipynb, with the families of its problems in `problems`/NN_topic/.

    A family NAME is the file NAME.py; the notebook gives their order. What families share stands in `problems`. `only`
    names one assignment; the others are not read then.

    Raises:  FileNotFoundError if a notebook has no families; ValueError for families of an earlier version of the book,
             for a file without its family, and for a family that the notebook does not ask for
    """
    found = []
    for template in sorted(templates.glob("[0-9]*.ipynb")):
        if only not in (None, template.stem):
            continue
        families = _families(problems, template.stem)
        order = json.loads(template.read_text(encoding="utf8"))["cells"]
        asked = [cell["metadata"]["nbgrader"]["grade_id"] for cell in order]
        for name in families:
            if name not in asked:
                raise ValueError(
                    f"{template.name} has no cell with the grade_id {name}, which {template.stem}/ answers"
                )
        drawn = [families[name] for name in asked if name in families]
        of = [family for family in drawn if isinstance(family, Problem)]
        (experiment,) = [family for family in drawn if isinstance(family, Experiment)]
        found.append(Assignment(template.stem, template, of, experiment))
    return found


def keep(found: list[Assignment], problems: Path, folder: Path) -> None:
    """Copy assignments into `folder`, from which `assignments(folder, folder)` reads them again."""
    folder.mkdir()
    for path in problems.glob("*.py"):
        shutil.copyfile(path, folder / path.name)
    for assignment in found:
        shutil.copyfile(assignment.template, folder / assignment.template.name)
        (folder / assignment.name).mkdir()
        for path in (problems / assignment.name).glob("*.py"):
            shutil.copyfile(path, folder / assignment.name / path.name)


def _families(problems: Path, name: str) -> dict[str, Problem | Experiment]:
    """The families of an assignment by name. They are read afresh, and no bytecode is written beside them."""
    if any("seqlib.coursework" in path.read_text(encoding="utf8") for path in problems.rglob("*.py")):
        raise ValueError(
            f"{problems} is of an earlier version of this book: grade the course with the version that made it, "
            "or make it again with the same secret"
        )
    files = sorted((problems / name).glob("[!_]*.py"))
    if not files:
        raise FileNotFoundError(f"{problems / name} has no families: it needs NAME.py for each problem of {name}.ipynb")
    package, written, families = f"families_{uuid.uuid4().hex}", sys.dont_write_bytecode, {}
    for inner, folder in ((package, problems), (f"{package}.{name}", problems / name)):
        sys.modules[inner] = ModuleType(inner)
        sys.modules[inner].__path__ = [str(folder)]
    importlib.invalidate_caches()
    sys.dont_write_bytecode = True
    try:
        for file in files:
            module = importlib.import_module(f"{package}.{name}.{file.stem}")
            classes = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Problem | Experiment)]
            mine = [c for c in classes if getattr(c, "name", None) == file.stem]
            if len(mine) != 1:
                raise ValueError(f"{file} must hold one Problem or Experiment whose name is {file.stem!r}")
            families[file.stem] = mine[0]()
    finally:
        sys.dont_write_bytecode = written
        for inner in [known for known in sys.modules if known.split(".")[0] == package]:
            del sys.modules[inner]
    return families
