"""How large is the error of a gradient that is cut?"""

from coursework.problem import Experiment, number


class Truncation(Experiment):
    """Drawn: the number of steps, and the two spectral radii."""

    name = "truncation"
    points = 6

    def constants(self, rng, variant):
        T, small = int(number(rng, range(30, 50))), number(rng, range(30, 50), per=100)
        return {"T": T, "small": small, "large": number(rng, range(90, 130), per=100)}
