"""The graded problems of chapter 3: three families, each drawn by the secret of a course."""

import numpy as np
from seqlib.coursework.problem import Experiment, Part, Problem, Wrong, edited


class RecurrentGradient(Problem):
    """Backpropagation through a network that keeps a share of its state."""

    name = "leaky_gradient"
    signature = "leaky_gradient(W_hh, g, h, h0, c)"
    parts = (
        Part("many steps", 3, "T is at least 4"),
        Part("T = 1", 2, "there is one step only"),
    )

    def draw(self, rng):
        share = int(rng.choice([*range(200, 440), *range(560, 800)])) / 1000
        return {"share": share, "scale": int(rng.integers(600, 900)) / 500}

    def text(self, variant):
        return {"share": f"{variant['share']:g}", "kept": f"{1 - variant['share']:g}", "scale": f"{variant['scale']:g}"}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        W_hh, inputs, h0 = rng.normal(size=(H, H)) / 2, rng.normal(size=(T, H)) / 2, rng.normal(size=H)
        g, h = self._run(variant, W_hh, inputs, h0)
        return W_hh, g, h, h0, rng.normal(size=(T, H))

    def _run(self, variant, W_hh, inputs, h0):
        states, activations, state = [], [], h0
        for u in inputs:
            activations.append(np.tanh(variant["scale"] * (u + W_hh @ state)))
            state = (1 - variant["share"]) * state + variant["share"] * activations[-1]
            states.append(state)
        return np.array(activations), np.array(states)

    def oracle(self, variant, W_hh, g, h, h0, c):
        before = np.concatenate([h0[None], h[:-1]])
        inputs = np.arctanh(g) / variant["scale"] - before @ W_hh.T
        out = np.empty_like(W_hh)
        for i in np.ndindex(W_hh.shape):  # the complex step, entry by entry
            moved = W_hh.astype(complex)
            moved[i] += 1e-30j
            out[i] = (self._run(variant, moved, inputs, h0)[1] * c).sum().imag / 1e-30
        return out

    def solutions(self, variant):
        a, s = variant["share"], variant["scale"]
        first = f"""\
def leaky_gradient(W_hh, g, h, h0, c):
    ### BEGIN SOLUTION
    before = np.concatenate([h0[None], h[:-1]])
    dW, dh = np.zeros_like(W_hh), np.zeros_like(h0)
    for t in reversed(range(len(h))):
        dh = dh + c[t]
        dz = {a} * {s} * (1 - g[t] ** 2) * dh
        dW += np.outer(dz, before[t])
        dh = (1 - {a}) * dh + W_hh.T @ dz
    return dW
    ### END SOLUTION
"""
        second = f"""\
def leaky_gradient(W_hh, g, h, h0, c):
    T, H = h.shape
    slopes = [np.diag({a} * {s} * (1 - row * row)) for row in g]
    step = [(1 - {a}) * np.eye(H) + D @ W_hh for D in slopes]
    total = np.zeros((H, H))
    for t in range(T):
        row = c[t]
        for k in range(t, -1, -1):
            total = total + (row @ slopes[k])[:, None] * (h[k - 1] if k else h0)[None, :]
            row = row @ step[k]
    return total
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, many = self.solutions(variant)[0], ("many steps", "T = 1"), ("many steps",)
        a, s = variant["share"], variant["scale"]
        dz, carry = f"dz = {a} * {s} * (1 - g[t] ** 2) * dh", f"dh = (1 - {a}) * dh + W_hh.T @ dz"
        return [
            Wrong(
                "leak forgotten",
                edited(right, (carry, "dh = W_hh.T @ dz")),
                "The kept share of the state carries gradient back too.",
                many,
            ),
            Wrong(
                "share forgotten",
                edited(right, (dz, f"dz = {s} * (1 - g[t] ** 2) * dh")),
                "The new state enters with a share: it is a factor of the slope.",
                both,
            ),
            Wrong(
                "scale forgotten",
                edited(right, (dz, f"dz = {a} * (1 - g[t] ** 2) * dh")),
                "The factor inside the tanh is missing from the slope.",
                both,
            ),
            Wrong(
                "slope of the state",
                edited(right, ("(1 - g[t] ** 2)", "(1 - h[t] ** 2)")),
                "The slope is 1 - g², with the tanh itself. The state h is a mixture.",
                both,
            ),
            Wrong(
                "not squared",
                edited(right, ("(1 - g[t] ** 2)", "(1 - g[t])")),
                "The slope of tanh is 1 - g², with a square.",
                both,
            ),
            Wrong(
                "one state late",
                edited(right, ("before[t]", "h[t]")),
                "W_hh meets the state before the step: h_{t-1}, not h_t.",
                both,
            ),
            Wrong(
                "first state forgotten",
                edited(right, ("[h0[None], h[:-1]]", "[0 * h0[None], h[:-1]]")),
                "At the first step the state before is h0, which is not zero.",
                both,
            ),
            Wrong(
                "not transposed",
                edited(right, ("W_hh.T @ dz", "W_hh @ dz")),
                "On the way back W_hh is transposed.",
                many,
            ),
            Wrong(
                "outer turned",
                edited(right, ("np.outer(dz, before[t])", "np.outer(before[t], dz)")),
                "The outer product is the wrong way round: the rows of W_hh belong to z.",
                both,
            ),
            Wrong(
                "nothing carried",
                edited(right, (carry, "dh = 0 * dh")),
                "Each step got its own cotangent only. The later losses depend on the earlier states.",
                many,
            ),
        ]


class TruncatedGradient(Problem):
    """The gradient of a last state by a weight of which only the last uses are counted."""

    name = "truncated_gradient"
    signature = "truncated_gradient(w, u, x, h0, k)"
    parts = (
        Part("k below T", 3, "2 <= k < T"),
        Part("k at least T", 2, "there are only T uses, and all of them count"),
    )

    def draw(self, rng):
        return {"gain": int(rng.integers(550, 850)) / 1000, "skip": int(rng.integers(250, 450)) / 1000}

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}

    def case(self, variant, part, rng):
        T = int(rng.integers(5, 8))
        k = int(rng.integers(2, T - 1)) if part == "k below T" else T + int(rng.integers(1, 4))
        w, u, h0 = rng.uniform(0.6, 1.2, size=3)
        return float(w), float(u), rng.normal(size=T), float(h0), k

    def oracle(self, variant, w, u, x, h0, k):
        h = h0 + 0j
        for t, value in enumerate(x):
            weight = u + 1e-30j if t >= len(x) - k else u
            h = variant["gain"] * np.tanh(w * value + weight * h) + variant["skip"] * h
        return float(h.imag / 1e-30)

    def solutions(self, variant):
        g, d = variant["gain"], variant["skip"]
        first = f"""\
