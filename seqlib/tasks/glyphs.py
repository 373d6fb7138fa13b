"""Glyphs: which letter does a tiny, noisy picture show, be it dark on light or light on dark?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np

from seqlib.arguments import check_number
from seqlib.batching import Batch
from seqlib.tasks.task import Task

__all__ = ["Glyphs"]

LETTERS: Mapping[str, str] = {"T": "111010010", "L": "100100111", "X": "101010101", "O": "111101111"}


class Glyphs(Task):
    """Name the letter in a picture of 3 × 3 pixels: one vector in, one distribution out, T = 1.

        x = s · (letter ⊙ flips),   letter ∈ {-1, 1}⁹,   P(flip = -1) = noise,   s = ±1: light on dark or dark on light

    Letters and s are uniform, flips independent. A picture and its negative are equally likely for each letter, so
    scores that are linear in x say nothing.

        floor  = Σ_x P(x) H(letter | x)      over all 512 pictures
        chance = H(letter) = ln 4            also the floor of linear scores

    Shapes:  sample -> Batch of inputs (x,), x (B, 1, 9) of -1 and 1; y (B, 1) the number of the letter; mask (B, 1),
             True everywhere
    Raises:  TypeError or ValueError naming the argument
    Differs: our own task
    Book:    chapters/09_mappings
    """

    name = "glyphs"
    loss = "cross_entropy"
    unit = "nats"

    def __init__(self, noise: float = 0.1) -> None:
        self.noise = check_number("noise", noise, low=0, high=0.5)
        self.letters = tuple(LETTERS)
        self.templates = np.array([[2.0 * (pixel == "1") - 1 for pixel in LETTERS[letter]] for letter in self.letters])
        self.n_in, self.n_out = self.templates.shape[1], len(self.letters)

    @property
    def floor(self) -> float:
        """The least possible expected loss in nats, over all pictures."""
        joint = self.likelihood(self.pictures()) / self.n_out
        belief = np.divide(joint, joint.sum(1, keepdims=True), where=joint > 0, out=np.ones_like(joint))
        return float(-(joint * np.log(belief)).sum())

    @property
    def chance(self) -> float:
        """The loss in nats of the best answer that does not look: the letters are equally likely."""
        return math.log(self.n_out)

    def pictures(self) -> np.ndarray:
        """All pictures, (512, 9)."""
        return np.array(list(itertools.product([-1.0, 1.0], repeat=self.n_in)))

    def likelihood(self, x: np.ndarray) -> np.ndarray:
        """P(picture | letter), the mean over both signs.

        Shapes:  x (N, 9) -> (N, 4)
        """
        wrong = (x[:, None] != self.templates).sum(2)  # pixels that differ if s = 1; the others differ if s = -1
        n, p = self.n_in, self.noise
        ways: np.ndarray = (p**wrong * (1 - p) ** (n - wrong) + p ** (n - wrong) * (1 - p) ** wrong) / 2
        return ways

    def every_case(self) -> tuple[Batch, np.ndarray]:
        """Every picture with every letter, as one batch of 2048, and their probabilities."""
        pictures = self.pictures()
        x, y = pictures.repeat(self.n_out, 0)[:, None], np.tile(np.arange(self.n_out), len(pictures))[:, None]
        return Batch((x,), y, np.ones_like(y, dtype=bool)), self.likelihood(pictures).ravel() / self.n_out

    def draw(self, B: int, rng: np.random.Generator) -> Batch:
        """Draw a batch of `B` pictures."""
        letter = rng.integers(0, self.n_out, (B, 1))
        flips = np.where(rng.random((B, self.n_in)) < self.noise, -1.0, 1.0)
        sign = rng.choice([-1.0, 1.0], (B, 1))
        x = sign * flips * self.templates[letter[:, 0]]
        return Batch((x[:, None],), letter, np.ones((B, 1), dtype=bool))
