"""What holds of every family of problems: the laws by which those of the book are tried, for a folder of your own."""

from __future__ import annotations

import copy
import itertools
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coursework.making.assignment import PLACE, Assignment, assignments
from coursework.making.course import make
from coursework.problem import Part, Problem, run_source, verdict

__all__ = ["broken", "tried"]

FEWEST = 6  # usual mistakes that a problem knows
EACH = 8  # secrets whose answers are tried on each other's questions
TELLING = 20  # characters of a line that can stand in a question only by being copied
LOW = """
def _low(v):
    if isinstance(v, (list, tuple)): return type(v)(_low(x) for x in v)
    if isinstance(v, (float, np.floating)): return np.float32(v)
    return v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype.kind == 'f' else v
_exact = {0}
def {0}(*arguments):
    return _low(_exact(*(_low(a) for a in arguments)))
"""


def tried(folder: Path, secrets: int = 5, say: Callable[[str], None] = print) -> None:
    """Try every assignment of a folder over some secrets, and make a course of it that is thrown away.

    The sources are run in this process: they are the teacher's own.

    Raises:  ValueError with every law that is broken, one a line
    """
    drawn_by = [f"secret {k} of a trial" for k in range(secrets)]
    found, said = assignments(folder, folder), []
    if not found:
        raise FileNotFoundError(f"{folder} has no assignments, NN_topic.ipynb: `families` begins such a folder")
    for assignment in found:
        said += [f"{assignment.name}: {law}" for law in _of_the_notebook(assignment, drawn_by[0])]
        for problem in assignment.problems:
            laws = list(broken(problem, drawn_by))
            wrongs = len(problem.wrongs(problem.variant(drawn_by[0])))
            state = "not right yet" if laws else "all judged rightly"
            say(f"{problem.name}: {len(problem.right)} right answers and {wrongs} wrong ones, {state}")
            said += [f"{problem.name}: {law}" for law in laws]
    if not said:
        with tempfile.TemporaryDirectory() as place:
            course = make(drawn_by[0], folder, Path(place) / "course", folder)
            said += [law for assignment in found for law in _of_the_release(assignment, course.secret, course.folder)]
    if said:
        raise ValueError("\n".join(dict.fromkeys(said)))
    say(f"All is well, over {secrets} secrets. Make a course of it: make course FAMILIES={folder}")


def broken(problem: Problem, secrets: list[str]) -> Iterator[str]:
    """The laws that a problem breaks, each in a sentence that says where."""
    for secret in secrets:
        variant = problem.variant(secret)
        sources, wrongs = problem.solutions(variant), problem.wrongs(variant)
        if len(set(sources)) < 2:
            yield "`right` must hold two right answers that are written differently"
        if "### BEGIN SOLUTION" not in sources[0]:
            yield "the first of `right` must mark what students do not get, by ### BEGIN SOLUTION and ### END SOLUTION"
        if len({wrong.label for wrong in wrongs}) < FEWEST:
            yield f"`known` must hold {FEWEST} usual mistakes or more with labels of their own, got {len(wrongs)}"
        for purpose, part in itertools.product(("visible", "hidden"), problem.parts):
            yield from _of_a_part(problem, secret, purpose, part, wrongs)
    for one, other in itertools.combinations(secrets[:EACH], 2):
        yield from _of_two_secrets(problem, one, other)


def _of_a_part(problem: Problem, secret: str, purpose: str, part: Part, wrongs: list[Any]) -> Iterator[str]:
    calls, expected = problem.cases(secret, part.name, purpose), problem.expected(secret, part.name, purpose)
    mistakes = problem.mistakes(secret, part.name, purpose)
    where = f"in {part.name!r}, {purpose}, {secret!r}"

    def said(source: str) -> tuple[bool, str]:
        return verdict(expected, run_source(source, problem.name, copy.deepcopy(calls)), mistakes)

    for k, source in enumerate(problem.solutions(problem.variant(secret))):
        for source_of, how in ((source, ""), (source + LOW.format(problem.name), " with float32 numbers")):
            right, why = said(source_of)
            if not right:
                yield f"right answer {k + 1}{how} gets nothing {where}: {why}"
    for wrong in wrongs:
        right, why = said(wrong.source)
        if part.name not in wrong.fails and not right:
            yield f"the mistake {wrong.label!r} gets nothing {where}, and should get the points: {why}"
        if part.name in wrong.fails and right:
            yield f"the mistake {wrong.label!r} gets the points {where}: name the parts that it fails by `only`"
        if part.name in wrong.fails and not right and why != wrong.message:
            yield f"the mistake {wrong.label!r} is told {why!r} {where}: another mistake answers the same"
    if purpose == "hidden" and repr(calls) == repr(problem.cases(secret, part.name, "visible")):
        yield f"the hidden calls are the visible ones {where}: `case` must draw by rng"


def _of_two_secrets(problem: Problem, one: str, other: str) -> Iterator[str]:
    if problem.text(problem.variant(one)) == problem.text(problem.variant(other)):
        yield f"{one!r} and {other!r} ask the same: draw more forms or constants, and say them in `says`"
        return
    for told, asked in ((one, other), (other, one)):
        source = problem.solutions(problem.variant(told))[0]
        for part in problem.parts:
            answers = run_source(source, problem.name, problem.cases(asked, part.name, "hidden"))
            if verdict(problem.expected(asked, part.name, "hidden"), answers, [])[0]:
                yield f"the answer to {told!r} is right for {asked!r} in {part.name!r}: what is drawn must matter there"


def _of_the_notebook(assignment: Assignment, secret: str) -> Iterator[str]:
    notebook = json.loads(assignment.template.read_text(encoding="utf8"))["cells"]
    asked = {place for cell in notebook for place in PLACE.findall("".join(cell["source"]))}
    families = [*assignment.problems, assignment.experiment]
    for family in families:
        known = set(family.text(family.variant(secret))) | {"points", "solution"}
        called = {key for name, key in asked if name == family.name}
        for key in sorted(called - known):
            yield f"the notebook calls «{family.name}.{key}», which `says` does not hold"
        for key in sorted(known - called - {"points", "solution"}):
            yield f"the notebook does not call «{family.name}.{key}»: what is drawn must stand in the question"
    for name in sorted({name for name, _ in asked} - {family.name for family in families} - {"points"}):
        yield f"the notebook calls «{name}.…», and there is no family {name}"
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook}
    for problem in assignment.problems:
        if f"check-{problem.name}" not in cells:
            yield f"the notebook has no cell check-{problem.name}"
        for part in problem.parts:
            about = "".join(cells.get(f"about-{problem.name}", {"source": ""})["source"])
            if f"*{part.name}* ({part.points} point" not in about:
                yield f"the question must say *{part.name}* ({part.points} points) in the cell about-{problem.name}"
    if f"{assignment.experiment.name}-conclusion" not in cells:
        yield f"the notebook has no cell {assignment.experiment.name}-conclusion for what a person marks"


def _of_the_release(assignment: Assignment, secret: str, course: Path) -> Iterator[str]:
    path = course / "release" / assignment.name / f"{assignment.name}.ipynb"
    released = "".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf8"))["cells"])
    for problem in assignment.problems:
        solution = problem.solutions(problem.variant(secret))[0].split("### BEGIN SOLUTION")[1]
        for line in filter(lambda line: len(line) >= TELLING, map(str.strip, solution.splitlines())):
            if line in released:
                yield f"{problem.name}: {line!r} of the solution stands in what students get"
    for word in ("SOLUTION", "MARK SCHEME", "«"):
        if word in released:
            yield f"{assignment.name}: {word} stands in what students get"
