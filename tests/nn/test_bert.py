"""BERT: its formulas typed out, padding, masks, segments, what its loss asks for, and that it learns."""

import copy
import math

import numpy as np
import pytest
import torch
from blocks import DOUBLE, LENGTHS, drawn

from seqlib.batching import Batch
from seqlib.nn import Bert, BertForClassification, BertForPretraining, pretraining_loss
from seqlib.tasks import LabelledSentences, MaskedWords, SentencePairs
from seqlib.training import evaluate, fit

SIZES = (11, 8, 2, 2, 12)
LONG = {"longest": 9, **DOUBLE}


def bert(**options):
    """A small Bert in float64, with weights that tell everything apart."""
    return drawn(Bert(*SIZES, **{"n_segments": 3, "eps": 1e-3} | LONG | options))


def read(seed=0, T=7):
    """Ids, segments and lengths."""
    torch.manual_seed(seed)
    return torch.randint(11, (4, T)), torch.randint(3, (4, T)), torch.tensor(LENGTHS)


def layer_norm(x, norm):
    return (
        norm.weight * (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, correction=0) + norm.eps).sqrt()
        + norm.bias
    )


def gelu(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


def test_the_encoder_is_its_formula():
    model = bert()
    x, segments, _ = read()
    h = model.words.weight[x] + model.segments.weight[segments] + model.places.weight[None, :7]
    h = layer_norm(h, model.norm)
    for block in model.core.layers:
        q, k, v = (
            h @ w.T + b
            for w, b in zip(block.self_attn.in_proj_weight.chunk(3), block.self_attn.in_proj_bias.chunk(3), strict=True)
        )
        heads = [
            torch.softmax(q[..., part] @ k[..., part].transpose(1, 2) / 2, -1) @ v[..., part]
            for part in (slice(0, 4), slice(4, 8))
        ]
        h = layer_norm(h + block.self_attn.out_proj(torch.cat(heads, -1)), block.norm1)
        h = layer_norm(h + block.linear2(gelu(block.linear1(h))), block.norm2)
    out, weights = model(x, segments=segments)
    assert weights is None
    torch.testing.assert_close(out, h, rtol=1e-10, atol=1e-10)
    pooled = torch.tanh(h[:, 0] @ model.pooler.weight.T + model.pooler.bias)
    torch.testing.assert_close(model.pooled(out), pooled, rtol=1e-10, atol=1e-10)


def test_the_heads_are_their_formulas():
    x, segments, lengths = read()
    model = drawn(BertForPretraining(*SIZES, n_segments=3, **LONG))
    h, _ = model.bert(x, lengths, segments)
    words, pair = model(x, lengths, segments)
    wanted = layer_norm(gelu(h @ model.transform.weight.T + model.transform.bias), model.norm)
    torch.testing.assert_close(words, wanted @ model.bert.words.weight.T + model.bias, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(pair, model.pair(model.bert.pooled(h)), rtol=1e-10, atol=1e-10)
    classifier = drawn(BertForClassification(model.bert, n_classes=5))
    assert classifier.bert is model.bert
    h, _ = model.bert(x, lengths, segments)
    scores = classifier(x, lengths, segments)
    assert scores.shape == (4, 7, 5)
    for t in range(7):
        torch.testing.assert_close(scores[:, t], classifier.readout(model.bert.pooled(h)), rtol=1e-10, atol=1e-10)


def test_padding_is_not_read_and_changes_nothing():
    model = bert()
    x, segments, lengths = read()
    out, weights = model(x, lengths, segments, need_weights=True)
    real = torch.arange(7) < lengths[:, None]
    garbage, other = torch.where(real, x, 10**6), torch.where(real, segments, -3)
    assert torch.equal(model(garbage, lengths, other)[0], model(x, lengths, segments)[0])
    assert (out[~real] == 0).all()
    assert (
        weights.transpose(0, 1)[~real[:, None, :, None].expand(4, 2, 7, 7)[:, None].expand(4, 2, 2, 7, 7)] == 0
    ).all()
    torch.testing.assert_close(weights.sum(-1), real[None, :, None].expand(2, 4, 2, 7).double())
    for b, n in enumerate(LENGTHS):
        alone, own = model(x[b : b + 1, :n], segments=segments[b : b + 1, :n], need_weights=True)
        torch.testing.assert_close(out[b, :n], alone[0], rtol=1e-10, atol=1e-10)
        torch.testing.assert_close(weights[:, b, :, :n, :n], own[:, 0], rtol=1e-10, atol=1e-10)
    as_array, unpadded = model(x, lengths.numpy(), segments)[0], model(x, torch.full((4,), 7))[0]
    assert torch.equal(as_array, model(x, lengths, segments)[0])
    assert torch.equal(unpadded, model(x)[0])


def test_masks_say_what_may_be_attended_to():
    model = bert()
    x, segments, lengths = read()
    mask = torch.rand(4, 7) < 0.6
    mask[:, 0] = True
    out, weights = model(x, segments=segments, mask=mask, need_weights=True)
    assert (weights[:, ~mask[:, None, None].expand(4, 2, 7, 7)] == 0).all()
    changed = torch.where(mask, x, (x + 1) % 11)
    again = model(changed, segments=segments, mask=mask)[0]
    torch.testing.assert_close(out[mask], again[mask], rtol=1e-10, atol=1e-10)
    all_true = torch.ones(1, 7, 7, dtype=torch.bool)
    assert torch.equal(model(x, lengths, segments, mask=all_true)[0], model(x, lengths, segments)[0])
    both, weights = model(x, lengths, segments, mask=mask[:, None] & torch.eye(7, dtype=torch.bool), need_weights=True)
    diagonal = torch.eye(7, dtype=torch.bool)
    assert (weights[..., ~diagonal] == 0).all()
    assert torch.isfinite(both).all(), "what may attend nowhere is no NaN"


def test_every_position_knows_every_other_and_where_it_is():
    model = bert()
    x, segments, _ = read(T=6)
    out = model(x, segments=segments)[0]
    for t in range(6):
        for other in (x.index_fill(1, torch.tensor(t), 0), None):
            which = (
                {"x": x, "segments": segments.index_fill(1, torch.tensor(t), 0)}
                if other is None
                else {"x": other, "segments": segments}
            )
            changed = (which["x"] != x)[:, t] | (which["segments"] != segments)[:, t]
            differs = (model(**which)[0] - out).abs().amax(2)[changed]
            assert changed.any()
            assert differs.min() > 1e-6
    order = torch.randperm(6, generator=torch.Generator().manual_seed(1))
    moved = model(x[:, order], segments=segments[:, order])[0]
    assert (moved - out[:, order]).abs().amax(2).min() > 1e-6
    with torch.no_grad():
        model.places.weight.zero_()
    torch.testing.assert_close(
        model(x[:, order], segments=segments[:, order])[0], model(x, segments=segments)[0][:, order]
    )
    assert torch.equal(model(x)[0], model(x, segments=torch.zeros_like(x))[0])


def test_the_state_dict_makes_it_again():
    for kind, more in ((Bert, {}), (BertForPretraining, {}), (BertForClassification, {"n_classes": 3})):
        model, twin = drawn(kind(*SIZES, **LONG, **more)), kind(*SIZES, **LONG, **more)
        twin.load_state_dict(model.state_dict())
        x, _, lengths = read()
        a, b = model(x, lengths), twin(x, lengths)
        assert torch.equal(a[0], b[0])
        assert torch.equal(a[-1], b[-1]) if a[-1] is not None else b[-1] is None
    names = set(BertForPretraining(*SIZES).state_dict())
    assert {"bert.words.weight", "bias"} <= names
    assert not any("decoder" in name or "readout" in name for name in names), "the words are scored by their embedding"


def test_starts():
    torch.manual_seed(0)
    model = BertForPretraining(500, 64, 4, 2, longest=300, start=0.1)
    for name, learnt in model.named_parameters():
        parameter = learnt.detach()
        if parameter.ndim > 1:
            spread = 5 * 0.1 / math.sqrt(2 * parameter.numel())
            assert abs(float(parameter.std()) - 0.1) < spread, name
            assert abs(float(parameter.mean())) < 5 * 0.1 / math.sqrt(parameter.numel()), name
        else:
            assert torch.equal(parameter, torch.zeros_like(parameter) if "bias" in name else torch.ones_like(parameter))
    assert abs(float(BertForClassification(model.bert, n_classes=400).readout.weight.detach().std()) - 0.1) < 0.005
    assert Bert(5, 4, 2, 1).norm.eps == Bert(5, 4, 2, 1).core.layers[0].norm2.eps == 1e-12
    assert Bert(5, 4, 2, 1).core.layers[0].linear1.out_features == 16
    assert Bert(5, 4, 2, 1).places.num_embeddings == 512
    assert float(Bert(500, 64, 4, 1).words.weight.detach().std()) == pytest.approx(0.02, rel=0.05)


def test_dropout_is_for_training():
    x, segments, lengths = read()
    torch.manual_seed(0)
    model = bert(dropout=0.5)
    assert not torch.equal(model(x)[0], model(x)[0])
    assert torch.equal(model.eval()(x)[0], model(x)[0])
    torch.testing.assert_close(model(x, lengths, segments)[0], bert().eval()(x, lengths, segments)[0])
    classifier = drawn(BertForClassification(bert(), n_classes=3, head_dropout=0.5))
    assert not torch.equal(classifier(x), classifier(x))
    assert BertForClassification(bert(dropout=0.25), n_classes=3).head_dropout == 0.25
    model.train().dropout = 0.0  # of the blocks there is still
    assert not torch.equal(model(x)[0], model(x)[0])
    wide, seen = Bert(3, 600, 1, 1, 1, longest=9, dropout=0.25), []
    wide.core.read = lambda x, *_, **__: (seen.append(x) or x, ())  # what goes into the encoder
    wide(torch.zeros(4, 9, dtype=torch.long))
    assert float((seen[0] == 0).double().mean()) == pytest.approx(0.25, abs=0.03)


def batches():
    """One of words, one of pairs, one of both."""
    x, segments, lengths = read()
    mask = torch.zeros(4, 7, dtype=torch.bool)
    mask[0, 2] = mask[0, 5] = mask[1, 1] = mask[2, 4] = True
    y = torch.randint(11, (4, 7))
    y[:, 0] = torch.tensor([0, 1, 1, 0])
    first = torch.arange(7) == 0
    inputs = (x, lengths, segments)
    return [Batch(inputs, y, mask), Batch(inputs, y, first.expand(4, 7)), Batch(inputs, y, mask | first)]


@torch.no_grad()
def test_the_loss_is_the_sum_of_two_means():
    model = drawn(BertForPretraining(*SIZES, n_segments=3, **LONG))
    words, pair, both = (float(pretraining_loss(model, batch)) for batch in batches())
    scores, answers = model(*batches()[0].inputs)
    mask, y = batches()[0].mask, batches()[0].y
    log_p = scores.log_softmax(-1)
    wanted = -sum(log_p[b, t, y[b, t]] for b, t in mask.nonzero().tolist()) / 4
    assert words == pytest.approx(float(wanted), abs=1e-12)
    wanted = -sum(answers.log_softmax(-1)[b, y[b, 0]] for b in range(4)) / 4
    assert pair == pytest.approx(float(wanted), abs=1e-12)
    assert both == pytest.approx(words + pair, abs=1e-12)
    with pytest.raises(TypeError, match="model must be a BertForPretraining, got Bert"):
        pretraining_loss(bert(), batches()[0])


def test_words_alone_are_judged_like_any_task():
    """The loss of words is the cross-entropy that `evaluate` takes of the same model."""
    task = MaskedWords(topics=3, words=2)
    model = BertForPretraining(task.vocab_size, 8, 2, 1, longest=12)
    data = [task.sample(16, np.random.default_rng(k)) for k in range(2)]
    own, usual = (float(evaluate(model, data, loss=loss)) for loss in (pretraining_loss, "cross_entropy"))
    assert own == pytest.approx(usual, abs=1e-5)


def test_it_learns_what_it_is_trained_for():
    task = SentencePairs(topics=2, words=2, phrases=0, noise=0.05)
    size = (task.vocab_size, 16, 2, 1)
    options = {"longest": 2 * task.T + 3, "start": 0.3}
    found = fit(
        lambda: BertForPretraining(*size, **options),
        task,
        steps=200,
        loss=pretraining_loss,
        lr=1e-2,
        seed=0,
        batch_size=64,
    )
    assert np.mean(found.loss[-20:]) < task.chance - 0.5 * (task.chance - task.floor)
    labelled = LabelledSentences(topics=2, words=2, phrases=0, noise=0.05)
    few = labelled.labelled(4, np.random.default_rng(0))
    before = copy.deepcopy(found.model.bert)
    classifier = BertForClassification(copy.deepcopy(before), n_classes=2)
    tuned = fit(classifier, [few], steps=30, loss="cross_entropy", lr=3e-3, seed=0).model
    (x,), y, mask = labelled.sample(400, np.random.default_rng(1))
    right = (tuned(torch.tensor(x))[torch.tensor(mask)].argmax(-1).numpy() == y[mask]).mean()
    assert right > 0.9 * labelled.accuracy
    assert any(not torch.equal(a, b) for a, b in zip(before.parameters(), tuned.bert.parameters(), strict=True))
