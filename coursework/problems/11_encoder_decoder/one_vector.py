"""What does a larger context vector buy, and what longer training?"""

from coursework.problem import Experiment, number


class OneVector(Experiment):
    """Drawn: the symbols and the longest of the sequences, the units of the smaller network, and its steps."""

    name = "one_vector"
    points = 6

    def constants(self, rng, variant):
        return {
            "symbols": int(number(rng, range(6, 10))),
            "longest": int(number(rng, range(7, 11))),
            "units": int(number(rng, range(16, 25, 4))),
            "steps": int(number(rng, range(300, 401, 20))),
        }
