"""What does a reader lose who has to say a word before it has been read, when it may have been misheard?"""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

LOGS = {
    "nats": Form(code="np.log", scale=1.0, words="nats (natural logarithm)"),
    "bits": Form(code="np.log2", scale=np.log(2), words="bits (logarithm to base 2)"),
    "bans": Form(code="np.log10", scale=np.log(10), words="bans (logarithm to base 10)"),
}
RIGHT = """\
def late_object(P_k, P_n, P_a, d):
    ### BEGIN SOLUTION
    K = len(P_k)
    N, A = P_a.shape
    heard = (1 - «misheard») * P_a + «misheard» / A

    def H(read):
        joint = P_n[:, None]
        for _ in range(read):
            joint = (joint[:, :, None] * heard[:, None, :]).reshape(N, -1)
        seen = joint.sum(0)
        return -(joint * «log.code»(joint / seen)).sum()

    k = np.arange(K)
    late = P_k[k > d].sum()
    words = (P_k * (k + 1)).sum()
    return late * H(d + 1) / words
    ### END SOLUTION
"""
BY_WORDS = """\
def late_object(P_k, P_n, P_a, d):
    from itertools import product

    N, A = P_a.shape
    confusion = (1 - «misheard») * np.eye(A) + «misheard» * np.ones((A, A)) / A
    heard = P_a @ confusion
    left = 0.0
    for words in product(range(A), repeat=d + 1):
        p = P_n.copy()
        for a in words:
            p = p * heard[:, a]
        left = left - sum(x * «log.code»(x / sum(p)) for x in p)
    late = 1 - sum(P_k[: d + 1])
    return late * left / (1 + sum(i * q for i, q in enumerate(P_k)))
"""
BASE = "The unit is wrong. Asked are «log.words»."
NOISE = "An adjective is misheard with probability «misheard»: then it is any of the A, the right one too."
EARLY = "Only phrases of more than d adjectives count. With k = d the noun has just been read."


class LateObject(Problem):
    """Drawn: the unit, and how often an adjective is misheard."""

    name = "late_object"
    parts = (
        Part("at once", 2, "d is 0"),
        Part("with a delay", 3, "d is 1 or 2"),
    )
    forms = {"log": LOGS}
    says = {"log": "«log.words»", "misheard": "«misheard»"}
    right = (RIGHT, BY_WORDS)
    known = (
        Mistake("another unit", BASE, log="«log.other»"),
        Mistake("the third unit", BASE, log="«log.other.other»"),
        Mistake("never misheard", NOISE, misheard=0),
        Mistake("not shared out", NOISE, ("«misheard» / A", "«misheard»")),
        Mistake("never as itself", NOISE, ("«misheard» / A", "«misheard» * (1 - P_a) / (A - 1)")),
        Mistake("shared among nouns", NOISE, ("«misheard» / A", "«misheard» / N")),
        Mistake("just in time", EARLY, ("k > d", "k >= d")),
        Mistake(
            "one adjective less",
            "The noun is asked for at step d + 1, when d + 1 words have been read.",
            ("H(d + 1)", "H(d)"),
        ),
        Mistake(
            "one adjective more",
            "The noun is asked for at step d + 1, when d + 1 words have been read, and no more.",
            ("H(d + 1)", "H(d + 2)"),
        ),
        Mistake(
            "a delay less",
            "That is the loss at a delay of d - 1. At a delay of d, d + 1 words are read before the first answer.",
            ("k > d", "k >= d"),
            ("H(d + 1)", "H(d)"),
        ),
        Mistake("always late", EARLY, ("return late * H", "return H")),
        Mistake(
            "mean of the ratio",
            "You averaged the loss per word of each phrase. Divide the mean loss by the mean number of words.",
            ("P_k[k > d].sum()", "(P_k / (k + 1))[k > d].sum()"),
            (" / words", ""),
        ),
        Mistake("per phrase", "That is the loss per phrase. Divide by the mean number of words.", (" / words", "")),
        Mistake("noun not counted", "A phrase has k + 1 words: the noun is one, too.", ("P_k * (k + 1)", "P_k * k")),
        Mistake(
            "counts alike",
            "The numbers of adjectives are not equally likely. Weight k + 1 by P_k.",
            ("(P_k * (k + 1)).sum()", "(k + 1).mean()"),
        ),
        Mistake(
            "words of late phrases",
            "You divided by the words of the late phrases alone. The words of all phrases count.",
            ("(P_k * (k + 1)).sum()", "(P_k * (k + 1))[k > d].sum()"),
        ),
        Mistake(
            "nouns alike",
            "The nouns are not equally likely. Begin with P_n.",
            ("    N, A = P_a.shape\n", "    N, A = P_a.shape\n    P_n = np.ones(N) / N\n"),
        ),
        Mistake(
            "joint for conditional",
            "That is the entropy of noun and adjectives together. Divide by how likely the adjectives are.",
            ("(joint / seen)", "(joint)"),
        ),
        Mistake("sign", "The sign is wrong: a loss is not negative.", ("return late", "return -late")),
    )

    def constants(self, rng, variant):
        return {"misheard": number(rng, range(80, 300), per=1000)}

    def case(self, variant, part, rng):
        N, A = int(rng.integers(3, 5)), int(rng.integers(5, 7))  # they differ
        P_k, P_n = rng.dirichlet(np.full(5, 3.0)), rng.dirichlet(np.full(N, 2.0))
        while np.ptp(P_n) < 0.15:
            P_n = rng.dirichlet(np.full(N, 2.0))
        return P_k, P_n, rng.dirichlet(np.full(A, 0.8), N), 0 if part == "at once" else int(rng.integers(1, 3))

    def oracle(self, variant, P_k, P_n, P_a, d):
        """By the chain rule: the entropy of the noun, less what each adjective says to one who knows those before."""
        N, A = P_a.shape
        p = {(n,): float(P_n[n]) for n in range(N)}  # noun, then what has been heard
        for _ in range(d + 1):
            p = {
                (*key, a): q * ((1 - variant.misheard) * P_a[key[0], a] + variant.misheard / A)
                for key, q in p.items()
                for a in range(A)
            }
        seen = {}
        for key, q in p.items():
            seen[key[1:]] = seen.get(key[1:], 0.0) + q
        entropy = sum(q * (np.log(seen[key[1:]]) - np.log(q)) for key, q in p.items() if q > 0)
        words = sum((k + 1) * q for k, q in enumerate(P_k))
        return sum(q for k, q in enumerate(P_k) if k > d) * entropy / words / variant.log.scale
