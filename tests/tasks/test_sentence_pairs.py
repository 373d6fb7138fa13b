"""Pairs of sentences: the distributions by every pair of sentences, the floors by every way to see their words."""

import itertools
import math

import numpy as np
import pytest
from every_sentence import become, latent, likelihood, listed

from seqlib.tasks import MaskedWords, SentencePairs

SMALL = {"topics": 3, "words": 1, "phrases": 0, "noise": 0.4}
CORRUPTION = [{}, {"share": 0.5, "shares": (0.4, 0.35, 0.25)}, {"share": 0.6, "shares": (0, 1, 0)}]


def related(Z):
    """P(z, z' | different), P(z, z' | same), each with half the weight."""
    return np.stack([(1 - np.eye(Z)) / (Z * (Z - 1)), np.eye(Z) / Z]) / 2


def pairs(task):
    """Every pair of sentences as numbers of words, and P(pair, label): (S, T), (S, S, 2)."""
    sizes = {"topics": 3, "words": 1, "noise": 0.4}
    words = list(listed(**SMALL))
    about = np.zeros((len(words), 3))
    for i, sentence in enumerate(words):
        for z, a in latent(3):
            about[i, z] += likelihood(sentence, z, a, **sizes) / 2
    encoded = np.stack([task.vocabulary.encode(sentence) for sentence in words]) - task.first
    return encoded, np.einsum("iz,jw,kzw->ijk", about, about, related(3))


@pytest.mark.parametrize("corruption", CORRUPTION, ids=str)
def test_probabilities_by_every_pair_of_sentences(corruption):
    task = SentencePairs(**SMALL, **corruption)
    every, joint = pairs(task)
    assert joint.sum() == pytest.approx(1, abs=1e-12)
    V, T = task.vocab_size - task.first, task.T
    other, own = become(task, chosen=False), become(task, chosen=True)
    (x, _, _), _, mask = task.sample(20, np.random.default_rng(0))
    got = task.probabilities(x)
    np.testing.assert_allclose(got.sum(2), 1, atol=1e-12)
    for read, keeps, guess in zip(x, mask, got, strict=True):
        symbols = np.where(read == task.mask_id, V, read - task.first)
        places = [range(1, T + 1), range(T + 2, 2 * T + 2)]
        likely = [np.stack([other[every[:, s], symbols[t]] for s, t in enumerate(side)]) for side in places]
        both = np.einsum("i,j,ijk->k", likely[0].prod(0), likely[1].prod(0), joint)
        np.testing.assert_allclose(guess[0, :2], both / both.sum(), atol=1e-12)
        assert guess[0, 2:].max() == 0
        weights = joint.sum(2)
        for side, mine, theirs, p in zip(places, likely, likely[::-1], (weights, weights.T), strict=True):
            told = p @ theirs.prod(0)
            for s, t in enumerate(side):
                if keeps[t]:
                    weight = told * np.delete(mine, s, 0).prod(0) * own[every[:, s], symbols[t]]
                    wanted = np.bincount(every[:, s], weight, minlength=V) / weight.sum()
                    np.testing.assert_allclose(guess[t, task.first :], wanted, atol=1e-12)
        assert guess[T + 1, task.sep] == guess[-1, task.sep] == 1


def seen_words(task, n):
    """Every way to see n content words of a sentence: the likelihoods (4^n, Z), function words and <mask> as one."""
    Z, W, V = task.topics, task.words, task.vocab_size - task.first
    other = become(task, chosen=False)
    content = np.repeat(np.arange(Z), W)  # the topics of the last Z W words
    share = np.where(content == np.arange(Z)[:, None], (1 - task.noise) / W, 0) + task.noise / (Z * W)
    symbols = share @ other[V - Z * W :]  # (Z, V + 1)
    groups = [symbols[:, V - Z * W + k * W : V - Z * W + (k + 1) * W].sum(1) for k in range(Z)]
    groups.append(1 - np.sum(groups, 0))
    return np.array([np.prod(row, 0) for row in itertools.product(groups, repeat=n)]).reshape(-1, Z)


