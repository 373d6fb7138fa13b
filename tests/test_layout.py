"""The shape of the repository: who may import whom, what lies where, one set of dependencies."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "seqlib"
GRADER = ROOT / "coursework"
# what is no module: the families of problems, which a grader reads as files
FAMILIES = (GRADER / "problems", GRADER / "template")
MODULES = sorted(PACKAGE.rglob("*.py")) + sorted(
    path for path in GRADER.rglob("*.py") if not any(path.is_relative_to(folder) for folder in FAMILIES)
)

# what a notebook's check() needs, and a family of problems
TOP = ("visible", "problem", "variant", "values", "trouble")
CHECK = {"numpy", "seqlib.answers"} | {f"coursework.{name}" for name in TOP}
# module prefix -> what it may import besides the standard library and seqlib.arguments. The longest prefix counts.
MAY_IMPORT = {
    "seqlib.arguments": {"numpy"},
    "seqlib.text": {"numpy"},
    "seqlib.bpe": {"numpy", "seqlib.bpe"},
    "seqlib.gradcheck": {"numpy", "seqlib.gradcheck"},
    "seqlib.evidence": {"numpy", "seqlib.evidence"},
    "seqlib.reference": {"numpy", "seqlib.reference"},
    "seqlib.nn": {"torch", "seqlib.nn"},
    "seqlib.metrics": {"numpy", "seqlib.metrics"},
    "seqlib.batching": {"numpy", "seqlib.text"},
    "seqlib.decoding": {"numpy", "seqlib.text", "seqlib.decoding"},
    "seqlib.tasks": {"numpy", "seqlib.text", "seqlib.batching", "seqlib.tasks"},
    "seqlib.answers": {"numpy"},
    "seqlib.exercises": {
        "numpy",
        "seqlib.reference",
        "seqlib.gradcheck",
        "seqlib.evidence",
        "seqlib.answers",
        "seqlib.exercises",
    },
    "seqlib.training": {"numpy", "torch", "seqlib.batching", "seqlib.evidence", "seqlib.training"},
    "seqlib.training.identity": {"numpy", "torch", "seqlib.__version__", "seqlib.batching", "seqlib.training"},
    "seqlib.training.progress": {"tqdm", "IPython"},
    "seqlib.plotting": {"numpy", "matplotlib", "PIL", "IPython", "seqlib.evidence", "seqlib.plotting"},
    "seqlib.source": {"IPython"},
    "seqlib.table": {"seqlib.evidence"},
    "coursework": CHECK | {"seqlib.gradcheck"},
    "coursework.__main__": {"coursework"},
    # a student's process: nothing of it may need, or reach, what makes or marks a course
    "coursework.running": CHECK | {"coursework.running"},
    "coursework.running.cells": {"IPython"},
    "coursework.running.kernel": {"IPython"} | CHECK | {"coursework.running"},
    "coursework.running.isolation": {"seqlib"},  # to know where it lies
    "coursework.showing": {"coursework.showing"},
    "coursework.showing.feedback": {"coursework.showing", "coursework.making"},
    "coursework.showing.markdown": {"markdown_it", "coursework.showing"},
    "coursework.showing.page": {"nbconvert", "nbformat", "nbgrader", "coursework.showing"},
    "coursework.making": CHECK | {"coursework.making", "coursework.showing"},
    "coursework.making.course": {"nbgrader", "traitlets", "coursework.visible", "coursework.making"},
    "coursework.making.release": {"alembic", "nbformat", "nbgrader", "traitlets"},
    "coursework.making.roster": {"nbgrader", "coursework.making", "coursework.marking.records", "coursework.showing"},
    "coursework.reading": {"coursework.reading", "coursework.making", "coursework.showing"},
    "coursework.reading.archives": {"nbgrader", "coursework.reading", "coursework.showing"},
    "coursework.reading.collect": {"nbgrader", "coursework.showing"},
    "coursework.reading.submission": {"nbgrader", "coursework.reading", "coursework.showing"},
    "coursework.comparing": CHECK | {f"coursework.{name}" for name in ("comparing", "reading", "making", "showing")},
    "coursework.marking": {"coursework"},
    "coursework.marking.environment": {"seqlib", "coursework"},  # of which it takes a digest
    "coursework.marking.gradebook": {"nbformat", "nbgrader", "sqlalchemy", "coursework"},
    "coursework.marking.preprocessor": {"nbformat", "nbgrader", "coursework"},
}
IMPORTED_BY_NOBODY = ("seqlib.training", "seqlib.plotting", "seqlib.source", "seqlib.table", "coursework")


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Every module named by an import statement in `path`, at any depth, as an absolute dotted name."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            # `from seqlib import training` imports the module seqlib.training
            yield from (f"{module}.{alias.name}" if module == "seqlib" else module for alias in node.names)


def within(name, prefix):
    return name == prefix or name.startswith(prefix + ".")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_only_what_its_rule_allows(path):
    name = dotted(path)
    rules = [prefix for prefix in MAY_IMPORT if within(name, prefix)]
    if name in ("seqlib", "seqlib.__main__"):
        allowed = set()
    else:
        assert rules, f"{name} has no import rule: give it one in MAY_IMPORT, or a place that has one"
        allowed = MAY_IMPORT[max(rules, key=len)]
    allowed = allowed | {"seqlib.arguments"}
    for module in imports(path):
        if module.split(".")[0] in sys.stdlib_module_names:
            continue
        assert any(within(module, prefix) for prefix in allowed), f"{name} may not import {module}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_nothing_imports_the_outer_layer(path):
    for module in imports(path):
        for outer in IMPORTED_BY_NOBODY:
            assert not within(module, outer) or within(dotted(path), outer), f"{dotted(path)} imports {module}"


@pytest.mark.parametrize(
    "module",
    [
        "seqlib",
        "seqlib.reference",
        "seqlib.tasks",
        "seqlib.gradcheck",
        "seqlib.evidence",
        "seqlib.answers",
        "seqlib.exercises",
        "seqlib.decoding",
        "seqlib.metrics",
        "seqlib.bpe",
    ],
)
def test_imports_without_torch_and_matplotlib(module):
    block = "import sys; sys.modules['torch'] = sys.modules['matplotlib'] = None\n"
    every = "import pkgutil, importlib, {0} as m\nfor i in pkgutil.walk_packages(getattr(m, '__path__', []), '{0}.'):\n"
    every += "    importlib.import_module(i.name)"
    code = block + (f"import {module}" if module == "seqlib" else every.format(module))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr


def test_file_names_say_what_is_inside():
    for path in MODULES:
        assert path.stem not in {"utils", "helpers", "common", "misc"}, path


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_every_public_name_has_a_docstring(path):
    tree = ast.parse(path.read_text(encoding="utf8"))
    assert ast.get_docstring(tree), f"{path} has no docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path}:{node.lineno} {node.name} has no docstring"


def test_tests_mirror_the_package():
    for path in MODULES:
        relative = path.relative_to(PACKAGE if within(dotted(path), "seqlib") else ROOT)
        if path.name in ("__init__.py", "__main__.py") or relative.parts[0] == "plotting":
            continue
        test = ROOT / "tests" / relative.parent / f"test_{path.name}"
        exempt = {Path("nn/recurrent.py")}  # tested through every layer that is built on it, in tests/nn/test_rnn.py
        assert test.exists() or relative in exempt, f"{relative} has no test at {test.relative_to(ROOT)}"


def test_conda_installs_what_pyproject_says():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, packages = environment["dependencies"]
    assert pip == "pip"
    assert packages == {"pip": ["-c constraints.txt", "-e .[dev]"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=" + python.removeprefix("python=")
    assert "dev" in project["optional-dependencies"]


def test_constraints_pin_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = set(re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(), flags=re.M))
    named = set(project["dependencies"]).union(*project["optional-dependencies"].values())
    for requirement in named:
        name = re.match(r"[\w.-]+", requirement).group().lower()
        assert name == "seqlib" or name in pins, f"{name} is not pinned in constraints.txt"


def test_seqlib_alone_needs_numpy_and_torch():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {re.match(r"\w+", r).group() for r in project["dependencies"]} == {"numpy", "torch"}


def test_no_committed_file_names_a_machine():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout, so there is no list of committed files")
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".ico", ".woff2", ".tgz", ".whl"} or path == Path(__file__) or not path.exists():
            continue
        text = path.read_text(encoding="utf8")
        for machine in ("/root/", "/home/", "/work/", "index-url", "pypi/simple"):
            assert machine not in text, f"{name} names {machine}"


def test_workflows_call_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    called = set()
    for path in sorted((ROOT / ".github/workflows").glob("*.yml")):
        workflow = yaml.safe_load(path.read_text())
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                for words in re.findall(r"^make (.+?)$", step.get("run", ""), flags=re.M):
                    listed = job.get("strategy", {}).get("matrix", {}).get("target", [])
                    called |= set(" ".join(listed).split() if "matrix.target" in words else words.split())
    called = {word for word in called if "=" not in word}
    assert {"unit", "site", "book"} <= called <= targets
