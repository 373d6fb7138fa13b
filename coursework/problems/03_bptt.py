"""The graded problems of chapter 3: three families, each drawn by the secret of a course."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coursework.problem import Experiment, Part, Problem, Wrong, edited


class Phi(NamedTuple):
    """An activation g = φ(z): in print and as code; its slope, by z and by g; φ and its inverse as functions."""

    tex: str
    value: str
    slope: str
    slope_by_g: str
    analytic: Callable  # φ for the complex step, which |z| would break
    inverse: Callable


PHI = {
    "arctan": Phi(
        r"\arctan(z)",
        "np.arctan(z)",
        "1 / (1 + z ** 2)",
        "np.cos(g) ** 2",
        np.arctan,
        np.tan,
    ),
    "arsinh": Phi(
        r"\operatorname{arsinh}(z) = \ln\bigl(z + \sqrt{1 + z^2}\bigr)",
        "np.arcsinh(z)",
        "1 / np.sqrt(1 + z ** 2)",
        "1 / np.cosh(g)",
        lambda z: np.log(z + np.sqrt(1 + z * z)),
        np.sinh,
    ),
    "softsign": Phi(
        r"\frac{z}{1 + |z|}",
        "z / (1 + np.abs(z))",
        "1 / (1 + np.abs(z)) ** 2",
        "(1 - np.abs(g)) ** 2",
        lambda z: z / (1 + np.sign(z.real) * z),
        lambda g: g / (1 - np.abs(g)),
    ),
    "symlog": Phi(
        r"\operatorname{sign}(z)\, \ln(1 + |z|)",
        "np.sign(z) * np.log1p(np.abs(z))",
        "1 / (1 + np.abs(z))",
        "np.exp(-np.abs(g))",
        lambda z: np.sign(z.real) * np.log(1 + np.sign(z.real) * z),
        lambda g: np.sign(g) * np.expm1(np.abs(g)),
    ),
}


class Wiring(NamedTuple):
    """What leaks, z or h; what W_hh meets, g or h; the formulas in print, and the way back in code."""

    leaks: str
    met: str
    z: str
    h: str
    start: str
    back: str
    confused: str


BRACKET = r"(W_{xh} x_t + W_{hh} h_{t-1} + b_h)"
WIRING = {
    "activation": Wiring(
        "h",
        "g",
        r"%(scale)s\, " + BRACKET.replace("h_{t-1}", "g_{t-1}"),
        r"%(kept)s\, h_{t-1} + %(share)s\, g_t",
        "It starts from a given state $h_0$, and $g_0 = h_0$.",
        """\
        dh = {kept} * dh + c[t]
        dz = slope[t] * ({share} * dh + {scale} * {W} @ dz)
        dW += {scale} * {outer}
""",
        "That is the gradient for a state that leaks, and for W_hh on the activation g before.",
    ),
    "preactivation": Wiring(
        "z",
        "h",
        r"%(kept)s\, z_{t-1} + %(share)s\, " + BRACKET,
        r"%(scale)s\, g_t",
        "It starts from a given state $h_0$, and $z_0 = 0$.",
        """\
        dh = {share} * {W} @ dz + c[t]
        dz = {kept} * dz + {scale} * slope[t] * dh
        dW += {share} * {outer}
""",
        "That is the gradient for a pre-activation z that leaks, and for W_hh on the state h before.",
    ),
    "state": Wiring(
        "h",
        "h",
        r"%(scale)s\, " + BRACKET,
        r"%(kept)s\, h_{t-1} + %(share)s\, g_t",
        "It starts from a given state $h_0$.",
        """\
        dh = {kept} * dh + {scale} * {W} @ dz + c[t]
        dz = {share} * slope[t] * dh
        dW += {scale} * {outer}
