"""A folder of problems of one's own: the template keeps the laws of the book's, and each broken law is named."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursework.making.laws import tried
from coursework.making.own import begin

ROOT = Path(__file__).resolve().parents[3]
PROBLEM, NOTEBOOK = "01_mine/smooth.py", "01_mine.ipynb"


@pytest.fixture
def mine(tmp_path):
    """A folder as `families` begins it."""
    begin(tmp_path / "mine")
    return tmp_path / "mine"


def command(*words, cwd):
    """python -m coursework, away from the repository and its tests."""
    done = subprocess.run(
        [sys.executable, "-m", "coursework", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_what_is_begun_is_right_and_never_overwrites(tmp_path):
    assert command("families", "mine", cwd=tmp_path)[0] == 0
    code, said = command("try", "mine", cwd=tmp_path)
    assert (code, "All is well, over 5 secrets" in said) == (0, True), said
    assert "smooth: 2 right answers and 7 wrong ones, all judged rightly" in said
    (tmp_path / "mine" / PROBLEM).write_text("mine")
    code, said = command("families", "mine", cwd=tmp_path)
    assert (code, "is there already: name a new folder" in said) == (1, True)
    assert (tmp_path / "mine" / PROBLEM).read_text() == "mine"
    assert not list(tmp_path.rglob("ruff.toml"))
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '("«keep» * y", "y")',
            '("«keep» * y", "y * «keep»")',
            "'nothing forgotten' gets the points in 'one sequence'",
        ),
        ('            only=("several sequences",),\n', "", "mistake 'over the rows' gets the points in 'one sequence'"),
        ('("np.stack(out, axis=-1)", "y")', '("«gain» * x_t", "x_t")', "'the last alone' is told 'You added x itself"),
        ("gain * keep ** (t - s)", "gain * keep ** (t - s + 1)", "right answer 1 gets nothing in 'one sequence'"),
        ("right = (RIGHT, STEP_BY_STEP)", "right = (RIGHT, RIGHT)", "must hold two right answers"),
        ("right = (RIGHT, STEP_BY_STEP)", "right = (STEP_BY_STEP, RIGHT)", "edits: '«gain» * x_t' stands|stands"),
        ("rng.normal(size=T if part", "np.ones(shape=T if part", "gets the points|hidden calls are the visible ones"),
        ("known = (", "known = ()\n    unknown = (", "must hold 6 usual mistakes or more"),
        ("    ### BEGIN SOLUTION\n", "", "must mark what students do not get"),
        ('"one sequence", 3', '"one sequence", 4', r"must say \*one sequence\* \(4 points\)"),
        ('"gain": "«gain»", ', "", "calls «smooth.gain», which `says` does not hold"),
        ('"gain": "«gain»"', '"gain": "«gain»", "more": "1"', "does not call «smooth.more»"),
        ('name = "smooth"', 'name = "smoother"', "must hold one Problem or Experiment whose name is 'smooth'"),
    ],
)
def test_each_broken_law_is_named(mine, old, new, said):
    path = mine / PROBLEM
    assert path.read_text().count(old) >= 1
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=said):
        tried(mine, 3, say=str)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("«smooth.keep»", "0.5", "does not call «smooth.keep»: what is drawn must stand in the question"),
        ("«memory.steps»", "«memory.step»", "calls «memory.step», which `says` does not hold"),
        ("«smooth.start»", "«smoth.start»", "there is no family smoth"),
        ('"check-smooth"', '"check-it"', "has no cell check-smooth"),
        ('"memory-conclusion"', '"the-conclusion"', "has no cell memory-conclusion"),
    ],
)
def test_a_notebook_that_does_not_fit_is_told(mine, old, new, said):
    path = mine / NOTEBOOK
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=re.escape(said)):
        tried(mine, 2, say=str)


def test_a_constant_that_is_drawn_too_seldom_is_told(mine):
    path = mine / PROBLEM
    text = path.read_text().replace("range(550, 950), per=1000", "range(550, 551), per=1000")
    path.write_text(text.replace("range(11, 40), per=10", "range(11, 12), per=10"))
    with pytest.raises(ValueError, match="ask the same: draw more forms or constants"):
        tried(mine, 5, say=str)


def test_answers_that_are_right_for_another_secret_are_told_both_ways(mine):
    path = mine / PROBLEM
    drawn, nothing = 'rng.normal(size=T if part == "one sequence" else (3, T))', "np.zeros((3, T))"
    assert drawn in path.read_text()
    path.write_text(path.read_text().replace(drawn, f'rng.normal(size=T) if part == "one sequence" else {nothing}'))
    with pytest.raises(ValueError, match="what is drawn must matter there") as raised:
        tried(mine, 3, say=str)
    right = r"'secret (\d) of a trial' is right for 'secret (\d) of a trial' in '(.+?)'"
    assert set(re.findall(right, str(raised.value))) == {
        (one, other, "several sequences") for one, other in itertools.permutations("012", 2)
    }


def test_a_solution_that_is_released_is_told(mine):
    notebook = json.loads((mine / NOTEBOOK).read_text())
    notebook["cells"][0]["source"].append("\n\nBegin with for x_t in np.moveaxis(x, -1, 0):")
    (mine / NOTEBOOK).write_text(json.dumps(notebook))
    with pytest.raises(ValueError, match="of the solution stands in what students get"):
        tried(mine, 2, say=str)


def test_a_folder_without_assignments_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="`families` begins such a folder"):
        tried(tmp_path, say=str)
