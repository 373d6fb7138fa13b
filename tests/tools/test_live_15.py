"""The small network that recalls is what its script makes of it, equals its formulas and torch, and recalls."""

import json
import math
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import TransformerModel
from seqlib.tasks import AssociativeRecall
from seqlib.training import Cosine, fit

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_15.py"))
STORED = json.loads((ROOT / "book/_static/live/15_recall.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}
TASK = AssociativeRecall(pairs=12, keys=5, all_keys=8, values=8)
HALF_A_UNIT = 0.5e-3 + 1e-9  # of the last digit that is stored


def normed(x, part):
    x = (x - x.mean()) / math.sqrt(x.var() + STORED["convention"]["eps"])
    return x * WEIGHTS[f"{part}.weight"] + WEIGHTS[f"{part}.bias"]


def turned(x, t):
    """Pairs of neighbours, as complex numbers, turned by t times their frequency."""
    pairs = x[::2] + 1j * x[1::2]
    pairs = pairs * np.exp(1j * t * STORED["convention"]["rotary"] ** (-np.arange(0, len(x), 2) / len(x)))
    return np.stack([pairs.real, pairs.imag], 1).ravel()


def softmax(z):
    e = np.exp(z - max(z))
    return e / e.sum()


def by_formulas(ids):
    """Maps (2, T, T) and probabilities (T, V) of one sequence, step by step."""
    h = [WEIGHTS["embedding.words.weight"][i] for i in ids]
    maps = np.zeros((2, len(ids), len(ids)))
    for layer in (0, 1):
        part = f"core.layers.{layer}"
        W, b = WEIGHTS[f"{part}.self_attn.in_proj_weight"], WEIGHTS[f"{part}.self_attn.in_proj_bias"]
        q, k, v = np.array([W @ normed(x, f"{part}.norm1") + b for x in h]).reshape(len(ids), 3, 24).transpose(1, 0, 2)
        new = []
        for t in range(len(ids)):
            scores = [turned(q[t], t) @ turned(k[s], s) / math.sqrt(24) for s in range(t + 1)]
            maps[layer, t, : t + 1] = softmax(np.array(scores))
            read = WEIGHTS[f"{part}.self_attn.out_proj.weight"] @ (maps[layer, t] @ v)
            new.append(h[t] + read + WEIGHTS[f"{part}.self_attn.out_proj.bias"])
        h = new
    p = [softmax(WEIGHTS["readout.weight"] @ normed(x, "core.norm") + WEIGHTS["readout.bias"]) for x in h]
    return maps, np.array(p)


def fresh():
    """The network with the layers of seqlib.nn, typed out here once more."""
    model = TransformerModel(16, 8, 24, 1, 2, 1, positions="rotary")
    for block in model.core.blocks:
        for part in (block.linear1, block.linear2, block.norm2):
            for parameter in part.parameters():
                torch.nn.init.zeros_(parameter).requires_grad_(False)
    return model


@pytest.fixture(scope="module")
def by_torch():
    """The network of the file, in float64."""
    model = fresh().double()
    told = model.load_state_dict({name: torch.tensor(w) for name, w in WEIGHTS.items()}, strict=False)
    assert not told.unexpected_keys
    assert all(".linear" in name or ".norm2" in name for name in told.missing_keys)
    return model.requires_grad_(False).eval()


def ids():
    return [STORED["symbols"].index(symbol) for symbol in STORED["input"]]


def test_the_file_is_what_the_script_writes_of_these_weights():
    made = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert made == {name: value for name, value in STORED.items() if name != "made_by"}


def test_the_script_trains_what_the_file_says():
    """Two steps of it: the network and all settings are typed out here, or read from the file."""
    how = dict(STORED["training"])
    assert how.pop("schedule") == "cosine to 0.1, a tenth of it warm-up"
    assert how.pop("steps") == SCRIPT["STEPS"] == 500
    seen = {}
    real = SCRIPT["train"].__globals__["fit"]

    def watched(*given, **options):
        seen.update(options)
        return real(*given, **options)

    SCRIPT["train"].__globals__["fit"] = watched
    try:
        got = SCRIPT["train"](steps=100)
    finally:
        SCRIPT["train"].__globals__["fit"] = real
    schedule = Cosine(100, 0.1, 10)
    assert [seen["schedule"](step) for step in range(100)] == [schedule(step) for step in range(100)]
    assert how == {name: value for name, value in seen.items() if name not in ("steps", "schedule")}
    wanted = dict(fit(fresh, TASK, steps=100, schedule=schedule, **how).model.named_parameters())
    assert set(got) == {name for name, p in wanted.items() if p.requires_grad} == set(WEIGHTS)
    for name, w in got.items():
        assert w.shape == WEIGHTS[name].shape
        np.testing.assert_allclose(w, wanted[name].detach().double().numpy(), atol=0.5e-3 + 1e-6)
        np.testing.assert_array_equal(w, np.round(w, 3))


def test_the_formulas_alone_give_what_is_stored():
    maps, p = by_formulas(ids())
    np.testing.assert_allclose(maps, STORED["attention"], atol=HALF_A_UNIT)
    np.testing.assert_allclose(p, STORED["probabilities"], atol=HALF_A_UNIT)


def test_torch_gives_the_same(by_torch):
    out, weights = by_torch(torch.tensor([ids()]), need_weights=True)
    np.testing.assert_allclose(weights[:, 0, 0], STORED["attention"], atol=HALF_A_UNIT)
    np.testing.assert_allclose(out[0].softmax(-1), STORED["probabilities"], atol=HALF_A_UNIT)


def test_the_input_is_of_the_task_and_recalled():
    symbols, p = STORED["input"], np.array(STORED["probabilities"])
    assert len(symbols) == 23
    known = {}
    for t in range(0, 23, 2):
        if symbols[t] in known:
            assert p[t, int(known[symbols[t]]) - 1] > 0.98
            looked = np.array(STORED["attention"][1][t])
            copies = [s + 1 for s in range(0, t, 2) if symbols[s] == symbols[t]]
            assert looked[copies].sum() > 0.9
        else:
            assert p[t].max() < 0.2
        if t + 1 < 23:
            assert symbols[t] in "abcdefgh"
            assert known.setdefault(symbols[t], symbols[t + 1]) == symbols[t + 1]
            assert STORED["attention"][0][t + 1][t] > 0.8
    assert len(known) == len(set(known.values())) == 5


def test_it_is_near_the_floor(by_torch):
    batch = TASK.sample(1000, np.random.default_rng([0, 10**6]))
    p = by_torch(torch.tensor(batch.inputs[0]))[0].softmax(-1).numpy()
    right = np.take_along_axis(p, batch.y[..., None], 2)[..., 0]
    assert STORED["quality"]["loss"] == pytest.approx(-np.log(right[batch.mask]).mean(), abs=1e-4)
    hits, places = [], np.flatnonzero(batch.mask[0])
    for b, t in ((b, t) for b in range(1000) for t in places):
        if batch.inputs[0][b, t] in batch.inputs[0][b, :t:2]:
            hits.append(p[b, t].argmax() == batch.y[b, t])
    assert STORED["quality"]["recalled"] == pytest.approx(np.mean(hits), abs=1e-4)
    assert STORED["quality"]["floor"] == pytest.approx(TASK.floor, abs=1e-4)
    assert STORED["quality"]["loss"] < TASK.floor + 0.02
    levels = [TASK.level(reader) for reader in ("values in context", "values alone", "chance")]
    assert [STORED["quality"][name] for name in ("values in context", "values alone", "chance")] == pytest.approx(
        levels, abs=1e-4
    )


def test_the_file_says_what_it_is():
    assert STORED["task"] == {"name": "associative recall", **TASK.settings}
    assert STORED["symbols"] == list("abcdefgh12345678")
    assert STORED["convention"] == {
        "norm": "layer",
        "norm_first": True,
        "eps": 1e-5,
        "rotary": 10_000,
        "pairs": "interleaved",
    }
    assert STORED["parameters"] == sum(w.size for w in WEIGHTS.values())
