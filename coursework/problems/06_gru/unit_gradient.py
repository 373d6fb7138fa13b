"""One step back through a unit whose only gate has two jobs."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

DOORS = {  # how the gate acts inside the candidate
    "listens": Form(
        tex=r"g_t \odot (U_n h_{t-1})",
        heard=lambda U, g, h: g * (U @ h),
        back="""\
    inside = da * (U_n @ h)
    through = U_n.T @ (da * g)
""",
        N="np.diag(g) @ U_n + np.diag(U_n @ h) @ G",
        confused="Inside the candidate the gate multiplies what the product made.",
    ),
    "speaks": Form(
        tex=r"U_n (g_t \odot h_{t-1})",
        heard=lambda U, g, h: U @ (g * h),
        back="""\
    met = U_n.T @ da
    inside, through = h * met, g * met
""",
        N="U_n @ (np.diag(g) + np.diag(h) @ G)",
        confused="Inside the candidate the gate multiplies the old state, before the product.",
    ),
}
MIXTURES = {
    "keeps": Form(
        tex=r"g_t \odot h_{t-1} + (1 - g_t) \odot n_t",
        keep=lambda g: g,
        new="(1 - g)",
        old="g",
        sign="(h - n)",
        meant="Here g = 1 keeps the old state.",
    ),
    "takes": Form(
        tex=r"(1 - g_t) \odot h_{t-1} + g_t \odot n_t",
        keep=lambda g: 1 - g,
        new="g",
        old="(1 - g)",
        sign="(n - h)",
        meant="Here g = 1 takes the candidate.",
    ),
}
RIGHT = """\
def unit_gradient(U_g, U_n, h, g, n, dh):
    ### BEGIN SOLUTION
    da = dh * «mixture.new» * («phi.slope_of_value»)
«door.back»    dg = dh * «mixture.sign» + inside
    db = «scale» * dg * g * (1 - g)
    return dh * «mixture.old» + through + U_g.T @ db
    ### END SOLUTION
"""
BY_MATRIX = """\
def unit_gradient(U_g, U_n, h, g, n, dh):
    G = np.diag(«scale» * (g - g**2)) @ U_g
    N = np.diag(«phi.slope_again») @ («door.N»)
    J = np.diag(«mixture.old») + np.diag(«mixture.new») @ N + np.diag«mixture.sign» @ G
    return dh @ J
"""
SEVERAL = ("several units",)
MIXED = "g and 1 - g are swapped. «mixture.meant»"
STRAIGHT = "The straight way is missing: the mixture hands the old state on, with its share."
THROUGH = "The way through the candidate's product with U_n is missing."
NO_GATE = "The way through the gate is missing: g depends on the old state too."
ONE_JOB = "The gate has two jobs. You followed it into the mixture, and not into the candidate."
OTHER_JOB = "The gate has two jobs. You followed it into the candidate, and not into the mixture."
SIGN = "The sign of the gate's factor in the mixture is wrong. «mixture.meant»"
NO_SLOPE = "The slope of the gate is missing: the logistic function has g (1 - g)."
AS_TANH = "You gave the gate the slope of tanh. The logistic function has g (1 - g)."
TANH = "That is the slope of tanh. Derive the one of «phi.name», as a function of its value n."
OF_N = "You took n for the argument of the activation: it is the value."
TURNED = "On the way back U_g is transposed."


class UnitGradient(Problem):
    """Drawn: where the gate acts in the candidate, its sense in the mixture, a factor, and the activation."""

    name = "unit_gradient"
    parts = (Part("several units", 3, "H is at least 3"), Part("one unit", 2, "H = 1"))
    forms = {
        "door": DOORS,
        "mixture": MIXTURES,
        "phi": activations("arctan", "arsinh", "softsign", "symlog", z="a", g="n"),
    }
    says = {
        "door": "«door.tex»",
        "mixture": "«mixture.tex»",
        "phi": r"$\varphi(a) = «phi.tex»$«phi.hint»",
        "scale": "«scale»",
    }
    right = (RIGHT, BY_MATRIX)
    known = (
        Mistake("other mixture", MIXED, mixture="«mixture.other»"),
        Mistake("other door", "«door.confused»", door="«door.other»", only=SEVERAL),
        Mistake("no straight way", STRAIGHT, ("dh * «mixture.old» + through", "through")),
        Mistake("no way through U_n", THROUGH, ("+ through +", "+")),
        Mistake("no way through the gate", NO_GATE, (" + U_g.T @ db", "")),
        Mistake("mixture only", ONE_JOB, ("«mixture.sign» + inside", "«mixture.sign»")),
        Mistake("candidate only", OTHER_JOB, ("dg = dh * «mixture.sign» + inside", "dg = inside")),
        Mistake("sign", SIGN, ("dg = dh * «mixture.sign»", "dg = -dh * «mixture.sign»")),
        Mistake("scale forgotten", "The factor inside the gate is missing.", scale=1),
        Mistake("no slope of the gate", NO_SLOPE, ("dg * g * (1 - g)", "dg")),
        Mistake("slope of tanh in the gate", AS_TANH, ("dg * g * (1 - g)", "dg * (1 - g**2)")),
        Mistake("slope of tanh", TANH, ("(«phi.slope_of_value»)", "(1 - n**2)")),
        Mistake("slope of n", OF_N, ("(«phi.slope_of_value»)", "(lambda a: «phi.slope»)(n)")),
        Mistake("slip", "«phi.slip_says»", ("(«phi.slope_of_value»)", "(«phi.slip»)")),
        Mistake("not transposed", TURNED, ("U_g.T", "U_g"), only=SEVERAL),
    )

    def constants(self, rng, variant):
        return {"scale": number(rng, range(600, 900), range(1200, 1900), per=1000)}

    def case(self, variant, part, rng):
        H = int(rng.integers(3, 5)) if part == "several units" else 1
        a = rng.choice([-1, 1], size=H) * rng.uniform(0.5, 2.5, size=H)
        h = rng.choice([-1, 1], size=H) * rng.uniform(0.3, 1.5, size=H)
        U_g, U_n = rng.normal(size=(2, H, H))
        return U_g, U_n, h, rng.uniform(0.1, 0.4, size=H), variant.phi.exact(a), rng.normal(size=H)

    def oracle(self, variant, U_g, U_n, h, g, n, dh):
        phi, heard, keep, scale = variant.phi, variant.door.heard, variant.mixture.keep, variant.scale
        into_g = np.log(g / (1 - g)) / scale - U_g @ h
        into_n = phi.inverse(n) - heard(U_n, g, h)
        out = np.empty(len(h))
        for i in range(len(h)):  # the complex step, entry by entry
            moved = h + 1e-30j * (np.arange(len(h)) == i)
            gate = 1 / (1 + np.exp(-scale * (into_g + U_g @ moved)))
            share = keep(gate)
            new = share * moved + (1 - share) * phi.exact(into_n + heard(U_n, gate, moved))
            out[i] = (dh * new).sum().imag / 1e-30
        return out