""",
        "That is the gradient for a state that leaks, and for W_hh on the state h before.",
    ),
}


class RecurrentGradient(Problem):
    """Backpropagation through a network in which something leaks."""

    name = "leaky_gradient"
    signature = "leaky_gradient(W_hh, g, h, h0, c)"
    parts = (
        Part("many steps", 3, "T is at least 4"),
        Part("T = 1", 2, "there is one step only"),
    )

    def draw(self, rng):
        return {
            "phi": str(rng.choice(sorted(PHI))),
            "wiring": str(rng.choice(sorted(WIRING))),
            "share": int(rng.choice([*range(200, 440), *range(560, 800)])) / 1000,
            "scale": int(rng.integers(600, 900)) / 500,
        }

    def text(self, variant):
        phi, wiring, numbers = PHI[variant["phi"]], WIRING[variant["wiring"]], self._numbers(variant)
        return {"phi": phi.tex, "z": wiring.z % numbers, "h": wiring.h % numbers, "start": wiring.start}

    def _numbers(self, variant):
        share, scale = variant["share"], variant["scale"]
        return {"share": f"{share:g}", "kept": f"{1 - share:g}", "scale": f"{scale:g}"}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        W_hh, inputs, h0 = rng.normal(size=(H, H)) / 2, rng.normal(size=(T, H)) / 2, rng.normal(size=H)
        _, g, h = self._run(variant, W_hh, inputs, h0)
        return W_hh, g, h, h0, rng.normal(size=(T, H))

    def _run(self, variant, W_hh, inputs, h0):
        """The pre-activations, activations and states; inputs are W_xh x + b_h."""
        phi, wiring = PHI[variant["phi"]].analytic, WIRING[variant["wiring"]]
        (kept_z, into_z), (kept_h, into_h) = self._shares(variant)
        z, met, h, steps = 0.0, h0, h0, []
        for u in inputs:
            z = kept_z * z + into_z * (u + W_hh @ met)
            g = phi(z)
            h = kept_h * h + into_h * g
            met = {"g": g, "h": h}[wiring.met]
            steps.append((z, g, h))
        return np.array(steps).swapaxes(0, 1)

    def _shares(self, variant):
        leak, plain = (1 - variant["share"], variant["share"]), (0.0, variant["scale"])
        return (leak, plain) if WIRING[variant["wiring"]].leaks == "z" else (plain, leak)

    def oracle(self, variant, W_hh, g, h, h0, c):
        z, met = PHI[variant["phi"]].inverse(g), {"g": g, "h": h}[WIRING[variant["wiring"]].met]
        kept, into = self._shares(variant)[0]
        before = np.concatenate([h0[None], met[:-1]])
        inputs = (z - kept * np.concatenate([0 * z[:1], z[:-1]])) / into - before @ W_hh.T
        out = np.empty_like(W_hh)
        for i in np.ndindex(W_hh.shape):  # the complex step, entry by entry
            moved = W_hh.astype(complex)
            moved[i] += 1e-30j
            out[i] = (self._run(variant, moved, inputs, h0)[2] * c).sum().imag / 1e-30
        return out

    def solutions(self, variant):
        met = WIRING[variant["wiring"]].met
        (kept_z, into_z), (kept_h, into_h) = self._shares(variant)
        second = f"""\
def leaky_gradient(W_hh, g, h, h0, c):
    H, slope, total = len(h0), {PHI[variant["phi"]].slope_by_g}, 0.0
    dz, dg, dh = np.zeros((3, H, H, H))  # forwards: of each entry, by each weight
    for t in range(len(h)):
        met = {met}[t - 1] if t else h0
        dz = {kept_z} * dz + {into_z} * (np.tensordot(W_hh, d{met}, 1) + np.eye(H)[:, :, None] * met)
        dg = slope[t][:, None, None] * dz
        dh = {kept_h} * dh + {into_h} * dg
        total = total + np.tensordot(c[t], dh, 1)
    return total
"""
        return [self._back(variant), second]

    def _back(self, variant, **changed):
        """The way back in the drawn wiring, or with something changed."""
        wiring = WIRING[changed.pop("wiring", variant["wiring"])]
        pieces = self._numbers(variant) | {
            "slope": PHI[variant["phi"]].slope_by_g,
            "before": f"[h0[None], {wiring.met}[:-1]]",
            "W": "W_hh.T",
            "outer": "np.outer(dz, before[t])",
        }
        pieces |= {key: value.replace("MET", wiring.met) for key, value in changed.items()}
        return f"""\
