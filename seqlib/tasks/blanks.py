"""Fill in the blank: a small grammar in which the word that decides stands a known number of words before the blank.

    i like ice-cream so very my favourite is ___         distance 6: ice-cream stands six words before the blank

The distance is the difficulty: a predictor that sees fewer words than that is blind to the cue.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.tasks.task import Task, check_generator, check_span
from seqlib.text import Vocabulary

__all__ = ["Blanks"]

FAVOURITES: Mapping[str, Mapping[str, float]] = {
    "ice-cream": {"chocolate": 0.7, "vanilla": 0.2, "strawberry": 0.1},
    "cake": {"lemon": 0.7, "chocolate": 0.2, "vanilla": 0.1},
    "tea": {"mint": 0.7, "lemon": 0.2, "strawberry": 0.1},
    "jam": {"strawberry": 0.7, "lemon": 0.2, "mint": 0.1},
}
OPENING = ("i", "like")
# The last words before the blank, as many as there is room for between cue and blank.
CLOSINGS = ((), (":",), (",", "especially"), ("my", "favourite", "is"))
FILLERS = ("so", "very", "truly", "really", "still", "always")


class Blanks(Task):
    """Sentences of the grammar, with the loss at the blank only.

        P(sentence) = P(distance) · P(cue) · Π P(filler) · P(answer | cue)

    Distances and cues are uniform; fillers are uniform, independent of each other and of the cue, so the cue is the
    only word that says anything about the answer.

        floor  = Σ_cue P(cue) H(answer | cue)      no predictor does better
        chance = H(answer)                         the best loss of a predictor that does not see the cue

    Shapes:  sample -> Batch of inputs (x,), with mixed distances (x, lengths), x (B, T) ids, lengths (B,); y (B, T) the
             next word's ids; mask (B, T), True at the blank
    Raises:  TypeError or ValueError naming the argument
    Differs: our own grammar; sentences of mixed distances are padded at the end
    Book:    chapters/01_sequences
    """

    name = "blanks"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, distance: int | Sequence[int] = 3) -> None:
        low, high = check_span("distance", distance, low=1)
        self.distance = low if low == high else (low, high)
        self.distances = tuple(range(low, high + 1))
        self.cues = tuple(FAVOURITES)
        self.answers = tuple(dict.fromkeys(answer for table in FAVOURITES.values() for answer in table))
        closing = dict.fromkeys(word for words in CLOSINGS for word in words)
        self.vocabulary = Vocabulary([*OPENING, *self.cues, *FILLERS, *closing, *self.answers])
        self.vocab_size = self.n_out = len(self.vocabulary)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats, by enumeration of the grammar."""
        return self.window_floor(None)

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats without the cue: the entropy of the answer."""
        return self.window_floor(0)

    def window_floor(self, n: int | None) -> float:
        """The least possible expected loss of a predictor that sees the last `n` words only (all words for None).

            Σ_s P(s) · -log P(answer | the last n words of s)

        By enumeration. All fillers are taken for one word here: they are drawn independently of everything else, so
        which filler it was says nothing.
        """
        n = None if n is None else check_integer("n", n, low=0)
        joint: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for words, probability in self.enumerate(fillers=FILLERS[:1]):
            seen = words[:-1] if n is None else words[:-1][len(words) - 1 - min(n, len(words) - 1) :]
            joint[seen][words[-1]] += probability
        loss = 0.0
        for answers in joint.values():
            total = sum(answers.values())
            loss -= sum(p * np.log(p / total) for p in answers.values())
        return float(loss)

    def enumerate(self, fillers: Sequence[str] = FILLERS) -> Iterator[tuple[tuple[str, ...], float]]:
        """Every sentence of the grammar with its probability: a tuple of words, the last of which fills the blank."""
        for distance, cue in itertools.product(self.distances, self.cues):
            closing = CLOSINGS[min(distance - 1, 3)]
            room = distance - 1 - len(closing)
            shared = 1 / (len(self.distances) * len(self.cues) * len(fillers) ** room)
            for filling in itertools.product(fillers, repeat=room):
                for answer, probability in FAVOURITES[cue].items():
                    yield (*OPENING, cue, *filling, *closing, answer), shared * probability

    def answer_distribution(self, cue: str | None = None) -> dict[str, float]:
        """P(answer | cue), or P(answer) without a cue."""
        if cue is not None and cue not in self.cues:
            raise ValueError(f"cue must be one of {', '.join(self.cues)}, got {cue!r}")
        tables = [FAVOURITES[cue]] if cue else list(FAVOURITES.values())
        return {answer: sum(table.get(answer, 0.0) for table in tables) / len(tables) for answer in self.answers}

    def sentences(self, n: int, rng: np.random.Generator) -> list[tuple[str, ...]]:
        """Draw `n` sentences, each a tuple of words, the last of which fills the blank."""
        n = check_integer("n", n, low=0)
        check_generator(rng)
        drawn = []
        for _ in range(n):
            distance = self.distances[rng.integers(len(self.distances))]
            cue = self.cues[rng.integers(len(self.cues))]
            closing = CLOSINGS[min(distance - 1, 3)]
            filling = [FILLERS[i] for i in rng.integers(len(FILLERS), size=distance - 1 - len(closing))]
            table = FAVOURITES[cue]
            answer = list(table)[rng.choice(len(table), p=list(table.values()))]
            drawn.append((*OPENING, cue, *filling, *closing, answer))
        return drawn

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch: the sentence without its last word, the next words, and a mask that keeps the blank only."""
        ids, words = pad([self.vocabulary.encode(sentence) for sentence in self.sentences(B, rng)])
        lengths, T = words - 1, ids.shape[1] - 1
        seen = mask_from_lengths(lengths, T)
        x = np.where(seen, ids[:, :-1], 0)
        inputs = (x,) if len(self.distances) == 1 else (x, lengths)
        return Batch(inputs, ids[:, 1:], seen & ~mask_from_lengths(lengths - 1, T))

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """A row of ids as text, without padding."""
        return " ".join(word for word in self.vocabulary.decode(ids) if word != "<pad>")
