"""How long are the sequences of a model that was trained with weighted sequences?"""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

WEIGHTS = {
    "mean": Form(words="the mean of its losses", code="1 / n", power=-1.0),
    "sum": Form(words="the sum of its losses, times its length", code="n * 1.0", power=1.0),
    "root": Form(
        words="the sum of its losses, divided by the square root of its length", code="1 / np.sqrt(n)", power=-0.5
    ),
    "square": Form(words="the sum of its losses, divided by the square of its length", code="1 / n**2", power=-2.0),
}
RIGHT = """\
def learnt_length(stops):
    ### BEGIN SOLUTION
    T = len(stops)
    going = np.cumprod(np.append(1, 1 - stops[:-1]))
    P = going * stops
    n = np.arange(1, T + 1)
    weights = P * («weight.code»)
    heavy = n > «limit»
    weights = np.where(heavy, «share» * weights, weights)
    Q = weights / weights.sum()
    return (Q * n).sum()
    ### END SOLUTION
"""
STEP_BY_STEP = """\
def learnt_length(stops):
    going, above, below = 1.0, 0.0, 0.0
    for t, s in enumerate(stops):
        n = float(t + 1)
        here = going * s * («weight.code»)
        if n > «limit»:
            here = here * «share»
        above, below = above + here * n, below + here
        going = going * (1 - s)
    return above / below
"""
OTHER = "Your sequences have other weights. The loss of a sequence is «weight.words»."
START = "stops[t] is given that the sequence has come so far. Multiply by the probability that it has."
LONG = "Sequences of more than «limit» tokens have «share» times the weight that they would have otherwise."


class LearntLength(Problem):
    """Drawn: the weight of a sequence in the loss, and how much less the long ones weigh."""

    name = "learnt_length"
    parts = (
        Part("any ends", 3, "every step has another probability of ending"),
        Part("rare ends", 2, "all but the last step have probabilities of ending below 0.1"),
    )
    forms = {"weight": WEIGHTS}
    says = {"weight": "«weight.words»", "limit": "«limit»", "share": "«share»"}
    right = (RIGHT, STEP_BY_STEP)
    known = (
        Mistake("another weight", OTHER, weight="«weight.other»"),
        Mistake("a third weight", OTHER, weight="«weight.other.other»"),
        Mistake("the fourth weight", OTHER, weight="«weight.other.other.other»"),
        Mistake(
            "no weights",
            "The length of a sequence has no part in your weights, but for the limit. In the loss it counts with "
            "«weight.words».",
            ("P * («weight.code»)", "P"),
        ),
        Mistake(
            "true length",
            "That is the true mean length. The model is trained with weights, and learns another one.",
            ("return (Q * n).sum()", "return (P * n).sum()"),
        ),
        Mistake("long ones alike", LONG, share=1),
        Mistake("long ones left out", LONG, share=0),
        Mistake("the limit too", LONG, ("n > «limit»", "n >= «limit»")),
        Mistake("the limit by index", LONG, ("n > «limit»", "n > «limit» + 1")),
        Mistake("the short ones", LONG, ("n > «limit»", "n <= «limit»")),
        Mistake("divided by the share", LONG, ("«share» * weights", "weights / «share»")),
        Mistake(
            "not divided",
            "The weights do not add up to 1. Divide them by their sum.",
            ("weights / weights.sum()", "weights"),
        ),
        Mistake("as given", START, ("P = going * stops", "P = stops")),
        Mistake("one step late", START, ("np.append(1, 1 - stops[:-1])", "1 - stops")),
        Mistake(
            "still going",
            "That is the probability of having come so far. Multiply by that of ending there.",
            ("P = going * stops", "P = going"),
        ),
        Mistake(
            "one token less",
            "Step t has the index t - 1: a sequence that ends at index 0 has one token.",
            ("return (Q * n).sum()", "return (Q * (n - 1)).sum()"),
        ),
        Mistake(
            "most likely",
            "That is the most likely length. Asked for is the mean.",
            ("return (Q * n).sum()", "return n[Q.argmax()] * 1.0"),
        ),
    )

    def constants(self, rng, variant):
        return {"limit": int(number(rng, range(3, 6))), "share": number(rng, range(300, 700), per=1000)}

    def case(self, variant, part, rng):
        T = int(rng.integers(8, 11))
        stops = rng.uniform(0.15, 0.45, T) if part == "any ends" else rng.uniform(0.03, 0.09, T)
        stops[-1] = 1.0  # nothing is longer
        return (stops,)

    def oracle(self, variant, stops):
        """By drawing nothing: every sequence of coins that ends, one by one, from the last step back."""
        above = below = 0.0
        for last in reversed(range(len(stops))):
            p = float(np.exp(np.log1p(-stops[:last]).sum())) * float(stops[last])
            p *= float(last + 1) ** variant.weight.power * (variant.share if last + 1 > variant.limit else 1.0)
            above, below = above + p * (last + 1), below + p
        return above / below