def leaky_gradient(W_hh, g, h, h0, c):
    ### BEGIN SOLUTION
    before = np.concatenate({pieces["before"]})
    slope = {pieces["slope"]}
    dW, dh, dz = np.zeros_like(W_hh), np.zeros_like(h0), np.zeros_like(h0)
    for t in reversed(range(len(h))):
{wiring.back.format(**pieces)}    return dW
    ### END SOLUTION
"""

    def wrongs(self, variant):
        both, many, phi, numbers = ("many steps", "T = 1"), ("many steps",), PHI[variant["phi"]], self._numbers(variant)
        found = [
            ("no leak", {"kept": "0"}, "The leak carries gradient back too, beside the way through W_hh.", many),
            ("no share", {"share": "1"}, f"The factor {numbers['share']} is missing on the way back.", both),
            ("no scale", {"scale": "1"}, f"The factor {numbers['scale']} is missing on the way back.", both),
            ("tanh", {"slope": "1 - g ** 2"}, "1 - g² is the slope of tanh, which is not used here.", both),
            (
                "slope of the state",
                {"slope": phi.slope_by_g.replace("g", "h")},
                "You took the slope from the state h. It belongs to the activation g.",
                both,
            ),
            (
                "formula by z",
                {"slope": phi.slope.replace("z", "g")},
                "You put g into the formula of the slope by z. Express the slope by g = φ(z) first.",
                both,
            ),
            (
                "one step late",
                {"before": "[MET]"},
                "W_hh meets what the step before has made, not what this step makes.",
                both,
            ),
            (
                "start forgotten",
                {"before": "[0 * h0[None], MET[:-1]]"},
                "At the first step W_hh meets h0, which is not zero.",
                both,
            ),
            ("not transposed", {"W": "W_hh"}, "On the way back W_hh is transposed.", many),
            (
                "outer turned",
                {"outer": "np.outer(before[t], dz)"},
                "The outer product is the wrong way round: the rows of W_hh belong to z.",
                both,
            ),
            (
                "nothing carried",
                {"kept": "0", "W": "0 * W_hh.T"},
                "Each step got its own cotangent only. The later losses depend on the earlier states.",
                many,
            ),
        ]
        others = [other for other in WIRING if other != variant["wiring"]]
        found += [(f"wiring {other}", {"wiring": other}, WIRING[other].confused, many) for other in others]
        return [Wrong(label, self._back(variant, **change), why, fails) for label, change, why, fails in found]


class Uses(NamedTuple):
    """Which uses of a weight count: in print, as code, as a slice, and a loop that runs too far for k > T."""

    tex: str
    code: str
    part: Callable
    too_far: str
    message: str


USES = {
    "first": Uses(
        "first",
        "t < k",
        lambda k: slice(0, k),
        "reversed(range(max(k, len(x))))",
        "There are only T uses: for a larger k your index runs past the last one.",
    ),
    "last": Uses(
        "last",
        "len(x) - t <= k",
        lambda k: slice(-k, None),
        "reversed(range(len(x) - max(k, len(x)), len(x)))",
        "There are only T uses: for a larger k your index gets negative and counts the last steps again.",
    ),
}
WEIGHTS = {  # what a weight meets at step t; one step off; what is said then
    "u": ("h[t]", "h[t + 1]", "The weight u meets the state before the step: h_{t-1}, not h_t."),
    "w": ("x[t]", "x[t - 1]", "The weight w meets the input of the same step: x_t, not x_{t-1}."),
}


class TruncatedGradient(Problem):
    """The gradient of a last state by a weight of which only some uses are counted."""

    name = "truncated_gradient"
    signature = "truncated_gradient(w, u, x, h0, k)"
    parts = (
        Part("k below T", 3, "2 <= k < T"),
        Part("k at least T", 2, "there are only T uses, and all of them count"),
    )

    def draw(self, rng):
        return {
            "phi": str(rng.choice(sorted(PHI))),
            "uses": str(rng.choice(sorted(USES))),
            "weight": str(rng.choice(sorted(WEIGHTS))),
            "gain": int(rng.integers(550, 850)) / 1000,
            "skip": int(rng.integers(250, 450)) / 1000,
        }

    def text(self, variant):
        numbers = {key: f"{variant[key]:g}" for key in ("gain", "skip")}
        uses = USES[variant["uses"]].tex
        return numbers | {"phi": PHI[variant["phi"]].tex, "uses": uses, "weight": variant["weight"]}

    def case(self, variant, part, rng):
        T = int(rng.integers(5, 8))
        k = int(rng.integers(2, T - 1)) if part == "k below T" else T + int(rng.integers(1, 4))
        w, u, h0 = rng.uniform(0.6, 1.2, size=3)
        return float(w), float(u), rng.normal(size=T), float(h0), k

    def oracle(self, variant, w, u, x, h0, k):
        copies = {"w": np.full(len(x), w + 0j), "u": np.full(len(x), u + 0j)}  # a copy of each weight a step
        copies[variant["weight"]][USES[variant["uses"]].part(k)] += 1e-30j
        h = h0 + 0j
        for value, its_w, its_u in zip(x, copies["w"], copies["u"], strict=True):
            h = variant["gain"] * PHI[variant["phi"]].analytic(its_w * value + its_u * h) + variant["skip"] * h
        return float(h.imag / 1e-30)

    def solutions(self, variant):
        g, d, phi = variant["gain"], variant["skip"], PHI[variant["phi"]]
        counts, met = USES[variant["uses"]].code, WEIGHTS[variant["weight"]][0]
        first = f"""\