@pytest.mark.parametrize("corruption", CORRUPTION, ids=str)
def test_floors_by_every_way_to_see_the_words(corruption):
    task = SentencePairs(**SMALL | {"words": 2}, **corruption)
    Z, W, V = 3, 2, task.vocab_size - task.first
    two, one, own = seen_words(task, 2), seen_words(task, 1), become(task, chosen=True)
    joint = np.einsum("iz,jw,kzw->ijk", two, two, related(Z))
    posterior = joint / joint.sum(2, keepdims=True)
    assert joint.sum() == pytest.approx(1, abs=1e-12)
    assert task.pair_floor == pytest.approx(-(joint * np.log(posterior)).sum(), abs=1e-12)
    assert task.pair_accuracy == pytest.approx(joint.max(2).sum(), abs=1e-12)
    words = np.zeros((V, Z))  # P(content word | topic)
    for k, z in itertools.product(range(Z), range(Z)):
        words[V - Z * W + k * W : V - Z * W + (k + 1) * W, z] = task.noise / (Z * W) + (1 - task.noise) / W * (k == z)

    def content_loss(likelihood):  # of everything seen, topics included: (M, Z) of P(seen, topic)
        all_of_it = np.einsum("mz,wz,wo->mow", likelihood, words, own)
        total = np.broadcast_to(all_of_it.sum(2, keepdims=True), all_of_it.shape)
        some = all_of_it > 0
        return -(all_of_it[some] * np.log(all_of_it[some] / total[some])).sum()

    alone = content_loss(one / Z)
    both = content_loss(np.einsum("iz,jw,kzw->ijz", one, two, related(Z)).reshape(-1, Z))
    assert both < alone - 1e-3 or task.shares[1] == 1
    single = MaskedWords(**SMALL | {"words": 2}, **corruption)
    assert task.T * task.word_floor == pytest.approx(task.T * single.floor + 2 * (both - alone), abs=1e-12)
    assert task.floor == pytest.approx(task.word_floor + task.pair_floor)
    assert task.chance == pytest.approx(single.chance + math.log(2))


def test_clean_accuracy_by_every_pair():
    task = SentencePairs(**SMALL)
    _, joint = pairs(task)
    assert task.clean_pair_accuracy == pytest.approx(joint.max(2).sum(), abs=1e-12)
    assert task.pair_accuracy < task.clean_pair_accuracy - 1e-3


def test_the_best_reader_scores_its_levels_on_samples():
    task, n = SentencePairs(), 2000
    (x, _, _), y, mask = task.sample(n, np.random.default_rng(1))
    p = task.probabilities(x)
    losses = -np.log(np.maximum(np.take_along_axis(p, y[..., None], 2)[..., 0], 1e-300))
    assert abs(losses[:, 0].mean() - task.pair_floor) < 4 * losses[:, 0].std() / math.sqrt(n)
    right = (p[:, 0, :2].argmax(1) == y[:, 0]).mean()
    assert abs(right - task.pair_accuracy) < 4 * math.sqrt(task.pair_accuracy * (1 - task.pair_accuracy) / n)
    excess = np.where(mask, losses - task.word_floor, 0)[:, 1:].sum(1)
    assert abs(excess.sum()) < 4 * excess.std() * math.sqrt(n)


def test_levels_that_nobody_can_wait_for_are_refused(monkeypatch):
    """Of a table of beliefs about both sentences, not only of that about one."""
    task = SentencePairs(4, 2, 0)
    monkeypatch.setattr("seqlib.tasks.grammar.MOST", 15 * 4)
    assert task.pair_floor > 0
    with pytest.raises(ValueError, match="topics=4 and phrases=0 must be fewer for exact levels"):
        task.word_floor


