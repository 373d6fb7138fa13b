"""The grammar: every level and every distribution by adding up all sentences, written down one by one."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from every_sentence import NUMBERS, conditional, content, listed, places

from seqlib.tasks import Grammar
from seqlib.tasks.grammar import entropy
from seqlib.text import BOS, PAD

SMALL = [
    {"topics": 2, "words": 2, "phrases": 1, "noise": 0.3},
    {"topics": 3, "words": 2, "phrases": 0, "noise": 0.45},
    {"topics": 4, "words": 1, "phrases": 1, "noise": 0.1},
    {"topics": 3, "words": 1, "phrases": 0, "noise": 0.0},
    {"topics": 2, "words": 3, "phrases": 0, "noise": 1.0},
]


@pytest.fixture(params=SMALL, ids=str, scope="module")
def small(request):
    """A small grammar and all its sentences."""
    return Grammar(**request.param), listed(**request.param)


def without(words, t):
    return (*words[:t], *words[t + 1 :])


def test_probabilities_of_all_sentences_add_up(small):
    assert math.fsum(small[1].values()) == pytest.approx(1, abs=1e-12)


def test_levels_by_every_sentence(small):
    task, table = small
    steps = range(task.T)
    past = [conditional(table, lambda s, t=t: s[t], lambda s, t=t: s[:t]) for t in steps]
    cloze = [conditional(table, lambda s, t=t: s[t], lambda s, t=t: without(s, t)) for t in steps]
    alone = [conditional(table, lambda s, t=t: s[t], lambda s: None) for t in steps]
    assert task.floor == pytest.approx(np.mean(past), abs=1e-12)
    assert task.cloze_floor == pytest.approx(np.mean(cloze), abs=1e-12)
    assert task.chance == pytest.approx(np.mean(alone), abs=1e-12)


def test_content_floors_by_every_sentence(small):
    task, table = small
    where = [t for t, kind in enumerate(task.kinds) if kind == "content"]
    for n in range(task.n_content):
        seen = where[1 : n + 1]
        wanted = conditional(table, lambda s: s[where[0]], lambda s, seen=seen: [s[t] for t in seen].__str__())
        assert task.content_floor(n) == pytest.approx(wanted, abs=1e-12)
    numbers = conditional(table, lambda s: s[-2], lambda s: without(s, task.T - 2))
    assert numbers == pytest.approx(math.log(2), abs=1e-12), "the determiner tells the number of the verb"


@pytest.mark.parametrize("way", ["next", "cloze"])
def test_distributions_are_those_of_every_sentence(small, way):
    task, table = small
    sentences = list(table)[:: max(len(table) // 150, 1)]
    y = np.stack([task.vocabulary.encode(words) for words in sentences])
    if way == "next":
        x = np.concatenate([np.full((len(y), 1), BOS), y[:, :-1]], 1)
        got, known = task.next_probabilities(x), lambda s, t: s[:t]
    else:
        got, known = task.cloze_probabilities(y), without
    assert got.shape == (len(y), task.T, task.vocab_size)
    np.testing.assert_allclose(got.sum(2), 1, atol=1e-12)
    for t in range(task.T):
        joint = defaultdict(Counter)
        for words, p in table.items():
            joint[known(words, t)][words[t]] += p
        for words, p in zip(sentences, got[:, t], strict=True):
            seen = joint[known(words, t)]
            wanted = np.array([seen[token] for token in task.vocabulary.tokens]) / sum(seen.values())
            np.testing.assert_allclose(p, wanted, atol=1e-12)


@pytest.mark.parametrize(("n", "seen", "random"), [(2, 0.8, 0.15), (3, 0.5, 0.0), (1, 0.0, 0.3), (3, 0.9, 0.1)])
def test_beliefs_by_every_way_to_see_the_words(n, seen, random):
    """Every sequence of topics seen, a function word and a hidden one both told as None."""
    sizes = {"topics": 3, "words": 2, "phrases": 0, "noise": 0.4}
    task, rows = Grammar(**sizes), []
    share, V = random * 2 / (12 + 6), 0.4 / 3
    table = np.array([[seen * (V + 0.6 * (k == z)) + share for k in range(3)] for z in range(3)])
    table = np.hstack([table, 1 - table.sum(1, keepdims=True)])
    for code in np.ndindex(*[4] * n):
        joint = np.prod(table[:, list(code)], 1) / 3
        rows.append((joint.sum(), *np.sort(joint / joint.sum())) if joint.sum() else (0, 0, 0, 0))
    p, belief = task.beliefs(n, seen, random)
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert belief.sum(1) == pytest.approx(np.ones(len(p)), abs=1e-12)
    np.testing.assert_allclose(p @ belief, 1 / 3, atol=1e-12)
    rows = np.array(rows)
    for function in (lambda b: (b**2).sum(1), entropy, lambda b: b.max(1)):
        assert p @ function(belief) == pytest.approx(rows[:, 0] @ function(rows[:, 1:]), abs=1e-12)


@pytest.mark.parametrize("sizes", SMALL[:2], ids=str)
def test_every_sentence_is_drawn_as_often_as_it_is_likely(sizes):
    """Pearson's statistic, all sentences rarer than 5 in n as one, stays within six standard deviations of its mean."""
    task, table, n = Grammar(**sizes), listed(**sizes), 60_000
    drawn, topics = task.sentences(n, np.random.default_rng(0))
    seen = Counter(tuple(task.vocabulary.decode(row)) for row in drawn)
    assert set(seen) <= set(table)
    assert np.bincount(topics, minlength=task.topics) / n == pytest.approx(
        np.full(task.topics, 1 / task.topics), abs=0.02
    )
    often = [(seen[s], n * p) for s, p in table.items() if n * p >= 5]
    rare = n - sum(k for k, _ in often), n - sum(mean for _, mean in often)
    groups = often + ([rare] if rare[1] > 1e-6 else [])
    assert len(often) > 100
    pearson = sum((k - mean) ** 2 / mean for k, mean in groups)
    assert abs(pearson - len(groups) + 1) < 6 * math.sqrt(2 * len(groups))


