"""What is measured of a Transformer against recurrent networks is what its name says; and of its heads."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.decoding import greedy
from seqlib.nn import GRU, LSTM, EncoderDecoder, TransformerTranslator
from seqlib.text import BOS, EOS

S = runpy.run_path(str(Path(__file__).with_name("longer_13_against.py")))
GLOBALS = S["scores"].__globals__
AGAINST, EDGE, HEADS = (S["MEASUREMENTS"][name]["settings"] for name in ("against", "against_edge", "heads"))


@pytest.mark.parametrize("task", AGAINST["arms"])
@pytest.mark.parametrize("which", [0, 1])
def test_networks_are_what_their_names_say(task, which):
    name, (kind, size, speed) = list(AGAINST["arms"][task].items())[which]
    net = S["network"](task, kind, size)
    assert name == kind
    assert (net.vocab_size, net.n_out) == (S["TASKS"][task].vocab_size, S["TASKS"][task].n_out)
    if kind == "Transformer":
        assert isinstance(net, TransformerTranslator)
        assert (size, speed) == (32, 1.0)
        assert len(net.encoder.layers) == len(net.decoder.layers) == 2
        assert net.encoder.layers[0].self_attn.n_heads == 4
        assert net.encoder.layers[0].self_attn.d_model == 32
    else:
        assert isinstance(net, EncoderDecoder)
        assert isinstance(net.encoder, GRU if kind == "GRU" else LSTM)
        assert isinstance(net.decoder, GRU if kind == "GRU" else LSTM)
        assert net.encoder.bidirectional
        assert 2 * net.encoder.hidden_size == net.decoder.hidden_size == size == 64
        assert net.source_embedding.embedding_dim == net.target_embedding.embedding_dim == 24
        assert net.alignment.score == "dot"
        assert speed > 1


def watched(monkeypatch, *how):
    """What `trained` asks of `fit`, what it returns, and the network."""
    seen = {}

    def fit(model, data, **given):
        seen.update(given, network=model(), batch=data(7), again=data(7), later=data(8))
        for step in range(given["steps"]):
            given["on_step"](step)
        return SimpleNamespace(model=seen["network"], loss=[10.0 * s for s in range(given["steps"])])

    clock = iter(np.arange(100.0, 1000.0, 0.5))
    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(clock)))
    return *S["trained"](*how), seen


def test_training_is_as_the_page_says(monkeypatch):
    model, curve, seen = watched(monkeypatch, "copying", "LSTM", 64, 120, 0.01, 3)
    assert model is seen["network"]
    assert not model.training
    assert isinstance(model.encoder, LSTM)
    assert [second for second, _ in curve] == [5.0 * k for k in range(1, 13)]
    assert [loss for _, loss in curve] == pytest.approx([45.0 + 100 * k for k in range(12)], rel=5e-3)
    source, lengths, _ = seen["batch"].inputs
    assert len(source) == 64
    assert set(lengths) <= set(range(2, 22))
    assert lengths.max() > 18
    assert np.array_equal(source, seen["batch"].y)
    assert np.array_equal(seen["again"].y, seen["batch"].y)
    assert not np.array_equal(seen["later"].y[:, 0], seen["batch"].y[:, 0])
    assert [round(seen["schedule"](step), 2) for step in (0, 11, 12, 66)] == [0.08, 1.0, 1.0, 0.5]
    rest = {name: seen[name] for name in ("steps", "lr", "clip_norm", "batch_size", "seed", "loss")}
    assert rest == {"steps": 120, "lr": 0.01, "clip_norm": 1.0, "batch_size": 64, "seed": 3, "loss": "cross_entropy"}
    assert S["trained"]("copying", "LSTM", 64, 120, 0.01, 3)[0] is model, "trained once"
    other, _, seen_other = watched(monkeypatch, "dates", "GRU", 64, 5, 0.01, 4)
    assert isinstance(other.encoder, GRU)
    drawn = S["DATES"]["train"].sample(64, np.random.default_rng([4, 7]))
    assert np.array_equal(seen_other["batch"].y, drawn.y)


def test_no_date_of_a_part_is_in_another():
    days = {part: {one.concept for one in task.sentences} for part, task in S["DATES"].items()}
    assert not days["train"] & (days["valid"] | days["test"])
    assert not days["valid"] & days["test"]


def test_right_after_the_true_symbols_is_right_by_greedy_search():
    torch.manual_seed(3)
    model = S["network"]("copying", "LSTM", 8).eval()
    with torch.no_grad():
        model.readout.bias[4:].add_(0.4)
    batch = S["Copying"](1, 8).sample(400, np.random.default_rng(1))
    right = S["right"](S["answers"](model, batch), batch)
    source, lengths, _ = batch.inputs
    ids = greedy(model, [[BOS]] * 400, max_length=2, eos=EOS, state=model.encode(source, lengths)).ids
    ids = np.pad(ids, ((0, 0), (0, 2 - ids.shape[1])))
    assert np.array_equal(right, (ids == batch.y).all(1))


class Copyist(torch.nn.Module):
    """Gives each true symbol of a copy probability 0.7, but the third of those that begin with the first symbol."""

    def __init__(self):
        super().__init__()
        self.p = torch.nn.Parameter(torch.zeros(()))

    def forward(self, source, lengths, previous):
        y = torch.tensor(source) if not isinstance(source, torch.Tensor) else source
        p = torch.full((*y.shape, 12), 0.3 / 11).scatter(2, y[..., None], 0.7)
        if y.shape[1] > 2:
            wrong = y[:, 0] == 4
            p[wrong, 2] = torch.full((12,), 0.3 / 11).scatter(0, torch.tensor(1), 0.7)
        return p.log() + self.p, None


def test_scores_of_copying_are_by_length():
    found = S["scores"](Copyist(), "copying", 5, S["TESTED"])
    assert found["exact"] == pytest.approx([7 / 8] * 10, abs=0.08)
    n = np.arange(1, 21)
    extra = (np.log(0.7) - np.log(0.3 / 11)) * ((n > 1) / 8).sum() / (n + 1).sum()
    assert found["loss"] == pytest.approx(-np.log(0.7) + extra, abs=0.02)
    assert S["scores"](Copyist(), "copying", 6, S["TESTED"])["exact"] != found["exact"], (
        "each seed has sequences of its own"
    )
    assert S["loss"](Copyist(), "copying", 5) == found["loss"]


def test_scores_of_dates_are_expectations_over_all_of_a_part(monkeypatch):
    asked = []

    def answers(model, batch):
        asked.append(len(batch.y))
        log_p = np.full((*batch.y.shape, 200), np.log(0.5 / 199))
        np.put_along_axis(log_p, batch.y[..., None], np.log(0.5), 2)
        log_p[::4, 0, :] = np.log(1 / 200)
        return log_p

    monkeypatch.setitem(GLOBALS, "answers", answers)
    batch, P = S["DATES"]["test"].every_case()
    found = S["scores"](None, "dates", None, [])
    missed = P[::4][batch.y[::4, 0] > 0].sum()
    assert found["exact"] == pytest.approx(1 - missed, abs=1e-3)
    tokens = P @ batch.mask.sum(1)
    assert found["loss"] == pytest.approx(np.log(2) + missed * np.log(100) / tokens, abs=1e-3)
    S["loss"](None, "dates", None)
    assert asked == [len(batch.y), len(S["DATES"]["valid"].every_case()[0].y)]


def test_values_are_stored_by_task_arm_and_number_of_steps(monkeypatch):
    order = []

    def trained(*how):
        order.append(how)
        return how, [[1.0, 9.0], [how[3] + how[5] / 10, 8.0]]

    monkeypatch.setitem(GLOBALS, "trained", trained)
    monkeypatch.setitem(GLOBALS, "loss", lambda how, task, seed: abs(how[4] - 0.2) + seed)
    monkeypatch.setitem(GLOBALS, "scores", lambda how, task, seed, tested: {"loss": (how, task, seed, tested)})
    arms = {"copying": {"a": ["Transformer", 8, 1.0], "b": ["LSTM", 6, 2.5]}, "dates": {"c": ["GRU", 4, 1.5]}}
    found = S["against"](10, [1, 2], [7, 8], [0.9, 0.25, 0.5], [1, 3], [6], arms)
    assert found["copying"]["chosen"] == {"a": 0.25, "b": 0.25}
    assert found["copying"]["tuning"]["b"]["0.9"] == pytest.approx([7.7, 8.7])
    b = found["copying"]["arms"]["b"]["3"]
    assert b["loss"] == [(("copying", "LSTM", 6, 75, 0.25, s), "copying", s, [6]) for s in (1, 2)]
    assert b["seconds"] == pytest.approx([75.1, 75.2])
    assert b["curve"][0] == [[1.0, 9.0], [75.1, 8.0]]
    assert found["dates"]["arms"]["c"]["1"]["loss"][1] == (("dates", "GRU", 4, 15, 0.25, 2), "dates", 2, [6])
    assert [how[1:4:2] for how in order[12:16]] == [
        ("Transformer", 10),
        ("LSTM", 25),
        ("Transformer", 30),
        ("LSTM", 75),
    ]
    net = S["network"]("copying", "LSTM", 6)
    assert found["copying"]["parameters"]["b"] == sum(p.numel() for p in net.parameters())
    levels = found["levels"]
    assert levels["chance, copying"] == pytest.approx((10.5 * np.log(8) + np.log(20)) / 11.5, abs=0.01)
    assert levels["ceiling, dates"] == pytest.approx(S["DATES"]["test"].ceiling, abs=1e-4)
    assert levels["floor, dates"] == pytest.approx(S["DATES"]["test"].floor, abs=1e-5)


def test_the_edge_is_beyond_the_rates_of_the_tuning(monkeypatch):
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: (how, []))
    monkeypatch.setitem(GLOBALS, "loss", lambda how, task, seed: (how, task, seed))
    monkeypatch.setitem(GLOBALS, "tuned", lambda arms, *how: ([how[2](arm, how[0][0], how[1][0]) for arm in arms], 0))
    found = S["against_edge"](10, [7], [0.5], {"copying": {"b": ["LSTM", 6, 2.5]}, "dates": {"c": ["GRU", 4, 1.5]}})
    assert found["copying"] == [(("copying", "LSTM", 6, 25, 0.5, 7), "copying", 7)]
    assert found["dates"] == [(("dates", "GRU", 4, 15, 0.5, 7), "dates", 7)]
    assert min(EDGE["tried"]) == 2 * max(AGAINST["tried"])
    assert all(EDGE[name] == AGAINST[name] for name in ("steps", "tuning", "arms"))


def test_settings_are_fair():
    assert len(set(AGAINST["seeds"])) == 5
    assert not set(AGAINST["seeds"]) & set(AGAINST["tuning"])
    assert HEADS["seeds"] == AGAINST["seeds"]
    assert HEADS["steps"] == max(AGAINST["longer"]) * AGAINST["steps"]
    assert len(set(HEADS["forms"])) == 6
    assert {20, 30} <= set(S["TESTED"])


def test_heads_are_those_of_the_transformers_after_most_steps(monkeypatch):
    torch.manual_seed(0)
    net = S["network"]("dates", "Transformer", 32).eval()
    with torch.no_grad():
        net.decoder.layers[0].multihead_attn.out_proj.weight.mul_(20)
    asked = []
    monkeypatch.setitem(GLOBALS, "trained", lambda *how: (asked.append(how) or net, []))
    earlier = [{"dates": {"chosen": {"Transformer": 0.125}}}]
    found = S["heads"](270, [1, 2], 20, ["full en", "short en"], 800, earlier)
    assert asked == [("dates", "Transformer", 32, 270, 0.125, seed) for seed in (1, 2)]
    assert [one["form"] for one in found["drawn"]] == ["full en", "short en"]
    assert len(found["off"]) == 1 + 6 * 5
    losses = found["off"]["nothing"]["loss"]
    assert len(losses) == 2
    assert losses[0] != losses[1], "each seed has dates of its own"
    batch = S["DATES"]["test"].sample(20, np.random.default_rng([1, 10**6]))
    mean = batch.losses(S["answers"](net, batch)).sum() / batch.mask.sum()
    assert losses[0] == pytest.approx(mean, rel=0.01)
    assert found["off"]["cross 1, all heads"]["loss"][0] != losses[0]
    assert set(found["on gold"]) == {f"cross {k}, head {h}" for k in (1, 2) for h in range(1, 5)}


def test_what_is_expected_weights_sequences_by_their_probability():
    batch = S["Copying"]((1, 3), 8).sample(4, np.random.default_rng(3))
    log_p = np.full((*batch.y.shape, 12), np.log(0.4 / 11))
    np.put_along_axis(log_p, batch.y[..., None], np.log(0.6), 2)
    log_p[2, 0] = np.log(1 / 12)
    assert not batch.mask[[0, 1, 3]].all()
    log_p[~batch.mask] = np.log(np.arange(1, 13) / 78)  # of no account
    P = np.array([0.1, 0.2, 0.6, 0.1])
    n = P @ batch.mask.sum(1)
    found = S["expected"](log_p, batch, P)
    assert found["exact"] == 0.4
    assert found["loss"] == pytest.approx(((n - 0.6) * np.log(1 / 0.6) + 0.6 * np.log(12)) / n, rel=5e-3)
