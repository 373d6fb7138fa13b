"""The translator for the page is what its script makes of it, equals its formulas and torch, and translates."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.decoding import greedy
from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "tools/live_12.py"))
STORED = json.loads((ROOT / "book/_static/live/12_dates.json").read_text(encoding="utf8"))
WEIGHTS = {name: np.array(w) for name, w in STORED["weights"].items()}
EXAMPLES = {example["form"]: example for example in STORED["examples"]}
ENDS = {"→": "_l0", "←": "_l0_reverse"}
HALF_A_UNIT = 0.5e-3 + 1e-9  # of the last digit that is stored


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def read_on(part, end, x, h):
    """One step of a GRU of the file, from its formulas."""
    gates = WEIGHTS[f"{part}.weight_ih{end}"] @ x + WEIGHTS[f"{part}.bias_ih{end}"]
    before = WEIGHTS[f"{part}.weight_hh{end}"] @ h + WEIGHTS[f"{part}.bias_hh{end}"]
    n = len(h)
    r = sigmoid(gates[:n] + before[:n])
    z = sigmoid(gates[n : 2 * n] + before[n : 2 * n])
    return (1 - z) * np.tanh(gates[2 * n :] + r * before[2 * n :]) + z * h


def written(source, previous=None):
    """All that the network does with one sentence: what it writes, told what is `previous` or what it wrote itself."""
    words, units = WEIGHTS["source_embedding.weight"][source], WEIGHTS["encoder.weight_hh_l0"].shape[1]
    states = {}
    for way, order in {"→": range(len(words)), "←": reversed(range(len(words)))}.items():
        h = np.zeros(units)
        for s in order:
            h = states[way, s] = read_on("encoder", ENDS[way], words[s], h)
    keys = np.array([[*states["→", s], *states["←", s]] for s in range(len(words))])
    s_t = np.array([*states["→", len(words) - 1], *states["←", 0]])
    found, word, said = {"h": keys, "s": [], "attention": [], "logits": []}, BOS, []
    while len(said) < (12 if previous is None else len(previous)) and word != EOS:
        s_t = read_on("decoder", "_l0", WEIGHTS["target_embedding.weight"][word], s_t)
        e = np.exp([key @ s_t for key in keys])
        context = sum(share * key for share, key in zip(e / e.sum(), keys, strict=True))
        mixed = np.tanh(WEIGHTS["combine.weight"] @ [*context, *s_t])
        logits = WEIGHTS["readout.weight"] @ mixed + WEIGHTS["readout.bias"]
        said.append(int(logits.argmax()))
        word = said[-1] if previous is None or len(said) == len(previous) else previous[len(said)]
        for name, value in {"s": s_t, "attention": e / e.sum(), "logits": logits}.items():
            found[name].append(value)
    return said, found


@pytest.fixture(scope="module")
def by_torch():
    """The network with torch's own layers, in float64, and the weights of the file."""
    H, E = WEIGHTS["encoder.weight_hh_l0"].shape[1], WEIGHTS["source_embedding.weight"].shape[1]
    encoder = torch.nn.GRU(E, H, batch_first=True, bidirectional=True)
    decoder, sizes = torch.nn.GRU(E, 2 * H, batch_first=True), [len(v) for v in STORED["vocabulary"].values()]
    model = EncoderDecoder(encoder, decoder, *sizes, attention=Attention("dot", 2 * H)).double()
    model.load_state_dict({name: torch.tensor(w) for name, w in WEIGHTS.items()})
    return model.requires_grad_(False).eval()


@pytest.fixture(scope="module")
def test_part():
    return Translation("dates", "test")


def test_the_file_is_what_the_script_writes_of_these_weights():
    made = json.loads(json.dumps(SCRIPT["live"](WEIGHTS)))
    assert made == {name: value for name, value in STORED.items() if name != "made_by"}


def test_the_script_trains_what_the_file_says():
    """Two steps of it: the network and all settings are typed out here, or read from the file."""
    task, how = Translation("dates", seed=STORED["task"]["seed"]), dict(STORED["training"])
    assert how.pop("schedule") == "cosine"
    assert how.pop("steps") == SCRIPT["STEPS"] == 1500

    def network():
        parts = GRU(16, 24, batch_first=True, bidirectional=True), GRU(16, 48, batch_first=True)
        return EncoderDecoder(*parts, task.vocab_size, task.n_out, attention=Attention("dot", 48))

    wanted = fit(network, task, steps=2, schedule=Cosine(2), **how).model.state_dict()
    got = SCRIPT["train"](steps=2)
    assert set(got) == set(wanted) == set(WEIGHTS)
    for name, w in got.items():
        assert w.shape == WEIGHTS[name].shape
        np.testing.assert_allclose(w, wanted[name].double().numpy(), atol=0.5e-2 + 1e-7)
        np.testing.assert_array_equal(w, np.round(w, 2))


