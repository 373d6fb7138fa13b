"""What is measured of forbidden distances is what its name says: which are forbidden, where, and which is alike."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.batching import Batch
from seqlib.nn.positions import rotated, rotation

ROOT = Path(__file__).parents[2]
S = runpy.run_path(str(ROOT / "tests/benchmarks/longer_13_distance.py"))
POSITIONS = S["S"]
HOW = S["MEASUREMENTS"]["distance"]["settings"]


def made(seed=0):
    """A network before its training, of double precision, whose heads look at few places."""
    torch.manual_seed(seed)
    net = POSITIONS["network"](True, "rotary").double().eval()
    with torch.no_grad():
        for block in net.core.layers:
            block.self_attn.in_proj_weight.mul_(4)
    return net


def sequences(cases=40, T=32):
    return POSITIONS["labelled"]("lag", [T] * cases, np.random.default_rng(4))


def test_alike_is_the_score_of_two_that_have_the_same_part_in_each_pair():
    net = made()
    attention = net.core.layers[0].self_attn
    query = torch.randn(attention.d_k // 2, 2, dtype=torch.double)
    query = (query / query.norm(dim=1, keepdim=True)).flatten()  # a direction in each pair, and length 1 in all
    turn = rotation(torch.arange(32.0), attention.d_k, attention.rotary, dtype=torch.double)
    key = rotated(query, turn[3])  # so turned that it scores most 3 places before the query
    scores = {d: rotated(query, turn[31]) @ rotated(key, turn[31 - d]) / (attention.d_k // 2) for d in range(32)}
    assert max(scores, key=scores.get) == 3
    found = S["alike"](range(32))
    assert [found["mean"][f"{d}"] for d in range(32)] == pytest.approx([float(scores[d]) for d in range(32)], abs=1e-3)


@pytest.mark.parametrize("name", ["mean", "by rate", "two fastest"])
def test_the_distance_that_the_theory_names_is_the_most_alike_of_all_new_ones(name):
    found = S["alike"](S["NEW"])[name]
    assert list(found) == [f"{d}" for d in range(16, 32)]
    assert max(found, key=found.get) == f"{S['NAMED']}" == "22"


def test_alike_has_the_weights_that_its_names_say():
    rates = np.array([10_000 ** (-2 * i / 16) for i in range(8)])
    cosine = np.cos(8 * rates)
    found = {name: of["11"] for name, of in S["alike"]([11]).items()}
    by_rate = (rates * cosine).sum() / rates.sum()
    expected = {"mean": cosine.mean(), "by rate": by_rate, "two fastest": cosine[:2].mean()}
    assert found == pytest.approx(expected, abs=1e-3)


def test_the_mask_forbids_these_distances_and_no_other():
    mask = S["allowed"](9, [2, 5])
    assert mask.shape == (1, 9, 9)
    assert all(bool(mask[0, t, s]) == (t - s not in (2, 5)) for t in range(9) for s in range(9))
    assert S["allowed"](9, []).all()


def test_nothing_forbidden_is_the_network_as_it_was_trained():
    net, batch = made(), sequences()
    with torch.no_grad():
        plain = net(torch.tensor(batch.inputs[0]))[0].argmax(2).numpy() == batch.y
    assert np.array_equal(S["right"](net, batch, []), plain)
    assert 0 < plain.mean() < 1


def test_a_distance_is_forbidden_in_every_block():
    """With all but its own place forbidden, an answer depends on the symbol there alone."""
    net, batch = made(), sequences()
    (x, lengths), y, mask = batch
    y = np.full_like(y, 1)
    found = S["right"](net, Batch((x, lengths), y, mask), list(range(1, 32)))
    by_symbol = [set(found[x == v].tolist()) for v in range(1, 9)]
    assert all(len(said) == 1 for said in by_symbol)
    only = torch.arange(1, 9)[:, None]
    with torch.no_grad():
        assert [said.pop() for said in by_symbol] == (net(only)[0].argmax(2)[:, 0] == 1).tolist()


def test_places_without_such_a_distance_stay_as_they_are():
    net, batch = made(), sequences(cases=300)
    before, after = S["right"](net, batch, []), S["right"](net, batch, [22])
    assert np.array_equal(before[:, :22], after[:, :22])
    assert (before != after)[:, 22:].sum() > 10


def test_beyond_is_the_share_at_the_places_that_have_a_word_22_back():
    found = np.zeros((4, 32), bool)
    found[:, :22] = True
    assert S["beyond"](found) == 0
    found[0, 22:] = True
    assert S["beyond"](found) == 0.25
    found[:, 31] = True
    assert S["beyond"](found) == 0.325


class Heads(torch.nn.Module):
    """Two layers of two heads that attend by distance; that of layer 2, head 1 mostly to 3, another more to 22."""

    SHARES = ({3: 0.2, 22: 0.8}, {3: 0.0, 30: 0.9}, {3: 0.5, 22: 0.3, 31: 0.25}, {3: 0.1, 16: 0.7})

    def forward(self, x, need_weights):
        assert need_weights
        B, T = x.shape
        weights = torch.zeros(2, B, 2, T, T)
        for head, of in enumerate(self.SHARES):
            for d, share in of.items():
                for t in range(d, T):
                    weights[head // 2, :, head % 2, t, t - d] = share if t >= 22 else 1 - share
        weights[:, 0] *= 0.8
        weights[:, 1] *= 1.2
        return None, weights


def test_attention_is_that_of_the_head_which_gives_most_to_the_third_before():
    found = S["attention"](Heads(), sequences(cases=2), range(16, 32))
    expected = dict.fromkeys(["3", *map(str, range(16, 32))], 0.0) | {"3": 0.5, "22": 0.3, "31": 0.25}
    assert found == pytest.approx(expected, abs=1e-3)


def test_values_are_stored_under_their_names(monkeypatch):
    asked = []

    def trained(*how):
        asked.append(how)
        return made(how[-1])

    monkeypatch.setitem(POSITIONS, "trained", trained)
    earlier = [{"chosen": {"lag, causal, rotary": 0.25, "lag, causal, none": 0.5}}]
    forbidden = {"nothing": [], "some": [16, 17, 18, 20, 22], "22": [22]}
    found = S["distance"](40, [7, 8], [20, 22], forbidden, earlier)
    assert asked == [("lag", True, "rotary", 40, 0.25, 7), ("lag", True, "rotary", 40, 0.25, 8)]
    assert list(found["arms"]) == list(forbidden)
    for i, seed in enumerate([7, 8]):
        batch = POSITIONS["labelled"]("lag", [32] * 300, np.random.default_rng([seed, 10**6, 32]))
        scores = POSITIONS["scores"](made(seed), "lag", seed, [4, 32])
        assert found["arms"]["nothing"]["places"][i] == scores["places"], "the sequences of 13_positions"
        for name, these in forbidden.items():
            right = S["right"](made(seed), batch, these)
            assert found["arms"][name]["places"][i] == pytest.approx(right[:, 3:].mean(0), abs=1e-3)
            assert found["arms"][name]["beyond"][i] == S["beyond"](right)
        assert found["attention"]["22"][i] == S["attention"](made(seed), batch, [22])["22"]
        assert found["alone"]["20"][i] == S["beyond"](S["right"](made(seed), batch, [20]))
    assert found["arms"]["some"]["places"] != found["arms"]["nothing"]["places"]
    assert found["alone"]["22"] == found["arms"]["22"]["beyond"]
    assert set(found["alone"]) == {"20", "22"}
    assert list(found["attention"]) == ["3", "20", "22"]
    assert found["alike"] == S["alike"]([20, 22])


def test_settings_are_those_of_the_positions():
    before = POSITIONS["MEASUREMENTS"]["positions"]["settings"]
    assert (HOW["steps"], HOW["seeds"]) == (before["steps"], before["seeds"])
    assert before["arms"][S["ARM"]] == ["lag", True, "rotary"]
    assert HOW["new"] == list(range(POSITIONS["TRAINED"][1], 32)), "16 words have distances up to 15"
    assert HOW["forbidden"] == {
        "nothing": [],
        "22": [22],
        "16 to 21": [16, 17, 18, 19, 20, 21],
        "21": [21],
        "23 to 31": [23, 24, 25, 26, 27, 28, 29, 30, 31],
        "16 to 31 but 22": [*range(16, 22), *range(23, 32)],
    }
    assert S["MEASUREMENTS"]["distance"]["reads"] == ["13_positions"]


def test_as_trained_the_networks_are_those_of_the_positions():
    before, now = (
        np.array(json.loads((ROOT / f"chapters/measured/{name}.json").read_text())["values"]["arms"][arm]["places"])
        for name, arm in (("13_positions", S["ARM"]), ("13_distance", "nothing"))
    )
    assert now == pytest.approx(before, abs=0.02)
