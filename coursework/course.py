"""Makes a complete nbgrader course of a secret: source, release, configuration and gradebook."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from coursework.assignment import PROBLEMS, Assignment, assignments, keep
from coursework.visible import FILE, visible_data

__all__ = ["Course", "make"]

SHORT = 12  # characters of a secret that can be guessed
CONFIG = """\
# nbgrader reads this. The gradebook is the SQLite file beside it; any SQLAlchemy URL will do.
from pathlib import Path

c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "learning-sequences"
c.CourseDirectory.db_url = f"sqlite:///{c.CourseDirectory.root}/gradebook.db"
c.IncludeHeaderFooter.header = ""
c.ClearSolutions.code_stub = {"python": "# Write your code here.\\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "Write your answer here."
c.ClearSolutions.enforce_metadata = False
# Students' code runs in our sandbox, and not in a kernel of nbgrader's.
c.Autograde.autograde_preprocessors = [
    "coursework.preprocessor.Judge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


@dataclass(frozen=True)
class Course:
    """A course on disk."""

    folder: Path

    @property
    def secret(self) -> str:
        """What the variants are drawn by."""
        return (self.folder / "secret").read_text(encoding="utf8").rstrip("\n")

    def secret_of(self, student: str) -> str:
        """What the variants of one student are drawn by: the same for the whole course."""
        return self.secret

    def released(self, name: str, student: str) -> dict[str, Any]:
        """The notebook of an assignment as one student got it: the same for the whole course."""
        path = self.folder / "release" / name / f"{name}.ipynb"
        return dict(json.loads(path.read_text(encoding="utf8")))

    @property
    def assignments(self) -> dict[str, Assignment]:
        """The assignments by name, from the families that the course was made of."""
        families = self.folder / "families"
        if not families.is_dir():
            raise FileNotFoundError(f"{self.folder} is no course: `coursework make` makes one, --course names it")
        return {assignment.name: assignment for assignment in assignments(families, families)}

    def assignment(self, name: str) -> Assignment:
        """One of the assignments.

        Raises:  ValueError naming those there are
        """
        known = self.assignments
        if name not in known:
            raise ValueError(f"assignment must be one of {', '.join(known)}, got {name!r}")
        return known[name]

    @property
    def database(self) -> str:
        """The gradebook's address, as nbgrader_config.py gives it; a relative SQLite file lies in the course."""
        url = str(_configuration(self.folder).CourseDirectory.db_url)
        return url.replace("sqlite:///", f"sqlite:///{self.folder}/") if not url.startswith("sqlite:////") else url


def make(secret: str, templates: Path, folder: Path, problems: Path = PROBLEMS) -> Course:
    """Write a course into `folder`, which must not hold submissions; the same secret gives the same bytes.

    `templates` holds the notebooks, `problems` the families of their problems. The course keeps a copy of both: it can
    be moved, and a later change of the repository changes no mark.

    Raises:  ValueError for a secret that says nothing; FileExistsError if the folder holds somebody's work;
             FileNotFoundError if there are no families
    """
    if not isinstance(secret, str) or not secret.strip():
        raise ValueError("secret must be a text that is not blank: make course SECRET=…")
    if len(secret) < SHORT:
        warnings.warn(
            f"the secret has fewer than {SHORT} characters: it can be found by trying, and with it the data "
            "of the marks; take a sentence for a real course",
            stacklevel=2,
        )
    found = assignments(templates, problems)
    if not found:
        raise FileNotFoundError(
            f"{templates} has no assignments, NN_topic.ipynb: the assignments of the book are in its repository, so "
            "give the command there; a folder of your own is named by --families"
        )
    for work in ("submitted", "grades", "autograded", "feedback"):
        if (folder / work).exists():
            raise FileExistsError(f"{folder / work} holds work of students: move the course away first")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with open(os.open(folder / "secret", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf8") as file:
        file.write(secret + "\n")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf8")
    keep(found, problems, folder / "families")
    for assignment in found:
        source = folder / "source" / assignment.name
        source.mkdir(parents=True)
        text = json.dumps(assignment.notebook(secret), indent=1, ensure_ascii=False) + "\n"
        (source / f"{assignment.name}.ipynb").write_text(text, encoding="utf8")
        checks = {problem.name: visible_data(problem, secret) for problem in assignment.problems}
        (source / FILE).write_text(json.dumps(checks) + "\n", encoding="utf8")
    _release(folder)
    return Course(folder)


def _release(folder: Path) -> None:
    """nbgrader's own generate_assignment for every assignment, in a process with repeatable random names."""
    if importlib.util.find_spec("nbgrader") is None:
        raise ModuleNotFoundError("a course needs nbgrader: pip install '.[grading]'")
    command = [sys.executable, "-m", "coursework.course", str(folder)]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"nbgrader could not generate the assignments:\n{done.stdout}\n{done.stderr}")


def _generate(folder: Path) -> None:
    from nbgrader.apps import NbGraderAPI

    os.chdir(folder)
    config = _configuration(folder)
    api = NbGraderAPI(config=config)
    with _repeatable_names(Course(folder).secret):
        for source in sorted((folder / "source").iterdir()):
            done = api.generate_assignment(source.name)
            if not done["success"]:
                raise SystemExit(done.get("error") or done.get("log") or "generate_assignment failed")


def _configuration(folder: Path) -> Any:
    """What the teacher's nbgrader_config.py says."""
    from traitlets.config import PyFileConfigLoader

    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


@contextlib.contextmanager
def _repeatable_names(secret: str) -> Iterator[None]:
    """The gradebook names its rows by uuid4; drawn from the secret here, so that two courses of it are equal."""
    draw = random.Random(f"gradebook {secret}")

    def drawn() -> uuid.UUID:
        return uuid.UUID(int=draw.getrandbits(128), version=4)

    with mock.patch("nbgrader.api.uuid4", drawn):
        yield


if __name__ == "__main__":
    _generate(Path(sys.argv[1]).resolve())
