"""The stored runs of chapter 11: each network, each way of reading and each score is what its name says."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch
from sacrebleu.metrics import BLEU, CHRF

from seqlib.text import BOS, EOS, PAD

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer_11.py")))
DATES = runpy.run_path(str(Path(__file__).with_name("longer_11_dates.py")))
FIRST = 4  # the id of the first symbol


def setting(name):
    return SCRIPT["MEASUREMENTS"][name]["settings"]


@pytest.mark.parametrize(("H", "layers"), [(32, 1), (64, 1), (32, 2)])
def test_networks_have_the_size_that_they_are_called(H, layers):
    net = SCRIPT["network"](H, layers)
    state = net.encode(np.full((3, 5), FIRST), [5, 2, 4])
    assert [part.shape for part in state.s] == [(3, layers, H)] * 2
    assert not net.encoder.bidirectional
    assert net.vocab_size == net.n_out == 4 + SCRIPT["SYMBOLS"]


WAYS = {  # how a source is read -> what is read of it
    "in order": lambda symbols: symbols,
    "from the end": lambda symbols: symbols[::-1],
    "first one last": lambda symbols: [*symbols[1:], *symbols[:1]],
}


@pytest.mark.parametrize("way", WAYS)
def test_a_gap_is_eos_read_again(way):
    (source, lengths, previous), y, mask = SCRIPT["sampled"]((1, 6), way, 3, np.random.default_rng(1), 40)
    for row, n, said, real in zip(source, lengths, y, mask, strict=True):
        symbols = said[real][:-1]
        assert said[real][-1] == EOS
        assert np.array_equal(row[:n], [*WAYS[way](symbols), *[EOS] * 4])
        assert (row[n:] == PAD).all()
    assert (previous[:, 0] == BOS).all()
    assert len(set(lengths)) == 6


def watched(script, monkeypatch, **how):
    """What `trained` of a script asks of `fit`, and the batch of step 7."""
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        return type("Run", (), {"model": "the model"})

    monkeypatch.setitem(script["trained"].__globals__, "fit", fit)
    assert script["trained"](**how) == "the model"
    schedule = seen.pop("schedule")
    assert [round(schedule(step), 3) for step in (0, how["steps"] // 2)] == [1.0, 0.5]
    return seen


def test_training_is_as_the_page_says(monkeypatch):
    how = {"H": 16, "layers": 2, "steps": 400, "rate": 0.01, "seed": 3, "way": "from the end", "gap": 2}
    seen = watched(SCRIPT, monkeypatch, **how)
    assert seen["network"].encoder.num_layers == seen["network"].decoder.num_layers == 2
    assert seen["network"].encoder.hidden_size == seen["network"].decoder.hidden_size == 16
    (source, lengths, _), y, mask = seen["batch"]
    assert len(y) == 64
    assert set(mask.sum(1)) == set(range(2, 10)), "lengths of 1 to 8, and EOS"
    assert np.array_equal(lengths, mask.sum(1) + 2)
    longest = mask.sum(1).argmax()
    assert np.array_equal(source[longest, :8], y[longest, 7::-1])
    assert np.array_equal(seen["again"].y, y)
    assert not np.array_equal(seen["later"].y[:, 0], y[:, 0])
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 400, "lr": 0.01, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "loss": "cross_entropy"}
    other = watched(SCRIPT, monkeypatch, **how | {"seed": 4})
    assert not np.array_equal(other["batch"].y[:, 0], y[:, 0])


BACK = WAYS | {"first one last": lambda symbols: [*symbols[-1:], *symbols[:-1]]}


class Copyist(torch.nn.Module):
    """Writes what it has read, but not the symbol FIRST where it stands at index `wrong`."""

    def __init__(self, way="in order", gap=0, wrong=1, n_out=12):
        super().__init__()
        self.way, self.gap, self.wrong, self.n_out = way, gap, wrong, n_out

    def encode(self, source, lengths):
        said = []
        for row, n in zip(np.asarray(source), lengths, strict=True):
            symbols = row[: n - 1 - self.gap]
            symbols = np.array(BACK[self.way](symbols))
            if len(symbols) > self.wrong and symbols[self.wrong] == FIRST:
                symbols[self.wrong] = FIRST + 1
            said.append([*symbols, EOS])
        S = source.shape[1] + 1
        return torch.tensor([row + [EOS] * (S - len(row)) for row in said]), torch.zeros(len(said), dtype=torch.long)

    def logits(self, said, t):
        return torch.nn.functional.one_hot(said[torch.arange(len(said)), t], self.n_out).double()

    def step(self, tokens, state):
        said, t = state
        return self.logits(said, t), (said, t + 1)

    def select(self, state, rows):
        return tuple(part[torch.as_tensor(rows)] for part in state)

    def forward(self, source, lengths, previous):
        said, t = self.encode(source, lengths)
        return torch.stack([self.logits(said, t + k) for k in range(previous.shape[1])], 1), None


@pytest.mark.parametrize(
    ("way", "gap"), [("in order", 0), ("from the end", 0), ("from the end", 2), ("first one last", 0)]
)
def test_scores_are_shares(way, gap):
    found = SCRIPT["scores"](Copyist(way, gap), 5, way, gap)
    assert len(found["exact"]) == 11
    assert found["exact"][0] == 1.0, "one symbol has no place for the mistake"
    assert all(share == pytest.approx(7 / 8, abs=0.08) for share in found["exact"][1:])
    assert len(found["symbols"]) == 9
    assert found["symbols"][1] == found["exact"][7] < 1
    assert found["symbols"][:1] + found["symbols"][2:] == [1.0] * 8
    again = SCRIPT["scores"](Copyist(way, gap), 6, way, gap)
    assert again["exact"] != found["exact"], "each seed has sequences of its own"


def test_values_are_stored_under_their_names(monkeypatch):
    def trained(**how):
        return how

    def scores(model, seed, way="in order", gap=0):
        assert model["seed"] == seed
        key = f"{model['H']} {model['layers']} {model['steps']} {model['rate']}"
        return {"exact": [key, way, gap, model.get("way"), model.get("gap")], "symbols": [seed]}

    measured = SCRIPT["measured"]
    monkeypatch.setitem(measured.__globals__, "trained", trained)
    monkeypatch.setitem(measured.__globals__, "scores", scores)
    found = SCRIPT["lengths"](10, [1, 2], 0.5, {"a": [3, 1, 1], "b": [4, 2, 6]})
    assert found["a"] == {"exact": [["3 1 10 0.5", "in order", 0, None, None]] * 2, "symbols": [[1], [2]]}
    assert found["b"]["exact"][0][0] == "4 2 60 0.5"
    found = SCRIPT["order"](10, [1, 2], 0.5, 8, {"a": ["from the end", 3]})
    assert found["a"]["exact"] == [["8 1 10 0.5", "from the end", 3, "from the end", 3]] * 2
    for layers in (1, 2):
        found = SCRIPT["rates"](10, [1, 2], [8, 9], [0.5, 0.25], layers)
        assert found["9"]["0.25"]["exact"][1][0] == f"9 {layers} 10 0.25"
    assert set(found) == {"8", "9"}


def test_the_seeds_that_chose_the_rate_are_not_those_that_are_shown():
    for name in ("lengths", "order", "gap", "depth"):
        assert not set(setting(name)["seeds"]) & set(setting("rates")["tuning"])
        assert len(set(setting(name)["seeds"])) == 5
        assert setting(name)["rate"] in setting("rates")["tried"]
        assert setting("lengths")["seeds"] == setting(name)["seeds"]
        assert setting("lengths")["rate"] == setting(name)["rate"]
    for name in ("order", "gap"):
        assert setting("lengths")["networks"]["64 units"] == [setting(name)["H"], 1, 1]
        assert setting("lengths")["steps"] == setting(name)["steps"] == setting("depth")["steps"]
    for rates, shown in (("rates", "lengths"), ("depth_rates", "depth")):
        assert {layers for _, layers, _ in setting(shown)["networks"].values()} == {setting(rates).get("layers", 1)}
        assert setting(rates)["steps"] == setting(shown)["steps"]
        assert setting(rates)["tried"] == setting("rates")["tried"]


@pytest.mark.parametrize(("rates", "shown"), [("rates", ("lengths", "order", "gap")), ("depth_rates", ("depth",))])
def test_the_rate_is_the_best_of_those_tried_at_every_size(rates, shown):
    record = json.loads((Path(__file__).parents[2] / f"chapters/measured/11_{rates}.json").read_text())
    for H, _, _ in setting(shown[0])["networks"].values():
        copied = {
            float(rate): np.mean([exact[SCRIPT["TRAINED"] - 1] for exact in found["exact"]])
            for rate, found in record["values"][str(H)].items()
        }
        assert all(setting(name)["rate"] == max(copied, key=copied.get) for name in shown)


def test_two_layers_have_the_units_or_the_weights_of_one():
    weights = lambda H, layers: sum(p.numel() for p in SCRIPT["network"](H, layers).parameters())  # noqa: E731
    networks = setting("depth")["networks"]
    assert networks["two layers of 64 units"][:2] == [64, 2]
    assert networks["two layers of 39 units"][:2] == [39, 2]
    assert all(times == 1 for _, _, times in networks.values())
    off = {H: abs(weights(H, 2) / weights(64, 1) - 1) for H in (38, 39, 40)}
    assert min(off, key=off.get) == 39
    assert off[39] < 0.02


def test_names_say_what_is_measured():
    networks, ways = setting("lengths")["networks"], setting("order")["ways"] | setting("gap")["ways"]
    assert networks["32 units"] == [32, 1, 1]
    assert networks["32 units, four times the steps"] == [32, 1, 4]
    named = {"reversed": "from the end", "in order": "in order", "first one last": "first one last"}
    for name, (way, gap) in ways.items():
        assert way == named[name.removesuffix(", gap")]
        assert (gap > 0) == ("gap" in name)
    assert ways["in order, gap"][1] == ways["reversed, gap"][1]


@pytest.mark.parametrize("backwards", [False, True])
def test_dates_are_read_from_either_side(backwards):
    batch = DATES["TRAIN"].sample(30, np.random.default_rng(0))
    (source, lengths, previous), y, mask = DATES["reading"](batch, backwards)
    for row, old, n in zip(source, batch.inputs[0], lengths, strict=True):
        words = old[: n - 1]
        assert np.array_equal(row[:n], [*(words[::-1] if backwards else words), EOS])
        assert (row[n:] == PAD).all()
    assert np.array_equal(previous, batch.inputs[2])
    assert np.array_equal(y, batch.y)
    assert np.array_equal(mask, batch.mask)


def test_dates_are_trained_as_the_page_says(monkeypatch):
    seen = watched(DATES, monkeypatch, backwards=True, steps=400, rate=0.02, seed=3)
    net, task = seen["network"], DATES["TRAIN"]
    assert (net.encoder.hidden_size, net.decoder.hidden_size, net.encoder.num_layers) == (64, 64, 1)
    drawn = task.sample(64, np.random.default_rng([3, 7]))
    assert np.array_equal(seen["batch"].y, drawn.y)
    turned = DATES["reading"](drawn, True).inputs[0]
    assert np.array_equal(seen["batch"].inputs[0], turned)
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 400, "lr": 0.02, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "loss": "cross_entropy"}
    concepts = [{one.concept for one in DATES[part].sentences} for part in ("TRAIN", "TEST")]
    assert not concepts[0] & concepts[1]


class Reader(torch.nn.Module):
    """Knows the dates of the test, but the first token of short ones: three in four begin with another digit."""

    def __init__(self, backwards):
        super().__init__()
        self.task = DATES["TEST"]
        batch, _ = self.task.every_case()
        self.y, short = batch.y.copy(), np.array(["short" in one.form for one in self.task.sentences])
        seven = self.task.target.tokens.index("7")  # no day begins so
        self.y[short, 0] = np.where(np.arange(short.sum()) % 4, seven, self.task.n_out - 1)
        self.mask, self.short = batch.mask, short
        self.source = DATES["reading"](batch, backwards).inputs[0]

    def encode(self, source, lengths):
        assert np.array_equal(source, self.source)
        return torch.arange(len(source)), torch.zeros(len(source), dtype=torch.long)

    def step(self, tokens, state):
        rows, t = state
        return torch.nn.functional.one_hot(torch.tensor(self.y)[rows, t], self.task.n_out).double(), (rows, t + 1)

    def select(self, state, rows):
        return tuple(part[torch.as_tensor(rows)] for part in state)

    def forward(self, source, lengths, previous):
        assert np.array_equal(source, self.source)
        p = torch.full((*self.y.shape, self.task.n_out), 0.5 / (self.task.n_out - 1), dtype=torch.float64)
        batch, _ = self.task.every_case()
        return p.scatter(2, torch.tensor(batch.y)[..., None], 0.5).log(), None


@pytest.mark.parametrize("backwards", [False, True])
def test_scores_of_dates_are_expectations(backwards):
    found = DATES["scores"](Reader(backwards), backwards)
    assert found["loss"] == pytest.approx(np.log(2), abs=1e-3)
    assert {name for name, share in found.items() if share == 1} == {
        f"{style} {locale}" for style in ("full", "long", "medium") for locale in ("en", "en_GB")
    }
    assert found["short en"] == found["short en_GB"] == 0
    assert found["exact"] == pytest.approx(0.75, abs=1e-3)
    assert found["digits alone"] == 0.75, "of the mistakes"


@pytest.mark.parametrize("backwards", [False, True])
def test_bleu_and_chrf_of_dates_are_those_of_sacrebleu(backwards):
    reader = Reader(backwards)
    found = DATES["scores"](reader, backwards)
    meant = [" ".join(one.target) for one in reader.task.sentences]
    first = [reader.task.target.tokens[row[0]] for row in reader.y]
    said = [f"{word} {sentence.partition(' ')[2]}" for word, sentence in zip(first, meant, strict=True)]
    assert found["BLEU"] == pytest.approx(BLEU(tokenize="none").corpus_score(said, [meant]).score, rel=1e-3)
    assert found["chrF"] == pytest.approx(CHRF().corpus_score(said, [meant]).score, rel=1e-3)
    assert 80 < min(found["BLEU"], found["chrF"]) < max(found["BLEU"], found["chrF"]) < 99


def test_dates_are_stored_by_way_and_score(monkeypatch):
    dates = DATES["dates"]
    monkeypatch.setitem(
        dates.__globals__, "trained", lambda backwards, steps, rate, seed: (backwards, steps, rate, seed)
    )
    monkeypatch.setitem(dates.__globals__, "scores", lambda model, backwards: {"a": model, "b": backwards})
    found = dates(4, [1, 2], 0.5)
    assert found["in order"] == {"a": [(False, 4, 0.5, 1), (False, 4, 0.5, 2)], "b": [False, False]}
    assert found["reversed"]["a"][1] == (True, 4, 0.5, 2)
    assert found["reversed"]["b"] == [True, True]
    assert len(set(DATES["MEASUREMENTS"]["dates"]["settings"]["seeds"])) == 5
