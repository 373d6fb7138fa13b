"""How does the start decide whether the adding problem is learnt?"""

from coursework.problem import Experiment, number


class AddingStart(Experiment):
    """Drawn: the number of steps of a sequence, the smaller start, and the steps of the training."""

    name = "adding_start"
    points = 6

    def constants(self, rng, variant):
        T, steps = int(number(rng, range(34, 42))), int(number(rng, range(360, 450, 10)))
        return {"T": T, "low": number(rng, range(15, 36), per=100), "steps": steps}
