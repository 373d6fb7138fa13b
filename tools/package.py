"""Build what is published, install it away from the repository, and use it as somebody would who has only that.

    python tools/package.py

In a temporary folder: source distribution and wheel of the committed files, what is in them, a fresh environment with
the wheel alone, the program of a user (tests/package/program.py), and mypy --strict on it.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "tests/package/program.py"
BUILT_OF = ("seqlib", "coursework", "tests", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE")
READ = ("cldr.json", "cldr_licence.txt", "topics.txt", "topics_licence.txt")
DATA = {"seqlib/py.typed", "coursework/py.typed", *(f"seqlib/tasks/{name}" for name in READ)}
SAYS = "the assignments of the book are in its repository"


def copy_sources(folder: Path) -> None:
    """Copy what is built to `folder`: what earlier builds left in the repository must not get into this one."""
    folder.mkdir()
    for name in BUILT_OF:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)


def faults(dist: Path) -> list[str]:
    """What is wrong with the two files in `dist`, in sentences."""
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(sdist) as archive:
        source = {name.partition("/")[2] for name in archive.getnames()}
    installed = set(zipfile.ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for name in ("seqlib", "coursework") for path in (ROOT / name).rglob("*.py")}
    modules = {name for name in modules if not name.startswith("coursework/problems/")}
    said = [f"{sdist.name} has {name}, and not all tests" for name in sorted(source) if name.startswith("tests")]
    for file, names in ((sdist.name, source), (wheel.name, installed)):
        said += [f"{file} lacks {name}" for name in sorted((modules | DATA) - names)]
        said += [f"{file} gives away {name}" for name in sorted(names) if name.startswith("coursework/problems/")]
        if not any(name.endswith("LICENSE") for name in names):
            said.append(f"{file} lacks LICENSE")
    said += [f"{wheel.name} installs {name}" for name in sorted(installed) if not re.match("seqlib|coursework", name)]
    return said


def environment(folder: Path, *packages: str) -> Path:
    """Make a fresh environment with these packages, in the versions of constraints.txt; return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages, "-c", ROOT / "constraints.txt"]
    )
    return python


def run(command: list[str | Path], folder: Path | None = None, code: int = 0) -> str:
    """Run a command that must end with `code`, without the repository on its path; return what it wrote."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MYPYPATH")}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=clean, capture_output=True, text=True)
    if done.returncode != code:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def main() -> None:
    """Build, look, install, use."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        source, dist, home = folder / "source", folder / "dist", folder / "home"
        copy_sources(source)
        home.mkdir()
        run([environment(folder / "builder", "build"), "-m", "build", "--outdir", dist, source])
        wrong = faults(dist)
        if wrong:
            raise SystemExit("\n".join(wrong))
        print("built: " + ", ".join(sorted(path.name for path in dist.iterdir())))
        (wheel,) = dist.glob("*.whl")
        python = environment(folder / "user", str(wheel))
        shutil.copy(PROGRAM, home)
        print(run([python, PROGRAM.name], home), end="")
        (home / "secret").write_text("a sentence to be kept\n", encoding="utf8")
        said = run([python, "-m", "coursework", "make", "--secret-file", "secret"], home, code=1)
        if SAYS not in said:
            raise SystemExit(f"coursework does not say where problems are to be had, but: {said}")
        run([python, "-m", "pip", "install", "-q", "mypy", "-c", ROOT / "constraints.txt"])
        print("mypy --strict: " + run([python, "-m", "mypy", "--strict", PROGRAM.name], home), end="")


if __name__ == "__main__":
    sys.exit(main())
