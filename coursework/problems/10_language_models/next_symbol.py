"""The distribution that a symbol is drawn from: a penalty, a temperature, a cut, and their order."""

from itertools import combinations

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

SAID = ("some said",)
COUNTS = {
    "presence": Form(words="once, however often it has come", code="(said > 0)", again="False", of=lambda n: min(n, 1)),
    "frequency": Form(words="once for each time that it has come", code="said", again="True", of=lambda n: n),
}
CUTS = {
    "nucleus": Form(
        words="the fewest symbols, the most probable first, whose probabilities sum to at least «bound»",
        code="p >= np.sort(p)[::-1][(np.cumsum(np.sort(p)[::-1]) < «bound»).sum()]",
        range=range(611, 790),
        keep=lambda p, bound: _nucleus(p, bound),
        mistakes=(
            Mistake(
                "one too few",
                "Together yours have less than «bound». The symbol that reaches it belongs to them.",
                ("< «bound»).sum()]", "< «bound»).sum() - 1]"),
            ),
            Mistake(
                "one too many",
                "You kept a symbol after «bound» was reached.",
                ("< «bound»).sum()]", "< «bound»).sum() + 1]"),
            ),
            Mistake(
                "a ratio",
                "You compared with the most probable symbol. What stays are «cut.words».",
                cut="ratio",
            ),
            Mistake(
                "in the order of ids",
                "You added up in the order of the ids. Add from the most probable down.",
                (
                    "p >= np.sort(p)[::-1][(np.cumsum(np.sort(p)[::-1]) < «bound»).sum()]",
                    "np.cumsum(p) - p < «bound»",
                ),
            ),
        ),
    ),
    "ratio": Form(
        words="the symbols whose probability is at least «bound» times that of the most probable one",
        code="p >= «bound» * p.max()",
        range=range(331, 520),
        keep=lambda p, bound: [i for i in range(len(p)) if p[i] >= bound * max(p)],
        mistakes=(
            Mistake(
                "a bound",
                "You compared with «bound» itself. What stays are «cut.words».",
                ("p >= «bound» * p.max()", "p >= «bound»"),
            ),
        ),
    ),
}
ORDERS = {
    "temperature first": Form(
        words="first the temperature, then the cut: which symbols stay is decided by the probabilities after it",
        before="«temperature»",
        after="1.0",
        first=True,
        mistakes=(
            Mistake(
                "penalty after the temperature",
                "The penalty comes before the temperature: it is subtracted from the logits of the model.",
                (
                    "z = logits - «penalty» * «count.code»\n    z = z / «order.before»",
                    "z = logits / «order.before»\n    z = z - «penalty» * «count.code»",
                ),
                only=SAID,
            ),
        ),
    ),
    "cut first": Form(
        words="first the cut, then the temperature: which symbols stay is decided by the probabilities before it",
        before="1.0",
        after="«temperature»",
        first=False,
    ),
}


def _nucleus(p, bound):
    kept, total = [], 0.0
    for i in sorted(range(len(p)), key=lambda i: -p[i]):
        if total < bound:
            kept.append(i)
            total += p[i]
    return kept


RIGHT = """\
def next_symbol(logits, before):
    ### BEGIN SOLUTION
    said = np.bincount(before, minlength=len(logits))
    z = logits - «penalty» * «count.code»
    z = z / «order.before»
    p = np.exp(z - z.max())
    p = p / p.sum()
    keep = «cut.code»
    q = np.where(keep, p ** (1 / «order.after»), 0)
    return q / q.sum()
    ### END SOLUTION
"""
BY_LOGITS = """\
def next_symbol(logits, before):
    z, seen = np.array(logits, dtype=float), []
    for i in before:
        said = 1 if i in seen else 0
        if «count.again» or not said:
            z[i] -= «penalty»
        seen.append(i)
    z = z / «order.before»
    p = np.exp(z) / np.exp(z).sum()
    z = np.where(«cut.code», z / «order.after», -np.inf)
    return np.exp(z) / np.exp(z).sum()
"""
KEPT = "What is kept sums to 1. Divide by its sum."


