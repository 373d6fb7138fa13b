"""What is the first layer for? One layer that is told the token before, one that is told another, and two layers."""

from coursework.problem import Experiment, number


class FirstLayer(Experiment):
    """Drawn: the pairs, keys and values of the sequences, how far back the control looks, and the steps."""

    name = "first_layer"
    points = 6

    def constants(self, rng, variant):
        keys = int(number(rng, range(5, 8)))
        return {
            "pairs": int(number(rng, range(14, 18))),
            "keys": keys,
            "all_keys": 2 * keys,
            "values": int(number(rng, range(10, 15))),
            "back": int(number(rng, range(2, 4))),
            "steps": int(number(rng, range(200, 241, 20))),
        }
