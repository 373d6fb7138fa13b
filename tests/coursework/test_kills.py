"""kill -9 of the grader at a random moment, then again: nothing is lost, and nobody is graded twice."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from coursework.making.course import Course

STUDENTS = [f"student-{i}" for i in range(6)]


@pytest.fixture(scope="module")
def handed_in(fresh, first, kinds, tmp_path_factory):
    """A course with a small class that has handed in: right, half right and blank in turn."""
    folder = tmp_path_factory.mktemp("kills") / "course"
    shutil.copytree(fresh.folder, folder)
    for i, student in enumerate(STUDENTS):
        kinds.hand_in(Course(folder), first, kinds.KINDS[i % 3], student, 9)
    return folder


def test_killed_and_started_again(handed_in, first, tmp_path, kill):
    from nbgrader.api import Gradebook

    folder = tmp_path / "course"
    shutil.copytree(handed_in, folder)
    command = [
        sys.executable,
        "-m",
        "coursework",
        "grade",
        first.name,
        "--course",
        str(folder),
        "--seconds",
        "5",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.Random(kill).uniform(0.8, 5))
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    log = (folder / "grades" / first.name / "log").read_text().split("\n")
    assert all(n == 1 for n in Counter(line.split()[0] for line in log if line).values())
    records = {path.stem: json.loads(path.read_text()) for path in (folder / "grades" / first.name).glob("*.json")}
    assert sorted(records) == STUDENTS
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for i, student in enumerate(STUDENTS):
            score = book.find_submission(first.name, student).score
            assert score == records[student]["points"]
            assert score == {0: 15, 1: 5, 2: 0}[i % 3]
        assert len(book.assignment_submissions(first.name)) == len(STUDENTS)
