"""The gradient that reaches a forget gate, when the gates look at the input alone."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

WRITE = {  # how the cell is written; what a forget gate multiplies; the cell as a function
    "own": Form(
        tex=r"f_t \odot c_{t-1} + i_t \odot g_t",
        meets="before",
        run=lambda i, f, g, c: f * c + i * g,
        meant="Here f multiplies the old cell only.",
    ),
    "coupled": Form(
        tex=r"f_t \odot c_{t-1} + (1 - f_t) \odot g_t",
        meets="(before - g)",
        run=lambda i, f, g, c: g + f * (c - g),
        meant="Here f multiplies the old cell, and 1 - f the candidate.",
    ),
    "room": Form(
        tex=r"f_t \odot c_{t-1} + (1 - f_t) \odot i_t \odot g_t",
        meets="(before - i * g)",
        run=lambda i, f, g, c: i * g + f * (c - i * g),
        meant="Here f multiplies the old cell, and 1 - f the gated candidate.",
    ),
}
RIGHT = """\
def forget_gradient(dh, i, f, g, o, c, c0):
    ### BEGIN SOLUTION
    before = np.concatenate([c0[None], c[:-1]])
    slope = «phi.slope»
    dc, ds = np.zeros_like(c), np.zeros_like(c0)
    for t in reversed(range(len(c))):
        dc[t] = ds + «gain» * dh[t] * o[t] * slope[t]
        ds = dc[t] * f[t]
    return «steep» * dc * «write.meets» * f * (1 - f)
    ### END SOLUTION
"""
FORWARDS = """\
def forget_gradient(dh, i, f, g, o, c, c0):
    T, H = c.shape
    through = «gain» * dh * o * «phi.slope_again_z»
    before = np.vstack([c0, c[:-1]])
    out = np.zeros((T, H))
    for t in range(T):
        reach = np.ones(H)
        for s in range(t, T):
            reach = reach * f[s] if s > t else reach
            out[t] += reach * through[s]
    return out * «write.meets» * (f - f ** 2) * «steep»
"""
SLOPE, MANY = "slope = «phi.slope»", ("many steps",)
MEETS = "The derivative with respect to f is another. «write.meant»"
ALONE = "Each step of yours stands alone. A cell is also used by the cells after it."
GATE = "From cell to cell the gradient is multiplied by the forget gate."
ONE_OFF = "The forget gate is one step off: from c_t to c_(t-1) the way leads through the gate of step t."
LATE = "A forget gate meets the cell before its step, not the one that the step makes."
TANH = "1 - tanh² is the slope of tanh. Derive that of φ, as the text gives it."
GATES = "That is the derivative with respect to f. Go on to a: through σ, and through the factor inside it."
AT_GATE = "You took the slope of σ at f. f is σ of something already: the slope is f (1 - f)."
OUTPUT = "The output gate is missing on the way from h to c."


class ForgetGradient(Problem):
    """Drawn: the function of the cell, how the cell is written, a factor in the gate and one at the output."""

    name = "forget_gradient"
    parts = (Part("many steps", 4, "T is at least 4"), Part("T = 1", 1, "there is one step only"))
    forms = {
        "phi": {
            name: Form(**vars(form), slope_again_z=again)
            for (name, form), again in zip(
                activations("arctan", "arsinh", "softsign", z="c", g="q").items(),
                ("np.cos(np.arctan(c)) ** 2", "(1 + c ** 2) ** -0.5", "(1 + np.sqrt(c ** 2)) ** -2.0"),
                strict=True,
            )
        },
        "write": WRITE,
    }
    says = {"phi": r"$\varphi(c) = «phi.tex»$«phi.hint»", "write": "«write.tex»", "steep": "«steep»", "gain": "«gain»"}
    right = (RIGHT, FORWARDS)
    known = (
        Mistake("another write", MEETS, write="«write.other»"),
        Mistake("the third write", MEETS, write="«write.other.other»"),
        Mistake("nothing carried", ALONE, ("ds = dc[t] * f[t]", "ds = 0 * ds"), only=MANY),
        Mistake("carried in full", GATE, ("ds = dc[t] * f[t]", "ds = dc[t]"), only=MANY),
        Mistake("one off", ONE_OFF, ("ds = dc[t] * f[t]", "ds = dc[t] * f[max(t - 1, 0)]"), only=MANY),
        Mistake("the new cell", LATE, ("before = np.concatenate([c0[None], c[:-1]])", "before = c")),
        Mistake("start forgotten", "The first gate meets c0, which is not zero.", ("[c0[None]", "[0 * c0[None]")),
        Mistake("slope of tanh", TANH, (SLOPE, "slope = 1 - np.tanh(c) ** 2")),
        Mistake("no slope", "The slope of φ is missing on the way from h to c.", (SLOPE, "slope = np.ones_like(c)")),
        Mistake("no output gate", OUTPUT, ("dh[t] * o[t]", "dh[t]")),
        Mistake("no slope of the gate", "The slope of σ is missing: f (1 - f).", (" * f * (1 - f)", "")),
        Mistake(
            "with respect to f",
            GATES,
            ("return «steep» * dc * «write.meets» * f * (1 - f)", "return dc * «write.meets»"),
        ),
        Mistake("slope at the gate", AT_GATE, (" * f * (1 - f)", " * np.exp(-f) / (1 + np.exp(-f)) ** 2")),
        Mistake("steep forgotten", "The factor inside σ is missing: its derivative brings it out.", steep=1),
        Mistake("gain forgotten", "The factor of the output is missing.", gain=1),
    )

    def constants(self, rng, variant):
        return {"steep": number(rng, range(1200, 1900), per=1000), "gain": number(rng, range(600, 900), per=500)}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(2, 4))
        i, f, o = 1 / (1 + np.exp(-rng.normal(size=(3, T, H))))
        g, c0 = np.tanh(rng.normal(size=(T, H))), rng.choice([-1, 1], size=H) * rng.uniform(0.6, 1.5, size=H)
        return rng.normal(size=(T, H)), i, f, g, o, self._cells(variant, i, f, g, c0), c0

    def _cells(self, variant, i, f, g, c):
        cells = []
        for t in range(len(f)):
            c = variant.write.run(i[t], f[t], g[t], c)
            cells.append(c)
        return np.array(cells)

    def oracle(self, variant, dh, i, f, g, o, c, c0):
        sums = np.log(f / (1 - f)) / variant.steep
        out = np.empty_like(f)
        for t, k in np.ndindex(f.shape):  # the complex step, gate by gate
            moved = sums.astype(complex)
            moved[t, k] += 1e-30j
            cells = self._cells(variant, i, 1 / (1 + np.exp(-variant.steep * moved)), g, c0)
            out[t, k] = (dh * o * variant.gain * variant.phi.exact(cells)).sum().imag / 1e-30
        return out
