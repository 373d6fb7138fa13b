"""What is measured of a cache is the next token and nothing else; the clock is made up where times are counted."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.nn import GPT

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_15_cache.py")))
about, GLOBALS = SCRIPT["about"], SCRIPT["tokens"].__globals__
SETTINGS = SCRIPT["MEASUREMENTS"]["cache"]["settings"]
OURS, THEIRS = "seqlib", "Hugging Face"
WAYS = [f"{who}, {how}" for who in (OURS, THEIRS) for how in ("cache", "no cache")]
V, LAYERS, D = 11, 3, 8
SMALL = {"vocab_size": V, "d": D, "n_heads": 2, "n_layers": LAYERS, "longest": 80}


def test_a_seed_draws_its_own_length_near_by():
    drawn = np.array([about(1000, seed) for seed in range(200)]) / 1000
    assert 0.84 <= drawn.min() < 0.88
    assert 1.14 < drawn.max() <= 1.19
    assert np.log(np.median(drawn)) == pytest.approx(0, abs=0.03)
    assert about(2000, 3) != 2 * about(1000, 3)


def test_settings_are_those_of_the_page():
    names = ("d", "n_heads", "n_layers", "vocab_size", "lengths")
    assert [SETTINGS[name] for name in names] == [128, 4, 4, 256, [16, 64, 256, 1024]]
    assert SETTINGS["again"] == {"1": 1024, "16": 256}
    assert len(set(SETTINGS["seeds"])) == 5
    for seed in SETTINGS["seeds"]:
        assert about(1024, seed) + SETTINGS["steps"] // 2 <= SETTINGS["longest"]
        assert about(16, seed) - 1 - (SETTINGS["steps"] + 1) // 2 > 0, "something is read before"


def test_memory_counts_each_number_and_each_storage_once():
    buffer, other = torch.zeros(2, 3, 5), torch.zeros(7, dtype=torch.float64)
    layers = [
        SimpleNamespace(keys=buffer[0, :, :4], values=buffer[1, :, :4]),
        SimpleNamespace(keys=other, values=other),
    ]
    for state in (tuple(layers), SimpleNamespace(layers=layers)):
        assert SCRIPT["memory"](state) == {"held": 4 * 2 * 3 * 4 + 2 * 8 * 7, "storage": 4 * 30 + 8 * 7}


def answers(clock, takes, state=None, scores=0.0):
    """Turns that take so many ms, one after another; the state of each says which turn it is."""
    for turn, ms in enumerate(takes):
        clock.ms += ms
        one_differs = torch.zeros(2, V)
        one_differs[1, 3] = scores
        yield one_differs, state and (state, turn)


@pytest.fixture
def clock(monkeypatch):
    """Milliseconds that pass when a turn says so."""
    made = SimpleNamespace(ms=7.0)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: made.ms / 1000))
    return made


def test_times_are_medians_and_memory_that_of_the_middle_turn(clock, monkeypatch):
    def memory(state):
        clock.ms += 1000  # is not timed
        return state

    monkeypatch.setitem(GLOBALS, "memory", memory)
    ways = {
        ("5", "a"): answers(clock, [99, 1, 2, 3, 40, 50], "mine", 0.00009),
        ("5", "b"): answers(clock, [99, 4, 3, 2, 1, 0.5]),
        ("8", "a"): answers(clock, [0, 9, 9, 9, 9, 9], "yours", 3.0),
    }
    assert SCRIPT["turns"](ways, 5) == (
        {("5", "a"): 3.0, ("5", "b"): 2.0, ("8", "a"): 9.0},
        {("5", "a"): ("mine", 3), ("8", "a"): ("yours", 3)},
    )
    assert [next(way, "nothing is left") for way in ways.values()] == ["nothing is left"] * 3


def test_ways_take_turns():
    taken = []

    def reads(name):
        for _ in range(4):
            taken.append(name)
            yield torch.zeros(1), None

    ways = {("5", name): reads(name) for name in "abc"}
    SCRIPT["turns"](ways, 3)
    rounds = [taken[k : k + 3] for k in range(0, 12, 3)]
    assert all(set(each) == set("abc") for each in rounds)
    assert len({tuple(each) for each in rounds}) > 2, "not always after the same one"


@pytest.mark.parametrize("other", [0.0002, -0.0002, float("nan")])
def test_other_scores_are_refused(clock, other):
    ways = {("5", name): answers(clock, [1] * 4) for name in "ab"}
    ways |= {("8", "a"): answers(clock, [1] * 4, scores=1.0), ("8", "b"): answers(clock, [1] * 4, scores=1.0 + other)}
    with pytest.raises(ValueError, match="b comes to other scores at T = 8"):
        SCRIPT["turns"](ways, 3)


def test_each_way_is_measured_at_each_size(monkeypatch):
    made, begun = [], []

    def networks(seed, *sizes):
        made.append((seed, *sizes))
        torch.manual_seed(seed)
        return {OURS: "our net", THEIRS: "their net"}

    def reader(who):
        def reads(net, x, read, cache):
            begun.append((net, tuple(x.shape), read, int(x.max())))
            return who, *x.shape, read, cache

        return reads

    def turns(ways, steps):
        assert steps == 5
        order.append(list(ways))
        for (_, way), (who, _, _, _, cache) in ways.items():
            assert way == f"{who}, {'cache' if cache else 'no cache'}"
        kept = {each: {"held": [*of, "held"], "storage": [*of, "storage"]} for each, of in ways.items() if of[-1]}
        return ways, kept

    order = []
    monkeypatch.setitem(GLOBALS, "networks", networks)
    monkeypatch.setitem(GLOBALS, "turns", turns)
    monkeypatch.setitem(GLOBALS, "READERS", {OURS: reader(OURS), THEIRS: reader(THEIRS)})
    found = SCRIPT["tokens"](5, [3, 4], again={"1": 20, "6": 12}, lengths=[12, 20], **SMALL)
    assert made == [(seed, V, D, 2, LAYERS, 80) for seed in (3, 4)]
    assert set(found) == {"T", "token", "memory"}
    T = {f"{far}": [about(far, 3), about(far, 4)] for far in (12, 20)}
    assert found["T"] == T
    one, many = ([("12", way) for way in WAYS] + [("20", way) for way in which] for which in (WAYS, WAYS[::2]))
    assert order == [one, many] * 2, "of many sequences not all are read again"
    for N in (1, 6):
        for way in WAYS:
            who, cache = way.split(", ")[0], "no cache" not in way
            of = {
                far: [(who, N, T_ + 2, T_ - 4, cache) for T_ in seen]
                for far, seen in T.items()
                if cache or (N, far) != (6, "20")
            }
            assert found["token"][f"{N}"][way] == of
            kept = {what: {far: [[*each, what] for each in of[far]] for far in of} for what in ("held", "storage")}
            assert found["memory"][f"{N}"].get(way) == (kept if cache else None)
        bytes_of = {far: [2 * LAYERS * N * T_ * D * 4 for T_ in seen] for far, seen in T.items()}
        assert found["memory"][f"{N}"]["configured"] == bytes_of
        assert set(found["memory"][f"{N}"]) == {"configured", WAYS[0], WAYS[2]}
    assert {net for net, *_ in begun} == {"our net", "their net"}
    assert max(most for *_, most in begun) == V - 1


# from here on with transformers, which takes seconds to import


@pytest.fixture(scope="module")
def nets():
    """Both, with large weights, so that positions matter."""
    made = SCRIPT["networks"](3, V, D, 2, LAYERS, 80)
    for net in made.values():
        with torch.no_grad():
            for weight in net.parameters():
                weight.mul_(5)
    return made


def test_networks_have_the_same_weights_and_a_seed_of_their_own(nets):
    made = SCRIPT["networks"](4, V, D, 2, LAYERS, 80)
    torch.manual_seed(4)
    wanted = GPT(V, D, 2, LAYERS, longest=80)
    x = torch.arange(V)[None]
    assert all(torch.equal(a, b) for a, b in zip(made[OURS].parameters(), wanted.parameters(), strict=True))
    assert list(made) == [OURS, THEIRS]
    assert not any(net.training for net in made.values())
    torch.testing.assert_close(made[THEIRS](input_ids=x).logits, wanted(x)[0], rtol=0, atol=1e-5)
    assert type(made[THEIRS]).__name__ == "GPT2LMHeadModel"
    assert made[THEIRS].config.n_positions == 80
    assert not torch.equal(next(made[OURS].parameters()), next(nets[OURS].parameters()) / 5)


@pytest.mark.parametrize("way", WAYS)
def test_a_turn_reads_one_token_more_and_scores_what_comes_next(nets, way, monkeypatch):
    who, cache = way.split(", ")[0], "no cache" not in way
    x = torch.randint(V, (2, 9), generator=torch.Generator().manual_seed(0))
    wanted, read = nets[OURS](x)[0], []
    if who == OURS:
        prefill = nets[OURS].prefill
        monkeypatch.setattr(nets[OURS], "prefill", lambda x, *a: read.append(x.shape[1]) or prefill(x, *a))
    else:
        core = nets[THEIRS].transformer.forward
        seen = lambda ids, **given: read.append(ids.shape[1]) or core(ids, **given)  # noqa: E731
        monkeypatch.setattr(nets[THEIRS].transformer, "forward", seen)
    turns = list(SCRIPT["READERS"][who](nets[who], x, 5, cache))
    assert len(turns) == 4
    assert read == ([5, 1, 1, 1, 1] if cache else [6, 7, 8, 9])
    for k, (scores, state) in enumerate(turns):
        assert scores.shape == (2, V)
        assert not scores.requires_grad
        torch.testing.assert_close(scores, wanted[:, 5 + k], rtol=0, atol=1e-4)
        assert (state is None) == (not cache)
    if cache:
        of = SCRIPT["memory"](state)
        assert of["held"] == 2 * LAYERS * 2 * 9 * D * 4
        assert of["storage"] == {OURS: LAYERS * 2 * 2 * (6 + 32) * D * 4, THEIRS: of["held"]}[who], "room for 32 more"


def test_scores_are_read_out_at_one_place(nets):
    seen = []
    hooks = [
        nets[OURS].readout.register_forward_hook(lambda _, args, out: seen.append(out.numel())),
        nets[THEIRS].lm_head.register_forward_hook(lambda _, args, out: seen.append(out.numel())),
    ]
    for who in (OURS, THEIRS):
        list(SCRIPT["READERS"][who](nets[who], torch.ones(2, 7, dtype=torch.long), 5, cache=False))
    for hook in hooks:
        hook.remove()
    assert seen == [2 * V] * 4


def test_all_of_it_once_with_a_clock_that_stands_still(clock):
    found = SCRIPT["tokens"](3, [5], again={"1": 12, "3": 12}, lengths=[12], **SMALL)
    for N in (1, 3):
        assert found["token"][f"{N}"] == {way: {"12": [0.0]} for way in WAYS}
        kept = found["memory"][f"{N}"]
        assert kept["configured"] == kept[WAYS[0]]["held"] == kept[WAYS[2]]["held"]
        assert kept["configured"]["12"] == [2 * LAYERS * N * about(12, 5) * D * 4]
