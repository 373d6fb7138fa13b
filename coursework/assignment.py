"""An assignment: the template of its notebook, the families of its problems, and the notebook that a secret draws."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from coursework.problem import Experiment, Problem

__all__ = ["PROBLEMS", "Assignment", "assignments", "keep"]

PROBLEMS = Path(__file__).resolve().parent / "problems"  # the families of the book; a course keeps a copy of them
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


def assignments(templates: Path, problems: Path = PROBLEMS) -> list[Assignment]:
    """All assignments of a folder: each NN_topic.ipynb, with the families of its problems in `problems`/NN_topic.py.

    Raises:  FileNotFoundError if a notebook has no families; ValueError for families of an earlier version of the book
    """
    found = []
    for template in sorted(templates.glob("[0-9]*.ipynb")):
        families = _module(problems / f"{template.stem}.py")
        found.append(Assignment(template.stem, template, families.PROBLEMS, families.EXPERIMENT))
    return found


def keep(found: list[Assignment], problems: Path, folder: Path) -> None:
    """Copy assignments into `folder`, from which `assignments(folder, folder)` reads them again."""
    folder.mkdir()
    for assignment in found:
        for path in (assignment.template, problems / f"{assignment.name}.py"):
            shutil.copyfile(path, folder / path.name)


def _module(path: Path) -> ModuleType:
    """A file of families as a module; no bytecode is written beside it."""
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: the families of {path.stem}.ipynb")
    source = path.read_text(encoding="utf8")
    if re.search(r"^from seqlib\.coursework", source, flags=re.M):
        raise ValueError(
            f"{path} is of an earlier version of this book: grade the course with the version that made it, "
            "or make it again with the same secret"
        )
    module = ModuleType(f"families_{path.stem}")
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module
