"""BERT of Hugging Face, from configuration: the same numbers and gradients on many shapes; its weights both ways."""

import os

import numpy as np
import pytest
import torch
from blocks import DOUBLE, drawn

from seqlib.batching import Batch
from seqlib.nn import (
    GRU,
    Bert,
    BertForClassification,
    BertForPretraining,
    bert_options,
    from_bert,
    pretraining_loss,
    to_bert,
)

CONFIGURATIONS = 204


@pytest.fixture(scope="module")
def theirs():
    """The module of transformers that has BERT; it takes seconds to import."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.bert import modeling_bert

    return modeling_bert


def config(theirs, **options):
    small = {"vocab_size": 11, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2}
    small |= {"num_attention_heads": 2, "max_position_embeddings": 9, "type_vocab_size": 2, "layer_norm_eps": 1e-3}
    small |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return theirs.BertConfig(**small | options)


def some(rng, theirs):
    """A configuration, ids, segments and one of several kinds of mask, all drawn."""
    heads = int(rng.choice([1, 2, 3]))
    options = {"vocab_size": int(rng.integers(3, 14)), "hidden_size": heads * int(rng.integers(1, 5))}
    options |= {"intermediate_size": int(rng.integers(1, 15)), "num_hidden_layers": int(rng.integers(1, 4))}
    options |= {"num_attention_heads": heads, "max_position_embeddings": int(rng.integers(1, 9))}
    options |= {"type_vocab_size": int(rng.integers(1, 4)), "layer_norm_eps": float(10 ** rng.uniform(-4, -1))}
    options |= {"num_labels": int(rng.integers(2, 5)), "attn_implementation": str(rng.choice(["eager", "sdpa"]))}
    B, T = int(rng.integers(1, 4)), int(rng.integers(1, options["max_position_embeddings"] + 1))
    x = torch.tensor(rng.integers(1, options["vocab_size"], (B, T)))  # 0 is their padding, which learns nothing
    segments = torch.tensor(rng.integers(options["type_vocab_size"], size=(B, T)))
    lengths = torch.tensor(rng.integers(1, T + 1, B))
    mask = torch.tensor(rng.random((B, T)) < 0.7)
    mask[:, 0] = True
    kind = str(rng.choice(["none", "lengths", "mask", "both"]))
    return config(theirs, **options), x, segments, lengths, mask, kind


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("name", ["BertModel", "BertForPreTraining", "BertForSequenceClassification"])
def test_outputs_and_gradients_are_the_same_on_random_configurations(theirs, name, part):
    for seed in range(part, CONFIGURATIONS // 3, 4):
        rng = np.random.default_rng([seed, len(name)])
        options, x, segments, lengths, mask, kind = some(rng, theirs)
        wanted = drawn(getattr(theirs, name)(options), seed).double().eval()
        ours = from_bert(wanted)
        real = torch.arange(x.shape[1]) < lengths[:, None]
        seen = {"none": None, "lengths": real, "mask": mask, "both": real & mask}[kind]
        inputs = {"lengths": lengths if kind in ("lengths", "both") else None, "segments": segments}
        inputs["mask"] = mask if kind in ("mask", "both") else None
        answers = wanted(input_ids=x, token_type_ids=segments, attention_mask=None if seen is None else seen.long())
        scores = real if inputs["lengths"] is not None else torch.ones_like(real)
        if name == "BertModel":
            h, weights = ours(x, **inputs)
            assert weights is None
            pairs = [(h[scores], answers.last_hidden_state[scores]), (ours.pooled(h), answers.pooler_output)]
        elif name == "BertForPreTraining":
            words, pair = ours(x, **inputs)
            pairs = [(words[scores], answers.prediction_logits[scores]), (pair, answers.seq_relationship_logits)]
        else:
            out = ours(x, **inputs)
            assert out.shape[:2] == x.shape
            pairs = [(out[:, 0], answers.logits), (out[:, -1], answers.logits)]
        for got, expected in pairs:
            torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-9)
        cotangents = [torch.randn_like(got) for got, _ in pairs]
        for which in (0, 1):
            sum((pair[which] * c).sum() for pair, c in zip(pairs, cotangents, strict=True)).backward()
        with torch.no_grad():  # the gradients in the place of the weights go the same way
            for parameter in ours.parameters():
                parameter.copy_(torch.zeros_like(parameter) if parameter.grad is None else parameter.grad)
        named = dict(wanted.named_parameters())
        for key, gradient in to_bert(ours).items():
            if key in named:
                expected = named[key].grad
                expected = torch.zeros_like(gradient) if expected is None else expected
                torch.testing.assert_close(gradient, expected, rtol=1e-9, atol=1e-9, msg=f"{seed} {key}")
        assert set(named) <= set(to_bert(ours))


@pytest.mark.parametrize("seed", range(8))
def test_the_loss_of_pretraining_is_theirs(theirs, seed):
    """Their labels: -100 where nothing is asked for, and 0 for a pair that belongs together, which ours calls 1."""
    rng = np.random.default_rng(seed)
    wanted = drawn(theirs.BertForPreTraining(config(theirs)), seed).double().eval()
    ours = from_bert(wanted)
    with torch.no_grad():  # two answers change places
        ours.pair.weight.copy_(wanted.cls.seq_relationship.weight.flip(0))
        ours.pair.bias.copy_(wanted.cls.seq_relationship.bias.flip(0))
    x, y = (torch.tensor(rng.integers(1, 11, (5, 7))) for _ in range(2))
    segments = torch.tensor(rng.integers(2, size=(5, 7)))
    together = torch.tensor(rng.integers(2, size=5))
    asked = torch.tensor(rng.random((5, 7)) < 0.4)
    asked[0, 3] = True
    asked[:, 0] = False
    labels = torch.where(asked, y, -100)
    expected = wanted(input_ids=x, token_type_ids=segments, labels=labels, next_sentence_label=1 - together).loss
    y[:, 0], asked[:, 0] = together, True
    loss = pretraining_loss(ours, Batch((x, None, segments), y, asked))
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=1e-12)


def test_a_mask_for_every_query_is_the_same(theirs):
    wanted = drawn(theirs.BertModel(config(theirs, attn_implementation="sdpa"))).double().eval()
    torch.manual_seed(0)
    x, mask = torch.randint(1, 11, (3, 6)), torch.rand(3, 6, 6) < 0.6
    mask |= torch.eye(6, dtype=torch.bool)
    got = from_bert(wanted)(x, mask=mask)[0]
    torch.testing.assert_close(got, wanted(input_ids=x, attention_mask=mask[:, None]).last_hidden_state)


def test_weights_of_attention_are_theirs(theirs):
    wanted = drawn(theirs.BertModel(config(theirs, attn_implementation="eager"))).double().eval()
    x, lengths = torch.randint(1, 11, (3, 6), generator=torch.Generator().manual_seed(0)), torch.tensor([6, 2, 4])
    real = torch.arange(6) < lengths[:, None]
    _, weights = from_bert(wanted)(x, lengths, need_weights=True)
    expected = torch.stack(wanted(input_ids=x, attention_mask=real.long(), output_attentions=True).attentions)
    torch.testing.assert_close(weights, expected * real[:, None, :, None], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["BertModel", "BertForPreTraining", "BertForSequenceClassification"])
def test_the_way_back(theirs, name):
    options = {"num_labels": 3, "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1}
    options |= {"classifier_dropout": 0.3, "initializer_range": 0.5, "type_vocab_size": 3}
    wanted = drawn(getattr(theirs, name)(config(theirs, **options)))
    ours = from_bert(wanted)
    kind = {"BertModel": Bert, "BertForPreTraining": BertForPretraining}.get(name, BertForClassification)
    assert type(ours) is kind
    again = getattr(theirs, name)(theirs.BertConfig(**bert_options(ours)))
    again.load_state_dict(to_bert(ours))
    for (key, weight), (other, expected) in zip(again.named_parameters(), wanted.named_parameters(), strict=True):
        assert key == other
        assert torch.equal(weight, expected), key
    for option in bert_options(ours):
        if name == "BertForSequenceClassification" or option not in ("num_labels", "classifier_dropout"):
            assert getattr(again.config, option) == getattr(wanted.config, option), option
    twin = from_bert(again)
    x = torch.tensor([[1, 2, 3]])
    for a, b in zip(ours.eval().state_dict().values(), twin.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    a, b = ours(x), twin.eval()(x)
    assert torch.equal(a[0], b[0])
    assert all(not torch.equal(weight, 0 * weight) for weight in to_bert(ours).values())


def test_it_is_a_copy_in_the_same_mode_and_dtype(theirs):
    wanted = drawn(theirs.BertForSequenceClassification(config(theirs, num_labels=3))).double()
    for training in (True, False):
        ours = from_bert(wanted.train(training))
        assert {part.training for part in ours.modules()} == {training}
        assert from_bert(wanted.bert.train(training)).training == training
    assert {p.dtype for p in ours.parameters()} == {torch.float64}
    assert ours.head_dropout == 0
    before = wanted.classifier.weight.clone(), wanted.bert.pooler.dense.weight.clone()
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.zero_()
    assert torch.equal(wanted.classifier.weight, before[0])
    assert torch.equal(wanted.bert.pooler.dense.weight, before[1])


def test_what_has_no_counterpart_is_named(theirs):
    for options, name in [
        ({"hidden_act": "relu"}, "module.config.hidden_act must be 'gelu' to be converted, got 'relu'"),
        ({"is_decoder": True}, "module.config.is_decoder must be False"),
        ({"attention_probs_dropout_prob": 0.5}, "module.config.attention_probs_dropout_prob must be 0.0"),
    ]:
        with pytest.raises(ValueError, match=name):
            from_bert(theirs.BertForPreTraining(config(theirs, **options)))
    apart = theirs.BertForPreTraining(config(theirs, tie_word_embeddings=False))
    with pytest.raises(ValueError, match="its decoder has a weight of its own"):
        from_bert(apart)
    for part in ("weight", "bias"):
        apart = theirs.BertForPreTraining(config(theirs))
        setattr(
            apart.cls.predictions.decoder,
            part,
            torch.nn.Parameter(torch.ones(11, 8) if part == "weight" else torch.ones(11)),
        )
        with pytest.raises(ValueError, match=f"its decoder has a {part} of its own"):
            from_bert(apart)
    assert type(from_bert(theirs.BertModel(config(theirs, tie_word_embeddings=False)))) is Bert, "it scores no words"
    with pytest.raises(ValueError, match="module must have a pooler"):
        from_bert(theirs.BertModel(config(theirs), add_pooling_layer=False))
    with pytest.raises(TypeError, match=r"module must be a BertModel, BertForPreTraining, BertForSeq.*got GRU"):
        from_bert(GRU(2, 3))
    for way in (to_bert, bert_options):
        with pytest.raises(TypeError, match="module must be a Bert, BertForPretraining or BertForClassification, got"):
            way(torch.nn.Linear(2, 3, **DOUBLE))
