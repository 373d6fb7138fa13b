"""The finals are between the best of the tuning, with the whole budget, and the validation text decides them."""

import runpy
from pathlib import Path

S = runpy.run_path(str(Path(__file__).with_name("longer_15_finals.py")))
GLOBALS = S["finals"].__globals__
GPT, LSTM = S["S"]["GPT"], S["S"]["LSTM"]
CHOICES = {GPT: [["g", 0.1, 0.5], ["g", 0.2, 0.5], ["h", 0.1, 0.0]], LSTM: [["l", 0.1, 0.0], ["l", 0.2, 0.3]]}
TUNING = {GPT: {"g 1": 5.0, "g 2": 3.0, "h 1": 2.0}, LSTM: {"l 1": 1.5, "l 2": 1.0}, "chosen": {GPT: "h", "size": 512}}


def test_the_best_two_of_each_kind_have_the_whole_budget(monkeypatch):
    asked = []
    whole = {("g", 0.2): 1.0, ("h", 0.1): 1.5, ("l", 0.1): 0.75, ("l", 0.2): 0.5}

    def scores(*how):
        asked.append(how)
        return None, {"valid": whole[how[:2]], "bits per byte": -whole[how[:2]]}

    monkeypatch.setitem(GLOBALS, "S", dict(S["S"]) | {"scores": scores})
    ratio = {"g": 1.0, "h": 2.0, "l": 0.5}
    found = S["finals"](100, [20], CHOICES, 2, [{"ratio": ratio}, TUNING])
    assert asked == [
        ("h", 0.1, 0.0, 50, 20),
        ("g", 0.2, 0.5, 100, 20),
        ("l", 0.2, 0.3, 200, 20),
        ("l", 0.1, 0.0, 200, 20),
    ]
    assert found[GPT] == {"h 1": 1.5, "g 2": 1.0}
    assert found[LSTM] == {"l 2": 0.5, "l 1": 0.75}
    assert found["chosen"] == {"size": 512, GPT: ["g", 0.2, 0.5], LSTM: ["l", 0.2, 0.3]}
    assert list(S["finals"](100, [20], CHOICES, 1, [{"ratio": ratio}, TUNING])[GPT]) == ["h 1"]


def test_finals_are_those_of_the_tuning():
    of, measured = S["MEASUREMENTS"]["text_finals"], S["S"]["MEASUREMENTS"]
    tuning = measured["text_tuning"]["settings"]
    assert of["reads"] == ["15_text_clock", "15_text_tuning"]
    assert measured["text"]["reads"][1] == measured["text_bpe"]["reads"][1] == "15_text_finals"
    assert (of["settings"]["seeds"], of["settings"]["choices"]) == (tuning["seeds"], tuning["choices"])
    assert of["settings"]["steps"] == measured["text"]["settings"]["steps"]
    assert of["settings"]["best"] == 2
