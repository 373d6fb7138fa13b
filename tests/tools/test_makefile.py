"""The Makefile: what `make help` lists, and that only `make book` makes the book that is tested and published."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
# A book builder for tests: it notes its arguments and leaves a page.
BUILDER = """\
#!/bin/sh
mkdir -p _build/html _build/.doctrees
echo "$*" >> _build/calls
[ -e fails ] && exit 1
touch _build/html/page.html
"""


@pytest.fixture
def tree(tmp_path):
    """A folder with the Makefile, an environment that is ready, and a builder that only notes how it was called."""
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("pyproject.toml", "constraints.txt", "_config.yml", "_toc.yml", "LICENSE", "book/a.md", "chapters/b"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (0, 0))
    builder = tmp_path / ".venv/bin/jupyter-book"
    builder.parent.mkdir(parents=True)
    builder.write_text(BUILDER)
    builder.chmod(0o755)
    (tmp_path / ".venv/.ready").write_text("")
    return tmp_path


def make(tree, *words, code=0):
    done = subprocess.run(["make", "--no-print-directory", *words], cwd=tree, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stdout


def calls(tree):
    return (tree / "_build/calls").read_text().splitlines()


def test_help_lists_every_target_that_is_called_by_name(tree):
    named = re.search(r"^\.PHONY: (.+)$", MAKEFILE.read_text(), re.M)[1].split()
    listed = re.findall(r"^  make (\S+) +\S", make(tree, "help"), re.M)
    assert sorted(set(named) - {"help"}) == sorted(set(listed) - {"help"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["unit"], "100"),
        (["unit", "T=tests/nn"], "100"),
        (["unit", "CONFIGURATIONS=7"], "7"),
        (["test"], "400"),
        (["oldest"], "400"),
    ],
)
def test_a_part_of_the_random_configurations_is_for_unit_alone(tree, words, said, monkeypatch):
    monkeypatch.delenv("CONFIGURATIONS", raising=False)
    assert set(re.findall(r"CONFIGURATIONS=(\d+)", make(tree, "-n", *words))) == {said}


def test_quick_keeps_what_is_built_and_says_what_it_is_not(tree):
    make(tree, "book")
    (tree / "_build/html/old.html").write_text("")
    said = make(tree, "quick")
    assert (tree / "_build/html/old.html").exists()
    assert (tree / "_build/.doctrees").exists()
    assert "'make book' is the real one" in said
    assert "--all" not in calls(tree)[-1].split()
    assert calls(tree)[-1].split()[:2] == ["build", "."]


def test_the_book_is_built_once_and_from_nothing_after_quick(tree):
    make(tree, "book")
    make(tree, "book")
    assert len(calls(tree)) == 1
    assert "-W" in calls(tree)[0].split()
    make(tree, "quick")
    (tree / "_build/html/old.html").write_text("")
    make(tree, "book")
    assert len(calls(tree)) == 3
    assert "-W" in calls(tree)[-1].split()
    assert not (tree / "_build/html/old.html").exists()


def test_what_quick_could_not_build_is_no_book_either(tree):
    make(tree, "book")
    (tree / "fails").write_text("")
    make(tree, "quick", code=2)
    make(tree, "book", code=2)
    assert not (tree / "_build/html").exists()


def test_all_tests_build_the_book_once_beside_others_and_stop_where_one_fails(tree):
    for name in ("python", "ruff", "mypy"):
        (tree / ".venv/bin" / name).write_text(f'#!/bin/sh\necho "{name} $*" >> _build/calls\n[ ! -e fails-{name} ]\n')
        (tree / ".venv/bin" / name).chmod(0o755)
    make(tree, "test")
    called = calls(tree)
    assert sum(call.startswith("build ") for call in called) == 1
    assert sum(call.startswith("mypy") for call in called) == 1
    assert sum("kill_resume.py" in call for call in called) == 2
    assert called[-1].endswith("tests/site")
    for name in ("mypy", "python"):
        (tree / f"fails-{name}").write_text("")
        make(tree, "test", code=2)
        (tree / f"fails-{name}").unlink()


def test_the_longest_chapters_come_first_and_none_is_left_out(tree):
    for name in ("01_a", "02_b", "03_c", "04_d"):
        (tree / f"chapters/{name}.ipynb").write_text("{}")
    (tree / "book/chapters.yml").write_text("- file: 01_a\n  cpu: 5\n- file: 03_c\n  cpu: 40\n- file: 02_b\n  cpu: 9\n")
    said = make(tree, "-n", "notebooks")
    assert re.findall(r"chapters/(\w+)\.ipynb", said) == ["03_c", "02_b", "01_a", "04_d"]


def test_every_chapter_runs_without_avx_and_who_wrote_one_tries_it_with_two_threads(tree):
    for name in ("01_a", "02_b"):
        (tree / f"chapters/{name}.ipynb").write_text("{}")

    def settings(*words):
        runs = [line for line in make(tree, "-n", *words).splitlines() if "--nbval " in line]
        return [
            (
                re.search(r"OMP_NUM_THREADS=(\d)", run)[1],
                "ATEN_CPU_CAPABILITY=default" in run,
                "-p tools.two_threads" in run,
            )
            for run in runs
        ]

    assert settings("notebooks") == [("1", True, True)]
    assert settings("chapter", "N=01") == [("2", True, False)]
    assert settings("all-cpus") == [("1", False, False), ("1", True, False), ("2", False, False)]


def test_what_the_linter_leaves_behind_is_no_page(tree):
    make(tree, "book")
    (tree / "chapters/.ruff_cache").mkdir()
    (tree / "chapters/.ruff_cache/a").write_text("")
    make(tree, "book")
    assert len(calls(tree)) == 1