def truncated_gradient(w, u, x, h0, k):
    ### BEGIN SOLUTION
    h, slopes = [h0], []
    for value in x:
        z = w * value + u * h[-1]
        slope = {phi.slope}
        slopes.append({g} * slope)
        h.append({g} * {phi.value} + {d} * h[-1])
    total, dh = 0.0, 1.0
    for t in reversed(range(len(x))):
        if {counts}:
            total += dh * slopes[t] * {met}
        dh *= slopes[t] * u + {d}
    return total
    ### END SOLUTION
"""
        second = f"""\
def truncated_gradient(w, u, x, h0, k):
    h, dh, T = h0, 0.0, len(x)
    counted = list(range(T))[{"-k:" if variant["uses"] == "last" else ":k"}]
    for t in range(T):
        z = w * x[t] + u * h
        dz = u * dh + (t in counted) * {met.replace("h[t]", "h")}
        g = {phi.value}
        dh = {g} * ({phi.slope_by_g}) * dz + {d} * dh
        h = {g} * g + {d} * h
    return dh
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, below = self.solutions(variant)[0], ("k below T", "k at least T"), ("k below T",)
        g, d, phi, uses = variant["gain"], variant["skip"], PHI[variant["phi"]], USES[variant["uses"]]
        other_uses = next(USES[other] for other in USES if other != variant["uses"])
        other_weight = next(other for other in WEIGHTS if other != variant["weight"])
        (met, off, message), slope = WEIGHTS[variant["weight"]], f"slope = {phi.slope}"
        counts, carry = f"if {uses.code}:", f"dh *= slopes[t] * u + {d}"
        loop, share = "reversed(range(len(x)))", f"slopes[t] * {met}\n"
        found = [
            ("too many", counts, counts.replace("k", "k + 1"), "You counted one use too many.", below),
            ("too few", counts, counts.replace("k", "k - 1"), "You counted one use too few.", below),
            ("all", counts, "if True:", f"That is the full gradient. Only the {uses.tex} k uses count.", below),
            (
                "other end",
                counts,
                f"if {other_uses.code}:",
                f"You counted the {other_uses.tex} k uses. The {uses.tex} k count.",
                below,
            ),
            ("too far", loop, uses.too_far, uses.message, ("k at least T",)),
            (
                "no skip",
                carry,
                "dh *= slopes[t] * u",
                "The old state also passes beside the activation: that way carries gradient too.",
                both,
            ),
            ("no gain", f"append({g} * slope)", "append(slope)", f"The slope has the factor {g:g} too.", both),
            (
                "tanh",
                slope,
                f"slope = 1 - ({phi.value}) ** 2",
                "One minus the square of the activation is the slope of tanh, which is not used here.",
                both,
            ),
            (
                "slope at the state",
                slope,
                f"slope = {phi.slope.replace('z', 'h[-1]')}",
                "The slope is taken at w x_t + u h_{t-1}, not at the state.",
                both,
            ),
            ("one step off", share, f"slopes[t] * {off}\n", message, both),
            (
                "nothing carried",
                carry,
                "dh *= 1.0",
                "An earlier use acts through all later steps: multiply their derivatives.",
                both,
            ),
            ("w for u", carry, f"dh *= slopes[t] * w + {d}", "From state to state the weight is u, not w.", both),
            (
                "other weight",
                share,
                f"slopes[t] * {WEIGHTS[other_weight][0]}\n",
                f"That is the derivative by {other_weight}. The one by {variant['weight']} is asked for.",
                both,
            ),
        ]
        return [Wrong(label, edited(right, (old, new)), why, fails) for label, old, new, why, fails in found]


