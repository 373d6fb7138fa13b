"""Re-execute chapters in place.

python tools/execute.py [--jobs 2] [--limit 60] [notebook …]

A notebook whose results have not changed keeps every byte. One that fails stays as
it was. The alternative text of each figure goes from the output, where the figure
wrote it, to the cell's metadata, where the site reads it.

Every chapter gets a cell that Colab needs, where a notebook is opened alone.

No two measurements of time are equal. A picture of them, in a cell with the tag
"timing", is kept while the code up to it is the same and the new one looks like it.
"""

import argparse
import base64
import hashlib
import io
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
COLAB = """\
# In Colab, this fetches the rest of the book. Elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
    book = "{url}"
    !test -d /content/book || git clone -q --depth 1 -b {branch} $book /content/book
    %pip install -q /content/book
    %cd -q /content/book/chapters"""
WRITTEN = ("code_prompt_show", "figure")  # what an author says of a cell: the prompt, a figure's caption and name
CELL_SECONDS = 600
BLOCK = 20  # pixels: pictures look alike if the means of their blocks do
ALIKE = 64  # of 255 shades of grey


def put_colab_cell(notebook):
    """Put the cell for Colab below the title, or renew it; `repository` of _config.yml says where the book lies."""
    config = yaml.safe_load((CHAPTERS.parent / "_config.yml").read_text(encoding="utf8"))
    # not on the page, and closed in JupyterLab
    metadata = {"tags": ["remove-cell"], "jupyter": {"source_hidden": True}}
    source = COLAB.format(**config["repository"])
    cell = nbformat.v4.new_code_cell(source, id="colab", metadata=metadata)
    others = [other for other in notebook.cells if other.id != cell.id]
    notebook.cells = [*others[:1], cell, *others[1:]]


def compute(notebook, folder):
    """Run all cells of the notebook, in a folder, and put their outputs into it."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()


def execute(path):
    """Execute one notebook in this process; return whether its file changed."""
    before = path.read_text(encoding="utf8")
    notebook = nbformat.reads(before, as_version=4)
    if path.parent == CHAPTERS:
        put_colab_cell(notebook)
    compute(notebook, path.parent)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        kept = {key: value for key, value in cell.metadata.get("mystnb", {}).items() if key in WRITTEN}
        closed = {"jupyter": {"source_hidden": True}} if cell.id == "colab" else {}
        cell.metadata = nbformat.from_dict(({"tags": tags} if tags else {}) | closed)
        if kept:
            cell.metadata["mystnb"] = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            alt = output.get("metadata", {}).get("image/png", {}).get("alt")
            if alt:
                cell.metadata.setdefault("mystnb", {})["image"] = {"alt": alt}
    keep_timings(nbformat.reads(before, as_version=4), notebook)
    after = nbformat.writes(notebook, indent=1) + "\n"
    if after != before:
        fresh = path.with_suffix(".ipynb.tmp")
        fresh.write_text(after, encoding="utf8")
        os.replace(fresh, path)
    return after != before


def keep_timings(before, after):
    """Put the pictures of times that have not changed in kind back into `after`."""
    digest = hashlib.sha256()
    old_cells = {cell.id: cell for cell in before.cells}
    for cell in after.cells:
        if cell.cell_type != "code" or cell.id == "colab":
            continue
        digest.update(cell.source.encode())
        if "timing" not in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                output.metadata["image/png"]["code"] = digest.hexdigest()[:16]
        old = old_cells[cell.id].outputs if cell.id in old_cells else []
        if len(old) == len(cell.outputs) and all(map(same_kind, old, cell.outputs)):
            cell.outputs = old


def same_kind(old, new):
    """Whether two outputs are equal, or pictures of one code that look alike."""
    pictures = [output.get("data", {}).get("image/png") for output in (old, new)]
    if None in pictures:
        return old == new
    a, b = (Image.open(io.BytesIO(base64.b64decode(png))) for png in pictures)
    if old.metadata != new.metadata or a.size != b.size:
        return False
    blocks = (max(1, a.width // BLOCK), max(1, a.height // BLOCK))
    greys = [np.asarray(image.convert("L").resize(blocks, Image.Resampling.BOX), float) for image in (a, b)]
    return bool(np.abs(greys[0] - greys[1]).max() < ALIKE)


def run(path, limit):
    """Execute one notebook in a process of its own; return whether it went well."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(path)],
        capture_output=True,
        text=True,
    )
    said = done.stdout.strip()
    if done.returncode:
        print(f"{path.name}: FAILED\n{said}\n{done.stderr.strip()}", flush=True)
        return False
    state, seconds = said.split()
    slow = limit is not None and float(seconds) > limit
    over = f", over {limit:g}" if slow else ""
    print(f"{path.name}: {state}, {float(seconds):.0f} s of CPU{over}", flush=True)
    return not slow


def one(path):
    """Execute one notebook; print whether it changed, and the seconds of CPU."""
    try:
        changed = execute(path)
    except CellExecutionError as error:
        print(error)
        return 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("changed" if changed else "unchanged", used.ru_utime + used.ru_stime)
    return 0


def main():
    """Execute the given notebooks, or all; return 0 if all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side (2)")
    parser.add_argument(
        "--limit",
        type=float,
        help="fail if a chapter takes more seconds of CPU than this",
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # This environment's kernel, whatever the user has installed as python3.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    if arguments.one:
        return one(arguments.one)
    paths = [path.resolve() for path in arguments.notebooks] or sorted(CHAPTERS.glob("[0-9]*.ipynb"))
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda path: run(path, arguments.limit), paths))
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
