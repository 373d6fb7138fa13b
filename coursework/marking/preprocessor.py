"""What `nbgrader autograde`, and the button of Formgrader, run: our judge in the place of the student's kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from coursework.making.course import Course
from coursework.marking.grader import judged_notebook
from coursework.showing import clean

__all__ = ["Door", "Judge"]


class Judge(NbGraderPreprocessor):
    """Puts the judged notebook in the place of the submitted one: nbgrader reads the marks off its outputs."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Judge a submission, or take its record if these bytes have been judged."""
        ours = resources["nbgrader"]
        course = Course(Path(self.config.CourseDirectory.get("root", ".")).resolve())
        return from_dict(judged_notebook(course, ours["assignment"], ours["student"])), resources


class Door(NbGraderPreprocessor):
    """The first step of nbgrader's autograde: a folder whose name a page or a table cannot bear is not let in."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Let a submission pass.

        Raises:  ValueError for such a name; then nothing of it stays in the gradebook
        """
        ours = resources["nbgrader"]
        safe, was = clean.name(ours["student"])
        if not was:
            with Gradebook(ours["db_url"]) as book:
                book.remove_student(ours["student"])
            raise ValueError(
                f"rename the folder {clean.line(ours['student'], 100)!r} in submitted/, to {safe!r} perhaps"
            )
        return nb, resources