def test_sentences_are_about_their_topics_and_agree():
    task = Grammar(topics=5, words=4, phrases=3, noise=0.25)
    topics = np.random.default_rng(1).permutation(np.repeat(np.arange(5), 2000))
    x = task.write(topics, np.random.default_rng(2))
    assert x.shape == (10_000, 13)
    sets = [set(some) for some in places(5, 4, 3)]
    rows = [task.vocabulary.decode(row) for row in x]
    assert all(word in some for row in rows for word, some in zip(row, sets, strict=True))
    assert all((row[0] in NUMBERS[0]) == (row[-2] in NUMBERS[0]) for row in rows)
    for t, kind in enumerate(task.kinds):
        if kind == "content":
            own = [row[t][0] == "abcde"[z] for row, z in zip(rows, topics, strict=True)]
            assert np.mean(own) == pytest.approx(0.75 + 0.25 / 5, abs=0.02)
    first, last = np.array([row[1] for row in rows]), np.array([row[-1] for row in rows])
    repeated = np.mean(first == last)  # words of one topic are drawn independently
    assert repeated == pytest.approx((0.8**2 + 4 * 0.05**2) / 4, abs=0.02)


@pytest.mark.parametrize("way", ["next", "cloze"])
def test_the_best_readers_score_their_levels_on_samples(way):
    task = Grammar()
    (x,), y, mask = batch = task.sample(1500, np.random.default_rng(0))
    assert mask.all()
    assert (x[:, 0] == BOS).all()
    assert (x[:, 1:] == y[:, :-1]).all()
    p, level = (
        (task.next_probabilities(x), task.floor) if way == "next" else (task.cloze_probabilities(y), task.cloze_floor)
    )
    losses = batch.losses(np.log(np.maximum(p, 1e-300))) / task.T
    assert abs(losses.mean() - level) < 4 * losses.std() / math.sqrt(len(y))
    assert losses.std() / math.sqrt(len(y)) < 0.01


def test_long_sentences_do_not_underflow():
    task = Grammar(topics=2, words=2000, phrases=50)
    y, topics = task.sentences(3, np.random.default_rng(0))
    p = task.cloze_probabilities(y)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(2), 1, atol=1e-9)
    start = task.vocabulary.ids["a0"] + 2000 * topics
    about = [row[1, low : low + 2000].sum() for row, low in zip(p, start, strict=True)]
    assert about == pytest.approx(np.full(3, 0.7 + 0.15), abs=1e-6), "a hundred words leave no doubt about the topic"


