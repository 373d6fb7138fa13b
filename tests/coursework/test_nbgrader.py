"""nbgrader's own commands on a course: its exchange from the teacher to a student and back, and its autograde."""

import json
import os
import subprocess
import sys
from html import unescape
from pathlib import Path

from coursework.marking.grader import grade

NBGRADER = Path(sys.executable).with_name("nbgrader")


def nbgrader(folder, *words, student=None):
    """Run an nbgrader command in a folder, as the teacher or as a student."""
    environment = os.environ | ({"JUPYTERHUB_USER": student} if student else {})
    done = subprocess.run([NBGRADER, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_exchange_carries_an_assignment_there_and_its_feedback_back(own, first, tmp_path):
    exchange, desk = tmp_path / "exchange", tmp_path / "desk"
    exchange.mkdir()
    exchange.chmod(0o777)
    desk.mkdir()
    place, whose = f"--Exchange.root={exchange}", ("--course", "learning-sequences")
    nbgrader(own.folder, "release_assignment", first.name, place)
    nbgrader(desk, "fetch_assignment", first.name, *whose, place, student="amina")
    path = desk / first.name / f"{first.name}.ipynb"
    assert (desk / first.name / "checks.json").exists()
    assert "did not provide a response" in nbgrader(desk / first.name, "validate", path.name, student="amina")
    solve(path, first, own.secret)
    assert "✗" not in nbgrader(desk / first.name, "validate", path.name, student="amina")
    nbgrader(desk, "submit", first.name, *whose, place, student="amina")
    nbgrader(own.folder, "collect", first.name, place)
    (record,) = grade(own, first.name, say=lambda text: None)
    assert record["points"] == record["largest"], record
    assert record["handed_in"]
    nbgrader(own.folder, "generate_feedback", first.name)
    nbgrader(own.folder, "release_feedback", first.name, place)
    nbgrader(desk, "fetch_feedback", first.name, *whose, place, student="amina")
    (page,) = desk.rglob("*.html")
    said = page.read_text(encoding="utf8")
    assert "positive: 3 of 3, right" in said
    assert "I expected a fall at the distance, and saw it." in said
    assert "window-conclusion: not yet marked by a person" in said
    assert "the expectation is stated" not in said
    (kept,) = own.folder.glob(f"autograded/*/{first.name}/{first.name}.ipynb")
    assert "1 point: the expectation is stated" in unescape(kept.read_text(encoding="utf8"))


def solve(path, assignment, secret):
    """Write the right answers and a conclusion into a notebook."""
    right = {problem.name: problem.solutions(problem.variant(secret))[1] for problem in assignment.problems}
    notebook = json.loads(path.read_text(encoding="utf8"))
    for cell in notebook["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name == assignment.experiment.name:
            cell["source"] = "print('measured')"
        elif name == f"{assignment.experiment.name}-conclusion":
            cell["source"] = "I expected a fall at the distance, and saw it."
        elif name in right:
            cell["source"] = right[name]
    path.write_text(json.dumps(notebook), encoding="utf8")


def test_autograde_gives_the_marks_of_our_judge(own, first, kinds):
    """Also to a class that tries to cheat: no code of a student's runs in a kernel of nbgrader's."""
    from nbgrader.api import Gradebook

    wanted = {"right": 15, "half-right": 5, "blank": 0, "deleted-tests": 15, "edited-tests-and-blank": 0}
    wanted |= {"patched-judge-and-wrong": 0, "writes-outside": 15}
    by_name = {kind.name: kind for kind in kinds.KINDS}
    for name in wanted:
        kinds.hand_in(own, first, by_name[name], name, 9)
    nbgrader(own.folder, "autograde", first.name)
    with Gradebook(own.database) as book:
        assert {name: book.find_submission(first.name, name).score for name in wanted} == wanted
    log = (own.folder / "grades" / first.name / "log").read_text()
    assert sorted(line.split()[0] for line in log.splitlines()) == sorted(wanted)
    grade(own, first.name, say=lambda text: None)
    assert (own.folder / "grades" / first.name / "log").read_text() == log
