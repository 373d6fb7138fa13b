"""One step back through a network that keeps a share of its state."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

ROW = "The slope belongs to the row, the unit that is computed."
COLUMN = "The slope belongs to the column, the old unit that goes through the activation."
BESIDE = "The kept share of the state does not go through the activation: it has no slope."
THROUGH = "The kept share of the state goes through the activation too: it has the slope as well."
APART = "«kept» * np.eye(len(W_hh)) + «share» * W_hh * factor"
TOGETHER = "(«kept» * np.eye(len(W_hh)) + «share» * W_hh) * factor"
COUPLING = {  # how kept share, new share and activation are put together; a small move d of the old state, as a step
    "outside": Form(
        tex=r"g_t = \varphi\big(«scale»\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)\big), \qquad "
        r"h_t = «kept»\, h_{t-1} + «share»\, g_t .",
        given="g_t",
        step=lambda k, a, s, phi, W, z, d: k * d + a * phi(z + s * W @ d),
        axes=":, :, None",
        other_axes=":, None, :",
        result=APART,
        other_result=TOGETHER,
        again="«kept» * one + «share» * slope @ W_hh",
        where=ROW,
        bracket=BESIDE,
    ),
    "inside": Form(
        tex=r"g_t = \varphi\Big(«scale»\, \big(«kept»\, h_{t-1} + "
        r"«share»\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)\big)\Big), \qquad h_t = g_t .",
        given="g_t",
        step=lambda k, a, s, phi, W, z, d: phi(z + s * (k * d + a * W @ d)),
        axes=":, :, None",
        other_axes=":, None, :",
        result=TOGETHER,
        other_result=APART,
        again="slope @ («kept» * one + «share» * W_hh)",
        where=ROW,
        bracket=THROUGH,
    ),
    "before": Form(
        tex=r"g_{t-1} = \varphi(«scale»\, h_{t-1}), \qquad "
        r"h_t = «kept»\, h_{t-1} + «share»\, (W_{xh} x_t + W_{hh} g_{t-1} + b_h) .",
        given="g_{t-1}",
        step=lambda k, a, s, phi, W, z, d: k * d + a * W @ phi(z + s * d),
        axes=":, None, :",
        other_axes=":, :, None",
        result=APART,
        other_result=TOGETHER,
        again="«kept» * one + «share» * W_hh @ slope",
        where=COLUMN,
        bracket=BESIDE,
    ),
}
RIGHT = """\
def leaky_jacobian(W_hh, g):
    ### BEGIN SOLUTION
    slope = «phi.slope_of_value»
    factor = «scale» * slope[«coupling.axes»]
    return «coupling.result»
    ### END SOLUTION
"""
ROW_BY_ROW = """\
def leaky_jacobian(W_hh, g):
    result, one = [], np.identity(W_hh.shape[0])
    for g in g:
        slope = np.diag(«scale» * («phi.slope_again»))
        result.append(«coupling.again»)
    return np.stack(result)
"""
SLOPE, SEVERAL = "slope = «phi.slope_of_value»\n", ("several units",)
IN_FULL = "The old state is kept with its share, not in full."
TANH = "That is the slope of tanh. Derive the one of «phi.name»."
OF_G = "You took g for the argument of the activation: it is the value."
TRANSPOSED = "W_hh is transposed: row i belongs to the new unit i."


class LeakyJacobian(Problem):
    """Drawn: the activation, how it is coupled with the old state, the shares and a factor."""

    name = "leaky_jacobian"
    parts = (Part("several units", 3, "H is at least 3"), Part("one unit", 2, "H = 1"))
    forms = {"phi": activations("arctan", "arsinh", "logistic", "softsign"), "coupling": COUPLING}
    says = {"phi": r"$\varphi(z) = «phi.tex»$«phi.hint»", "step": "«coupling.tex»", "given": "«coupling.given»"}
    right = (RIGHT, ROW_BY_ROW)
    known = (
        Mistake(
            "kept share forgotten", "The kept share of the state is missing.", ("«kept» * np.eye(len(W_hh)) + ", "")
        ),
        Mistake("kept in full", IN_FULL, ("«kept» * np.eye", "np.eye")),
        Mistake("share forgotten", "W_hh stands without the share of what is new.", ("«share» * W_hh", "W_hh")),
        Mistake("shares swapped", "The two shares are swapped.", kept="«share»", share="«kept»"),
        Mistake("scale forgotten", "The factor inside the activation is missing.", scale=1),
        Mistake("slope of tanh", TANH, (SLOPE, "slope = 1 - g ** 2\n")),
        Mistake("slope of g", OF_G, (SLOPE, "slope = (lambda z: «phi.slope»)(g)\n")),
        Mistake("slip", "«phi.slip_says»", (SLOPE, "slope = «phi.slip»\n")),
        Mistake("other coupling", "«coupling.bracket»", ("«coupling.result»", "«coupling.other_result»")),
        Mistake("other axis", "«coupling.where»", ("«coupling.axes»", "«coupling.other_axes»"), only=SEVERAL),
        Mistake("transposed", TRANSPOSED, ("«share» * W_hh", "«share» * W_hh.T"), only=SEVERAL),
    )

    def constants(self, rng, variant):
        share, scale = number(rng, range(200, 440), range(560, 800), per=1000), number(rng, range(600, 900), per=500)
        return {"share": share, "kept": 1 - share, "scale": scale}

    def case(self, variant, part, rng):
        H, B = (int(rng.integers(3, 5)) if part == "several units" else 1), int(rng.integers(2, 5))
        z = rng.choice([-1, 1], size=(B, H)) * rng.uniform(0.5, 2.5, size=(B, H))
        return rng.normal(size=(H, H)), variant.phi.exact(z)

    def oracle(self, variant, W_hh, g):
        phi, step, (B, H) = variant.phi, variant.coupling.step, g.shape
        numbers, out = (variant.kept, variant.share, variant.scale), np.empty((B, H, H))
        for b, j in np.ndindex(B, H):  # the complex step, column by column
            moved = 1e-30j * (np.arange(H) == j)
            out[b, :, j] = step(*numbers, phi.exact, W_hh, phi.inverse(g[b]), moved).imag / 1e-30
        return out
