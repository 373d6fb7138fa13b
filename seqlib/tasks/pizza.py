"""The pizza blank: a small grammar in which what comes after a blank tells the word that belongs there.

    after work i'm ___ hungry , and honestly i can eat 3 large pizzas

What stands before the blank says little about the word, what stands after it says much, and the whole sentence most.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from seqlib.arguments import check_integer
from seqlib.batching import Batch, pad
from seqlib.tasks.task import Task, check_generator, check_span
from seqlib.text import Vocabulary

__all__ = ["Pizza"]

ANSWERS = ("not", "slightly", "quite", "very")
# P(word in the blank | what came before), in the order of ANSWERS
HUNGER: Mapping[str, tuple[float, ...]] = {
    "breakfast": (0.65, 0.2, 0.1, 0.05),
    "work": (0.1, 0.4, 0.3, 0.2),
    "football": (0.05, 0.1, 0.2, 0.65),
}
# P(what is eaten | word in the blank). A large pizza is worth two small ones: number and size are both needed.
MEALS: Mapping[tuple[str, ...], tuple[float, ...]] = {
    ("1", "small", "pizza"): (0.7, 0.2, 0.0, 0.0),
    ("2", "small", "pizzas"): (0.2, 0.4, 0.1, 0.0),
    ("1", "large", "pizza"): (0.1, 0.3, 0.2, 0.0),
    ("3", "small", "pizzas"): (0.0, 0.1, 0.4, 0.2),
    ("2", "large", "pizzas"): (0.0, 0.0, 0.3, 0.3),
    ("3", "large", "pizzas"): (0.0, 0.0, 0.0, 0.5),
}
FILLERS = ("honestly", "really", "truly", "surely")
BLANK, PLACE = "___", 3  # of every sentence the blank is word 3, counted from 0


class Pizza(Task):
    """Say which word belongs in the blank of "after work i'm ___ hungry , and i can eat 3 large pizzas".

        P(sentence) = P(cue) · P(word | cue) · P(gap) · Π P(filler) · P(meal | word)

    Cues (breakfast, work, football), gaps and fillers are uniform. `gap` is the number of fillers between blank and
    meal, one number or (lowest, highest): the number of pizzas stands gap + 7 words after the blank, its size
    directly after that. Fillers and gap are independent of everything else.

        floor        = H(word | cue, meal)      no reader of the whole sentence does better
        past_floor   = H(word | cue)            nor one of what stands before the blank
        future_floor = H(word | meal)           nor one of what stands after it
        chance       = H(word)

    What follows is worth past_floor - floor nats to one who knows what came before.

    Shapes:  sample -> Batch of inputs (x,), with mixed gaps (x, lengths), x (B, T) ids with ___ for the word, lengths
             (B,); y (B, T) the ids with the word; mask (B, T), True at the blank
    Raises:  TypeError or ValueError naming the argument
    Source:  Zhang, Lipton, Li & Smola, Dive into Deep Learning, section 9.4 (three sentences, "… hungry, and I can eat
             half a pig" the last)
    Differs: our own grammar, with probabilities
    Book:    chapters/07_bidirectional
    """

    name = "pizza"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, gap: int | Sequence[int] = (0, 4)) -> None:
        low, high = check_span("gap", gap, low=0)
        self.gap = low if low == high else (low, high)
        self.gaps = tuple(range(low, high + 1))
        self.cues, self.answers, self.meals = tuple(HUNGER), ANSWERS, tuple(MEALS)
        words = [word for sentence, _ in self.enumerate() for word in sentence]
        self.vocabulary = Vocabulary(dict.fromkeys([BLANK, *self.answers, *self.cues, *FILLERS, *words]))
        self.vocab_size = self.n_out = len(self.vocabulary)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats of a reader of the whole sentence."""
        return self.window_floor(None, None)

    @property
    def past_floor(self) -> float:
        """The least possible expected loss in nats of a reader of the words before the blank."""
        return self.window_floor(None, 0)

    @property
    def future_floor(self) -> float:
        """The least possible expected loss in nats of a reader of the words after the blank."""
        return self.window_floor(0, None)

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats without reading: the entropy of the word."""
        return self.window_floor(0, 0)

    def window_floor(self, before: int | None, after: int | None) -> float:
        """The least possible expected loss of a reader of so many words before and after the blank (None: all).

            Σ_s P(s) · -log P(word | what is seen of s)

        By enumeration. All fillers are taken for one word here: which one it was says nothing.
        """
        before, after = (
            None if n is None else check_integer(name, n, low=0) for name, n in [("before", before), ("after", after)]
        )
        first = 0 if before is None else max(0, PLACE - before)
        last = None if after is None else PLACE + 1 + after
        joint: dict[tuple[tuple[str, ...], ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for words, probability in self.enumerate():
            joint[words[first:PLACE], words[PLACE + 1 : last]][words[PLACE]] += probability
        return float(-sum(p * np.log(p / sum(seen.values())) for seen in joint.values() for p in seen.values()))

    def enumerate(self, fillers: Sequence[str] = FILLERS[:1]) -> Iterator[tuple[tuple[str, ...], float]]:
        """Every sentence that can be, with its probability; with one filler all fillers count as that."""
        for cue, gap, (k, answer) in itertools.product(self.cues, self.gaps, enumerate(self.answers)):
            shared = HUNGER[cue][k] / (len(self.cues) * len(self.gaps) * len(fillers) ** gap)
            for filling, (meal, likely) in itertools.product(itertools.product(fillers, repeat=gap), MEALS.items()):
                if likely[k]:
                    yield _sentence(cue, answer, filling, meal), shared * likely[k]

    def answer_distribution(self, cue: str | None = None, meal: Sequence[str] | None = None) -> dict[str, float]:
        """P(word | cue, meal), P(word | cue), P(word | meal) or P(word), by Bayes' rule.

        P(word | cue, meal) ∝ P(word | cue) P(meal | word),     P(word) = Σ_cue P(cue) P(word | cue)
        """
        if cue is not None and cue not in HUNGER:
            raise ValueError(f"cue must be one of {', '.join(HUNGER)}, got {cue!r}")
        if meal is not None and tuple(meal) not in MEALS:
            raise ValueError(f"meal must be one of {', '.join(map(' '.join, MEALS))}, got {meal!r}")
        belief = np.mean(list(HUNGER.values()), 0) if cue is None else np.array(HUNGER[cue])
        belief = belief if meal is None else belief * MEALS[tuple(meal)]
        return dict(zip(self.answers, (belief / belief.sum()).tolist(), strict=True))

    def sentences(self, n: int, rng: np.random.Generator) -> list[tuple[str, ...]]:
        """Draw `n` sentences, each a tuple of words, with the word in the blank."""
        n = check_integer("n", n, low=0)
        check_generator(rng)
        cues, gaps = rng.integers(len(self.cues), size=n), rng.integers(self.gaps[0], self.gaps[-1] + 1, n)
        answers = _drawn(np.array(list(HUNGER.values()))[cues], rng)
        meals = _drawn(np.array(list(MEALS.values())).T[answers], rng)
        fillings = rng.integers(len(FILLERS), size=(n, self.gaps[-1]))
        return [
            _sentence(self.cues[c], self.answers[a], [FILLERS[f] for f in filling[:gap]], self.meals[m])
            for c, a, filling, gap, m in zip(cues, answers, fillings, gaps, meals, strict=True)
        ]

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch: the sentence with a blank, the sentence without, and a mask that keeps the blank only."""
        return self._batch(self.sentences(B, rng))

    def every_sentence(self) -> tuple[Batch, np.ndarray]:
        """All sentences that can be, fillers too, as one batch, and their probabilities.

            E loss = Σ_s P(s) · -log P_model(word | s)       exactly, without drawing

        Shapes:  a Batch of S sentences; probabilities (S,). S is 42 · Σ_gap 4^gap, with gaps from 0 to 4 it is 14,322
        """
        sentences, probabilities = zip(*self.enumerate(FILLERS), strict=True)
        return self._batch(sentences), np.array(probabilities)

    def _batch(self, sentences: Sequence[tuple[str, ...]]) -> Batch:
        y, lengths = pad([self.vocabulary.encode(sentence) for sentence in sentences])
        mask = np.zeros(y.shape, dtype=bool)
        mask[:, PLACE] = True
        x = np.where(mask, self.vocabulary.ids[BLANK], y)
        return Batch((x,) if len(self.gaps) == 1 else (x, lengths), y, mask)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """A row of ids as text, without padding."""
        return " ".join(word for word in self.vocabulary.decode(ids) if word != "<pad>")


def _sentence(cue: str, answer: str, filling: Sequence[str], meal: tuple[str, ...]) -> tuple[str, ...]:
    return ("after", cue, "i'm", answer, "hungry", ",", "and", *filling, "i", "can", "eat", *meal)


def _drawn(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One index for each row of probabilities (n, K): how many of its partial sums lie below a uniform number."""
    sums = probabilities.cumsum(1)[:, :-1]  # the last is 1, but for rounding
    return (sums <= rng.random((len(sums), 1))).sum(1)
