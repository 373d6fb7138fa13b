"""One step back through a unit whose only gate has two jobs."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

DOORS = {  # how the gate acts inside the candidate
    "listens": Form(
        tex=r"u_t \odot (W_n h_{t-1})",
        heard=lambda W, u, h: u * (W @ h),
        back="""\
    inside = da * (W_n @ h)
    through = W_n.T @ (da * u)
""",
        N="np.diag(u) @ W_n + np.diag(W_n @ h) @ G",
        confused="Inside the candidate the gate multiplies what the product made.",
    ),
    "speaks": Form(
        tex=r"W_n (u_t \odot h_{t-1})",
        heard=lambda W, u, h: W @ (u * h),
        back="""\
    met = W_n.T @ da
    inside, through = h * met, u * met
""",
        N="W_n @ (np.diag(u) + np.diag(h) @ G)",
        confused="Inside the candidate the gate multiplies the old state, before the product.",
    ),
}
MIXTURES = {
    "keeps": Form(
        tex=r"u_t \odot h_{t-1} + (1 - u_t) \odot n_t",
        keep=lambda u: u,
        new="(1 - u)",
        old="u",
        sign="(h - n)",
        meant="Here u = 1 keeps the old state.",
    ),
    "takes": Form(
        tex=r"(1 - u_t) \odot h_{t-1} + u_t \odot n_t",
        keep=lambda u: 1 - u,
        new="u",
        old="(1 - u)",
        sign="(n - h)",
        meant="Here u = 1 takes the candidate.",
    ),
}
RIGHT = """\
def unit_gradient(W_u, W_n, h, u, n, dh):
    ### BEGIN SOLUTION
    da = dh * «mixture.new» * («phi.slope_of_value»)
«door.back»    du = dh * «mixture.sign» + inside
    da_u = «scale» * du * u * (1 - u)
    return dh * «mixture.old» + through + W_u.T @ da_u
    ### END SOLUTION
"""
BY_MATRIX = """\
def unit_gradient(W_u, W_n, h, u, n, dh):
    G = np.diag(«scale» * (u - u**2)) @ W_u
    N = np.diag(«phi.slope_again») @ («door.N»)
    J = np.diag(«mixture.old») + np.diag(«mixture.new») @ N + np.diag«mixture.sign» @ G
    return dh @ J
"""
SEVERAL = ("several units",)
MIXED = "u and 1 - u are swapped. «mixture.meant»"
DIRECT = "The direct path is missing: the mixture hands the old state on, with its share."
THROUGH = "The path through the candidate's product with W_n is missing."
NO_GATE = "The path through the gate is missing: u depends on the old state too."
ONE_JOB = "The gate has two jobs. You followed it into the mixture, and not into the candidate."
OTHER_JOB = "The gate has two jobs. You followed it into the candidate, and not into the mixture."
SIGN = "The sign of the gate's factor in the mixture is wrong. «mixture.meant»"
NO_SLOPE = "The slope of the gate is missing: the logistic function has u (1 - u)."
AS_TANH = "You gave the gate the slope of tanh. The logistic function has u (1 - u)."
TANH = "That is the slope of tanh. Derive that of φ(a) = «phi.code», as a function of its value n."
OF_N = "You took n for the argument of the activation: it is the value."
TURNED = "On the way back W_u is transposed."
TURNED_N = "On the way back W_n is transposed."
TURNED_BOTH = "On the way back both matrices are transposed."


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
        Mistake("no direct path", DIRECT, ("dh * «mixture.old» + through", "through")),
        Mistake("no path through W_n", THROUGH, ("+ through +", "+")),
        Mistake("no path through the gate", NO_GATE, (" + W_u.T @ da_u", "")),
        Mistake("mixture only", ONE_JOB, ("«mixture.sign» + inside", "«mixture.sign»")),
        Mistake("candidate only", OTHER_JOB, ("du = dh * «mixture.sign» + inside", "du = inside")),
        Mistake("sign", SIGN, ("du = dh * «mixture.sign»", "du = -dh * «mixture.sign»")),
        Mistake("scale forgotten", "The factor inside the gate is missing.", scale=1),
        Mistake("no slope of the gate", NO_SLOPE, ("du * u * (1 - u)", "du")),
        Mistake("slope of tanh in the gate", AS_TANH, ("du * u * (1 - u)", "du * (1 - u**2)")),
        Mistake("slope of tanh", TANH, ("(«phi.slope_of_value»)", "(1 - n**2)")),
        Mistake("slope of n", OF_N, ("(«phi.slope_of_value»)", "(lambda a: «phi.slope»)(n)")),
        Mistake("slip", "«phi.slip_says»", ("(«phi.slope_of_value»)", "(«phi.slip»)")),
        Mistake("W_u not transposed", TURNED, ("W_u.T", "W_u"), only=SEVERAL),
        Mistake("W_n not transposed", TURNED_N, ("W_n.T", "W_n"), only=SEVERAL),
        Mistake("none transposed", TURNED_BOTH, ("W_u.T", "W_u"), ("W_n.T", "W_n"), only=SEVERAL),
    )

    def constants(self, rng, variant):
        return {"scale": number(rng, range(600, 900), range(1200, 1900), per=1000)}

    def case(self, variant, part, rng):
        H = int(rng.integers(3, 5)) if part == "several units" else 1
        a = rng.choice([-1, 1], size=H) * rng.uniform(0.5, 2.5, size=H)
        h = rng.choice([-1, 1], size=H) * rng.uniform(0.3, 1.5, size=H)
        W_u, W_n = rng.normal(size=(2, H, H))
        return W_u, W_n, h, rng.uniform(0.1, 0.4, size=H), variant.phi.exact(a), rng.normal(size=H)

    def oracle(self, variant, W_u, W_n, h, u, n, dh):
        phi, heard, keep, scale = variant.phi, variant.door.heard, variant.mixture.keep, variant.scale
        into_u = np.log(u / (1 - u)) / scale - W_u @ h
        into_n = phi.inverse(n) - heard(W_n, u, h)
        out = np.empty(len(h))
        for i in range(len(h)):  # the complex step, entry by entry
            moved = h + 1e-30j * (np.arange(len(h)) == i)
            gate = 1 / (1 + np.exp(-scale * (into_u + W_u @ moved)))
            share = keep(gate)
            new = share * moved + (1 - share) * phi.exact(into_n + heard(W_n, gate, moved))
            out[i] = (dh * new).sum().imag / 1e-30
        return out
