"""Translation: floor and ceiling counted from the calendar and again prefix by prefix; nothing leaks in any split."""

import datetime
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from seqlib.tasks import Translation
from seqlib.tasks.sentences import sentences
from seqlib.text import EOS, UNK

KINDS = ("dates", "durations", "quantities", "countries", "languages")
PARTS = ("train", "valid", "test")


def tokens_of(task):
    """The mean number of tokens of a target, EOS included."""
    return sum(p * (len(one.target) + 1) for one, p in task.enumerate())


@pytest.mark.parametrize("part", ["train", "valid", "test", "all"])
def test_only_may_is_ambiguous(part):
    """Half of the forms of a day in May are long or medium, and of these the best guess is right half the time."""
    task = Translation("dates", part, seed=3)
    days = {one.concept for one in task.sentences}
    may = np.mean([datetime.date.fromisoformat(day).month == 5 for day in days])
    assert 0.05 < may < 0.12
    assert task.ceiling == pytest.approx(1 - may / 4, abs=1e-12)
    assert task.floor == pytest.approx(may / 2 * math.log(2) / tokens_of(task), abs=1e-12)


def slow_floor(task, seen):
    """Σ P(x, y) Σ_t -log P(y_t | what is seen) / E n, prefix by prefix."""
    tables, tokens = defaultdict(Counter), 0.0
    for one, p in task.enumerate():
        tokens += p * (len(one.target) + 1)
        for t, word in enumerate([*one.target, "<eos>"]):
            tables[seen(one, t)][word] += p
    return -sum(p * math.log(p / table.total()) for table in tables.values() for p in table.values()) / tokens


@pytest.mark.parametrize(
    "task",
    [
        Translation("dates", "test"),
        Translation(("quantities", "languages"), "valid", faults=True),
        Translation(("countries", "durations"), "test", divided_by="sentence"),
    ],
    ids=lambda task: " ".join(task.kinds),
)
def test_levels_prefix_by_prefix(task):
    assert sum(p for _, p in task.enumerate()) == pytest.approx(1, abs=1e-12)
    assert task.floor == pytest.approx(slow_floor(task, lambda one, t: (one.source, one.target[:t])), abs=1e-12)
    assert task.chance == pytest.approx(slow_floor(task, lambda one, t: one.target[:t]), abs=1e-12)
    deaf, blind = (task.reader_floor(source=source, previous=False) for source in (True, False))
    assert deaf == pytest.approx(slow_floor(task, lambda one, t: (one.source, t)), abs=1e-12)
    assert blind == pytest.approx(slow_floor(task, lambda one, t: t), abs=1e-12)
    best = defaultdict(Counter)
    for one, p in task.enumerate():
        best[one.english][one.somali] += p
    assert task.ceiling == pytest.approx(sum(max(table.values()) for table in best.values()), abs=1e-12)
    assert 0 <= task.floor <= deaf <= blind
    assert task.floor < task.chance < blind


def test_kind_concept_and_form_are_uniform_in_that_order():
    task = Translation(("quantities", "countries"), "train", seed=5)
    kinds, concepts = Counter(), defaultdict(Counter)
    for one, p in task.enumerate():
        kinds[one.kind] += p
        concepts[one.kind][one.concept] += p
    assert kinds == pytest.approx({"quantities": 0.5, "countries": 0.5}, abs=1e-12)
    for kind, table in concepts.items():
        assert table == pytest.approx({concept: 0.5 / len(table) for concept in table}, abs=1e-12), kind


@pytest.mark.parametrize(
    ("kinds", "seeds"), [(("quantities", "countries", "languages"), 100), (("dates",), 15), (("durations",), 15)]
)
def test_no_concept_is_in_two_parts(kinds, seeds):
    splits = set()
    concepts = {one.concept for one in Translation(kinds, "all").sentences}
    for seed in range(seeds):
        parts = [{one.concept for one in Translation(kinds, part, seed=seed).sentences} for part in PARTS]
        train, valid, test = parts
        assert not train & valid | train & test | valid & test
        assert train | valid | test == concepts
        spread = 5 * math.sqrt(0.09 / len(concepts))
        assert abs(len(valid) / len(concepts) - 0.1) < spread > abs(len(test) / len(concepts) - 0.1)
        splits.add(frozenset(test))
    assert len(splits) == seeds, "every seed divides anew"


