"""What stands in the notebook, and which files are handed in."""

import json
import os

from kind import Kind, changed, code, notebook_file, raw, solved


def unicode_name(folder, notebook, right, name):
    notebook_file(folder, solved(notebook, right), f"Lösung – {name} ✓")


def link(folder, notebook, right, name):
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").symlink_to(folder.parents[2] / "gradebook.db")


def pipe(folder, notebook, right, name):
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{name}.ipynb")


def nothing(folder, notebook, right, name):
    folder.mkdir(parents=True)


def folder_instead(folder, notebook, right, name):
    (folder / f"{name}.ipynb").mkdir(parents=True)


def other_chapter(folder, notebook, right, name):
    cells = [code("def something_else(x):\n    return x")]
    notebook_file(folder, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, name)


def blank_with_edited_tests(folder, notebook, right, name):
    edit_tests(notebook)
    notebook_file(folder, notebook, name)


def delete_tests(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]


def edit_tests(notebook):
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("check("):
            cell["source"] = "print('all right')"


def duplicate(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]


def wrong_kernel(notebook):
    notebook["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}


def no_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def other_types(notebook):
    """Solutions that have become text, as one key in Jupyter does it; nbgrader makes them code again."""
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["solution"] and cell["cell_type"] == "code":
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]


def odd_cells(notebook):
    """Cells, ids and sources of types that no notebook has."""
    own = code("x = 1")
    odd = [None, 3, [], {}, own | {"source": None}, own | {"source": [1, None, ["x"]]}, own | {"metadata": [1]}]
    odd += [own | {"id": odd_id} for odd_id in ({"a": 1}, ["x"], 3.5, None, '"><script>alert(1)</script>', "i" * 10**5)]
    odd += [own | {"metadata": {"nbgrader": odd_id}} for odd_id in ([], "x", {"grade_id": ["x"]}, {"grade_id": {}})]
    odd += [own | {"outputs": [None, 3, {"data": 3}, {"output_type": ["x"]}]}, own | {"cell_type": ["code"]}]
    notebook["cells"] = [*odd, *notebook["cells"], *odd]


def deep_metadata(notebook):
    deep = []
    for _ in range(300):
        deep = [deep]
    for cell in notebook["cells"]:
        cell["metadata"]["deep"] = deep


def half_a_character(notebook):
    notebook["cells"].insert(0, code("x = '\ud800'  # half a character"))


def windows(notebook):
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


def named(*names):
    """A right notebook under other names."""

    def build(folder, notebook, right, name):
        for one in names:
            notebook_file(folder, solved(notebook, right), *(one(name) if callable(one) else one))

    return build


def beside(other, data):
    """A right notebook, and a file beside it."""

    def build(folder, notebook, right, name):
        notebook_file(folder, solved(notebook, right), name)
        (folder / other.replace("NAME", name)).write_bytes(data)

    return build


def old_format(folder, notebook, right, name):
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "input": cell["source"],
            "outputs": [],
            "metadata": cell["metadata"],
        }
        for cell in solved(notebook, right)["cells"]
        if cell["cell_type"] == "code"
    ]
    old = {"worksheets": [{"cells": cells, "metadata": {}}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    notebook_file(folder, old, name)


def two_versions(folder, notebook, right, name):
    """The released one under its name, and the work under the name that a browser gives to a second download."""
    notebook_file(folder, notebook, name)
    notebook_file(folder, solved(notebook, right), f"{name} (1)")


def encoded(encoding):
    def build(folder, notebook, right, name):
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(json.dumps(solved(notebook, right)).encode(encoding))

    return build


KINDS = [
    Kind("deleted-tests", changed(delete_tests), "all"),
    Kind("edited-tests", changed(edit_tests), "all"),
    Kind("edited-tests-and-blank", blank_with_edited_tests, "none"),
    Kind("duplicated-ids", changed(duplicate), "all"),
    Kind("reordered-cells", changed(lambda notebook: notebook["cells"].reverse()), "all"),
    Kind("no-metadata", changed(no_metadata), "all"),
    Kind("wrong-kernel", changed(wrong_kernel), "all"),
    Kind("text-for-code", changed(other_types), "all"),
    Kind("odd-cells", changed(odd_cells), "all"),
    Kind("deep-metadata", changed(deep_metadata), "all"),
    Kind("half-a-character", changed(half_a_character), "all"),
    Kind("lines-of-windows", changed(windows), "all"),
    Kind("not-json", raw(b"this is no notebook"), "none"),
    Kind("deep-json", raw(b'{"cells":' + b"[" * 100_000), "none"),
    Kind("long-number", raw(b'{"cells": [' + b"9" * 100_000 + b"]}"), "none"),
    Kind("list-instead", raw(b"[1, 2, 3]"), "none"),
    Kind("empty-file", raw(b""), "none"),
    Kind("huge-file", raw(b" " * (21 << 20)), "none"),
    Kind("binary", raw(bytes(range(256)) * 100), "none"),
    Kind("byte-order-mark", encoded("utf-8-sig"), "all"),
    Kind("two-bytes-a-character", encoded("utf-16"), "all"),
    Kind("another-chapter", other_chapter, "none"),
    Kind("old-format", old_format, "all"),
    Kind("unicode-file-name", unicode_name, "all"),
    Kind("shouted-ending", named(lambda name: (name, ".IPYNB")), "all"),
    Kind("file-of-macos", beside("._NAME.ipynb", b"\0\5\26\7\0\2\0\0Mac OS X"), "all"),
    Kind("file-of-macos-alone", lambda f, n, r, name: raw(b"\0\5\26\7")(f, n, r, f"._{name}"), "none", says="notebook"),
    Kind("two-versions", two_versions, "all", says="2 notebooks"),
    Kind("two-other-names", named(("mine", ".ipynb"), ("mine-final", ".ipynb")), "all", says="2 notebooks"),
    Kind("unreadable-time", beside("timestamp.txt", b"\xff\0 yesterday"), "all", says="time"),
    Kind("time-without-end", beside("timestamp.txt", b"2026-11-24 08:30:00 " + b"9" * 10**6), "all", says="time"),
    Kind("symbolic-link", link, "none"),
    Kind("named-pipe", pipe, "none"),
    Kind("folder-for-a-notebook", folder_instead, "none"),
    Kind("no-file", nothing, "none"),
]
