"""The control is the LSTM by BPE with as much time as the first network, by a clock in which both take turns."""

import runpy
from pathlib import Path

S = runpy.run_path(str(Path(__file__).with_name("longer_15_control.py")))
GLOBALS = S["control"].__globals__
GPT, LSTM = S["S"]["GPT"], S["S"]["LSTM"]
HOW = S["MEASUREMENTS"]["text_bpe_lstm"]
EARLIER = [{"chosen": {GPT: ["g", 0.1, 0.0], LSTM: ["l", 0.2, 0.3], "size": 262}}]


def test_the_lstm_by_bpe_has_as_much_time(monkeypatch):
    asked, timed = [], []
    machine = [1, 10, 2]  # other work on it, by round

    def clock(name, steps, seed, size):
        timed.append((name, steps, seed, size))
        k = (len(timed) - 1) // 2
        return machine[k] * ([2.0, 2.0, 6.0][k] if name == "l" else 4.0)

    def scores(*how):
        asked.append(how)
        return None, {"bits per byte": how[4]}

    networks = {"first": {}, "g": {}, "l": {}}
    monkeypatch.setitem(GLOBALS, "S", dict(S["S"]) | {"timed": clock, "scores": scores, "NETWORKS": networks})
    found = S["control"](100, [7, 8], 3, 5, 20, EARLIER)
    assert timed == [("first", 5, 20, None), ("l", 5, 20, 262)] * 3
    assert asked == [("l", 0.2, 0.3, 200, 7, 262), ("l", 0.2, 0.3, 200, 8, 262)]
    assert found == {"size": 262, "ratio": 0.5, "arms": {LSTM: {"bits per byte": [7, 8]}}}


def test_it_is_measured_as_the_gpt():
    of, gpt = HOW["settings"], S["S"]["MEASUREMENTS"]["text_bpe"]
    clock = S["S"]["MEASUREMENTS"]["text_clock"]["settings"]
    assert {name: of[name] for name in gpt["settings"]} == gpt["settings"]
    assert (of["rounds"], of["turn"], [of["timing"]]) == (clock["rounds"], clock["steps"], clock["seeds"])
    assert HOW["reads"] == gpt["reads"][1:]
