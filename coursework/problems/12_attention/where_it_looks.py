"""Does attention look where the symbol is that is written, and how far does it find it?"""

from coursework.problem import Experiment, Form, number


class WhereItLooks(Experiment):
    """Drawn: the order of what is written, the score that reads keys, the task, the units, and the steps."""

    name = "where_it_looks"
    points = 6
    forms = {
        "order": {
            "same": Form(words="writes what has been read, in the same order"),
            "reversed": Form(words="writes what has been read, from the end"),
        },
        "score": {"general": Form(), "additive": Form(), "dot": Form()},
    }
    says = {"words": "«order.words»"}

    def constants(self, rng, variant):
        return {
            "symbols": int(number(rng, range(6, 10))),
            "longest": int(number(rng, range(6, 9))),
            "units": int(number(rng, range(20, 29, 4))),
            "steps": int(number(rng, range(220, 301, 20))),
        }
