"""What a head attends to, and what is lost without it, is what the names say."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlib.nn import TransformerTranslator
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS

S = runpy.run_path(str(Path(__file__).with_name("dates_heads.py")))
GLOBALS = S["effects"].__globals__
TEST = Translation("dates", "test")


@pytest.fixture
def model():
    torch.manual_seed(0)
    net = TransformerTranslator(TEST.vocab_size, TEST.n_out, 12, 3, 2).eval()
    with torch.no_grad():
        for weight in net.parameters():
            weight.mul_(1.5)
    return net


def read(model, one):
    """The answers for a sentence after its true translation, and the weights of the attention to the source."""
    source = torch.tensor([[*TEST.source.encode(one.source), EOS]])
    previous = torch.tensor([[BOS, *TEST.target.encode(one.target)]])
    with torch.no_grad():
        return model(source, None, previous, need_weights=True)


def test_maps_are_those_of_the_model(model):
    one = TEST.sentences[5]
    found = S["maps"](model, TEST, one)
    assert list(found) == ["encoder 1", "encoder 2", "decoder 1", "decoder 2", "cross 1", "cross 2"]
    n, m = len(one.source) + 1, len(one.target) + 1
    assert found["encoder 2"].shape == (3, n, n)
    assert found["decoder 1"].shape == (3, m, m)
    for weights in found.values():
        assert weights.sum(-1) == pytest.approx(1, abs=1e-5)
    assert not np.triu(found["decoder 2"], 1).any()
    assert np.abs(np.triu(found["encoder 1"], 1)).max() > 0.1
    cross = read(model, one)[1][0].numpy()
    assert found["cross 1"] == pytest.approx(cross[0], abs=1e-5)
    assert found["cross 2"] == pytest.approx(cross[1], abs=1e-5)
    assert np.abs(cross[0] - cross[1]).max() > 0.01
    x = model.source_embedding("source", torch.tensor([[*TEST.source.encode(one.source), EOS]]))
    block = model.encoder.layers[0]
    with torch.no_grad():
        first = block.self_attn(block.norm1(x), need_weights=True)[1][0].numpy()
    assert found["encoder 1"] == pytest.approx(first, abs=1e-5)


def test_maps_are_stored_in_percent():
    assert S["percent"](np.array([[[0.994, 0.006], [0.25, 0.754]]])) == [["99 1", "25 75"]]


def test_a_head_that_is_switched_off_adds_nothing(model):
    one = TEST.sentences[7]
    before, state = read(model, one)[0], {name: value.clone() for name, value in model.state_dict().items()}
    attention = S["attentions"](model)["cross 2"]
    assert attention is model.decoder.layers[1].multihead_attn
    x, source = torch.randn(2, 5, 12), torch.randn(2, 6, 12)
    with torch.no_grad():
        whole, weights = attention(x, source, need_weights=True)
        values = attention.key_values(source).values
        head = weights[:, 1] @ values[:, 1]
        less = whole - head @ attention.out_proj.weight[:, 4:8].T
        with S["switched_off"](attention, [1]):
            assert torch.allclose(attention(x, source)[0], less, atol=1e-5)
            assert not torch.allclose(read(model, one)[0], before, atol=1e-4)
        with S["switched_off"](attention, range(3)):
            assert torch.equal(attention(x, source)[0], attention.out_proj.bias.expand(2, 5, 12))
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items()), "as it was before"
    with pytest.raises(KeyError), S["switched_off"](attention, [0]):
        raise KeyError
    assert torch.equal(attention.out_proj.weight, state["decoder.layers.1.multihead_attn.out_proj.weight"])


def test_effects_are_of_each_head_and_of_all_of_them(model):
    parts = S["attentions"](model)
    assert parts["encoder 2"] is model.encoder.layers[1].self_attn
    assert parts["decoder 1"] is model.decoder.layers[0].self_attn

    def off(model):
        """Which heads add nothing, by the columns that are 0."""
        found = []
        for name, part in S["attentions"](model).items():
            columns = part.out_proj.weight.abs().sum(0).reshape(3, 4)
            found += [(name, head) for head in range(3) if not columns[head].any()]
        return found

    found = S["effects"](model, off)
    assert found["nothing"] == []
    assert len(found) == 1 + 6 * 4
    for name in parts:
        for head in range(3):
            assert found[f"{name}, head {head + 1}"] == [(name, head)]
        assert found[f"{name}, all heads"] == [(name, 0), (name, 1), (name, 2)]


def test_sentences_are_of_these_forms_and_different_days(model):
    forms = ["full en", "full en_GB", "short en"]
    found = S["drawn"](model, TEST, forms)
    assert [one["form"] for one in found] == forms
    chosen = S["chosen"](TEST, forms)
    assert len({one.concept for one in chosen}) == 3
    for told, one in zip(found, chosen, strict=True):
        assert told["source"] == [*one.source, "<eos>"]
        assert told["target"] == [*one.target, "<eos>"]
        assert told["sure"] == sorted(one.sure)
        weights = S["maps"](model, TEST, one)["cross 1"]
        assert np.array([row.split() for row in told["maps"]["cross 1"][2]], float) == pytest.approx(
            100 * weights[2], abs=0.51
        )


def test_on_gold_is_the_share_of_words_that_look_at_theirs(model, monkeypatch):
    every = len(TEST.sentences) // 2 + 1
    chosen = TEST.sentences[::every]

    def maps(model, task, one):
        """Head 1 looks at the gold links, head 2 at the first token; a mark is looked for elsewhere."""
        n, m = len(one.source) + 1, len(one.target) + 1
        weights = np.full((2, m, n), 0.01)
        weights[1, :, 0] = 0.9
        for s, t in one.sure:
            weights[0, t, s if one.roles[1][t] else n - 1] = 0.9
        return {"encoder 1": weights, "cross 1": weights}

    monkeypatch.setitem(GLOBALS, "maps", maps)
    found = S["on_gold"](model, TEST, every)
    assert set(found) == {"cross 1, head 1", "cross 1, head 2"}
    assert found["cross 1, head 1"] == 1.0
    words = [(s, t) for one in chosen for s, t in one.sure if one.roles[1][t]]
    assert found["cross 1, head 2"] == pytest.approx(np.mean([s == 0 for s, _ in words]), abs=1e-3)
