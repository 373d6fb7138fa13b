"""The benchmark of decoders compares the same answers, tells the truth, and can fail."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

SCRIPT = Path(__file__).with_name("decoding.py")


@pytest.fixture(scope="module")
def script():
    """The script as a module, with those beside it."""
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("decoding_benchmark", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(SCRIPT.parent))
    return module


@pytest.fixture
def quick(script, monkeypatch, capsys, tmp_path):
    """The function that runs it on few sentences with an untrained model, and times that are given."""
    monkeypatch.setattr(script, "SIZES", (1, 3))
    monkeypatch.setattr(script, "MAX_LENGTH", 3)
    monkeypatch.setattr(script, "TARGET", tmp_path / "decoding.json")

    def run(*arguments, milliseconds=(1.0, 2.0, 20.0)):
        asked = []

        def medians(runs, seconds, least, clock):
            asked.append(clock)
            return dict(zip(runs, milliseconds, strict=True))

        monkeypatch.setattr(script, "medians", medians)
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), "--steps", "0", *arguments])
        threads = torch.get_num_threads()
        code = script.main()
        torch.set_num_threads(threads)
        assert asked
        return code, capsys.readouterr().out

    return run


def test_both_beams_give_the_same_answers(script):
    """With random weights drawn apart, so that sentences differ; in float64, so that sums do not."""
    model = script.build().double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)
    source, lengths = script.sentences(5)
    assert len(set(lengths.tolist())) > 1
    found = {name: way() for name, way in script.ways(model, source, lengths).items()}
    assert [list(map(int, s)) for s in found["together"]] == [list(map(int, s)) for s in found["one by one"]]
    assert len(found["greedy"]) == 5
    assert len({tuple(s.tolist()) for s in found["together"]}) > 1
    assert [s.tolist() for s in found["greedy"]] != [s.tolist() for s in found["together"]]


def test_the_first_sentences_are_always_the_same(script):
    few, many = script.sentences(2), script.sentences(9)
    np.testing.assert_array_equal(few[1], many[1][:2])
    np.testing.assert_array_equal(few[0], many[0][:2, : few[1].max()])


@pytest.mark.parametrize(("milliseconds", "code", "verdict"), [((1, 2, 15.9), 1, "missed"), ((1, 2, 16.1), 0, "met")])
def test_the_bar_decides(quick, milliseconds, code, verdict):
    ended, said = quick("--bars", milliseconds=milliseconds)
    assert (ended, said.split()[-1]) == (code, verdict)
    assert said.splitlines()[1].split()[:2] == ["3", "sentences"]
    assert len(said.splitlines()) == (3 if code == 0 else 5)  # a missed one is tried three times


def test_without_a_bar_nothing_can_be_missed(quick):
    assert quick(milliseconds=(1.0, 9.0, 1.0))[0] == 0


def test_tokens_per_second_of_what_was_said(script, quick):
    said = quick()[1].splitlines()[1:]
    one = script.sentences(1)
    tokens = {name: sum(map(len, way())) for name, way in script.ways(script.build(), *one).items()}
    assert (
        f"together {1000 * tokens['together'] / 2.0:.0f} one by one {1000 * tokens['one by one'] / 20:.0f}" in said[0]
    )
    assert "× 10.0" in said[0]


def test_what_is_stored(script, quick, monkeypatch):
    monkeypatch.setattr(
        script, "peak", lambda name, weights, n: {"greedy": 1, "together": 2, "one by one": 3}[name] << 20
    )
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "0123abc\n"))
    assert quick("--store")[0] == 0
    stored = json.loads(script.TARGET.read_text(encoding="utf8"))
    assert [row["sentences"] for row in stored["rows"]] == [1, 3]
    assert stored["memory"] == {"greedy": 1, "together": 2, "one by one": 3}
    assert stored["commit"] == "0123abc"
    assert stored["rows"][0]["together"] == pytest.approx(10 * stored["rows"][0]["one by one"], rel=0.01)


def test_peak_memory_is_measured_in_another_process(script, tmp_path):
    weights = tmp_path / "weights.pt"
    torch.save(script.build().state_dict(), weights)
    assert script.peak("together", weights, 128) > script.peak("together", weights, 1) >= 0


def test_what_the_page_says_in_words_is_what_is_stored(script):
    """The sentences of book/speed.md under "Decoding"; whoever measures again looks here what to change."""
    stored = json.loads(script.TARGET.read_text(encoding="utf8"))
    rows = {row["sentences"]: row for row in stored["rows"]}
    assert [*rows] == [*script.SIZES]
    ratios = {n: row["together"] / row["one by one"] for n, row in rows.items()}
    assert 0.75 < ratios[1] < 1.3
    assert sorted(ratios.values()) == [*ratios.values()]
    assert ratios[128] > 2 * script.BAR
    assert 2.5 < rows[128]["greedy"] / rows[128]["together"] < 3.5
