"""tools/execute.py, which holds `make chapters`: what it changes, and what it must not."""

import importlib.util
import os
import subprocess
import sys
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


PROGRAM = '#!/bin/sh\necho "$(basename "$0") $*" >> "$SAID"\nmkdir -p "$BOOK/chapters"\n'
IN_COLAB = "import os, sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')"


@pytest.mark.parametrize("colab", [True, False])
def test_in_colab_the_first_cell_fetches_the_book_once_and_goes_to_its_chapters(execute, tmp_path, colab):
    """Run twice as IPython runs it, with programs that only say how they were called."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A chapter")])
    execute.put_colab_cell(notebook)
    execute.put_colab_cell(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code"]
    source = notebook.cells[1].source.replace("/content/book", str(tmp_path / "book"))
    source = source.replace("%pip", "!pip")
    for program in ("git", "pip"):
        (tmp_path / program).write_text(PROGRAM)
        (tmp_path / program).chmod(0o755)
    script = tmp_path / "colab.ipy"
    script.write_text(f"{IN_COLAB if colab else 'import os'}\n{source}\n{source}\nprint(os.getcwd())\n")
    paths = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SAID": str(tmp_path / "said"), "BOOK": str(tmp_path / "book")}
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--quick", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | paths | {"IPYTHONDIR": str(tmp_path / "ipython")},
    )
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "said").read_text().splitlines() if colab else []
    assert [line.split()[0] for line in said] == (["git", "pip", "pip"] if colab else [])
    assert not colab or said[0].endswith(f" {tmp_path / 'book'}")
    assert done.stdout.strip() == str(tmp_path / "book/chapters" if colab else tmp_path)
