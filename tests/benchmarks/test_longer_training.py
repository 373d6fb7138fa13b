"""What pages read was measured with the settings that the scripts have now; and the scripts run."""

import importlib.util
import json
import math
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from seqlib.nn import SequenceModel
from seqlib.tasks import Latch
from seqlib.training import fit

HERE = Path(__file__).parent


def _script():
    spec = importlib.util.spec_from_file_location("longer_training", HERE / "longer_training.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()
MEASUREMENTS = SCRIPT.read()


def leaves(values):
    """The lists of numbers over seeds at the ends of nested dictionaries; texts, and rows of them, are none."""
    if isinstance(values, dict):
        return [leaf for value in values.values() for leaf in leaves(value)]
    return (
        [values]
        if values and isinstance(values, list) and all(isinstance(value, int | float) for value in values)
        else []
    )


@pytest.mark.parametrize("which", MEASUREMENTS)
def test_what_is_stored_was_measured_with_these_settings(which):
    measurement = MEASUREMENTS[which]
    stored = json.loads((SCRIPT.FOLDER / f"{which}.json").read_text(encoding="utf8"))
    assert {name: stored[name] for name in measurement["settings"]} == measurement["settings"]
    for name in ("what", "unit", "made_by", "reads"):
        assert stored.get(name) == measurement.get(name)
    for values in leaves(stored["values"]):
        assert len(values) in {len(stored[name]) for name in ("seeds", "tuning") if name in stored}
        # A share of nothing may be measured, and a factor below 0; a time, a loss or a size of 0 was not.
        least = -1 if "factor" in stored["unit"] else 0
        assert all(
            math.isfinite(value) and (value > 0 or (value >= least and "share" in stored["unit"])) for value in values
        )
    assert stored["machine"]
    assert len(stored["commit"]) == 40


def test_pages_have_no_other_stored_numbers():
    assert {path.stem for path in SCRIPT.FOLDER.glob("*")} == set(MEASUREMENTS)


@pytest.mark.parametrize("which", MEASUREMENTS)
def test_a_short_measurement_has_the_shape_of_the_long_one(which, monkeypatch):
    measurement = MEASUREMENTS[which]
    settings = dict(measurement["settings"])
    least = {"steps": 2, "seeds": [0], "tuning": [0], "tries": 1}
    if which == "08_memory":  # each number is of a process of its own: one shows as much as twelve
        peak, peaks = measurement["measure"].__globals__["peak"], list[int]()
        monkeypatch.setitem(
            measurement["measure"].__globals__,
            "peak",
            lambda *of: peaks[0] if peaks else peaks.append(peak(*of)) or peaks[0],
        )
    if which == "08_passes":
        least["sizes"] = [[max(2, T // 8), max(2, B // 8), D, H // 4] for T, B, D, H in settings["sizes"]]
    if settings.get("units", 0) > 64:
        least["units"] = 8  # no shape depends on it, and time does
    if which in ("13_costs", "13_costs_memory"):
        least["sizes"] = {d: [T // 16 for T in lengths] for d, lengths in settings["sizes"].items()}  # likewise
    if which.startswith("16_costs"):  # likewise; what is not asked of the long ones is not asked of these
        lengths, short = settings["lengths"], lambda chosen: [T // 16 for T in chosen]
        lengths = {k: short(of) for k, of in lengths.items()} if isinstance(lengths, dict) else short(lengths)
        least |= {"lengths": lengths, "limit": settings.get("limit", 0) / 16**2}
    if which == "16_costs_memory":  # in this process, and not in one for each layer
        made = measurement["measure"].__globals__
        monkeypatch.setitem(made, "measured", made["added"])
    if which.startswith("16_scan"):
        least["sizes"] = {n: [T // 16 for T in lengths] for n, lengths in settings["sizes"].items()}
    if which.startswith("15_text"):  # nor on the order of the n-grams, on how many are tried, or timed
        least |= {"order": 2, "rounds": 1, "best": 1, "count": 3}
    if which == "15_text_tuning":
        least |= {"choices": {kind: tried[:1] for kind, tried in settings["choices"].items()}, "sizes": [512]}
    settings |= {name: value for name, value in least.items() if name in settings}
    short = SCRIPT.record(**measurement | {"settings": settings})
    stored = json.loads((SCRIPT.FOLDER / f"{which}.json").read_text(encoding="utf8"))
    assert short.keys() == stored.keys()
    assert [len(values) for values in leaves(short["values"])] == [1] * len(leaves(stored["values"]))
    assert json.dumps(short)


def test_recall_with_a_warm_up_of_a_hundred_is_what_was_stored_before():
    """The same training, recorded twice: every run and every passage is the same one."""
    again, before = (
        json.loads((SCRIPT.FOLDER / f"15_recall{name}.json").read_text(encoding="utf8"))["values"]
        for name in ("_warmup", "")
    )
    again, before = again["100"], before["arms"]["2 layers"]
    assert again["at"] == before["at"]
    assert again["runs"] == {name: runs for name, runs in before["runs"].items() if name != "seconds"}
    for name, passage in before["passage"].items():
        assert {q: again["passage"][name][q] for q in passage} == passage


def test_other_steps_and_seeds_are_for_what_has_them():
    assert SCRIPT.changed({"steps": 9, "seeds": [1], "tuning": [3]}, 2, 10) == {
        "steps": 2,
        "seeds": [11],
        "tuning": [13],
    }
    assert SCRIPT.changed({"steps": 9, "size": 1}, None, 10) == {"steps": 9, "size": 1}
    assert SCRIPT.changed({"size": 1}, 2, 10) == {"size": 1}


def test_names_are_beginnings_and_an_unknown_one_is_refused():
    measurements = ["06_swing", "06_swing_first", "07_cloze", "07_depth_grid", "07_depth"]
    named = lambda *names: SCRIPT.named(names, measurements)  # noqa: E731
    assert named() == measurements
    assert named("07") == measurements[2:]
    assert named("07_depth", "06_swing$") == ["06_swing", "07_depth_grid", "07_depth"]
    with pytest.raises(ValueError, match="no such measurement: 08, depth"):
        named("07", "depth", "08")


def test_what_pages_read_is_measured_by_what_is_committed(tmp_path, monkeypatch):
    monkeypatch.setattr(SCRIPT, "ROOT", tmp_path)
    me = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    files = [tmp_path / "seqlib/a.py", tmp_path / "tests/benchmarks/longer_09.py"]
    for path in files:
        path.parent.mkdir(parents=True)
        path.write_text("a = 1\n")
    SCRIPT.git("init")
    assert "longer_09.py" in SCRIPT.uncommitted()
    SCRIPT.git("add", ".")
    SCRIPT.git(*me, "commit", "-m", "a")
    (tmp_path / "note").write_text("values do not depend on it")
    assert not SCRIPT.uncommitted()
    for path in files:
        path.write_text("a = 2\n")
        assert path.name in SCRIPT.uncommitted()
        path.write_text("a = 1\n")


def test_nothing_is_measured_for_pages_before_it_is_committed(monkeypatch, capsys):
    monkeypatch.setattr(SCRIPT, "uncommitted", lambda: " M seqlib/nn/gru.py")
    monkeypatch.setattr(SCRIPT, "record", lambda **wanted: pytest.fail("it is measured"))
    monkeypatch.setattr("sys.argv", ["longer_training.py", "04"])
    with pytest.raises(SystemExit):
        SCRIPT.main()
    assert "commit first\n M seqlib/nn/gru.py" in capsys.readouterr().err


def test_a_measurement_is_given_the_values_of_earlier_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(SCRIPT, "FOLDER", tmp_path / "pages")
    for folder, names in {"pages": "ab", "again": "b"}.items():
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.json").write_text(json.dumps({"values": f"{name} of {folder}"}))
    measured = SCRIPT.record(
        "w", "u", {"steps": 3}, lambda steps, earlier: earlier, "m", reads=["a", "b"], folder=tmp_path / "again"
    )
    assert measured["values"] == ["a of pages", "b of again"]
    assert measured["reads"] == ["a", "b"]


def test_the_time_of_processes_that_a_measurement_starts_is_counted():
    busy = "import time\nwhile time.process_time() < 1.5: pass"
    measured = SCRIPT.record(
        "w", "u", {}, lambda: subprocess.run([sys.executable, "-c", busy], check=True) and [1], "m"
    )
    assert 1 <= measured["cpu_seconds"] <= 4


def test_each_network_of_chapter_4_starts_as_its_name_says():
    script = runpy.run_path(str(HERE / "longer_04.py"))
    for name in script["NETWORKS"]:
        W = script["build"](name).core.weight_hh_l0.detach()
        scale = {"orthogonal + tanh": 1.0, "1.1 I + relu": 1.21}.get(name)
        if scale:
            assert (W.T @ W - scale * torch.eye(len(W))).abs().max() < 1e-5


def trained(build, task):
    """A network before and after three steps: two models."""
    torch.manual_seed(0)
    return build(), fit(build, task, steps=3, lr=0.05, seed=0).model


def names_of(chapter):
    """All networks that the measurements of a chapter name."""
    return {name for key, m in MEASUREMENTS.items() if key[:2] == chapter for name in m["settings"]["networks"]}


@pytest.mark.parametrize("name", sorted(names_of("05")))
def test_each_network_of_chapter_5_is_what_its_name_says(name):
    script = runpy.run_path(str(HERE / "longer_05.py"))
    task, H = Latch(6), script["H"]
    build = lambda: SequenceModel(script["layer"](name, 8), task.n_out, vocab_size=task.vocab_size)  # noqa: E731
    start, end = (model.core for model in trained(build, task))
    if "bias" in name:
        forget = (start.bias_ih_l0 + start.bias_hh_l0)[H : 2 * H]
        assert torch.equal(forget, torch.full((H,), float(name[-1])))
    elif "held" in name:
        for core in (start, end):
            assert not core.weight_ih_l0[H : 2 * H].any()
            assert not core.weight_hh_l0[H : 2 * H].any()
            assert torch.equal(torch.sigmoid(core.bias_ih_l0 + core.bias_hh_l0)[H : 2 * H], torch.ones(H))
    elif "relu" in name:
        assert start.nonlinearity == "relu"
        assert torch.equal(start.weight_hh_l0, torch.eye(H))
    else:
        assert name in ("RNN", "LSTM")
        assert 0 < start.weight_hh_l0.abs().max() <= H**-0.5
    assert not torch.equal(start.weight_ih_l0, end.weight_ih_l0), "it learns"


def test_a_start_that_is_misspelt_is_none():
    with pytest.raises(ValueError, match="LSTM has no start 'bais 3', only bias 0"):
        runpy.run_path(str(HERE / "longer_05.py"))["layer"]("LSTM, bais 3", 8)


@pytest.mark.parametrize("task", ["caught", "latch"])
@pytest.mark.parametrize("arm", runpy.run_path(str(HERE / "longer_06.py"))["ARMS"])
def test_each_reset_gate_of_chapter_6_is_what_its_name_says(arm, task):
    script = runpy.run_path(str(HERE / "longer_06.py"))
    task = script["TASKS"][task]
    start, end = (model.core for model in trained(lambda: script["build"](task, **script["ARMS"][arm]), task))
    whole = trained(lambda: script["build"](task), task)[0].core
    H = start.hidden_size
    assert (20 if "20 units" in arm else 16) == H
    if "half start" in arm:
        assert torch.equal(start.weight_hh_l0[2 * H :], whole.weight_hh_l0[2 * H :] / 2)
    for core in (start, end):
        sees_x, sees_h = (bool(weight[:H].any()) for weight in (core.weight_ih_l0, core.weight_hh_l0))
        x, h = torch.randn(50, core.input_size), torch.rand(50, H) * 2 - 1
        r = torch.sigmoid(
            x @ core.weight_ih_l0[:H].T + h @ core.weight_hh_l0[:H].T + (core.bias_ih_l0 + core.bias_hh_l0)[:H]
        )
        if arm.startswith("r = 1"):
            assert torch.equal(r, torch.ones(50, H))
        elif arm == "r constant":
            assert torch.equal(r, r[:1].expand(50, H))
        else:
            assert (sees_x, sees_h) == ("h alone" not in arm, "x alone" not in arm)
    moved = not torch.equal(start.bias_ih_l0[:H], end.bias_ih_l0[:H])
    assert moved == (not arm.startswith("r = 1")), "a gate that is held open stays, and every other learns"
