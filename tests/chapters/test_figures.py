"""Every figure has an alternative text that says what it shows."""

import ast
import re

FEWEST_FIGURES = 6


def images(chapter):
    """(cell, output) of every figure."""
    return [
        (cell, output)
        for cell in chapter.code_cells
        for output in cell["outputs"]
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]


def test_six_figures_and_one_that_moves(chapter):
    found = images(chapter)
    assert len(found) >= FEWEST_FIGURES
    moving = [output for _, output in found if "seq-frames" in "".join(output["data"].get("text/html", ""))]
    assert moving


def test_alternative_text_is_where_the_site_reads_it(chapter):
    for cell, output in images(chapter):
        written = output["metadata"]["image/png"]["alt"]
        assert cell["metadata"]["mystnb"]["image"]["alt"] == written
        assert len(written) >= 40, written
        assert len(written.split()) >= 8, written
        assert not re.search(r"\.png|\.svg|\$", written), written


def test_frames_have_alternative_texts_of_their_own(chapter):
    for _, output in images(chapter):
        html = "".join(output["data"].get("text/html", ""))
        alts = re.findall(r'<img[^>]* alt="([^"]*)"', html)
        assert len(alts) == html.count("<img")
        assert len(set(alts)) == len(alts), "two frames say the same"


CHARTS = {"curves", "points", "heatmap", "spectrum"}


def test_alternative_text_of_a_chart_is_computed(chapter):
    """A typed text goes stale when the data change: it is left to the chart, or formatted from what is plotted."""
    for call in ast.walk(ast.parse(chapter.code)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in CHARTS:
            for keyword in call.keywords:
                typed = keyword.arg == "alt" and isinstance(keyword.value, ast.Constant)
                assert not typed, f"line of alt={ast.unparse(keyword.value)[:60]}"
