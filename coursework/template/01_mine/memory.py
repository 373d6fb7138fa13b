"""An experiment to begin with: how long does a running sum remember?"""

from coursework.problem import Experiment, number


class Memory(Experiment):
    """Drawn: how much is kept, and for how many steps."""

    name = "memory"
    points = 4

    def constants(self, rng, variant):
        return {"keep": number(rng, range(80, 96), per=100), "steps": int(number(rng, range(30, 60)))}