@pytest.mark.parametrize("form", EXAMPLES)
def test_the_formulas_alone_give_what_is_stored(form):
    example = EXAMPLES[form]
    _, found = written(example["source"], example["previous"])
    for name, value in found.items():
        np.testing.assert_allclose(np.array(value), example[name], atol=HALF_A_UNIT, err_msg=name)


@pytest.mark.parametrize("form", EXAMPLES)
def test_the_formulas_alone_write_what_is_stored_and_that_is_right(form):
    example = EXAMPLES[form]
    said = [STORED["vocabulary"]["target"][i] for i in written(example["source"])[0]]
    assert example["greedy"] == " ".join(said)
    assert said[-1] == "<eos>"
    assert "".join(said[:-1]) == example["somali"].replace(" ", "")


def test_what_never_ends_is_stopped():
    weights = WEIGHTS | {
        "readout.bias": WEIGHTS["readout.bias"] - 100 * (np.arange(len(WEIGHTS["readout.bias"])) == EOS)
    }
    assert len(SCRIPT["greedy"](weights, np.array(EXAMPLES["short en"]["source"]))) == 12


def test_torch_gives_the_same(by_torch):
    for example in EXAMPLES.values():
        given = torch.tensor(example["source"])[None], None, torch.tensor(example["previous"])[None]
        logits, state = by_torch(*given)
        np.testing.assert_allclose(logits[0], example["logits"], atol=HALF_A_UNIT)
        np.testing.assert_allclose(state.weights[0], example["attention"], atol=HALF_A_UNIT)


def test_it_is_within_half_a_point_of_the_ceiling(by_torch, test_part):
    """Decoded greedily, batch by batch as everywhere else, where the script tells each word the true ones before it."""
    batch, p = test_part.every_case()
    source, lengths, previous = batch.inputs
    found = greedy(by_torch, [[BOS]] * len(p), max_length=12, eos=EOS, state=by_torch.encode(source, lengths)).ids
    wanted = np.where(batch.mask, batch.y, 0)
    exact = p @ (np.pad(found, ((0, 0), (0, 12 - found.shape[1])))[:, : wanted.shape[1]] == wanted).all(1)
    told = STORED["quality"]
    assert told["exact"] == pytest.approx(exact, abs=1e-4)
    assert told["ceiling"] == pytest.approx(test_part.ceiling, abs=1e-4)
    assert told["floor"] == pytest.approx(test_part.floor, abs=1e-4)
    assert told["ceiling"] - 0.005 <= exact <= test_part.ceiling + 1e-9
    logits, state = by_torch(torch.tensor(source), lengths, torch.tensor(previous))
    losses = batch.losses(logits.log_softmax(-1).numpy())
    loss = p @ losses / sum(p * batch.mask.sum(1))
    assert told["loss"] == pytest.approx(loss, abs=1e-4)
    assert told["floor"] < loss < told["floor"] + 0.002
    on, words = 0.0, 0.0
    for weights, one, share in zip(state.weights, test_part.sentences, p, strict=True):
        by_word = {t: sum(float(weights[t, s]) for s, other in one.sure if other == t) for _, t in one.sure}
        on, words = on + share * sum(by_word.values()), words + share * len(by_word)
    assert told["on links"] == pytest.approx(on / words, abs=1e-4)
    assert on / words > 0.9


def test_the_examples_are_dates_of_the_test_whose_parts_change_their_places(test_part):
    assert list(EXAMPLES) == ["full en_GB", "long en_GB", "medium en", "short en"]
    source, target = test_part.source, test_part.target
    assert STORED["vocabulary"] == {"source": source.tokens, "target": target.tokens}
    for form, example in EXAMPLES.items():
        (one,) = [s for s in test_part.sentences if s.english == example["english"] and s.form == form]
        assert one.concept == "2023-08-16"
        assert one.somali == example["somali"]
        assert [source.tokens[i] for i in example["source"]] == [*one.source, "<eos>"]
        assert [target.tokens[i] for i in example["previous"]] == ["<bos>", *one.target]
        assert [target.tokens[i] for i in example["y"]] == [*one.target, "<eos>"]
        sure, possible = ({tuple(link) for link in example[kind]} for kind in ("sure", "possible"))
        assert (sure, possible) == (set(one.sure), set(one.possible))
        assert any(s > other and t < after for s, t in sure for other, after in sure), "nothing crosses"


def test_the_parameters_are_counted():
    assert STORED["parameters"] == sum(w.size for w in WEIGHTS.values()) == 24032