class Functional(NamedTuple):
    """What a formula is to give: in print; of the powers s^j; of the powers (s - place)^j; of a polynomial of s."""

    tex: str
    wanted: str
    shifted: str
    exact: Callable
    no_factor: str
    same_exponent: str
    power: tuple[str, str, str]  # what is done to a power; the factor and the exponent that come of it
    careless: str  # a place that is taken without thought, what is said then, and who notices
    elsewhere: str
    notices: tuple[str, ...] = ("three nodes", "five nodes")


FUNCTIONALS = {
    "derivative": Functional(
        r"f'(x + %(place)s\, \varepsilon)",
        "j * {p} ** np.maximum(j - 1, 0) / {e}",
        "wanted[1] = 1 / {e}",
        lambda P, p, e, m: P.deriv()(p) / e,
        "(j > 0) * {p} ** np.maximum(j - 1, 0) / {e}",
        "j * {p} ** j / {e}",
        ("derivative", "factor j", "exponent j - 1"),
        "0",
        "That is the derivative at x, not at the place asked for.",
    ),
    "integral": Functional(
        r"\int_x^{x + %(place)s\, \varepsilon} f(y)\, \mathrm dy",
        "{e} * {p} ** (j + 1) / (j + 1)",
        "wanted[:] = -{e} * (-{p}) ** (j + 1) / (j + 1)",
        lambda P, p, e, m: e * (P.integ()(p) - P.integ()(0.0)),
        "{e} * {p} ** (j + 1)",
        "{e} * {p} ** j / (j + 1)",
        ("integral", "divisor j + 1", "exponent j + 1"),
        "1",
        "That is the integral over a whole step, not up to the place asked for.",
    ),
    "mixture": Functional(
        r"f'(x + %(place)s\, \varepsilon) + %(mixed)s\, f(x + %(place)s\, \varepsilon)",
        "j * {p} ** np.maximum(j - 1, 0) / {e} + {m} * {p} ** j",
        "wanted[:2] = {m}, 1 / {e}",
        lambda P, p, e, m: P.deriv()(p) / e + m * P(p),
        "(j > 0) * {p} ** np.maximum(j - 1, 0) / {e} + {m} * {p} ** j",
        "j * {p} ** j / {e} + {m} * {p} ** j",
        ("derivative", "factor j", "exponent j - 1"),
        "0",
        "That is what is asked for at x, not at the place asked for.",
    ),
    "second derivative": Functional(
        r"f''(x + %(place)s\, \varepsilon)",
        "j * (j - 1) * {p} ** np.maximum(j - 2, 0) / {e} ** 2",
        "wanted[2] = 2 / {e} ** 2",
        lambda P, p, e, m: P.deriv(2)(p) / e**2,
        "(j > 1) * {p} ** np.maximum(j - 2, 0) / {e} ** 2",
        "j * (j - 1) * {p} ** j / {e} ** 2",
        ("second derivative", "factor j (j - 1)", "exponent j - 2"),
        "0",
        "That is the second derivative at x, not at the place asked for.",
        ("five nodes",),  # of a parabola it is the same everywhere
    ),
}
CONFUSED = {
    "value": "{p} ** j",
    "derivative": FUNCTIONALS["derivative"].wanted,
    "second derivative": FUNCTIONALS["second derivative"].wanted,
    "integral": FUNCTIONALS["integral"].wanted,
}


