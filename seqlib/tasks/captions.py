"""Captions: say in words what a vector holds, until there is nothing more to say."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.tasks.task import Task, check_span
from seqlib.text import Vocabulary

__all__ = ["Captions"]

# What a picture holds, one of each row.
PICTURE = (("one", "two", "three"), ("black", "white", "brown"), ("cat", "dog", "hen"), ("river", "tree", "house"))
NOUNS: Mapping[str, Mapping[str, float]] = {
    "cat": {"cat": 0.7, "kitten": 0.3},
    "dog": {"dog": 0.7, "puppy": 0.3},
    "hen": {"hen": 0.7, "chicken": 0.3},
}
PLURALS = {"puppy": "puppies"}
COLOUR, PLACE = 0.6, 0.5  # how often they are mentioned


class Captions(Task):
    """Describe a picture: one vector in, a sequence of words out that ends with EOS. Each step reads the word before.

        number [colour] noun [um …] [by the place] EOS        two white kittens um by the river

    A picture is four rows of three, one of each row is the case, all 81 equally likely. The colour is mentioned with
    probability 0.6, the place with 0.5; a noun has two names. The number of "um"s is uniform over `pause`.

        floor  = H(words | picture) / E n             n the number of words, EOS included
        chance = Σ_t P(n ≥ t) H(word t) / E n         the loss of one who knows t alone

    Shapes:  sample -> Batch of inputs (x, lengths), x (B, T, 12 + V): the vector of the picture, four times one-hot, at
             every step, then the word before, one-hot, BOS before the first; lengths (B,) n; y (B, T) ids of the words;
             mask (B, T), True at every word and at EOS
    Raises:  TypeError or ValueError naming the argument
    Differs: our own grammar, for the captions of photographs of Vinyals et al. 2015
    Book:    chapters/09_mappings
    """

    name = "captions"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, pause: int | Sequence[int] = 0) -> None:
        low, high = check_span("pause", pause, low=0)
        self.pause = low if low == high else (low, high)
        self.pauses = tuple(range(low, high + 1))
        nouns = [name for names in NOUNS.values() for name in names]
        plural = [_plural(noun) for noun in nouns]
        self.vocabulary = Vocabulary([*PICTURE[0], *PICTURE[1], *nouns, *plural, "um", "by", "the", *PICTURE[3]])
        self.n_out = len(self.vocabulary)
        self.n_given = sum(map(len, PICTURE))
        self.n_in = self.n_given + self.n_out

    @property
    def floor(self) -> float:
        """The least possible expected loss per word in nats, by enumeration of pictures and captions."""
        return self.reader_floor(picture=True, words=True)

    @property
    def chance(self) -> float:
        """The least possible expected loss per word in nats of an answer that depends on the position alone."""
        return self.reader_floor(picture=False, words=False)

    def reader_floor(self, *, picture: bool, words: bool) -> float:
        """The least possible expected loss per word of one who knows the position, and the picture or the words before.

            Σ_{x, y} P(x, y) Σ_t -log P(y_t | t, what is known) / E n

        Words without the picture are a language model. The picture without the words is a model without memory that
        does not read what it has said.
        """
        joint: dict[tuple[object, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        tokens = 0.0
        for scene, caption, p in self.enumerate():
            tokens += p * len(caption)
            for t, word in enumerate(caption):
                joint[(t, scene if picture else None, caption[:t] if words else None)][word] += p
        loss = 0.0
        for table in joint.values():
            total = sum(table.values())
            loss -= sum(p * np.log(p / total) for p in table.values())
        return float(loss / tokens)

    def enumerate(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], float]]:
        """Every picture with every caption, and their probability; a caption ends with <eos>."""
        scenes = list(itertools.product(*PICTURE))
        for scene in scenes:
            number, colour, animal, place = scene
            options = itertools.product(
                [((colour,), COLOUR), ((), 1 - COLOUR)],
                NOUNS[animal].items(),
                self.pauses,
                [(("by", "the", place), PLACE), ((), 1 - PLACE)],
            )
            for (tint, p_tint), (noun, p_noun), pause, (where, p_where) in options:
                noun = noun if number == "one" else _plural(noun)
                caption = (number, *tint, noun, *["um"] * pause, *where, "<eos>")
                yield scene, caption, p_tint * p_noun * p_where / (len(self.pauses) * len(scenes))

    def vector(self, scene: Sequence[str]) -> np.ndarray:
        """The vector of a picture, (12,): a 1 in each row for what is the case."""
        return np.array([float(part == is_so) for row, is_so in zip(PICTURE, scene, strict=True) for part in row])

    def batch(self, scenes: Sequence[Sequence[str]], captions: Sequence[Sequence[str]]) -> Batch:
        """Pictures and their captions as a Batch, in that order."""
        targets, lengths = pad([[self.vocabulary.ids[word] for word in caption] for caption in captions])
        before = np.concatenate([np.full((len(targets), 1), self.vocabulary.ids["<bos>"]), targets[:, :-1]], 1)
        given = np.stack([self.vector(scene) for scene in scenes])[:, None].repeat(targets.shape[1], 1)
        real = mask_from_lengths(lengths)
        x = np.concatenate([given, np.eye(self.n_out)[before]], 2)
        return Batch((np.where(real[..., None], x, 0.0), lengths), targets, real)

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every picture with every caption, as one batch, and their probabilities."""
        batch, p = self._captions
        x, lengths = batch.inputs
        return Batch((x.copy(), lengths.copy()), batch.y.copy(), batch.mask.copy()), p.copy()

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` pictures with a caption each."""
        ((x, lengths), y, mask), p = self._captions
        chosen = rng.choice(len(p), size=B, p=p)
        T = lengths[chosen].max()
        return Batch((x[chosen, :T], lengths[chosen]), y[chosen, :T], mask[chosen, :T])

    @cached_property
    def _captions(self) -> tuple[Batch, np.ndarray]:
        scenes, captions, p = zip(*self.enumerate(), strict=True)
        return self.batch(scenes, captions), np.array(p)


def _plural(noun: str) -> str:
    return PLURALS.get(noun, noun + "s")
