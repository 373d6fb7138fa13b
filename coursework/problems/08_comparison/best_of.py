"""What reporting the best of several runs does to an error, when each run has its price."""

from itertools import combinations, product

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

DRAWS = {
    "again": Form(
        words="each of the k runs is any of the n with equal probability, whichever have been drawn before (with "
        "replacement)",
        code="(left / n) ** k",
        by=lambda n, k: product(range(n), repeat=k),
        mistakes=(
            Mistake(
                "each set once",
                "You took each set of k runs once. Each way to draw counts: (a, b) and (b, a) are two, (a, a) is one.",
                (
                    "return expected",
                    "from itertools import combinations_with_replacement as sets\n\n"
                    "    return np.mean([«report.of»(s) for s in sets(e, k)])",
                ),
            ),
        ),
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
FIXED = (
    "You reported without drawing. The k runs are drawn at random: what is wanted is the expected value of the report."
)
LOST = "A run that diverged counts as an error of «lost»."
LOSSES = "np.isnan(errors), «lost»,"
DIVERGED = ("two diverged",)


class BestOf(Problem):
    """Drawn: how runs are drawn, what is reported, the price of a run and the error of one that diverged."""

    name = "best_of"
    parts = (
        Part("all converged", 3, "no error is NaN"),
        Part("two diverged", 2, "two errors are NaN, and k is 2"),
    )
    forms = {"draw": DRAWS, "report": REPORTS}
    says = {"draw": "«draw.words»", "report": "«report.words»", "price": "«price»", "lost": "«lost»"}
    right = (RIGHT, BY_TAILS)
    known = (
        Mistake("the other draw", OTHER_DRAW, draw="«draw.other»"),
        Mistake("the other report", REPORT, report="«report.other»"),
        Mistake("both", "Draw and report are the other ones.", draw="«draw.other»", report="«report.other»"),
        Mistake(
            "tails",
            "You gave each error the probability that it or a later one is reported. Subtract that of the later ones.",
            ("(here - beyond)", "here"),
        ),
        Mistake("no price", PRICE, (" + «price» * k", "")),
        Mistake("paid once", PRICE, ("«price» * k", "«price»")),
        Mistake("one run free", PRICE, ("«price» * k", "«price» * (k - 1)")),
        Mistake("all runs paid", PRICE, ("«price» * k", "«price» * n")),
        Mistake("price subtracted", PRICE, ("+ «price» * k", "- «price» * k")),
        Mistake("the best of all", FIXED, ("return expected", "return e[0]")),
        Mistake("the k-th", FIXED, ("return expected", "return e[k - 1]")),
        Mistake("the median", FIXED, ("return expected", "return np.median(e)")),
        Mistake(
            "the mean",
            "That is the mean error. What is reported is «report.words».",
            ("return expected", "return e.mean()"),
        ),
        Mistake(
            "as they stand",
            FIXED,
            ("return expected", "return «report.of»(np.where(np.isnan(errors), «lost», errors)[:k])"),
        ),
        Mistake(
            "one run more",
            "That is the report of k + 1 runs. Only k are made.",
            ("    n = len(e)\n", "    n, k = len(e), k + 1\n"),
            ("«price» * k", "«price» * (k - 1)"),
        ),
        Mistake("left out", LOST, (f"np.where({LOSSES} errors)", "errors[~np.isnan(errors)]"), only=DIVERGED),
        Mistake("counts as 0", LOST, (LOSSES, "np.isnan(errors), 0,"), only=DIVERGED),
        Mistake("counts as the worst", LOST, (LOSSES, "np.isnan(errors), np.nanmax(errors),"), only=DIVERGED),
        Mistake(
            "counts as infinite",
            LOST,
            (LOSSES, "np.isnan(errors), np.inf,"),
            ("e[i] * (here - beyond)", "(e[i] * (here - beyond) if here > beyond else 0)"),
            only=DIVERGED,
        ),
        Mistake("stays", LOST, (f"np.where({LOSSES} errors)", "errors"), only=DIVERGED),
    )

    def constants(self, rng, variant):
        return {"price": number(rng, range(11, 90), per=1000), "lost": number(rng, range(1200, 1900), per=1000)}

    def case(self, variant, part, rng):
        n = int(rng.integers(5, 7))
        errors, k = rng.uniform(0.1, 1.0, n).round(3), int(rng.integers(2, 4))
        if part == "all converged":
            return errors, k
        errors[rng.choice(n, 2, replace=False)] = np.nan
        return errors, 2

    def oracle(self, variant, errors, k):
        """Every way to draw k runs, one by one."""
        e = [variant.lost if np.isnan(x) else float(x) for x in errors]
        reported = [variant.report.pick(e[i] for i in drawn) for drawn in variant.draw.by(len(e), k)]
        return sum(reported) / len(reported) + variant.price * k
