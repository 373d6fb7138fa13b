"""The gradient of a last state by a weight of which only some uses are counted."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

USES = {  # which uses of the weight count: as code, as a slice, and as a loop that runs too far for k > T
    "first": Form(
        code="t < k",
        piece=":k",
        part=lambda k: slice(0, k),
        too_far="reversed(range(max(k, len(x))))",
        message="There are only T uses: for a larger k your index runs past the last one.",
    ),
    "last": Form(
        code="len(x) - t <= k",
        piece="-k:",
        part=lambda k: slice(-k, None),
        too_far="reversed(range(len(x) - max(k, len(x)), len(x)))",
        message="There are only T uses: for a larger k your index gets negative and counts the last steps again.",
    ),
}
WEIGHT = {  # what the weight meets at step t; one step off
    "u": Form(
        met="h[t]",
        met_again="h",
        off="h[t + 1]",
        message="The weight u meets the state before the step: h_{t-1}, not h_t.",
    ),
    "w": Form(
        met="x[t]",
        met_again="x[t]",
        off="x[t - 1]",
        message="The weight w meets the input of the same step: x_t, not x_{t-1}.",
    ),
}
RIGHT = """\
def truncated_gradient(w, u, x, h0, k):
    ### BEGIN SOLUTION
    h, slopes = [h0], []
    for value in x:
        z = w * value + u * h[-1]
        slope = «phi.slope»
        slopes.append(«gain» * slope)
        h.append(«gain» * «phi.code» + «skip» * h[-1])
    total, dh = 0.0, 1.0
    for t in reversed(range(len(x))):
        if «uses.code»:
            total += dh * slopes[t] * «weight.met»
        dh *= slopes[t] * u + «skip»
    return total
    ### END SOLUTION
"""
FORWARDS = """\
def truncated_gradient(w, u, x, h0, k):
    h, dh, T = h0, 0.0, len(x)
    counted = list(range(T))[«uses.piece»]
    for t in range(T):
        z = w * x[t] + u * h
        dz = u * dh + (t in counted) * «weight.met_again»
        g = «phi.code»
        dh = «gain» * («phi.slope_of_value») * dz + «skip» * dh
        h = «gain» * g + «skip» * h
    return dh
"""
COUNTS, CARRY, BELOW = "if «uses.code»:", "dh *= slopes[t] * u + «skip»", ("k below T",)
SLOPE, MET = "slope = «phi.slope»\n", "slopes[t] * «weight.met»\n"
OTHER_END = "You counted the «uses.other.name» k uses. The «uses.name» k count."
NO_SKIP = "The old state also passes beside the activation: that way carries gradient too."
TANH = "One minus the square of the activation is the slope of tanh, which is not used here."
AT_STATE = "The slope is taken at w x_t + u h_{t-1}, not at the state."
NOTHING = "An earlier use acts through all later steps: multiply their derivatives."
OTHER = "That is the derivative by «weight.other.name». The one by «weight.name» is asked for."


class TruncatedGradient(Problem):
    """Drawn: the activation, the weight and which of its uses count, the gain and the skip."""

    name = "truncated_gradient"
    parts = (
        Part("k below T", 4, "2 <= k < T"),
        Part("k at least T", 1, "there are only T uses, and all of them count"),
    )
    forms = {"phi": activations("arctan", "arsinh", "softsign", "symlog"), "uses": USES, "weight": WEIGHT}
    says = {"gain": "«gain»", "skip": "«skip»", "phi": "«phi.tex»", "uses": "«uses.name»", "weight": "«weight.name»"}
    right = (RIGHT, FORWARDS)
    known = (
        Mistake("too many", "You counted one use too many.", (COUNTS, "if «uses.code» + 1:"), only=BELOW),
        Mistake("too few", "You counted one use too few.", (COUNTS, "if «uses.code» - 1:"), only=BELOW),
        Mistake(
            "all", "That is the full gradient. Only the «uses.name» k uses count.", (COUNTS, "if True:"), only=BELOW
        ),
        Mistake("other end", OTHER_END, uses="«uses.other»", only=BELOW),
        Mistake("too far", "«uses.message»", ("reversed(range(len(x)))", "«uses.too_far»"), only=("k at least T",)),
        Mistake("no skip", NO_SKIP, (CARRY, "dh *= slopes[t] * u")),
        Mistake("no gain", "The slope has the factor «gain» too.", ("append(«gain» * slope)", "append(slope)")),
        Mistake("tanh", TANH, (SLOPE, "slope = 1 - («phi.code») ** 2\n")),
        Mistake("slope at the state", AT_STATE, (SLOPE, "slope = (lambda z: «phi.slope»)(h[-1])\n")),
        Mistake("one step off", "«weight.message»", (MET, "slopes[t] * «weight.off»\n")),
        Mistake("nothing carried", NOTHING, (CARRY, "dh *= 1.0")),
        Mistake("w for u", "From state to state the weight is u, not w.", (CARRY, "dh *= slopes[t] * w + «skip»")),
        Mistake("other weight", OTHER, weight="«weight.other»"),
    )

    def constants(self, rng, variant):
        return {"gain": number(rng, range(550, 850), per=1000), "skip": number(rng, range(250, 450), per=1000)}

    def case(self, variant, part, rng):
        T = int(rng.integers(5, 8))
        k = int(rng.integers(2, T - 1)) if part == "k below T" else T + int(rng.integers(1, 4))
        w, u, h0 = rng.uniform(0.6, 1.2, size=3)
        return float(w), float(u), rng.normal(size=T), float(h0), k

    def oracle(self, variant, w, u, x, h0, k):
        copies = {"w": np.full(len(x), w + 0j), "u": np.full(len(x), u + 0j)}  # a copy of each weight a step
        copies[variant.fill("«weight.name»")][variant.uses.part(k)] += 1e-30j
        h = h0 + 0j
        for value, its_w, its_u in zip(x, copies["w"], copies["u"], strict=True):
            h = variant.gain * variant.phi.exact(its_w * value + its_u * h) + variant.skip * h
        return float(h.imag / 1e-30)
