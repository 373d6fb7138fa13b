"""Execute copies of the chapters with other seeds, and compare the verdicts.

python tools/reseed.py [--offset 1000] [--jobs 2] [--measured FOLDER] [notebook …]

In the first code cell of each page's copy, SEED = 0 becomes SEED = the offset. Every line
with a verdict that differs from the committed one is printed; the numbers behind a
verdict may differ. With --measured the page reads what is stored in that folder, and
what is not there from its own: measurements made with other seeds, see
tests/benchmarks/longer_training.py.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from execute import CHAPTERS, compute
from nbclient.exceptions import CellExecutionError

SEED = re.compile(r"^SEED = 0$", re.M)
CLAIM = re.compile(r"⚖ (\S+): ([a-z ]*[a-z])")
ARM = re.compile(r"  (supported|refuted|undecided): (.+?)(?:\. |\.?$)")
CHECK = re.compile(r"◇ (.+): (held|did not hold|undecided)")


def verdicts(notebook):
    """Return {what was judged: (verdict, line)} of everything that was printed."""
    found, claim = {}, ""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = output.text if output.get("name") == "stdout" else ""
            for line in text.splitlines():
                if match := CLAIM.match(line):
                    claim = match[1]
                    key, verdict = f"⚖ {claim}", match[2]
                elif match := ARM.match(line):
                    key, verdict = f"⚖ {claim}: {match[2]}", match[1]
                elif match := CHECK.match(line):
                    key, verdict = f"◇ {match[1]}", match[2]
                else:
                    continue
                while key in found:  # said twice: both count
                    key += " (again)"
                found[key] = (verdict, line)
    return found


@contextlib.contextmanager
def reading(folder, measured):
    """A folder in which a page finds what it reads: its own, or one where other measurements stand for some.

    Beside it is the book, as beside its own.
    """
    if measured is None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        here = Path(made) / folder.name
        (here / "measured").mkdir(parents=True)
        for path in [*measured.glob("*.json"), *(folder / "measured").glob("*.json")]:
            copy = here / "measured" / path.name
            if not copy.exists():
                shutil.copy(path, copy)
        (Path(made) / "book").symlink_to(folder.resolve().parent / "book")
        yield here


def differences(path, offset, measured=None):
    """Execute a copy of the notebook; return the differing lines, in pairs."""
    notebook = nbformat.read(path, as_version=4)
    before = verdicts(notebook)
    first = next((c for c in notebook.cells if c.cell_type == "code" and c.id != "colab"), None)
    if first is None or len(SEED.findall(first.source)) != 1:
        raise ValueError("the first code cell of the page must say SEED = 0, once")
    first.source = SEED.sub(f"SEED = {offset}", first.source)
    with reading(path.parent, measured) as folder:
        compute(notebook, folder)
    after = verdicts(notebook)
    pairs = [(before.get(key), after.get(key)) for key in before | after]
    return [
        [old[1] if old else "(none)", new[1] if new else "(none)"]
        for old, new in pairs
        if not old or not new or old[0] != new[0]
    ]


def run(path, offset, measured):
    """Reseed one notebook in a process of its own; return whether all verdicts stay."""
    done = subprocess.run(
        [sys.executable, __file__, "--offset", str(offset), "--one", str(path)]
        + (["--measured", str(measured)] if measured else []),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = f"{done.stdout.strip()}\n{done.stderr.strip()}".strip()
        print(f"{path.name}: FAILED\n{said}", flush=True)
        return False
    pairs = json.loads(done.stdout)
    lines = [f"{path.name}: {len(pairs)} verdicts differ with SEED = {offset}"]
    lines += [f"  SEED = 0: {old}\n  SEED = {offset}: {new}" for old, new in pairs]
    print("\n".join(lines), flush=True)
    return not pairs


def one(path, offset, measured):
    """Reseed one notebook; print the differences as JSON."""
    try:
        print(json.dumps(differences(path, offset, measured)))
    except (CellExecutionError, ValueError) as error:
        print(error)
        return 1
    return 0


def main():
    """Reseed the given notebooks, or all; return 0 if every verdict stays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--offset", type=int, default=1000, help="the new SEED (1000)")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side (2)")
    parser.add_argument("--measured", type=Path, help="a folder of measurements made with other seeds")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    if arguments.one:
        return one(arguments.one, arguments.offset, arguments.measured)
    paths = [path.resolve() for path in arguments.notebooks] or sorted(CHAPTERS.glob("[0-9]*.ipynb"))
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda path: run(path, arguments.offset, arguments.measured), paths))
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
