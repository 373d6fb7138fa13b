"""A class of 200 for every assignment: python tests/coursework/class_of_200.py [--students 200] [--assignment NAME …]

Every kind of `kinds.py` hands in at least once, the others are the usual four in turn. The batch must end,
everybody must have a mark and a reason, and no mark may be another than the kind deserves. Wall-clock a submission is
reported. Then ten honest students are graded beside those who use up the machine: all ten must get all points.
"""

import argparse
import json
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

import kinds

from coursework.making.course import make
from coursework.marking.grader import grade
from coursework.running.sandbox import Limits
from coursework.showing import clean

FAMILIES = Path(__file__).resolve().parents[2] / "chapters/assignments"
HONEST = 10


def main() -> int:
    """Grade the classes; return 1 if a mark is not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--assignment", nargs="*")
    parser.add_argument("--kinds", nargs="*", default=[], help="kinds alone, by name: all of them, once each")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    folder, wrong, begin = Path(tempfile.mkdtemp(prefix="class-")), 0, time.monotonic()
    course = make("a class of two hundred", FAMILIES, folder / "course")
    for name, assignment in course.assignments.items():
        if arguments.assignment and name not in arguments.assignment:
            continue
        chosen = [kind for kind in kinds.EVERY if kind.name in arguments.kinds] or kinds.KINDS
        if not arguments.kinds:
            chosen = [*chosen, *(kinds.KINDS[i % kinds.USUAL] for i in range(len(chosen), arguments.students))]
        records, expected, seconds = graded(course, assignment, chosen, arguments.jobs)
        wrong += len(records) != len(expected)
        for record in records:
            if trouble := expected[record["student"]].trouble(record):
                wrong += 1
                print(f"WRONG {record['student']}: {trouble}; {json.dumps(record | {'cells': []})[:600]}")
        each = statistics.median(record["seconds"] for record in records)
        print(
            f"{name}: {len(records)} of {len(expected)} graded in {seconds:.0f} s, {seconds / len(records):.2f} s a "
            f"submission (median of one alone {each:.2f} s)",
            flush=True,
        )
        slowest = sorted(records, key=lambda record: -record["seconds"])[:5]
        print("  slowest:", ", ".join(f"{expected[r['student']].name} {r['seconds']:.0f} s" for r in slowest))
    wrong += HONEST - unharmed(course, arguments.jobs)
    shutil.rmtree(folder)
    print(f"undeserved marks and lost submissions: {wrong}; {(time.monotonic() - begin) / 60:.0f} minutes in all")
    return int(wrong > 0)


def graded(course, assignment, chosen, jobs):
    """The records of a class, who should get what, and how long it took."""
    expected = {}
    with socket.create_server(("127.0.0.1", 0)) as server:
        for i, kind in enumerate(chosen):
            student = kinds.hand_in(course, assignment, kind, f"student-{i:03d}-{kind.name}", server.getsockname()[1])
            expected[clean.name(student)[0]] = kind
        begin = time.monotonic()
        records = grade(course, assignment.name, jobs=jobs, limits=Limits(seconds=2), say=lambda text: None)
    return records, expected, time.monotonic() - begin


def unharmed(course, jobs):
    """How many of ten honest students get all points while others use up the machine."""
    assignment = next(iter(course.assignments.values()))
    for folder in ("submitted", "grades", "autograded"):
        shutil.rmtree(course.folder / folder, ignore_errors=True)
    hogs = [kind for kind in kinds.EVERY if kind.name in kinds.HOGS]
    chosen = [kind for i in range(HONEST) for kind in (kinds.KINDS[0], hogs[i % len(hogs)])]
    records, expected, _ = graded(course, assignment, chosen, jobs)
    honest = [record for record in records if expected[record["student"]] is kinds.KINDS[0]]
    right = sum(record["points"] == record["largest"] for record in honest)
    print(f"beside {len(chosen) - HONEST} who use up the machine, {right} of {HONEST} honest students get all points")
    return right


if __name__ == "__main__":
    sys.exit(main())
