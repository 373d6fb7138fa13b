"""Makes a complete nbgrader course of a secret: source, release, configuration and gradebook."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import tempfile
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursework.making import place, release
from coursework.making.assignment import PROBLEMS, Assignment, assignments, keep
from coursework.visible import FILE, visible_data

__all__ = ["Course", "drawn", "make"]

SHORT = 12  # characters of a secret that can be guessed
NAME = "learning-sequences"
COLLECT = """\
# nbgrader zip_collect ASSIGNMENT: archives of Moodle and Canvas, or folders and files that are named by students.
c.ZipCollectApp.extractor_plugin = "coursework.reading.archives.Extractor"
c.ZipCollectApp.collector_plugin = "coursework.reading.collect.Collector"
"""
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
# The page of feedback: one file without scripts, and without the mark scheme.
c.GenerateFeedback.exporter_class = "coursework.showing.page.FeedbackPage"
# Students' code runs in our sandbox, and not in a kernel of nbgrader's.
c.Autograde.sanitize_preprocessors = [
    "coursework.marking.preprocessor.Door",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "coursework.marking.preprocessor.Judge",
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

    @property
    def each(self) -> bool:
        """Whether each student has a variant of their own."""
        return bool(place.about(self.folder).get("each"))

    def secret_of(self, student: str) -> str:
        """What one student's variants are drawn by: the secret of the course, or one that is made of it and the name.

        A name that is written in two ways in Unicode is one name: archives of macOS take characters apart.
        """
        if not self.each:
            return self.secret
        name = unicodedata.normalize("NFC", student).encode("utf8", "backslashreplace")
        return hmac.new(self.secret.encode("utf8"), name, hashlib.sha256).hexdigest()

    def released(self, name: str, student: str) -> dict[str, Any]:
        """The notebook of an assignment as one student got it.

        Where each student has a variant and this one got nothing, the notebook is the one that the student would get.
        """
        if not self.each:
            path = self.folder / "release" / name / f"{name}.ipynb"
            return dict(json.loads(path.read_text(encoding="utf8")))
        path = self.folder / "handout" / name / student / f"{name}.ipynb"
        if path.is_file():
            return dict(json.loads(path.read_text(encoding="utf8")))
        source, _ = drawn(self.assignment(name), self.secret_of(student))
        return dict(json.loads(release.released(source, name, self.folder)))

    @property
    def assignments(self) -> dict[str, Assignment]:
        """The assignments by name, from the families that the course was made of."""
        return {assignment.name: assignment for assignment in assignments(self.families, self.families)}

    def assignment(self, name: str) -> Assignment:
        """One of the assignments.

        Raises:  ValueError naming those there are
        """
        for assignment in assignments(self.families, self.families, name):
            return assignment
        raise ValueError(f"assignment must be one of {', '.join(self.assignments)}, got {name!r}")

    @property
    def families(self) -> Path:
        """The folder of the families that the course was made of.

        Raises:  FileNotFoundError if there is none: the folder is no course
        """
        families = self.folder / "families"
        if not families.is_dir():
            raise FileNotFoundError(f"{self.folder} is no course: `coursework make` makes one, --course names it")
        return families

    @property
    def database(self) -> str:
        """The gradebook's address, as nbgrader_config.py gives it; a relative SQLite file lies in the course."""
        url = str(release.configuration(self.folder).CourseDirectory.db_url)
        return url.replace("sqlite:///", f"sqlite:///{self.folder}/") if not url.startswith("sqlite:////") else url


def make(
    secret: str,
    templates: Path,
    folder: Path,
    problems: Path = PROBLEMS,
    *,
    name: str = NAME,
    each: bool = False,
) -> Course:
    """Write a course into `folder`; the same secret gives the same bytes.

    `templates` holds the notebooks, `problems` the families of their problems. The course keeps a copy of both: it can
    be moved, and a later change of the repository changes no mark. `name` is nbgrader's course_id. With `each` every
    student has a variant of their own: `handout.hand_out` draws it, and what is in `release/` is for nobody.

    It is made beside what is there, and then takes its place. A folder that `make` did not write, that holds somebody's
    work, or a course of another secret or name, is left as it is; files of the teacher's in the folder stay, and so
    does an nbgrader_config.py that was changed.

    Raises:  ValueError for a secret that says nothing, or a name that is none; FileExistsError for a folder that is
             left as it is; FileNotFoundError if there are no families
    """
    _sound(secret, name)
    found = assignments(templates, problems)
    if not found:
        raise FileNotFoundError(
            f"{templates} has no assignments, NN_topic.ipynb: the assignments of the book are in its repository, so "
            "give the command there; a folder of your own is named by --families"
        )
    place.free(folder, secret, name, each)
    place.above(folder)
    with place.private():
        folder.mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=place.MAKING, dir=folder))
        try:
            _write(made, found, problems, secret, name, each, place.config(folder))
            place.take(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return Course(folder)


def drawn(assignment: Assignment, secret: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The notebook that a secret draws, solutions included, and the data of its checks."""
    checks = {problem.name: visible_data(problem, secret) for problem in assignment.problems}
    return assignment.notebook(secret), checks


def _sound(secret: str, name: str) -> None:
    if not isinstance(secret, str) or not secret.strip():
        raise ValueError("secret must be a text that is not blank: a sentence that you keep")
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,60}", name, re.ASCII):
        raise ValueError(f"name must be of letters, digits and . _ - as autumn-2026 is, got {name!r}")
    if len(secret) < SHORT:
        warnings.warn(
            f"the secret has fewer than {SHORT} characters: it can be found by trying, and with it the data "
            "of the marks; take a sentence for a real course",
            stacklevel=3,
        )


def _write(
    made: Path,
    found: list[Assignment],
    problems: Path,
    secret: str,
    name: str,
    each: bool,
    config: str | None,
) -> None:
    """A whole course into an empty folder; `config` is the teacher's own nbgrader_config.py."""
    given = CONFIG.replace(f'"{NAME}"', json.dumps(name)) + COLLECT
    (made / "secret").write_text(secret + "\n", encoding="utf8")
    (made / "nbgrader_config.py").write_text(config or given, encoding="utf8")
    place.mark(made, name, each, given)
    keep(found, problems, made / "families")
    for assignment in found:
        source = made / "source" / assignment.name
        source.mkdir(parents=True)
        notebook, checks = drawn(assignment, secret)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (source / f"{assignment.name}.ipynb").write_text(text, encoding="utf8")
        (source / FILE).write_text(json.dumps(checks) + "\n", encoding="utf8")
    release.generate(made, secret)
    for path in [made / "release", *(made / "release").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for work in place.WORK:
        (made / work).mkdir()
