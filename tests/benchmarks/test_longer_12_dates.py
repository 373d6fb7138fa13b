"""The stored runs of chapter 12 on dates: networks, training, links and shares are what their names say."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.nn import Attention, EncoderDecoder
from seqlib.text import BOS, EOS, PAD

S = runpy.run_path(str(Path(__file__).with_name("longer_12_dates.py")))
TEST = S["TEST"]
GLOBALS = S["scores"].__globals__
SETTINGS = {name: measured["settings"] for name, measured in S["MEASUREMENTS"].items()}


def of_form(form):
    """A date with two digits of its day."""
    return next(one for one in TEST.sentences if one.form == form and one.roles[0].count("day") == 2)


@pytest.mark.parametrize("arm", S["ARMS"])
def test_networks_differ_in_what_their_names_say(arm):
    net = S["network"](**S["ARMS"][arm])
    one_direction = arm == "dot, one direction"
    assert net.decoder.hidden_size == net.encoder.hidden_size * (2 - one_direction) == 64
    assert net.encoder.bidirectional is not one_direction
    assert net.source_embedding.embedding_dim == net.target_embedding.embedding_dim == 24
    assert (net.attend, net.input_feeding) == ("after", False)
    if arm == "no attention":
        assert net.alignment is None
    else:
        assert net.alignment.score == (arm if arm in ("general", "additive") else "dot")
        assert type(net.alignment) is (S["PADDING"]["Unmasked"] if arm == "no mask" else Attention)
    assert type(net) is (S["PADDING"]["Untold"] if arm == "lengths unknown" else EncoderDecoder)


def test_training_is_as_the_page_says(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return SimpleNamespace(model="the model")

    clock = iter([3.0, 5.5])
    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(clock)))
    assert S["trained"]("general", 400, 0.02, 3) == ("the model", 2.5)
    assert S["trained"]("general", 400, 0.02, 3) == ("the model", 2.5), "trained once"
    assert seen["network"].alignment.score == "general"
    drawn = S["TRAIN"].sample(64, np.random.default_rng([3, 7]))
    assert np.array_equal(seen["batch"].y, drawn.y)
    assert np.array_equal(seen["again"].y, drawn.y)
    assert not np.array_equal(seen["later"].y[:, 0], drawn.y[:, 0])
    assert [round(seen["schedule"](step), 3) for step in (0, 200)] == [1.0, 0.5]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 400, "lr": 0.02, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "loss": "cross_entropy"}
    concepts = [{one.concept for one in S[part].sentences} for part in ("TRAIN", "TEST")]
    assert not concepts[0] & concepts[1]


def test_a_link_is_the_largest_weight_and_that_of_eos_is_none():
    one = of_form("medium en")
    n, m = len(one.source), len(one.target)
    weights = np.full((1, m + 2, n + 3), 0.01)
    for t in range(m):
        weights[0, t, t % n] = 0.8
    weights[0, 2, n] = 0.9  # EOS
    weights[0, 3, n + 1] = 0.9  # padding
    weights[0, m:, 0] = 0.9  # steps after the sentence
    assert S["linked"](weights, [one]) == [{(t % n, t) for t in range(m) if t not in (2, 3)}]


def test_error_rates_count_words_alone_and_also_with_marks():
    chosen = [of_form("full en_GB"), of_form("short en")]
    gold = [set(one.sure) for one in chosen]
    found = S["error_rates"](gold, chosen)
    assert set(found) == {"aer", "aer with marks", "aer, full en_GB", "aer, short en"}
    assert found["aer"] == found["aer with marks"] == 0
    words = [sum(bool(one.roles[1][t]) for _, t in one.sure) for one in chosen]
    comma = next((i, t) for i, t in gold[0] if chosen[0].target[t] == ",")
    bare = S["error_rates"]([gold[0] - {comma}, gold[1]], chosen)
    assert bare["aer"] == 0
    assert bare["aer with marks"] == pytest.approx(1 - 2 * (sum(map(len, gold)) - 1) / (2 * sum(map(len, gold)) - 1))
    day = next((i, t) for i, t in gold[1] if chosen[1].roles[1][t] == "day")
    wrong = S["error_rates"]([gold[0], gold[1] - {day} | {(0, day[1])}], chosen)
    assert wrong["aer"] == pytest.approx(1 / sum(words))
    assert wrong["aer, short en"] == pytest.approx(1 / words[1])
    assert wrong["aer, full en_GB"] == 0
    at_mark = S["error_rates"]([gold[0], gold[1] - {day} | {(chosen[1].source.index("/"), day[1])}], chosen)
    assert at_mark["aer"] == wrong["aer"], "a word that is linked with a mark"
    filling = next(
        link for one in chosen for link in one.possible - one.sure if one.form == "short en" and one.roles[1][link[1]]
    )
    assert S["error_rates"]([gold[0], gold[1] | {filling}], chosen)["aer"] == 0


def test_next_to_counts_words_whose_link_is_with_a_neighbour():
    one = of_form("full en_GB")
    found = {t: i for i, t in one.sure}
    words = [t for t in found if one.roles[1][t]]
    found[words[3]] += 1
    found[words[5]] -= 1
    found[words[0]] += 2
    found[1] += 1  # a comma
    assert one.target[1] == ","
    assert S["next_to"]([{(i, t) for t, i in found.items()}], [one]) == pytest.approx(2 / len(words))


class Reader(torch.nn.Module):
    """Knows the dates of the test, but the first token of short ones; attends to the gold links, or to nothing."""

    def __init__(self, attends):
        super().__init__()
        batch, _ = TEST.every_case()
        self.true, self.y, self.attends = batch.y, batch.y.copy(), attends
        short = np.array(["short" in one.form for one in TEST.sentences])
        self.y[short, 0] = TEST.target.ids["7"]  # no day begins so
        self.weights = torch.full((*batch.y.shape, batch.inputs[0].shape[1]), 0.01)
        for k, one in enumerate(TEST.sentences):
            for i, t in one.sure:
                self.weights[k, t, i] = 1.0

    def encode(self, source, lengths):
        return torch.arange(len(source)), torch.zeros(len(source), dtype=torch.long)

    def step(self, tokens, state):
        rows, t = state
        return torch.nn.functional.one_hot(torch.tensor(self.y)[rows, t], TEST.n_out).double(), (rows, t + 1)

    def select(self, state, rows):
        return tuple(part[torch.as_tensor(rows)] for part in state)

    def forward(self, source, lengths, previous):
        assert (previous[:, 0] == BOS).all()
        p = torch.full((*self.y.shape, TEST.n_out), 0.5 / (TEST.n_out - 1), dtype=torch.float64)
        state = SimpleNamespace(weights=self.weights if self.attends else None)
        return p.scatter(2, torch.tensor(self.true)[..., None], 0.5).log(), state


@pytest.mark.parametrize("attends", [True, False])
def test_scores_are_expectations(attends):
    found = S["scores"](Reader(attends))
    assert found["loss"] == pytest.approx(np.log(2), abs=1e-3)
    assert found["exact"] == pytest.approx(0.75, abs=1e-3)
    if attends:
        # A row without a sure link has its largest weight at the first token, which for a 0 that fills up may be wrong.
        assert found["aer"] < 0.06
        assert found["aer, long en"] == found["beside"] == 0
    else:
        assert set(found) == {"loss", "exact"}


def test_values_are_stored_by_arm_and_score(monkeypatch):
    def trained(arm, steps, rate, seed):
        return (arm, steps, rate, seed), seed + 0.04

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(GLOBALS, "scores", lambda model: {"a": model})
    found = S["dates"](4, [1, 2], 0.5, ["dot", "general"])
    assert found["dot"] == {"a": [("dot", 4, 0.5, 1), ("dot", 4, 0.5, 2)], "seconds": [1.0, 2.0]}
    assert found["general"]["a"][1] == ("general", 4, 0.5, 2)
    monkeypatch.setitem(GLOBALS["INTERFERENCE"], "effects", lambda model, seed, cases: {"b": (model, seed, cases)})
    found = S["causal"](4, [1, 2], 0.5, ["dot"], 9)
    assert found == {"dot": {"b": [(("dot", 4, 0.5, 1), 1, 9), (("dot", 4, 0.5, 2), 2, 9)]}}


def test_an_arm_of_the_masks_is_what_is_trained_and_what_translates(monkeypatch):
    def trained(arm, steps, rate, seed):
        net = S["network"](**S["ARMS"][arm])
        torch.nn.init.constant_(net.readout.bias, steps + seed + len(arm))
        return net, 0.0

    def scores(model):
        return {
            "kind": type(model.alignment).__name__,
            "model": type(model).__name__,
            "b": model.readout.bias[0].item(),
        }

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(GLOBALS["PADDING"], "scores", scores)
    found = S["mask"](10, [1, 2], 0.5, SETTINGS["mask"]["arms"])
    assert found["masked"] == {"kind": ["Attention"] * 2, "model": ["EncoderDecoder"] * 2, "b": [14.0, 15.0]}
    assert found["mask off, afterwards"] == found["masked"] | {"kind": ["Unmasked"] * 2}
    assert found["no mask"] == {"kind": ["Unmasked"] * 2, "model": ["EncoderDecoder"] * 2, "b": [18.0, 19.0]}
    assert found["lengths unknown"]["model"] == ["Untold"] * 2
    assert found["lengths unknown"]["b"] == [26.0, 27.0]


def test_settings_are_those_of_chapter_11():
    dates_11 = runpy.run_path(str(Path(__file__).with_name("longer_11_dates.py")))
    before = dates_11["MEASUREMENTS"]["dates"]["settings"]
    assert [dates_11[name] for name in "BEH"] == [S[name] for name in "BEH"]
    for how in SETTINGS.values():
        assert (how["steps"], how["rate"]) == (before["steps"], before["rate"])
        assert len(set(how["seeds"])) == 5
        assert not set(how["seeds"]) & {40, *before["seeds"]}, "40 is the trial's"
    assert {PAD, BOS, EOS} == {0, 1, 2}
