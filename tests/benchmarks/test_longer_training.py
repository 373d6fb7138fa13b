"""What pages read was measured with the settings that the scripts have now; and the scripts run."""

import importlib.util
import json
import math
import runpy
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).parent


def _script():
    spec = importlib.util.spec_from_file_location("longer_training", HERE / "longer_training.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()
MEASUREMENTS = SCRIPT.read()


def leaves(values):
    """The lists at the ends of nested dictionaries."""
    return [values] if isinstance(values, list) else [leaf for value in values.values() for leaf in leaves(value)]


@pytest.mark.parametrize("which", MEASUREMENTS)
def test_what_is_stored_was_measured_with_these_settings(which):
    measurement = MEASUREMENTS[which]
    stored = json.loads((SCRIPT.FOLDER / f"{which}.json").read_text(encoding="utf8"))
    assert {name: stored[name] for name in measurement["settings"]} == measurement["settings"]
    for name in ("what", "unit", "made_by"):
        assert stored[name] == measurement[name]
    for values in leaves(stored["values"]):
        assert len(values) == len(stored["seeds"])
        assert all(math.isfinite(value) and value > 0 for value in values)
    assert stored["machine"]
    assert len(stored["commit"]) == 40


def test_pages_have_no_other_stored_numbers():
    assert {path.stem for path in SCRIPT.FOLDER.glob("*")} == set(MEASUREMENTS)


@pytest.mark.parametrize("which", MEASUREMENTS)
def test_a_short_measurement_has_the_shape_of_the_long_one(which):
    measurement = MEASUREMENTS[which]
    settings = measurement["settings"] | {"steps": 2, "seeds": [0]}
    short = SCRIPT.record(**measurement | {"settings": settings})
    stored = json.loads((SCRIPT.FOLDER / f"{which}.json").read_text(encoding="utf8"))
    assert short.keys() == stored.keys()
    assert [len(values) for values in leaves(short["values"])] == [1] * len(leaves(stored["values"]))
    assert json.dumps(short)


def test_each_network_of_chapter_4_starts_as_its_name_says():
    script = runpy.run_path(str(HERE / "longer_04.py"))
    for name in script["NETWORKS"]:
        W = script["build"](name).core.weight_hh_l0.detach()
        scale = {"orthogonal + tanh": 1.0, "1.1 I + relu": 1.21}.get(name)
        if scale:
            assert (W.T @ W - scale * torch.eye(len(W))).abs().max() < 1e-5
