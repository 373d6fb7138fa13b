"""The gradient through one look at what an encoder has read, of sentences that differ in length."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..activations import activations
from ..attention_ways_back import ASKED, MAKES

PADDED = ("padded",)
RIGHT = """\
def attentive_gradient(W, U, v, q, h, lengths, dcontext):
    ### BEGIN SOLUTION
    real = np.arange(h.shape[1]) < lengths[:, None]
    z = (q @ W.T)[:, None] + h @ U.T
    e = «scale» * ((«phi.code») @ v)
    p = np.where(real, «make.p», 0)
    alpha = «make.alpha»
    dalpha = (h @ dcontext[:, :, None])[:, :, 0]
    de = «make.back»
    slope = «phi.slope»
    dz = «scale» * de[:, :, None] * v * slope
    return «asked.code»
    ### END SOLUTION
"""
BY_SENTENCE = """\
def attentive_gradient(W, U, v, q, h, lengths, dcontext):
    out = «asked.start»
    for b, n in enumerate(lengths):
        z = W @ q[b] + h[b, :n] @ U.T
        g = «phi.code»
        e = g @ v * «scale»
        p = «make.p»
        w = «make.alpha_again»
        de = («make.again») @ h[b, :n] @ dcontext[b]
        dz = np.outer(de, «scale» * v) * («phi.slope_of_value»)
        «asked.again»
    return out
"""
REAL, SLOPE = "np.where(real, «make.p», 0)", "slope = «phi.slope»\n"
MADE = "The weights are made otherwise: read how α comes from e."
PAST = "The weights have a way back of their own: de is not dα."
OF_TANH = "1 - φ² is the slope of tanh, which is not used here."
BY_G = "You put φ(z) into the formula of the slope by z."
OTHER = "The gradient is asked for with respect to something else."
ZERO = "A score of 0 in the padding still has a weight."


class AttentiveGradient(Problem):
    """Drawn: the activation, how weights are made of scores, a factor, and what the gradient is with respect to."""

    name = "attentive_gradient"
    parts = (
        Part("equally long", 2, "all sentences have S words"),
        Part("padded", 3, "the sentences differ in length"),
    )
    forms = {"phi": activations("arctan", "arsinh", "softsign", "symlog"), "make": MAKES, "asked": ASKED}
    says = {
        "phi": r"$\varphi(z) = «phi.tex»$«phi.hint»",
        "scale": "«scale»",
        "make": "«make.tex»",
        "asked": "«asked.words»",
    }
    right = (RIGHT, BY_SENTENCE)
    known = (
        Mistake("other weights", MADE, make="«make.other»"),
        Mistake("third weights", MADE, make="«make.other.other»"),
        Mistake("past the weights", PAST, ("de = «make.back»", "de = dalpha")),
        Mistake("no scale back", "The factor «scale» is missing on the way back.", ("«scale» * de", "de")),
        Mistake("no scale", "The factor «scale» of the score is missing.", scale=1),
        Mistake("no v", "v is missing on the way back.", (" * v *", " *")),
        Mistake("slope of tanh", OF_TANH, (SLOPE, "slope = 1 - («phi.code») ** 2\n")),
        Mistake("by the value", BY_G, (SLOPE, "slope = (lambda z: «phi.slope»)(«phi.code»)\n")),
        Mistake("slip", "«phi.slip_says»", (SLOPE, "slope = (lambda g: «phi.slip»)(«phi.code»)\n")),
        Mistake("no slope", "The slope of φ is missing.", (SLOPE, "slope = np.ones_like(z)\n")),
        Mistake("something else", OTHER, asked="«asked.other»"),
        Mistake("padding read", "Beyond its words a sentence has no weights.", (REAL, "«make.p»"), only=PADDED),
        Mistake("score of 0", ZERO, (REAL, "(lambda e: «make.p»)(real * e)"), only=PADDED),
        Mistake("one more", "You read one place of the padding.", ("< lengths", "<= lengths"), only=PADDED),
        Mistake("one less", "You left out the last word.", ("< lengths[", "< -1 + lengths[")),
    )

    def constants(self, rng, variant):
        return {"scale": number(rng, range(500, 850), range(1200, 1700), per=1000)}

    def case(self, variant, part, rng):
        B, S, H = 3, int(rng.integers(4, 6)), int(rng.integers(2, 4))
        lengths = np.full(B, S)
        if part == "padded":
            lengths = rng.permutation(np.arange(S - B + 1, S + 1))  # the longest has no padding
        W, U = rng.normal(0, 0.8, (2, H, H))
        v, q, h, dcontext = (rng.normal(size=size) for size in (H, (B, H), (B, S, H), (B, H)))
        return W, U, v, q, h, lengths, dcontext

    def oracle(self, variant, W, U, v, q, h, lengths, dcontext):
        """By the complex step, entry by entry."""
        given = {"W": W, "U": U, "q": q, "h": h}
        asked = given[variant.fill("«asked.name»")]
        out = np.empty_like(asked)
        for place in np.ndindex(out.shape):
            moved = asked.astype(complex)
            moved[place] += 1e-30j
            parts = given | {variant.fill("«asked.name»"): moved}
            out[place] = self._loss(variant, **parts, v=v, lengths=lengths, dcontext=dcontext).imag / 1e-30
        return out

    def _loss(self, variant, W, U, v, q, h, lengths, dcontext):
        """What dcontext says of the contexts, added up, of parameters and states that may be complex."""
        total = 0.0
        for b, n in enumerate(lengths):
            e = [variant.scale * (v @ variant.phi.exact(W @ q[b] + U @ h[b, s])) for s in range(n)]
            total += sum(alpha * (dcontext[b] @ h[b, s]) for s, alpha in enumerate(variant.make.of(e)))
        return total
