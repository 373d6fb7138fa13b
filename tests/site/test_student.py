"""A student opens a released assignment in JupyterLab, solves a problem by typing, checks it, saves; it is graded."""

import json
import re
import shutil
import time
from pathlib import Path

from playwright.sync_api import expect

from coursework.making.course import make
from coursework.marking.grader import grade
from coursework.running.sandbox import Limits

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT, PROBLEM = "01_sequences", "mixed_bigram"
SECRET = "a course in the browser"


def typed(problem):
    """A right solution on one line, as somebody would type it."""
    lines = problem.solutions(problem.variant(SECRET))[0].splitlines()[1:]
    return f"def {PROBLEM}(counts): " + "; ".join(line.strip() for line in lines if "###" not in line)


def test_a_student_solves_a_problem(visit, start_lab, tmp_path):
    course = make(SECRET, ROOT / "chapters/assignments", tmp_path / "course")
    problem = next(p for p in course.assignments[ASSIGNMENT].problems if p.name == PROBLEM)
    home = tmp_path / "home"
    shutil.copytree(course.folder / "release" / ASSIGNMENT, home)
    path = home / f"{ASSIGNMENT}.ipynb"
    with start_lab(home) as address:
        page = visit(width=1280).page
        page.goto(f"{address}/lab/tree/{path.name}")
        page.get_by_role("heading", name="Assignment 1").first.wait_for(timeout=60_000)

        def cell(text):
            return page.locator(".jp-CodeCell").filter(has_text=text)

        def ran(text):
            """Whether a cell gets its number within a quarter of a minute."""
            try:
                expect(cell(text).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=15_000)
            except AssertionError:
                return False
            return True

        def run(text):
            cell(text).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            return ran(text)

        # a key that is pressed before the kernel has come up is lost
        assert any(run("import numpy as np") for _ in range(8))
        cell(f"def {PROBLEM}").locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(typed(problem))
        page.keyboard.press("Control+Enter")
        assert ran(f"def {PROBLEM}")
        assert run(f'check("{PROBLEM}"')
        checked = cell(f'check("{PROBLEM}"').locator(".jp-OutputArea-output")
        checked.first.wait_for(timeout=60_000)
        assert checked.first.inner_text().count("✓") == len(problem.parts)
        page.keyboard.press("Control+s")
        for _ in range(60):
            if "return" in path.read_text() and typed(problem)[-30:] in path.read_text():
                break
            time.sleep(0.5)
    handed_in = course.folder / "submitted/maria" / ASSIGNMENT
    shutil.copytree(home, handed_in, ignore=shutil.ignore_patterns(".*"))
    (record,) = grade(course, ASSIGNMENT, limits=Limits(seconds=5), say=lambda text: None)
    assert record["student"] == "maria"
    assert record["points"] == problem.points, json.dumps(record)[:500]
    assert [mark["points"] for mark in record["marks"] if mark["name"] == PROBLEM] == [problem.points]