def truncated_gradient(w, u, x, h0, k):
    ### BEGIN SOLUTION
    h = [h0]
    slopes = []
    for value in x:
        a = np.tanh(w * value + u * h[-1])
        h.append({g} * a + {d} * h[-1])
        slopes.append({g} * (1 - a ** 2))
    total, dh = 0.0, 1.0
    for t in range(len(x) - 1, max(-1, len(x) - 1 - k), -1):
        total += dh * slopes[t] * h[t]
        dh *= slopes[t] * u + {d}
    return total
    ### END SOLUTION
"""
        second = f"""\
def truncated_gradient(w, u, x, h0, k):
    h, dh, T = h0, 0.0, len(x)
    for t in range(T):
        a = np.tanh(w * x[t] + u * h)
        slope = {g} * (1 - a * a)
        dh = dh * (u * slope + {d}) + (slope * h if T - t <= k else 0.0)
        h = {g} * a + {d} * h
    return dh
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, below = self.solutions(variant)[0], ("k below T", "k at least T"), ("k below T",)
        g, d = variant["gain"], variant["skip"]
        loop, carry = "range(len(x) - 1, max(-1, len(x) - 1 - k), -1)", f"dh *= slopes[t] * u + {d}"
        return [
            Wrong(
                "one use too many",
                edited(right, (loop, "range(len(x) - 1, max(-1, len(x) - 2 - k), -1)")),
                "You counted one use too many.",
                below,
            ),
            Wrong(
                "one use too few",
                edited(right, (loop, "range(len(x) - 1, max(-1, len(x) - k), -1)")),
                "You counted one use too few.",
                below,
            ),
            Wrong(
                "full gradient",
                edited(right, (loop, "range(len(x) - 1, -1, -1)")),
                "That is the full gradient. Only the last k uses count.",
                below,
            ),
            Wrong(
                "before the beginning",
                edited(right, (loop, "range(len(x) - 1, len(x) - 1 - k, -1)")),
                "There are only T uses: for a larger k your index gets negative and counts the last steps again.",
                ("k at least T",),
            ),
            Wrong(
                "skip forgotten",
                edited(right, (carry, "dh *= slopes[t] * u")),
                "The old state also passes beside the tanh: that way carries gradient too.",
                both,
            ),
            Wrong(
                "gain forgotten",
                edited(right, (f"slopes.append({g} * (1 - a ** 2))", "slopes.append(1 - a ** 2)")),
                "The factor before the tanh is missing from the slope.",
                both,
            ),
            Wrong(
                "slope of the state",
                edited(right, ("(1 - a ** 2)", "(1 - h[-1] ** 2)")),
                "The slope is 1 - tanh², with the tanh and not with the state.",
                both,
            ),
            Wrong(
                "one state late",
                edited(right, ("slopes[t] * h[t]\n", "slopes[t] * h[t + 1]\n")),
                "The weight meets the state before the step.",
                both,
            ),
            Wrong(
                "nothing carried",
                edited(right, (carry, "dh *= 1.0")),
                "An earlier use acts through all later steps: multiply their derivatives.",
                both,
            ),
            Wrong(
                "w for u",
                edited(right, (carry, f"dh *= slopes[t] * w + {d}")),
                "From state to state the weight is u, not w.",
                both,
            ),
        ]


