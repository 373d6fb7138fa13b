"""A class of 200 for every assignment: python tests/coursework/class_of_200.py [--students 200] [--assignment NAME …]

Every kind of `kinds.py` hands in at least once, the others are the usual four in turn. The batch must end,
everybody must have a mark and a reason, and no mark may be another than the kind deserves. Wall-clock a submission is
reported.
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

from coursework.course import make
from coursework.grader import grade
from coursework.sandbox import Limits

FAMILIES = Path(__file__).resolve().parents[2] / "chapters/assignments"


def main() -> int:
    """Grade the classes; return 1 if a mark is not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--assignment", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    folder, wrong = Path(tempfile.mkdtemp(prefix="class-")), 0
    course = make("a class of two hundred", FAMILIES, folder / "course")
    for name, assignment in course.assignments.items():
        if arguments.assignment and name not in arguments.assignment:
            continue
        expected = {}
        with socket.create_server(("127.0.0.1", 0)) as server:
            for i in range(max(arguments.students, len(kinds.KINDS))):
                kind = kinds.KINDS[i if i < len(kinds.KINDS) else i % kinds.USUAL]
                student = f"student-{i:03d}-{kind.name}"
                kinds.hand_in(course, assignment, kind, student, server.getsockname()[1])
                expected[student] = kind.mark
            begin = time.monotonic()
            records = grade(course, name, jobs=arguments.jobs, limits=Limits(seconds=2), say=lambda text: None)
        seconds = time.monotonic() - begin
        for record in records:
            share = record["points"] / record["largest"]
            fits = {"all": share == 1, "none": share == 0, "some": True}[expected[record["student"]]]
            if not (fits and record["reason"]):
                wrong += 1
                print(f"WRONG {json.dumps(record)[:400]}")
        each = statistics.median(record["seconds"] for record in records)
        print(
            f"{name}: {len(records)} of {len(expected)} graded in {seconds:.0f} s, {seconds / len(records):.2f} s a "
            f"submission (median of one alone {each:.2f} s)",
            flush=True,
        )
        wrong += len(records) != len(expected)
    shutil.rmtree(folder)
    print(f"undeserved marks and lost submissions: {wrong}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
