"""python -m coursework make|grade|export: a course of a secret, its marks, and a table of them."""

import argparse
import sys
import warnings
from pathlib import Path

from coursework.assignment import PROBLEMS
from coursework.course import Course, make
from coursework.export import export
from coursework.grader import grade
from coursework.sandbox import Limits

TEMPLATES = Path("chapters/assignments")  # of the repository in which the command is given


def main() -> int:
    """Run one command; what is wrong is said in one sentence."""
    parser = argparse.ArgumentParser(prog="python -m coursework", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("make", help="write a course")
    one.add_argument("--secret", required=True)
    one.add_argument("--families", type=Path, help="a folder of your own: NN_topic.ipynb, each with its NN_topic/")
    one.add_argument("--course", type=Path, default=Path("_build/course"))
    two = commands.add_parser("grade", help="grade every submission of an assignment")
    two.add_argument("assignment")
    two.add_argument("--course", type=Path, default=Path("_build/course"))
    two.add_argument("--jobs", type=int, default=2)
    two.add_argument("--seconds", type=float, default=10, help="for a call; four times as many for a run (10)")
    three = commands.add_parser("export", help="write the marks of an assignment as CSV")
    three.add_argument("assignment")
    three.add_argument("file", type=Path)
    three.add_argument("--course", type=Path, default=Path("_build/course"))
    arguments = parser.parse_args()
    warnings.formatwarning = lambda message, *where: f"Note: {message}.\n"
    try:
        if arguments.command == "make":
            own = arguments.families
            course = make(arguments.secret, own or TEMPLATES, arguments.course, own or PROBLEMS)
            print(f"The course is in {course.folder}: hand out release/, collect into submitted/, then grade.")
        elif arguments.command == "grade":
            limits = Limits(seconds=arguments.seconds)
            grade(Course(arguments.course.resolve()), arguments.assignment, jobs=arguments.jobs, limits=limits)
        else:
            export(Course(arguments.course.resolve()), arguments.assignment, arguments.file)
    except BlockingIOError:
        print("another grader is at work on this course", file=sys.stderr)
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
