"""A kind of submission, and the pieces of which kinds are made."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of submission. `build` writes it into a folder, from the released notebook and the right sources.

    `mark` is "all", "none", or "some" (anything between, for code that may or may not get that far). `says` must stand
    in the reason or a note of the record, `never` nowhere in it. `student` is the name of the folder; left out, whoever
    hands it in chooses one.
    """

    name: str
    build: Callable[[Path, dict[str, Any], dict[str, str], str], None]
    mark: str
    says: str = ""
    never: str = ""
    student: str = ""

    def trouble(self, record):
        """What a record has that it must not have; None if it is as it must be."""
        share = record["points"] / record["largest"]
        if not {"all": share == 1, "none": share == 0, "some": 0 <= share <= 1}[self.mark]:
            return f"{record['points']} of {record['largest']} points, for one that deserves {self.mark}"
        if not record["reason"] or record["reason"].startswith("grading failed"):
            return f"the reason is {record['reason']!r}"
        if share < 1 and record["reason"] == "all right":
            return "a reason that belies the mark"
        if self.says and not any(self.says in said for said in (record["reason"], *record["notes"])):
            return f"{self.says!r} is not said"
        if self.never and self.never in json.dumps([record["marks"], record["reason"], record["notes"]]):
            return f"{self.never!r} is said"
        return None


def notebook_file(folder, notebook, name, ending=".ipynb"):
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False)
    (folder / f"{name}{ending}").write_bytes(text.encode("utf8", "surrogatepass"))


def solved(notebook, sources):
    """The released notebook with these sources in the solution cells."""
    notebook = json.loads(json.dumps(notebook))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell["source"] = sources[name]
    return notebook


def code(source):
    return {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def text(source, **more):
    return {"cell_type": "markdown", "id": "own-text", "metadata": {}, "source": source, **more}


def with_code(source, *, first=True, mark="all"):
    """A right notebook with a cell of one's own."""

    def build(folder, notebook, right, name):
        made = solved(notebook, right)
        made["cells"].insert(0 if first else len(made["cells"]), code(source))
        notebook_file(folder, made, name)

    return build, mark


def before_each(source, mark="all"):
    """A right notebook in which this stands above each solution, in its cell."""

    def build(folder, notebook, right, name):
        notebook_file(folder, solved(notebook, {problem: source + "\n" + right[problem] for problem in right}), name)

    return build, mark


SPOIL = """
if found:
    for name in [name for name, value in list(globals().items()) if getattr(value, "__module__", "") == "__main__"]:
        globals()[name] = None
"""


def harmless(source):
    """A right notebook that spoils its own answers if `found` is true at the end of a cell."""
    return with_code(source + SPOIL, first=False)


def changed(change):
    """A right notebook, changed as a whole."""

    def build(folder, notebook, right, name):
        made = solved(notebook, right)
        change(made)
        notebook_file(folder, made, name)

    return build


def instead(body, mark="none"):
    """Every function has this body."""

    def build(folder, notebook, right, name):
        sources = {problem: f"def {problem}(*arguments):\n" + body for problem in right}
        notebook_file(folder, solved(notebook, sources), name)

    return build, mark


def raw(data):
    def build(folder, notebook, right, name):
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(data)

    return build
