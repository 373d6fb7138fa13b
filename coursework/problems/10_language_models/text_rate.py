"""How many bits a mixture needs for some texts: per character, per token or per text."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

PADDED = ("padded",)
TURNED = "You multiplied by the logarithm of the base. Divide by it, or use a logarithm to that base."
MASKED_FIRST = (  # a log-probability of 0 is a probability of 1, which the mixture makes smaller
    ("    p = (1 - «mix») * np.exp(log_p) + «mix» / «V»\n", ""),
    ("    surprise =", "    p = (1 - «mix») * np.exp(log_p * mask) + «mix» / «V»\n    surprise ="),
    ("surprise[mask].sum()", "surprise.sum()"),
)
NO_TOKEN = (
    "You set to 0 the logarithms that do not count. After the mixture that costs something: leave them out of the sum."
)
UNITS = {
    "bits": Form(
        words="bits (logarithms to the base 2)",
        log="np.log(2)",
        of=2.0,
        mistakes=(Mistake("multiplied by the base", TURNED, ("-np.log(p) / np.log(2)", "-np.log(p) * np.log(2)")),),
    ),
    "nats": Form(words="nats (natural logarithms)", log="1.0", of=np.e),
}
ENDS = {
    "counted": Form(
        words="is scored like the others",
        code="lengths",
        left=0,
        mistakes=(
            Mistake("masked before the mixture", NO_TOKEN, *MASKED_FIRST, only=PADDED),
            Mistake(
                "padding scored",
                "The padding is scored in yours. Only the first tokens of each row are text.",
                ("surprise[mask].sum()", "surprise.sum()"),
                only=PADDED,
            ),
        ),
    ),
    "left out": Form(
        words="is not scored: it is left out of the sum and of every count of tokens",
        code="lengths - 1",
        left=1,
        mistakes=(Mistake("masked before the mixture", NO_TOKEN, *MASKED_FIRST),),
    ),
}
MEANS = "You took a mean over texts of their rates. All go into one sum, and that is divided once."


def _mean(one, only=()):
    """The mean of the rates of the texts."""
    sums = "sums = [surprise[b][mask[b]].sum() for b in range(len(sizes))]\n    "
    return (
        Mistake(
            "a mean of texts",
            MEANS,
            ("return total / «per.code»", f"{sums}return np.mean([{one} for b, s in enumerate(sums)])"),
            only=only,
        ),
    )


PERS = {
    "character": Form(words="character", code="sizes.sum()", mistakes=_mean("s / sizes[b]"), by=lambda n, size: size),
    "token": Form(
        words="scored token", code="mask.sum()", mistakes=_mean("s / mask[b].sum()", only=PADDED), by=lambda n, size: n
    ),
}
RIGHT = """\
def text_rate(log_p, lengths, sizes):
    ### BEGIN SOLUTION
    p = (1 - «mix») * np.exp(log_p) + «mix» / «V»
    n = «end.code»
    mask = np.arange(log_p.shape[1]) < n[:, None]
    surprise = -np.log(p) / «unit.log»
    total = surprise[mask].sum()
    return total / «per.code»
    ### END SOLUTION
"""
BY_LOOPS = """\
def text_rate(log_p, lengths, sizes):
    total, mask = 0.0, np.zeros(log_p.shape, dtype=bool)
    for b, n in enumerate(«end.code»):
        for t in range(n):
            mask[b, t] = True
            total += np.log(np.exp(log_p[b, t]) - «mix» * (np.exp(log_p[b, t]) - 1 / «V»))
    return -total / («unit.log» * «per.code»)
"""
BOTH = "The mixture gives a token (1 - «mix») times its probability, plus «mix» over «V»."


class TextRate(Problem):
    """Drawn: the unit, whether the end is scored, what is divided by, the weight of the uniform model, its tokens."""

    name = "text_rate"
    parts = (
        Part("equally long", 2, "all texts have as many tokens as `log_p` has columns, and no padding"),
        Part("padded", 3, "the texts differ in length, and what stands in the padding is a number, any at all"),
    )
    forms = {"unit": UNITS, "end": ENDS, "per": PERS}
    says = {"unit": "«unit.words»", "end": "«end.words»", "per": "«per.words»", "mix": "«mix»", "V": "«V»"}
    right = (RIGHT, BY_LOOPS)
    known = (
        Mistake("another unit", "The unit is another one: «unit.words».", unit="«unit.other»"),
        Mistake("the other end", "The token at the end «end.words».", end="«end.other»"),
        Mistake("another count", "The total is divided by another number. It is per «per.words».", per="«per.other»"),
        Mistake(
            "no mixture",
            "You scored the model alone. What is scored is its mixture with equal probabilities.",
            ("(1 - «mix») * np.exp(log_p) + «mix» / «V»", "np.exp(log_p)"),
        ),
        Mistake(
            "weights swapped",
            BOTH,
            ("(1 - «mix») * np.exp(log_p) + «mix» / «V»", "«mix» * np.exp(log_p) + (1 - «mix») / «V»"),
        ),
        Mistake("not shrunk", BOTH, ("(1 - «mix») * np.exp(log_p)", "np.exp(log_p)")),
        Mistake("not shared", BOTH, ("«mix» / «V»", "«mix»")),
        Mistake(
            "logarithms mixed",
            "You mixed the logarithms. Probabilities are mixed, and the logarithm comes afterwards.",
            ("(1 - «mix») * np.exp(log_p) + «mix» / «V»", "np.exp((1 - «mix») * log_p - «mix» * np.log(«V»))"),
        ),
        Mistake("sign", "A surprise is minus a logarithm.", ("= -np.log(p)", "= np.log(p)")),
    )

    def constants(self, rng, variant):
        return {"mix": number(rng, range(21, 180), per=1000), "V": int(number(rng, range(60, 200)))}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 5)), int(rng.integers(6, 9))
        lengths = np.full(B, T)
        if part == "padded":
            lengths = rng.permutation(np.arange(T - B + 1, T + 1))  # the longest has no padding
        log_p = np.log(rng.uniform(0.01, 0.9, (B, T))).round(3)
        sizes = lengths * 3 + rng.integers(1, 12, B)
        return log_p, lengths, sizes

    def oracle(self, variant, log_p, lengths, sizes):
        """Token by token, by powers of the base."""
        total = count = 0.0
        for row, n, size in zip(log_p, lengths, sizes, strict=True):
            scored = int(n) - variant.end.left
            for value in row[:scored]:
                p = float(np.exp(value)) * (1 - variant.mix) + variant.mix / variant.V
                total += np.log(1 / p) / np.log(variant.unit.of)
            count += variant.per.by(scored, int(size))
        return total / count
