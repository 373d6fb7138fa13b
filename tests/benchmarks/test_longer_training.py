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


def test_what_the_readers_of_chapter_7_see():
    script = runpy.run_path(str(HERE / "longer_07.py"))
    x, n = (torch.tensor(a) for a in (script["EVERY"].y[::20], script["EVERY"].inputs[1][::20]))
    other = x.clone()
    other[:, 3] = x[:, 3].roll(1)
    changed = x[:, 3] != other[:, 3]
    assert changed.any()
    torch.manual_seed(0)
    for layers in (1, 2):  # a second layer hears of the word from its neighbours
        net = script["Reader"](script["shifted"], layers=layers)
        moved = (net(x, n) - net(other, n))[changed, 3].abs().amax(1)
        assert (moved > 1e-6).all() if layers == 2 else (moved == 0).all()
    short = torch.tensor(script["EVERY"].inputs[1]) < script["EVERY"].y.shape[1]
    h = script["Reader"](script["states"])
    h.readout = torch.nn.Identity()
    with torch.no_grad():
        out = h(torch.tensor(script["EVERY"].inputs[0]), script["EVERY"].inputs[1])
    assert not script["SUMMARIES"]["out[:, -1]"](out, torch.tensor(script["EVERY"].inputs[1]))[short].any()


def test_the_deep_networks_of_chapter_7_have_about_as_many_weights():
    script = runpy.run_path(str(HERE / "longer_07.py"))
    sizes = {
        arm: sum(w.numel() for layer in script["deep"](arm)().layers for w in layer.parameters())
        for arm in script["ARMS"]
    }
    assert all(abs(size / sizes["1"] - 1) < 0.1 for size in sizes.values()), sizes
    assert len(script["deep"]("8, residual")().layers) == 8
