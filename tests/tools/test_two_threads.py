"""tools/two_threads.py, which gives two threads to some of the chapters that `make notebooks` runs."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("two_threads", ROOT / "tools/two_threads.py")
two_threads = importlib.util.module_from_spec(spec)
spec.loader.exec_module(two_threads)
NAMES = [f"{k:02}_chapter" for k in range(1, 17)]
COMMAND = "-m pytest -q -p no:cacheprovider -p tools.two_threads --nbval --nbval-current-env -n 2 --dist loadscope"


@pytest.mark.parametrize(("n", "drawn"), [(1, 1), (5, 1), (6, 2), (15, 3), (16, 4)])
def test_one_in_five_is_drawn_and_never_none(n, drawn):
    assert len(set(two_threads.draw(NAMES[:n], "a"))) == drawn


def test_a_seed_draws_the_same_whatever_the_order_and_another_draws_others():
    drawn = two_threads.draw(NAMES, "a")
    assert drawn == sorted(drawn)
    assert drawn == two_threads.draw(set(NAMES), "a") == two_threads.draw(NAMES[::-1], "a")
    each = [two_threads.draw(NAMES, f"{k}") for k in range(60)]
    assert set().union(*each) == set(NAMES), "in sixty commits every chapter has its turn"
    assert len({tuple(names) for names in each}) > 50


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def test_the_seed_is_of_the_committed_tree(tmp_path):
    git(tmp_path, "init", "-q")
    seeds = []
    for text in ("one", "two", "one"):
        (tmp_path / "a").write_text(text)
        git(tmp_path, "add", "a")
        git(tmp_path, "commit", "-q", "-m", text)
        seeds.append(two_threads.seed_of(tmp_path, []))
    assert seeds[0] == seeds[2] != seeds[1]
    (tmp_path / "a").write_text("not committed")
    assert two_threads.seed_of(tmp_path, []) == seeds[2]
    assert all(re.fullmatch(r"[0-9a-f]{12}", seed) for seed in seeds)


def test_without_git_the_seed_is_of_the_notebooks(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    paths = [tmp_path / name for name in ("a.ipynb", "b.ipynb")]
    for path in paths:
        path.write_text(path.name)
    before = two_threads.seed_of(tmp_path, paths)
    assert before == two_threads.seed_of(tmp_path, paths[::-1])
    paths[1].write_text("another")
    assert before != two_threads.seed_of(tmp_path, paths)
    monkeypatch.setenv("PATH", "")
    assert two_threads.seed_of(tmp_path, paths) == two_threads.seed_of(tmp_path, paths[::-1]) != before


def test_those_that_are_drawn_come_first_and_all_keep_their_order(monkeypatch):
    monkeypatch.setenv("SEED", "b")
    paths = [Path(f"{name}.ipynb") for name in NAMES]
    plugin = two_threads.TwoThreads(paths)
    items = [SimpleNamespace(path=path, cell=cell) for path in paths[::-1] for cell in range(3)]
    plugin.pytest_collection_modifyitems(items)
    drawn = two_threads.draw(NAMES, "b")
    order = [name for name in NAMES[::-1] if name in drawn] + [name for name in NAMES[::-1] if name not in drawn]
    assert [(item.path.stem, item.cell) for item in items] == [(name, cell) for name in order for cell in range(3)]


def test_the_kernels_of_those_that_are_drawn_have_two_threads_and_the_others_one(tmp_path):
    """Each notebook holds what was drawn for it, so that another number of threads fails."""
    drawn = two_threads.draw(NAMES[:4], "b")
    assert drawn == ["01_chapter"]
    for name in NAMES[:4]:
        cell = nbformat.v4.new_code_cell('import os; print(os.environ["OMP_NUM_THREADS"])', execution_count=1)
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="2\n" if name in drawn else "1\n")]
        (tmp_path / f"{name}.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])))
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"SEED": "b", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *COMMAND.split(), *(str(tmp_path / f"{name}.ipynb") for name in NAMES[:4])]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
    assert "with two threads: 01_chapter (SEED=b)" in done.stdout
