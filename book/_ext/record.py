"""Pages that are made from book/chapters.yml and from what the notebooks printed, when the site is built.

{chapter-needs}   what each chapter needs and gives, for teachers
{chapter-weeks}   a plan of two weeks per chapter that is ready
{course-plan}     a plan of the whole book: the numbers of a week's chapters on each line
{wrong-answers}   the wrong answers that each graded problem knows
{hypotheses}      hypotheses of our own that did not hold, or were not decided
{api}             the public names of a package; {api-overview} the pages of all packages
"""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {  # what the record of a chapter holds; all but the title when its notebook is there
    "title": str,
    "file": str,
    "question": str,
    "needs": str,
    "gives": str,
    "weeks": list,
    "cpu": int,
    "assignment": int,
    "claims": dict,
}
WORDS_A_MINUTE = 220
CLAIM = re.compile(r"^⚖ (\S+): (.+)\n((?:  .+\n?)+)", re.M)
ARM = re.compile(r"^  (supported|refuted|undecided): (.+?)\. (.+)$", re.M)
HYPOTHESIS = re.compile(r"^◇ (.+): (held|did not hold|undecided)\n  (.+)$", re.M)


def records(path=ROOT / "book/chapters.yml"):
    """The parts of the book, checked: each chapter has a title, and all of the rest if it has a file."""
    parts = yaml.safe_load(path.read_text(encoding="utf8"))
    for part in parts:
        for chapter in part["chapters"]:
            name = chapter.get("title", chapter)
            unknown, missing = set(chapter) - set(FIELDS), set(FIELDS) - set(chapter)
            if unknown:
                raise ValueError(f"{path.name}: {name!r} has fields that nobody reads: {', '.join(sorted(unknown))}")
            if "title" not in chapter or ("file" in chapter and missing):
                raise ValueError(f"{path.name}: {name!r} lacks {', '.join(sorted(missing))}")
            for field, value in chapter.items():
                if not isinstance(value, FIELDS[field]) or (not value and value != {}):  # no claim is no fault
                    kind = {str: "a text", int: "a number", list: "a list", dict: "a table"}[FIELDS[field]]
                    raise ValueError(f"{path.name}: {field} of {name!r} must be {kind}, got {value!r}")
            if "weeks" in chapter and len(chapter["weeks"]) != 2:
                raise ValueError(f"{path.name}: weeks of {name!r} must be two, got {chapter['weeks']!r}")
    return parts


def chapters(parts=None):
    """(number, record) of every chapter whose notebook is there, in order."""
    everything = [chapter for part in parts or records() for chapter in part["chapters"]]
    return [(i, chapter) for i, chapter in enumerate(everything, 1) if "file" in chapter]


def linked(number, chapter):
    """Number and title of a chapter, a link if it is ready."""
    title = f"{number} {chapter['title']}"
    return f"[{title}](../chapters/{chapter['file']}.ipynb)" if "file" in chapter else title


def cells(name):
    """The cells of a committed notebook."""
    return json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf8"))["cells"]


def printed(name):
    """Everything that a committed notebook printed."""
    outputs = (output for cell in cells(name) for output in cell.get("outputs", []))
    return "".join("".join(output["text"]) for output in outputs if output.get("name") == "stdout")


def reading_minutes(notebook):
    """How long a chapter takes to read: its words, and a minute for each cell of code that is open; rounded to 5."""
    minutes = 0.0
    for cell in notebook:
        if cell["cell_type"] == "markdown":
            open_text = re.sub(r"^:::\{dropdown\}.*?^:::$", "", "".join(cell["source"]), flags=re.S | re.M)
            minutes += len(open_text.split()) / WORDS_A_MINUTE
        elif cell["cell_type"] == "code":
            minutes += not {"hide-input", "remove-cell"} & set(cell["metadata"].get("tags", []))
    return 5 * round(minutes / 5)


def verdicts(text):
    """id -> (verdict, arms), each arm its outcome, its condition and its measures."""
    return {id: (verdict, ARM.findall(arms)) for id, verdict, arms in CLAIM.findall(text)}


def coursework():
    """The files of the families and of the assignments."""
    return [*(ROOT / "coursework").rglob("*.py"), *(ROOT / "chapters/assignments").glob("*.ipynb")]


def assignments():
    """The assignments, in their order."""
    return importlib.import_module("coursework.making.assignment").assignments(ROOT / "chapters/assignments")


class Made(SphinxDirective):
    """A directive whose Markdown is made by `lines`, out of the files that `sources` names."""

    def sources(self):
        """The record and the notebooks."""
        return [ROOT / "book/chapters.yml", *(ROOT / f"chapters/{c['file']}.ipynb" for _, c in chapters())]

    def noted(self):
        """Tell Sphinx what this page is made of."""
        for path in self.sources():
            self.env.note_dependency(str(path))

    def run(self):
        """Parse the lines as if they stood on the page."""
        self.noted()
        node = nodes.container()
        self.state.nested_parse(StringList("\n".join(self.lines()).split("\n"), self.name), 0, node)
        return node.children


