"""The distribution that a symbol is drawn from: a temperature and a cut, in one order or the other."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

SEVERAL = ("several",)
ABOVE = "(p[..., None, :] * (p[..., None, :] > p[..., None])).sum(-1)"  # the sum of those that are more probable
SORTED = "np.cumsum((s := np.sort(p)[:, ::-1]), -1) - s"
TWICE = "You used the temperature twice."
CUTS = {
    "nucleus": Form(
        words="the fewest symbols, the most probable first, whose probabilities sum to at least «bound»",
        code=f"{ABOVE} < «bound»",
        row="order[: (np.cumsum(p[order]) < «bound»).sum() + 1]",
        range=range(611, 790),
        keep=lambda p, bound: [i for i, value in enumerate(p) if sum(v for v in p if v > value) < bound],
        mistakes=(
            Mistake(
                "one too few",
                "Yours sum to less than «bound». The one that reaches it stays.",
                (".sum(-1) <", ".sum(-1) + p <"),
            ),
            Mistake("a ratio", "You compared with the most probable one. What stays are «cut.words».", cut="ratio"),
            Mistake("by ids", "You added up by ids. Add from the most probable down.", (ABOVE, "np.cumsum(p, -1) - p")),
            Mistake("by size", "You kept places of the sorted row. Keep the ids that stand there.", (ABOVE, SORTED)),
        ),
    ),
    "ratio": Form(
        words="the symbols whose probability is at least «bound» times that of the most probable one",
        code="p >= «bound» * p.max(-1, keepdims=True)",
        row="[i for i in order if p[i] / p[order[0]] >= «bound»]",
        range=range(331, 520),
        keep=lambda p, bound: [i for i, value in enumerate(p) if value >= bound * max(p)],
        mistakes=(
            Mistake("a bound", "You compared with «bound» itself.", (" * p.max(-1, keepdims=True)", "")),
            Mistake("one for all", "Each row has its own.", ("p.max(-1, keepdims=True)", "p.max()"), only=SEVERAL),
        ),
    ),
}
ORDERS = {
    "temperature first": Form(
        words="first the temperature, then the cut: which symbols stay is decided by the probabilities after it",
        before="«temperature»",
        after="1.0",
        first=True,
        mistakes=(Mistake("twice", TWICE, ("(1 / 1.0)", "(1 / «temperature»)")),),
    ),
    "cut first": Form(
        words="first the cut, then the temperature: which symbols stay is decided by the probabilities before it",
        before="1.0",
        after="«temperature»",
        first=False,
        mistakes=(Mistake("twice", TWICE, ("logits / 1.0", "logits / «temperature»")),),
    ),
}
RIGHT = """\
def next_symbol(logits):
    ### BEGIN SOLUTION
    z = logits / «order.before»
    p = np.exp(z - z.max(-1, keepdims=True))
    p = p / p.sum(-1, keepdims=True)
    keep = «cut.code»
    q = np.where(keep, p ** (1 / «order.after»), 0)
    return q / q.sum(-1, keepdims=True)
    ### END SOLUTION
"""
BY_ROWS = """\
def next_symbol(logits):
    rows = []
    for z in logits:
        p = np.exp(z / «order.before»)
        p = p / p.sum()
        order = np.argsort(-p)
        kept = «cut.row»
        q = np.zeros(len(p))
        q[kept] = np.exp(z[kept] / «temperature»)
        rows.append(q / q.sum())
    return np.array(rows)
"""
KEPT = "What is kept sums to 1 in each row. Divide by its sum."


class NextSymbol(Problem):
    """Drawn: which symbols are cut, before or after the temperature, and two numbers."""

    name = "next_symbol"
    parts = (Part("one", 2, "there is one row"), Part("several", 3, "there are several rows"))
    forms = {"cut": CUTS, "order": ORDERS}
    says = {"cut": "«cut.words»", "order": "«order.words»", "temperature": "«temperature»"}
    right = (RIGHT, BY_ROWS)
    known = (
        Mistake("the other order", "The order is another one: «order.words».", order="«order.other»"),
        Mistake("turned over", "Your temperature is turned over. Logits are divided by it.", temperature="«inverse»"),
        Mistake("no temperature", "There is no temperature in yours. It is «temperature».", temperature=1),
        Mistake("not normalised", KEPT, ("return q / q.sum(-1, keepdims=True)", "return q")),
        Mistake("one sum for all", KEPT, ("return q / q.sum(-1, keepdims=True)", "return q / q.sum()"), only=SEVERAL),
        Mistake("the other axis", "A row is one distribution.", ("p / p.sum(-1, keepdims=True)", "p / p.sum(0)")),
        Mistake(
            "nothing cut",
            "Nothing is cut in yours. What stays are «cut.words».",
            ("np.where(keep, p ** (1 / «order.after»), 0)", "p ** (1 / «order.after»)"),
        ),
        Mistake("the others kept", "You kept what is to be cut.", ("np.where(keep,", "np.where(~(keep),")),
        Mistake(
            "logits of 0",
            "You gave what is cut the logit 0. Its probability is 0, so its logit is minus infinity.",
            ("p ** (1 / «order.after»), 0)", "np.exp(z / «order.after»), 1)"),
        ),
        Mistake(
            "sorted",
            "Yours are in the order of size. Each has to stand at the id of its symbol.",
            ("return q / q.sum(-1, keepdims=True)", "return np.sort(q / q.sum(-1, keepdims=True))[:, ::-1]"),
        ),
    )

    def constants(self, rng, variant):
        temperature = number(rng, range(431, 640), range(1500, 2000), per=1000)
        bound = number(rng, variant.cut.range, per=1000)
        return {"temperature": temperature, "inverse": 1 / temperature, "bound": bound}

    def case(self, variant, part, rng):
        V, rows = int(rng.integers(10, 13)), int(rng.integers(3, 6)) if part == "several" else 1
        return (np.array([self._row(variant, V, rng) for _ in range(rows)]),)

    def oracle(self, variant, logits):
        """From the kept symbols alone, by powers of their ratios."""
        kept = [self._kept(variant, z, variant.order.first) for z in logits]
        weights = [
            [np.exp(v / variant.temperature) * (i in k) for i, v in enumerate(z)]
            for z, k in zip(logits, kept, strict=True)
        ]
        return np.array([[w / sum(row) for w in row] for row in weights])

    def _row(self, variant, V, rng):
        """A row in which the order matters, and no symbol is like another, or near the edge."""
        while True:
            z, first = rng.normal(0, 0.8, V).round(3), variant.order.first
            kept, lower, higher = (self._kept(variant, z, first, by) for by in (0, -0.004, 0.004))
            others = self._kept(variant, z, not first)
            apart = np.diff(np.sort(z)).min() > 0.002 and abs(len(kept) - len(others)) > 1
            if kept == lower == higher and apart and 2 < len(kept) < V - 2:
                return z

    def _kept(self, variant, z, first, by=0.0):
        """Which symbols stay if the temperature comes first, or the cut; with a bound that is a little off."""
        powers = [np.exp(value / (variant.temperature if first else 1.0)) for value in z]
        return set(variant.cut.keep([power / sum(powers) for power in powers], variant.bound + by))
