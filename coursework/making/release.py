"""What is released of a course: nbgrader's own generate_assignment once, and the same steps for a student's variant."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

__all__ = ["configuration", "generate", "released"]

NOT_FOR_VARIANTS = ("SaveCells", "CheckCellMetadata")  # the gradebook has the cells already, and they are sound


def generate(folder: Path, secret: str) -> None:
    """nbgrader's own generate_assignment for every assignment, in a process with repeatable random names.

    Raises:  ModuleNotFoundError without nbgrader; RuntimeError with what nbgrader says
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise ModuleNotFoundError("a course needs nbgrader: pip install '.[grading]'")
    command = [sys.executable, "-m", "coursework.making.release", str(folder)]
    own = str(Path(__file__).resolve().parents[2])  # the package that runs is the one that is imported there
    places = os.pathsep.join(filter(None, [own, os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": places}
    done = subprocess.run(command, input=secret, capture_output=True, text=True, encoding="utf8", env=environment)
    if done.returncode:
        raise RuntimeError(f"nbgrader could not generate the assignments:\n{done.stdout}\n{done.stderr}")


def released(source: dict[str, Any], name: str, folder: Path) -> str:
    """The text of the notebook that students get, from a source: the steps of generate_assignment, without a gradebook.

    `folder` is the course, whose nbgrader_config.py may name other steps or stubs.
    """
    from nbformat import reads, writes
    from nbgrader.converters import GenerateAssignment

    config = configuration(folder)
    config.ClearSolutions.enforce_metadata = False
    resources: dict[str, Any] = {"nbgrader": {"assignment": name, "notebook": name, "student": "."}}
    notebook = reads(json.dumps(source), as_version=4)
    for step in GenerateAssignment(config=config).preprocessors:
        if step.__name__ not in NOT_FOR_VARIANTS:
            notebook, resources = step(config=config).preprocess(notebook, resources)
    return str(writes(notebook, version=4)) + "\n"


def configuration(folder: Path) -> Any:
    """What the teacher's nbgrader_config.py says."""
    from traitlets.config import PyFileConfigLoader

    return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


def _generate(folder: Path, secret: str) -> None:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # its import takes 3 s, and no notebook needs it
    from nbgrader.apps import NbGraderAPI

    os.chdir(folder)
    api = NbGraderAPI(config=configuration(folder))
    with _repeatable_names(secret), mock.patch("nbgrader.api.get_alembic_version", _version_of_the_gradebook):
        for source in sorted((folder / "source").iterdir()):
            done = api.generate_assignment(source.name)
            if not done["success"]:
                raise SystemExit(done.get("error") or done.get("log") or "generate_assignment failed")


def _version_of_the_gradebook() -> str:
    """What nbgrader asks a process of alembic, which takes 3 s: the newest form of its tables."""
    import nbgrader
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    return str(ScriptDirectory.from_config(config).get_current_head())


@contextlib.contextmanager
def _repeatable_names(secret: str) -> Iterator[None]:
    """The gradebook names its rows by uuid4; drawn from the secret here, so that two courses of it are equal."""
    draw = random.Random(f"gradebook {secret}")

    def drawn() -> uuid.UUID:
        return uuid.UUID(int=draw.getrandbits(128), version=4)

    with mock.patch("nbgrader.api.uuid4", drawn):
        yield


if __name__ == "__main__":
    _generate(Path(sys.argv[1]).resolve(), sys.stdin.read())
