"""A chapter in JupyterLab, as a user runs it: open it, Run All, save."""

import json
import os
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "02_rnn.ipynb"
SECONDS = 300 * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use this machine too


def outputs(notebook):
    """(cell id, text of every output) of the code cells; a picture counts as its kind."""
    return [
        (
            cell["id"],
            [
                "".join(output["text"]) if "text" in output else sorted(output.get("data", output))
                for output in cell["outputs"]
            ],
        )
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the chapter, its outputs cleared."""
    home = tmp_path_factory.mktemp("lab")
    notebook = json.loads((ROOT / "chapters" / CHAPTER).read_text(encoding="utf8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    (home / CHAPTER).write_text(json.dumps(notebook), encoding="utf8")
    return home


@pytest.fixture(scope="module")
def lab(folder, start_lab):
    """The address of a JupyterLab on that folder."""
    with start_lab(folder) as address:
        yield address


def test_chapter_runs_in_jupyterlab_and_saves_what_is_committed(visit, lab, folder):
    opened = visit(width=1280)
    page = opened.page
    page.goto(f"{lab}/lab/tree/{CHAPTER}")
    page.get_by_role("heading", name="The recurrent network").first.wait_for(timeout=60_000)
    page.locator(".jp-Notebook .katex").first.wait_for(timeout=30_000)  # MyST is rendered
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def saved():
        page.keyboard.press("Control+s")
        time.sleep(3)
        return json.loads((folder / CHAPTER).read_text(encoding="utf8"))

    end = time.monotonic() + SECONDS
    notebook = saved()
    while any(cell["cell_type"] == "code" and cell["execution_count"] is None for cell in notebook["cells"]):
        assert time.monotonic() < end, f"not all cells were run within {SECONDS:.0f} s"
        notebook = saved()
    notebook = saved()
    errors = [o for cell in notebook["cells"] for o in cell.get("outputs", []) if o["output_type"] == "error"]
    assert errors == []
    committed = json.loads((ROOT / "chapters" / CHAPTER).read_text(encoding="utf8"))
    assert outputs(notebook) == outputs(committed)
    assert page.locator(".jp-Notebook progress").count() == 0
