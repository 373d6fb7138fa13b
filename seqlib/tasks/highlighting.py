"""Highlighting: is a character of a program code, string or comment? What came before it decides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from seqlib.arguments import check_number
from seqlib.batching import Batch, mask_from_lengths
from seqlib.tasks.task import Task, check_span

__all__ = ["Highlighting"]

# How often each character comes: a letter, a quotation mark, a hash, the end of a line.
CHARACTERS: Mapping[str, float] = {"a": 0.6, '"': 0.15, "#": 0.1, "\n": 0.15}
CODE, STRING, COMMENT = range(3)


class Highlighting(Task):
    """Colour every character as it is read, as an editor does: a sequence in, an answer at every step.

        x_1 … x_n independent of each other;   y_t = the state after x_t, another one with probability `noise`

        code    --"--> string     code    --#--> comment
        string  --"--> code       string  -end-> code         (a # in a string is a character)
        comment -end-> code                                   (a " in a comment is a character)

    The state is a finite automaton of what has been read, so nothing to the right of x_t says anything about y_t, and
    a reader from left to right loses nothing. (The closing mark has the colour of code here.) Lengths are uniform.

        floor  = H(noise)                         shared by both wrong colours
        chance = Σ_t P(n ≥ t) H(y_t) / E n        the loss of one who knows t alone

    Shapes:  sample -> Batch of inputs (x, lengths), x (B, T) ids 0 … 3, lengths (B,); y (B, T) colours 0, 1, 2; mask
             (B, T), True at every character
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task
    Book:    chapters/09_mappings
    """

    name = "highlighting"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, T: int | Sequence[int] = (5, 20), noise: float = 0.05) -> None:
        low, high = check_span("T", T, low=1)
        self.T = low if low == high else (low, high)
        self.lengths = np.arange(low, high + 1)
        self.noise = check_number("noise", noise, low=0, high=2 / 3)
        self.vocab_size, self.n_out = len(CHARACTERS), 3
        # next[state, character]
        self.next = np.array([[CODE, STRING, COMMENT, CODE], [STRING, CODE, STRING, CODE], [COMMENT] * 3 + [CODE]])

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats: the entropy of the noise."""
        parts = (1 - self.noise, self.noise / 2, self.noise / 2)
        return -sum(p * math.log(p) for p in parts if p > 0)

    @property
    def chance(self) -> float:
        """The least possible expected loss in nats of an answer that depends on the position alone."""
        return self._by_position(character=False)

    @property
    def memoryless_floor(self) -> float:
        """The least possible expected loss in nats of a reader who sees x_t and t, and nothing before."""
        return self._by_position(character=True)

    def _by_position(self, *, character: bool) -> float:
        """By recursion over the state: P(s_t = v, x_t) = P(x_t) Σ_u P(s_{t-1} = u) [next(u, x_t) = v]."""
        state, p, loss = np.array([1.0, 0.0, 0.0]), np.array(list(CHARACTERS.values())), 0.0
        for t in range(1, self.lengths[-1] + 1):
            joint = np.zeros((len(p), 3))  # character, state after it
            for before, row in enumerate(self.next):
                joint[np.arange(len(p)), row] += state[before] * p
            state = joint.sum(0)
            seen = joint if character else state[None]
            said = (1 - 1.5 * self.noise) * seen + self.noise / 2 * seen.sum(1, keepdims=True)
            belief = np.divide(said, said.sum(1, keepdims=True), where=said > 0, out=np.ones_like(said))
            loss -= float((self.lengths >= t).mean() * (said * np.log(belief)).sum())
        return loss / float(self.lengths.mean())

    def colours(self, x: np.ndarray) -> np.ndarray:
        """The state after each character, without noise.

        Shapes:  x (B, T) ids -> (B, T)
        """
        states, state = np.zeros_like(x), np.full(len(x), CODE)
        for t in range(x.shape[1]):
            states[:, t] = state = self.next[state, x[:, t]]
        return states

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` lines of code."""
        lengths = self.lengths[rng.integers(len(self.lengths), size=B)]
        real = mask_from_lengths(lengths)
        x = np.where(real, rng.choice(len(CHARACTERS), real.shape, p=list(CHARACTERS.values())), 0)
        slips = np.where(rng.random(x.shape) < self.noise, rng.integers(1, 3, x.shape), 0)
        return Batch((x, lengths), np.where(real, (self.colours(x) + slips) % 3, 0), real)