class Stencil(Problem):
    """The weights of a formula for a derivative at a place between the nodes."""

    name = "stencil"
    signature = "stencil(nodes)"
    parts = (
        Part("three nodes", 2, "nodes has shape (3,)"),
        Part("five nodes", 3, "nodes has shape (5,)"),
    )

    def draw(self, rng):
        return {"place": int(rng.integers(520, 820)) / 1000, "step": int(rng.integers(120, 480)) / 1000}

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}

    def case(self, variant, part, rng):
        n = 3 if part == "three nodes" else 5
        return (np.arange(n) - n // 2 + rng.uniform(-0.3, 0.3, size=n),)

    def oracle(self, variant, nodes):
        weights = []
        for i, own in enumerate(nodes):  # the derivative of each Lagrange polynomial
            others = np.delete(nodes, i)
            weights.append(np.poly1d(np.poly(others) / np.prod(own - others)).deriv()(variant["place"]))
        return np.array(weights) / variant["step"]

    def solutions(self, variant):
        p, e = variant["place"], variant["step"]
        first = f"""\
def stencil(nodes):
    ### BEGIN SOLUTION
    j = np.arange(len(nodes))
    powers = nodes[None, :] ** j[:, None]
    wanted = j * {p} ** np.maximum(j - 1, 0) / {e}
    return np.linalg.solve(powers, wanted)
    ### END SOLUTION
"""
        second = f"""\
def stencil(nodes):
    weights = []
    for i in range(len(nodes)):
        total = 0.0
        for k in range(len(nodes)):
            if k != i:
                term = 1 / (nodes[i] - nodes[k])
                for m in range(len(nodes)):
                    if m not in (i, k):
                        term *= ({p} - nodes[m]) / (nodes[i] - nodes[m])
                total += term
        weights.append(total / {e})
    return weights
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("three nodes", "five nodes")
        p, e = variant["place"], variant["step"]
        wanted = f"wanted = j * {p} ** np.maximum(j - 1, 0) / {e}"
        return [
            Wrong(
                "at the origin",
                edited(right, (wanted, f"wanted = (j == 1) / {e}")),
                "That is the derivative at x, not at the place asked for.",
                both,
            ),
            Wrong(
                "value",
                edited(right, (wanted, f"wanted = {p} ** j")),
                "Your weights give the value there, not the derivative.",
                both,
            ),
            Wrong(
                "second derivative",
                edited(right, (wanted, f"wanted = j * (j - 1) * {p} ** np.maximum(j - 2, 0) / {e} ** 2")),
                "Your weights give the second derivative.",
                both,
            ),
            Wrong(
                "factor forgotten",
                edited(right, (wanted, f"wanted = (j > 0) * {p} ** np.maximum(j - 1, 0) / {e}")),
                "The derivative of sʲ has a factor j.",
                both,
            ),
            Wrong(
                "exponent kept",
                edited(right, (wanted, f"wanted = j * {p} ** j / {e}")),
                "The derivative of sʲ has the exponent j - 1.",
                both,
            ),
            Wrong(
                "step forgotten",
                edited(right, (f" / {e}", "")),
                "The nodes are counted in steps, the derivative is by x: the length of a step is missing.",
                both,
            ),
            Wrong(
                "step multiplied",
                edited(right, (f" / {e}", f" * {e}")),
                "Divide by the length of a step: the shorter it is, the larger the weights.",
                both,
            ),
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
