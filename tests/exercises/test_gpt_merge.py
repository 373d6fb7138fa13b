"""One merge of chapter 15: the first that seqlib's BPE learns, and each mistake with strings."""

from collections import Counter
from itertools import chain, pairwise

import pytest

from seqlib.bpe import BYTES, learn_merges
from seqlib.exercises.gpt_merge import merge_pair


@pytest.mark.parametrize("case", merge_pair.cases)
def test_the_pair_is_the_first_that_seqlib_learns(case):
    words, counts, new = case
    pieces = Counter()
    for word, n in zip(words, counts, strict=True):
        pieces[b"".join(BYTES[i] for i in word)] += n
    ((a, b),) = learn_merges(pieces, 257, min_count=1)
    pair, merged = merge_pair.expected(words, counts, new)
    assert [BYTES[i] for i in pair] == [a, b]
    for word, made in zip(words, merged, strict=True):
        spelt = [[*pair] if token == new else [token] for token in made]
        assert list(chain(*spelt)) == word


def _characters(tally="places", weights=True, tie=lambda p: p, sign=1, replace=str.replace):
    """An answer in which words are strings."""

    def answer(words, counts, new):
        texts = ["".join(map(chr, word)) for word in words]
        pairs = {text[i : i + 2]: None for text in texts for i in range(len(text) - 1)}

        def count(pair):
            total = 0
            for text, n in zip(texts, counts, strict=True):
                places = [text[i : i + 2] == pair for i in range(len(text))]
                found = {"places": sum(places), "once": any(places), "merges": text.count(pair)}
                found["either"] = found["places"] + sum(text[i : i + 2] == pair[::-1] != pair for i in range(len(text)))
                total += found[tally] * (n if weights else 1)
            return total

        best = min(pairs, key=lambda pair: (-sign * count(pair), tie(pair)))
        made = [[ord(c) for c in replace(text, best, chr(new))] for text in texts]
        return [ord(c) for c in best], made

    return answer


def _from_the_right(text, pair, new):
    return text[::-1].replace(pair[::-1], new)[::-1]


def _second_stays(text, pair, new):
    return "".join(new if text[i : i + 2] == pair else text[i] for i in range(len(text)))


def _twice(text, pair, new):
    made = list(text)
    for i in range(len(text) - 1):
        if made[i] + made[i + 1] == pair:
            made[i] = made[i + 1] = new
    return "".join(made)


def _highest(pair):
    return tuple(-ord(c) for c in pair)


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("words counted once", {"weights": False}),
        ("once in a word", {"tally": "once"}),
        ("overlaps left out", {"tally": "merges"}),
        ("either way", {"tally": "either"}),
        ("largest of ties", {"tie": _highest}),
        ("first of ties", {"tie": lambda pair: 0}),
        ("ties by b", {"tie": lambda pair: pair[::-1]}),
        ("rarest", {"sign": -1}),
        ("merged from the right", {"replace": _from_the_right}),
        ("first alone", {"replace": lambda text, pair, new: text.replace(pair, new, 1)}),
        ("second stays", {"replace": _second_stays}),
        ("two for two", {"replace": _twice}),
        ("not merged", {"replace": lambda text, pair, new: text}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert merge_pair.judge(_characters(**changed)).id == id


def _across(repeat):
    def answer(words, counts, new):
        text = chain(*(word * (n if repeat else 1) for word, n in zip(words, counts, strict=True)))
        found = Counter(pairwise(text))
        best = min(found, key=lambda pair: (-found[pair], pair))
        texts = ["".join(map(chr, word)).replace("".join(map(chr, best)), chr(new)) for word in words]
        return best, [[ord(c) for c in made] for made in texts]

    return answer


def _last_met(words, counts, new):
    turned = [word[::-1] for word in words[::-1]]
    met = _characters(tie=lambda pair: 0)(turned, counts[::-1], new)[0][::-1]
    texts = ["".join(map(chr, word)).replace("".join(map(chr, met)), chr(new)) for word in words]
    return met, [[ord(c) for c in made] for made in texts]


def test_other_mistakes_are_told_as_such():
    assert merge_pair.judge(_across(True)).id == "across words"
    assert merge_pair.judge(_across(False)).id == "across words"
    assert merge_pair.judge(lambda *given: _characters()(*given)[1]).id == "words alone"
    assert merge_pair.judge(lambda *given: _characters()(*given)[0]).id == "pair alone"
    assert merge_pair.judge(lambda *given: _characters()(*given)[::-1]).id == "order"


def test_cases_have_ties_and_runs():
    ties = runs = 0
    for words, counts, _ in merge_pair.cases:
        found = Counter()
        for word, n in zip(words, counts, strict=True):
            for pair in pairwise(word):
                found[pair] += n
        ties += list(found.values()).count(max(found.values())) > 1
        runs += any(word[i] == word[i + 1] == word[i + 2] for word in words for i in range(len(word) - 2))
    assert ties >= 2
    assert runs >= 3
