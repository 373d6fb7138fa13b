"""What tells a Transformer the order: positions, rotations, a mask, or nothing, and how far beyond the training?"""

from coursework.problem import Experiment, number


class WhatTellsOrder(Experiment):
    """Drawn: the length, the symbols and distractors of the sequences, the heads, and the steps."""

    name = "what_tells_order"
    points = 6

    def constants(self, rng, variant):
        return {
            "length": int(number(rng, range(12, 17, 2))),
            "symbols": int(number(rng, range(3, 7))),
            "distractors": int(number(rng, range(6, 10))),
            "heads": int(number(rng, range(2, 5, 2))),
            "steps": int(number(rng, range(280, 341, 20))),
        }
