"""What one part of a sentence says about its blank, when the meal may be misheard."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..worths import ASKS

LOGS = {
    "nats": Form(code="np.log", scale=1.0, words="nats (natural logarithm)"),
    "bits": Form(code="np.log2", scale=np.log(2), words="bits (logarithm to base 2)"),
    "bans": Form(code="np.log10", scale=np.log(10), words="bans (logarithm to base 10)"),
}
RIGHT = """\
def blank_worth(P_c, P_w, P_a):
    ### BEGIN SOLUTION
    M = P_a.shape[1]
    heard = (1 - «misheard») * P_a + «misheard» * (1 - P_a) / (M - 1)
    cwa = P_c[:, None, None] * P_w[:, :, None] * heard

    def H(p):
        p = p[p > 0]
        return -(p * «log.code»(p)).sum()

    cw, ca, wa = cwa.sum(2), cwa.sum(1), cwa.sum(0)
    before, after = «ask.before», «ask.after»
    return before - after
    ### END SOLUTION
"""
BY_CONDITIONS = """\
def blank_worth(P_c, P_w, P_a):
    M = P_a.shape[1]
    confusion = np.full((M, M), «misheard» / (M - 1))
    np.fill_diagonal(confusion, 1 - «misheard»)
    cwa = np.einsum("c,cw,wm,ma->cwa", P_c, P_w, P_a, confusion)
    cw, wa = cwa.sum(axis=2), cwa.sum(axis=0)

    def uncertain(joint):
        total = 0.0
        for p in joint.reshape(-1, joint.shape[-1]):
            seen = p.sum()
            total -= sum(q * «log.code»(q / seen) for q in p if q > 0)
        return total

    return «ask.again»
"""
TOP = "    M = P_a.shape[1]\n"
OTHER = "That is the worth of another part of the sentence. Asked is what is said by «ask.words»."
NOISE = "The meal is not misheard in your answer."
ALL = "A misheard meal is one of the M - 1 others, never the right one."
SHARED = "You gave each of the other meals «misheard». Together they have it: each has its share of M - 1."
SIGN = "The sign is wrong: knowing more leaves less uncertain."
BASE = "The unit is wrong. Asked are «log.words»."
CUES = "The cues are not equally likely. Weight them by P_c."
NO_CUES = "You left out P_c: the tables of the cues are added as if each cue were certain."
MEAL = "The meal was misheard with the wrong probability: the right one comes through with 1 - «misheard»."
ZERO = "Where a probability is 0, 0 log 0 counts as 0. Your answer is not a number there."
WORD = "You let the word be misheard. It is the meal."
AXIS = "M is the number of meals, the second axis of P_a; the first has the words."
BEFORE = "That is how uncertain the word is before. Subtract what is left of it afterwards."
AFTER = "That is how uncertain the word is afterwards. Subtract it from what it was before."


class BlankWorth(Problem):
    """Drawn: whose worth is asked, the unit, and how often the meal is misheard."""

    name = "blank_worth"
    parts = (
        Part("all possible", 3, "all probabilities are positive"),
        Part("an impossible word", 2, "P(w | c) is 0 for one word w and every cue c"),
    )
    forms = {"ask": ASKS, "log": LOGS}
    says = {"ask": "$«ask.tex»$", "words": "«ask.words»", "log": "«log.words»", "misheard": "«misheard»"}
    right = (RIGHT, BY_CONDITIONS)
    known = (
        Mistake("another part", OTHER, ask="«ask.other»"),
        Mistake("a third part", OTHER, ask="«ask.other.other»"),
        Mistake("the fourth part", OTHER, ask="«ask.other.other.other»"),
        Mistake("before", BEFORE, ("return before - after", "return before")),
        Mistake("after", AFTER, ("return before - after", "return after")),
        Mistake("sign", SIGN, ("return before - after", "return after - before")),
        Mistake("never misheard", NOISE, misheard=0),
        Mistake("misheard as itself", ALL, ("«misheard» * (1 - P_a) / (M - 1)", "«misheard» / M")),
        Mistake("added to all", ALL, ("«misheard» * (1 - P_a) / (M - 1)", "«misheard» / (M - 1)")),
        Mistake("not shared", SHARED, ("(1 - P_a) / (M - 1)", "(1 - P_a)")),
        Mistake("words for meals", AXIS, (TOP, TOP.replace("[1]", "[0]"))),
        Mistake("shares swapped", MEAL, ("(1 - «misheard») * P_a + «misheard»", "«misheard» * P_a + (1 - «misheard»)")),
        Mistake(
            "word misheard",
            WORD,
            ("(1 - «misheard») * P_a + «misheard» * (1 - P_a) / (M - 1)", "P_a"),
            (TOP, "    W = P_w.shape[1]\n    P_w = (1 - «misheard») * P_w + «misheard» * (1 - P_w) / (W - 1)\n"),
        ),
        Mistake("another unit", BASE, log="«log.other»"),
        Mistake("the third unit", BASE, log="«log.other.other»"),
        Mistake("cues alike", CUES, (TOP, TOP + "    P_c = np.full(len(P_c), 1 / len(P_c))\n")),
        Mistake("no cues", NO_CUES, (TOP, TOP + "    P_c = np.ones(len(P_c))\n")),
        Mistake("nothing for zero", ZERO, ("        p = p[p > 0]\n", ""), only=("an impossible word",)),
    )

    def constants(self, rng, variant):
        return {"misheard": number(rng, range(80, 240), per=1000)}

    def case(self, variant, part, rng):
        C, W, M = (int(rng.integers(low, low + 2)) for low in (2, 4, 6))  # no two are equal
        P_c = rng.dirichlet(np.full(C, 2.0))
        while np.ptp(P_c) < 0.15:
            P_c = rng.dirichlet(np.full(C, 2.0))
        P_w, P_a = rng.dirichlet(np.full(W, 1.5), C), rng.dirichlet(np.full(M, 0.8), W)
        if part == "an impossible word":
            P_w[:, rng.integers(W)] = 0
            P_w /= P_w.sum(1, keepdims=True)
        return P_c, P_w, P_a

    def oracle(self, variant, P_c, P_w, P_a):
        """By Kullback and Leibler: the mean logarithm of P(w | all that is read) / P(w | what was known)."""
        (C, W), M = P_w.shape, P_a.shape[1]
        p = {}
        for c, w, a in np.ndindex(C, W, M):
            heard = sum(P_a[w, m] * (1 - variant.misheard if m == a else variant.misheard / (M - 1)) for m in range(M))
            p[c, w, a] = P_c[c] * P_w[c, w] * heard
        keeps = {  # what is known before, and after, of (c, a)
            r"I(W; A \mid C)": ((1, 0), (1, 1)),
            r"I(W; C \mid A)": ((0, 1), (1, 1)),
            r"I(W; C, A)": ((0, 0), (1, 1)),
            r"I(W; A)": ((0, 0), (0, 1)),
        }[variant.ask.tex]

        def believed(w, c, a, known):
            fits = {k: v for k, v in p.items() if (k[0] == c or not known[0]) and (k[2] == a or not known[1])}
            return sum(v for k, v in fits.items() if k[1] == w) / sum(fits.values())

        return (
            sum(
                v * np.log(believed(w, c, a, keeps[1]) / believed(w, c, a, keeps[0]))
                for (c, w, a), v in p.items()
                if v > 0
            )
            / variant.log.scale
        )
