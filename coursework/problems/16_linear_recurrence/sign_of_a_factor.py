"""What is the sign of a factor worth? Parity by random units, whose factors are positive, or of both signs."""

from coursework.problem import Experiment, number


class SignOfAFactor(Experiment):
    """Drawn: the length of the training, the units, how many times as many the larger arm has, and the sequences."""

    name = "sign_of_a_factor"
    points = 6

    def constants(self, rng, variant):
        return {
            "length": int(number(rng, range(9, 13))),
            "units": int(number(rng, range(56, 73, 4))),
            "times": int(number(rng, range(3, 5))),
            "rows": int(number(rng, range(360, 441, 20))),
        }
