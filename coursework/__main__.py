"""python -m coursework COMMAND: a course of a secret, its roster, its marks, and the table for the university."""

import argparse
import sys
import warnings
from argparse import Namespace
from pathlib import Path

from coursework.making.course import NAME, Course
from coursework.making.secret import Refused

TEMPLATES = Path("chapters/assignments")  # of the repository in which the command is given
HERE = Path("_build/course")


def make(given: Namespace) -> None:
    """Write a course."""
    from coursework.making.assignment import PROBLEMS
    from coursework.making.course import make
    from coursework.making.secret import ask

    own, each = given.families, given.each or given.roster is not None
    course = make(ask(given.secret_file), own or TEMPLATES, given.course, own or PROBLEMS, name=given.name, each=each)
    print(f"The course {given.name} is in {course.folder}; its secret is kept there too, in the file secret.")
    if given.roster:
        _enrol(course, given.roster, given.by)
    elif each:
        print(f"Next: python -m coursework roster FILE{_of(given)}, which draws a variant for each student.")
    else:
        print("Next: hand out release/, collect into submitted/, then grade.")


def roster(given: Namespace) -> None:
    """Take in who takes the course."""
    _enrol(_course(given), given.file, given.by)


def handout(given: Namespace) -> None:
    """Draw the variants of some students more."""
    from coursework.making.handout import hand_out

    count = hand_out(_course(given), given.student)
    print(f"{count} notebooks were drawn; they are in {given.course / 'handout'}.")


def grade(given: Namespace) -> None:
    """Grade an assignment."""
    from coursework.marking.grader import grade
    from coursework.running.sandbox import Limits

    limits = None if given.seconds is None else Limits(seconds=given.seconds)
    grade(
        _course(given),
        given.assignment,
        jobs=given.jobs,
        limits=limits,
        unsafe=given.without_sandbox,
        again=given.again,
        best=given.best,
    )


def export(given: Namespace) -> None:
    """Write the marks of an assignment as a table."""
    from coursework.marking.export import export

    export(_course(given), given.assignment, given.file, given.form, column=given.column)
    print(f"The marks of {given.assignment} are in {given.file}.")


def similar(given: Namespace) -> None:
    """Say which hand-ins are alike."""
    from coursework.comparing.similar import report
    from coursework.comparing.similar_page import write

    found = report(_course(given), given.assignment)
    page, table = write(found, given.course / "similar")
    print(f"{found.students} hand-ins were compared. What to look at is in {page} and {table}; it is no verdict.")


def families(given: Namespace) -> None:
    """Begin a folder of problems of one's own."""
    from coursework.making.own import begin

    begin(given.folder)
    print(f"Next: change what is in {given.folder}, and try it: python -m coursework try {given.folder}")


def attempt(given: Namespace) -> None:
    """Try a folder of problems of one's own by the laws of the book's."""
    from coursework.making.laws import tried

    tried(given.folder, given.secrets)


def _enrol(course: Course, file: Path, by: str | None) -> None:
    """The students of a file; where each has a variant, it is drawn."""
    from coursework.making.handout import hand_out
    from coursework.making.roster import import_roster

    students = import_roster(course, file, by=by)
    if course.each:
        print(f"Drawing the variants of {len(students)} students …", flush=True)
        count = hand_out(course, students)
        print(f"{count} notebooks are new in {course.folder / 'handout'}: a folder and a .zip for each student.")


def _course(given: Namespace) -> Course:
    """The course that is named, if it is one."""
    course = Course(given.course.resolve())
    _ = course.families
    return course


def _of(given: Namespace) -> str:
    return "" if given.course == HERE else f" --course {given.course}"


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    whole = argparse.ArgumentParser(prog="python -m coursework", description=__doc__)
    commands = whole.add_subparsers(dest="command", required=True)

    def command(name: str, does: str, function: object, *, course: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=does, description=does)
        one.set_defaults(function=function)
        if course:
            one.add_argument("--course", type=Path, default=HERE, metavar="FOLDER", help=f"the course ({HERE})")
        return one

    one = command("make", "write a course; its secret is asked for, and not shown", make)
    one.add_argument("--secret-file", type=Path, metavar="FILE", help="a file that holds the secret")
    one.add_argument("--secret", nargs="?", action=Refused, help=argparse.SUPPRESS)
    one.add_argument("--families", type=Path, metavar="FOLDER", help="problems of your own, as `families` begins them")
    one.add_argument("--name", default=NAME, help=f"nbgrader's course_id ({NAME})")
    one.add_argument("--each", action="store_true", help="a variant of its own for each student; --roster says so too")
    one.add_argument("--roster", type=Path, metavar="FILE", help="who takes the course, each with a variant")
    one.add_argument("--by", metavar="COLUMN", help="the column of the roster that names the students' folders")
    one = command("roster", "take in a list of students, of Canvas, Moodle or your own", roster)
    one.add_argument("file", type=Path)
    one.add_argument("--by", metavar="COLUMN", help="the column that names the students' folders")
    one = command("handout", "draw the variants of some students more", handout)
    one.add_argument("student", nargs="+")
    one = command("grade", "grade every submission of an assignment", grade)
    one.add_argument("assignment")
    one.add_argument("--jobs", type=int, default=2, help="submissions side by side (2)")
    one.add_argument("--seconds", type=float, help="for a call, and for a cell (10, or as before)")
    one.add_argument("--again", nargs="*", metavar="STUDENT", help="judge these anew, or everybody: a mended problem")
    counts = one.add_mutually_exclusive_group()
    counts.add_argument("--best", action="store_true", default=None, help="the best hand-in of a student counts")
    counts.add_argument("--last", dest="best", action="store_false", help="the last hand-in counts (at first)")
    one.add_argument("--without-sandbox", action="store_true", help="run students' code where it can harm you")
    one = command("export", "write the marks of an assignment as CSV", export)
    one.add_argument("assignment")
    one.add_argument("file", type=Path)
    one.add_argument("--form", default="plain", choices=("plain", "canvas", "moodle"), help="whose import reads it")
    one.add_argument("--column", metavar="TITLE", help="the head of the assignment's column there")
    one = command("similar", "say which hand-ins are alike: what to look at, and no verdict", similar)
    one.add_argument("assignment")
    one = command("families", "begin a folder of problems of your own", families, course=False)
    one.add_argument("folder", type=Path)
    one = command("try", "try a folder of problems of your own", attempt, course=False)
    one.add_argument("folder", type=Path)
    one.add_argument("--secrets", type=int, default=5, help="how many secrets to draw by (5)")
    return whole


def main() -> int:
    """Run one command; what is wrong is said in one sentence."""
    from coursework.making import place

    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # nbgrader's jsonschema needs 3 s for it
    given = parser().parse_args()
    warnings.formatwarning = lambda message, *where: f"Note: {message}.\n"
    try:
        with place.private(getattr(given, "course", None)):
            given.function(given)
    except BlockingIOError:
        print("another grader is at work on this course: wait until it has ended", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what has been judged is kept: grade again to go on", file=sys.stderr)
        return 130
    except (ValueError, OSError, RuntimeError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
