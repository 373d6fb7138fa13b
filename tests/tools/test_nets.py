"""The networks in JavaScript equal those of seqlib.nn and torch.nn on 200 random inputs each, with the stored weights.

V8, the engine of Chromium, runs the script here without a page. All is float64 on both sides. What torch answers is
computed here from the weights of the file that a page reads; no stored answer is looked at.
"""

import json
from pathlib import Path

import numpy as np
import py_mini_racer
import pytest
import torch
from torch import nn

from seqlib.decoding import distribution
from seqlib.nn import Attention, EncoderDecoder, SequenceModel
from seqlib.nn.attention import masked_softmax
from seqlib.tasks import Swing
from seqlib.text import BOS

STATIC = Path(__file__).resolve().parents[2] / "book/_static"
N = 200
CLOSE = 1e-10  # that is asked for is 1e-4


@pytest.fixture(scope="module")
def js():
    """Calls a function of JavaScript, given as its text, with values that become JSON."""
    engine = py_mini_racer.MiniRacer()
    engine.eval((STATIC / "nets.js").read_text(encoding="utf8"))

    def call(function, *values):
        return json.loads(engine.eval(f"JSON.stringify(({function})(...{json.dumps(values)}))"))

    return call


@pytest.fixture
def rng():
    return np.random.default_rng(14)


def stored(name):
    """What a page reads of a model."""
    return json.loads((STATIC / f"live/{name}.json").read_text(encoding="utf8"))


def loaded(model, weights):
    """The model in float64, with these weights."""
    model = model.double()
    model.load_state_dict({name: torch.tensor(w, dtype=torch.float64) for name, w in weights.items()})
    return model.requires_grad_(False).eval()


def sequences(rng, V, longest=20):
    """200 sequences of ids, of 1 to `longest` steps."""
    return [rng.integers(V, size=n).tolist() for n in rng.integers(1, longest + 1, N)]


def padded(ids):
    """Sequences as one batch, with their lengths; what stands behind them is no id that counts."""
    lengths = [len(one) for one in ids]
    return torch.tensor([one + [1] * (max(lengths) - len(one)) for one in ids]), lengths


def same(got, wanted):
    """Each sequence, without the padding of the batch."""
    assert len(got) == N
    for one, batch in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, batch[: len(one)], atol=CLOSE, rtol=0)


READ = "(cell, w, all) => all.map(ids => nets.sequence(nets[cell], w, ids))"


def cores(cell, weights):
    """The layer of torch that these weights are of."""
    H, D = np.shape(weights["core.weight_hh_l0"])[1], np.shape(weights["core.weight_ih_l0"])[1]
    return getattr(nn, cell)(D, H, batch_first=True)


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_networks_that_count(js, rng, cell):
    weights = stored("08_counting")["networks"][cell]["weights"]
    V, n_out = (len(weights[name]) for name in ("embedding.weight", "readout.weight"))
    model = loaded(SequenceModel(cores(cell, weights), n_out, vocab_size=V), weights)
    ids = sequences(rng, V)
    x, lengths = padded(ids)
    found = js(READ, cell.lower(), weights, ids)
    same([one["logits"] for one in found], model(x, lengths)[0])
    same([[state["h"] for state in one["states"]] for one in found], model.core(model.embedding(x))[0])


def test_the_latch_with_all_its_gates(js, rng):
    weights = stored("05_latch")["weights"]
    names = {"embedding.weight": "embedding", "core.weight_ih_l0": "W_xh", "core.weight_hh_l0": "W_hh"}
    names |= {"core.bias_ih_l0": "b_h", "readout.weight": "W_ho", "readout.bias": "b_o"}
    named = {name: weights[ours] for name, ours in names.items()} | {"core.bias_hh_l0": [0.0] * 32}
    model = loaded(SequenceModel(cores("LSTM", named), 4, vocab_size=8), named)
    ids = sequences(rng, 8)
    x, lengths = padded(ids)
    found = js("(w, all) => all.map(ids => nets.sequence(nets.lstm, nets.fromBook(w), ids))", weights, ids)
    same([one["logits"] for one in found], model(x, lengths)[0])
    core = model.core
    for one, got in zip(ids, found, strict=True):
        h = c = torch.zeros(8, dtype=torch.float64)
        for word, state in zip(one, got["states"], strict=True):
            a = core.weight_ih_l0 @ model.embedding.weight[word] + core.weight_hh_l0 @ h + core.bias_ih_l0
            i, f, g, o = a.chunk(4)
            x_t = model.embedding.weight[word]
            h, c = (part[0, 0] for part in core(x_t[None, None], (h[None, None], c[None, None]))[1])
            wanted = {"i": i.sigmoid(), "f": f.sigmoid(), "g": g.tanh(), "o": o.sigmoid(), "c": c, "h": h}
            for name, value in wanted.items():
                np.testing.assert_allclose(state[name], value, atol=CLOSE, err_msg=name)


