"""How much worse does a language model predict after its own text?"""

from coursework.problem import Experiment, number


class OwnText(Experiment):
    """Drawn: the symbols and the noise of the texts, the units, and the steps of the shorter training."""

    name = "own_text"
    points = 6

    def constants(self, rng, variant):
        return {
            "symbols": int(number(rng, range(6, 9))),
            "noise": number(rng, range(20, 51, 5), per=1000),
            "units": int(number(rng, range(24, 41, 4))),
            "steps": int(number(rng, range(260, 361, 20))),
        }
