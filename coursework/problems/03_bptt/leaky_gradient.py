"""Backpropagation through a network in which something leaks."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

WIRING = {  # what leaks, z or h, and what W_hh meets, g or h; the share that is kept, and what goes into z and h
    "activation": Form(
        met="g",
        z=r"«scale»\, (W_{xh} x_t + W_{hh} g_{t-1} + b_h)",
        h=r"«kept»\, h_{t-1} + «share»\, g_t",
        start="It starts from a given state $h_0$, and $g_0 = h_0$.",
        kept_z="0",
        into_z="«scale»",
        kept_h="«kept»",
        into_h="«share»",
        back="""\
        dh = «kept» * dh + c[t]
        dz = slope[t] * («share» * dh + «scale» * W_hh.T @ dz)
        dW += «scale» * np.outer(dz, before[t])
""",
        confused="That is the gradient for a state that leaks, and for W_hh on the activation g before.",
    ),
    "preactivation": Form(
        met="h",
        z=r"«kept»\, z_{t-1} + «share»\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)",
        h=r"«scale»\, g_t",
        start="It starts from a given state $h_0$, and $z_0 = 0$.",
        kept_z="«kept»",
        into_z="«share»",
        kept_h="0",
        into_h="«scale»",
        back="""\
        dh = «share» * W_hh.T @ dz + c[t]
        dz = «kept» * dz + «scale» * slope[t] * dh
        dW += «share» * np.outer(dz, before[t])
""",
        confused="That is the gradient for a pre-activation z that leaks, and for W_hh on the state h before.",
    ),
    "state": Form(
        met="h",
        z=r"«scale»\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)",
        h=r"«kept»\, h_{t-1} + «share»\, g_t",
        start="It starts from a given state $h_0$.",
        kept_z="0",
        into_z="«scale»",
        kept_h="«kept»",
        into_h="«share»",
        back="""\
        dh = «kept» * dh + «scale» * W_hh.T @ dz + c[t]
        dz = «share» * slope[t] * dh
        dW += «scale» * np.outer(dz, before[t])
""",
        confused="That is the gradient for a state that leaks, and for W_hh on the state h before.",
    ),
}
RIGHT = """\
def leaky_gradient(W_hh, g, h, h0, c):
    ### BEGIN SOLUTION
    before = np.concatenate([h0[None], «wiring.met»[:-1]])
    slope = «phi.slope_of_value»
    dW, dh, dz = np.zeros_like(W_hh), np.zeros_like(h0), np.zeros_like(h0)
    for t in reversed(range(len(h))):
«wiring.back»    return dW
    ### END SOLUTION
"""
FORWARDS = """\
def leaky_gradient(W_hh, g, h, h0, c):
    H, slope, total = len(h0), «phi.slope_of_value», 0.0
    dz, dg, dh = np.zeros((3, H, H, H))  # forwards: of each entry, by each weight
    for t in range(len(h)):
        met = «wiring.met»[t - 1] if t else h0
        dsum = np.tensordot(W_hh, d«wiring.met», 1) + np.eye(H)[:, :, None] * met
        dz = «wiring.kept_z» * dz + «wiring.into_z» * dsum
        dg = slope[t][:, None, None] * dz
        dh = «wiring.kept_h» * dh + «wiring.into_h» * dg
        total = total + np.tensordot(c[t], dh, 1)
    return total
