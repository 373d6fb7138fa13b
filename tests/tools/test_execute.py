"""tools/execute.py, which holds `make chapters`: what it changes, and what it must not."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def execute():
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("execute", ROOT / "tools/execute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PICTURE = """\
from seqlib.plotting import Picture, canvas
figure, axes = canvas()
axes.plot([0, {height}])
Picture(figure, "A line that goes up from nothing.")"""
JITTER = "import time\n" + PICTURE.format(height="1 + 1e-3 * (time.time_ns() % 997) / 997")


def write(path, *cells, tags=()):
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)]
    made[-1].metadata["tags"] = list(tags)
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=made)))
    return path


def test_a_second_run_keeps_every_byte(execute, tmp_path):
    path = write(tmp_path / "a.ipynb", "print('one'); print('two')", PICTURE.format(height=1))
    assert execute.execute(path)
    first = path.read_bytes()
    assert not execute.execute(path)
    assert path.read_bytes() == first
    notebook = nbformat.reads(first.decode(), as_version=4)
    assert notebook.cells[1].metadata["mystnb"]["image"]["alt"] == "A line that goes up from nothing."
    assert [output.text for output in notebook.cells[0].outputs] == ["one\ntwo\n"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_notebook_that_fails_stays_as_it_was(execute, tmp_path):
    path = write(tmp_path / "a.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(execute.CellExecutionError):
        execute.execute(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_of_times_is_kept_until_it_or_its_code_changes(execute, tmp_path):
    path = write(tmp_path / "a.ipynb", "scale = 1", JITTER, tags=["timing"])
    assert execute.execute(path)
    assert not execute.execute(path)
    before = path.read_text()
    path.write_text(before.replace("scale = 1", "scale = 2"))
    assert execute.execute(path)
    after = nbformat.read(path, as_version=4).cells[1].outputs
    assert after != nbformat.reads(before, as_version=4).cells[1].outputs


def test_a_picture_without_the_tag_is_drawn_anew(execute, tmp_path):
    path = write(tmp_path / "a.ipynb", "import time", JITTER.replace("1e-3", "0.5"))
    assert execute.execute(path)
    assert execute.execute(path)


def test_tags_prompt_and_caption_of_a_cell_stay(execute, tmp_path):
    path = write(tmp_path / "a.ipynb", PICTURE.format(height=1), tags=["hide-input"])
    notebook = nbformat.read(path, as_version=4)
    written = {"code_prompt_show": "Show the plot", "figure": {"caption": "A line.", "name": "fig-a-line"}}
    notebook.cells[0].metadata |= {"mystnb": written | {"text_wrap": True}, "collapsed": True}
    nbformat.write(notebook, path)
    assert execute.execute(path)
    metadata = nbformat.read(path, as_version=4).cells[0].metadata
    image = {"alt": "A line that goes up from nothing."}
    assert metadata == {"tags": ["hide-input"], "mystnb": written | {"image": image}}
