"""What is a second direction worth, to which network?"""

from coursework.problem import Experiment, number


class BlankBoth(Experiment):
    """Drawn: the words between blank and meal, the number of units, and the steps of the training."""

    name = "blank_both"
    points = 6

    def constants(self, rng, variant):
        gap, units = int(number(rng, range(1, 4))), int(number(rng, range(20, 31, 2)))
        return {"gap": gap, "units": units, "steps": int(number(rng, range(320, 401, 10)))}
