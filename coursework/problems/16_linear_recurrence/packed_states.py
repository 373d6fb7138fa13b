"""States of a linear recurrence over rows in which several pieces stand one after the other."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..recurrences import BEFORE, DECAYS, INPUTS, STARTS

RIGHT = """\
def packed_states(W_a, W_v, x, starts, h0):
    ### BEGIN SOLUTION
    s, v = x @ W_a.T, x @ W_v.T
    a = «decay.code»
    b = «entering.code»
    hs, h = np.zeros(v.shape), h0
    for t in range(x.shape[1]):
        fresh = «start.code»
        before = np.where(starts[:, t, None], fresh, h)
        h = a[:, t] * before + b[:, t]
        hs[:, t] = h
    return hs
    ### END SOLUTION
"""
BY_DOUBLING = """\
def packed_states(W_a, W_v, x, starts, h0):
    s, v = np.einsum("hd,btd->bth", W_a, x), np.einsum("hd,btd->bth", W_v, x)
    a = «decay.again»
    b = «entering.again»
    new = starts[:, :, None]
    «start.scan»
    b[:, 0] = b[:, 0] + a[:, 0] * h0
    d = 1
    while d < x.shape[1]:
        far = a[:, d:]
        b = np.concatenate([b[:, :d], b[:, d:] + far * b[:, :-d]], 1)
        a = np.concatenate([a[:, :d], far * a[:, :-d]], 1)
        d = d + d
    return b
"""
SEVERAL = ("several pieces",)
STEP = "h = a[:, t] * before + b[:, t]"
AFTER = f"{STEP}\n        h = np.where(starts[:, t, None], fresh, h)"
OTHERS = "Read again what a new piece begins from: «start.words»."
ENTERS = "The value enters with another share."
MARKED = "A marked step is the first of its piece: what it begins from is set before that step, and not after it."
LATE = "You begin a piece one step after the mark."
EARLY = "You begin a piece one step before the mark."
ALL_ROWS = "Each row has its own pieces. Where one row begins a piece, the others go on."
TURNED = "The matrices are the wrong way round: s is W_a x."
SWAPPED = "W_a makes the factor, W_v the value."
INSIDE = "The value is added after the state is multiplied, and not multiplied as well."


class PackedStates(Problem):
    """Drawn: how a factor is made, with what share a value enters, what a piece begins from, and two numbers."""

    name = "packed_states"
    parts = (
        Part("one piece", 2, "each row is one piece: nothing is marked"),
        Part("several pieces", 3, "rows have more pieces than one"),
    )
    forms = {"decay": DECAYS, "entering": INPUTS, "start": STARTS}
    says = {"decay": "«decay.tex»", "entering": "«entering.tex»", "start": "«start.words»"}
    right = (RIGHT, BY_DOUBLING)
    known = (
        Mistake("another factor", "The factor is made otherwise: read a.", decay="«decay.other»"),
        Mistake("a third factor", "The factor is made otherwise: read a.", decay="«decay.other.other»"),
        Mistake("another share", ENTERS, entering="«entering.other»"),
        Mistake("a third share", ENTERS, entering="«entering.other.other»"),
        Mistake("value in full", ENTERS, ("b = «entering.code»", "b = v")),
        Mistake("constant inside", "«decay.outside»", ("a = «decay.code»", "a = «decay.inside»")),
        Mistake("no constant", "The constant in the factor is missing.", c=1),
        Mistake(
            "start forgotten",
            "A row begins from h0, which is not 0.",
            ("np.zeros(v.shape), h0", "np.zeros(v.shape), 0 * h0"),
        ),
        Mistake("matrices swapped", SWAPPED, ("x @ W_a.T, x @ W_v.T", "x @ W_v.T, x @ W_a.T")),
        Mistake("matrices turned", TURNED, ("x @ W_a.T, x @ W_v.T", "x @ W_a, x @ W_v")),
        Mistake("inside", INSIDE, (STEP, "h = a[:, t] * (before + b[:, t])")),
        Mistake("each step alone", "Each step goes on from the one before it.", (STEP, "h = a[:, t] * h0 + b[:, t]")),
        Mistake("states before", "Return the states after the steps.", ("hs[:, t] = h", "hs[:, t] = before")),
        Mistake("last state", "All states are asked for.", ("return hs", "return h")),
        Mistake("another start", OTHERS, start="«start.other»", only=SEVERAL),
        Mistake("a third start", OTHERS, start="«start.other.other»", only=SEVERAL),
        Mistake("marks ignored", "Nothing happens at your marks.", (BEFORE, "before = h"), only=SEVERAL),
        Mistake("after the step", MARKED, (BEFORE, "before = h"), (STEP, AFTER), only=SEVERAL),
        Mistake("one late", LATE, ("starts[:, t, None]", "starts[:, t - 1, None]"), only=SEVERAL),
        Mistake(
            "one early", EARLY, ("starts[:, t, None]", "starts[:, min(t + 1, x.shape[1] - 1), None]"), only=SEVERAL
        ),
        Mistake("all rows", ALL_ROWS, ("starts[:, t, None]", "starts[:, t].any()"), only=SEVERAL),
    )

    def constants(self, rng, variant):
        return {"c": number(rng, range(300, 750), per=1000), "keep": number(rng, range(250, 800), per=1000)}

    def case(self, variant, part, rng):
        B, T, H = 3, int(rng.integers(6, 9)), 3
        starts = np.zeros((B, T), dtype=bool)
        if part == "several pieces":
            first, second = rng.permutation(B)[:2]
            starts[first, [2, T - 2]] = True
            starts[second, int(rng.integers(3, T - 2))] = True
        W_a, W_v = rng.normal(size=(2, H, H))
        h0 = rng.choice([-1, 1], (B, H)) * rng.uniform(0.6, 2, (B, H))
        return W_a, W_v, rng.normal(size=(B, T, H)), starts, h0

    def oracle(self, variant, W_a, W_v, x, starts, h0):
        """Entry by entry, each from the one before it, as far back as it takes."""

        def state(i, t):
            if t < 0:
                return h0[i]
            was = state(i, t - 1)
            was = variant.start.of(was, h0[i], variant.keep) if starts[i, t] else was
            a = variant.decay.of(W_a.dot(x[i, t]), variant.c)
            return a * was + variant.entering.of(a) * W_v.dot(x[i, t])

        return np.array([[state(i, t) for t in range(x.shape[1])] for i in range(len(x))])