def test_no_sentence_is_in_two_parts_of_any_two_tasks():
    """Also where capitals differ, and where a country has the name of a language."""
    for seed in range(3):
        train, valid, test = (
            {one.english.lower() for kind in KINDS for one in Translation(kind, part, seed=seed).sentences}
            for part in PARTS
        )
        assert not train & valid | train & test | valid & test
        mixed = {one.english.lower() for one in Translation(KINDS, "test", seed=seed).sentences}
        assert mixed == test
    names = [{one.english for one in sentences(kind)} for kind in ("countries", "languages")]
    assert names[0] & names[1] == {"Nauru", "Tuvalu"}


def test_divided_by_sentence_the_concepts_leak_and_the_sentences_do_not():
    """All amounts of most units are known but for one or two; an English sentence with two translations stays whole."""
    for kinds in ("quantities", "dates"):
        parts = [Translation(kinds, part, divided_by="sentence").sentences for part in ("train", "valid", "test")]
        train, valid, test = ({one.english for one in part} for part in parts)
        assert not train & valid | train & test | valid & test
        known = {one.concept for one in parts[0]}
        assert sum(one.concept in known for one in parts[2]) > 0.99 * len(parts[2])
    assert Translation("dates", "test", divided_by="sentence").ceiling < 0.99


@pytest.mark.parametrize("kinds", [*KINDS, KINDS])
def test_batches_are_the_sentences(kinds):
    task = Translation(kinds, "test", eos_in_source=kinds != "dates")
    chosen = task.sentences[::17]
    (source, lengths, _), y, mask = task.batch(chosen)
    for one, words, n, answer, keeps in zip(chosen, source, lengths, y, mask, strict=True):
        said = task.source.decode(words[:n])
        if task.eos_in_source:
            assert said.pop() == "<eos>"
        assert tuple(said) == one.source
        assert (*one.target, "<eos>") == tuple(task.target.decode(answer[keeps]))
    assert UNK not in source
    assert UNK not in y
    assert (source == EOS).any() == task.eos_in_source


def test_ids_do_not_depend_on_the_part():
    tasks = [Translation("dates", part, seed=seed) for part in ("train", "test") for seed in (0, 1)]
    tasks.append(Translation("dates", "valid", divided_by="sentence", faults=True))
    assert len({tuple(task.source.tokens) for task in tasks}) == 1
    assert len({tuple(task.target.tokens) for task in tasks}) == 1


def test_faults_are_left_out_unless_they_are_asked_for():
    for kinds, number in ((("quantities",), 68), (("languages",), 16), (("dates", "countries"), 0)):
        clean, with_faults = Translation(kinds, "all"), Translation(kinds, "all", faults=True)
        assert not any(one.fault for one in clean.sentences)
        assert sum(bool(one.fault) for one in with_faults.sentences) == number
        assert (
            len(with_faults.sentences) == len(clean.sentences) + number == sum(len(sentences(kind)) for kind in kinds)
        )


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Translation("times"), "kinds must be one of 'dates'"),
        (lambda: Translation(["dates", "times"]), "kinds must be one of 'dates'"),
        (lambda: Translation(["dates", "dates"]), "kinds must hold at least one kind and none twice"),
        (lambda: Translation([]), "kinds must hold at least one"),
        (lambda: Translation(3), "kinds must be a kind or a list of them"),
        (lambda: Translation(part="dev"), "part must be one of 'train', 'valid', 'test', 'all'"),
        (lambda: Translation(seed=-1), "seed must"),
        (lambda: Translation(seed=0.5), "seed must"),
        (lambda: Translation(divided_by="day"), "divided_by must be one of 'concept', 'sentence'"),
        (lambda: Translation(faults=1), "faults must be True or False"),
        (lambda: Translation(eos_in_source=None), "eos_in_source must be True or False"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()
