"""Translation: English dates, amounts and names into Somali, with gold alignments and a computed ceiling."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np

from seqlib.arguments import check_choice, check_integer
from seqlib.batching import Batch
from seqlib.tasks.pairs import check_pairs, paired
from seqlib.tasks.sentences import Sentence, sentences
from seqlib.tasks.task import Task
from seqlib.text import Vocabulary

__all__ = ["Translation"]

KINDS = ("dates", "durations", "quantities", "countries", "languages")
PARTS = ("train", "valid", "test", "all")
HELD_OUT = 0.1  # the probability of a group to be for validation, and that to be for the test
GROUPS = ("concept", "sentence")


class Translation(Task):
    """Translate English into Somali: real words and formats, of which it is known what belongs to what.

        Thursday, May 7, 2026       Khamiis, Maayo 7, 2026        dates, full
        7 May 2026                  07-May-2026                   dates, medium
        7 May 2026                  Maayo 7, 2026                 dates, long
        3 hours, 5 minutes          3 saacadood iyo 5 daqiiqo     durations
        5 square feet               5 fiit jibaaran               quantities

    A sentence is drawn by its kind, then its concept (a day, a duration, a unit, a country, a language), then its form,
    each time uniformly. `part` says from which sentences: `seed` draws each concept for training (with probability
    0.8), validation or the test (0.1 each), so that no day of the test has been seen in any style. Its part is the same
    in every task of this seed, whatever the kinds. Divided by "sentence" instead, nothing but the English sentence is
    new. Sentences whose Somali is marked as a fault (see `seqlib.tasks.cldr.faults`) are left out unless `faults`.

        floor   = Σ_{x, y} -P(x, y) log P(y | x) / E n                  n tokens of a target, EOS included
        ceiling = Σ_x max_y P(x, y)                                     of exact match
        chance  = Σ_{x, y} -P(x, y) Σ_t log P(y_t | y_1 … y_{t-1}) / E n

    "7 May 2026" is both long and medium, which other months tell apart (7 June, 7 Jun), and its Somali depends on that:
    hence a floor above 0 and a ceiling below 1. `chance` is the loss of a decoder without a source that knows every
    target of the part and its probability, so it is lower in a part with fewer of them.

    Shapes:  sample -> Batch of inputs (source, lengths, previous), source (B, S) ids, followed by EOS unless
             `eos_in_source` is False, lengths (B,), previous (B, T) ids, BOS y_1 … y_n; y (B, T) ids, y_1 … y_n EOS;
             mask (B, T), True on these n + 1 positions
    Raises:  TypeError or ValueError naming the argument
    Source:  Unicode CLDR 47
    Differs: our own sampling, and our own alignment of the parts of which CLDR's formats make a sentence
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """

    name = "translation"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(
        self,
        kinds: str | Sequence[str] = "dates",
        part: str = "train",
        *,
        seed: int = 0,
        divided_by: str = "concept",
        faults: bool = False,
        eos_in_source: bool = True,
    ) -> None:
        self.kinds = _kinds(kinds)
        self.part = check_choice("part", part, PARTS)
        self.seed = check_integer("seed", seed, low=0)
        self.divided_by = check_choice("divided_by", divided_by, GROUPS)
        self.faults, self.eos_in_source = faults, eos_in_source
        for name in ("faults", "eos_in_source"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} must be True or False, got {getattr(self, name)!r}")

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the part."""
        return tuple(
            one
            for kind in self.kinds
            for group, members in _groups(kind, self.divided_by).items()
            if self.part in ("all", _part(self.seed, group))
            for one in members
            if self.faults or not one.fault
        )

    @property
    def source(self) -> Vocabulary:
        """The English tokens of these kinds, whatever the part."""
        return _vocabularies(self.kinds)[0]

    @property
    def target(self) -> Vocabulary:
        """The Somali tokens of these kinds, whatever the part."""
        return _vocabularies(self.kinds)[1]

    # The sizes are found when they are first asked for: until then nobody has to wait for all sentences to be made.
    @cached_property
    def vocab_size(self) -> int:  # type: ignore[override]
        """How many English tokens there are."""
        return len(self.source)

    @cached_property
    def n_out(self) -> int:  # type: ignore[override]
        """How many Somali tokens there are."""
        return len(self.target)

    @property
    def floor(self) -> float:
        """The least possible expected loss per token in nats of a model that reads the source."""
        return self.reader_floor(source=True, previous=True)

    @property
    def chance(self) -> float:
        """The least possible expected loss per token in nats of a decoder without a source."""
        return self.reader_floor(source=False, previous=True)

    def reader_floor(self, *, source: bool, previous: bool) -> float:
        """The least possible expected loss per token of one who knows t, and the source or the tokens before y_t.

        Σ_{x, y} P(x, y) Σ_t -log P(y_t | t, what is known) / E n
        """
        joint: dict[Any, dict[Any, float]] = defaultdict(lambda: defaultdict(float))
        tokens = 0.0
        for one, p in self.enumerate():
            said = (*one.target, "<eos>")
            tokens += p * len(said)
            seen = one.source if source else None
            if previous:  # by the chain rule, all tokens at once
                joint[seen][said] += p
            else:
                for t, word in enumerate(said):
                    joint[t, seen][word] += p
        loss = 0.0
        for table in joint.values():
            total = sum(table.values())
            loss -= sum(p * math.log(p / total) for p in table.values())
        return abs(loss) / tokens

    @property
    def ceiling(self) -> float:
        """The share of sentences that the best translator gets right word for word, in expectation."""
        joint: dict[tuple[str, ...], dict[tuple[str, ...], float]] = defaultdict(lambda: defaultdict(float))
        for one, p in self.enumerate():
            joint[one.source][one.target] += p
        return sum(max(table.values()) for table in joint.values())

    def enumerate(self) -> Iterator[tuple[Sentence, float]]:
        """Every sentence of the part, and its probability."""
        yield from zip(self.sentences, self._p.tolist(), strict=True)

    def batch(self, chosen: Sequence[Sentence]) -> Batch:
        """These sentences as a Batch, in that order."""
        sources = [self.source.encode(one.source, eos=self.eos_in_source).tolist() for one in chosen]
        return paired(sources, [self.target.encode(one.target).tolist() for one in chosen])

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every sentence of the part as one batch, in the order of `sentences`, and their probabilities."""
        return self.batch(self.sentences), self._p.copy()

    def check_inputs(self, inputs: tuple[Any, ...], B: int, T: int) -> np.ndarray:
        """Check (source, lengths, previous); return which positions are real, (B, T)."""
        return check_pairs(type(self).__name__, inputs, (B, T), vocab_size=self.vocab_size, n_out=self.n_out)

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` sentences."""
        return self.batch([self.sentences[i] for i in rng.choice(len(self.sentences), size=B, p=self._p)])

    @cached_property
    def _p(self) -> np.ndarray:
        forms: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in self.kinds}
        for one in self.sentences:
            forms[one.kind][one.concept] += 1
        return np.array(
            [1 / (len(forms) * len(forms[one.kind]) * forms[one.kind][one.concept]) for one in self.sentences]
        )


