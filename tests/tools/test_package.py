"""What `make package` and `make oldest` go by. The whole way, which takes minutes, is in the weekly workflow."""

import importlib.util
import io
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = "from setuptools import build_meta as b; b.build_sdist('dist'); b.build_wheel('dist')"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


package = tool("package")
oldest = tool("oldest").oldest


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """A folder with the source distribution and the wheel."""
    folder = tmp_path_factory.mktemp("built") / "source"
    package.copy_sources(folder)
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True, capture_output=True)
    return folder / "dist"


def test_what_is_published_is_whole_and_gives_nothing_away(dist):
    assert package.faults(dist) == []


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        ("tests/test_text.py", "x-1.tar.gz has tests/test_text.py, and not all tests"),
        (
            "coursework/problems/01_sequences/window.py",
            "x-1.tar.gz gives away coursework/problems/01_sequences/window.py",
        ),
        ("-seqlib/nn/rnn.py", "x-1.tar.gz lacks seqlib/nn/rnn.py"),
        ("-coursework/running/worker.py", "x-1.tar.gz lacks coursework/running/worker.py"),
        ("-coursework/py.typed", "x-1.tar.gz lacks coursework/py.typed"),
        ("-seqlib/tasks/topics.txt", "x-1.tar.gz lacks seqlib/tasks/topics.txt"),
        ("-seqlib/tasks/cldr.json", "x-1.tar.gz lacks seqlib/tasks/cldr.json"),
        ("-seqlib/tasks/cldr_licence.txt", "x-1.tar.gz lacks seqlib/tasks/cldr_licence.txt"),
    ],
)
def test_a_fault_of_what_is_published_is_named(dist, tmp_path, added, fault):
    (source,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(source) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    names = [name for name in names if name != added.removeprefix("-")]
    with tarfile.open(tmp_path / "x-1.tar.gz", "w:gz") as archive:
        for name in [*names, added] if added[0] != "-" else names:
            archive.addfile(tarfile.TarInfo(f"x-1/{name}"), io.BytesIO())
    (tmp_path / "x-1.whl").write_bytes(wheel.read_bytes())
    assert package.faults(tmp_path) == [fault]


def test_a_wheel_installs_the_two_packages_and_nothing_else(dist, tmp_path):
    (source,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "x-1.whl").write_bytes(wheel.read_bytes())
    with zipfile.ZipFile(tmp_path / "x-1.whl", "a") as archive:
        archive.writestr("tests/conftest.py", "")
    assert package.faults(tmp_path) == ["x-1.whl installs tests/conftest.py"]


def test_the_user_s_program_works():
    done = subprocess.run([sys.executable, package.PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("2 ids, 60 steps: seqlib works\n")


def test_away_from_the_repository_it_is_said_where_problems_are_to_be_had(tmp_path):
    for command, needed in (
        (["make"], f"{package.SAYS}, so give the command there"),
        (["grade", "01_sequences"], "is no course: `coursework make` makes one, --course names it"),
    ):
        code = (
            "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('coursework', None, '__main__')"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, ROOT, *command],
            cwd=tmp_path,
            input="a sentence to be kept",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert needed in done.stderr
    assert not list(tmp_path.rglob("*"))


def test_the_oldest_versions_are_the_lower_ends_of_the_ranges():
    text = '[project]\ndependencies = ["a>=1.2", "b==3"]\n[project.optional-dependencies]\nx = ["self[y]", "c-d>=4"]'
    assert oldest(text) == ["a==1.2", "c-d==4"]
    with pytest.raises(ValueError, match="c has no oldest version: write c>="):
        oldest(text.replace("c-d>=4", "c"))


def test_every_dependency_has_an_oldest_version():
    text = (ROOT / "pyproject.toml").read_text()
    asked = tomllib.loads(text)["project"]["dependencies"]
    assert {line.replace("==", ">=") for line in oldest(text)} >= set(asked)