def test_pairs_are_of_one_topic_or_of_two():
    task = SentencePairs(topics=4, words=2, noise=0, share=0.3, shares=(0, 0, 1))
    (x, lengths, segments), y, mask = task.sample(3000, np.random.default_rng(2))
    words = [task.vocabulary.decode(row) for row in x]
    first, second = (np.array([row[t][0] for row in words]) for t in (2, 13))
    assert ((first == second) == y[:, 0]).all()
    assert y[:, 0].mean() == pytest.approx(0.5, abs=0.05)
    different = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    assert len(set(different)) == 12
    assert min(different.count(pair) for pair in set(different)) > 80
    assert words[0][0] == "<cls>"
    assert words[0][11] == words[0][22] == "<sep>"
    assert (lengths == 23).all()
    assert (segments == [0] * 12 + [1] * 11).all()
    assert mask[:, 0].all()
    assert not mask[:, [11, 22]].any()
    assert mask[:, 1:].sum() / (20 * 3000) == pytest.approx(0.3, abs=0.01)
    agree = np.array([[row[1] in ("this", "that"), row[12] in ("this", "that")] for row in words])
    assert (agree[:, 0] == agree[:, 1]).mean() == pytest.approx(0.5, abs=0.05), "each has a number of its own"
    assert (y[:, 1:] == x[:, 1:]).all()


def test_words_are_hidden_in_both_and_none_in_clean_ones():
    task = SentencePairs()
    (x, _, _), y, mask = task.sample(500, np.random.default_rng(3))
    hidden = x == task.mask_id
    assert hidden[:, 1:11].any()
    assert hidden[:, 12:22].any()
    assert (x[:, 1:] == y[:, 1:])[~mask[:, 1:]].all()
    assert (mask[:, 1:].sum(1) == 0).any(), "none may be chosen: the pair is asked for"
    (x, _, _), y, mask = task.clean(500, np.random.default_rng(3))
    assert (x[:, 1:] == y[:, 1:]).all()
    assert (x[:, 0] == task.cls).all()
    assert (mask == (np.arange(23) == 0)).all()
    assert set(y[:, 0]) == {0, 1}
    right = (task.probabilities(x)[:, 0, :2].argmax(1) == y[:, 0]).mean()
    assert right == pytest.approx(task.clean_pair_accuracy, abs=0.02)


def inputs(**changes):
    """What models are called with, one of it changed."""
    x, lengths, segments = SentencePairs(2, 1, 0).draw(2, np.random.default_rng(0)).inputs
    return tuple(({"x": x, "lengths": lengths, "segments": segments} | changes).values())


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: SentencePairs().clean(0, np.random.default_rng(0)), "n must be at least 1"),
        (lambda: SentencePairs().clean(2, 5), "rng must"),
        (lambda: SentencePairs().probabilities(np.full((2, 23), 4)), "x must be <cls>, a sentence, <sep>"),
        (lambda: SentencePairs().probabilities(np.full((2, 12), 4)), r"x must have shape \(B, 23\)"),
        (lambda: SentencePairs(2, 1, 0).check_inputs(inputs()[:2], 2, 11), r"inputs of SentencePairs must be a tuple"),
        (lambda: SentencePairs(2, 1, 0).check_inputs(inputs(x=np.full((2, 11), 99)), 2, 11), "x of SentencePairs"),
        (lambda: SentencePairs(2, 1, 0).check_inputs(inputs(segments=np.full((2, 11), 2)), 2, 11), "segments of"),
        (lambda: SentencePairs(2, 1, 0).check_inputs(inputs(lengths=np.array([3])), 2, 11), "lengths of"),
        (lambda: SentencePairs(2, 1, 0).check_inputs(inputs(lengths=np.array([3, 12])), 2, 11), "lengths of"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()


def test_real_positions_are_those_of_the_lengths():
    task = SentencePairs(2, 1, 0)
    real = task.check_inputs(inputs(lengths=np.array([11, 4])), 2, 11)
    assert real.sum(1).tolist() == [11, 4]
    assert real[1, :4].all()
