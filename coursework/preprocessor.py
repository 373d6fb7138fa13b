"""What `nbgrader autograde`, and the button of Formgrader, run in the place of the student's kernel: our judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor

from coursework.course import Course
from coursework.grader import judged_notebook

__all__ = ["Judge"]


class Judge(NbGraderPreprocessor):
    """Puts the judged notebook in the place of the submitted one: nbgrader reads the marks off its outputs."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Judge a submission, or take its record if these bytes have been judged."""
        ours = resources["nbgrader"]
        course = Course(Path(self.config.CourseDirectory.get("root", ".")).resolve())
        return from_dict(judged_notebook(course, ours["assignment"], ours["student"])), resources
