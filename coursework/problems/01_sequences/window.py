"""How much does one more word in the window help?"""

from coursework.problem import Experiment, number


class Window(Experiment):
    """Drawn: the distance of the cue, the number of sentences, and the smoothing."""

    name = "window"
    points = 6

    def constants(self, rng, variant):
        distance = int(number(rng, range(3, 6)))
        return {
            "distance": distance,
            "last": distance + 2,
            "sentences": int(number(rng, range(1200, 6000, 100))),
            "alpha": number(rng, range(2, 90), per=100),
        }
