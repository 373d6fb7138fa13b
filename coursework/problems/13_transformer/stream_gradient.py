"""The gradient through a residual stream and its norm, of sequences that differ in length."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..activations import activations
from ..streams import ASKED, NORMS, PLACES

PADDED = ("padded",)
RIGHT = """\
def stream_gradient(W, gain, x, lengths, dy):
    ### BEGIN SOLUTION
    real = (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]
    dy = np.where(real, dy, 0)
    «place.forward»
    c = «norm.centred»
    r = «norm.root»
    n = c / r«place.after»
    slope = «phi.slope»
    «place.back»
    du = «norm.back»
    «place.last»
    return dx, «asked.result»
    ### END SOLUTION
"""
BY_POSITION = """\
def stream_gradient(W, gain, x, lengths, dy):
    D = x.shape[2]
    dx, dW, dgain = np.zeros(x.shape), np.zeros(W.shape), np.zeros(D)
    for b, T in enumerate(lengths):
        for t in range(T):
            «place.again»
    return dx, «asked.result»
"""
NORMALISED = "u is normalised otherwise: read N."
ELSEWHERE = "The norm stands at another place: read how y is made."
OF_TANH = "1 - φ² is the slope of tanh, which is not used here."
BY_G = "You put φ(z) into the formula of the slope by z."
OTHER = "The second gradient is with respect to something else."
SLOPE, DY, EDGE = "slope = «phi.slope»\n", "np.where(real, dy, 0)", "< lengths"


class StreamGradient(Problem):
    """Drawn: the norm and its ε, where it stands, the activation, a share, and the second gradient asked for."""

    name = "stream_gradient"
    parts = (
        Part("equally long", 2, "all sequences have T positions"),
        Part("padded", 3, "the sequences differ in length"),
    )
    forms = {
        "norm": NORMS,
        "place": PLACES,
        "phi": activations("arctan", "arsinh", "softsign", "symlog"),
        "asked": ASKED,
    }
    says = {
        "norm": "«norm.tex»",
        "words": "«norm.words»",
        "place": "«place.tex»",
        "phi": r"$\varphi(z) = «phi.tex»$«phi.hint»",
        "asked": "«asked.words»",
    }
    right = (RIGHT, BY_POSITION)
    known = (
        Mistake("another norm", NORMALISED, norm="«norm.other»"),
        Mistake("a third norm", NORMALISED, norm="«norm.other.other»"),
        Mistake("another place", ELSEWHERE, place="«place.other»"),
        Mistake("no ε", "What u is divided by has «eps» in it.", eps=0.0),
        Mistake("no share", "The share «share» is missing.", share=1.0),
        Mistake("no gain", "The gain is missing on the way back.", ("dn = gain * da", "dn = da")),
        Mistake(
            "gain for n", "Divide by r on the way back: n is u over r.", ("keepdims=True)) / r", "keepdims=True))")
        ),
        Mistake("W turned", "W is the wrong way round on the way in.", ("@ W.T", "@ W")),
        Mistake("W turned back", "W is the wrong way round on the way back.", ("dz @ W", "dz @ W.T")),
        Mistake("slope of tanh", OF_TANH, (SLOPE, "slope = 1 - («phi.code») ** 2\n")),
        Mistake("by the value", BY_G, (SLOPE, "slope = (lambda z: «phi.slope»)(«phi.code»)\n")),
        Mistake("slip", "«phi.slip_says»", (SLOPE, "slope = (lambda g: «phi.slip»)(«phi.code»)\n")),
        Mistake("no slope", "The slope of φ is missing.", (SLOPE, "slope = np.ones_like(z)\n")),
        Mistake("something else", OTHER, asked="«asked.other»"),
        Mistake("order", "The gradient with respect to x comes first.", ("dx, «asked.result»", "«asked.result», dx")),
        Mistake("dx alone", "Two gradients are asked for.", ("return dx, «asked.result»", "return dx")),
        Mistake("padding read", "Nothing in the padding leads to the loss.", (DY, "dy"), only=PADDED),
        Mistake("one more", "You read one position of the padding.", (EDGE, "<= lengths"), only=PADDED),
        Mistake("one less", "You left out the last position.", (EDGE, "< -1 + lengths")),
    )

    def constants(self, rng, variant):
        share = number(rng, range(400, 850), range(1200, 1700), per=1000)
        return {"share": share, "eps": number(rng, range(200, 700), per=1000)}

    def case(self, variant, part, rng):
        B, T, D = 3, int(rng.integers(4, 6)), int(rng.integers(4, 6))
        lengths = np.full(B, T)
        if part == "padded":
            lengths = rng.permutation(np.arange(T - B + 1, T + 1))
        x, dy = rng.normal(0.5, 1, (B, T, D)), rng.normal(size=(B, T, D))
        return rng.normal(0, 0.7, (D, D)), rng.uniform(0.5, 2, D), x, lengths, dy

    def oracle(self, variant, W, gain, x, lengths, dy):
        """By the complex step, entry by entry."""
        given = {"W": W, "gain": gain, "x": x}
        found = []
        for name in ("x", {"dW": "W", "dgain": "gain"}[variant.asked.result]):
            out = np.empty_like(given[name])
            for place in np.ndindex(out.shape):
                moved = given[name].astype(complex)
                moved[place] += 1e-30j
                out[place] = self._loss(variant, **given | {name: moved}, lengths=lengths, dy=dy).imag / 1e-30
            found.append(out)
        return tuple(found)

    def _loss(self, variant, W, gain, x, lengths, dy):
        """What dy says of the y, added up, of parameters and inputs that may be complex."""
        total = 0.0
        for b, t in ((b, t) for b, n in enumerate(lengths) for t in range(n)):
            total += dy[b, t] @ variant.place.of(variant, W, gain, x[b, t])
        return total
