"""Which cell counts best, with as many parameters?"""

from coursework.problem import Experiment, number


class CellsFair(Experiment):
    """Drawn: the symbols of the counting task, the units of the LSTM, and the steps of the training."""

    name = "cells_fair"
    points = 6

    def constants(self, rng, variant):
        symbols, units = int(number(rng, range(2, 5))), int(number(rng, range(12, 21, 2)))
        return {"symbols": symbols, "units": units, "steps": int(number(rng, range(280, 381, 10)))}
