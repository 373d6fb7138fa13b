"""All arrays of a gradient shortened together, by a rule that is soft."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

OF_ONE = r"The norm of one array with the entries $e$ is $\big(\sum |e|^p\big)^{1/p}$ with $p = «p»$, and $N$ is "
WHOLE = {  # the norm of a list of arrays: the outer norm of the arrays' p-norms, where None stands for p again
    "all": Form(
        tex=r"The norm of all entries $e$ of all arrays together is $N = \big(\sum |e|^p\big)^{1/p}$ with $p = «p»$.",
        outer=None,
        code="sum((np.abs(g) ** «p»).sum() for g in grads) ** (1 / «p»)",
        again="sum(sums) ** (1 / «p»)",
        message="You took the largest of the arrays' norms. All entries together have one norm.",
    ),
    "largest": Form(
        tex=OF_ONE + "the largest of the arrays' norms.",
        outer=np.inf,
        code="max((np.abs(g) ** «p»).sum() ** (1 / «p») for g in grads)",
        again="max(sums) ** (1 / «p»)",
        message="You added the arrays' norms. N is the largest of them.",
    ),
    "sum": Form(
        tex=OF_ONE + "the sum of the arrays' norms.",
        outer=1,
        code="sum((np.abs(g) ** «p»).sum() ** (1 / «p») for g in grads)",
        again="sum(each ** (1 / «p») for each in sums)",
        message="You took one norm of all entries together. N is the sum of the arrays' norms.",
    ),
}
SWAPPED = "The two weights of the rule are swapped: which one goes with the limit?"
RULE = {  # the new norm of what is too long, from limit and norm, and the factor; r + q = 1
    "arithmetic": Form(
        tex=r"«r»\, L + «q»\, N",
        of=lambda L, N, r: N - r * (N - L),
        code="«r» * limit + «q» * norm",
        again="«q» + «r» * limit / norm",
        other="geometric",
        slip="«q» * limit + «r» * norm",
        slip_says=SWAPPED,
    ),
    "geometric": Form(
        tex=r"L^{«r»}\, N^{«q»}",
        of=lambda L, N, r: N * (L / N) ** r,
        code="limit ** «r» * norm ** «q»",
        again="math.exp(«r» * (math.log(limit) - math.log(norm)))",
        other="arithmetic",
        slip="limit ** «q» * norm ** «r»",
        slip_says=SWAPPED,
    ),
    "harmonic": Form(
        tex=r"\frac{1}{«r» / L + «q» / N}",
        of=lambda L, N, r: L * N / (L + r * (N - L)),
        code="1 / («r» / limit + «q» / norm)",
        again="limit / («r» * norm + «q» * limit)",
        other="geometric",
        slip="1 / («q» / limit + «r» / norm)",
        slip_says=SWAPPED,
    ),
    "logarithmic": Form(
        tex=r"L\, \big(1 + «r»\, \ln (N / L)\big)",
        of=lambda L, N, r: L - r * L * np.log(L / N),
        code="limit * (1 + «r» * np.log(norm / limit))",
        again="limit / norm + «r» * limit / norm * (math.log(norm) - math.log(limit))",
        other="geometric",
        slip="limit * (1 + «r» * np.log(limit / norm))",
        slip_says="The ratio in the logarithm is turned: N over limit.",
    ),
}
RIGHT = """\
def soft_clip(grads, limit):
    ### BEGIN SOLUTION
    norm = «whole.code»
    new = «rule.code» if norm > limit else norm
    return [new / norm * g for g in grads], norm
    ### END SOLUTION
"""
ENTRY_BY_ENTRY = """\
import math

def soft_clip(grads, limit):
    sums = [math.fsum(abs(float(e)) ** «p» for e in np.ravel(g)) for g in grads]
    norm = «whole.again»
    if norm <= limit:
        return tuple(grads), norm
    factor = «rule.again»
    return tuple(np.multiply(g, factor) for g in grads), norm
"""
OTHER_RULE = "You took the weighted «rule.other.name» mean of limit and N. Another rule is asked for."
BY_VALUE = "You clipped entry by entry. All entries have the same factor."
EACH = "You shortened each array alone. One norm and one factor for all."
CLIPPED = "[np.clip(g, -limit, limit) if norm > limit else g for g in grads]"
ALONE = "[soft_clip([g], limit)[0][0] if len(grads) > 1 else new / norm * g for g in grads]"
NEW_NORM = "You returned the new norm. N is the norm of the given arrays."
ARRAYS, LONG, IF = "[new / norm * g for g in grads]", ("too long",), " if norm > limit else norm"


class SoftClip(Problem):
    """Drawn: the exponent and the norm of the whole, the rule and its weights."""

    name = "soft_clip"
    parts = (
        Part("too long", 4, "the norm is above the limit"),
        Part("short enough", 1, "the norm is below the limit: the arrays stay as they are"),
    )
    forms = {"whole": WHOLE, "rule": RULE}
    says = {"whole": "«whole.tex»", "rule": "«rule.tex»"}
    right = (RIGHT, ENTRY_BY_ENTRY)
    known = (
        Mistake("exponent 2", "That is with the exponent 2. Another is asked for.", p=2),
        Mistake("no root", "The root is missing from the norm.", (" ** (1 / «p»)", "")),
        Mistake("signs", "Take absolute values first: entries may be negative.", ("np.abs(g)", "g")),
        Mistake("mean", "The norm sums over all entries. You took means.", (").sum()", ").mean()")),
        Mistake("other norm", "«whole.message»", whole="«whole.other»"),
        Mistake(
            "hard", "That is hard clipping: the new norm is the limit.", (f"«rule.code»{IF}", f"limit{IF}"), only=LONG
        ),
        Mistake("other rule", OTHER_RULE, rule="«rule.other»", only=LONG),
        Mistake("slip", "«rule.slip_says»", (f"«rule.code»{IF}", f"«rule.slip»{IF}"), only=LONG),
        Mistake("norm for factor", "The factor is the new norm divided by N.", ("new / norm * g", "new * g")),
        Mistake("always", "A short gradient stays as it is.", (IF, ""), only=("short enough",)),
        Mistake("new norm", NEW_NORM, ("], norm", "], new"), only=LONG),
        Mistake("by value", BY_VALUE, (ARRAYS, CLIPPED), only=LONG),
        Mistake("each alone", EACH, (ARRAYS, ALONE), only=LONG),
    )

    def constants(self, rng, variant):
        p, r = (
            number(rng, range(11000, 17000, 5), range(24000, 35000, 50), per=10000),
            number(rng, range(350, 450), range(550, 750), per=1000),
        )
        return {"p": p, "r": r, "q": 1 - r}

    def case(self, variant, part, rng):
        grads = [rng.normal(size=shape) for shape in [(3, 4), (4,), (2, 2, 2)][: int(rng.integers(2, 4))]]
        norms, norm = self._norms(variant, grads)
        return grads, float(min(norms) * rng.uniform(0.3, 0.75) if part == "too long" else norm * rng.uniform(1.3, 3))

    def _norms(self, variant, grads):
        norms = [float(np.linalg.norm(g.ravel(), variant.p)) for g in grads]
        return norms, float(np.linalg.norm(norms, variant.whole.outer or variant.p))

    def oracle(self, variant, grads, limit):
        _, norm = self._norms(variant, grads)
        factor = 1.0 if norm <= limit else variant.rule.of(limit, norm, variant.r) / norm
        return [factor * g for g in grads], norm