"""
SLOPE, MANY = "slope = «phi.slope_of_value»", ("many steps",)
NO_LEAK = "The leak carries gradient back too, beside the way through W_hh."
OF_STATE = "You took the slope from the state h. It belongs to the activation g."
BY_Z = "You put g into the formula of the slope by z. Express the slope by g = φ(z) first."
LATE = "W_hh meets what the step before has made, not what this step makes."
TURNED = "The outer product is the wrong way round: the rows of W_hh belong to z."
ALONE = "Each step got its own cotangent only. The later losses depend on the earlier states."


class RecurrentGradient(Problem):
    """Drawn: the activation, what leaks and what W_hh meets, the shares and a factor."""

    name = "leaky_gradient"
    parts = (Part("many steps", 4, "T is at least 4"), Part("T = 1", 1, "there is one step only"))
    forms = {"phi": activations("arctan", "arsinh", "softsign", "symlog"), "wiring": WIRING}
    says = {"phi": "«phi.tex»", "z": "«wiring.z»", "h": "«wiring.h»", "start": "«wiring.start»"}
    right = (RIGHT, FORWARDS)
    known = (
        Mistake("no leak", NO_LEAK, kept=0, only=MANY),
        Mistake("no share", "The factor «share» is missing on the way back.", share=1),
        Mistake("no scale", "The factor «scale» is missing on the way back.", scale=1),
        Mistake("tanh", "1 - g² is the slope of tanh, which is not used here.", (SLOPE, "slope = 1 - g ** 2")),
        Mistake("slope of the state", OF_STATE, (SLOPE, "slope = (lambda g: «phi.slope_of_value»)(h)")),
        Mistake("formula by z", BY_Z, (SLOPE, "slope = (lambda z: «phi.slope»)(g)")),
        Mistake("one step late", LATE, ("[h0[None], «wiring.met»[:-1]]", "[«wiring.met»]")),
        Mistake("start forgotten", "At the first step W_hh meets h0, which is not zero.", ("[h0[", "[0 * h0[")),
        Mistake("not transposed", "On the way back W_hh is transposed.", ("W_hh.T", "W_hh"), only=MANY),
        Mistake("outer turned", TURNED, ("np.outer(dz, before[t])", "np.outer(before[t], dz)")),
        Mistake("nothing carried", ALONE, ("W_hh.T", "0 * W_hh.T"), kept=0, only=MANY),
        Mistake("another wiring", "«wiring.other.confused»", wiring="«wiring.other»", only=MANY),
        Mistake("the third wiring", "«wiring.other.other.confused»", wiring="«wiring.other.other»", only=MANY),
    )

    def constants(self, rng, variant):
        share, scale = number(rng, range(200, 440), range(560, 800), per=1000), number(rng, range(600, 900), per=500)
        return {"share": share, "kept": 1 - share, "scale": scale}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        W_hh, inputs, h0 = rng.normal(size=(H, H)) / 2, rng.normal(size=(T, H)) / 2, rng.normal(size=H)
        _, g, h = self._run(variant, W_hh, inputs, h0)
        return W_hh, g, h, h0, rng.normal(size=(T, H))

    def _run(self, variant, W_hh, inputs, h0):
        """The pre-activations, activations and states; inputs are W_xh x + b_h."""
        kept_z, into_z, kept_h, into_h = self._shares(variant)
        z, met, h, steps = 0.0, h0, h0, []
        for u in inputs:
            z = kept_z * z + into_z * (u + W_hh @ met)
            g = variant.phi.exact(z)
            h = kept_h * h + into_h * g
            met = {"g": g, "h": h}[variant.wiring.met]
            steps.append((z, g, h))
        return np.array(steps).swapaxes(0, 1)

    def _shares(self, variant):
        return [variant.number(f"wiring.{name}") for name in ("kept_z", "into_z", "kept_h", "into_h")]

    def oracle(self, variant, W_hh, g, h, h0, c):
        z, met = variant.phi.inverse(g), {"g": g, "h": h}[variant.wiring.met]
        kept, into, *_ = self._shares(variant)
        before, z_before = np.concatenate([h0[None], met[:-1]]), np.concatenate([0 * z[:1], z[:-1]])
        inputs = (z - kept * z_before) / into - before @ W_hh.T
        out = np.empty_like(W_hh)
        for i in np.ndindex(W_hh.shape):  # the complex step, entry by entry
            moved = W_hh.astype(complex)
            moved[i] += 1e-30j
            out[i] = (self._run(variant, moved, inputs, h0)[2] * c).sum().imag / 1e-30
        return out
