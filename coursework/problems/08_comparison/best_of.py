"""What reporting the best of several runs does to an error, when each run has its price."""

from itertools import combinations, product

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

DRAWS = {
    "again": Form(
        words="each of the k runs is any of the n, whichever have been drawn before (with replacement)",
        code="(left / n) ** k",
        by=lambda n, k: product(range(n), repeat=k),
    ),
    "once": Form(
        words="the k runs are different ones; every choice of k of the n is equally likely (without replacement)",
        code="comb(left, k) / comb(n, k)",
        by=lambda n, k: combinations(range(n), k),
    ),
}
REPORTS = {
    "least": Form(words="the smallest of the k errors", order="np.sort(e)", of="np.min", pick=min),
    "largest": Form(words="the largest of the k errors", order="np.sort(e)[::-1]", of="np.max", pick=max),
}
RIGHT = """\
def best_of(errors, k):
    ### BEGIN SOLUTION
    from math import comb

    e = np.where(np.isnan(errors), «lost», errors)
    n = len(e)
    e = «report.order»
    expected = 0.0
    for i in range(n):
        left = n - i  # runs that are not better placed than this one
        here = «draw.code»
        left = n - i - 1
        beyond = «draw.code»
        expected += e[i] * (here - beyond)
    return expected + «price» * k
    ### END SOLUTION
"""
BY_TAILS = """\
def best_of(errors, k):
    from math import comb

    e = [«lost» if np.isnan(x) else x for x in errors]
    n = len(e)
    e = np.array(e)
    e = «report.order»
    tails = [«draw.code» for left in range(n, 0, -1)]
    steps = np.diff(e)
    return e[0] + sum(step * tail for step, tail in zip(steps, tails[1:])) + k * «price»
"""
PRICE = "The price is wrong: each of the k runs costs «price»."
OTHER_DRAW = "You drew in the other way. Here «draw.words»."
REPORT = "You reported another error. It is «report.words»."
LOST = "A run that diverged counts as an error of «lost»."


class BestOf(Problem):
    """Drawn: how runs are drawn, what is reported, the price of a run and the error of one that diverged."""

    name = "best_of"
    parts = (
        Part("all converged", 3, "no error is NaN"),
        Part("one diverged", 2, "one error is NaN"),
    )
    forms = {"draw": DRAWS, "report": REPORTS}
    says = {"draw": "«draw.words»", "report": "«report.words»", "price": "«price»", "lost": "«lost»"}
    right = (RIGHT, BY_TAILS)
    known = (
        Mistake("the other draw", OTHER_DRAW, draw="«draw.other»"),
        Mistake("the other report", REPORT, report="«report.other»"),
        Mistake(
            "both", "Both the draw and the report are the other ones.", draw="«draw.other»", report="«report.other»"
        ),
        Mistake("no price", PRICE, (" + «price» * k", "")),
        Mistake("paid once", PRICE, ("«price» * k", "«price»")),
        Mistake("one run free", PRICE, ("«price» * k", "«price» * (k - 1)")),
        Mistake("all runs paid", PRICE, ("«price» * k", "«price» * n")),
        Mistake("price subtracted", PRICE, ("+ «price» * k", "- «price» * k")),
        Mistake(
            "of all",
            "That is the report of all n runs. Only k of them are made.",
            ("return expected", "return e[0]"),
        ),
        Mistake(
            "the mean",
            "That is the mean error. What is reported is «report.words».",
            ("return expected", "return e.mean()"),
        ),
        Mistake(
            "as they stand",
            "You took the first k of the list. The runs are drawn at random.",
            ("return expected", "return «report.of»(np.where(np.isnan(errors), «lost», errors)[:k])"),
        ),
        Mistake(
            "one run more",
            "That is the report of k + 1 runs. Only k are made.",
            ("    n = len(e)\n", "    n, k = len(e), k + 1\n"),
            ("«price» * k", "«price» * (k - 1)"),
        ),
        Mistake(
            "left out",
            LOST,
            ("e = np.where(np.isnan(errors), «lost», errors)", "e = errors[~np.isnan(errors)]"),
            only=("one diverged",),
        ),
        Mistake("counts as 0", LOST, ("np.isnan(errors), «lost»,", "np.isnan(errors), 0,"), only=("one diverged",)),
        Mistake("stays", LOST, ("np.where(np.isnan(errors), «lost», errors)", "errors"), only=("one diverged",)),
    )

    def constants(self, rng, variant):
        return {"price": number(rng, range(11, 90), per=1000), "lost": number(rng, range(1200, 1900), per=1000)}

    def case(self, variant, part, rng):
        n = int(rng.integers(5, 7))
        errors = rng.uniform(0.1, 1.0, n).round(3)
        if part == "one diverged":
            errors[rng.integers(n)] = np.nan
        return errors, int(rng.integers(2, 4))

    def oracle(self, variant, errors, k):
        """Every way to draw k runs, one by one."""
        e = [variant.lost if np.isnan(x) else float(x) for x in errors]
        reported = [variant.report.pick(e[i] for i in drawn) for drawn in variant.draw.by(len(e), k)]
        return sum(reported) / len(reported) + variant.price * k
