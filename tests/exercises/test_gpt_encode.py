"""Merges of chapter 15 that are applied: as seqlib's BPE encodes, and each mistake with strings."""

import numpy as np
import pytest

from seqlib.bpe import BYTES, ByteLevelBPE
from seqlib.exercises.gpt_encode import apply_merges

LETTERS = [i for i, byte in enumerate(BYTES) if byte.isalpha() and byte.isascii()]  # no piece ends between two of them


@pytest.mark.parametrize("case", apply_merges.cases)
def test_tokens_are_those_of_seqlib(case):
    ids, merges, V = case
    spelt = [BYTES[LETTERS[i]] for i in range(V)]
    for a, b in merges:
        spelt.append(spelt[a] + spelt[b])
    bpe = ByteLevelBPE([*BYTES, *spelt[V:]], [(spelt[a], spelt[b]) for a, b in merges])
    theirs = [bpe.tokens[i] for i in bpe.encode(b"".join(spelt[i] for i in ids).decode())]
    assert [spelt[i] for i in apply_merges.expected(ids, merges, V)] == theirs


def test_cases_have_merges_of_merges_and_a_text_of_one():
    for ids, merges, V in apply_merges.cases:
        for rank, pair in enumerate(merges):
            assert pair.max() < V + rank  # of what there is
        assert (merges >= V).any() or len(ids) == 1
        assert ids.max() < V
    assert any(len(ids) == 1 for ids, *_ in apply_merges.cases)
    made = [apply_merges.expected(*case) for case in apply_merges.cases]
    assert sum(len(m) < len(c[0]) for m, c in zip(made, apply_merges.cases, strict=True)) == len(made) - 1


def _strings(replace=str.replace, order=list, use=lambda pair, V: True):
    """An answer in which a text is a string, and merges replace parts of it."""

    def answer(ids, merges, V):
        text = "".join(map(chr, ids))
        for rank, pair in order(list(enumerate(merges.tolist()))):
            if use(pair, V):
                text = replace(text, "".join(map(chr, pair)), chr(V + rank))
        return [ord(c) for c in text]

    return answer


def _from_the_right(text, pair, new):
    return text[::-1].replace(pair[::-1], new)[::-1]


def _second_stays(text, pair, new):
    return "".join(new if text[i : i + 2] == pair else text[i] for i in range(len(text)))


@pytest.mark.parametrize(
    ("id", "changed"),
    [
        ("right", {}),
        ("last learnt first", {"order": lambda ranks: ranks[::-1]}),
        ("one place", {"replace": lambda text, pair, new: text.replace(pair, new, 1)}),
        ("merged from the right", {"replace": _from_the_right}),
        ("second stays", {"replace": _second_stays}),
        ("symbols alone", {"use": lambda pair, V: max(pair) < V}),
        ("nothing merged", {"use": lambda pair, V: False}),
    ],
)
def test_another_rule_is_told_as_such(id, changed):
    assert apply_merges.judge(_strings(**changed)).id == id


def _by_place(again):
    """The leftmost pair that can be merged; `again`: from the beginning, what was made included."""

    def answer(ids, merges, V):
        row, rank, i = ids.tolist(), {tuple(pair): r for r, pair in enumerate(merges.tolist())}, 0
        while i < len(row) - 1:
            pair = row[i], row[i + 1]
            if pair in rank:
                row[i : i + 2] = [V + rank[pair]]
            i = 0 if again and pair in rank else i + 1
        return row

    return answer


def _best_alone(ids, merges, V):
    row = ids.tolist()
    there = [pair for pair in merges.tolist() if any(row[i : i + 2] == pair for i in range(len(row)))]
    return _strings(use=lambda pair, V: pair in there[:1])(ids, merges, V)


def _longest(ids, merges, V):
    spelt = {chr(i): i for i in range(V)}
    of = [chr(i) for i in range(V)]
    for a, b in merges:
        of.append(of[a] + of[b])
        spelt[of[-1]] = len(of) - 1
    text, made = "".join(map(chr, ids)), []
    while text:
        piece = next(text[:n] for n in range(len(text), 0, -1) if text[:n] in spelt)
        made.append(spelt[piece])
        text = text[len(piece) :]
    return made


def test_other_mistakes_are_told_as_such():
    right = _strings()
    assert apply_merges.judge(_by_place(True)).id == "by place"
    assert apply_merges.judge(_by_place(False)).id == "one pass"
    assert apply_merges.judge(_best_alone).id == "one pass"
    assert apply_merges.judge(_longest).id == "longest first"
    assert apply_merges.judge(lambda *given: len(right(*given))).id == "how many"
    assert apply_merges.judge(lambda ids, m, V: [i + (i >= V) for i in right(ids, m, V)]).id == "one id further"
    assert apply_merges.judge(lambda ids, m, V: [i - V * (i >= V) for i in right(ids, m, V)]).id == "rank for id"
    assert apply_merges.judge(lambda *given: np.array(right(*given))).status == "right"
