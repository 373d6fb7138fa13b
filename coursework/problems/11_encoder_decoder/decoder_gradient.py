"""The gradient that reaches an encoder through a decoder that leaks, of sentences that differ in length."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

PADDED = ("padded",)
STARTS = {  # what the decoder starts from
    "from the context": Form(
        tex=r"s_0 = «gain»\, v",
        code="«gain» * back",
        gain="«gain»",
        mistakes=(Mistake("gain forgotten", "At the start the context is multiplied by «gain».", gain=1),),
    ),
    "from nothing": Form(tex="s_0 = 0", code="0 * back", gain="0"),
}
ROUTES = {  # which steps are told the context
    "every": Form(
        tex=r"W_{sv} v",
        words="at every step",
        code="da @ W_sv",
        met="W_sv",
        of=lambda t: 1.0,
        other_code="(t == 0) * (da @ W_sv)",
    ),
    "first": Form(
        tex=r"[t = 1]\, W_{sv} v",
        words="at the first step alone",
        code="(t == 0) * (da @ W_sv)",
        met="(t == 0) * W_sv",
        of=lambda t: float(t == 0),
        other_code="da @ W_sv",
    ),
}
RIGHT = """\
def decoder_gradient(W_ss, W_sv, g, lengths, ds):
    ### BEGIN SOLUTION
    slope = «phi.slope_of_value»
    back, dv = np.zeros_like(ds[:, 0]), np.zeros_like(ds[:, 0])
    for t in reversed(range(ds.shape[1])):
        real = (t < lengths)[:, None]
        d = back + np.where(real, ds[:, t], 0)
        da = «share» * «scale» * slope[:, t] * d
        dv = dv + «route.code»
        back = «kept» * d + da @ W_ss
    return dv + «start.code»
    ### END SOLUTION
"""
FORWARDS = """\
def decoder_gradient(W_ss, W_sv, g, lengths, ds):
    rows = []
    for g, n, d in zip(g, lengths, ds):
        slopes, J, total = «phi.slope_again», «start.gain» * np.eye(len(W_ss)), 0.0
        for t in range(n):
            inner = W_ss @ J + «route.met»
            J = «kept» * J + «share» * np.diag(«scale» * slopes[t]) @ inner
            total = total + d[t] @ J
        rows.append(total)
    return np.array(rows)
"""
SLOPE = "slope = «phi.slope_of_value»\n"
MASKED = "np.where(real, ds[:, t], 0)"
OF_TANH = "1 - g² is the slope of tanh, which is not used here."
BY_A = "You put g into the formula of the slope by a."
LAST = "You counted the step after the last word: the first word has the index 0."
ALONE = "Each step got its own gradient only. The later losses depend on the earlier states."
EACH = "Each sentence has a context of its own, and a row of the answer."
OTHER_ROUTE = "The context goes in through W_sv «route.words»."
STARTED = "The decoder starts from something else: read what s_0 is."


class ContextGradient(Problem):
    """Drawn: the activation, where the context goes in, the shares, and the factors."""

    name = "decoder_gradient"
    parts = (
        Part("equally long", 2, "all sentences have T words"),
        Part("padded", 3, "the sentences differ in length"),
    )
    forms = {"phi": activations("arctan", "arsinh", "softsign", "symlog", z="a"), "start": STARTS, "route": ROUTES}
    says = {
        "phi": r"$\varphi(a) = «phi.tex»$«phi.hint»",
        "start": "«start.tex»",
        "route": "«route.tex»",
        "words": "«route.words»",
        "step": r"s_t = «kept»\, s_{t-1} + «share»\, g_t",
        "scale": "«scale»",
    }
    right = (RIGHT, FORWARDS)
    known = (
        Mistake("another route", OTHER_ROUTE, ("«route.code»", "«route.other_code»")),
        Mistake("another start", STARTED, start="«start.other»"),
        Mistake("padding counted", "After its last word a sentence has no loss.", (MASKED, "ds[:, t]"), only=PADDED),
        Mistake("one word more", LAST, ("t < lengths", "t <= lengths"), only=PADDED),
        Mistake("one word less", "You left out the last word.", ("t < lengths", "t < lengths - 1")),
        Mistake("no leak", "The leak carries gradient back too, beside W_ss.", ("«kept» * d + da", "da")),
        Mistake("no share", "The factor «share» is missing on the way back.", share=1),
        Mistake("no scale", "The factor «scale» is missing on the way back.", scale=1),
        Mistake("shares swapped", "The two shares are swapped.", share="«kept»", kept="«share»"),
        Mistake("slope of tanh", OF_TANH, (SLOPE, "slope = 1 - g ** 2\n")),
        Mistake("formula by a", BY_A, (SLOPE, "slope = (lambda a: «phi.slope»)(g)\n")),
        Mistake("slip", "«phi.slip_says»", (SLOPE, "slope = «phi.slip»\n")),
        Mistake("no slope", "The slope of φ is missing.", (SLOPE, "slope = np.ones_like(g)\n")),
        Mistake("W_ss turned", "W_ss is the wrong way round: da belongs to its rows.", ("@ W_ss", "@ W_ss.T")),
        Mistake("W_sv turned", "W_sv is the wrong way round: da belongs to its rows.", ("da @ W_sv", "da @ W_sv.T")),
        Mistake("nothing carried", ALONE, ("«kept» * d + da @ W_ss", "0 * d"), start="from nothing"),
        Mistake("each step alone", ALONE, ("d = back + np", "d = np")),
        Mistake("leak alone", "The next state depends on this one through W_ss, too.", (" + da @ W_ss", "")),
        Mistake("sum over sentences", EACH, ("return dv + «start.code»", "return (dv + «start.code»).sum(0)")),
    )

    def constants(self, rng, variant):
        share, scale = number(rng, range(300, 440), range(560, 700), per=1000), number(rng, range(600, 900), per=500)
        return {"share": share, "kept": 1 - share, "scale": scale, "gain": number(rng, range(400, 800), per=1000)}

    def case(self, variant, part, rng):
        B, T, H = int(rng.integers(3, 5)), int(rng.integers(4, 6)), int(rng.integers(2, 4))
        lengths = np.full(B, T)
        if part == "padded":
            lengths = rng.permutation(np.arange(T - B + 1, T + 1))  # the longest has no padding
        W_ss, W_sv = rng.normal(size=(2, H, H))
        a = rng.choice([-1, 1], size=(B, T, H)) * rng.uniform(0.5, 2.0, size=(B, T, H))
        return W_ss, W_sv, variant.phi.exact(a), lengths, rng.normal(size=(B, T, H))

    def oracle(self, variant, W_ss, W_sv, g, lengths, ds):
        """By the complex step, sentence by sentence, from a context of which the answer does not depend."""
        gain, out = variant.number("start.gain"), np.empty_like(ds[:, 0])
        v = np.linspace(-1, 1, ds.shape[2])
        for b, i in np.ndindex(out.shape):
            s, moved, total = gain * v, v + 1e-30j * (np.arange(len(v)) == i), 0.0
            state = gain * moved
            for t in range(lengths[b]):
                a = variant.phi.inverse(g[b, t])
                rest = a / variant.scale - W_ss @ s - variant.route.of(t) * (W_sv @ v)
                inner = W_ss @ state + variant.route.of(t) * (W_sv @ moved) + rest
                state = variant.kept * state + variant.share * variant.phi.exact(variant.scale * inner)
                s = variant.kept * s + variant.share * g[b, t]
                total = total + ds[b, t] @ state
            out[b, i] = total.imag / 1e-30
        return out
