"""What the page of chapter 4 reads was measured with the settings that the script has now; and the script runs."""

import importlib.util
import json
import math
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("longer_training.py")


@pytest.fixture(scope="module")
def script():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("longer_training", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("which", ["ten_times", "without_clipping"])
def test_what_is_stored_was_measured_with_these_settings(script, which):
    assert set(script.MEASUREMENTS) == {"ten_times", "without_clipping"}
    settings = script.MEASUREMENTS[which]
    record = json.loads((script.FOLDER / f"04_{which}.json").read_text(encoding="utf8"))
    assert {name: record[name] for name in ("steps", "clip_norm", "seeds")} == {
        name: settings[name] for name in ("steps", "clip_norm", "seeds")
    }
    assert list(record["values"]) == settings["networks"]
    for by_rate in record["values"].values():
        assert list(by_rate) == [f"{rate:g}" for rate in settings["rates"]]
        for values in by_rate.values():
            assert len(values) == len(settings["seeds"])
            assert all(math.isfinite(value) and value > 0 for value in values)
    assert record["unit"] == "chance"
    assert record["machine"]
    assert len(record["commit"]) == 40


def test_the_page_has_no_other_stored_numbers(script):
    assert {path.name for path in script.FOLDER.glob("04_*")} == {f"04_{which}.json" for which in script.MEASUREMENTS}


def test_each_network_starts_as_its_name_says_and_trains(script):
    for name in script.NETWORKS:
        W = script.build(name).core.weight_hh_l0.detach()
        gram = W.T @ W
        scale = {"orthogonal + tanh": 1.0, "1.1 I + relu": 1.21}.get(name)
        if scale:
            assert (gram - scale * script.torch.eye(script.H)).abs().max() < 1e-5
        assert script.score(name, 0.001, 0, 2, 1.0) > 0
