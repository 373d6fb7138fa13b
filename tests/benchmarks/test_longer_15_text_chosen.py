"""Budgets and choices of what chapter 15 measures of text: all take turns, equal time, the validation text decides."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

S = runpy.run_path(str(Path(__file__).with_name("longer_15_text.py")))
GLOBALS = S["scores"].__globals__
HOW = {name: of["settings"] for name, of in S["MEASUREMENTS"].items()}
GPT, LSTM, NETWORKS, CHOICES = (S[name] for name in ("GPT", "LSTM", "NETWORKS", "CHOICES"))


def test_a_step_is_timed_without_the_first(monkeypatch):
    now = SimpleNamespace(s=0.0)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: now.s))

    def trained(name, rate, dropout, steps, seed, size, on_step):
        assert (name, steps, seed, size) == ("a network", 4, 3, 512)
        for took in (9.0, 0.1, 0.2, 0.6):
            now.s += took
            on_step(None)
        now.s += 50

    monkeypatch.setitem(GLOBALS, "trained", trained)
    assert S["timed"]("a network", 3, 3, 512) == pytest.approx(300)


def test_the_clock_lets_all_take_turns(monkeypatch):
    asked = []
    machine = [1, 3, 2]  # other work on it, by round

    def timed(name, steps, seed, size):
        assert (steps, seed) == (5, 20)
        asked.append((name, size))
        alone = 10 if name == next(iter(NETWORKS)) else 4
        return machine[(len(asked) - 1) // arms] * alone * (1 if size is None else 3)

    kinds = [of["kind"] for of in NETWORKS.values()]
    arms = 2 * kinds.count(GPT) + kinds.count(LSTM)
    monkeypatch.setitem(GLOBALS, "timed", timed)
    found = S["clock"](5, [20], 3, [512])
    assert len(asked) == 3 * arms
    assert asked == asked[:arms] * 3
    assert list(found["ms"]) == list(found["ratio"])
    first, *others = NETWORKS
    assert found["ms"][first] == [[10, 30, 20]]
    assert found["ratio"][first] == 1
    assert found["ratio"][f"{first}, 512 tokens"] == 3
    assert {found["ratio"][name] for name in others} == {0.4}
    assert f"{others[-1]}, 512 tokens" not in found["ratio"]


def test_ratios_are_medians_of_rounds(monkeypatch):
    monkeypatch.setitem(GLOBALS, "NETWORKS", {"a": {"kind": LSTM}, "b": {"kind": LSTM}})
    times = iter([1.0, 2.0, 100.0, 300.0, 1.0, 9.0])
    monkeypatch.setitem(GLOBALS, "timed", lambda *how: next(times))
    assert S["clock"](5, [20], 3, [])["ratio"] == {"a": 1, "b": 3}


def test_what_is_chosen_is_chosen_on_the_validation_text_with_equal_time(monkeypatch):
    asked = []
    good = {("g", 0.1): 5.0, ("g", 0.2): 3.0, ("h", 0.1): 2.0, ("h", 0.2): 6.0, ("l", 0.1): 2.5, ("l", 0.2): 1.0}
    ratio = {"g": 1.0, "h": 2.0, "l": 0.4, "h, 512 tokens": 4.0, "h, 1000 tokens": 5.0}

    def scores(name, rate, dropout, steps, seed, size=None):
        assert (seed, dropout) == (20, 0.5)
        asked.append((name, size, steps))
        value = good[name, rate] if size is None else {512: 1.5, 1000: 1.25}[size]
        return None, {"valid": value, "bits per byte": -value}

    monkeypatch.setitem(GLOBALS, "scores", scores)
    choices = {GPT: [["g", 0.1, 0.5], ["g", 0.2, 0.5], ["h", 0.1, 0.5], ["h", 0.2, 0.5]]}
    choices[LSTM] = [["l", 0.1, 0.5], ["l", 0.2, 0.5]]
    found = S["tuning"](1000, [20], choices, 0.2, [512, 1000], [{"ratio": ratio}])
    assert asked[:4] == [("g", None, 200), ("g", None, 200), ("h", None, 100), ("h", None, 100)]
    assert asked[4:] == [("l", None, 500), ("l", None, 500), ("h", 512, 50), ("h", 1000, 40)]
    assert found[GPT]["h; rate 0.1; dropout 0.5"] == 2
    assert found[LSTM] == {"l; rate 0.1; dropout 0.5": 2.5, "l; rate 0.2; dropout 0.5": 1}
    assert found["BPE"] == {"512": 1.5, "1000": 1.25}
    asked.clear()
    S["tuning"](2, [20], choices, 0.2, [512, 1000], [{"ratio": ratio}])
    assert {steps for *_, steps in asked} == {1}, "at least one step"
    assert found["chosen"] == {GPT: ["h", 0.1, 0.5], LSTM: ["l", 0.2, 0.5], "size": 1000}


def test_both_kinds_are_tried_equally_often_on_a_seed_of_its_own():
    earlier = S["BEFORE"]["MEASUREMENTS"]["characters"]["settings"]
    assert HOW["text"]["seeds"] == HOW["text_bpe"]["seeds"] == earlier["seeds"]
    assert HOW["text"]["order"] == earlier["order"]
    assert HOW["text"]["steps"] == HOW["text_bpe"]["steps"] == HOW["text_tuning"]["steps"]
    for name in ("text_clock", "text_tuning"):
        assert len(HOW[name]["seeds"]) == 1
        assert not set(HOW[name]["seeds"]) & set(HOW["text"]["seeds"])
    assert HOW["text_clock"]["sizes"] == HOW["text_tuning"]["sizes"]
    assert set(CHOICES) == {GPT, LSTM}
    assert len({tuple(choice) for choice in CHOICES[GPT]}) == len({tuple(choice) for choice in CHOICES[LSTM]}) == 8
    for kind, choices in CHOICES.items():
        assert {NETWORKS[name]["kind"] for name, *_ in choices} == {kind}
    assert HOW["text_tuning"]["choices"] is CHOICES
    assert [S["MEASUREMENTS"][name].get("reads") for name in HOW] == [
        None,
        ["15_text_clock"],
        *[["15_text_clock", "15_text_finals"]] * 2,
    ]