class NextSymbol(Problem):
    """Drawn: how a penalty counts, which symbols are cut, before or after the temperature, and three numbers."""

    name = "next_symbol"
    parts = (
        Part("nothing said", 2, "`before` is empty"),
        Part("some said", 3, "some symbols have come once, and some more often"),
    )
    forms = {"count": COUNTS, "cut": CUTS, "order": ORDERS}
    says = {
        "count": "«count.words»",
        "cut": "«cut.words»",
        "order": "«order.words»",
        "penalty": "«penalty»",
        "temperature": "«temperature»",
    }
    right = (RIGHT, BY_LOGITS)
    known = (
        Mistake("the other count", "The penalty counts «count.words».", count="«count.other»", only=SAID),
        Mistake(
            "no penalty",
            "What has come is as likely as before in yours. It has a penalty.",
            ("- «penalty» * «count.code»", ""),
            only=SAID,
        ),
        Mistake(
            "a reward",
            "You made more likely what has come. The penalty is subtracted.",
            ("logits - «penalty»", "logits + «penalty»"),
            only=SAID,
        ),
        Mistake(
            "a factor",
            "You multiplied probabilities by the penalty. It is subtracted from the logits.",
            ("logits - «penalty» * «count.code»", "logits + np.log(«penalty») * «count.code»"),
            only=SAID,
        ),
        Mistake(
            "a quotient",
            "You divided logits by the penalty. It is subtracted.",
            ("logits - «penalty» * «count.code»", "logits / np.where(said > 0, «penalty», 1.0)"),
            only=SAID,
        ),
        Mistake(
            "the last one alone",
            "Only the last symbol of `before` has a penalty in yours. All that have come have one.",
            ("np.bincount(before,", "np.bincount(before[-1:],"),
            only=SAID,
        ),
        Mistake("the other order", "The order is another one: «order.words».", order="«order.other»"),
        Mistake(
            "temperature turned over",
            "Your temperature is turned over. Logits are divided by it.",
            temperature="«inverse»",
        ),
        Mistake("no temperature", "There is no temperature in yours. It is «temperature».", temperature=1),
        Mistake("not normalised", KEPT, ("return q / q.sum()", "return q")),
        Mistake(
            "nothing cut",
            "Nothing is cut in yours. What stays are «cut.words».",
            ("np.where(keep, p ** (1 / «order.after»), 0)", "p ** (1 / «order.after»)"),
        ),
        Mistake(
            "logits of 0",
            "You gave what is cut the logit 0. Its probability is 0, so its logit is minus infinity.",
            ("p ** (1 / «order.after»), 0)", "np.exp(z) ** (1 / «order.after»), 1)"),
        ),
        Mistake(
            "another softmax",
            "You took a softmax of probabilities, and nothing is 0 any more. Divide by the sum.",
            ("    return q / q.sum()", "    q = np.exp(q / q.sum())\n    return q / q.sum()"),
        ),
        Mistake(
            "sorted",
            "Yours are in the order of size. Each has to stand at the id of its symbol.",
            ("return q / q.sum()", "return np.sort(q / q.sum())[::-1]"),
        ),
        Mistake("the others kept", "You kept what is to be cut.", ("np.where(keep,", "np.where(~keep,")),
    )

    def constants(self, rng, variant):
        temperature = number(rng, range(431, 640), range(1500, 2000), per=1000)
        return {
            # once, twice or three times this is not -log(penalty), or a factor would do the same; were it larger,
            # one symbol would get all in several wrong answers, and they would agree
            "penalty": number(rng, range(231, 331), per=1000),
            "temperature": temperature,
            "inverse": 1 / temperature,
            "bound": number(rng, variant.cut.range, per=1000),
        }

    def case(self, variant, part, rng):
        """One in which order and penalty matter, no symbol is near the edge, and some that stay have a penalty."""
        while True:
            z = rng.normal(0, 0.6, int(rng.integers(11, 14)))  # after the penalties
            best = np.argsort(-z)
            before = rng.permutation(best[[1, 1, 3, 3, 3, 5]]) if part == "some said" else np.zeros(0, dtype=int)
            said = np.bincount(before, minlength=len(z))
            counts = np.array([variant.count.of(n) for n in said])
            logits = (z + variant.penalty * counts).round(3)
            z, first = self._penalised(variant, logits, before), variant.order.first
            if min(np.diff(np.sort(values)).min() for values in (z, logits)) < 0.002:
                continue  # of equal ones none is the more probable
            kept, lower, higher = (self._kept(variant, z, first, by) for by in (0, -0.004, 0.004))
            others = len(self._kept(variant, z, not first))  # at one more or less it could be another mistake
            usual = [logits - variant.penalty * n for n in (0 * said, said > 0, said, -counts)]
            usual += [logits + np.log(variant.penalty) * counts, logits / np.where(said > 0, variant.penalty, 1.0)]
            told = [self._distribution(variant, mistaken) for mistaken in usual]
            alike = len(before) and min(abs(p - q).max() for p, q in combinations(told, 2)) < 0.01
            if kept == lower == higher and abs(len(kept) - others) > 1 and 1 < len(kept) < len(z) - 1 and not alike:
                return logits, before

    def oracle(self, variant, logits, before):
        """From the kept symbols alone, by powers of ratios."""
        return self._distribution(variant, self._penalised(variant, logits, before))

    def _distribution(self, variant, z):
        kept = self._kept(variant, z, variant.order.first)
        weights = [np.exp(value) ** (1 / variant.temperature) if i in kept else 0.0 for i, value in enumerate(z)]
        return np.array(weights) / sum(weights)

    def _penalised(self, variant, logits, before):
        counts = [variant.count.of(list(before).count(i)) for i in range(len(logits))]
        return [float(z) - variant.penalty * n for z, n in zip(logits, counts, strict=True)]

    def _kept(self, variant, z, first, by=0.0):
        """Which symbols stay if the temperature comes first, or the cut; with a bound that is a little off."""
        powers = [np.exp(value / (variant.temperature if first else 1.0)) for value in z]
        return set(variant.cut.keep([power / sum(powers) for power in powers], variant.bound + by))
