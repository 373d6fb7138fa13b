"""Each arm of what is measured of instructions is what its name says; answers are right if all their letters are."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("longer_15_instructions.py")))
GLOBALS = S["followed"].__globals__
HOW = S["MEASUREMENTS"]["instructions"]["settings"]
ASKED, RULES, INSTRUCTION = S["ASKED"], GLOBALS["RULES"], S["INSTRUCTION"]
LISTS = np.array([[1, 2, 3], [7, 0, 0], [5, 4, 6]])


def test_demonstrations_are_right_and_of_these_lists():
    shown = S["demonstrations"](LISTS, 2, np.random.default_rng(0))
    assert shown.shape == (10, 9)
    for k, (rule, follow) in enumerate(ASKED.items()):
        of_rule = shown[2 * k : 2 * k + 2]
        assert of_rule[:, 0].tolist() == [INSTRUCTION[rule]] * 2
        assert of_rule[:, [4, 8]].tolist() == [[9, 10]] * 2
        assert np.array_equal(of_rule[:, 5:8], follow(of_rule[:, 1:4]))
        assert len({tuple(x) for x in of_rule[:, 1:4]} & {tuple(x) for x in LISTS}) == 2


def tuned(monkeypatch, mixed):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, model=model, data=data)
        return SimpleNamespace(model=torch.nn.Dropout())

    monkeypatch.setitem(GLOBALS, "fit", fit)
    shown = S["demonstrations"](LISTS, 3, np.random.default_rng(0))
    assert not S["tuned"]("net", shown, mixed, 200, 7).training
    names = ("model", "steps", "loss", "seed", "lr", "clip_norm")
    assert [seen[name] for name in names] == ["net", 200, "cross_entropy", 7, 1e-3, 1.0]
    assert [round(seen["schedule"](step), 3) for step in (0, 9, 10, 105, 200)] == [0.1, 1.0, 1.0, 0.525, 0.05]
    return shown, seen["data"]


def test_fine_tuning_asks_for_answers_alone(monkeypatch):
    shown, data = tuned(monkeypatch, False)
    (x,), y, mask = data(3)
    assert x.shape == (32, 8)
    assert np.array_equal(np.concatenate([x, y[:, -1:]], 1), shown[np.random.default_rng([7, 3]).integers(15, size=32)])
    assert np.array_equal(x[:, 1:], y[:, :-1])
    assert mask.tolist() == [[False] * 4 + [True] * 3 + [False]] * 32
    assert not np.array_equal(data(4).inputs[0], x)


def test_half_of_a_mixed_batch_is_what_was_read_before(monkeypatch):
    shown, data = tuned(monkeypatch, True)
    (x,), y, mask = data(3)
    assert x.shape == y.shape == mask.shape == (32, 24)
    assert (x[:16, 0] == 8).all()
    assert mask[:16].all()
    assert (y[:16, [3, 11, 19]] == 9).all()
    assert (y[:16, [7, 15, 23]] == 10).all()
    assert len({tuple(row) for row in x[:16]}) == 16
    known = {tuple(row) for row in shown}
    assert {(*row[:8], last) for row, last in zip(x[16:].tolist(), y[16:, 7].tolist(), strict=True)} <= known
    assert mask[16:].tolist() == [[False] * 4 + [True] * 3 + [False] * 17] * 16


def test_an_answer_is_right_if_all_of_its_letters_are():
    answers = np.array([[3, 2, 1], [0, 0, 7], [6, 4, 4]])
    assert S["right"](answers, LISTS, "reversed") == pytest.approx(2 / 3)
    assert S["right"](answers, LISTS, "sorted") == pytest.approx(1 / 3)


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_prompts_end_where_an_answer_is_due(shown):
    ids = S["prompts"](LISTS, "reversed", shown, np.random.default_rng(0))
    assert ids.shape == (3, 5 + 8 * shown)
    assert (ids[:, 0] == 8).all()
    assert np.array_equal(ids[:, -4:-1], LISTS)
    assert (ids[:, -1] == 9).all()
    for k in range(shown):
        part = ids[:, 1 + 8 * k : 9 + 8 * k]
        assert np.array_equal(part[:, 4:7], part[:, 2::-1])
        assert (part[:, [3, 7]] == [9, 10]).all()
        assert not np.array_equal(part[:, :3], LISTS)
        assert len({tuple(row) for row in part[:, :3]}) == 3


def enumerated(ids, said):
    """P(next letter | a prompt and the letters of its answer so far), by Bayes' rule over the four rules."""
    pairs = [ids[1 + 8 * k : 8 + 8 * k] for k in range((len(ids) + 3) // 8)]
    joint = np.zeros(8)
    for follow in RULES.values():
        p = 1.0
        for pair in pairs:
            meant = follow(np.array(pair[:3]))
            for right, letter in zip(meant, [*pair[4:], *(said if len(pair) == 4 else [])], strict=False):
                p *= 0.1 / 8 + 0.9 * (right == letter)
        joint += p * (0.1 / 8 + 0.9 * (meant[len(said)] == np.arange(8)))
    return joint / joint.sum()


@pytest.mark.parametrize("shown", [0, 1, 2])
def test_the_exact_reader_writes_what_is_likeliest(shown):
    lists = np.random.default_rng(1).integers(8, size=(12, 3))
    ids = S["prompts"](lists, "next letters", shown, np.random.default_rng(0))
    slipped = ids.copy()
    if shown:
        slipped[:, 6] = (slipped[:, 6] + 1) % 8  # a slip in what is shown
    for prompt in (ids, slipped):
        answers = S["exact_answers"](prompt)
        for row, answer in zip(prompt.tolist(), answers.tolist(), strict=True):
            for t in range(3):
                p = enumerated(row, answer[:t])
                assert p[answer[t]] == pytest.approx(p.max())
    if shown == 2:
        assert S["right"](S["exact_answers"](ids), lists, "next letters") == 1


def test_few_shot_is_the_mean_over_rules(monkeypatch):
    calls = []

    def write(ids):
        calls.append(ids.shape[1])
        return ids[:, -4:-1]

    lists = np.array([[1, 2, 3], [3, 1, 2]])
    found = S["few_shot"](write, lists, 7)
    assert found == {f"{n} shown": pytest.approx((1 + 0 + 0.5 + 0) / 4) for n in (0, 1, 2)}
    assert calls == [5] * 4 + [13] * 4 + [21] * 4
    assert S["few_shot"](write, lists, 7, ["sorted"]) == {f"{n} shown": 0.5 for n in (0, 1, 2)}


def test_instructions_stand_first(monkeypatch):
    seen = []

    def written(net, ids):
        assert net == "net"
        seen.append(ids[0].tolist())
        return ids[:, 1:4]

    monkeypatch.setitem(GLOBALS, "written", written)
    lists = np.array([[1, 2, 3], [3, 1, 2]])
    assert S["instructed"]("net", lists) == pytest.approx(0.375)
    assert seen == [[INSTRUCTION[rule], 1, 2, 3, 9] for rule in RULES]
    assert S["instructed"]("net", lists, ["rotated"]) == 0


def test_arms_differ_in_what_their_names_say(monkeypatch):
    runs, lists = [], np.arange(24).reshape(8, 3) % 8

    class Net:
        def __init__(self, name):
            self.name = name

    def tuned(start, shown, mixed, steps, seed):
        runs.append((getattr(start, "name", start), len(shown), mixed, steps, seed))
        assert start is not pretrained
        assert set(map(tuple, shown[:, 1:4])) <= set(map(tuple, lists))
        return len(runs)

    pretrained = Net("pretrained")
    monkeypatch.setitem(GLOBALS, "tuned", tuned)
    monkeypatch.setitem(GLOBALS, "pretrained", lambda steps, seed: pretrained if (steps, seed) == (120, 7) else None)
    monkeypatch.setitem(GLOBALS, "split", lambda seed: (lists, "asked"))
    monkeypatch.setitem(GLOBALS, "written", lambda net, ids: (net.name, ids))
    monkeypatch.setitem(
        GLOBALS, "few_shot", lambda write, asked, seed, rules=RULES: (write("ids"), asked, seed, list(rules))
    )
    monkeypatch.setitem(GLOBALS, "exact_answers", lambda ids: ("exact", ids))
    monkeypatch.setitem(
        GLOBALS, "instructed", lambda net, asked, rules=RULES: (getattr(net, "name", net), asked, list(rules))
    )
    monkeypatch.setitem(
        GLOBALS, "bits", lambda net, n, seed: 10 if isinstance(net, Net) else net + 100 * (n, seed).index(7)
    )
    monkeypatch.setitem(GLOBALS, "exact_bits", lambda n, seed: n / seed)
    found = S["followed"](20, 7, [2, 5], 14)
    network = GLOBALS["network"]
    assert runs == [
        ("pretrained", 10, False, 20, 7),
        ("pretrained", 25, False, 20, 7),
        ("pretrained", 25, True, 20, 7),
        (network, 10, False, 20, 7),
        (network, 25, False, 20, 7),
        (network, 10, False, 140, 7),
        (network, 25, False, 140, 7),
    ]
    assert found["before"] == (("pretrained", "ids"), "asked", 7, list(RULES))
    assert found["exact"] == (("exact", "ids"), "asked", 7, list(RULES))
    assert found["new rule before"] == (("pretrained", "ids"), "asked", 7, ["rotated"])
    assert found["instruction unseen"] == ("pretrained", "asked", list(RULES))
    assert found["bits"] == {"pretrained": 10, "exact": 2}
    places = [("pretrained", "2"), ("pretrained", "5"), ("pretrained, mixed", "5"), ("scratch", "2"), ("scratch", "5")]
    places += [("scratch, equal compute", "2"), ("scratch, equal compute", "5")]
    assert [(arm, n) for arm, of in found["after"].items() for n in of] == places
    for k, (arm, n) in enumerate(places, 1):
        expected = {"known": (k, "asked", list(RULES)), "new": (k, "asked", ["rotated"]), "bits": 100 + k}
        assert found["after"][arm][n] == expected


def test_values_are_stored_by_seed(monkeypatch):
    monkeypatch.setitem(GLOBALS, "followed", lambda *how: how)
    assert S["instructions"](30, [1, 2], [8], 9) == {"runs": [(30, 1, [8], 9), (30, 2, [8], 9)]}


def test_settings_are_those_of_the_hypotheses():
    assert len(set(HOW["seeds"])) == 5
    assert HOW["steps"] == 200
    assert HOW["numbers"] == [8, 64]
    assert all(n <= len(GLOBALS["split"](seed)[0]) for n, seed in itertools.product(HOW["numbers"], HOW["seeds"]))
