"""The notebook with marks: what was handed in stands where it was, and only a check has a result."""

import json
import re
import time
from html import unescape

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from coursework.making.course import CONFIG, Course
from coursework.showing.feedback import SCHEME, judged, schemes, written


@pytest.fixture
def own_course(tmp_path):
    """A course as far as its feedback is concerned: its secret and what nbgrader reads."""
    (tmp_path / "secret").write_text("a secret of the tests\n")
    (tmp_path / "nbgrader_config.py").write_text(CONFIG)
    return Course(tmp_path)


def released_cell(name, kind, *, grade=False, solution=False):
    ours = {"grade_id": name, "grade": grade, "solution": solution, "locked": not solution, "schema_version": 3}
    ours |= {"points": 5} if grade else {}
    cell = {"cell_type": kind, "id": name, "metadata": {"nbgrader": ours}, "source": f"released {name}"}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def released():
    cells = [
        released_cell("about", "markdown"),
        released_cell("f", "code", solution=True),
        released_cell("check-f", "code", grade=True),
        released_cell("check-g", "code", grade=True),
        released_cell("end", "markdown", grade=True, solution=True),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def own(name, source, kind="code", outputs=()):
    return {"id": name, "kind": kind, "source": source, "outputs": list(outputs)}


PICTURE = {
    "output_type": "display_data",
    "metadata": {},
    "data": {
        "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    },
}
RECORD = {
    "reason": "f (a): no",
    "notes": ["code cell 1: NameError"],
    "marks": [
        {
            "name": "f",
            "points": 2,
            "largest": 5,
            "parts": [
                {"name": "a", "points": 0, "largest": 3, "why": "no"},
                {"name": "b", "points": 2, "largest": 2, "why": "right"},
            ],
        }
    ],
    "cells": [
        own("", "first of all", "markdown"),
        own("about", "the question, changed", "markdown"),
        own("f", "def f(): pass"),
        own("", "my figure", outputs=[PICTURE]),
        own("f", "def f(): return 1"),
        own("check-f", "print('15')", outputs=[PICTURE]),
        own("end", "I saw it.", "markdown"),
    ],
}


def test_what_was_handed_in_stands_where_it_was():
    notebook = judged(released(), RECORD)
    nbformat.validate(nbformat.from_dict(notebook))
    said = [re.sub("<[^>]*>", "", cell["source"].split("\n")[0]) for cell in notebook["cells"]]
    assert said == [
        "first of all", "released about", "def f(): pass", "my figure", "released check-f", "released check-g",
        "I saw it.", "# What was noticed while grading",
    ]  # fmt: skip
    assert notebook["cells"][2]["source"].endswith("\n\ndef f(): return 1")
    assert notebook["cells"][3]["outputs"] == [PICTURE]
    assert "NameError" in notebook["cells"][-1]["outputs"][0]["text"]


def test_a_text_that_was_left_as_it_is_stays_so():
    """nbgrader knows by it that nothing was written."""
    record = RECORD | {"cells": [own("end", "released end", "markdown")]}
    assert judged(released(), record)["cells"][4]["source"] == "released end"


def test_formulas_of_the_teacher_s_are_set_as_a_student_s_are():
    notebook = released()
    notebook["cells"][0]["source"] = ["The square, $x^2$:\n", "\n", "$$y_t = x_t$$"]
    cells = judged(notebook, RECORD, {"end": "where $x^2$ stands"})["cells"]
    asked, scheme = (cell["source"] for cell in cells if "<math" in cell["source"])
    assert asked.count("<msup>") == scheme.count("<msup>") == 1
    assert asked.count("<math") == 2
    assert "$" not in asked + scheme


def test_a_mark_scheme_stands_before_its_cell():
    cells = judged(released(), RECORD, {"end": "* 1 point: why"})["cells"]
    (place,) = [k for k, cell in enumerate(cells) if cell["metadata"].get(SCHEME)]
    assert "<li><p>1 point: why</p></li>" in unescape(cells[place]["source"])
    assert cells[place + 1]["id"] == "end"
    nbformat.validate(nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def test_the_scheme_is_shown_in_a_course_whose_feedback_leaves_it_out_only(own_course, first):
    (name,) = schemes(own_course, first, "amina")
    assert name == f"{first.experiment.name}-conclusion"
    assert "1 point: the expectation is stated" in schemes(own_course, first, "amina")[name]
    config = own_course.folder / "nbgrader_config.py"
    config.write_text(config.read_text().replace("c.GenerateFeedback.exporter_class", "# c.x"))
    assert schemes(own_course, first, "amina") == {}


def test_very_long_work_is_cut_and_said_so_and_the_conclusion_is_not(tmp_path):
    """20,000 cells, 150 kB of TeX in one of them, and long lines: a page of it must be made in seconds."""
    added = [own("", "\\begin{a}" * 16_000, "markdown"), *[own("", "x = 1" * 5000) for _ in range(20_000)]]
    record = RECORD | {"cells": [*added, own("end", "I saw it.", "markdown")], "notes": ["note " * 500] * 25_000}
    own_pages = {"template_name": "formgrade", "extra_template_basedirs": [handlers.template_path]}
    formgrader = HTMLExporter(config=Config({"HTMLExporter": own_pages}))
    begin = time.process_time()
    notebook = judged(released(), record)
    page, _ = formgrader.from_notebook_node(nbformat.from_dict(notebook), {"index": 0, "total": 1})
    assert time.process_time() - begin < 10
    assert "I saw it." in page
    assert len(notebook["cells"]) < 20
    assert len(json.dumps(notebook)) < 1_000_000
    last = notebook["cells"][-1]["outputs"][0]["text"]
    assert "not all is shown here, though all counts" in last
    assert "19995 cells" in last
    assert "and 24900 more" in last
    assert "I saw it." in next(cell["source"] for cell in notebook["cells"] if cell["id"] == "end")


def test_only_checks_have_results_and_these_are_the_points():
    results = {
        cell["id"]: output["data"]["text/plain"]
        for cell in judged(released(), RECORD)["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "execute_result"
    }
    assert results == {"check-f": "2", "check-g": "0"}
    said = judged(released(), RECORD)["cells"][4]["outputs"][0]["text"]
    assert said == "2 of 5 points\na: 0 of 3, no\nb: 2 of 2, right\n"


def test_a_submission_that_cannot_be_read_gives_its_reason_at_every_check():
    notebook = judged(released(), {"reason": "the file is empty", "notes": [], "marks": [], "cells": []})
    said = [cell["outputs"][0]["text"] for cell in notebook["cells"] if cell["id"].startswith("check-")]
    assert said == ["the file is empty\n"] * 2
    assert [cell["id"] for cell in notebook["cells"]] == ["about", "f", "check-f", "check-g", "end"]


def test_markup_of_a_student_is_shown_and_not_obeyed():
    text = "It **fell**, $a<b$ and $a < b$.\n\n<script>alert(1)</script><img src=x onerror=alert(1)>"
    record = RECORD | {"cells": [own("", text, "markdown"), own("end", text, "markdown"), own("f", "a<b")]}
    sources = {cell["id"]: cell["source"] for cell in judged(released(), record)["cells"]}
    page = HTMLExporter().from_notebook_node(nbformat.from_dict(judged(released(), record)))[0]
    assert sources["f"] == "a<b"
    assert "alert(1)" in page
    assert "<math><mrow><mi>a</mi><mo>&lt;</mo>" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_what_was_written():
    assert written(RECORD, "end") == "I saw it."
    assert written({"cells": [own("end", "Write your answer here.", "markdown")]}, "end") == ""
    assert written(RECORD, "elsewhere") is None


@pytest.mark.parametrize("unit", [" \n", "\t \n", "\n\n "])
def test_blanks_do_not_hold_a_highlighter_up(unit):
    """Fourteen cells of 10,000 blanks held Formgrader up for 103 s: nbconvert highlights on the teacher's server."""
    source = "x = 1" + unit * (9_000 // len(unit)) + "y = 2  \n"
    cells = [own("f", source), *(own("", source) for _ in range(4))]
    shown = judged(released(), RECORD | {"cells": cells})["cells"]
    found = [cell["source"] for cell in shown if cell["source"].startswith("x = 1")]
    assert len(found) == 5
    assert all(line == line.rstrip() for text in found for line in text.split("\n"))
    assert all(text.split("\n")[-2].lstrip() == "y = 2" for text in found)
