"""Labelled sentences: the levels and every distribution by adding up all sentences."""

import math
from collections import Counter

import numpy as np
import pytest
from every_sentence import latent, likelihood, listed

from seqlib.tasks import LabelledSentences

SMALL = [
    ({"topics": 4, "words": 1, "phrases": 0, "noise": 0.3}, 2),
    ({"topics": 3, "words": 1, "phrases": 1, "noise": 0.5}, None),
    ({"topics": 2, "words": 2, "phrases": 0, "noise": 0.2}, 2),
]


def tables(sizes, classes):
    """Sentence -> P(sentence, label) for every label."""
    topics, found = sizes["topics"], {}
    options = {key: value for key, value in sizes.items() if key != "phrases"}
    for words in listed(**sizes):
        joint = np.zeros(classes)
        for z, a in latent(topics):
            joint[z % classes] += likelihood(words, z, a, **options) / (2 * topics)
        found[words] = joint
    return found


@pytest.mark.parametrize(("sizes", "classes"), SMALL, ids=str)
def test_levels_and_distributions_by_every_sentence(sizes, classes):
    task = LabelledSentences(**sizes, classes=classes)
    K = classes or sizes["topics"]
    assert task.n_out == K
    joint = tables(sizes, K)
    rows = np.stack(list(joint.values()))
    assert rows.sum() == pytest.approx(1, abs=1e-12)
    share = rows / rows.sum(1, keepdims=True)
    assert task.floor == pytest.approx(-(rows * np.log(np.where(rows > 0, share, 1))).sum(), abs=1e-12)
    assert task.accuracy == pytest.approx(rows.max(1).sum(), abs=1e-12)
    assert task.chance == pytest.approx(math.log(K))
    x = task.framed(np.stack([task.vocabulary.encode(words) for words in joint]))
    np.testing.assert_allclose(task.probabilities(x), share, atol=1e-12)


def test_the_best_reader_scores_its_levels_on_samples():
    for classes in (None, 2):
        task = LabelledSentences(classes=classes)
        (x,), y, mask = task.sample(4000, np.random.default_rng(0))
        p, labels = task.probabilities(x), y[mask]
        losses = -np.log(p[np.arange(4000), labels])
        assert abs(losses.mean() - task.floor) < 4 * losses.std() / math.sqrt(4000)
        right = p.argmax(1) == labels
        assert abs(right.mean() - task.accuracy) < 4 * math.sqrt(task.accuracy * (1 - task.accuracy) / 4000)
    assert LabelledSentences().accuracy == pytest.approx(0.978, abs=0.001)


@pytest.mark.parametrize(("n", "classes"), [(8, None), (64, None), (10, 4), (3, 8), (1024, 2)])
def test_few_labels_come_equally_often(n, classes):
    task = LabelledSentences(classes=classes, noise=0)
    (x,), y, mask = task.labelled(n, np.random.default_rng(n))
    labels = y[mask]
    counts = np.bincount(labels, minlength=task.classes)
    assert counts.sum() == n == len(x)
    assert counts.max() - counts.min() <= (1 if n % task.classes else 0)
    topics = [ord(task.vocabulary.decode(row)[2][0]) - ord("a") for row in x]
    assert [z % task.classes for z in topics] == labels.tolist()
    if n == 1024:
        assert min(Counter(topics).values()) > 80
        assert (np.diff(labels) != 0).mean() == pytest.approx(0.5, abs=0.1), "in no order"
        assert len(Counter(topics)) == 8


def test_which_label_comes_once_more_is_drawn():
    first = [LabelledSentences().labelled(1, np.random.default_rng(k)).y[0, 0] for k in range(60)]
    assert set(first) == set(range(8))


def test_batches():
    task = LabelledSentences(classes=4)
    (x,), y, mask = task.sample(4000, np.random.default_rng(1))
    assert (x[:, 0] == task.cls).all()
    assert (x[:, -1] == task.sep).all()
    assert (mask == (np.arange(12) == 0)).all()
    np.testing.assert_allclose(np.bincount(y[mask]) / 4000, 0.25, atol=0.03)
    assert not y[~mask].any()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: LabelledSentences(classes=3), "classes must divide topics=8, got 3"),
        (lambda: LabelledSentences(classes=1), "classes must be at least 2"),
        (lambda: LabelledSentences(classes=16), "classes must be at most 8"),
        (lambda: LabelledSentences(noise=2), "noise must"),
        (lambda: LabelledSentences().labelled(0, np.random.default_rng(0)), "n must be at least 1"),
        (lambda: LabelledSentences().labelled(3, 0), "rng must"),
        (lambda: LabelledSentences().probabilities(np.full((2, 12), 4)), "x must begin with <cls> and end with <sep>"),
        (lambda: LabelledSentences().probabilities(np.full((2, 12), 5)), "x must begin with <cls> and end with <sep>"),
        (lambda: LabelledSentences().probabilities(np.array([[4, *[7] * 10, 5]])), "sentences of the language"),
        (lambda: LabelledSentences().probabilities(np.full((2, 10), 5)), r"x must have shape \(B, 12\)"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
