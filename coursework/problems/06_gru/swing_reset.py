"""What does the reset gate do when a swing is caught?"""

from coursework.problem import Experiment, number


class SwingReset(Experiment):
    """Drawn: the period of the swing, how often it is caught, and the steps of the training."""

    name = "swing_reset"
    points = 6

    def constants(self, rng, variant):
        period, restart = number(rng, range(60, 111, 5), per=10), number(rng, range(14, 31, 2), per=100)
        return {"period": period, "restart": restart, "steps": int(number(rng, range(320, 421, 10)))}