class Needs(Made):
    """What each chapter needs and gives."""

    def sources(self):
        """The record and the notebooks, and what the assignments ask."""
        return [*super().sources(), *coursework()]

    def lines(self):
        """A table, one row per chapter that is ready."""
        yield "| chapter | needs | gives | to read | CPU to run | assignment |\n|---|---|---|---|---|---|"
        by_machine = {each.name: sum(p.points for p in each.problems) for each in assignments()}
        by_hand = {each.name: each.experiment.points for each in assignments()}
        for number, c in chapters():
            points = f"{by_machine[c['file']]} + {by_hand[c['file']]} points"
            times = f"{reading_minutes(cells(c['file']))} minutes | {c['cpu']} s | {c['assignment']} minutes, {points}"
            yield f"| {linked(number, c)} | {c['needs']} | {c['gives']} | {times} |"


class Weeks(Made):
    """Two weeks per chapter."""

    def lines(self):
        """A table, one row per week. An assignment goes out in the second week of its chapter, in a week later."""
        yield "| week | lecture and class | assignment |\n|---|---|---|"
        before, week = None, 0
        for number, c in chapters():
            for topic, out in zip(c["weeks"], (False, True), strict=True):
                week += 1
                handed = f"{number} out" if out else f"{before} in" if before else ""
                yield f"| {week} | chapter {number}: {topic} | {handed} |"
            before = number
        yield f"| {week + 1} | feedback on the conclusions | {before} in |"


class Plan(Made):
    """The whole book in as many weeks as the directive has lines."""

    has_content = True

    def lines(self):
        """A table, one row per week; numbers become titles, other words stay as they are."""
        titles = dict(enumerate((c for part in records() for c in part["chapters"]), 1))
        yield "| week | chapters |\n|---|---|"
        for week, line in enumerate(self.content, 1):
            said = re.sub(r"\d+", lambda found: linked(int(found[0]), titles[int(found[0])]), line)
            yield f"| {week} | {said} |"


class WrongAnswers(Made):
    """What the graded problems have been tried against."""

    def sources(self):
        """The families and the assignments."""
        return coursework()

    def lines(self):
        """A table, one row per problem."""
        yield "| assignment | problem | wrong answers known |\n|---|---|---|"
        for assignment in assignments():
            for problem in assignment.problems:
                known = len(problem.wrongs(problem.variant("any")))
                yield f"| {assignment.name} | `{problem.name}` | {known} |"


class Hypotheses(Made):
    """Hypotheses that did not hold."""

    def lines(self):
        """A list, by chapter."""
        for number, c in chapters():
            failed = [row for row in HYPOTHESIS.findall(printed(c["file"])) if row[1] != "held"]
            if failed:
                yield f"**[Chapter {number}](../chapters/{c['file']}.ipynb)**\n"
                yield from (f"* {text}: **{outcome}**. {measures}." for text, outcome, measures in failed)
                yield ""


class Overview(Made):
    """Every page of the API, and what is in it."""

    def sources(self):
        """The pages."""
        return sorted((ROOT / "book/api").glob("*.md"))

    def lines(self):
        """A list; below a package its modules, each with the first line of its docstring."""
        for page in self.sources():
            package = re.search(r"^```\{api\} (\S+)$", page.read_text(encoding="utf8"), flags=re.M)[1]
            modules = [name for name, _ in modules_of(package)]
            for name in modules:
                said = (importlib.import_module(name).__doc__ or "").partition("\n")[0]
                said = re.sub(r"([_*<$])", r"\\\1", said)
                yield f"{'    ' * (name != package)}* {{py:mod}}`{name}`: {said}"


def modules_of(package):
    """(name, whether it is a package) of a package and of every module in it."""
    found = importlib.import_module(package)
    inside = pkgutil.walk_packages(getattr(found, "__path__", []), f"{package}.")
    modules = [(module.name, module.ispkg) for module in inside if not module.name.endswith("__main__")]
    return [(package, hasattr(found, "__path__")), *modules]


class Api(Made):
    """The public names of a package and of every module in it."""

    required_arguments = 1

    def lines(self):
        """An automodule for each; of a package only its own text, for its names are those of its modules."""
        for name, is_package in modules_of(self.arguments[0]):
            members = "" if is_package else "   :members:\n"
            yield f"```{{eval-rst}}\n.. automodule:: {name}\n{members}```\n"


def setup(app):
    """Register with Sphinx."""
    app.add_directive("chapter-needs", Needs)
    app.add_directive("chapter-weeks", Weeks)
    app.add_directive("course-plan", Plan)
    app.add_directive("wrong-answers", WrongAnswers)
    app.add_directive("hypotheses", Hypotheses)
    app.add_directive("api", Api)
    app.add_directive("api-overview", Overview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