def test_the_swing(js, rng):
    weights = stored("06_swing")["weights"]
    model = loaded(SequenceModel(cores("GRU", weights), 1), weights)
    (x,) = Swing(20, restart=0.2).sample(N, rng).inputs
    found = js(READ, "gru", weights, x.tolist())
    same([one["logits"] for one in found], model(torch.tensor(x))[0])


def test_the_gates_of_a_gru_make_its_state(js, rng):
    weights = stored("06_swing")["weights"]
    (x,) = Swing(20, restart=0.2).sample(N, rng).inputs
    core = loaded(SequenceModel(cores("GRU", weights), 1), weights).core
    W, U, b, c = core.weight_ih_l0, core.weight_hh_l0, core.bias_ih_l0, core.bias_hh_l0
    for one, got in zip(x, js(READ, "gru", weights, x.tolist()), strict=True):
        before = torch.zeros(8, dtype=torch.float64)
        for vector, state in zip(torch.tensor(one), got["states"], strict=True):
            (i_r, i_z, i_n), (h_r, h_z, h_n) = (W @ vector + b).chunk(3), (U @ before + c).chunk(3)
            r, z = (i_r + h_r).sigmoid(), (i_z + h_z).sigmoid()
            for name, value in {"r": r, "z": z, "n": (i_n + r * h_n).tanh()}.items():
                np.testing.assert_allclose(state[name], value, atol=CLOSE, err_msg=name)
            before = torch.tensor(state["h"], dtype=torch.float64)


def test_the_pizza_in_both_directions(js, rng):
    weights = stored("07_pizza")["weights"]
    V, E = np.shape(weights["embedding.weight"])
    core = nn.GRU(E, 8, batch_first=True, bidirectional=True)
    model = loaded(SequenceModel(core, V, vocab_size=V), weights)
    ids = sequences(rng, V)
    x, lengths = padded(ids)
    found = js("(w, all) => all.map(ids => nets.bidirectional(nets.gru, w, ids))", weights, ids)
    same([one["logits"] for one in found], model(x, lengths)[0])
    for way, part in (("forward", slice(8)), ("backward", slice(8, 16))):
        for one, got in zip(ids[:20], found, strict=False):
            out = core(model.embedding(torch.tensor(one)[None]))[0][0, :, part]
            np.testing.assert_allclose([state["h"] for state in got[way]], out, atol=CLOSE)


def test_the_characters_and_going_on_from_a_state(js, rng):
    weights = stored("10_characters")["weights"]
    V = len(weights["embedding.weight"])
    model = loaded(SequenceModel(cores("GRU", weights), V, vocab_size=V), weights)
    ids = sequences(rng, V)
    x, lengths = padded(ids)
    in_two = """(w, all) => all.map(ids => {
        const first = nets.sequence(nets.gru, w, ids.slice(0, 1));
        return [...first.logits, ...nets.sequence(nets.gru, w, ids.slice(1), first.states[0]).logits];
    })"""
    for found in (js(READ, "gru", weights, ids), js(in_two, weights, ids)):
        same([one["logits"] if isinstance(one, dict) else one for one in found], model(x, lengths)[0])


TRANSLATE = """(w, all) => all.map(([source, previous, mask]) => {
    const steps = [];
    let state = { ...nets.encode(nets.gru, w, source), mask: mask ?? undefined };
    for (const word of previous) steps.push(state = nets.decode(nets.gru, w, word, state));
    return steps.map(({ s, weights, logits }) => ({ h: s.h, weights, logits }));
})"""


@pytest.fixture(scope="module")
def translator():
    weights = stored("12_dates")["weights"]
    sizes = [len(weights[f"{side}_embedding.weight"]) for side in ("source", "target")]
    encoder, decoder = nn.GRU(16, 24, batch_first=True, bidirectional=True), nn.GRU(16, 48, batch_first=True)
    return loaded(EncoderDecoder(encoder, decoder, *sizes, attention=Attention("dot", 48)), weights), weights


