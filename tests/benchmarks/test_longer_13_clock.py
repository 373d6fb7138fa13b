"""What is measured of other clocks is what its name says: which rates, which distance is predicted or forbidden."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[2]
C = runpy.run_path(str(ROOT / "tests/benchmarks/longer_13_clock.py"))
D, POSITIONS = C["D"], C["S"]
HOW = {name: of["settings"] for name, of in C["MEASUREMENTS"].items()}


def made(seed=0, heads=4, base=100.0):
    """A network before its training, whose heads look at few places."""
    torch.manual_seed(seed)
    net = C["network"](heads, base).eval()
    with torch.no_grad():
        for block in net.core.layers:
            block.self_attn.in_proj_weight.mul_(4)
    return net


@pytest.mark.parametrize("name", [*C["SETTINGS"], *C["BEFORE"]])
def test_the_distance_that_is_predicted_is_the_most_alike_by_each_weight(name):
    heads, base, named = (C["SETTINGS"] | C["BEFORE"])[name]
    for weighted, found in C["alike"](range(16, 32), heads, base).items():
        assert max(found, key=found.get) == f"{named}", weighted


def test_each_setting_is_what_its_name_says():
    assert C["BEFORE"] == {"base 10,000": [2, 10_000.0, 22]}
    assert {name: of[:2] for name, of in C["SETTINGS"].items()} == {
        "base 50,000": [2, 50_000.0],
        "base 1,000": [2, 1_000.0],
        "base 100, heads of 8": [4, 100.0],
    }
    assert POSITIONS["D_MODEL"] == 32, "four heads have 8 features each"


def test_alike_is_that_of_the_networks_before_and_follows_base_and_width():
    assert C["alike"](range(16, 32), 2, 10_000.0) == D["alike"](range(16, 32))
    rates = np.array([1, 0.25, 1 / 16, 1 / 64])  # of 8 features
    cosine = np.cos(14 * rates)
    expected = {
        "mean": cosine.mean(),
        "by rate": (rates * cosine).sum() / rates.sum(),
        "two fastest": cosine[:2].mean(),
    }
    found = {name: of["17"] for name, of in C["alike"]([17], 4, 256.0).items()}
    assert found == pytest.approx(expected, abs=1e-3)


def test_narrow_heads_have_the_two_fastest_rates_of_wide_ones():
    narrow, wide = (C["alike"](range(16, 32), heads, base)["two fastest"] for heads, base in ((4, 100.0), (2, 1e4)))
    assert narrow == wide


def test_a_network_has_these_heads_and_turns_at_this_base():
    for heads, base in ((2, 50_000.0), (4, 100.0)):
        for block in made(heads=heads, base=base).core.layers:
            assert (block.self_attn.n_heads, block.self_attn.rotary) == (heads, base)
            assert block.self_attn.d_k == 32 // heads
    assert len(made().core.layers) == 2


def test_networks_look_at_nothing_behind():
    net, x = made(), torch.arange(1, 9)[None]
    with torch.no_grad():
        assert torch.allclose(net(x)[0][:, :5], net(x[:, :5])[0], atol=1e-5)


def test_training_is_that_of_the_positions():
    ours, theirs = C["trained"](2, 10_000.0, 40, 0.03, 9), POSITIONS["trained"]("lag", True, "rotary", 40, 0.03, 9)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)
    assert not ours.training
    other = C["trained"](2, 50_000.0, 40, 0.03, 9)
    assert not torch.equal(next(other.parameters()), next(ours.parameters()))


def test_a_network_is_trained_once():
    assert C["trained"](2, 10_000.0, 3, 0.01, 1) is C["trained"](2, 10_000.0, 3, 0.01, 1)


def test_forbidden_are_the_one_that_is_named_and_all_others():
    found = C["forbidden"](28)
    assert found == {"nothing": [], "named": [28], "others": [*range(16, 28), 29, 30, 31]}
    assert C["MORE"] == {"16": [16], "16 and 22": [16, 22], "16 to 31": list(range(16, 32))}


def test_beyond_is_the_share_at_the_places_that_have_a_word_so_far_back():
    found = np.zeros((4, 32), bool)
    found[:, :28] = True
    assert C["beyond"](found, 28) == 0
    assert C["beyond"](found, 27) == 0.2
    found[0, 28:] = True
    assert C["beyond"](found, 28) == 0.25


def test_scores_are_those_of_their_names():
    net, named = made(3), 28
    batch = POSITIONS["labelled"]("lag", [32] * 300, np.random.default_rng([5, 10**6, 32]))
    found = C["scores"](net, 5, named, {"some": [16, 17, 20, 28]})
    assert set(found) == {"inside", "places", "beyond", "alone"}
    assert found["inside"] == POSITIONS["inside"](net, "lag", 5)
    assert list(found["places"]) == list(found["beyond"]) == ["nothing", "named", "others", "some"]
    others = [*range(16, 28), 29, 30, 31]
    for name, these in {"nothing": [], "named": [28], "others": others, "some": [16, 17, 20, 28]}.items():
        right = D["right"](net, batch, these)
        assert found["places"][name] == pytest.approx(right[:, 3:].mean(0), abs=1e-3)
        assert found["beyond"][name] == pytest.approx(right[:, 28:].mean(), abs=1e-3)
    assert list(found["alone"]) == [f"{d}" for d in range(16, 32)]
    for d in (16, 30):
        assert found["alone"][f"{d}"] == pytest.approx(D["right"](net, batch, [d])[:, 28:].mean(), abs=1e-3)
    assert found["places"]["others"] != found["places"]["nothing"], "the network depends on what is forbidden"


def test_runs_are_gathered_over_seeds():
    runs = [{"a": 1, "b": {"c": [2, 3], "d": 4}}, {"a": 5, "b": {"c": [6, 7], "d": 8}}]
    assert C["gathered"](runs) == {"a": [1, 5], "b": {"c": [[2, 3], [6, 7]], "d": [4, 8]}}


def test_values_are_stored_under_their_names(monkeypatch):
    asked = []
    within = C["clock"].__globals__
    monkeypatch.setitem(within, "trained", lambda *how: asked.append(how) or how)
    monkeypatch.setitem(within, "scores", lambda *how: {"how": how})
    earlier = [{"chosen": {"lag, causal, rotary": 0.25, "lag, causal, none": 0.5}}]
    found = C["clock"](40, [7, 8], {"one": [2, 300.0, 28], "two": [4, 50.0, 16]}, {"16": [16]}, earlier)
    assert asked == [(h, base, 40, 0.25, seed) for h, base in ((2, 300.0), (4, 50.0)) for seed in (7, 8)]
    assert found["one"]["how"] == [((2, 300.0, 40, 0.25, seed), seed, 28, {"16": [16]}) for seed in (7, 8)]
    assert found["two"]["how"][1] == ((4, 50.0, 40, 0.25, 8), 8, 16, {"16": [16]})
    assert found["two"]["alike"] == C["alike"](range(16, 32), 4, 50.0)


def test_settings_are_those_of_the_networks_before():
    assert all(how["steps"] == D["MEASUREMENTS"]["distance"]["settings"]["steps"] for how in HOW.values())
    assert (HOW["clock"]["settings"], HOW["clock"]["more"]) == (C["SETTINGS"], {})
    assert (HOW["clock_seeds"]["settings"], HOW["clock_seeds"]["more"]) == (C["BEFORE"], C["MORE"])
    assert len(HOW["clock"]["seeds"]) == 10
    assert HOW["clock_seeds"]["seeds"] == [o + s for o in (1000, 2000, 3000) for s in range(130, 135)]
    used = {120, 121, *POSITIONS["SEEDS"], *HOW["clock_seeds"]["seeds"]}
    assert not used & set(HOW["clock"]["seeds"])
    assert all(of["reads"] == ["13_positions"] for of in C["MEASUREMENTS"].values())
