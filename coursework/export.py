"""The table of an assignment's marks for a university."""

from __future__ import annotations

import csv
from pathlib import Path

from coursework.course import Course
from coursework.records import Records

__all__ = ["export"]


def export(course: Course, name: str, path: Path) -> None:
    """Write the marks of an assignment as CSV, what a person has marked in the gradebook included.

    A row a submission: student, points (a late penalty of the gradebook taken off) of largest, how much of them is by
    machine and by hand, whether a person has still to mark the conclusion, when it was handed in, and the reason.

    Raises:  ValueError for an unknown assignment, or if somebody's marks are not in the gradebook yet
    """
    from nbgrader.api import Gradebook, MissingEntry

    assignment = course.assignment(name)
    fields = ["student", "points", "largest", "by_machine", "by_hand", "to_be_marked"]
    with Gradebook(course.database) as book, path.open("w", newline="", encoding="utf8") as file:
        writer = csv.DictWriter(file, [*fields, "handed_in", "reason"])
        writer.writeheader()
        for record in Records(course.folder / "grades" / name).all():
            try:
                submission = book.find_submission(name, record["student"])
            except MissingEntry:
                raise ValueError(
                    f"the marks of {record['student']} are not in the gradebook yet: grade again"
                ) from None
            written = book.find_grade(f"{assignment.experiment.name}-conclusion", name, name, record["student"])
            total = max(0.0, submission.score - submission.late_submission_penalty)
            by_machine = sum(mark["points"] for mark in record["marks"])
            values = [record["student"], total, submission.max_score, by_machine, written.score]
            row = dict(zip(fields, [*values, "yes" if written.needs_manual_grade else "no"], strict=True))
            writer.writerow(row | {"handed_in": submission.timestamp or "", "reason": record["reason"]})