class Stencil(Problem):
    """The weights of a formula for a derivative or an integral at a place between the nodes."""

    name = "stencil"
    signature = "stencil(nodes)"
    parts = (
        Part("three nodes", 2, "nodes has shape (3,)"),
        Part("five nodes", 3, "nodes has shape (5,)"),
    )

    def draw(self, rng):
        return {
            "functional": str(rng.choice(sorted(FUNCTIONALS))),
            "place": int(rng.choice([*range(520, 690), *range(720, 820)])) / 1000,  # 2 place² is never 1
            "step": int(rng.integers(2400, 4800)) / 10000,
            "mixed": int(rng.integers(1200, 2800)) / 1000,
        }

    def text(self, variant):
        numbers = {key: f"{variant[key]:g}" for key in ("place", "step", "mixed")}
        return {"step": numbers["step"], "wanted": FUNCTIONALS[variant["functional"]].tex % numbers}

    def case(self, variant, part, rng):
        n = 3 if part == "three nodes" else 5
        return (np.arange(n) - n // 2 + rng.uniform(-0.3, 0.3, size=n),)

    def oracle(self, variant, nodes):
        weights = []
        for i, own in enumerate(nodes):  # what is wanted of each Lagrange polynomial
            others = np.delete(nodes, i)
            lagrange = np.poly1d(np.poly(others) / np.prod(own - others))
            exact = FUNCTIONALS[variant["functional"]].exact
            weights.append(exact(lagrange, variant["place"], variant["step"], variant["mixed"]))
        return np.array(weights)

    def _filled(self, variant, code, **changed):
        return code.format(**{"p": variant["place"], "e": variant["step"], "m": variant["mixed"]} | changed)

    def solutions(self, variant):
        functional = FUNCTIONALS[variant["functional"]]
        first = f"""\
def stencil(nodes):
    ### BEGIN SOLUTION
    j = np.arange(len(nodes))
    powers = nodes[None, :] ** j[:, None]
    wanted = {self._filled(variant, functional.wanted)}
    return np.linalg.solve(powers, wanted)
    ### END SOLUTION
"""
        second = f"""\
def stencil(nodes):
    j, wanted = np.arange(len(nodes)), np.zeros(len(nodes))
    {self._filled(variant, functional.shifted)}
    inverse = np.linalg.inv(np.vander(nodes - {variant["place"]}, increasing=True).astype(float))
    return [float(sum(column * wanted)) for column in inverse.T]
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("three nodes", "five nodes")
        functional, step = FUNCTIONALS[variant["functional"]], variant["step"]
        done, factor, exponent = functional.power
        found = [
            ("no step", functional.wanted, {"e": "1"}, "The nodes are counted in steps: the step's length is missing."),
            (
                "step turned",
                functional.wanted,
                {"e": f"(1 / {step})"},
                "The length of a step is on the wrong side: do you multiply by it, or divide?",
            ),
            ("no factor", functional.no_factor, {}, f"The {done} of sʲ has the {factor}."),
            ("same exponent", functional.same_exponent, {}, f"The {done} of sʲ has the {exponent}."),
            ("elsewhere", functional.wanted, {"p": functional.careless}, functional.elsewhere),
        ]
        confused = [other for other in CONFUSED if other != variant["functional"]][:3]
        found += [
            (other, CONFUSED[other], {}, f"Your weights give the {other}, which is not what is asked for.")
            for other in confused
        ]
        wanted = self._filled(variant, functional.wanted)
        return [
            Wrong(
                label,
                edited(right, (f"wanted = {wanted}", f"wanted = {self._filled(variant, code, **changed)}")),
                message,
                functional.notices if label == "elsewhere" else both,
            )
            for label, code, changed, message in found
        ] + [
            Wrong(
                "transposed",
                edited(right, ("nodes[None, :] ** j[:, None]", "nodes[:, None] ** j[None, :]")),
                "The matrix is transposed: a row for each power, a column for each node.",
                both,
            ),
            Wrong("sign", edited(right, ("return np", "return -np")), "The sign is wrong.", both),
        ]


class Truncation(Experiment):
    """How large is the error of a gradient that is cut?"""

    name = "truncation"
    points = 6

    def draw(self, rng):
        return {
            "T": int(rng.integers(30, 50)),
            "small": int(rng.integers(30, 50)) / 100,
            "large": int(rng.integers(90, 130)) / 100,
        }

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}


PROBLEMS = [RecurrentGradient(), TruncatedGradient(), Stencil()]
EXPERIMENT = Truncation()
