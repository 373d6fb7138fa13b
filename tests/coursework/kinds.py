"""A class of students: right, half right, blank, hostile and broken submissions, each bounded by itself as well."""

import kinds_answers
import kinds_code
import kinds_hogs
import kinds_ipython
import kinds_notebooks
import kinds_pages
from kind import Kind, changed, code, notebook_file, solved


def half(folder, notebook, right, name):
    first = next(iter(right))
    notebook_file(folder, solved(notebook, {first: right[first]}), name)


def worked_through(notebook):
    """As an honest student leaves it: an experiment that takes long, cells of one's own, outputs, a conclusion."""
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["solution"] and not "".join(cell["source"]).startswith(("def ", "import ")):
            text = cell["cell_type"] == "markdown"
            cell["source"] = "I saw a fall." if text else "import time\ntime.sleep(1000)"
            cell |= {} if text else {"outputs": [{"output_type": "stream", "name": "stdout", "text": "my figure\n"}]}
    notebook["cells"].insert(3, code("tried = sum(range(10))"))


# The first four are usual students; the others come once in a class.
USUAL = 4
EVERY = [
    Kind("right", changed(lambda notebook: None), "all"),
    Kind("half-right", half, "some"),
    Kind("blank", lambda folder, notebook, right, name: notebook_file(folder, notebook, name), "none"),
    Kind("worked-through", changed(worked_through), "all"),
    *kinds_code.KINDS,
    *kinds_hogs.KINDS,
    *kinds_answers.KINDS,
    *kinds_ipython.KINDS,
    *kinds_notebooks.KINDS,
    *kinds_pages.KINDS,
]
HOGS = kinds_hogs.HOGS
LATER: dict[str, str] = {}  # kinds that do not come out as they must yet -> who mends it
KINDS = [kind for kind in EVERY if kind.name not in LATER]


def hand_in(course, assignment, kind, student, port):
    """Write one submission where nbgrader collects it; return the name of its folder."""
    student = kind.student or student
    right = {p.name: p.solutions(p.variant(course.secret_of(student)))[1] for p in assignment.problems}
    folder = course.folder / "submitted" / student / assignment.name
    kind.build(folder, course.released(assignment.name, student), right, assignment.name)
    for path in folder.glob("*.ipynb"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 20:
            path.write_bytes(path.read_bytes().replace(b"PORT", str(port).encode()))
    return student
