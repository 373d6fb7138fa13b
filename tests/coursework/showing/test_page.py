"""The page of feedback: marks, what is not marked yet, comments; no mark scheme, no script. test_browser opens one."""

import re

import nbformat
import pytest

from coursework.showing import page
from coursework.showing.feedback import SCHEME
from coursework.showing.markdown import html
from coursework.showing.page import FeedbackPage

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
RESOURCES = {"nbgrader": {"notebook": "a", "assignment": "a", "student": "Ann <b>", "score": 3.5, "max_score": 10.0}}


def graded(name, kind, score, points, **more):
    """The metadata of a cell with a mark, as nbgrader's GetGrades leaves them."""
    ours = {"grade_id": name, "grade": True, "solution": kind == "markdown", "score": score, "points": points}
    return {"metadata": {"nbgrader": ours | more}, "cell_type": kind, "id": name}


def notebook(*cells):
    """A notebook of these cells."""
    made = [{"metadata": {}, "id": f"c{k}", "source": ""} | cell for k, cell in enumerate(cells)]
    for cell in made:
        cell |= {"outputs": cell.get("outputs", []), "execution_count": None} if cell["cell_type"] == "code" else {}
    return nbformat.from_dict({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def written(monkeypatch):
    """Writes the page of these cells; a person has still to mark those that wait."""

    def write(*cells, waits=(), **more):
        monkeypatch.setattr(page, "_waiting", lambda ours: set(waits))
        return FeedbackPage().from_notebook_node(notebook(*cells), {"nbgrader": RESOURCES["nbgrader"] | more})[0]

    return write


def test_marks_and_what_is_not_marked_yet(written):
    check, end = graded("check-f", "code", 3.5, 5), graded("end", "markdown", 0, 5)
    said = written(check, end, waits=["end"])
    assert "Ann &lt;b&gt;: 3.5 of 10 points so far." in said
    assert "end: not yet marked by a person." in said
    assert '<h3 id="check-f">f: 3.5 of 5 points</h3>' in said
    assert '<a href="#check-f">f</a></td><td>3.5 of 5</td>' in said
    assert "<td>0 of 5, not yet marked by a person</td>" in said
    done = written(check, end)
    assert "Ann &lt;b&gt;: 3.5 of 10 points." in done
    assert "not yet" not in done


def test_a_late_penalty_is_said(written):
    assert "2 points have been taken off because it was handed in late" in written(late_penalty=2.0)
    assert "late" not in written(late_penalty=0)


def test_the_mark_scheme_is_left_out(written):
    scheme = {"cell_type": "markdown", "metadata": {SCHEME: True}, "source": "1 point: the reason"}
    said = written(scheme, {"cell_type": "markdown", "source": "the question"})
    assert "the question" in said
    assert "the reason" not in said


def test_texts_that_were_not_cleaned_before_are_cleaned_here(written):
    """A teacher's comment, and whatever may have come into the notebook by another way."""
    attack = "*so* <script>alert(1)</script> [a](javascript:alert(1))"
    forged = html("x").replace("<p>x</p>", "<script>alert(1)</script>")
    cells = [{"cell_type": "markdown", "source": source} for source in (attack, forged, html(attack))]
    said = written(*cells, graded("end", "markdown", 0, 5, comment=attack))
    assert said.count("<em>so</em>") == 3
    assert "<script" not in said
    assert 'href="javascript' not in said
    assert "Content-Security-Policy" in said
    assert "default-src 'none'" in said


def test_code_and_outputs_are_texts_and_pictures(written):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a<b"},
        {"output_type": "display_data", "metadata": {"image/png": {"alt": 'a "fall"'}}, "data": {"image/png": PNG}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": '"><script>', "text/plain": "<Figure>"}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(1)</script>"}},
        {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": {"text/plain": "15"}},
    ]
    said = written({"cell_type": "code", "source": "x <y", "outputs": outputs})
    assert "<pre><code>x &lt;y</code></pre>" in said
    assert "<pre>a&lt;b</pre>" in said
    assert f'<img alt="a &quot;fall&quot;" src="data:image/png;base64,{PNG}">' in said
    assert "<pre>&lt;Figure&gt;</pre>" in said
    assert "<script" not in said
    assert "15" not in re.sub("<style>.*</style>", "", said, flags=re.DOTALL)


def test_letters_stand_for_themselves_on_the_page(written):
    """Whoever looks for a sentence in the file finds it."""
    assert "x_1 = $5; a & b".replace("&", "&amp;") in written(
        {"cell_type": "markdown", "source": html("x\\_1 = \\$5; a & b")}
    )


def test_formulas_are_set_in_the_file(written):
    said = written({"cell_type": "markdown", "source": "It is $x^2$."})
    assert "<math><mrow><msup><mi>x</mi><mrow><mn>2</mn></mrow></msup></mrow></math>" in said
