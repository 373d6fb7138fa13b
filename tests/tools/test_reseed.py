"""tools/reseed.py, which holds `make reseed`: which differences it tells."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools/reseed.py"
PRINT = """\
print("⚖ memory: supported with conditions")
print("  supported: ρ = 0.9. error: 1, below 2 in 5 of 5 seeds")
print("◇ it learns: " + ({held}))
print("  loss: 1")"""


def reseed(path, first, held, *options):
    cells = [nbformat.v4.new_code_cell(first), nbformat.v4.new_code_cell()]
    text = (
        "⚖ memory: supported with conditions\n"
        "  supported: ρ = 0.9. error: 1.5, below 2 in 5 of 5 seeds\n"
        "◇ it learns: held\n  loss: 1.5\n"
    )
    cells[1].source = PRINT.format(held=held)
    cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    before = path.read_bytes()
    done = subprocess.run([sys.executable, SCRIPT, "--offset", "7", *options, path], capture_output=True, text=True)
    assert path.read_bytes() == before
    return done


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ipynb"


def test_the_same_verdicts_pass_whatever_the_numbers(path):
    done = reseed(path, "SEED = 0\nassert str(SEED) == '7'", "'held'")
    assert (done.returncode, done.stdout) == (0, "a.ipynb: 0 verdicts differ with SEED = 7\n"), done.stderr


def test_a_verdict_that_depends_on_the_seed_is_told(path):
    done = reseed(path, "SEED = 0", "'did not hold' if SEED else 'held'")
    assert done.returncode == 1
    assert done.stdout == (
        "a.ipynb: 1 verdicts differ with SEED = 7\n"
        "  SEED = 0: ◇ it learns: held\n"
        "  SEED = 7: ◇ it learns: did not hold\n"
    )


@pytest.mark.parametrize("first", ["SEED = 1", "print(0)", "SEED = 0\nSEED = 0"])
def test_a_notebook_without_one_seed_is_refused(path, first):
    done = reseed(path, first, "'held'")
    assert done.returncode == 1
    assert "the first code cell of the page must say SEED = 0, once" in done.stdout


def test_other_measurements_stand_for_those_of_the_page(path, tmp_path):
    for folder, files in {"measured": {"a": "held", "b": "held"}, "again": {"a": "did not hold"}}.items():
        (tmp_path / folder).mkdir()
        for name, verdict in files.items():
            (tmp_path / folder / f"{name}.json").write_text(verdict)
    for name, options, differ in (("a", [], 0), ("a", ["--measured", tmp_path / "again"], 1)):
        done = reseed(path, "SEED = 0", f"open('measured/{name}.json').read()", *options)
        assert f"a.ipynb: {differ} verdicts differ" in done.stdout, done.stderr
    done = reseed(path, "SEED = 0", "open('measured/b.json').read()", "--measured", tmp_path / "again")
    assert done.returncode == 0, done.stdout


def test_the_book_is_beside_the_page_whatever_was_measured(tmp_path):
    for folder in ("chapters/measured", "again", "book"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "book/a.json").write_text("held")
    for options in ([], ["--measured", tmp_path / "again"]):
        done = reseed(tmp_path / "chapters/a.ipynb", "SEED = 0", "open('../book/a.json').read()", *options)
        assert done.returncode == 0, done.stdout + done.stderr
