"""How many units does the oscillator need?"""

from coursework.problem import Experiment, number


class HiddenSize(Experiment):
    """Drawn: the length of the series, the steps of the training, and the two sizes."""

    name = "hidden_size"
    points = 6

    def constants(self, rng, variant):
        small = int(number(rng, range(1, 3)))
        T, steps = int(number(rng, range(24, 48))), int(number(rng, range(280, 440, 10)))
        return {"T": T, "steps": steps, "small": small, "large": 8 * small}
