"""Where does a vector go into a recurrent network, when there is a pause before it is needed?"""

from coursework.problem import Experiment, number


class ToldWhere(Experiment):
    """Drawn: the pause in the captions, the units of the GRU, and the steps of the training."""

    name = "told_where"
    points = 6

    def constants(self, rng, variant):
        pause, units = int(number(rng, range(3, 7))), int(number(rng, range(24, 41, 4)))
        return {"pause": pause, "units": units, "steps": int(number(rng, range(240, 331, 10)))}
