"""How does the bias of the forget gate decide over what distance an LSTM learns to keep?"""

from coursework.problem import Experiment, number


class LatchBias(Experiment):
    """Drawn: the number of steps of a sequence, the smaller bias, and the steps of the training."""

    name = "latch_bias"
    points = 6

    def constants(self, rng, variant):
        T, steps = int(number(rng, range(18, 25))), int(number(rng, range(150, 210, 10)))
        return {
            "T": T,
            "low": number(rng, range(-40, 41, 5), per=100),
            "high": number(rng, range(36, 51), per=10),
            "steps": steps,
        }
