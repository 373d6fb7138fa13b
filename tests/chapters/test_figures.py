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


def test_every_figure_has_a_name_and_a_caption(chapter):
    for cell, _ in images(chapter):
        figure = cell["metadata"]["mystnb"]["figure"]
        assert set(figure) == {"name", "caption"}
        assert re.fullmatch(r"fig-[a-z]+(-[a-z0-9]+)+", figure["name"]), figure
        assert figure["name"].split("-")[1] == chapter.labels[0].split("-")[1], "a figure is named as its equations are"
        assert len(figure["caption"].split()) >= 12, figure
        assert figure["caption"].endswith("."), figure
        assert figure["caption"] not in cell["metadata"]["mystnb"]["image"]["alt"], "a caption is no second alt text"


def test_names_of_figures_are_unique_and_references_resolve(chapters):
    names = [c["metadata"]["mystnb"]["figure"]["name"] for chapter in chapters for c, _ in images(chapter)]
    assert len(set(names)) == len(names)
    for chapter in chapters:
        assert set(re.findall(r"\{numref\}`(?:[^`<]*<)?([^`>]+)>?`", chapter.text)) <= set(names), chapter.name


def test_captions_say_no_number_that_the_chapter_does_not(chapter):
    """A caption is typed, so what it says stands in the text or the code too."""
    said = set(re.findall(r"\d+(?:\.\d+)?", chapter.text + chapter.code))
    for cell, _ in images(chapter):
        caption = cell["metadata"]["mystnb"]["figure"]["caption"]
        assert set(re.findall(r"\d+(?:\.\d+)?", caption)) <= said, caption
