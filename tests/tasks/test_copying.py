"""Copying: every sequence reversed again, and what a decoder loses by going through all cases."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from seqlib.tasks import Copying
from seqlib.text import EOS

OPTIONS = [
    {"order": order, "permutation": permutation, "reverse_source": backwards, "eos_in_source": eos}
    for order, permutation, backwards, eos in itertools.product(
        ["same", "reversed"], [None, (2, 0, 3, 1)], [False, True], [False, True]
    )
]


def loss_of(task, seen):
    """Σ -log P(y_t | what is seen) / E n by going through all cases, EOS included."""
    tables, symbols = defaultdict(Counter), 0.0
    for source, target, p in task.enumerate():
        symbols += p * (len(target) + 1)
        for t, word in enumerate([*target, EOS]):
            tables[seen(source, target, t)][word] += p
    return -sum(p * math.log(p / table.total()) for table in tables.values() for p in table.values()) / symbols


@pytest.mark.parametrize("options", OPTIONS)
def test_each_sequence_is_written_as_the_options_say(options):
    task = Copying((1, 7), 4, **options)
    (source, lengths, _), y, mask = task.sample(60, np.random.default_rng(0))
    assert len(set(lengths)) > 3
    meaning = dict(zip("abcd", "abcd" if options["permutation"] is None else "cadb", strict=True))
    for ids, n, answer, keeps in zip(source, lengths, y, mask, strict=True):
        read, written = task.source.decode(ids[:n]), task.target.decode(answer[keeps])
        assert written.pop() == "<eos>"
        if options["eos_in_source"]:
            assert read.pop() == "<eos>"
        x = read[::-1] if options["reverse_source"] else read
        assert written == [meaning[symbol] for symbol in (x[::-1] if options["order"] == "reversed" else x)]


def test_feeding_the_source_reversed_changes_the_source_alone():
    """Of each of several lengths: the padding stays at the end, and so does EOS."""
    plain, turned = Copying((1, 9), 5), Copying((1, 9), 5, reverse_source=True)
    (a, lengths, before), y, mask = plain.sample(50, np.random.default_rng(2))
    (b, lengths_b, before_b), y_b, mask_b = turned.sample(50, np.random.default_rng(2))
    for one, two in ((lengths, lengths_b), (before, before_b), (y, y_b), (mask, mask_b)):
        assert (one == two).all()
    for row, back, n in zip(a, b, lengths - 1, strict=True):
        assert back[:n].tolist() == row[:n].tolist()[::-1]
        assert back[n:].tolist() == row[n:].tolist()
    assert (a != b).any()


@pytest.mark.parametrize("length", [3, (1, 4), (2, 3)])
@pytest.mark.parametrize("symbols", [2, 4])
def test_levels_by_every_case(length, symbols):
    task = Copying(length, symbols, order="reversed", permutation=range(symbols)[::-1])
    assert sum(p for *_, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    assert loss_of(task, lambda source, target, t: (t, *source)) == pytest.approx(task.floor, abs=1e-12)
    assert loss_of(task, lambda source, target, t: t) == pytest.approx(task.chance, abs=1e-12)
    without_source = loss_of(task, lambda source, target, t: tuple(target[:t]))
    assert without_source == pytest.approx(task.chance, abs=1e-12), "symbols before tell nothing more than t"


@pytest.mark.parametrize("k", [0, 1, 3, 4, 9])
def test_a_memory_of_k_symbols_by_every_case(k):
    """Which k they are does not matter: the first, or the last."""
    task = Copying((1, 4), 3)
    first = loss_of(task, lambda source, target, t: (len(source), *source[:k], t))
    last = loss_of(task, lambda source, target, t: (len(source), *source[:-1][::-1][:k], *target[:t]))
    assert task.memory_floor(k) == pytest.approx(first, abs=1e-12)
    assert task.memory_floor(k) == pytest.approx(last, abs=1e-12)
    assert (task.memory_floor(k) == 0) == (k >= 4)


def test_chance_of_one_length_is_free_of_where_it_ends():
    assert Copying(4, 10).chance == pytest.approx(4 * math.log(10) / 5, abs=1e-12)


@pytest.mark.parametrize("options", OPTIONS)
def test_the_alignment_leads_from_each_symbol_to_its_own(options):
    task = Copying(6, 4, **options)
    (source, _, _), y, mask = task.sample(20, np.random.default_rng(3))
    links = task.alignment(6)
    assert sorted(t for _, t in links) == sorted(s for s, _ in links) == list(range(6)), "EOS is not aligned"
    meaning = options["permutation"] or range(4)
    for ids, answer in zip(source - 4, y - 4, strict=True):
        assert all(meaning[ids[s]] == answer[t] for s, t in links)
    assert mask.all()


def test_the_alignment_runs_across_where_one_side_is_reversed():
    assert Copying().alignment(3) == {(0, 0), (1, 1), (2, 2)}
    assert Copying(order="reversed").alignment(3) == {(0, 2), (1, 1), (2, 0)}
    assert Copying(reverse_source=True).alignment(3) == {(0, 2), (1, 1), (2, 0)}
    assert Copying(order="reversed", reverse_source=True).alignment(3) == {(0, 0), (1, 1), (2, 2)}


def test_symbols_have_names_of_their_own_beyond_the_alphabet():
    task = Copying(symbols=60)
    assert task.source.tokens[4:7] == ["a", "b", "c"]
    assert task.source.tokens[29:32] == ["z", "a1", "b1"]
    assert task.n_out == task.vocab_size == len(task.target) == 64


def test_settings_are_kept():
    assert Copying((3, 3)).settings["length"] == 3
    assert Copying(symbols=3, permutation=np.array([2, 0, 1])).settings["permutation"] == (2, 0, 1)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Copying(0), "length"),
        (lambda: Copying((3, 2)), "length"),
        (lambda: Copying(symbols=1), "symbols"),
        (lambda: Copying(order="backwards"), "order must be one of 'same', 'reversed'"),
        (lambda: Copying(symbols=3, permutation=(0, 1)), "permutation must hold each of 0 … 2 once"),
        (lambda: Copying(symbols=3, permutation=(0, 1, 1)), "permutation must hold each of 0 … 2 once"),
        (lambda: Copying(symbols=3, permutation=(0, 1, 2.0)), r"permutation\[2\]"),
        (lambda: Copying(symbols=3, permutation=7), "permutation must be a list of 3"),
        (lambda: Copying(reverse_source=1), "reverse_source"),
        (lambda: Copying(eos_in_source="no"), "eos_in_source"),
        (lambda: Copying().every_case(), "every_case lists at most 200,000 cases, .* 1,111,111,111,110 of them"),
        (lambda: Copying().alignment(0), "n must"),
        (lambda: Copying().memory_floor(-1), "k must"),
        (lambda: Copying(symbols=3).pair([0, 3]), "symbols must hold ids from 0 to 2"),
        (lambda: Copying(symbols=3).pair("ab"), "symbols must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
