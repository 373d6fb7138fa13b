"""A chapter in JupyterLab, as a user runs it: open it, Run All, save."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "02_rnn.ipynb"
SECONDS = 300


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
def lab(folder, tmp_path_factory):
    """The address of a JupyterLab on that folder, with nothing of the user's own settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = tmp_path_factory.mktemp("settings")
    environment = os.environ | {name: str(settings / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(settings / "spaces")}
    environment |= {"IPYTHONDIR": str(settings / "ipython"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", f"--notebook-dir={folder}"]
    command += ["--IdentityProvider.token=", "--ServerApp.port_retries=0", "--allow-root"]
    command += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    log = settings / "log"
    with log.open("w") as written:
        server = subprocess.Popen(command, env=environment, stdout=written, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(120):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api/status", timeout=5)
                    break
                assert server.poll() is None, log.read_text()
                time.sleep(0.5)
            yield address
        finally:
            server.terminate()
            server.wait(30)
            shutil.rmtree(settings, ignore_errors=True)


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
        assert time.monotonic() < end, f"not all cells were run within {SECONDS} s"
        notebook = saved()
    notebook = saved()
    errors = [o for cell in notebook["cells"] for o in cell.get("outputs", []) if o["output_type"] == "error"]
    assert errors == []
    committed = json.loads((ROOT / "chapters" / CHAPTER).read_text(encoding="utf8"))
    assert outputs(notebook) == outputs(committed)
    assert page.locator(".jp-Notebook progress").count() == 0
