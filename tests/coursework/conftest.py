"""A course of all assignments, made once."""

import fcntl
import json
import os
import shutil
import sys
import warnings
from pathlib import Path

import pytest

from coursework.making.assignment import PROBLEMS, assignments, keep
from coursework.making.course import Course, make
from coursework.running import sandbox

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ROOT / "chapters/assignments"
SECRET = "a secret of the tests"
NEED_A_SANDBOX = (
    "browser export gradebook grader guide handout isolation judge kills marker nbgrader preprocessor protection "
    "quotas rehearsal sandbox seccomp worker"
)
# The files of tests that take longest, the longest first: begun last, one of them would keep one worker waiting for it.
LONGEST = ("grader", "guide", "course", "gradebook", "rehearsal", "nbgrader", "kills", "browser", "judge", "similar")
ASSIGNMENTS = {assignment.name: assignment for assignment in assignments(FAMILIES)}

# Its import takes two seconds of every Python that imports nbgrader: of this one, and of those that tests start.
sys.modules.setdefault("rfc3987_syntax", None)
SOONER = str(Path(__file__).parent / "sooner")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [SOONER, os.environ.get("PYTHONPATH")]))
sys.path.insert(0, str(Path(__file__).parent))  # the modules of this folder, which are no tests
import kinds as _kinds  # noqa: E402


def pytest_addoption(parser):
    """Five secrets by default. A drawn share of one half once made a known wrong answer right, one secret in 700."""
    parser.addoption("--secrets", type=int, default=5, help="how many secrets the families of problems are tried over")
    parser.addoption("--kills", type=int, default=4, help="how many times the grader is killed")


def pytest_collection_modifyitems(items):
    """Students' code is run by tests in a real sandbox only; CI must have one. What takes longest comes first."""
    ours = [k for k, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    for k, item in zip(ours, sorted((items[k] for k in ours), key=_longest_first), strict=True):
        items[k] = item
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            there = sandbox.isolation() == "bubblewrap"
    except PermissionError:
        there = False
    if not there and not os.environ.get("CI"):
        skip = pytest.mark.skip(reason="no sandbox: install bubblewrap (Debian: apt install bubblewrap)")
        for item in items:
            if item.path.stem.removeprefix("test_") in NEED_A_SANDBOX.split() and "without_bubblewrap" not in item.name:
                item.add_marker(skip)


def _longest_first(item):
    name = item.path.stem.removeprefix("test_")
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def pytest_generate_tests(metafunc):
    """Parametrise `problem` and `assignment` over all there are, `kill` over `--kills N`."""
    if "kill" in metafunc.fixturenames:
        metafunc.parametrize("kill", range(metafunc.config.getoption("kills", 4)))
    if "problem" in metafunc.fixturenames:
        problems = [problem for assignment in ASSIGNMENTS.values() for problem in assignment.problems]
        metafunc.parametrize("problem", problems, ids=[problem.name for problem in problems])
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", _kinds.KINDS, ids=[kind.name for kind in _kinds.KINDS])
    if "assignment" in metafunc.fixturenames:
        metafunc.parametrize("assignment", ASSIGNMENTS.values(), ids=list(ASSIGNMENTS))


@pytest.fixture(scope="session")
def secrets(pytestconfig):
    """The secrets over which the families are tried: `--secrets N`; the option is unknown where all tests are run."""
    named = ["autumn 2026", "spring 2027", "a third secret"]
    return (named + [f"secret {k}" for k in range(1000)])[: pytestconfig.getoption("secrets", 5)]


def made_once(tmp_path_factory, name, families):
    """A course of these families, as it was made, once for all workers. Copy it to work in it."""
    base = tmp_path_factory.getbasetemp()
    if base.name.startswith("popen-"):  # of one worker; the folder above is the session's
        base = base.parent
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds it made
        folder = base / name / "course"
        return Course(folder) if (folder / "nbgrader_config.py").exists() else make(SECRET, families, folder)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """A course of the whole book."""
    return made_once(tmp_path_factory, "fresh", FAMILIES)


@pytest.fixture(scope="session")
def course(fresh, tmp_path_factory):
    """The course that the tests of a session share."""
    return copied(fresh, tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """A course of the first two assignments: one that is graded, and one to be mistaken for it. It is soon made."""
    folder = tmp_path_factory.mktemp("two") / "families"
    keep([*ASSIGNMENTS.values()][:2], PROBLEMS, folder)
    return made_once(tmp_path_factory, "short", folder)


@pytest.fixture
def own(short, tmp_path):
    """A course for one test."""
    return copied(short, tmp_path)


def copied(course, folder):
    """A course in another place."""
    return Course(Path(shutil.copytree(course.folder, folder / "course")))


@pytest.fixture(scope="session")
def first():
    """The first assignment."""
    return next(iter(ASSIGNMENTS.values()))


@pytest.fixture(scope="session")
def alone(first, tmp_path_factory):
    """A folder with the first assignment and its families alone: a course of it is soon made."""
    folder = tmp_path_factory.mktemp("alone") / "families"
    keep([first], PROBLEMS, folder)
    return folder


@pytest.fixture(scope="session")
def kinds():
    """The module of all kinds of submissions."""
    return _kinds


@pytest.fixture
def light(first, tmp_path):
    """A course of the first assignment, as far as hand-ins are compared: without a gradebook, made in no time."""
    keep([first], PROBLEMS, tmp_path / "families")
    (tmp_path / "secret").write_text("a secret of the tests\n")
    notebook = first.notebook("a secret of the tests")
    for cell in notebook["cells"]:
        cell["source"] = "" if cell["metadata"]["nbgrader"]["solution"] else cell["source"]
    (tmp_path / "release" / first.name).mkdir(parents=True)
    (tmp_path / "release" / first.name / f"{first.name}.ipynb").write_text(json.dumps(notebook))
    return Course(tmp_path)