def test_the_translator_and_its_attention(js, rng, translator):
    model, weights = translator
    sources = sequences(rng, model.vocab_size, 12)
    targets = [[BOS, *one] for one in sequences(rng, model.n_out, 9)]
    (source, lengths), (previous, _) = padded(sources), padded(targets)
    logits, state = model(source, lengths, previous)
    found = js(TRANSLATE, weights, list(zip(sources, targets, strict=True)))
    same([[step["logits"] for step in one] for one in found], logits)
    for one, (got, words) in enumerate(zip(found, sources, strict=True)):
        attended = [step["weights"] for step in got]
        np.testing.assert_allclose(attended, state.weights[one, : len(got), : len(words)], atol=CLOSE)


def test_words_that_are_hidden_from_attention(js, rng, translator):
    """The mask of attention alone: the encoder has read all. Every tenth source is hidden altogether."""
    model, weights = translator
    cases, wanted = [], []
    for number, source in enumerate(sequences(rng, model.vocab_size, 12)):
        mask = rng.random(len(source)) < (0.6 if number % 10 else 0.0)
        previous = [BOS, *rng.integers(model.n_out, size=3).tolist()]
        state = model.encode(np.array([source]))._replace(mask=torch.tensor(mask)[None])
        steps = []
        for word in previous:
            logits, state = model.step([word], state)
            steps.append((logits[0], model.attention(state)[0][0]))
        cases.append([source, previous, mask.tolist()])
        wanted.append(steps)
    for got, steps in zip(js(TRANSLATE, weights, cases), wanted, strict=True):
        for step, (logits, attended) in zip(got, steps, strict=True):
            np.testing.assert_allclose(step["logits"], logits, atol=CLOSE)
            np.testing.assert_allclose(step["weights"], attended, atol=CLOSE)


def test_the_softmax_with_a_mask(js, rng):
    z = rng.normal(size=(N, 7)) * 300
    mask = rng.random((N, 7)) < 0.5
    got = js("(z, mask) => z.map((row, k) => nets.softmax(row, mask[k]))", z.tolist(), mask.tolist())
    np.testing.assert_allclose(got, masked_softmax(torch.tensor(z), torch.tensor(mask)), atol=CLOSE)
    assert not np.array(got)[~mask].any()


@pytest.mark.parametrize("top_p", [1e-13, 0.3, 0.9, 1])
@pytest.mark.parametrize("temperature", [0, 0.1, 0.7, 1, 2])
def test_temperature_and_top_p_are_those_of_decoding(js, rng, temperature, top_p):
    z = rng.normal(size=(N, 9)) * 3
    z[:20] = rng.integers(3, size=(20, 9))  # with equal ones among them
    got = js("(z, ...how) => z.map(row => nets.distribution(row, ...how))", z.tolist(), temperature, top_p)
    np.testing.assert_allclose(got, distribution(z, temperature, top_p=top_p), atol=CLOSE)


def test_a_sum_that_reaches_top_p_but_for_rounding_has_reached_it(js):
    assert sum([0.1] * 8) < 0.8
    got = js("nets.distribution", [0] * 10, 1, 0.8)
    np.testing.assert_allclose(got, [0.125] * 8 + [0] * 2, atol=CLOSE)
    np.testing.assert_allclose(got, distribution(np.zeros(10), top_p=0.8), atol=CLOSE)


def test_draws(js):
    p = [0.0, 0.25, 0.0, 0.5, 0.25, 0.0]
    at = [0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 0.9999999, 1.0]
    assert js("(p, at) => at.map(u => nets.draw(p, u))", p, at) == [1, 1, 3, 3, 3, 4, 4, 4]


def test_a_seed_repeats_its_numbers_and_they_are_uniform(js):
    numbers = js("seeds => seeds.map(seed => Array.from({ length: 5000 }, nets.uniform(seed)))", [1, 1, 2])
    assert numbers[0] == numbers[1] != numbers[2]
    for u in numbers[1:]:
        counts = np.histogram(u, bins=20, range=(0, 1))[0]
        assert counts.sum() == 5000  # all in [0, 1]
        assert max(u) < 1
        assert ((counts - 250) ** 2 / 250).sum() < 43.8  # chi-squared of 19 degrees, 0.001
        assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.05


def test_the_first_of_the_largest(js):
    assert js("z => nets.argmax(z)", [1, 3, 2, 3]) == 1
