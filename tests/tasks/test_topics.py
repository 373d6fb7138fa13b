"""The help topics of Python: what is stored, how it is split, and that a leak would be seen."""

import re
import sys
from collections import defaultdict

import numpy as np
import pytest

from seqlib.tasks.topics import FILE, Split, components, overlap, split, topics
from seqlib.text import words

SEEDS = range(8)
LIMIT = 0.01


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request):
    """The split of each seed."""
    return split(request.param)


def paragraphs(text):
    """All paragraphs, each on one line."""
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def slow_overlap(text, reference, width):
    """By the definition, one window after the other."""
    text, reference = " ".join(text.split()), " ".join(reference.split())
    windows = [text[t : t + width] for t in range(len(text) - width + 1)]
    return np.mean([window in reference for window in windows])


def test_what_is_stored():
    text = topics()
    assert len(text) == 79
    assert sum(map(len, text.values())) == 464_970
    assert len(set("".join(text.values()))) == 103
    assert {"for", "try", "string-methods"} <= set(text)
    assert text["pass"].startswith('The "pass" statement\n********************\n\n   pass_stmt ::= "pass"\n')
    text.clear()
    assert topics(), "whoever changes what is returned does not change what is stored"


def test_it_is_the_text_of_python():
    """Of Python 3.11.7 letter by letter; the topics of another Python are other ones, but most paragraphs stay."""
    from pydoc_data.topics import topics as installed

    if sys.version_info[:3] == (3, 11, 7):
        assert topics() == installed
    else:
        here = {paragraph for text in installed.values() for paragraph in paragraphs(text)}
        stored = {paragraph for text in topics().values() for paragraph in paragraphs(text)}
        assert len(stored & here) > 0.6 * len(stored)


