"""How networks are trained on few labels is what the page says: how long, on what, and where it ends."""

import copy
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

S = runpy.run_path(str(Path(__file__).with_name("longer_14_labels.py")))
GLOBALS = S["followed"].__globals__
LABELS = S["LABELS"]
FEW, TEST = LABELS.labelled(100, np.random.default_rng(0)), LABELS.sample(100, np.random.default_rng(1))


def test_equal_compute_is_pretraining_and_fine_tuning():
    assert [S["limits"](way, 2400) for way in ("words, mean", "scratch, pooler")] == [(120, 12)] * 2
    assert S["limits"]("scratch, mean, equal compute", 2400) == (2520, 12)
    equal = [way for way in S["TRAINED"] if S["limits"](way, 2400)[0] > 120]
    assert equal == ["scratch, mean, equal compute", "scratch, mean, equal compute, dropout"]
    assert S["limits"]("words, mean", 2) == (1, 0)


def walked(monkeypatch, way, stops, losses, few=FEW):
    """What `followed` finds if training goes on with these losses, and what it asked of `fit`."""
    seen, at = {}, []
    ticks = iter(np.arange(10.0, 1000.0))

    class Net:
        """In evaluation mode, right about as many sentences as there were steps, and wrong about all others."""

        def eval(self):
            self.right = len(at)
            return self

        def __call__(self, x):
            y = torch.tensor(TEST.y[:, 0])
            y = torch.where(torch.arange(len(y)) < self.right, y, (y + 1) % 8)
            assert np.array_equal(x, TEST.inputs[0])
            return torch.nn.functional.one_hot(y, 8)[:, None].expand(-1, x.shape[1], -1)

    def fit(build, data, **given):
        seen.update(given, net=build(), data=data)
        for step in range(given["steps"]):
            at.append(step + 1)
            given["on_step"](SimpleNamespace(step=step + 1, loss=losses[step]))

    monkeypatch.setitem(GLOBALS, "fit", fit)
    monkeypatch.setitem(GLOBALS, "classifier", lambda *asked: seen.setdefault("asked", asked) and Net())
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *asked: seen.setdefault("warmed", asked))
    monkeypatch.setitem(GLOBALS, "time", SimpleNamespace(process_time=lambda: next(ticks)))
    found, seconds = S["followed"](way, few, 2400, 3, 0.01, stops, TEST)
    return found, seconds, seen, at


def test_training_on_labels_is_as_the_page_says(monkeypatch):
    found, seconds, seen, at = walked(monkeypatch, "words, mean", {5, 30}, [0.0] * 40)
    assert found == {5: 0.05, 30: 0.3}
    assert at[-1] == 30
    assert seconds == 3.0, "five ticks, and one in each of the two tests"
    assert seen["asked"] == ("words, mean", 2400, 3)
    assert seen["warmed"] == ("words", 2400, 3, 0.0)
    assert [round(seen["schedule"](step), 2) for step in (0, 5, 11, 12, 119)] == [0.08, 0.5, 1.0, 1.0, 1.0]
    rest = {name: seen[name] for name in ("steps", "lr", "optimiser", "clip_norm", "seed", "loss")}
    assert rest == {
        "steps": 30,
        "lr": 0.01,
        "optimiser": "adamw",
        "clip_norm": 1.0,
        "seed": 3,
        "loss": "cross_entropy",
    }


def test_batches_are_of_the_labelled_sentences(monkeypatch):
    data = walked(monkeypatch, "words, mean", {1}, [1.0])[2]["data"]
    whole = {(*x, y) for x, y in zip(FEW.inputs[0].tolist(), FEW.y[:, 0].tolist(), strict=True)}
    for step in (0, 1):
        batch = data(step)
        rows = {(*x, y) for x, y in zip(batch.inputs[0].tolist(), batch.y[:, 0].tolist(), strict=True)}
        assert len(rows) == len(batch.y) == 64
        assert rows <= whole
        assert batch.mask[:, 0].all()
        assert batch.mask.sum() == 64
    assert np.array_equal(data(0).y, data(0).y)
    assert not np.array_equal(data(0).inputs[0], data(1).inputs[0])
    small = LABELS.labelled(8, np.random.default_rng(0))
    eight = walked(monkeypatch, "words, mean", {1}, [1.0], small)[2]["data"](0)
    assert sorted(map(tuple, eight.inputs[0])) == sorted(map(tuple, small.inputs[0]))


def test_each_seed_has_batches_of_its_own(monkeypatch):
    seen = []
    monkeypatch.setitem(GLOBALS, "pretrained", lambda *asked: None)
    monkeypatch.setitem(GLOBALS, "fit", lambda build, data, **given: seen.append(data(0).inputs[0]))
    for seed in (1, 2):
        S["followed"]("words, mean", FEW, 2400, seed, 0.01, {1}, FEW)
    assert not np.array_equal(*seen)


def test_training_ends_where_the_labels_are_memorised(monkeypatch):
    losses = [0.009] * 10 + [0.02] * 5 + [0.009] * 100
    way = "scratch, mean, equal compute"
    found, _, _, at = walked(monkeypatch, way, {2, 30, 40, 100}, losses)
    assert at[-1] == 34, "one loss of 0.02 and 19 of 0.009 are 0.00955 in the mean"
    assert found == {2: 0.02, 30: 0.3, 40: 0.34, 100: 0.34}
    assert walked(monkeypatch, way, {30}, [0.0] * 40)[3][-1] == 20, "so many steps are looked at"
    assert walked(monkeypatch, "scratch, mean", {30}, [0.0] * 40)[3][-1] == 30, "others go on"


def test_what_is_trained_is_left_as_it_was_in_the_next_way():
    before = copy.deepcopy(S["pretrained"](None, 2, 3)[0].state_dict())
    S["followed"]("scratch, mean", FEW, 2, 3, 0.01, {1}, FEW)
    after = S["pretrained"](None, 2, 3)[0].state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)