def test_levels_that_nobody_can_wait_for_are_refused(monkeypatch):
    """There are C(n + Z, n) Z numbers: 20 phrases of the usual 8 topics would take gigabytes."""
    monkeypatch.setattr("seqlib.tasks.grammar.MOST", math.comb(7, 3) * 4)
    assert Grammar(4, 2, 0).floor > 0
    assert Grammar(4, 2, 1).beliefs(3, 0.5, 0.1)[1].shape == (35, 4)
    message = "topics=4 and phrases=2 must be fewer for exact levels: all beliefs about 6 content words would take"
    for call in (lambda task: task.beliefs(4), lambda task: task.floor, lambda task: task.sample(2, RNG)):
        with pytest.raises(ValueError, match=message):
            call(Grammar(4, 2, 2))


def test_sentences_come_with_their_topics():
    task = Grammar(topics=4, words=2, noise=0)
    x, topics = task.sentences(50, np.random.default_rng(3))
    assert [task.vocabulary.decode(row)[-1][0] for row in x] == ["abcd"[z] for z in topics]


def test_the_vocabulary():
    task = Grammar(topics=3, words=2)
    assert task.vocabulary.tokens[task.first :] == [
        *("this", "that", "these", "those", "is", "was", "are", "were"),
        *("and", "of", "with", "near"),
        *content(3, 2),
    ]
    names = [task.vocabulary.tokens[i] for i in (task.cls, task.sep, task.mask_id)]
    assert names == ["<cls>", "<sep>", "<mask>"]
    framed = task.framed(np.array([[7, 8], [9, 10]]))
    assert framed.tolist() == [[task.cls, 7, 8, task.sep], [task.cls, 9, 10, task.sep]]
    assert task.vocab_size == task.n_out == len(task.vocabulary) == task.first + 18
    assert task.kinds == ("determiner", "content", *("link", "content", "content") * 2, "verb", "content")


RNG = np.random.default_rng(0)


def good():
    """Two sentences, as BOS and words and as words."""
    (x,), y, _ = Grammar(2, 2, 0).draw(2, np.random.default_rng(0))
    return x, y


def odd(x, t, value):
    x = x.copy()
    x[1, t] = value
    return x


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Grammar(1), "topics must be at least 2"),
        (lambda: Grammar(27), "topics must be at most 26"),
        (lambda: Grammar(words=0), "words must be at least 1"),
        (lambda: Grammar(phrases=-1), "phrases must be at least 0"),
        (lambda: Grammar(phrases=1.5), "phrases must be an integer"),
        (lambda: Grammar(noise=1.1), "noise must be at most 1"),
        (lambda: Grammar(noise=-0.1), "noise must be at least 0"),
        (lambda: Grammar().content_floor(-1), "n must be at least 0"),
        (lambda: Grammar().beliefs(2, 1.2), "seen must be at most 1"),
        (lambda: Grammar().beliefs(2, 0.8, 0.3), "random must be at most"),
        (lambda: Grammar(2, 2, 0).next_probabilities(good()[1]), "x must begin with BOS"),
        (lambda: Grammar(2, 2, 0).next_probabilities(good()[1][:, :3]), r"x must have shape \(B, 4\)"),
        (lambda: Grammar(2, 2, 0).next_probabilities(odd(good()[0], 1, 12)), r"language, but x\[1\] is not"),
        (lambda: Grammar(2, 2, 0).cloze_probabilities(odd(good()[1], 0, PAD)), r"language, but x\[1\] is not"),
        (lambda: Grammar(2, 2, 0).cloze_probabilities(good()[1] + 100), "x must hold ids from 0 to"),
        (lambda: Grammar(2).write(np.array([2]), RNG), "topics must hold ids from 0 to 1"),
        (lambda: Grammar(2).write(np.array([1]), 3), "rng must"),
        (lambda: Grammar().sentences(-1, RNG), "n must be at least 0"),
        (lambda: Grammar().sentences(2, None), "rng must"),
        (lambda: Grammar().framed(np.full(3, 7)), r"sentences must have shape \(n, T\)"),
        (lambda: Grammar().framed(np.full((1, 3), 0.5)), "sentences must hold integer ids"),
        (
            lambda: Grammar(2, 2, 0).mixture(np.ones((3, 4, 2)), np.ones((4, 4), bool)),
            r"evidence must have shape \(B, 4, 4",
        ),
        (lambda: Grammar(2, 2, 0).mixture(np.ones((3, 4, 4)), np.ones((4, 4))), "sees must be boolean"),
        (lambda: Grammar(2, 2, 0).mixture(np.ones((3, 4, 4)), np.ones((4, 3), bool)), "sees must have shape"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