def test_the_licence_is_beside_it():
    licence = FILE.with_name("topics_licence.txt").read_text(encoding="utf8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in licence
    assert "Copyright (c) 2001" in licence
    assert "Changed:" in licence.split("-----")[0], "the licence asks for a summary of changes"


def test_components_share_no_paragraph_and_cannot_be_divided():
    found = components()
    assert sorted(name for names in found for name in names) == sorted(topics())
    assert len(found) == 54
    assert len(found[0]) == 17
    assert sum(len(topics()[name]) for name in found[0]) / 464_970 == pytest.approx(2 / 5, abs=0.01)
    where = defaultdict(set)
    for i, names in enumerate(found):
        for name in names:
            for paragraph in paragraphs(topics()[name]):
                if len(paragraph) >= 40:
                    where[paragraph].add((i, name))
    assert all(len({i for i, _ in places}) == 1 for places in where.values())
    for i, names in enumerate(found):  # from its first topic every other one is reached, over shared paragraphs
        reached, edge = set(), {names[0]}
        while edge:
            reached |= edge
            edge = {
                name
                for places in where.values()
                if reached & {name for _, name in places}
                for j, name in places
                if j == i
            } - reached
        assert reached == set(names)


def test_less_than_one_window_in_a_hundred_is_known_from_training(drawn):
    assert overlap(drawn.test, drawn.train) < LIMIT
    assert overlap(drawn.valid, drawn.train) < LIMIT
    assert overlap(drawn.test, drawn.valid) < LIMIT


def test_a_planted_leak_is_seen():
    """One paragraph of the test text, with other line breaks, put into the middle of the training text."""
    parts = split(0)
    leak = max(paragraphs(parts.test), key=len)
    middle = parts.train.index("\n\n", len(parts.train) // 2)
    leaky = parts.train[:middle] + "\n\n" + leak.replace(" ", "\n   ") + parts.train[middle:]
    assert overlap(parts.test, leaky) > LIMIT
    assert overlap(parts.test, leaky) == pytest.approx(len(leak) / len(" ".join(parts.test.split())), rel=0.2)


def test_a_split_by_topic_leaks():
    """The same share of topics drawn one by one, as if they were independent texts: mostly more than a fifth leaks."""
    leaks = []
    for seed in range(5):
        names = list(np.random.default_rng(seed).permutation(sorted(topics())))
        test = []
        while sum(len(topics()[name]) for name in test) < 0.06 * 464_970:
            test.append(names.pop())
        leaks.append(overlap("\n".join(map(topics().get, test)), "\n".join(map(topics().get, names))))
    assert min(leaks) > LIMIT
    assert np.median(leaks) > 0.2


def test_components_alone_are_not_enough():
    """With ruled lines and near copies left in, whole components leak all the same: what `split` leaves out matters."""
    leaks = []
    for seed in range(10):
        found = components()[1:]  # the largest is for training
        found = [found[i] for i in np.random.default_rng(seed).permutation(len(found))]
        test = []
        while sum(len(topics()[name]) for name in test) < 0.06 * 464_970:
            test += found.pop()
        train = components()[0] + [name for names in found for name in names]
        leaks.append(overlap("\n".join(map(topics().get, test)), "\n".join(map(topics().get, train))))
    assert sum(leak > LIMIT for leak in leaks) >= 5


def test_the_parts_have_their_sizes(drawn):
    total = sum(map(len, drawn))
    assert 355_000 < total < 365_000
    for part in (drawn.valid, drawn.test):
        assert 0.055 < len(part) / total < 0.125
    assert isinstance(drawn, Split)
    assert Split._fields == ("train", "valid", "test")


def test_the_parts_are_texts_of_python(drawn):
    """Nothing is invented, no long paragraph comes twice, and paragraphs are as they were, their line breaks too."""
    known = {paragraph for text in topics().values() for paragraph in re.split("\n\n+", text.strip("\n"))}
    for part in drawn:
        new = [piece for piece in part.split("\n\n") if piece.strip() and piece not in known]
        assert all("|" in piece for piece in new), "only tables are not as they were: they have lost their rules"
        assert not re.search(r"^ *[+|]([-=]{3,}[+|])+$", part, flags=re.M)
    long = [paragraph for part in drawn for paragraph in paragraphs(part) if len(paragraph) >= 40]
    assert len(long) == len(set(long))


def test_no_paragraph_of_a_test_is_nearly_known(drawn):
    def windows(text):
        text = " ".join(text.split())
        return [text[t : t + 40] for t in range(len(text) - 39)]

    train, valid = set(windows(drawn.train)), set(windows(drawn.valid))
    for known, part in ((train, drawn.valid), (train, drawn.test), (valid, drawn.test)):
        for own in map(windows, paragraphs(part)):
            assert sum(window in known for window in own) <= 0.1 * len(own)


def test_the_sizes_that_the_docstring_names():
    numbers = re.findall(r"\d+,\d+", split.__doc__)
    parts = split(0)
    assert numbers == [f"{n:,}" for n in [*map(len, parts), *(len(words(part)) for part in parts)]]


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_component_is_always_for_training(seed):
    longest = max(paragraphs(topics()["compound"]), key=len)
    parts = split(seed, test=0.2, valid=0.2)  # where there would be room for it
    assert longest in " ".join(parts.train.split())


@pytest.mark.parametrize("seed", range(4))
def test_no_part_is_more_than_twice_as_long_as_asked_for(seed):
    parts = split(seed, test=0.02, valid=0.01)
    total = sum(map(len, parts))
    assert 0.019 < len(parts.test) / total < 0.041
    assert 0.009 < len(parts.valid) / total < 0.021


def test_the_seed_draws_and_nothing_else_does():
    first = split(0)
    np.random.default_rng(0).random(5)
    assert split(0) == first
    assert len({first.test, split(1).test, split(2).test}) == 3


def test_shares_are_those_asked_for():
    small = split(0, test=0.03, valid=0.12)
    total = sum(map(len, small))
    assert 0.028 < len(small.test) / total < 0.062
    assert 0.115 < len(small.valid) / total < 0.245
    nothing = split(0, test=0.0, valid=0.0)
    assert nothing.test == nothing.valid == ""


@pytest.mark.parametrize("width", [1, 3, 40])
@pytest.mark.parametrize(("name", "other"), [("break", "continue"), ("for", "compound"), ("pass", "lists")])
def test_overlap_is_counted_window_by_window(name, other, width):
    text, reference = topics()[name], topics()[other]
    assert overlap(text, reference, width) == pytest.approx(slow_overlap(text, reference, width), abs=1e-12)


def test_overlap_by_hand():
    assert overlap("abcabc", "xabcx", 3) == 2 / 4  # abc, bca, cab, abc
    assert overlap("abc", "abc", 3) == 1
    assert overlap("abc", "ab", 3) == 0
    assert overlap("a  b\nc", "a b c", 5) == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: split(-1), "seed must"),
        (lambda: split(0.0), "seed must"),
        (lambda: split(test=0.3), "test must"),
        (lambda: split(valid=-0.1), "valid must"),
        (lambda: split(valid="a"), "valid must"),
        (lambda: overlap("abc", "abc"), "text must have at least width = 40"),
        (lambda: overlap(["a"], "abc", 1), "text must be a string"),
        (lambda: overlap("abc", b"abc", 1), "reference must be a string"),
        (lambda: overlap("abc", "abc", 0), "width must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