@cache
def _groups(kind: str, divided_by: str) -> dict[str, list[Sentence]]:
    """What stays together when sentences are divided."""
    found = defaultdict(list)
    for one in sentences(kind):
        found[one.concept if divided_by == "concept" else one.english].append(one)
    return found


def _part(seed: int, group: str) -> str:
    """The part that a group belongs to: a hash draws it, so that it is the same whatever else is there."""
    drawn = int.from_bytes(hashlib.sha256(f"{seed} {group}".encode()).digest()[:8], "big") / 2**64
    return "test" if drawn < HELD_OUT else "valid" if drawn < 2 * HELD_OUT else "train"


@cache
def _vocabularies(kinds: tuple[str, ...]) -> tuple[Vocabulary, Vocabulary]:
    """Those of all sentences, so that ids do not depend on the part or the seed."""
    every = [one for kind in kinds for one in sentences(kind)]
    return Vocabulary.build([one.source for one in every]), Vocabulary.build([one.target for one in every])


def _kinds(value: str | Sequence[str]) -> tuple[str, ...]:
    if not isinstance(value, Sequence):
        raise TypeError(f"kinds must be a kind or a list of them, got {value!r}")
    listed = (value,) if isinstance(value, str) else tuple(value)
    for kind in listed:
        check_choice("kinds", kind, KINDS)
    if not listed or len(set(listed)) < len(listed):
        raise ValueError(f"kinds must hold at least one kind and none twice, got {listed}")
    return listed
