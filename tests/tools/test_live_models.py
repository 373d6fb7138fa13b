"""The models that pages draw live: which there are, and of what form; what each does, is tested in test_live_NN.py."""

import json
import runpy
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_models.py"))
MODELS = SCRIPT["read"]()


def shapes(value):
    """The form of what was read from JSON: names, lengths, and the kinds of the leaves; no numbers."""
    if isinstance(value, dict):
        return {name: shapes(v) for name, v in value.items()}
    if isinstance(value, list):
        return [shapes(v) for v in value]
    return type(value).__name__


@pytest.fixture(params=MODELS)
def name(request):
    """The name of each model."""
    return request.param


@pytest.fixture
def stored(name):
    """What stands in its file."""
    return json.loads((SCRIPT["FOLDER"] / f"{name}.json").read_text(encoding="utf8"))


def test_there_are_no_other_files():
    assert {path.name for path in SCRIPT["FOLDER"].glob("*")} == {f"{name}.json" for name in MODELS}


def test_each_chapter_has_its_test():
    for _, made_by in MODELS.values():
        assert (ROOT / "tests/tools" / f"test_{Path(made_by).name}").is_file()


def test_a_file_is_small(name):
    assert (SCRIPT["FOLDER"] / f"{name}.json").stat().st_size <= 200_000


def test_it_says_who_made_it(name, stored):
    assert stored["made_by"] == MODELS[name][1]
    assert (ROOT / stored["made_by"]).is_file()


def test_the_script_makes_a_file_of_this_form(name, stored):
    torch.set_num_threads(1)
    made = json.loads(json.dumps(MODELS[name][0](steps=1)))
    assert shapes(made | {"made_by": ""}) == shapes(stored)
